// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/builder_hex0/files.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace assay::machine {
namespace {

constexpr std::string_view kMemoryMapName = "/e820";

// Takes "/." and "/.." out, in place, the way the kernel does it: after each one it starts over from the
// front, but the start of the last parent stays as it was.
void fold_dots(std::string& path) {
  path.push_back('\0');
  std::size_t parent = 0;
  std::size_t at = 0;
  while (true) {
    const char c = path[at++];
    if (c == '\0') break;
    if (c != '/') continue;
    const char first = path[at++];
    if (first == '\0') break;
    if (first != '.') {
      parent = at - 2;
      continue;
    }
    const char second = path[at++];
    std::size_t to = 0;
    if (second == '.') {
      to = parent;
    } else {
      if (second == '\0') --at;
      to = at - 2;
    }
    // Copies up to the first zero, which is the end of the text.
    const std::size_t end = path.find('\0', at);
    path = end == std::string::npos ? path.substr(0, to) + '\0'
                                    : path.substr(0, to) + path.substr(at, end + 1 - at);
    at = 0;
  }
  path.resize(path.find('\0'));
}

}  // namespace

std::string hex0_absolute_path(std::string_view cwd, std::string_view path) {
  std::string result;
  if (!path.starts_with('/')) result = cwd;
  if (path.starts_with("./")) path.remove_prefix(2);
  char last = 0;
  for (const char c : path) {
    if (c != '/' || last != '/') result.push_back(c);
    last = c;
  }
  if (last == '/') result.pop_back();
  fold_dots(result);
  return result.empty() ? "/" : result;
}

bool hex0_has_dot_name(std::string_view path) {
  for (std::size_t at = path.find('.'); at != std::string_view::npos; at = path.find('.', at + 1)) {
    if (at > 0 && path[at - 1] != '/') continue;
    const std::string_view name = path.substr(at, path.find('/', at) - at);
    if (name != "." && name != "..") return true;
  }
  return false;
}

BuilderHex0Files::BuilderHex0Files()
    : names_(std::size_t{kHex0NameEnd} * kHex0NameBytes), table_(kHex0NameEnd) {
  std::memcpy(names_.data() + std::size_t{3} * kHex0NameBytes, kMemoryMapName.data(), kMemoryMapName.size());
}

// Names of 1024 bytes and more have no zero and run on into the next, as in the kernel's table.
std::uint32_t BuilderHex0Files::find(std::string_view path) const {
  for (std::uint32_t i = next_; i-- > 3;) {
    const std::size_t at = std::size_t{i} * kHex0NameBytes;
    if (names_.size() - at > path.size() && std::memcmp(names_.data() + at, path.data(), path.size()) == 0 &&
        names_[at + path.size()] == '\0') {
      return i;
    }
  }
  return kNone;
}

std::uint32_t BuilderHex0Files::create(std::string_view path) {
  const std::uint32_t index = next_++;
  char* const name = names_.data() + std::size_t{index} * kHex0NameBytes;
  std::memcpy(name, path.data(), std::min<std::size_t>(path.size(), kHex0NameBytes));
  table_[index].address = static_cast<std::uint32_t>(end_);
  return index;
}

std::string BuilderHex0Files::path(std::uint32_t index) const {
  const char* const name = names_.data() + std::size_t{index} * kHex0NameBytes;
  return {name, strnlen(name, kHex0NameBytes)};
}

std::uint8_t BuilderHex0Files::byte(std::uint64_t address) const {
  const std::uint64_t at = address - kHex0FileLow;
  return address >= kHex0FileLow && at < area_.size() ? area_[at] : Byte{0};
}

std::uint32_t BuilderHex0Files::word(std::uint64_t address) const {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) value |= std::uint32_t{byte(address + i)} << (8 * i);
  return value;
}

ByteView BuilderHex0Files::view(std::uint64_t address, std::uint64_t size) const {
  const std::uint64_t at = address - kHex0FileLow;
  if (address < kHex0FileLow || at >= area_.size()) return {};
  return ByteView(area_).subspan(at, std::min<std::uint64_t>(size, area_.size() - at));
}

BuilderHex0Files::Written BuilderHex0Files::write(std::uint32_t index, std::uint32_t offset, ByteView bytes) {
  Entry& entry = table_[index];
  const std::uint64_t at = static_cast<std::uint32_t>(entry.address + offset) - std::uint64_t{kHex0FileLow};
  if (at + bytes.size() > area_.size()) area_.resize(at + bytes.size());
  std::copy(bytes.begin(), bytes.end(), area_.begin() + static_cast<std::ptrdiff_t>(at));
  // Offsets are compared as signed numbers; a byte written past the length adds one to it.
  const auto from = static_cast<std::int32_t>(offset);
  const auto length = static_cast<std::int32_t>(entry.length);
  const auto size = static_cast<std::int64_t>(bytes.size());
  const std::int64_t growth =
      from > length ? size : std::max<std::int64_t>(0, from + size - std::int64_t{length});
  Written written;
  const std::uint64_t grown_at = kHex0FileLow + at + static_cast<std::uint64_t>(size - growth);
  if (growth > 0 && grown_at != end_) written.overlapped = holder(grown_at, index);
  entry.length += static_cast<std::uint32_t>(growth);
  end_ += static_cast<std::uint64_t>(growth);
  entry.shared = nullptr;
  if (written.overlapped != kNone || from < 0) {
    for (Entry& other : table_) other.shared = nullptr;
  }
  return written;
}

std::uint32_t BuilderHex0Files::holder(std::uint64_t address, std::uint32_t except) const {
  for (std::uint32_t i = next_; i-- > kHex0FirstName;) {
    const Entry& entry = table_[i];
    if (i != except && address >= entry.address && address - entry.address < entry.length) return i;
  }
  return kNone;
}

std::shared_ptr<const Bytes> BuilderHex0Files::share(std::uint32_t index) {
  Entry& entry = table_[index];
  if (entry.shared == nullptr) {
    const ByteView bytes = view(entry.address, entry.length);
    Bytes copy(bytes.begin(), bytes.end());
    copy.resize(entry.length);
    entry.shared = std::make_shared<const Bytes>(std::move(copy));
  }
  return entry.shared;
}

std::vector<Hex0File> BuilderHex0Files::newest() {
  std::map<std::string, std::uint32_t> by_path;
  for (std::uint32_t i = kHex0FirstName; i < next_; ++i) by_path[path(i)] = i;
  std::vector<Hex0File> files;
  for (const auto& [path, index] : by_path) {
    files.push_back(
        {path.substr(path.starts_with('/') ? 1 : 0), address(index), length(index), share(index)});
  }
  return files;
}

}  // namespace assay::machine
