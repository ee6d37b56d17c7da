// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The operations on registers.
#include "machine/engine/block_compiler.h"

#include <algorithm>

namespace assay::machine {

using namespace x64;

namespace {

constexpr bool fits(std::int64_t value) { return value == static_cast<std::int32_t>(value); }

bool commutes(Op op) {
  return op == Op::add || op == Op::bit_and || op == Op::bit_or || op == Op::bit_xor || op == Op::mul;
}

Alu alu_of(Op op) {
  switch (op) {
    case Op::add: return Alu::add;
    case Op::sub: return Alu::sub;
    case Op::bit_and: return Alu::andd;
    case Op::bit_or: return Alu::orr;
    default: return Alu::xorr;
  }
}

}  // namespace

BlockCompiler::BlockCompiler(Translations& out, const Isa& isa, const Block& block, const Fetch& fetch)
    : out_(out),
      code_(out.code),
      isa_(isa),
      block_(block),
      fetch_(fetch),
      pins_(pinned_registers(isa)),
      wide_(isa.address_bits == 64) {
  if (!wide_) state_.valid = ~std::uint64_t{0};
  // Where are the flags, as they are after an operation, read by anybody?
  dead_.resize(block.code.size());
  flags_live_.resize(block.code.size());
  if (std::none_of(block.code.begin(), block.code.end(), [](const Ins& i) { return i.op == Op::set_flags; }))
    return;
  bool live = true;
  for (std::size_t i = block.code.size(); i-- > 0;) {
    const Ins& ins = block.code[i];
    flags_live_[i] = live;
    switch (ins.op) {
      case Op::set_flags:
        dead_[i] = !live;
        live = false;
        break;
      case Op::branch: live = live || !flags_dead_at(ins.target); break;
      case Op::get_flag:
      case Op::get_flags:
      case Op::branch_flag: live = true; break;
      default: break;
    }
    if (ins.op == Op::jump) live = !flags_dead_at(ins.target);
  }
}

void BlockCompiler::compile() {
  out_.by_pc[block_.pc] = static_cast<std::uint32_t>(out_.blocks.size());
  out_.blocks.push_back({block_.pc, code_.here()});
  const auto index = static_cast<std::uint32_t>(out_.blocks.size() - 1);
  prepare_temps();
  if (const auto fill = out_.fills.find(block_.pc); fill != out_.fills.end()) {
    out_.leave_to_cpp(Return::fill, index);
    out_.blocks.back().fill = &fill->second;
  }
  out_.blocks.back().body = code_.here();
  code_.alu_imm(true, Alu::sub, r15, block_.max_count);
  Byte* const no_budget = code_.jcc(b);
  for (index_ = 0; index_ < block_.code.size() && !done_; ++index_) {
    if (index_ == skip_) continue;
    ins(index_);
    release(index_);
  }
  finish_cold();
  code_.bind(no_budget);
  code_.alu_imm(true, Alu::add, r15, block_.max_count);
  out_.leave_to_cpp(Return::budget, index);
  for (const Stub& stub : stubs_) {
    code_.bind(stub.jump);
    out_.leave_to_cpp(Return::site, stub.site);
  }
}

void BlockCompiler::ins(unsigned index) {
  const Ins& ins = block_.code[index];
  switch (ins.op) {
    case Op::mov: move(ins); return host_flags_stay(ins);
    case Op::wide_div_u:
    case Op::wide_rem_u:
    case Op::wide_div_s:
    case Op::wide_rem_s: return wide_divide(ins, index);
    case Op::count_leading_zeros:
    case Op::count_trailing_zeros:
    case Op::count_ones:
    case Op::byte_swap:
    case Op::bit_reverse:
    case Op::zero_extend:
    case Op::sign_extend:
    case Op::sign_extend_32: return unary(ins);
    case Op::extract: return extract(ins);
    case Op::deposit: return deposit(ins);
    case Op::set_if: return set_if(ins);
    case Op::select: return select(ins);
    case Op::load:
    case Op::load_signed:
    case Op::load_signed_32: return load(ins);
    case Op::store: return store(ins);
    case Op::set_flags: set_flags(ins); return host_flags_stay(ins);
    case Op::get_flag:
    case Op::get_flags: return get_flag(ins);
    case Op::unit: return unit(ins);
    case Op::branch: return branch(ins);
    case Op::branch_flag: return branch_flag(ins);
    case Op::jump:
      keep_flags(ins.target);
      lazy_temps_.clear();
      leave(state_, ins.target, ins.count);
      done_ = true;
      return;
    case Op::jump_indirect: return jump_indirect(ins);
    case Op::system_call: return system_call(ins);
    case Op::trap:
      settle_flags();
      stop_always(ins);
      done_ = true;
      return;
    case Op::trap_if: {
      settle_flags();
      bool holds = false;
      if (known(ins, holds)) {
        if (holds) stop_always(ins);
        return;
      }
      return stop_if(compare(ins.condition, ins.width, ins.a, ins.b, ins.imm), ins);
    }
    default: return binary(ins);
  }
}

void BlockCompiler::move(const Ins& ins) {
  if (ins.b == kImmediate) return set_lazy(ins.dst, {Place::constant, 0, ins.imm});
  Place place;
  if (lazy_source(ins.b, place)) return set_lazy(ins.dst, place);
  ready(ins.b);
  prepare(ins.dst);
  const Reg from = value_in(ins.b, rax);
  const bool below = is_temp(ins.b) && temps_[ins.b].below;
  const Reg to = begin(ins.dst);
  if (to != from) code_.mov(true, to, from);
  end(ins.dst, to, below);
}

void BlockCompiler::binary(const Ins& original) {
  Ins ins = original;
  std::int64_t value = ins.imm;
  std::int64_t first = 0;
  bool immediate = ins.b == kImmediate || constant_of(ins.b, value);
  if (constant_of(ins.a, first)) {
    if (immediate) {
      const std::uint64_t result = eval::binary(ins.op, ins.width, static_cast<std::uint64_t>(first),
                                                static_cast<std::uint64_t>(value));
      return set_lazy(ins.dst, {Place::constant, 0, static_cast<std::int64_t>(result)});
    }
    if (commutes(ins.op)) {
      ins.a = ins.b;
      value = first;
      immediate = true;
    }
  }
  const bool guest_width = ins.width == (wide_ ? Width::w64 : Width::w32);
  if (immediate && guest_width && (ins.op == Op::add || ins.op == Op::sub)) {
    const std::int64_t change =
        ins.op == Op::add ? value : static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(value));
    Place place;
    if (lazy_source(ins.a, place) && add_to(place, change)) return set_lazy(ins.dst, place);
  }
  switch (ins.op) {
    case Op::shl:
    case Op::shr:
    case Op::sar:
    case Op::ror: return shift(ins, immediate, value);
    case Op::mul_high_u:
    case Op::mul_high_s:
      if (ins.width == Width::w64) return multiply_high(ins);
      return helper_binary(original);
    case Op::mul_high_su:
    case Op::div_u:
    case Op::div_s:
    case Op::rem_u:
    case Op::rem_s: return helper_binary(original);
    default: return binary_register(ins, immediate, value);
  }
}

