// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A32: loads and stores.
#include "exec/decode/a32_reader.h"

namespace assay::exec {

/// From a place in the code: a constant, which nobody writes.
bool A32Reader::literal(Op op, std::int64_t offset) {
  const std::uint64_t from = away(8 + offset);
  const unsigned width = width_of(op);
  if (from < image_.base() || from + width > image_.end()) return false;
  image_.mark_code(from, width);
  std::uint32_t value = 0;
  for (unsigned byte = 0; byte < width; ++byte)
    value |= std::uint32_t{image_.load<Byte>(from + byte)} << (8 * byte);
  if (op == Op::load_byte_signed) value = ((value & 0xFF) ^ 0x80) - 0x80;
  if (op == Op::load_half_signed) value = static_cast<std::uint32_t>(static_cast<std::int16_t>(value));
  block_.set(static_cast<Register>(bits(12, 4)), value);
  return true;
}

/// At a base and an index or offset, which may be added to the base before or behind.
bool A32Reader::access(Op op, std::optional<Register> index, std::int64_t offset) {
  const bool before = bit(24);
  const bool moves = !before || bit(21);
  if (!before && bit(21)) return false;  // as an unprivileged program
  const bool loads = is_load(op);
  const bool jumps = is_counter(12);
  if (jumps && (!loads || op != Op::load_int)) return false;
  if (is_counter(16)) {
    if (moves || jumps || index) return false;
    if (loads) return literal(op, offset);
  }
  const auto base = reg(16, kSecond);
  const Register subject = jumps ? kThird : static_cast<Register>(bits(12, 4));
  if (moves && subject == base) return false;
  const auto at = [&](Register from, std::int64_t distance) {
    if (loads) {
      block_.emit({.op = op, .d = subject, .a = from, .immediate = distance});
    } else {
      block_.emit({.op = op, .a = from, .b = subject, .immediate = distance});
    }
  };
  const auto move = [&](Register to) {
    if (index) {
      block_.two(bit(23) ? Op::add : Op::subtract, to, base, *index);
    } else {
      block_.constant(Op::add_constant, to, base, offset);
    }
  };
  if (moves && before) {
    move(base);
    at(base, 0);
  } else if (moves) {
    at(base, 0);
    move(base);
  } else if (index) {
    move(kFirst);
    at(kFirst, 0);
  } else {
    at(base, offset);
  }
  return !jumps || jump_to(subject);
}

bool A32Reader::word_or_byte() {
  const bool is_byte = bit(22);
  const Op op = bit(20) ? (is_byte ? Op::load_byte : Op::load_int) : is_byte ? Op::store_byte : Op::store_int;
  if (!bit(25)) {
    const std::int64_t offset = bits(0, 12);
    return access(op, std::nullopt, bit(23) ? offset : -offset);
  }
  if (is_counter(0) || (bits(5, 2) == 3 && bits(7, 5) == 0)) return false;
  return access(op, shifted(static_cast<Register>(bits(0, 4)), bits(5, 2), bits(7, 5)), 0);
}

/// ldrh, ldrsb, ldrsh, strh.
bool A32Reader::half_or_signed() {
  if (!bit(7) || !bit(4)) return false;
  static constexpr Op kLoads[] = {Op::unknown, Op::load_half, Op::load_byte_signed, Op::load_half_signed};
  const unsigned which = bits(5, 2);
  if (which == 0 || (!bit(20) && which != 1)) return false;
  const Op op = bit(20) ? kLoads[which] : Op::store_half;
  if (bit(22)) {
    const auto offset = static_cast<std::int64_t>(bits(8, 4) << 4 | bits(0, 4));
    return access(op, std::nullopt, bit(23) ? offset : -offset);
  }
  if (is_counter(0) || bits(8, 4) != 0) return false;
  return access(op, static_cast<Register>(bits(0, 4)), 0);
}

/// ldm, stm; of a stack, pushes and pops.
bool A32Reader::many() {
  const std::uint32_t list = bits(0, 16);
  const auto base = static_cast<Register>(bits(16, 4));
  const bool loads = bit(20);
  const bool jumps = (list >> kProgramCounter) != 0;
  if (bit(22) || list == 0 || is_counter(16) || (jumps && !loads)) return false;
  if (bit(21) && (list >> base & 1) != 0) return false;
  const auto own = [](unsigned number) {
    return number == kProgramCounter ? kThird : static_cast<Register>(number);
  };
  const bool up = bit(23);
  const bool before = bit(24);
  if (bit(21) && loads && up && !before) {
    for (unsigned number = 0; number < 16; ++number) {
      if ((list >> number & 1) != 0)
        block_.emit({.op = Op::pop, .d = own(number), .a = base, .immediate = 4});
    }
  } else if (bit(21) && !loads && !up && before) {
    for (unsigned number = 16; number-- > 0;) {
      if ((list >> number & 1) != 0)
        block_.emit({.op = Op::push, .a = base, .b = own(number), .immediate = 4});
    }
  } else {
    std::int64_t bytes = 0;
    for (unsigned number = 0; number < 16; ++number) bytes += (list >> number & 1) != 0 ? 4 : 0;
    std::int64_t at = (up ? 0 : -bytes) + (up == before ? 4 : 0);
    block_.move(kSecond, base);
    for (unsigned number = 0; number < 16; ++number) {
      if ((list >> number & 1) == 0) continue;
      if (loads) {
        block_.emit({.op = Op::load_int, .d = own(number), .a = kSecond, .immediate = at});
      } else {
        block_.emit({.op = Op::store_int, .a = kSecond, .b = own(number), .immediate = at});
      }
      at += 4;
    }
    if (bit(21)) block_.constant(Op::add_constant, base, kSecond, up ? bytes : -bytes);
  }
  return !jumps || jump_to(kThird);
}

}  // namespace assay::exec
