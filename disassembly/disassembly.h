// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Machine code as people read it: LLVM's disassemblers. For texts and for comparing what a source says with
// what its bytes are; no verdict of the roads depends on it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace assay::disassembly {

struct Instruction {
  std::uint64_t address = 0;
  ByteView bytes;                     ///< part of what was given
  std::string mnemonic;               ///< empty: these bytes are no instruction
  std::vector<std::string> operands;  ///< the first is written to, as a rule; x86 in Intel's order
  std::optional<std::uint64_t>
      target;  ///< address that a jump, branch or call names; the last operand then is this

  /// "mov rdi, rax"; empty where the bytes are no instruction.
  [[nodiscard]] std::string text() const;
};

/// The disassembler of one architecture; making one takes a little while, so who asks often keeps it.
class Disassembler {
 public:
  /// A name of the bootstrap's architectures in any letter case (x86, amd64, aarch64, armv7l, riscv32,
  /// riscv64), or x86-16 for boot sectors; nothing for others.
  static std::optional<Disassembler> open(std::string_view architecture);

  /// All of `code`, byte for byte: where there is no instruction, the shortest piece that could be one.
  [[nodiscard]] std::vector<Instruction> disassemble(ByteView code, std::uint64_t address) const;

 private:
  struct Context;
  struct Close {
    void operator()(Context* context) const;
  };
  explicit Disassembler(std::unique_ptr<Context, Close> context);
  std::unique_ptr<Context, Close> context_;
};

/// Once: empty for an architecture that is not known.
std::vector<Instruction> disassemble(ByteView code, std::string_view architecture, std::uint64_t address);

}  // namespace assay::disassembly