// add, sub, and, or, xor, mul.
void BlockCompiler::binary_register(const Ins& ins, bool immediate, std::int64_t value) {
  const bool wide = ins.width == Width::w64;
  if (!wide && immediate) value = static_cast<std::int32_t>(value);
  ready(ins.a);
  if (!immediate) ready(ins.b);
  prepare(ins.dst);
  const Reg a = value_in(ins.a, rax);
  const bool below = !wide || (ins.op == Op::bit_and && immediate && value >= 0);
  if (immediate && fits(value)) {
    const Reg to = begin(ins.dst);
    const auto constant = static_cast<std::int32_t>(value);
    if (ins.op == Op::mul) {
      code_.imul_imm(wide, to, a, constant);
    } else if (ins.op == Op::add && to != a) {
      code_.lea(wide, to, {a, no_reg, constant});
    } else {
      const bool narrow = ins.op == Op::bit_and && constant >= 0;
      if (ins.op == Op::bit_and && constant == 0xFF) {
        code_.extend(false, 0xB6, to, a);
      } else {
        if (to != a) code_.mov(wide && !narrow, to, a);
        code_.alu_imm(wide && !narrow, alu_of(ins.op), to, constant);
      }
    }
    return end(ins.dst, to, below);
  }
  Reg b = rcx;
  if (immediate) {
    b = in_rcx_ == kNoSlot && a != rcx ? rcx : a == rdx ? rcx : rdx;
    evict(b);
    code_.mov_imm_keeping_flags(b, static_cast<std::uint64_t>(value));
  } else {
    b = second_value(ins.b, a);
  }
  const Reg to = begin(ins.dst);
  switch (ins.op) {
    case Op::mul:
      if (to == b) {
        code_.imul(wide, to, a);
      } else {
        if (to != a) code_.mov(wide, to, a);
        code_.imul(wide, to, b);
      }
      break;
    case Op::sub:
      if (to == b && to != a) {
        code_.neg(wide, to);
        code_.alu(wide, Alu::add, to, a);
      } else {
        if (to != a) code_.mov(wide, to, a);
        code_.alu(wide, Alu::sub, to, b);
      }
      break;
    case Op::add:
      if (to != a && to != b) {
        code_.lea(wide, to, {a, b, 0});
        break;
      }
      [[fallthrough]];
    default:
      if (to == b) {
        code_.alu(wide, alu_of(ins.op), to, a);
      } else {
        if (to != a) code_.mov(wide, to, a);
        code_.alu(wide, alu_of(ins.op), to, b);
      }
  }
  end(ins.dst, to, below);
}

