// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names as small numbers: the spellings of an assembly source, each stored once.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace assay {

/// Numbers names 0, 1, 2... in order of first appearance. Names are not copied: their bytes must
/// live and stay as long as the table. Lookup is constant time whatever the names are: the hash
/// mixes every byte into all 64 bits, so names that collide in the tools' own tables do not here.
class NameTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// The number of `name`, given now if it is new.
  std::uint32_t intern(std::string_view name);
  /// The number of `name`; kNone if it was never interned.
  [[nodiscard]] std::uint32_t find(std::string_view name) const;

  [[nodiscard]] std::string_view operator[](std::uint32_t number) const { return names_[number]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = kNone;
  };
  void grow();

  std::vector<std::string_view> names_;
  std::vector<Slot> slots_;  ///< a power of two of them, at most half full
};

/// 64 well-mixed bits of some bytes. Differs between hosts: nothing may be ordered by it.
std::uint64_t hash_bytes(std::string_view bytes);

}  // namespace assay
