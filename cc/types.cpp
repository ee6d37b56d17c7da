// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cc/types.h"

#include <algorithm>

namespace assay::cc {
namespace {

constexpr TypeId kPrimitives = 9;

}  // namespace

Types::Types(int word_bytes, Names& names) : word_bytes_(word_bytes), names_(names) {
  const std::int64_t word = word_bytes;
  // Name, size, indirect, element, list entry. The order is that of the list, but for char* and char**.
  types_ = {
      {kVoid, word, 0, 0, 0, 0},
      {kInt, word, 1, 1, 1, 0},
      {kChar, 1, 3, 2, 2, 0},
      {names.id_of("char*"), word, 4, 3, 2, 0},
      {names.id_of("char**"), word, 4, 3, kNoType, 0},
      {kFile, word, 5, 5, 5, 0},
      {kFunction, word, 6, 6, 6, 0},
      {kUnsigned, word, 7, 7, 7, 0},
      {kLong, word, 8, 8, 8, 0},
  };
}

TypeId Types::find(std::uint32_t name, bool primitive_only) const {
  switch (name) {
    case kVoid: return 0;
    case kInt: return 1;
    case kChar: return 2;
    case kFile: return 5;
    case kFunction: return 6;
    case kUnsigned: return 7;
    case kLong: return 8;
    default: break;
  }
  if (primitive_only) return kNoType;
  const auto found = structs_.find(name);
  return found == structs_.end() ? kNoType : found->second;
}

TypeId Types::declare_struct(std::uint32_t name) {
  const auto id = static_cast<TypeId>(types_.size());
  const TypeId pointer = id + 1;
  types_.push_back({name, 0, pointer, kNoType, id, 0});
  types_.push_back({name, word_bytes_, id, kNoType, id, 0});
  structs_.emplace(name, id);
  return id;
}

void Types::add_member(TypeId of, const Member& member) {
  members_.insert_or_assign(key(of, member.name), member);
}

void Types::finish_struct(TypeId of, std::int64_t size) {
  types_[of].size = size;
  types_[of].members = types_[of + 1].members = of;
}

const Member* Types::member(TypeId of, std::uint32_t name) const {
  const std::uint32_t members = types_[of].members;
  if (members == 0) return nullptr;
  const auto found = members_.find(key(members, name));
  return found == members_.end() ? nullptr : &found->second;
}

TypeId Types::merge(TypeId one, TypeId other) const {
  if (one == kNoType) return other;
  if (other == kNoType) return one;
  const TypeId first = types_[one].entry;
  const TypeId second = types_[other].entry;
  if (first == kNoType) return second;
  if (second == kNoType) return first;
  // Structs come before the primitives, the newest first.
  if (first >= kPrimitives || second >= kPrimitives) return std::max(first, second);
  return std::min(first, second);
}

}  // namespace assay::cc
