// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What compilers without an optimiser leave for us: values pushed and popped within a block, variables
// loaded again and again, registers written in two steps. Two passes over a block:
//
// * forward: every slot has a value number, "root + offset". A load from where the block has stored or
//   loaded before takes the value from there. A store forgets what it may overlap: what has
//   the same root and overlaps, and everything with another root. Nothing else can change memory
//   inside a block, and an access that worked once works again.
// * backward: operations whose result nobody needs go. At every exit, and at every operation that can
//   fault, all guest registers and flags are needed.
#include "machine/ir/optimise.h"

#include <array>
#include <bitset>

#include "machine/ir/ir_eval.h"

namespace assay::machine {
namespace {

constexpr std::size_t kMostKnown = 32;

struct Number {
  std::uint32_t root = 0;
  std::int64_t offset = 0;
  bool operator==(const Number&) const = default;
};

/// A piece of memory whose contents are known.
struct Known {
  Number address;
  Width width;
  std::size_t at;  ///< the load or store, in the new code
  Slot copy;       ///< temporary that holds the value, once somebody wants it
};

class Forward {
 public:
  Forward(Block& block, unsigned address_bits) : block_(block), wide_(address_bits == 64) {
    for (unsigned slot = 0; slot < numbers_.size(); ++slot) numbers_[slot] = {fresh(), 0};
  }

  void run() {
    for (Ins ins : block_.code) {
      if (ins.op == Op::load || ins.op == Op::load_signed || ins.op == Op::load_signed_32) forward_load(ins);
      if (ins.op == Op::zero_extend || ins.op == Op::sign_extend || ins.op == Op::sign_extend_32)
        see_through(ins);
      const Number number = number_of(ins);
      code_.push_back(ins);
      if (ins.op == Op::store) note_store(ins);
      if (ins.dst >= kNoSlot) continue;
      numbers_[ins.dst] = number;
      booleans_[ins.dst] = ins.op == Op::set_if || ins.op == Op::get_flag;
      parts_[ins.dst] = {};
      if (ins.op == Op::deposit && (ins.imm & 63) == 0) {
        parts_[ins.dst] = {ins.b, numbers_[ins.b], static_cast<unsigned>(ins.imm >> 8), number.root};
      }
      if (ins.op == Op::load) remember({address(ins, before_), ins.width, code_.size() - 1, kNoSlot});
    }
    insert_copies();
  }

 private:
  struct Part {
    Slot slot = kNoSlot;
    Number number;
    unsigned bits = 0;
    std::uint32_t root = 0;
  };
  struct Copy {
    std::size_t at;
    Ins ins;
  };

  std::uint32_t fresh() { return next_root_++; }
  [[nodiscard]] std::int64_t cut(std::int64_t offset) const {
    return wide_ ? offset : static_cast<std::int32_t>(offset);
  }
  static Number constant(std::int64_t value) { return {0, value}; }

  // The number of an operation's result.
  Number number_of(const Ins& ins) {
    before_ = ins.a < kNoSlot ? numbers_[ins.a] : Number{};
    if (ins.op == Op::mov) return ins.b == kImmediate ? constant(cut(ins.imm)) : numbers_[ins.b];
    const bool natural = ins.width == (wide_ ? Width::w64 : Width::w32);
    if (ins.op == Op::add && natural && ins.b == kImmediate) {
      return {before_.root, cut(static_cast<std::int64_t>(static_cast<std::uint64_t>(before_.offset) +
                                                          static_cast<std::uint64_t>(ins.imm)))};
    }
    return {fresh(), 0};
  }
  [[nodiscard]] Number address(const Ins& ins, Number base) const {
    return {base.root, cut(static_cast<std::int64_t>(static_cast<std::uint64_t>(base.offset) +
                                                     static_cast<std::uint64_t>(ins.disp)))};
  }

  void remember(Known known) {
    if (known_.size() == kMostKnown) known_.erase(known_.begin());
    known_.push_back(known);
  }

  void note_store(const Ins& ins) {
    const Number at = address(ins, numbers_[ins.a]);
    const auto size = static_cast<std::int64_t>(bytes_of(ins.width));
    std::erase_if(known_, [&](const Known& known) {
      if (known.address.root != at.root) return true;
      const auto distance = static_cast<std::int64_t>(static_cast<std::uint64_t>(known.address.offset) -
                                                      static_cast<std::uint64_t>(at.offset));
      return cut(distance) < size && cut(distance) > -static_cast<std::int64_t>(bytes_of(known.width));
    });
    remember({at, ins.width, code_.size() - 1, kNoSlot});
  }

