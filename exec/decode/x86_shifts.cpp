// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/x86_reader.h"

namespace assay::exec {

/// 0xc0, 0xc1, 0xd0 to 0xd3. By the processor's numbers: rol, ror, rcl, rcr, shl, shr, shl, sar.
bool X86Reader::shift(unsigned code) {
  const unsigned bytes = size_of(code);
  Operand o;
  if (!operand(o, code < 0xd0 ? 1 : 0)) return false;
  const unsigned which = o.which();
  if (which == 2 || which == 3) return false;
  const unsigned most = bytes == 8 ? 63 : 31;
  if (code != 0xd2 && code != 0xd3) {
    const unsigned by = (code < 0xd0 ? byte() : 1U) & most;
    if (bad_) return false;
    if (which < 4) return rotate_by_constant(which, o, by, bytes);
    shift_by_constant(which, o, by, bytes);
    return true;
  }
  // By cl: what is 0 leaves the flags alone, so nothing is known of them.
  flags_.forget();
  const bool whole = !o.memory && bytes == word_bytes_;
  const Op op = which == 5 ? Op::shift_right : which == 7 ? Op::shift_signed : Op::shift_left;
  if (whole && which >= 4) {
    block_.two(op, o.base, o.base, kC);
    return true;
  }
  const Register from = get(o, bytes, kValue);
  block_.constant(Op::and_constant, kOther, kC, which < 4 ? 8 * bytes - 1 : most);
  if (which < 4) {
    zero_extend(kValue, from, bytes);
    // The other way: by the bits that are left; in a register of as many bits, 0 for all of them.
    block_.set(kScratch, std::int64_t{8} * bytes);
    block_.two(Op::subtract, kScratch, kScratch, kOther);
    block_.two(which == 0 ? Op::shift_left : Op::shift_right, kLeft, kValue, kOther);
    block_.two(which == 0 ? Op::shift_right : Op::shift_left, kRight, kValue, kScratch);
    block_.two(Op::bit_or, kValue, kLeft, kRight);
    put(o, bytes, kValue);
    return true;
  }
  // A shift of a word goes by up to 31 there, which the word that it is made in has room for.
  which == 7 ? sign_extend(kValue, from, bytes) : zero_extend(kValue, from, bytes);
  block_.two(op, kValue, kValue, kOther);
  put(o, bytes, kValue);
  return true;
}

void X86Reader::shift_by_constant(unsigned which, const Operand& o, unsigned by, unsigned bytes) {
  const Op op = which == 5   ? Op::shift_right_constant
                : which == 7 ? Op::shift_signed_constant
                             : Op::shift_left_constant;
  const bool whole = !o.memory && bytes == word_bytes_;
  const bool used = flags_are_used();
  if (by != 0 && !used) flags_.forget();
  if (whole && (by == 0 || !used)) {
    block_.constant(op, o.base, o.base, by);
    return;
  }
  const Register from = get(o, bytes, kValue);
  which == 7 ? sign_extend(kOther, from, bytes) : zero_extend(kOther, from, bytes);
  if (by == 0) return put(o, bytes, kOther);
  if (!used) {
    block_.constant(op, kValue, kOther, by);
    return put(o, bytes, kValue);
  }
  // The last bit that goes out.
  const unsigned bits = 8 * bytes;
  const bool left = which == 4 || which == 6;
  block_.constant(op, kValue, kOther, by);
  if (!left) {
    block_.constant(which == 7 ? Op::shift_signed_constant : Op::shift_right_constant, kOther, kOther,
                    by - 1);
  } else if (by <= bits) {
    block_.constant(Op::shift_right_constant, kOther, kOther, bits - by);
  }
  block_.constant(Op::and_constant, kOther, kOther, 1);
  flags_.result(kValue, bytes);
  flags_.set_carry(kOther);
  if (by >= bits) flags_.forget_carry();
  if (which != 7 || by != 1) flags_.forget_overflow();
  put(o, bytes, kValue);
}

/// Carry and overflow change, zero and sign stay.
bool X86Reader::rotate_by_constant(unsigned which, const Operand& o, unsigned by, unsigned bytes) {
  const unsigned bits = 8 * bytes;
  if (by != 0) {
    flags_.forget_carry();
    flags_.forget_overflow();
  }
  by %= bits;
  if (which == 1) by = (bits - by) % bits;
  const Register from = get(o, bytes, kValue);
  zero_extend(kOther, from, bytes);
  if (by == 0) {
    put(o, bytes, kOther);
    return true;
  }
  block_.constant(Op::shift_left_constant, kScratch, kOther, by);
  block_.constant(Op::shift_right_constant, kOther, kOther, bits - by);
  block_.two(Op::bit_or, kValue, kScratch, kOther);
  put(o, bytes, kValue);
  return true;
}

}  // namespace assay::exec
