// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Types as the compilers keep them: a list of named types, newest struct first, then void, int,
// char, FILE, FUNCTION, unsigned, long; each with the type that one more '*' leads to. A struct and
// its pointer lead to each other; char leads to char*, char** and stays there; all others lead to
// themselves. A pointer shares the name of its struct, and names decide how types merge.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cc/lexer.h"

namespace assay::cc {

/// Index into Types; kNoType is the compilers' null pointer.
using TypeId = std::uint32_t;
inline constexpr TypeId kNoType = UINT32_MAX;
/// The types the compilers know by address.
inline constexpr TypeId kCharPointer = 3;
inline constexpr TypeId kFunctionType = 6;

struct Member {
  std::uint32_t name = 0;
  std::int64_t size = 0;
  std::int64_t offset = 0;
  TypeId type = kNoType;
  bool array = false;
};

struct Type {
  std::uint32_t name = 0;
  std::int64_t size = 0;
  /// After one more '*'.
  TypeId indirect = kNoType;
  /// What an array member of this type is an array of; none for structs (a crash).
  TypeId element = kNoType;
  /// The entry of the list that stands for this name when types merge; none for char**.
  TypeId entry = kNoType;
  /// Which members it has: 0 for none.
  std::uint32_t members = 0;
};

class Types {
 public:
  Types(int word_bytes, Names& names);

  [[nodiscard]] const Type& operator[](TypeId id) const { return types_[id]; }
  [[nodiscard]] std::string_view name(TypeId id) const { return names_.text(types_[id].name); }

  /// The type a token names, or none. `primitive_only`: structs do not count.
  [[nodiscard]] TypeId find(std::uint32_t name, bool primitive_only = false) const;

  /// Adds a struct and its pointer; it has no size and no members yet.
  TypeId declare_struct(std::uint32_t name);
  /// The newest member of a name hides the older ones.
  void add_member(TypeId of, const Member& member);
  /// Members can be found from here on.
  void finish_struct(TypeId of, std::int64_t size);
  /// Null if there is none.
  [[nodiscard]] const Member* member(TypeId of, std::uint32_t name) const;

  /// The current type after a binary operator: the newest list entry that has the name of either
  /// side. The entry, not the pointer.
  [[nodiscard]] TypeId merge(TypeId one, TypeId other) const;

  /// A value of the machine's word, sign extended.
  [[nodiscard]] std::int64_t wrap(std::uint64_t value) const {
    return word_bytes_ == 4 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value))
                            : static_cast<std::int64_t>(value);
  }

 private:
  static std::uint64_t key(std::uint32_t members, std::uint32_t name) {
    return std::uint64_t{members} << 32 | name;
  }

  int word_bytes_;
  Names& names_;
  std::vector<Type> types_;
  std::unordered_map<std::uint32_t, TypeId> structs_;
  std::unordered_map<std::uint64_t, Member> members_;
};

}  // namespace assay::cc
