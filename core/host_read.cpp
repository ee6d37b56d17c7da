// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/host_read.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/host_descriptor.h"

namespace assay {
namespace {

constexpr std::size_t kReadPiece = std::size_t{1} << 20;

std::string errno_text(std::string_view what, const std::string& path) {
  return fmt::format("{} '{}': {}", what, path, std::strerror(errno));
}

bool same_moment(const struct stat& one, const struct stat& other) {
  return one.st_size == other.st_size && one.st_mtim.tv_sec == other.st_mtim.tv_sec &&
         one.st_mtim.tv_nsec == other.st_mtim.tv_nsec;
}

tl::unexpected<Error> too_large(const std::string& path, std::uint64_t most) {
  return fail("file-too-large", fmt::format("'{}' has more than {} bytes", path, most));
}

Result<Bytes> read_open(int descriptor, const std::string& path, std::uint64_t most) {
  struct stat before {};
  const bool plain = ::fstat(descriptor, &before) == 0 && S_ISREG(before.st_mode);
  if (plain && static_cast<std::uint64_t>(before.st_size) > most) return too_large(path, most);
  Bytes bytes;
  if (plain) bytes.reserve(static_cast<std::size_t>(before.st_size) + 1);
  std::size_t used = 0;
  while (true) {
    if (bytes.capacity() < used + 1) bytes.reserve(used + std::max(kReadPiece, used / 2));
    bytes.resize(bytes.capacity());
    const ssize_t got = ::read(descriptor, bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail("file-unreadable", errno_text("cannot read", path));
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
    if (used > most) return too_large(path, most);
  }
  bytes.resize(used);
  struct stat after {};
  // Files of /proc have no size.
  const bool sized = plain && before.st_size != 0;
  if (sized && (::fstat(descriptor, &after) != 0 || !same_moment(before, after) ||
                used != static_cast<std::uint64_t>(before.st_size)))
    return fail("file-changed", fmt::format("'{}' changed while it was read", path));
  return bytes;
}

tl::unexpected<Error> cannot_open(const std::string& path) {
  return fail(errno == ENOENT ? "file-not-found" : "file-unreadable", errno_text("cannot open", path));
}

}  // namespace

Result<Bytes> read_host_file(const std::string& path, std::uint64_t most) {
  const HostDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return cannot_open(path);
  return read_open(file.number(), path, most);
}

Result<Bytes> read_plain_file(const std::string& path, std::uint64_t most) {
  const HostDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  if (file.number() < 0) return cannot_open(path);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
    return fail("file-unreadable", fmt::format("'{}' is not a plain file", path));
  return read_open(file.number(), path, most);
}

}  // namespace assay
