// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an instruction set brings: one row, one decoder. Adding one is adding machine/NAME.cpp with a
// `const Isa kName` and a line in isa.cpp's table; both engines and the kernel work from the row.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string_view>

#include "core/bytes.h"
#include "machine/ir/builder.h"
#include "machine/ir/ir.h"

namespace assay::machine {

/// Which system call numbers programs of an instruction set use.
enum class Abi : std::uint8_t {
  generic64,  ///< riscv64
  aarch64,    ///< that, and what its older programs need
  generic32,  ///< riscv32
  amd64,
  x86,
  arm,  ///< EABI
};

/// A unit beside the processor, for Op::unit: reads and writes the guest slots that are its own and no
/// other operation writes, and the words from slots[kUnitWords] on.
using UnitFunction = std::uint64_t (*)(std::uint64_t* slots, std::uint64_t operation, std::uint64_t a,
                                       std::uint64_t b);

/// What a decoder says besides a length.
inline constexpr int kUnknownInstruction = 0;
inline constexpr int kNeedMoreBytes = -1;

/// Translates the one guest instruction at `pc`, whose bytes are the first of `code` (up to
/// Isa::max_length; fewer only where executable memory ends). Gives its length in bytes, or one of the
/// two constants above; then it has appended nothing that matters: the translator throws it away.
/// It must not depend on anything but its arguments.
using Decode = int (*)(BlockBuilder& builder, std::uint64_t pc, ByteView code);

struct Isa {
  std::string_view name;  ///< "riscv64"
  std::uint16_t elf_machine = 0;
  std::uint8_t address_bits = 64;  ///< 32: addresses wrap at 4 GiB, registers are kept zero-extended
  std::uint8_t alignment = 1;      ///< of instructions; a jump elsewhere is a fault of the guest
  std::uint8_t max_length = 4;     ///< bytes of the longest instruction
  /// Why a jump to an address off that alignment cannot be followed, for messages; may be empty.
  std::string_view misaligned;
  /// On Linux every readable page is executable (i386 without PT_GNU_STACK).
  bool read_implies_execute = false;
  /// Programs keep constants between their instructions and load them from there.
  bool inline_literals = false;
  Decode decode = nullptr;
  UnitFunction unit = nullptr;  ///< if the decoder writes Op::unit

  /// Names of the guest's registers: slot i is registers[i]. At most kFirstTemp.
  std::span<const std::string_view> registers;
  /// Letters of the flags for people: carry, parity, adjust, zero, sign, overflow; '-' or nothing for those
  /// that the guest does not have.
  std::string_view flag_letters;
  Slot stack_pointer = 0;
  /// A register that always reads 0 and that the decoder never names, or kNoSlot.
  Slot zero = kNoSlot;
  /// Registers that a translator should keep in host registers, most important first.
  std::span<const Slot> hot;

  Abi abi{};                        ///< system call numbers
  Slot call_number = 0;             ///< register with the number
  std::array<Slot, 6> arguments{};  ///< registers with the arguments
  Slot call_result = 0;
  std::string_view uname;  ///< "riscv64", "x86_64"
};

/// Every known instruction set.
std::span<const Isa* const> all_isas();
/// The one of an ELF header (class 1 = 32-bit, 2 = 64-bit); nullptr if unknown.
const Isa* find_isa(std::uint16_t elf_machine, unsigned elf_class);
const Isa* find_isa(std::string_view name);

/// Gives the executable bytes at an address: at most `most`, fewer at the end of what is executable,
/// none where nothing is.
using Fetch = std::function<ByteView(std::uint64_t pc, std::size_t most)>;

/// Translates the block at `pc`: at most `most` guest instructions. One gives a single step.
/// The result depends on the bytes fetched and the arguments only. An instruction that cannot be
/// fetched or decoded becomes a trap: first in the block, or after the ones before it.
Block translate(const Isa& isa, std::uint64_t pc, unsigned most, const Fetch& fetch);

/// Of `code`, which starts with the instruction at `pc`: the bytes of that one; of one that is unknown, those
/// by which it is.
ByteView instruction_bytes(const Isa& isa, std::uint64_t pc, ByteView code);

/// The text of a block, for tests and traces: one line an Ins.
std::string to_text(const Isa& isa, const Block& block);

}  // namespace assay::machine
