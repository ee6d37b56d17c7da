// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cc/exec/program.h"

#include <algorithm>

namespace assay::exec {
namespace {

constexpr CallConvention kGeneric64Calls{8, {0, 1, 2, 3, 4, 5}, 0};
constexpr CallConvention kRiscvCalls{17, {10, 11, 12, 13, 14, 15}, 10};
constexpr std::array<InstructionSet, 5> kSets{{
    {"x86", 3, 4, decode_x86, 4, {0, {3, 1, 2, 6, 7, 5}, 0}},
    {"AMD64", 62, 8, decode_x86, 4, {0, {7, 6, 2, 10, 8, 9}, 0}},
    {"AArch64", 183, 8, decode_a64, 31, kGeneric64Calls},
    {"riscv32", 243, 4, decode_riscv, 2, kRiscvCalls},
    {"riscv64", 243, 8, decode_riscv, 2, kRiscvCalls},
}};

}  // namespace

const InstructionSet* find_instruction_set(unsigned elf_machine, unsigned word_bytes) {
  const auto* const found = std::find_if(kSets.begin(), kSets.end(), [=](const InstructionSet& set) {
    return set.elf_machine == elf_machine && set.word_bytes == word_bytes;
  });
  return found == kSets.end() ? nullptr : found;
}

const Operation* Program::at(std::uint64_t address) {
  if (address < image_.base() || address >= image_.end()) return nullptr;
  const Operation*& start = starts_[address - image_.base()];
  if (start == nullptr) start = blocks_.emplace_back(set_.decode(image_, address)).operations.data();
  return start;
}

const Operation* Program::goal(const Operation& jump) {
  const auto at_address = static_cast<std::uint64_t>(jump.immediate);
  if (jump.target == nullptr) {
    auto& own = const_cast<Operation&>(jump);  // of one of our blocks
    own.target = jump.op == Op::jump && jump.extra != 0 ? loop_at(at_address) : at(at_address);
  }
  return jump.target;
}

const Operation* Program::loop_at(std::uint64_t address) {
  const auto [place, fresh] = loop_starts_.try_emplace(address, nullptr);
  if (!fresh) return place->second;
  const Operation*& head = loop_starts_[address];
  head = at(address);
  if (head == nullptr) return nullptr;
  std::optional<Loop> loop = find_loop(*this, address, set_.word_bytes);
  if (!loop) return head;
  loops_.push_back(std::move(*loop));
  head = &heads_.emplace_back(Operation{.op = Op::fill,
                                        .extra = static_cast<std::uint32_t>(loops_.size() - 1),
                                        .immediate = static_cast<std::int64_t>(address),
                                        .target = head});
  return head;
}

}  // namespace assay::exec
