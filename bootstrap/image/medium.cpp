// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/medium.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/host_descriptor.h"

namespace assay::image {
namespace {

constexpr std::size_t kCopyBytes = 1U << 16U;

class MemoryMedium final : public Medium {
 public:
  explicit MemoryMedium(Bytes bytes) : bytes_(std::move(bytes)) {}

  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  [[nodiscard]] Result<std::size_t> read_some(std::uint64_t offset, std::span<Byte> to) const override {
    if (offset >= bytes_.size()) return std::size_t{0};
    const std::size_t count = std::min<std::uint64_t>(to.size(), bytes_.size() - offset);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), count, to.begin());
    return count;
  }
  [[nodiscard]] std::optional<Extent> next_data(std::uint64_t offset) const override {
    if (offset >= bytes_.size()) return std::nullopt;
    return Extent{offset, bytes_.size()};
  }

 private:
  Bytes bytes_;
};

class FileMedium final : public Medium {
 public:
  FileMedium(HostDescriptor descriptor, std::string name, std::uint64_t size)
      : descriptor_(std::move(descriptor)), name_(std::move(name)), size_(size) {}

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Result<std::size_t> read_some(std::uint64_t offset, std::span<Byte> to) const override {
    if (offset >= size_) return std::size_t{0};
    const std::size_t wanted = std::min<std::uint64_t>(to.size(), size_ - offset);
    std::size_t done = 0;
    while (done < wanted) {
      const ssize_t got =
          ::pread(descriptor_.number(), to.data() + done, wanted - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) {
        return fail("medium-unreadable",
                    fmt::format("'{}' at byte {}: {}", name_, offset + done, std::strerror(errno)));
      }
      if (got == 0) break;  // somebody cut it meanwhile
      done += static_cast<std::size_t>(got);
    }
    return done;
  }
  [[nodiscard]] std::optional<Extent> next_data(std::uint64_t offset) const override {
    if (offset >= size_) return std::nullopt;
    const off_t begin = ::lseek(descriptor_.number(), static_cast<off_t>(offset), SEEK_DATA);
    if (begin < 0) return errno == ENXIO ? std::nullopt : std::optional(Extent{offset, size_});
    const off_t end = ::lseek(descriptor_.number(), begin, SEEK_HOLE);
    if (static_cast<std::uint64_t>(begin) >= size_) return std::nullopt;
    return Extent{static_cast<std::uint64_t>(begin),
                  end <= begin ? size_ : std::min<std::uint64_t>(static_cast<std::uint64_t>(end), size_)};
  }

 private:
  HostDescriptor descriptor_;
  std::string name_;
  std::uint64_t size_;
};

Result<std::shared_ptr<const Medium>> read_pipe(const HostDescriptor& descriptor, const std::string& name) {
  Bytes bytes;
  while (true) {
    const std::size_t before = bytes.size();
    if (before >= kMaxPipedBytes) {
      return fail("image-too-large",
                  fmt::format("'{}' brings more than {} bytes through a pipe", name, kMaxPipedBytes));
    }
    bytes.resize(before + kCopyBytes);
    ssize_t got = 0;
    do {
      got = ::read(descriptor.number(), bytes.data() + before, kCopyBytes);
    } while (got < 0 && errno == EINTR);
    if (got < 0) return fail("image-unreadable", fmt::format("'{}': {}", name, std::strerror(errno)));
    bytes.resize(before + static_cast<std::size_t>(got));
    if (got == 0) return memory_medium(std::move(bytes));
  }
}

}  // namespace

Result<Bytes> Medium::read(std::uint64_t offset, std::uint64_t count) const {
  if (offset > size() || count > size() - offset) {
    return fail("medium-too-short",
                fmt::format("bytes {} to {} of a medium of {}", offset, offset + count, size()));
  }
  Bytes bytes(count);
  const Result<std::size_t> got = read_some(offset, bytes);
  if (!got) return tl::unexpected(got.error());
  if (*got != count) return fail("medium-too-short", fmt::format("the medium ends at {}", offset + *got));
  return bytes;
}

Result<std::shared_ptr<const Medium>> open_medium(const std::string& path) {
  const bool standard_input = path == "-";
  HostDescriptor descriptor(standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const std::string name = standard_input ? "standard input" : path;
  if (descriptor.number() < 0) {
    return fail(errno == ENOENT || errno == ENOTDIR ? "image-not-found" : "image-unreadable",
                fmt::format("'{}': {}", name, std::strerror(errno)));
  }
  struct stat status = {};
  if (::fstat(descriptor.number(), &status) != 0)
    return fail("image-unreadable", fmt::format("'{}': {}", name, std::strerror(errno)));
  if (S_ISDIR(status.st_mode)) return fail("image-unreadable", fmt::format("'{}' is a directory", name));
  if (S_ISREG(status.st_mode) || S_ISBLK(status.st_mode)) {
    const off_t end = ::lseek(descriptor.number(), 0, SEEK_END);
    if (end < 0) return fail("image-unreadable", fmt::format("'{}': {}", name, std::strerror(errno)));
    return std::make_shared<FileMedium>(std::move(descriptor), name, static_cast<std::uint64_t>(end));
  }
  return read_pipe(descriptor, name);
}

std::shared_ptr<const Medium> memory_medium(Bytes bytes) {
  return std::make_shared<MemoryMedium>(std::move(bytes));
}

std::optional<Byte> MediumReader::next() {
  if (offset_ < window_begin_ || offset_ - window_begin_ >= window_.size()) {
    window_.resize(kWindowBytes);
    const Result<std::size_t> got = medium_.read_some(offset_, window_);
    window_.resize(got ? *got : 0);
    window_begin_ = offset_;
    if (window_.empty()) return std::nullopt;
  }
  return window_[offset_++ - window_begin_];
}

Result<bool> all_zero(const Medium& medium, Extent extent) {
  Bytes window(kCopyBytes);
  std::uint64_t at = extent.begin;
  while (at < extent.end) {
    const std::optional<Extent> data = medium.next_data(at);
    if (!data || data->begin >= extent.end) return true;
    const std::uint64_t end = std::min(data->end, extent.end);
    for (at = data->begin; at < end;) {
      const std::size_t wanted = std::min<std::uint64_t>(window.size(), end - at);
      const Result<std::size_t> got = medium.read_some(at, std::span(window).first(wanted));
      if (!got) return tl::unexpected(got.error());
      if (*got == 0) return true;
      const std::span<const Byte> part = std::span(window).first(*got);
      if (std::any_of(part.begin(), part.end(), [](Byte byte) { return byte != 0; })) return false;
      at += *got;
    }
  }
  return true;
}

}  // namespace assay::image