void BlockCompiler::shift(const Ins& ins, bool immediate, std::int64_t value) {
  const bool wide = ins.width == Width::w64;
  const Shift op = ins.op == Op::shl   ? Shift::shl
                   : ins.op == Op::shr ? Shift::shr
                   : ins.op == Op::sar ? Shift::sar
                                       : Shift::ror;
  ready(ins.a);
  if (!immediate) ready(ins.b);
  prepare(ins.dst);
  if (!immediate && op == Shift::ror) evict(rcx);
  const Reg a = value_in(ins.a, rax);
  if (immediate) {
    const auto count = static_cast<unsigned>(value) & (bits_of(ins.width) - 1);
    const Reg to = begin(ins.dst);
    if (op == Shift::ror) {
      code_.rorx(wide, to, a, count);
    } else {
      if (to != a || (!wide && count == 0)) code_.mov(wide, to, a);
      if (count != 0) code_.shift_imm(wide, op, to, count);
    }
    return end(ins.dst, to, !wide || (op == Shift::shr && count >= 32));
  }
  if (op == Shift::ror) {
    const Reg count = value_in(ins.b, rcx);
    if (count != rcx) code_.mov(false, rcx, count);
    if (a != rax) code_.mov(wide, rax, a);
    code_.shift_cl(wide, op, rax);
    const Reg to = begin(ins.dst);
    if (to != rax) code_.mov(true, to, rax);
    return end(ins.dst, to, !wide);
  }
  const Reg b = second_value(ins.b, a);
  const Reg to = begin(ins.dst);
  code_.shift_by(wide, op, to, a, b);
  end(ins.dst, to, !wide);
}

void BlockCompiler::multiply_high(const Ins& ins) {
  ready(ins.a);
  if (ins.b != kImmediate) ready(ins.b);
  prepare(ins.dst);
  evict(rcx);
  evict(rdx);
  Reg b = rcx;
  if (ins.b == kImmediate) {
    code_.mov_imm_keeping_flags(rcx, static_cast<std::uint64_t>(ins.imm));
  } else {
    b = value_in(ins.b, rcx);
  }
  const Reg a = value_in(ins.a, rax);
  if (a != rax) code_.mov(true, rax, a);
  if (ins.op == Op::mul_high_u) {
    code_.mul(true, b);
  } else {
    code_.imul_high(true, b);
  }
  const Reg to = begin(ins.dst);
  if (to != rdx) code_.mov(true, to, rdx);
  end(ins.dst, to);
}

// By a call of eval::binary: rare operations.
void BlockCompiler::helper_binary(const Ins& ins) {
  ready(ins.a);
  if (ins.b < kNoSlot) ready(ins.b);
  prepare(ins.dst);
  evict(rcx);
  evict(rdx);
  const Reg a = value_in(ins.a, rax);
  code_.store(true, word_cell(kWordA), a);
  if (ins.b == kImmediate) {
    code_.mov_imm_keeping_flags(rcx, static_cast<std::uint64_t>(ins.imm));
    code_.store(true, word_cell(kWordB), rcx);
  } else if (ins.b != kNoSlot) {
    code_.store(true, word_cell(kWordB), value_in(ins.b, rcx));
  }
  code_.mov_imm(rax, static_cast<unsigned>(ins.op) | (static_cast<unsigned>(ins.width) << 8));
  code_.call(out_.binary_helper);
  const Reg to = begin(ins.dst);
  if (to != rax) code_.mov(true, to, rax);
  end(ins.dst, to, ins.width == Width::w32);
}