  // Turns a load into an operation on the value already at hand.
  void forward_load(Ins& ins) {
    const Number at = address(ins, numbers_[ins.a]);
    for (Known& known : known_) {
      if (known.address != at || known.width != ins.width) continue;
      const Ins& source = code_[known.at];
      Ins result;
      result.guest = ins.guest;
      result.dst = ins.dst;
      result.width = ins.width;
      if (source.op == Op::store && source.b == kImmediate) {
        result.op = Op::mov;
        result.b = kImmediate;
        const std::uint64_t value = truncate(ins.width, static_cast<std::uint64_t>(source.imm));
        const Op extension = ins.op == Op::load          ? Op::zero_extend
                             : ins.op == Op::load_signed ? Op::sign_extend
                                                         : Op::sign_extend_32;
        result.imm = static_cast<std::int64_t>(eval::unary(extension, ins.width, value));
        result.width = Width::w64;
        ins = result;
        return;
      }
      if (known.copy == kNoSlot && !copy_value(known)) return;
      const bool stored = source.op == Op::store;
      const Slot copy = known.copy;
      if (ins.op == Op::load_signed) {
        result.op = Op::sign_extend;
        result.a = copy;
      } else if (ins.op == Op::load_signed_32) {
        result.op = Op::sign_extend_32;
        result.a = copy;
      } else if (stored && ins.width != Width::w64) {
        // What was stored may be wider than the place it went to.
        result.op = Op::zero_extend;
        result.a = copy;
      } else {
        result.op = Op::mov;
        result.width = Width::w64;
        result.b = copy;
      }
      ins = result;
      return;
    }
  }

  // Keeps the value of a load or store in a temporary of its own.
  bool copy_value(Known& known) {
    const Ins& source = code_[known.at];
    const bool stored = source.op == Op::store;
    const Slot value = stored ? source.b : source.dst;
    if (value >= kFirstTemp) {
      known.copy = value;
      return true;
    }
    const unsigned temp = kFirstTemp + block_.temps;
    if (temp > kLastTemp) return false;
    ++block_.temps;
    known.copy = static_cast<Slot>(temp);
    Ins copy;
    copy.guest = source.guest;
    copy.dst = known.copy;
    copy.b = value;
    copies_.push_back({stored ? known.at : known.at + 1, copy});
    return true;
  }

  // The low bits of something just put together from low bits and the rest.
  void see_through(Ins& ins) {
    const Part& part = parts_[ins.a];
    if (part.slot != kNoSlot && part.root == numbers_[ins.a].root && numbers_[part.slot] == part.number &&
        part.bits >= bits_of(ins.width)) {
      ins.a = part.slot;
    }
    if (ins.op == Op::zero_extend && booleans_[ins.a]) {
      ins.op = Op::mov;
      ins.b = ins.a;
      ins.a = kNoSlot;
      ins.width = Width::w64;
    }
  }

  void insert_copies() {
    if (copies_.empty()) {
      block_.code = std::move(code_);
      return;
    }
    std::vector<Ins> all;
    all.reserve(code_.size() + copies_.size());
    for (std::size_t i = 0; i <= code_.size(); ++i) {
      for (const Copy& copy : copies_) {
        if (copy.at == i) all.push_back(copy.ins);
      }
      if (i < code_.size()) all.push_back(code_[i]);
    }
    block_.code = std::move(all);
  }

  Block& block_;
  bool wide_;
  std::uint32_t next_root_ = 1;  // 0 is the root of constants
  std::array<Number, 256> numbers_;
  std::array<Part, 256> parts_{};
  std::bitset<256> booleans_;
  Number before_;  ///< of operand a, before the destination changes
  std::vector<Ins> code_;
  std::vector<Known> known_;
  std::vector<Copy> copies_;
};

bool has_effect(const Ins& ins) { return is_exit(ins.op) || can_fault(ins.op); }

void backward(Block& block) {
  std::bitset<256> guest;
  for (unsigned slot = 0; slot < kFirstTemp; ++slot) guest.set(slot);
  std::bitset<256> live;
  bool flags_live = true;
  std::vector<Ins> kept;
  kept.reserve(block.code.size());
  for (std::size_t i = block.code.size(); i-- > 0;) {
    Ins& ins = block.code[i];
    if (has_effect(ins)) {
      live |= guest;
      flags_live = true;
    } else if (ins.op == Op::set_flags) {
      if (!flags_live) continue;
      flags_live = false;
    } else if (ins.dst < kNoSlot && !live[ins.dst] && ins.op != Op::unit) {
      continue;
    }
    if (ins.op == Op::get_flag || ins.op == Op::get_flags) flags_live = true;
    // "t = ...; r = t": the value can be made where it is wanted.
    if (ins.op == Op::mov && ins.b >= kFirstTemp && ins.b <= kLastTemp && !live[ins.b] && i > 0 &&
        block.code[i - 1].dst == ins.b && block.code[i - 1].op != Op::store) {
      block.code[i - 1].dst = ins.dst;
      continue;
    }
    if (ins.dst < kNoSlot) live.reset(ins.dst);
    for (const Slot slot : {ins.a, ins.b, ins.c}) {
      if (slot < kNoSlot) live.set(slot);
    }
    kept.push_back(ins);
  }
  block.code.assign(kept.rbegin(), kept.rend());
}

}  // namespace

void optimise(Block& block, unsigned address_bits) {
  Forward(block, address_bits).run();
  backward(block);
}

}  // namespace assay::machine
