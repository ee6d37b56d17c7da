// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a comment or the name of a DEFINE says about machine code, held against the code. One file an
// instruction set knows how its authors write: a name that it does not understand claims nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "disassembly/disassembly.h"

namespace assay::bootstrap::lint {

/// Where a claim departs from the code.
enum class Fault : std::uint8_t {
  none,
  instruction,  ///< another instruction, or other registers
  number,       ///< another immediate or displacement
  width,        ///< the number behind it has another size
};

struct Judgement {
  Fault fault = Fault::none;
  std::string actual;                        ///< what the code is, as the disassembler writes it
  std::optional<std::string> label;          ///< the label that the claim says it refers to
  std::optional<std::uint64_t> label_value;  ///< the address it refers to
};

struct Code {
  ByteView bytes;
  std::uint64_t address = 0;
  /// The bytes are the front of an instruction (the value of a DEFINE): what comes behind is not known.
  bool front_only = false;
};

/// Nothing where `words` claims nothing, or nothing that is understood.
using Judge = std::optional<Judgement> (*)(std::string_view words, const Code& code,
                                           const disassembly::Disassembler& disassembler);

std::optional<Judgement> judge_x86(std::string_view words, const Code& code,
                                   const disassembly::Disassembler& disassembler);
std::optional<Judgement> judge_aarch64(std::string_view words, const Code& code,
                                       const disassembly::Disassembler& disassembler);
std::optional<Judgement> judge_riscv(std::string_view words, const Code& code,
                                     const disassembly::Disassembler& disassembler);

/// The number of a RISC-V register: "a0", "x10"; nothing for other words.
std::optional<unsigned> riscv_register(std::string_view name);

/// The one for an architecture; nothing where nobody knows how its authors write.
Judge find_judge(std::string_view architecture);

}  // namespace assay::bootstrap::lint