// By a call of Isa::unit. Its slots have no host registers.
void BlockCompiler::unit(const Ins& ins) {
  for (const Slot slot : {ins.a, ins.b}) {
    if (slot != kNoSlot) ready(slot);
  }
  if (ins.dst != kNoSlot) prepare(ins.dst);
  evict(rcx);
  evict(rdx);
  const auto pass = [&](Word word, Slot slot, Reg scratch) {
    if (slot == kNoSlot) return code_.store_imm(8, word_cell(word), 0);
    code_.store(true, word_cell(word), value_in(slot, scratch));
  };
  pass(kWordA, ins.a, rax);
  pass(kWordB, ins.b, rcx);
  code_.mov_imm(rax, static_cast<std::uint64_t>(ins.imm));
  code_.call(out_.unit_helper);
  const Reg to = begin(ins.dst);
  if (to != rax) code_.mov(true, to, rax);
  end(ins.dst, to);
}

// x86's division, where it cannot fault: otherwise it stops, and the interpreter looks closer.
void BlockCompiler::wide_divide(const Ins& ins, unsigned index) {
  const bool wide = ins.width == Width::w64;
  const bool is_signed = ins.op == Op::wide_div_s || ins.op == Op::wide_rem_s;
  settle_flags();
  ready(ins.a);
  ready(ins.b);
  ready(ins.c);
  prepare(ins.dst);
  evict(rcx);
  evict(rdx);
  // The divisor in rcx, the dividend in rdx:rax.
  const Reg divisor = value_in(ins.b, rcx);
  if (divisor != rcx) code_.mov(true, rcx, divisor);
  const Reg high = value_in(ins.c, rdx);
  if (high != rdx) code_.mov(true, rdx, high);
  const Reg low = value_in(ins.a, rax);
  if (low != rax) code_.mov(true, rax, low);
  if (is_signed) {
    // Safe if the high half is the sign of the low one and the divisor is positive.
    code_.test(wide, rcx, rcx);
    stop_if(le, ins);
    code_.store(true, word_cell(kWordA), rax);
    code_.shift_imm(wide, Shift::sar, rax, wide ? 63 : 31);
    code_.alu(wide, Alu::cmp, rax, rdx);
    stop_if(ne, ins);
    code_.load(true, rax, word_cell(kWordA));
    code_.idiv(wide, rcx);
  } else {
    code_.alu(wide, Alu::cmp, rdx, rcx);
    stop_if(ae, ins);
    code_.div(wide, rcx);
  }
  // Quotient and remainder are usually wanted both.
  const Ins* const next = index + 1 < block_.code.size() ? &block_.code[index + 1] : nullptr;
  const bool quotient = ins.op == Op::wide_div_u || ins.op == Op::wide_div_s;
  const bool both = quotient && next != nullptr &&
                    next->op == (is_signed ? Op::wide_rem_s : Op::wide_rem_u) && next->width == ins.width &&
                    next->a == ins.a && next->b == ins.b && next->c == ins.c && is_temp(ins.dst) &&
                    is_temp(next->dst);
  if (both) {
    skip_ = index + 1;
    code_.mov(true, rcx, rax);
    end(ins.dst, rcx, !wide);
    end(next->dst, rdx, !wide);
    return;
  }
  const Reg result = quotient ? rax : rdx;
  const Reg to = begin(ins.dst);
  if (to != result) code_.mov(true, to, result);
  end(ins.dst, to, !wide);
}

void BlockCompiler::unary(const Ins& ins) {
  std::int64_t value = 0;
  if (constant_of(ins.a, value)) {
    const std::uint64_t result = eval::unary(ins.op, ins.width, static_cast<std::uint64_t>(value));
    return set_lazy(ins.dst, {Place::constant, 0, static_cast<std::int64_t>(result)});
  }
  if (ins.op == Op::bit_reverse) return helper_binary(ins);
  const bool wide = ins.width == Width::w64;
  const unsigned narrow = static_cast<unsigned>(ins.width);
  ready(ins.a);
  prepare(ins.dst);
  const Reg a = value_in(ins.a, rax);
  const Reg to = begin(ins.dst);
  bool below = true;
  switch (ins.op) {
    case Op::count_leading_zeros: code_.count_bits(wide, 0xBD, to, a); break;
    case Op::count_trailing_zeros: code_.count_bits(wide, 0xBC, to, a); break;
    case Op::count_ones: code_.count_bits(wide, 0xB8, to, a); break;
    case Op::byte_swap:
      if (to != a) code_.mov(wide, to, a);
      code_.bswap(wide, to);
      if (ins.width == Width::w16) code_.shift_imm(false, Shift::shr, to, 16);
      below = !wide;
      break;
    case Op::zero_extend:
      if (narrow < 2) {
        code_.extend(false, 0xB6U + narrow, to, a);
      } else {
        code_.mov(wide, to, a);
        below = !wide;
      }
      break;
    case Op::sign_extend:
      below = false;
      if (narrow < 2) {
        code_.extend(true, 0xBEU + narrow, to, a);
      } else if (narrow == 2) {
        code_.movsxd(to, a);
      } else {
        code_.mov(true, to, a);
      }
      break;
    default: code_.extend(false, 0xBEU + narrow, to, a);
  }
  end(ins.dst, to, below);
}

