// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files of builder-hex0: a table of names, a table of addresses and lengths, and one area that
// only grows. Growing any file moves the end of the area; a file that is not the newest grows into
// its neighbour, here as there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "machine/builder_hex0/builder_hex0.h"

namespace assay::machine {

/// Where the kernel builds paths; a path longer than this would leave it.
inline constexpr std::size_t kHex0PathBuffer = 0x3'0000;

/// The kernel's own reading of a path: prefix, doubled and final slashes, "." and "..". A name that starts
/// with a dot loses two characters.
std::string hex0_absolute_path(std::string_view cwd, std::string_view path);
/// A name in the path starts with a dot and is neither "." nor "..".
bool hex0_has_dot_name(std::string_view path);

class BuilderHex0Files {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  BuilderHex0Files();

  /// The newest entry of an absolute path, or kNone.
  [[nodiscard]] std::uint32_t find(std::string_view path) const;
  [[nodiscard]] bool full() const { return next_ >= kHex0NameEnd; }
  /// A new entry, whatever the name is; the tables must not be full.
  std::uint32_t create(std::string_view path);

  [[nodiscard]] std::string path(std::uint32_t index) const;
  [[nodiscard]] std::uint32_t address(std::uint32_t index) const { return table_[index].address; }
  [[nodiscard]] std::uint32_t length(std::uint32_t index) const { return table_[index].length; }
  [[nodiscard]] std::uint32_t next() const { return next_; }
  /// Where the next file starts.
  [[nodiscard]] std::uint64_t end() const { return end_; }

  /// What is in the area at an address; zeros where nothing was ever written.
  [[nodiscard]] std::uint8_t byte(std::uint64_t address) const;
  [[nodiscard]] std::uint32_t word(std::uint64_t address) const;
  /// The part of [address, address + size) that has been written to.
  [[nodiscard]] ByteView view(std::uint64_t address, std::uint64_t size) const;

  struct Written {
    /// The entry that it grew into; kNone if it grew at the end of the area or not at all.
    std::uint32_t overlapped = kNone;
  };
  /// Writes at an offset of a file; the range must lie in the area.
  Written write(std::uint32_t index, std::uint32_t offset, ByteView bytes);

  /// The newest entry with bytes at an address, other than `except`; kNone if there is none.
  [[nodiscard]] std::uint32_t holder(std::uint64_t address, std::uint32_t except) const;
  /// The contents for keeping.
  std::shared_ptr<const Bytes> share(std::uint32_t index);
  [[nodiscard]] std::vector<Hex0File> newest();

 private:
  struct Entry {
    std::uint32_t address = 0;
    std::uint32_t length = 0;
    std::shared_ptr<const Bytes> shared;
  };
  std::vector<char> names_;
  std::vector<Entry> table_;
  Bytes area_;
  std::uint32_t next_ = kHex0FirstName;
  std::uint64_t end_ = kHex0FileLow;
};

}  // namespace assay::machine
