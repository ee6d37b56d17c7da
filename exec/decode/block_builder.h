// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Collects the operations of one block and makes fewer of them as they come: constants are carried
// forward, addresses folded into loads, a push and its pop next to each other made one, values that nothing
// uses not made.
#pragma once

#include <array>
#include <optional>

#include "exec/state/code.h"

namespace assay::exec {

class BlockBuilder {
 public:
  BlockBuilder(unsigned word_bytes, std::uint64_t address) : word_bytes_(word_bytes) {
    block_.address = address;
  }

  void emit(Operation operation);

  void set(Register d, std::int64_t value) { emit({.op = Op::set, .d = d, .immediate = value}); }
  void move(Register d, Register a) { emit({.op = Op::move, .d = d, .a = a}); }
  void two(Op op, Register d, Register a, Register b) { emit({.op = op, .d = d, .a = a, .b = b}); }
  void constant(Op op, Register d, Register a, std::int64_t value) {
    emit({.op = op, .d = d, .a = a, .immediate = value});
  }
  void compare(Condition condition, Register d, Register a, Register b) {
    emit({.op = Op::compare, .d = d, .a = a, .b = b, .condition = condition});
  }
  void branch(Condition condition, Register a, Register b, std::uint64_t target) {
    emit({.op = Op::branch,
          .a = a,
          .b = b,
          .condition = condition,
          .immediate = static_cast<std::int64_t>(target)});
  }
  void jump(std::uint64_t target) { emit({.op = Op::jump, .immediate = static_cast<std::int64_t>(target)}); }

  /// From one address to another of a program that ends at `end`. A block need not end with a jump forward,
  /// where no loop begins, if it is short yet: then it goes on there, which is returned. Else 0, and it ends
  /// with the jump.
  [[nodiscard]] std::uint64_t go_to(std::uint64_t from, std::uint64_t to, std::uint64_t end) {
    constexpr std::size_t kShort = 80;
    if (to > from && to < end && size() < kShort) return to;
    jump(to);
    return 0;
  }
  /// What a register is known to hold here.
  [[nodiscard]] std::optional<std::int64_t> known(Register reg) const;
  [[nodiscard]] std::size_t size() const { return block_.operations.size(); }

  /// A call of the system by the number in a register. False if that is known to be one of two which end the
  /// program: then the block has ended, for there may be data behind it, which the program may write.
  [[nodiscard]] bool system_call(std::uint64_t behind, Register number, std::int64_t end,
                                 std::int64_t other_end) {
    const std::optional<std::int64_t> is = known(number);
    emit({.op = Op::system_call, .immediate = static_cast<std::int64_t>(behind)});
    if (is != end && is != other_end) return true;
    emit({.op = Op::unknown, .immediate = static_cast<std::int64_t>(behind)});
    return false;
  }
  /// A register besides the program's own that others read behind the block.
  void keep(Register reg) { lasting_ |= std::uint64_t{1} << reg; }

  /// Ends the block: the last operation must be one that never goes on.
  Block finish() {
    drop_unused();
    return std::move(block_);
  }

 private:
  [[nodiscard]] std::int64_t wrap(std::int64_t value) const {
    return word_bytes_ == 4 ? static_cast<std::int64_t>(static_cast<std::uint32_t>(value)) : value;
  }
  void fold_constants(Operation& operation) const;
  void fold_test(Operation& operation);
  bool fold_address(Operation& operation);
  void fold_source(Operation& operation);
  bool fold_stack(Operation& operation);
  bool fold_pop(const Operation& pop);
  void learn(const Operation& operation);
  void drop_unused();
  void forget(Register reg) { known_[reg] = std::nullopt; }

  unsigned word_bytes_;
  std::uint64_t lasting_ = (std::uint64_t{1} << kZero) - 1;  ///< the program's registers, and those kept
  Block block_;
  Register next_kept_ = kFirstKept;  ///< the next register for a value set aside
  std::array<std::optional<std::int64_t>, kRegisters> known_{};
};

/// Bytes that a load or store moves.
unsigned width_of(Op op);

}  // namespace assay::exec