void BlockCompiler::extract(const Ins& ins) {
  std::int64_t value = 0;
  if (constant_of(ins.a, value)) {
    const std::uint64_t result = eval::extract(static_cast<std::uint64_t>(value), ins.imm);
    return set_lazy(ins.dst, {Place::constant, 0, static_cast<std::int64_t>(result)});
  }
  const auto low = static_cast<unsigned>(ins.imm & 63);
  const auto count = std::min(static_cast<unsigned>(ins.imm >> 8), 64 - low);
  ready(ins.a);
  prepare(ins.dst);
  const Reg a = value_in(ins.a, rax);
  const Reg to = begin(ins.dst);
  if (to != a) code_.mov(true, to, a);
  if (low + count < 64) code_.shift_imm(true, Shift::shl, to, 64 - low - count);
  if (count < 64) code_.shift_imm(true, Shift::shr, to, 64 - count);
  end(ins.dst, to, count <= 32);
}

void BlockCompiler::deposit(const Ins& ins) {
  const auto low = static_cast<unsigned>(ins.imm & 63);
  const auto count = static_cast<unsigned>(ins.imm >> 8);
  ready(ins.a);
  ready(ins.b);
  prepare(ins.dst);
  evict(rcx);
  evict(rdx);
  const Reg b = value_in(ins.b, rdx);
  const Reg a = value_in(ins.a, rcx);
  if (low == 0 && (count == 8 || count == 16)) {
    const Reg to =
        pinned(ins.dst) != no_reg && !is_temp(ins.dst) && pinned(ins.dst) != b ? pinned(ins.dst) : rax;
    if (to != a) code_.mov(true, to, a);
    if (count == 8) {
      code_.mov8(to, b);
    } else {
      code_.mov16(to, b);
    }
    const Reg result = begin(ins.dst);
    if (result != to) code_.mov(true, result, to);
    return end(ins.dst, result, false);
  }
  const std::uint64_t mask = eval::field_mask(ins.imm) << low;
  if (a != rcx) code_.mov(true, rcx, a);
  if (b != rdx) code_.mov(true, rdx, b);
  if (low != 0) code_.shift_imm(true, Shift::shl, rdx, low);
  code_.mov_imm(rax, mask);
  code_.alu(true, Alu::andd, rdx, rax);
  code_.mov_imm(rax, ~mask);
  code_.alu(true, Alu::andd, rcx, rax);
  code_.alu(true, Alu::orr, rcx, rdx);
  const Reg to = begin(ins.dst);
  if (to != rcx) code_.mov(true, to, rcx);
  end(ins.dst, to, false);
}

void BlockCompiler::select(const Ins& ins) {
  ready(ins.a);
  if (ins.b != kImmediate) ready(ins.b);
  ready(ins.c);
  prepare(ins.dst);
  evict(rcx);
  evict(rdx);
  const Reg chooser = value_in(ins.c, rax);
  code_.test(true, chooser, chooser);
  // From here on only moves that keep the flags.
  if (ins.b == kImmediate) {
    code_.mov_imm_keeping_flags(rdx, static_cast<std::uint64_t>(ins.imm));
  } else {
    const Reg b = value_in(ins.b, rdx);
    if (b != rdx) code_.mov(true, rdx, b);
  }
  const Reg a = value_in(ins.a, rcx);
  code_.cmov(true, ne, rdx, a);
  const Reg to = begin(ins.dst);
  if (to != rdx) code_.mov(true, to, rdx);
  end(ins.dst, to);
}

void BlockCompiler::set_if(const Ins& ins) {
  bool holds = false;
  if (known(ins, holds)) return set_lazy(ins.dst, {Place::constant, 0, holds ? 1 : 0});
  ready(ins.a);
  if (ins.b != kImmediate) ready(ins.b);
  prepare(ins.dst);
  const Cc cc = compare(ins.condition, ins.width, ins.a, ins.b, ins.imm);
  const Reg to = begin(ins.dst);
  code_.setcc(cc, to);
  code_.extend(false, 0xB6, to, to);
  end(ins.dst, to, true);
  remember_host_flags(ins.dst, cc);
}

}  // namespace assay::machine
