// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The knight processor: sixteen registers of 16, 32 or 64 bits, bytes of memory from address 0, the highest
// byte of a number first. It does what the project's own machine does, also where its reference says
// otherwise (docs/machine/knight.md has the list).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "machine/engine/engine.h"
#include "machine/knight/instructions.h"

namespace assay::machine::knight {

inline constexpr std::size_t kRegisters = 16;

/// Sizes of registers that there are, in bits.
constexpr bool is_word_size(unsigned bits) { return bits == 16 || bits == 32 || bits == 64; }

/// A register's numbers, which lie in 64 bits with zeros above.
struct Word {
  unsigned bits = 32;

  [[nodiscard]] constexpr std::uint64_t trim(std::uint64_t value) const {
    return bits == 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
  }
  [[nodiscard]] constexpr std::int64_t as_signed(std::uint64_t value) const {
    const unsigned unused = 64 - bits;
    return static_cast<std::int64_t>(value << unused) >> unused;
  }
  [[nodiscard]] constexpr unsigned bytes() const { return bits / 8; }
};

/// What the calls of devices reach. They say themselves why they return false.
class Devices {
 public:
  virtual ~Devices() = default;
  virtual bool open_read(std::uint64_t device) = 0;
  virtual bool open_write(std::uint64_t device) = 0;
  virtual bool close(std::uint64_t device) = 0;
  virtual bool rewind(std::uint64_t device) = 0;
  /// -1: there is no more, or no such device.
  virtual bool get(std::uint64_t device, int& byte) = 0;
  virtual bool put(std::uint64_t device, Byte byte) = 0;
};

enum class Event : std::uint8_t {
  done,
  halted,
  fetch_fault,  ///< the instruction is not in memory, or not all of it
  memory_fault,
  unknown_instruction,
  arithmetic_fault,
  device_fault,
};

class Processor {
 public:
  /// `bits` is a word size. Memory and devices must outlive it.
  Processor(unsigned bits, std::span<Byte> memory, Devices& devices)
      : word_{bits}, memory_(memory), devices_(devices), read_(kRead) {}

  /// The instruction at cpu.pc, which then is that of the next one. Where it stops, pc stays, and other
  /// registers may have changed; cpu.fault_address is that of a memory_fault.
  Event step(Cpu& cpu);

  /// The bytes of the instruction at `pc`: fewer than it has where memory ends.
  [[nodiscard]] Bytes instruction_at(std::uint64_t pc) const;

  [[nodiscard]] std::span<const Byte> memory() const { return memory_; }

 private:
  /// An instruction that was read, with the bytes from its first one on.
  struct Read {
    std::array<Byte, kLongest> bytes{};
    Instruction instruction;
  };
  static constexpr std::size_t kRead = 1024;

  /// Null if not all of it is in memory; good until the next one is fetched.
  const Read* fetch(std::uint64_t pc);
  Event execute(Cpu& cpu, const Instruction& instruction, std::uint64_t& next);
  Event with_carry(Cpu& cpu, const Instruction& instruction) const;
  Event with_borrow(Cpu& cpu, const Instruction& instruction) const;
  Event in_two(Cpu& cpu, const Instruction& instruction) const;
  Event choose(Cpu& cpu, const Instruction& instruction) const;
  Event calculate(Cpu& cpu, const Instruction& instruction) const;
  Event of_one(Cpu& cpu, const Instruction& instruction) const;
  Event access(Cpu& cpu, const Instruction& instruction, std::uint64_t next);
  Event stack(Cpu& cpu, const Instruction& instruction);
  Event go(Cpu& cpu, const Instruction& instruction, std::uint64_t& next);
  Event enter(Cpu& cpu, const Instruction& instruction, std::uint64_t& next);
  Event value(Cpu& cpu, const Instruction& instruction, std::uint64_t next) const;
  Event device(Cpu& cpu, const Instruction& instruction);

  /// True if memory has all bytes from an address on, and one more behind them: the machine wants that.
  bool reaches(Cpu& cpu, std::uint64_t address, unsigned bytes) const;
  [[nodiscard]] std::uint64_t load(std::uint64_t address, unsigned bytes, bool is_signed) const;
  void store(std::uint64_t address, unsigned bytes, std::uint64_t value);
  [[nodiscard]] unsigned size_of(const Row& row) const { return row.kind == 0 ? word_.bytes() : row.kind; }
  [[nodiscard]] std::uint64_t instruction_size_at(std::uint64_t address) const;

  Word word_;
  std::span<Byte> memory_;
  Devices& devices_;
  std::vector<Read> read_;  ///< by address; good where memory still has those bytes
  Read last_;               ///< at memory's end, where fewer bytes follow
};

}  // namespace assay::machine::knight
