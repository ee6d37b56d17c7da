// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where values are while a block is compiled.
//
// Order inside the handler of an operation: ready() the operands, prepare() the destination, take the
// operands' registers (value_in, second_value), begin() the destination, write the instructions,
// end(). Everything that may move other values happens in the first two; evict() comes after them.
#include <bit>

#include "machine/engine/block_compiler.h"

namespace assay::machine {

using namespace x64;

namespace {

constexpr std::int32_t kMostDrift = 1 << 28;

constexpr std::uint64_t bit(Slot slot) { return std::uint64_t{1} << slot; }
constexpr bool fits(std::int64_t value) { return value == static_cast<std::int32_t>(value); }

}  // namespace

void BlockCompiler::prepare_temps() {
  for (unsigned i = 0; i < block_.code.size(); ++i) {
    const Ins& ins = block_.code[i];
    unsigned until = i;
    if (ins.op == Op::set_flags && !dead_[i]) {
      // Pending flags read their operands later.
      until = static_cast<unsigned>(block_.code.size());
      for (unsigned j = i + 1; j < block_.code.size(); ++j) {
        if (block_.code[j].op == Op::set_flags) {
          until = j;
          break;
        }
      }
    }
    for (const Slot slot : {ins.a, ins.b, ins.c}) {
      if (slot >= kFirstTemp && slot <= kLastTemp)
        temps_[slot].last_use = std::max(temps_[slot].last_use, until);
    }
  }
}

std::uint64_t BlockCompiler::mask(std::uint64_t value) const { return wide_ ? value : value & 0xFFFF'FFFFU; }

const Place& BlockCompiler::place_of(Slot slot) const {
  return is_temp(slot) ? temps_[slot].place : state_.places[slot];
}

bool BlockCompiler::constant_of(Slot slot, std::int64_t& value) const {
  const Place& place = place_of(slot);
  if (place.kind != Place::constant) return false;
  value = place.imm;
  return true;
}

// Brings a guest register to its home. Keeps the host's flags; may use rax for registers without a
// host register.
void BlockCompiler::materialise(State& state, Slot slot) {
  const Place place = state.places[slot];
  if (place.kind == Place::home) return;
  const bool moves = place.kind == Place::offset && place.base == slot;
  // Who counts on the old contents of this home?
  for (std::uint64_t rest = state.lazy & ~bit(slot); rest != 0; rest &= rest - 1) {
    const auto other = static_cast<Slot>(std::countr_zero(rest));
    Place& of_other = state.places[other];
    if (of_other.kind != Place::offset || of_other.base != slot) continue;
    if (moves) {
      of_other.imm -= place.imm;
      if (!wide_) of_other.imm = static_cast<std::int32_t>(of_other.imm);
    } else {
      materialise(state, other);
    }
  }
  if (&state == &state_) {
    for (std::size_t i = 0; i < lazy_temps_.size();) {
      const Slot temp = lazy_temps_[i];
      if (temps_[temp].place.base != slot) {
        ++i;
      } else {
        materialise_temp(temp);  // takes it off the list
      }
    }
  }
  const Reg home = pinned(slot);
  const Reg to = home != no_reg ? home : rax;
  state.valid &= ~(moves ? 0 : bit(slot));
  if (place.kind == Place::constant) {
    if (home == no_reg && fits(place.imm)) {
      code_.store_imm(8, slot_cell(slot), static_cast<std::int32_t>(place.imm));
    } else {
      code_.mov_imm_keeping_flags(to, static_cast<std::uint64_t>(place.imm));
      if (home == no_reg) code_.store(true, slot_cell(slot), to);
    }
    if (static_cast<std::uint64_t>(place.imm) < kAddressSpace && home != no_reg) {
      state.valid |= bit(slot);
      state.drift[slot] = 0;
    }
  } else {
    const Reg base = pinned(place.base);
    if (place.imm == 0 && home == no_reg) {
      code_.store(true, slot_cell(slot), base);
    } else {
      if (place.imm == 0) {
        code_.mov(true, to, base);
      } else if (fits(place.imm)) {
        code_.lea(wide_, to, {base, no_reg, static_cast<std::int32_t>(place.imm)});
      } else {
        code_.mov_imm_keeping_flags(rax, static_cast<std::uint64_t>(place.imm));
        code_.lea(wide_, to, {rax, base, 0});
      }
      if (home == no_reg) code_.store(true, slot_cell(slot), to);
    }
    const std::int64_t drift = state.drift[place.base] + place.imm;
    if ((state.valid & bit(place.base)) != 0 && drift > -kMostDrift && drift < kMostDrift && home != no_reg) {
      state.valid |= bit(slot);
      state.drift[slot] = static_cast<std::int32_t>(drift);
    } else {
      state.valid &= ~bit(slot);
    }
  }
  state.places[slot] = {};
  state.lazy &= ~bit(slot);
}

void BlockCompiler::materialise_temp(Slot slot) {
  std::erase(lazy_temps_, slot);
  Temp& temp = temps_[slot];
  const Place place = temp.place;
  temp.place = {};
  if (temp.last_use < index_) return;
  temp.reg = in_rcx_ == kNoSlot ? rcx : in_rdx_ == kNoSlot ? rdx : no_reg;
  if (temp.reg == rcx) in_rcx_ = slot;
  if (temp.reg == rdx) in_rdx_ = slot;
  const Reg to = temp.reg != no_reg ? temp.reg : rax;
  const Reg base = pinned(place.base);
  if (fits(place.imm)) {
    code_.lea(wide_, to, {base, no_reg, static_cast<std::int32_t>(place.imm)});
  } else {
    code_.mov_imm_keeping_flags(to, static_cast<std::uint64_t>(place.imm));
    code_.lea(wide_, to, {to, base, 0});
  }
  if (temp.reg == no_reg) code_.store(true, slot_cell(slot), to);
}

void BlockCompiler::materialise_all(State& state) {
  while (state.lazy != 0) materialise(state, static_cast<Slot>(std::countr_zero(state.lazy)));
}

// An operand that will be used as a register: better in its home than computed again and again.
void BlockCompiler::ready(Slot slot) {
  if (slot >= kFirstTemp || pinned(slot) == no_reg) return;
  const Place& place = state_.places[slot];
  if (place.kind == Place::constant || (place.kind == Place::offset && place.imm != 0))
    materialise(state_, slot);
}

// The value of a register is about to change.
void BlockCompiler::prepare(Slot dst) {
  if (is_temp(dst)) return;
  flags_source_changes(dst);
  if (pinned(dst) == no_reg) return;
  for (std::uint64_t rest = state_.lazy & ~bit(dst); rest != 0; rest &= rest - 1) {
    const auto other = static_cast<Slot>(std::countr_zero(rest));
    if (state_.places[other].kind == Place::offset && state_.places[other].base == dst)
      materialise(state_, other);
  }
  for (std::size_t i = 0; i < lazy_temps_.size();) {
    const Slot temp = lazy_temps_[i];
    if (temps_[temp].place.base != dst) {
      ++i;
    } else {
      materialise_temp(temp);
    }
  }
}

Reg BlockCompiler::value_in(Slot slot, Reg scratch) {
  const Place& place = place_of(slot);
  switch (place.kind) {
    case Place::home: {
      const Reg home = is_temp(slot) ? temps_[slot].reg : pinned(slot);
      if (home != no_reg) return home;
      code_.load(true, scratch, slot_cell(slot));
      return scratch;
    }
    case Place::constant:
      code_.mov_imm_keeping_flags(scratch, static_cast<std::uint64_t>(place.imm));
      return scratch;
    case Place::offset: break;
  }
  const Reg base = pinned(place.base);
  if (place.imm == 0) return base;
  if (fits(place.imm)) {
    code_.lea(wide_, scratch, {base, no_reg, static_cast<std::int32_t>(place.imm)});
  } else {
    code_.mov_imm_keeping_flags(scratch, static_cast<std::uint64_t>(place.imm));
    code_.lea(wide_, scratch, {scratch, base, 0});
  }
  return scratch;
}

// A second operand: in its register, or in rcx or rdx, whichever is not `first`.
Reg BlockCompiler::second_value(Slot slot, Reg first) {
  const Place& place = place_of(slot);
  const Reg home = is_temp(slot) ? temps_[slot].reg : pinned(slot);
  if (place.kind == Place::home && home != no_reg) return home;
  if (place.kind == Place::offset && place.imm == 0) return pinned(place.base);
  const Reg scratch = (in_rcx_ == kNoSlot && first != rcx) || first == rdx ? rcx : rdx;
  evict(scratch);
  return value_in(slot, scratch);
}

void BlockCompiler::evict(Reg reg) {
  Slot& holder = reg == rcx ? in_rcx_ : in_rdx_;
  if (holder == kNoSlot) return;
  code_.store(true, slot_cell(holder), reg);
  temps_[holder].reg = no_reg;
  holder = kNoSlot;
}

void BlockCompiler::release(unsigned index) {
  for (Slot* const holder : {&in_rcx_, &in_rdx_}) {
    if (*holder != kNoSlot && temps_[*holder].last_use <= index) *holder = kNoSlot;
  }
}

// The register to compute a new value in. For what has none, rax: end() stores it.
Reg BlockCompiler::begin(Slot dst) {
  if (!is_temp(dst)) return pinned(dst) != no_reg ? pinned(dst) : rax;
  release(index_);
  return in_rcx_ == kNoSlot ? rcx : in_rdx_ == kNoSlot ? rdx : rax;
}

void BlockCompiler::end(Slot dst, Reg reg, bool below) {
  if (is_temp(dst)) {
    Temp& temp = temps_[dst];
    temp.place = {};
    temp.below = below;
    temp.reg = reg == rax ? no_reg : reg;
    if (reg == rax) code_.store(true, slot_cell(dst), rax);
    if (reg == rcx) in_rcx_ = dst;
    if (reg == rdx) in_rdx_ = dst;
    return;
  }
  if (pinned(dst) == no_reg) code_.store(true, slot_cell(dst), reg);
  state_.places[dst] = {};
  state_.lazy &= ~bit(dst);
  state_.valid = below ? state_.valid | bit(dst) : state_.valid & ~bit(dst);
  state_.drift[dst] = 0;
}

void BlockCompiler::set_lazy(Slot dst, Place place) {
  if (is_temp(dst)) {
    temps_[dst].place = place;
    temps_[dst].reg = no_reg;
    if (place.kind == Place::offset) lazy_temps_.push_back(dst);
    return;
  }
  flags_source_changes(dst);
  if (place.kind == Place::offset && place.base == dst && place.imm == 0) place = {};
  state_.places[dst] = place;
  state_.lazy = place.kind == Place::home ? state_.lazy & ~bit(dst) : state_.lazy | bit(dst);
}

// The value of a register in a form that another may have lazily. Chains are not made: what is based on
// a home, is based on one that is not itself waiting for another register.
bool BlockCompiler::lazy_source(Slot slot, Place& place) const {
  place = place_of(slot);
  if (place.kind == Place::constant) return true;
  if (place.kind == Place::home) {
    if (is_temp(slot) || pinned(slot) == no_reg) return false;
    place = {Place::offset, slot, 0};
    return true;
  }
  const Place& of_base = state_.places[place.base];
  return of_base.kind != Place::offset || of_base.base == place.base;
}

// place + value; false if that cannot be said.
bool BlockCompiler::add_to(Place& place, std::int64_t value) const {
  const std::uint64_t sum = static_cast<std::uint64_t>(place.imm) + static_cast<std::uint64_t>(value);
  if (place.kind == Place::constant) {
    place.imm = static_cast<std::int64_t>(mask(sum));
    return true;
  }
  place.imm = wide_ ? static_cast<std::int64_t>(sum) : static_cast<std::int32_t>(sum);
  return fits(place.imm);
}

}  // namespace assay::machine
