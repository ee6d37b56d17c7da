// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fetching, memory, and where to go on; arithmetic.cpp has the rest.
#include "machine/knight/processor.h"

#include <algorithm>
#include <cstring>

#include "machine/knight/conditions.h"

namespace assay::machine::knight {

Bytes Processor::instruction_at(std::uint64_t pc) const {
  Bytes bytes;
  for (std::uint64_t at = word_.trim(pc); at < memory_.size(); at = word_.trim(at + 1)) {
    bytes.push_back(memory_[at]);
    if (bytes.size() == length_of(bytes[0])) break;
  }
  return bytes;
}

// Programs may change themselves: bytes are compared each time.
const Processor::Read* Processor::fetch(std::uint64_t pc) {
  const bool is_inside = pc < memory_.size() && memory_.size() - pc >= kLongest;
  if (is_inside && word_.trim(pc + kLongest) == pc + kLongest) {
    Read& read = read_[pc / 2 % kRead];
    const Byte* const bytes = &memory_[pc];
    if (std::memcmp(read.bytes.data(), bytes, kLongest) != 0 || read.instruction.row == nullptr) {
      std::memcpy(read.bytes.data(), bytes, kLongest);
      read.instruction = decode(read.bytes);
    }
    return &read;
  }
  const Bytes bytes = instruction_at(pc);
  if (bytes.empty() || bytes.size() < length_of(bytes[0])) return nullptr;
  std::copy(bytes.begin(), bytes.end(), last_.bytes.begin());
  last_.instruction = decode(bytes);
  return &last_;
}

Event Processor::step(Cpu& cpu) {
  const Read* const read = fetch(cpu.pc);
  if (read == nullptr) return Event::fetch_fault;
  const Instruction& instruction = read->instruction;
  if (instruction.row == nullptr) return Event::unknown_instruction;
  std::uint64_t next = word_.trim(cpu.pc + length_of(read->bytes[0]));
  const Event event = execute(cpu, instruction, next);
  if (event == Event::done || event == Event::halted) cpu.pc = word_.trim(next);
  return event;
}

Event Processor::execute(Cpu& cpu, const Instruction& instruction, std::uint64_t& next) {
  switch (instruction.row->op) {
    case Op::nop: return Event::done;
    case Op::halt: return Event::halted;
    case Op::add_carry: return with_carry(cpu, instruction);
    case Op::subtract_borrow: return with_borrow(cpu, instruction);
    case Op::multiply:
    case Op::divide: return in_two(cpu, instruction);
    case Op::mux:
    case Op::sort: return choose(cpu, instruction);
    case Op::add:
    case Op::subtract:
    case Op::compare:
    case Op::multiply_low:
    case Op::multiply_high:
    case Op::quotient:
    case Op::rest:
    case Op::maximum:
    case Op::minimum:
    case Op::logic:
    case Op::shift: return calculate(cpu, instruction);
    case Op::load:
    case Op::store: return access(cpu, instruction, next);
    case Op::negate:
    case Op::absolute:
    case Op::negative_absolute:
    case Op::swap:
    case Op::copy:
    case Op::move:
    case Op::complement: return of_one(cpu, instruction);
    case Op::push:
    case Op::pop: return stack(cpu, instruction);
    case Op::compare_jump:
    case Op::compare_skip:
    case Op::set_if:
    case Op::jump_if:
    case Op::jump:
    case Op::jump_register: return go(cpu, instruction, next);
    case Op::branch:
    case Op::call:
    case Op::call_immediate:
    case Op::push_pc:
    case Op::pop_pc: return enter(cpu, instruction, next);
    case Op::read_pc:
    case Op::read_scid:
    case Op::constant:
    case Op::immediate: return value(cpu, instruction, next);
    case Op::open_read:
    case Op::open_write:
    case Op::close:
    case Op::rewind:
    case Op::get:
    case Op::put:
    case Op::memory_size: return device(cpu, instruction);
  }
  return Event::unknown_instruction;
}

bool Processor::reaches(Cpu& cpu, std::uint64_t address, unsigned bytes) const {
  if (address < memory_.size() && word_.trim(address + bytes) < memory_.size()) return true;
  cpu.fault_address = address;
  return false;
}

std::uint64_t Processor::load(std::uint64_t address, unsigned bytes, bool is_signed) const {
  std::uint64_t number = 0;
  for (unsigned i = 0; i < bytes; ++i) number = number << 8 | memory_[word_.trim(address + i)];
  return is_signed ? word_.trim(static_cast<std::uint64_t>(Word{bytes * 8}.as_signed(number))) : number;
}

void Processor::store(std::uint64_t address, unsigned bytes, std::uint64_t value) {
  for (unsigned i = bytes; i-- > 0; value >>= 8)
    memory_[word_.trim(address + i)] = static_cast<Byte>(value & 0xFF);
}

// Registers of 16 bits have no instructions for 32.
Event Processor::access(Cpu& cpu, const Instruction& instruction, std::uint64_t next) {
  const Row& row = *instruction.row;
  const auto [a, b, c, d] = instruction.registers;
  const unsigned bytes = size_of(row);
  if (bytes > word_.bytes()) return Event::unknown_instruction;
  const std::uint64_t base = row.form == Form::ai ? next : cpu.slots[b];
  const std::uint64_t more =
      row.form == Form::abc ? cpu.slots[c] : static_cast<std::uint64_t>(instruction.immediate);
  const std::uint64_t address = word_.trim(base + more);
  if (!reaches(cpu, address, bytes)) return Event::memory_fault;
  if (row.op == Op::store) {
    store(address, bytes, cpu.slots[a]);
  } else {
    cpu.slots[a] = load(address, bytes, row.is_signed);
  }
  return Event::done;
}

// Stacks grow upward; what is taken from one is cleared there.
Event Processor::stack(Cpu& cpu, const Instruction& instruction) {
  const Row& row = *instruction.row;
  std::uint64_t& top = cpu.slots[instruction.registers[1]];
  const unsigned bytes = size_of(row);
  if (bytes > word_.bytes()) return Event::unknown_instruction;
  if (row.op == Op::push) {
    if (!reaches(cpu, top, bytes)) return Event::memory_fault;
    store(top, bytes, cpu.slots[instruction.registers[0]]);
    top = word_.trim(top + bytes);
    return Event::done;
  }
  const std::uint64_t address = word_.trim(top - bytes);
  if (!reaches(cpu, address, bytes)) return Event::memory_fault;
  const std::uint64_t number = load(address, bytes, row.is_signed);
  store(address, bytes, 0);
  top = address;
  cpu.slots[instruction.registers[0]] = number;
  return Event::done;
}

// Where memory ends behind a comparison, the next fetch is what fails.
std::uint64_t Processor::instruction_size_at(std::uint64_t address) const {
  return word_.trim(address) < memory_.size() ? length_of(memory_[word_.trim(address)]) : kShortest;
}

Event Processor::go(Cpu& cpu, const Instruction& instruction, std::uint64_t& next) {
  const Row& row = *instruction.row;
  const auto [a, b, c, d] = instruction.registers;
  const auto condition = static_cast<Condition>(row.kind);
  const auto distance = static_cast<std::uint64_t>(instruction.immediate);
  switch (row.op) {
    case Op::compare_jump:
      if (holds(word_, condition, cpu.slots[a], cpu.slots[b], row.is_signed))
        next = row.form == Form::abc ? cpu.slots[c] : next + distance;
      return Event::done;
    case Op::compare_skip: {
      // An immediate has its sign only where order matters and is signed.
      const bool has_sign =
          row.is_signed && condition != Condition::equal && condition != Condition::not_equal;
      const std::uint64_t immediate =
          has_sign ? word_.trim(distance) : static_cast<std::uint16_t>(instruction.immediate);
      const std::uint64_t right = row.form == Form::ab ? cpu.slots[b] : immediate;
      if (holds(word_, condition, cpu.slots[a], right, row.is_signed)) next += instruction_size_at(next);
      return Event::done;
    }
    case Op::set_if: cpu.slots[b] = holds(word_, condition, cpu.slots[a]) ? word_.trim(distance) : 0; break;
    case Op::jump_if:
      if (holds(word_, condition, cpu.slots[a])) next += distance;
      break;
    case Op::jump: next += distance; break;
    default: next = cpu.slots[a]; break;  // jump_register
  }
  return Event::done;
}

// What remembers where it came from, and what goes back there.
Event Processor::enter(Cpu& cpu, const Instruction& instruction, std::uint64_t& next) {
  const Op op = instruction.row->op;
  const std::uint64_t bytes = word_.bytes();
  const bool has_target = op == Op::branch || op == Op::call;
  std::uint64_t& top = cpu.slots[instruction.registers[has_target ? 1 : 0]];
  const std::uint64_t address = op == Op::pop_pc ? word_.trim(top - bytes) : top;
  if (!reaches(cpu, address, word_.bytes())) return Event::memory_fault;
  if (op == Op::pop_pc) {
    top = address;
    next = load(address, word_.bytes(), false);
    store(address, word_.bytes(), 0);
    return Event::done;
  }
  store(address, word_.bytes(), next);
  if (op != Op::branch) top = word_.trim(top + bytes);
  if (has_target) next = cpu.slots[instruction.registers[0]];
  if (op == Op::call_immediate) next += static_cast<std::uint64_t>(instruction.immediate);
  return Event::done;
}

Event Processor::value(Cpu& cpu, const Instruction& instruction, std::uint64_t next) const {
  std::uint64_t& to = cpu.slots[instruction.registers[0]];
  switch (instruction.row->op) {
    case Op::read_pc: to = next; break;
    case Op::read_scid: to = word_.bits == 16 ? 1 : word_.bits == 32 ? 2 : 3; break;
    case Op::constant: to = instruction.row->kind == 0 ? 0 : word_.trim(~std::uint64_t{0}); break;
    default: to = word_.trim(static_cast<std::uint64_t>(instruction.immediate)); break;
  }
  return Event::done;
}

Event Processor::device(Cpu& cpu, const Instruction& instruction) {
  std::uint64_t& first = cpu.slots[0];
  const std::uint64_t second = cpu.slots[1];
  bool good = true;
  int byte = -1;
  switch (instruction.row->op) {
    case Op::open_read: good = devices_.open_read(first); break;
    case Op::open_write: good = devices_.open_write(first); break;
    case Op::close: good = devices_.close(first); break;
    case Op::rewind: good = devices_.rewind(first); break;
    case Op::get:
      good = devices_.get(second, byte);
      if (good) first = word_.trim(static_cast<std::uint64_t>(std::int64_t{byte}));
      break;
    case Op::put: good = devices_.put(second, static_cast<Byte>(first & 0xFF)); break;
    default: first = word_.trim(memory_.size()); break;
  }
  return good ? Event::done : Event::device_fault;
}

}  // namespace assay::machine::knight
