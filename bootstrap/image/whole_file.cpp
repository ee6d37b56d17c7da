// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/whole_file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace assay::image {

Result<WholeFile> WholeFile::create(std::string path) {
  WholeFile file;
  file.temporary_ = path + ".XXXXXX";
  file.path_ = std::move(path);
  file.descriptor_ = ::mkstemp(file.temporary_.data());
  if (file.descriptor_ < 0)
    return fail("file-unwritable", fmt::format("'{}': {}", file.path_, std::strerror(errno)));
  return file;
}

WholeFile::WholeFile(WholeFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      error_(other.error_),
      size_(other.size_) {}

WholeFile::~WholeFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void WholeFile::write(ByteView bytes) {
  while (!bytes.empty() && error_ == 0) {
    const ssize_t done = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) {
      error_ = done < 0 ? errno : ENOSPC;
      return;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(done));
    size_ += static_cast<std::uint64_t>(done);
  }
}

void WholeFile::extend_to(std::uint64_t size) {
  if (size <= size_ || error_ != 0) return;
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) error_ = errno;
  size_ = size;
}

Result<void> WholeFile::commit() {
  if (error_ == 0 && ::fchmod(descriptor_, 0644) != 0) error_ = errno;
  if (error_ == 0 && ::close(std::exchange(descriptor_, -1)) != 0) error_ = errno;
  if (error_ == 0 && ::rename(temporary_.c_str(), path_.c_str()) != 0) error_ = errno;
  if (error_ == 0) return {};
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  ::unlink(temporary_.c_str());
  return fail("write-failed", fmt::format("'{}': {}", path_, std::strerror(error_)));
}

}  // namespace assay::image
