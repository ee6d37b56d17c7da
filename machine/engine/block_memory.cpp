// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loads and stores of a block, and the places where it may stop.
#include <bit>

#include "machine/engine/block_compiler.h"

namespace assay::machine {

using namespace x64;

namespace {

/// Displacements that stay inside the unmapped stretches around the guest's addresses.
constexpr std::int64_t kMostDisplacement = 1 << 30;

constexpr bool fits(std::int64_t value) { return value == static_cast<std::int32_t>(value); }

}  // namespace

bool BlockCompiler::is_careful(const Ins& ins) const {
  return !out_.careful.empty() && out_.careful.contains(block_.guest[ins.guest].pc);
}

// Notes that the next host instruction may stop, and how to go back to before its guest instruction.
std::uint32_t BlockCompiler::site(const Ins& ins) {
  Site site;
  site.at = static_cast<std::uint32_t>(code_.here() - out_.buffer->writable());
  site.first = static_cast<std::uint32_t>(out_.recoveries.size());
  for (std::uint64_t rest = state_.lazy; rest != 0; rest &= rest - 1) {
    const auto slot = static_cast<Slot>(std::countr_zero(rest));
    out_.recoveries.push_back({slot, state_.places[slot]});
  }
  site.count = static_cast<std::uint16_t>(out_.recoveries.size() - site.first);
  site.pc = block_.guest[ins.guest].pc;
  site.refund = static_cast<std::uint16_t>(block_.max_count - block_.guest[ins.guest].count);
  site.block = static_cast<std::uint32_t>(out_.blocks.size() - 1);
  if (flags_in_registers()) {
    FlagRecovery& flags = out_.flag_recoveries.emplace_back();
    flags.ins = flags_.ins;
    const auto place = [this](Slot slot, std::int64_t value) {
      if (slot >= kNoSlot) return Place{Place::constant, 0, slot == kImmediate ? value : 0};
      const Place& known = state_.places[slot];
      return known.kind == Place::home ? Place{Place::offset, slot, 0} : known;
    };
    flags.a = place(flags.ins.a, 0);
    flags.b = place(flags.ins.b, flags.ins.imm);
    flags.c = place(flags.ins.c, 0);
    site.flags = static_cast<std::uint32_t>(out_.flag_recoveries.size());
  }
  out_.sites.push_back(site);
  return static_cast<std::uint32_t>(out_.sites.size() - 1);
}

void BlockCompiler::stop_if(Cc cc, const Ins& ins) {
  const std::uint32_t at = site(ins);
  stubs_.push_back({code_.jcc(cc), at});
}

void BlockCompiler::stop_always(const Ins& ins) {
  const std::uint32_t at = site(ins);
  stubs_.push_back({code_.jmp(), at});
}

// The guest address of an access in rax, as the guest computes it, below 4 GiB.
void BlockCompiler::exact_address(const Ins& ins) {
  const Reg base = value_in(ins.a, rax);
  if (fits(ins.disp)) {
    if (base != rax || ins.disp != 0)
      code_.lea(wide_, rax, {base, no_reg, static_cast<std::int32_t>(ins.disp)});
  } else {
    if (base != rax) code_.mov(true, rax, base);
    evict(rdx);
    code_.mov_imm_keeping_flags(rdx, static_cast<std::uint64_t>(ins.disp));
    code_.lea(wide_, rax, {rax, rdx, 0});
  }
  if (!wide_) return;
  code_.alu_load(true, Alu::cmp, rax, word_cell(kWordLimit));
  stop_if(ae, ins);
}

// The host operand of an access; may be relative to rax.
Mem BlockCompiler::address(const Ins& ins) {
  std::int64_t constant = 0;
  if (constant_of(ins.a, constant)) {
    const std::uint64_t at =
        mask(static_cast<std::uint64_t>(constant) + static_cast<std::uint64_t>(ins.disp));
    if (at < kAddressSpace / 2) return {r14, no_reg, static_cast<std::int32_t>(at)};
    code_.mov_imm_keeping_flags(rax, at);
    if (at >= kAddressSpace) stop_always(ins);
    return {r14, rax, 0};
  }
  const Place& place = place_of(ins.a);
  const bool lazy = place.kind == Place::offset;
  const std::int64_t disp = ins.disp + (lazy ? place.imm : 0);
  const bool far = disp <= -kMostDisplacement || disp >= kMostDisplacement;
  const bool long_temp = !wide_ && is_temp(ins.a) && !lazy && !temps_[ins.a].below;
  // After a first store of the instruction nothing may stop that would not stop in the guest as well.
  if (far || long_temp || stored_ == ins.guest || (!wide_ && is_careful(ins))) {
    exact_address(ins);
    return {r14, rax, 0};
  }
  const auto short_disp = static_cast<std::int32_t>(disp);
  const Slot source = lazy ? place.base : ins.a;
  if (is_temp(source)) {
    const Reg base = value_in(source, rax);
    if (wide_ && !temps_[source].below) {
      code_.alu_load(true, Alu::cmp, base, word_cell(kWordLimit));
      stop_if(ae, ins);
      temps_[source].below = true;
    }
    return {r14, base, short_disp};
  }
  const Reg home = pinned(source);
  if (home == no_reg) {
    code_.load(true, rax, slot_cell(source));
    if (wide_) {
      code_.alu_load(true, Alu::cmp, rax, word_cell(kWordLimit));
      stop_if(ae, ins);
    }
    return {r14, rax, short_disp};
  }
  const std::uint64_t bit = std::uint64_t{1} << source;
  if (wide_ && (state_.valid & bit) == 0) {
    code_.alu_load(true, Alu::cmp, home, word_cell(kWordLimit));
    stop_if(ae, ins);
    state_.valid |= bit;
    state_.drift[source] = 0;
  }
  return {r14, home, short_disp};
}

bool BlockCompiler::flags_in_registers() const {
  if (flags_.where != Flags::pending && flags_.where != Flags::weak) return false;
  const auto temp = [](Slot slot) { return slot >= kFirstTemp && slot <= kLastTemp; };
  return !temp(flags_.ins.a) && !temp(flags_.ins.b) && !temp(flags_.ins.c);
}

// A site can tell flags from registers, not from temporaries.
void BlockCompiler::settle_flags() {
  if (flags_.where == Flags::pending && flags_live_[index_] && !flags_in_registers()) store_flags();
}

void BlockCompiler::load(const Ins& ins) {
  settle_flags();
  prepare(ins.dst);
  const Mem from = address(ins);
  const Reg to = begin(ins.dst);
  site(ins);
  bool below = true;
  const unsigned width = static_cast<unsigned>(ins.width);
  switch (ins.op) {
    case Op::load_signed:
      below = false;
      if (ins.width == Width::w32) {
        code_.load_movsxd(to, from);
      } else {
        code_.load_extended(true, 0xBEU + width, to, from);
      }
      break;
    case Op::load_signed_32: code_.load_extended(false, 0xBEU + width, to, from); break;
    default:
      if (ins.width >= Width::w32) {
        code_.load(ins.width == Width::w64, to, from);
        below = ins.width == Width::w32;
      } else {
        code_.load_extended(false, 0xB6U + width, to, from);
      }
  }
  end(ins.dst, to, below);
}

void BlockCompiler::store(const Ins& ins) {
  std::int64_t value = ins.imm;
  const bool immediate = ins.b == kImmediate || constant_of(ins.b, value);
  settle_flags();
  if (is_careful(ins)) return careful_store(ins);
  const unsigned size = bytes_of(ins.width);
  if (immediate && (size < 8 || fits(value))) {
    const Mem to = address(ins);
    site(ins);
    code_.store_imm(size, to, static_cast<std::int32_t>(value));
    stored_ = ins.guest;
    return;
  }
  if (ins.b != kImmediate) ready(ins.b);
  const Mem to = address(ins);
  Reg from = rcx;
  if (ins.b == kImmediate) {
    from = to.index == rcx ? rdx : rcx;
    evict(from);
    code_.mov_imm_keeping_flags(from, static_cast<std::uint64_t>(value));
  } else {
    from = second_value(ins.b, to.index);
  }
  site(ins);
  switch (ins.width) {
    case Width::w8: code_.store8(to, from); break;
    case Width::w16: code_.store16(to, from); break;
    default: code_.store(ins.width == Width::w64, to, from);
  }
  stored_ = ins.guest;
}

// A store into a page with code and data side by side: stops only where translated bytes are.
void BlockCompiler::careful_store(const Ins& ins) {
  evict(rcx);
  evict(rdx);
  exact_address(ins);
  code_.mov(false, rcx, rax);
  code_.alu_load(true, Alu::sub, rcx, word_cell(kWordImageLow));
  code_.alu_load(true, Alu::cmp, rcx, word_cell(kWordImageSize));
  Byte* const outside = code_.jcc(ae);
  code_.load(true, rdx, word_cell(kWordCodeMap));
  code_.alu_mem_imm(bytes_of(ins.width), Alu::cmp, {rdx, rcx, 0}, 0);
  stop_if(ne, ins);
  code_.load(true, rax, word_cell(kWordAlias));
  Byte* const ready_inside = code_.jmp();
  code_.bind(outside);
  code_.mov(false, rcx, rax);
  code_.mov(true, rax, r14);
  code_.bind(ready_inside);
  // rax + rcx is where it goes.
  Reg from = rdx;
  if (ins.b == kImmediate) {
    code_.mov_imm_keeping_flags(rdx, static_cast<std::uint64_t>(ins.imm));
  } else {
    from = value_in(ins.b, rdx);
  }
  site(ins);
  const Mem to{rax, rcx, 0};
  switch (ins.width) {
    case Width::w8: code_.store8(to, from); break;
    case Width::w16: code_.store16(to, from); break;
    default: code_.store(ins.width == Width::w64, to, from);
  }
  stored_ = ins.guest;
}

}  // namespace assay::machine
