// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/x87/unit.h"

#include <cstring>
#include <utility>

namespace assay::exec::x87 {
namespace {

constexpr unsigned kStackFault = 0x40;
constexpr unsigned kC0 = 0x100, kC1 = 0x200, kC2 = 0x400, kC3 = 0x4000;
constexpr Extended kIndefinite{std::uint64_t{3} << 62, 0xffff};
constexpr unsigned kFirst = 0xd8;

template <class T>
T from(const Byte* memory) {
  T value;
  std::memcpy(&value, memory, sizeof value);
  return value;
}
template <class T>
void to(Byte* memory, T value) {
  std::memcpy(memory, &value, sizeof value);
}

/// By the middle field of ModRM, where an operand is in memory; {0, 0}: not this unit's.
constexpr Access kNone{};
constexpr Access kInMemory[8][8] = {
    {{4, 0}, {4, 0}, {4, 0}, {4, 0}, {4, 0}, {4, 0}, {4, 0}, {4, 0}},
    {{4, 0}, kNone, {0, 4}, {0, 4}, kNone, {2, 0}, kNone, {0, 2}},
    {{4, 0}, {4, 0}, {4, 0}, {4, 0}, {4, 0}, {4, 0}, {4, 0}, {4, 0}},
    {{4, 0}, kNone, {0, 4}, {0, 4}, kNone, {10, 0}, kNone, {0, 10}},
    {{8, 0}, {8, 0}, {8, 0}, {8, 0}, {8, 0}, {8, 0}, {8, 0}, {8, 0}},
    {{8, 0}, kNone, {0, 8}, {0, 8}, kNone, kNone, kNone, {0, 2}},
    {{2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 0}},
    {{2, 0}, kNone, {0, 2}, {0, 2}, kNone, {8, 0}, kNone, {0, 8}},
};

/// Whether an instruction on registers alone is this unit's.
constexpr bool has_registers(unsigned first, unsigned second) {
  const unsigned which = second >> 3 & 7;
  switch (first) {
    case 0xd8: return true;
    case 0xd9:
      return which < 2 || second == 0xd0 || second == 0xe0 || second == 0xe1 || second == 0xe4 ||
             second == 0xe8 || second == 0xee || second == 0xfc || second == 0xf6 || second == 0xf7;
    case 0xda: return second == 0xe9;
    case 0xdb: return second == 0xe2 || second == 0xe3;
    case 0xdc: return which != 2 && which != 3;
    case 0xdd: return which != 1 && which < 6;
    case 0xde: return (which != 2 && which != 3) || second == 0xd9;
    default: return second == 0xe0;
  }
}

}  // namespace

std::optional<Access> access_of(unsigned code) {
  const unsigned second = code & 0xff;
  if (second >= 0xc0) {
    if (has_registers(kFirst | code >> 8, second)) return Access{};
    return std::nullopt;
  }
  const Access& access = kInMemory[code >> 8][second >> 3 & 7];
  if (access.reads + access.writes == 0) return std::nullopt;
  return access;
}

Arithmetic Unit::arithmetic() const {
  static constexpr unsigned kBits[] = {24, 64, 53, 64};
  return {.rounding = static_cast<Arithmetic::Rounding>(control_ >> 10 & 3),
          .bits = kBits[control_ >> 8 & 3]};
}

void Unit::put(unsigned index, const Extended& value) {
  registers_[place(index)] = value;
  filled_ |= static_cast<std::uint8_t>(1U << place(index));
}

void Unit::pop() {
  filled_ &= static_cast<std::uint8_t>(~(1U << top_));
  top_ = (top_ + 1) & 7;
}

void Unit::settle(const Arithmetic& how) {
  status_ = static_cast<std::uint16_t>((status_ & ~kC1) | how.raised | (how.away ? kC1 : 0));
}

void Unit::fault(bool overflow) {
  status_ = static_cast<std::uint16_t>((status_ & ~kC1) | kInvalid | kStackFault | (overflow ? kC1 : 0));
}

void Unit::push(const Extended& value) {
  top_ = (top_ + 7) & 7;
  if (!is_empty(0)) {
    fault(true);
    return put(0, kIndefinite);
  }
  put(0, value);
}

void Unit::order(Order order) {
  static constexpr unsigned kBits[] = {0, kC0, kC3, kC0 | kC2 | kC3};
  status_ =
      static_cast<std::uint16_t>((status_ & ~(kC0 | kC1 | kC2 | kC3)) | kBits[static_cast<unsigned>(order)]);
}

/// `index`: of the register that `with` was taken from, or 0.
void Unit::compare(unsigned index, const Real& with, bool quietly, unsigned pops) {
  if (is_empty(0) || is_empty(index)) {
    fault(false);
    order(Order::unordered);
  } else {
    Arithmetic how = arithmetic();
    order(x87::compare(how, get(0), with, quietly));
    status_ = static_cast<std::uint16_t>(status_ | how.raised);
  }
  while (pops-- > 0) pop();
}

/// By the number of the instruction: add, multiply, subtract, the same reversed, divide, the same reversed.
void Unit::calculate(unsigned which, unsigned to, const Real& with) {
  if (is_empty(0) || is_empty(to)) {
    fault(false);
    return put(to, kIndefinite);
  }
  Arithmetic how = arithmetic();
  const Real own = get(0);
  Extended value;
  switch (which) {
    case 0: value = add(how, own, with); break;
    case 1: value = multiply(how, own, with); break;
    case 4: value = subtract(how, own, with); break;
    case 5: value = subtract(how, with, own); break;
    case 6: value = divide(how, own, with); break;
    default: value = divide(how, with, own); break;
  }
  settle(how);
  put(to, value);
}

/// Of a single or double: a signalling NaN becomes quiet.
void Unit::load(const Real& value) {
  const bool full = !is_empty(7);
  if (full) return push(kIndefinite);
  Arithmetic how;
  Real loaded = value;
  if (value.kind == Real::Kind::signalling_nan) {
    how.raised |= kInvalid;
    loaded.significand |= std::uint64_t{1} << 62;
  }
  if (value.denormal) how.raised |= kDenormal;
  settle(how);
  push(extended_of(loaded));
}

template <class T>
void Unit::store_integer(Byte* memory, bool pops) {
  constexpr unsigned kBits = 8 * sizeof(T);
  Arithmetic how = arithmetic();
  T value = static_cast<T>(std::uint64_t{1} << (kBits - 1));
  if (is_empty(0)) {
    fault(false);
  } else {
    value = static_cast<T>(integer_of(how, get(0), kBits));
    settle(how);
  }
  to(memory, value);
  if (pops) pop();
}

bool Unit::in_memory(unsigned first, unsigned which, Byte* memory) {
  const auto with = [&](const Real& value) {
    which == 2 || which == 3 ? compare(0, value, false, which - 2) : calculate(which, 0, value);
    return true;
  };
  const auto store = [&](auto bits, auto convert, auto indefinite) {
    Arithmetic how = arithmetic();
    bits = indefinite;
    if (is_empty(0)) {
      fault(false);
    } else {
      bits = convert(how, get(0));
      settle(how);
    }
    to(memory, bits);
    if (which == 3) pop();
    return true;
  };
  switch (first << 4 | which) {
    case 0xd90: return load(real_of_single(from<std::uint32_t>(memory))), true;
    case 0xd92:
    case 0xd93: return store(std::uint32_t{}, single_of, std::uint32_t{0xffc0'0000});
    case 0xd95: {
      const auto word = from<std::uint16_t>(memory);
      if ((word & kAllExceptions) != kAllExceptions) return false;
      control_ = static_cast<std::uint16_t>((word & 0x1f3f) | 0x40);
      return true;
    }
    case 0xd97: return to(memory, control_), true;
    case 0xdb0: return load(real_of_integer(from<std::int32_t>(memory))), true;
    case 0xdb2:
    case 0xdb3: return store_integer<std::uint32_t>(memory, which == 3), true;
    case 0xdb5: {
      const bool full = !is_empty(7);
      if (!full) settle({});
      push({from<std::uint64_t>(memory), from<std::uint16_t>(memory + 8)});
      return true;
    }
    case 0xdb7: {
      const Extended value = is_empty(0) ? kIndefinite : registers_[top_];
      is_empty(0) ? fault(false) : settle({});
      to(memory, value.significand);
      to(memory + 8, value.top);
      pop();
      return true;
    }
    case 0xdd0: return load(real_of_double(from<std::uint64_t>(memory))), true;
    case 0xdd2:
    case 0xdd3: return store(std::uint64_t{}, double_of, std::uint64_t{0xfff8} << 48);
    case 0xdd7: return to(memory, static_cast<std::uint16_t>(status())), true;
    case 0xdf0: return load(real_of_integer(from<std::int16_t>(memory))), true;
    case 0xdf2:
    case 0xdf3: return store_integer<std::uint16_t>(memory, which == 3), true;
    case 0xdf5: return load(real_of_integer(from<std::int64_t>(memory))), true;
    case 0xdf7: return store_integer<std::uint64_t>(memory, true), true;
    default: break;
  }
  switch (first) {
    case 0xd8: return with(real_of_single(from<std::uint32_t>(memory)));
    case 0xda: return with(real_of_integer(from<std::int32_t>(memory)));
    case 0xdc: return with(real_of_double(from<std::uint64_t>(memory)));
    default: return with(real_of_integer(from<std::int16_t>(memory)));
  }
}

/// 0xd9 with a second byte from 0xd0 on.
bool Unit::alone(unsigned second) {
  const auto on_top = [&](auto change) {
    if (is_empty(0)) {
      fault(false);
      return put(0, kIndefinite);
    }
    settle({});
    change(registers_[top_]);
  };
  switch (second) {
    case 0xe0: on_top([](Extended& top) { top.top ^= 0x8000; }); break;
    case 0xe1: on_top([](Extended& top) { top.top &= 0x7fff; }); break;
    case 0xe4: compare(0, Real{}, false, 0); break;
    case 0xe8:
    case 0xee:
      if (is_empty(7)) settle({});
      push(extended_of(real_of_integer(second == 0xe8 ? 1 : 0)));
      break;
    case 0xf6:
    case 0xf7:
      settle({});
      top_ = (top_ + (second == 0xf6 ? 7 : 1)) & 7;
      break;
    case 0xfc:
      on_top([this](Extended& top) {
        Arithmetic how = arithmetic();
        top = whole(how, real_of(top));
        settle(how);
      });
      break;
    default: break;  // fnop
  }
  return true;
}

bool Unit::in_registers(unsigned first, unsigned second) {
  const unsigned index = second & 7;
  const unsigned which = second >> 3 & 7;
  switch (first) {
    case 0xd8:
      if (which == 2 || which == 3) {
        compare(index, get(index), false, which - 2);
      } else if (is_empty(index)) {
        fault(false);
        put(0, kIndefinite);
      } else {
        calculate(which, 0, get(index));
      }
      return true;
    case 0xd9:
      if (which > 1) return alone(second);
      if (which == 0) {
        const Extended value = registers_[place(index)];
        if (is_empty(index)) {
          fault(false);
          top_ = (top_ + 7) & 7;
          put(0, kIndefinite);
          return true;
        }
        if (is_empty(7)) settle({});
        push(value);
        return true;
      }
      if (is_empty(0) || is_empty(index)) {
        fault(false);
        if (is_empty(0)) put(0, kIndefinite);
        if (is_empty(index)) put(index, kIndefinite);
      } else {
        settle({});
      }
      std::swap(registers_[top_], registers_[place(index)]);
      return true;
    case 0xda: compare(1, get(1), true, 2); return true;
    case 0xdb:
      if (second == 0xe3) {
        *this = {};
      } else {
        status_ &= 0x7f00;
      }
      return true;
    case 0xdc:
    case 0xde:
      if (second == 0xd9) {
        compare(1, get(1), false, 2);
        return true;
      }
      calculate(which, index, get(index));
      if (first == 0xde) pop();
      return true;
    case 0xdd:
      if (which == 0) {
        filled_ &= static_cast<std::uint8_t>(~(1U << place(index)));
      } else if (which >= 4) {
        compare(index, get(index), true, which - 4);
      } else {
        const Extended value = is_empty(0) ? kIndefinite : registers_[top_];
        is_empty(0) ? fault(false) : settle({});
        put(index, value);
        if (which == 3) pop();
      }
      return true;
    default: return true;  // fnstsw ax: the caller's
  }
}

bool Unit::run(unsigned code, Byte* memory) {
  const unsigned first = kFirst | code >> 8;
  const unsigned second = code & 0xff;
  return second < 0xc0 ? in_memory(first, second >> 3 & 7, memory) : in_registers(first, second);
}

}  // namespace assay::exec::x87
