// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace assay {
namespace {

constexpr int kMostLinks = 40;
constexpr int kMostNames = 100;  // tries at a name that nobody has
constexpr std::size_t kZeros = std::size_t{1} << 16;

bool same_file(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/// The standard output or error of this program, if `status` is one of them; else -1.
int standard_stream(const struct stat& status) {
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat own {};
    if (::fstat(stream, &own) == 0 && same_file(own, status)) return stream;
  }
  return -1;
}

/// The path behind links, the last of which may lead nowhere. Nothing (and errno) if there is no end.
std::string followed(const std::string& path) {
  std::filesystem::path at = path;
  for (int links = 0; links < kMostLinks; ++links) {
    std::error_code none;
    const std::filesystem::path target = std::filesystem::read_symlink(at, none);
    if (none) return at.string();
    at = at.parent_path() / target;
  }
  errno = ELOOP;
  return "";
}

std::string directory_of(const std::string& path) {
  const std::string directory = std::filesystem::path(path).parent_path().string();
  return directory.empty() ? "." : directory;
}

std::string descriptor_path(int number) { return fmt::format("/proc/self/fd/{}", number); }

tl::unexpected<Error> unwritable(const std::string& path) {
  return fail("file-unwritable", fmt::format("cannot create '{}': {}", path, std::strerror(errno)));
}

}  // namespace

Result<OutputFile> OutputFile::create(const std::string& path, OutputOptions options) {
  OutputFile file(path, options);
  if (path == "-") {
    if (!file.open_standard_output()) return unwritable("standard output");
    return file;
  }
  if (options.replaces) {
    if (!file.open_new()) return unwritable(path);
    return file;
  }
  struct stat status {};
  const bool there = ::stat(path.c_str(), &status) == 0;
  struct stat target {};
  file.path_ = followed(path);
  if (file.path_.empty()) return unwritable(path);
  // What a link of /proc leads to may have no name, or another one.
  const bool named = !there || (::lstat(file.path_.c_str(), &target) == 0 && same_file(status, target));
  file.through_ = there && (!named || !S_ISREG(status.st_mode) || standard_stream(status) >= 0);
  if (file.through_) file.path_ = path;
  if (!(file.through_ ? file.open_through() : file.open_new())) return unwritable(path);
  return file;
}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

bool OutputFile::open_through() {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) return false;
  const int stream = standard_stream(status);
  if (stream >= 0) std::fflush(stream == STDOUT_FILENO ? stdout : stderr);
  const int truncates = S_ISREG(status.st_mode) ? O_TRUNC : 0;
  file_ = HostDescriptor(stream >= 0 ? ::fcntl(stream, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
                                     : ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | truncates));
  return file_.number() >= 0;
}

bool OutputFile::open_standard_output() {
  path_ = "standard output";
  through_ = true;
  standard_output_ = true;
  std::fflush(stdout);
  file_ = HostDescriptor(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  return file_.number() >= 0;
}

bool OutputFile::open_new() {
  const std::string directory = directory_of(path_);
  // A name can be given later by /proc only.
  if (::access("/proc/self/fd", X_OK) == 0) {
    file_ = HostDescriptor(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file_.number() >= 0) return true;
  }
  held_.hold();
  std::string name = path_ + ".XXXXXX";
  file_ = HostDescriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (file_.number() < 0) return false;
  temporary_ = std::move(name);
  return true;
}

bool OutputFile::seeks() const { return ::lseek(file_.number(), 0, SEEK_CUR) >= 0; }

std::string OutputFile::open_path() const {
  if (!temporary_.empty()) return temporary_;
  return through_ && !standard_output_ ? path_ : descriptor_path(file_.number());
}

void OutputFile::write(ByteView bytes) {
  while (!bytes.empty() && error_ == 0) {
    const ssize_t done = ::write(file_.number(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) {
      error_ = done < 0 ? errno : ENOSPC;
      return;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(done));
    size_ += static_cast<std::uint64_t>(done);
  }
}

void OutputFile::extend_to(std::uint64_t size) {
  if (size <= size_ || error_ != 0) return;
  if (!through_) {
    if (::ftruncate(file_.number(), static_cast<off_t>(size)) != 0) error_ = errno;
    if (::lseek(file_.number(), 0, SEEK_END) < 0 && error_ == 0) error_ = errno;
    size_ = size;
    return;
  }
  static constexpr std::array<Byte, kZeros> kNothing{};
  while (size_ < size && error_ == 0)
    write(ByteView(kNothing).first(std::min<std::uint64_t>(kZeros, size - size_)));
}

/// Gives a file without a name one; 0 or errno.
int OutputFile::give_name() {
  const std::string from = descriptor_path(file_.number());
  const auto link = [&](const std::string& to) {
    return ::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) == 0;
  };
  if (link(path_)) return 0;
  if (errno != EEXIST) return errno;
  // A link cannot take an old file's place: a rename can, and nothing may come between the two.
  held_.hold();
  for (int attempt = 0; attempt < kMostNames; ++attempt) {
    std::string name = fmt::format("{}.{:x}{:02x}", path_, ::getpid(), attempt);
    if (link(name)) {
      temporary_ = std::move(name);
      return 0;
    }
    if (errno != EEXIST) break;
  }
  return errno;
}

Result<void> OutputFile::commit() {
  if (!through_) {
    if (error_ == 0 && ::fchmod(file_.number(), options_.mode) != 0) error_ = errno;
    if (error_ == 0 && temporary_.empty()) error_ = give_name();
    if (error_ == 0 && !temporary_.empty()) {
      if (::rename(temporary_.c_str(), path_.c_str()) == 0) {
        temporary_.clear();
      } else {
        error_ = errno;
      }
    }
  }
  if (file_.close() != 0 && error_ == 0) error_ = errno;
  if (!temporary_.empty()) ::unlink(std::exchange(temporary_, {}).c_str());
  held_.release();
  if (error_ == 0) return {};
  return fail("write-failed", fmt::format("cannot write '{}': {}", path_, std::strerror(error_)));
}

}  // namespace assay
