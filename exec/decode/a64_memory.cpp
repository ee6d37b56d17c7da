// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/a64_reader.h"

namespace assay::exec {
namespace {

enum Kind : unsigned { kStore, kLoad, kLoadSigned, kLoadSignedInt };

constexpr Op kStores[] = {Op::store_byte, Op::store_half, Op::store_int, Op::store_long};
constexpr Op kLoads[] = {Op::load_byte, Op::load_half, Op::load_int, Op::load_long};
constexpr Op kSigned[] = {Op::load_byte_signed, Op::load_half_signed, Op::load_int_signed};

}  // namespace

void A64Reader::access(Op op, Register reg, Register base, std::int64_t offset) {
  if (is_store(op)) {
    block_.emit({.op = op, .a = base, .b = reg, .immediate = offset});
  } else {
    block_.emit({.op = op, .d = reg, .a = base, .immediate = offset});
  }
}

bool A64Reader::literal() {
  const unsigned which = bits(30, 2);
  const std::uint64_t from = away(signed_bits(5, 19) * 4);
  const unsigned width = which == 1 ? 8 : 4;
  if (which == 3) return true;  // fetched ahead, for nothing
  if (from < image_.base() || from + width > image_.end()) return false;
  image_.mark_code(from, width);
  std::int64_t value = image_.load<std::int32_t>(from);
  if (which == 0) value = static_cast<std::uint32_t>(value);
  if (which == 1) value = image_.load<std::int64_t>(from);
  block_.set(reg(0), value);
  return true;
}

bool A64Reader::memory() {
  if (bit(26)) return false;  // vectors
  switch (bits(24, 6) & 0x38) {
    case 0x18: return bit(24) ? false : literal();
    case 0x28: return pair();
    case 0x38: break;
    default: return false;
  }
  const unsigned size = code_ >> 30;
  const unsigned kind = bits(22, 2);
  if (size == 3 && kind == kLoadSigned) return true;  // fetched ahead, for nothing
  if (kind == kLoadSignedInt && size > 1) return false;
  const Op op = kind == kStore ? kStores[size] : kind == kLoad ? kLoads[size] : kSigned[size];
  const Register base = reg_or_stack(5);
  const auto at = [&](Register from, std::int64_t offset) {
    access(op, reg(0), from, offset);
    if (kind == kLoadSignedInt) block_.constant(Op::zero_int, reg(0), reg(0), 0);
  };
  if (bit(24)) {
    at(base, static_cast<std::int64_t>(bits(10, 12)) << size);
    return true;
  }
  if (bit(21)) {
    if (bits(10, 2) != 2 || !bit(14)) return false;
    block_.two(Op::add, kFirst, base, extended(reg(16), bits(13, 3), bit(12) ? size : 0));
    at(kFirst, 0);
    return true;
  }
  const std::int64_t offset = signed_bits(12, 9);
  switch (bits(10, 2)) {
    case 0: at(base, offset); return true;
    case 1:  // then moved
      if (size == 3 && kind == kLoad && offset == 8 && reg(0) != base) {
        block_.emit({.op = Op::pop, .d = reg(0), .a = base, .immediate = 8});
        return true;
      }
      if (reg(0) == base) return false;
      at(base, 0);
      block_.constant(Op::add_constant, base, base, offset);
      return true;
    case 3:  // moved before
      if (reg(0) == base) return false;
      if (size == 3 && kind == kStore && offset == -8) {
        block_.emit({.op = Op::push, .a = base, .b = reg(0), .immediate = 8});
        return true;
      }
      block_.constant(Op::add_constant, base, base, offset);
      at(base, 0);
      return true;
    default: return false;
  }
}

/// ldp, stp, ldpsw.
bool A64Reader::pair() {
  const unsigned which = bits(30, 2);
  const bool loads = bit(22);
  if (which == 3 || (which == 1 && !loads)) return false;
  const unsigned size = which == 2 ? 3 : 2;
  const std::int64_t offset = signed_bits(15, 7) * (1 << size);
  const Register base = reg_or_stack(5);
  const Register one = reg(0);
  const Register other = reg(10);
  const unsigned mode = bits(23, 2);  // 1 behind, 2 none, 3 before; 0 none
  const bool moves = mode == 1 || mode == 3;
  if ((moves && (one == base || other == base)) || (loads && one == other)) return false;
  const std::int64_t from = mode == 1 ? 0 : offset;
  const std::int64_t step = std::int64_t{1} << size;
  if (loads) {
    const Op op = which == 1 ? Op::load_int_signed : kLoads[size];
    access(op, kFirst, base, from);
    access(op, other, base, from + step);
    block_.move(one, kFirst);
  } else {
    access(kStores[size], one, base, from);
    access(kStores[size], other, base, from + step);
  }
  if (moves) block_.constant(Op::add_constant, base, base, offset);
  return true;
}

}  // namespace assay::exec
