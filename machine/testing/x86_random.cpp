// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The random x86 programs as a whole.
#include "machine/testing/x86_random_generator.h"

namespace assay::machine::test {

// What may stand behind a jump that skips it.
void Generator::simple() {
  switch (below(4)) {
    case 0: return alu();
    case 1: return moves();
    case 2: return not_or_neg();
    default: return increment();
  }
}

void Generator::instruction() {
  using Group = void (Generator::*)();
  static constexpr Group kGroups[] = {
      &Generator::alu,         &Generator::alu,
      &Generator::alu,         &Generator::alu_accumulator,
      &Generator::test_bits,   &Generator::increment,
      &Generator::not_or_neg,  &Generator::multiply,
      &Generator::divide,      &Generator::shift,
      &Generator::shift,       &Generator::shift_double,
      &Generator::bit_test,    &Generator::bit_scan,
      &Generator::conditional, &Generator::conditional,
      &Generator::moves,       &Generator::moves,
      &Generator::extends,     &Generator::load_address,
      &Generator::exchange,    &Generator::compare_exchange,
      &Generator::stack,       &Generator::compare_exchange_pair,
      &Generator::frames,      &Generator::flag_words,
      &Generator::accumulator, &Generator::strings,
      &Generator::calls,       &Generator::loops,
      &Generator::decimal,     &Generator::nothing,
      &Generator::stack,
  };
  (this->*kGroups[below(std::size(kGroups))])();
}

void Generator::prologue() {
  move_constant(kSp, layout_.stack + kRandomStack + 1024);
  emit({0x68});
  emit_number(any() & (kAllFlags | 0x400), 4);
  emit({0x9D});
  for (unsigned reg = 0; reg < registers(); ++reg) {
    if (reg != kSp) move_constant(reg, number(natural()));
  }
  move_constant(kSp, layout_.stack + kRandomStack / 2 + std::uint64_t{2} * below(16));
}

void Generator::epilogue() {
  const std::uint64_t step = is64_ ? 8 : 4;
  for (unsigned reg = 0; reg < registers(); ++reg) store_register(layout_.registers + step * reg, reg);
  move_constant(kSp, layout_.stack + kRandomStack + 1024);
  emit({0x9C});
  emit(is64_ ? Bytes{0x8F, 0x04, 0x25} : Bytes{0x8F, 0x05});
  emit_number(layout_.flags, 4);
  const auto size = static_cast<std::uint64_t>(layout_.stack + kRandomStack - layout_.registers);
  if (is64_) {
    move_constant(kAx, 1);
    move_constant(kDi, 1);
    move_constant(kSi, layout_.registers);
    move_constant(kDx, size);
    emit({0x0F, 0x05});
  } else {
    move_constant(kAx, 4);
    move_constant(kBx, 1);
    move_constant(kCx, layout_.registers);
    move_constant(kDx, size);
    emit({0xCD, 0x80});
  }
}

void Generator::finish(RandomProgram& program) {
  move_constant(kAx, is64_ ? 60 : 1);
  move_constant(is64_ ? kDi : kBx, 0);
  emit(is64_ ? Bytes{0x0F, 0x05} : Bytes{0xCD, 0x80});
  Bytes data;
  for (unsigned i = 0; i < kDataSize; ++i) data.push_back(code_byte(below(256)));
  program.elf = make_x86_elf(is64_, code_, data);
}

RandomProgram Generator::run(unsigned snippets, unsigned instructions) {
  RandomProgram program;
  program.is64 = is64_;
  address_ = kX86CodeAddress;
  for (unsigned i = 0; i < snippets; ++i) {
    prologue();
    undefined_ = 0;
    const std::size_t start = code_.size();
    const unsigned count = 1 + below(instructions);
    for (unsigned k = 0; k < count; ++k) instruction();
    program.snippets.push_back({address_ + start,
                                Bytes(code_.begin() + static_cast<std::ptrdiff_t>(start), code_.end()),
                                undefined_});
    epilogue();
  }
  finish(program);
  program.forms = std::move(forms_);
  return program;
}

RandomProgram make_random_program(bool is64, std::uint64_t seed, unsigned snippets, unsigned instructions) {
  return Generator(is64, seed).run(snippets, instructions);
}

}  // namespace assay::machine::test
