// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/input_bytes.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace assay {
namespace {

constexpr std::size_t kReadPiece = std::size_t{1} << 16;
constexpr std::size_t kSmallestMapping = std::size_t{1} << 16;  // below it reading is cheaper

}  // namespace

InputBytes::InputBytes(InputBytes&& other) noexcept { *this = std::move(other); }

InputBytes& InputBytes::operator=(InputBytes&& other) noexcept {
  std::swap(read_, other.read_);
  std::swap(mapping_, other.mapping_);
  std::swap(mapped_size_, other.mapped_size_);
  std::swap(device_, other.device_);
  std::swap(inode_, other.inode_);
  return *this;
}

InputBytes::~InputBytes() {
  if (mapping_ != nullptr) ::munmap(mapping_, mapped_size_);
}

bool InputBytes::keep_if_file(int descriptor) {
  struct stat status {};
  if (mapping_ == nullptr || ::fstat(descriptor, &status) != 0 || status.st_dev != device_ ||
      status.st_ino != inode_) {
    return true;
  }
  const Bytes copy(mapping_, mapping_ + mapped_size_);
  void* const replaced =
      ::mmap(mapping_, mapped_size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (replaced == MAP_FAILED) return false;
  std::copy(copy.begin(), copy.end(), mapping_);
  return true;
}

InputRead read_input(int descriptor, std::uint64_t most) {
  InputRead input;
  InputBytes& bytes = input.bytes;
  struct stat status {};
  const bool regular = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  const auto size = regular ? static_cast<std::uint64_t>(status.st_size) : 0;
  input.too_large = size > most;
  if (input.too_large) return input;
  if (size >= kSmallestMapping && ::lseek(descriptor, 0, SEEK_CUR) == 0) {
    void* const mapping = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
    if (mapping != MAP_FAILED) {
      bytes.mapping_ = static_cast<Byte*>(mapping);
      bytes.mapped_size_ = size;
      bytes.device_ = status.st_dev;
      bytes.inode_ = status.st_ino;
      return input;
    }
  }
  std::size_t used = 0;
  bytes.read_.resize(size + 1);  // one more, to meet the end without growing
  while (used <= most) {
    if (used == bytes.read_.size()) bytes.read_.resize(used + std::max(kReadPiece, used / 2));
    const ssize_t got = ::read(descriptor, bytes.read_.data() + used, bytes.read_.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) input.error = errno;
    if (got <= 0) break;
    used += static_cast<std::size_t>(got);
  }
  input.too_large = used > most;
  bytes.read_.resize(used);
  return input;
}

}  // namespace assay
