// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/testing/x86_random_emitter.h"

#include <fmt/format.h>

namespace assay::machine::test {
namespace {

constexpr unsigned kSp = 4;

}  // namespace

std::uint64_t Emitter::number(Width w) {
  static constexpr std::uint64_t kEdges[] = {0,
                                             1,
                                             2,
                                             7,
                                             8,
                                             0x7F,
                                             0x80,
                                             0xFF,
                                             0x100,
                                             0x7FFF,
                                             0x8000,
                                             0xFFFF,
                                             0x10000,
                                             0x7FFFFFFF,
                                             0x80000000,
                                             0xFFFFFFFF,
                                             0x100000000,
                                             0x7FFFFFFFFFFFFFFF,
                                             0x8000000000000000,
                                             ~0ULL,
                                             ~0ULL - 1};
  std::uint64_t value = any();
  if (chance(3)) value = kEdges[below(std::size(kEdges))];
  if (chance(6)) value = static_cast<std::uint64_t>(static_cast<std::int64_t>(any() % 64) - 32);
  return truncate(w, value);
}

Width Emitter::width(bool with_byte) {
  const unsigned low = with_byte ? 0 : 1;
  return static_cast<Width>(low + below((is64_ ? 4 : 3) - low));
}

unsigned Emitter::general(unsigned reserved) {
  for (;;) {
    const unsigned reg = below(registers());
    if (reg != kSp && (reserved >> reg & 1) == 0) return reg;
  }
}

Bytes Emitter::little_endian(std::uint64_t value, unsigned bytes) {
  Bytes result;
  for (unsigned i = 0; i < bytes; ++i) result.push_back(static_cast<Byte>(value >> (8 * i)));
  return result;
}

void Emitter::emit_number(std::uint64_t value, unsigned bytes) { emit(little_endian(value, bytes)); }

// As long as an instruction of that width has it.
Bytes Emitter::random_immediate(Width w) {
  const Width stored = w == Width::w64 ? Width::w32 : w;
  return little_endian(number(stored), bytes_of(stored));
}

void Emitter::move_constant(unsigned reg, std::uint64_t value) {
  if (is64_) code_.push_back(static_cast<Byte>(0x48 | (reg >> 3)));
  code_.push_back(static_cast<Byte>(0xB8 | (reg & 7)));
  emit_number(value, is64_ ? 8 : 4);
}

void Emitter::store_register(std::uint64_t address, unsigned reg) {
  if (is64_) {
    emit({static_cast<Byte>(0x48 | (reg >> 3 << 2)), 0x89, static_cast<Byte>(4 | ((reg & 7) << 3)), 0x25});
  } else {
    emit({0x89, static_cast<Byte>(5 | (reg << 3))});
  }
  emit_number(address, 4);
}

void Emitter::load_register(unsigned reg, std::uint64_t address, Width w) {
  if (is64_) {
    emit({static_cast<Byte>((w == Width::w64 ? 0x48 : 0x40) | (reg >> 3 << 2)), 0x8B,
          static_cast<Byte>(4 | ((reg & 7) << 3)), 0x25});
  } else {
    emit({0x8B, static_cast<Byte>(5 | (reg << 3))});
  }
  emit_number(address, 4);
}

// An instruction without ModRM; prefixes that follow from the width go first.
void Emitter::plain(const std::string& name, const Bytes& bytes, Width w) {
  if (w == Width::w16) code_.push_back(0x66);
  if (w == Width::w64 && is64_) code_.push_back(0x48);
  emit(bytes);
  form(name);
}

// cmp defines all six.
void Emitter::need_flags(std::uint64_t mask) {
  if ((undefined_ & mask) == 0) return;
  emit({0x3C, static_cast<Byte>(any())});  // cmp al, n
  undefined_ = 0;
}

// Chooses an addressing form, loads its registers, and appends ModRM, SIB and displacement to tail.
std::string Emitter::memory_operand(const Shape& shape, unsigned reg, bool extended, Bytes& tail,
                                    unsigned& rex, bool& address32) {
  const std::uint64_t target =
      shape.target ? *shape.target : memory_target(shape.size != 0 ? shape.size : bytes_of(shape.width));
  address32 = is64_ && chance(12);
  const unsigned field = (reg & 7) << 3;
  const auto choose = [&](unsigned more) {
    for (;;) {
      const unsigned r = general(shape.reserved | more);
      if (extended || r < 8) return r;
    }
  };
  const unsigned kind = below(is64_ ? 7 : 6);
  if (kind == 6) {  // rip: the displacement is put right by the caller
    tail = {static_cast<Byte>(5 | field)};
    const Bytes at = little_endian(target, 4);
    tail.insert(tail.end(), at.begin(), at.end());
    return "[rip]";
  }
  if (kind == 5) {
    if (is64_) {
      tail = {static_cast<Byte>(4 | field), 0x25};
    } else {
      tail = {static_cast<Byte>(5 | field)};
    }
    const Bytes at = little_endian(target, 4);
    tail.insert(tail.end(), at.begin(), at.end());
    return "[disp]";
  }
  const unsigned mod = kind == 4 ? 0 : below(3);
  const bool indexed = kind >= 2;
  std::int64_t disp = 0;
  if (kind == 4 || mod == 2) disp = static_cast<std::int32_t>(any());
  if (kind != 4 && mod == 1) disp = static_cast<std::int64_t>(any() & 0xFF) - 0x80;
  unsigned base = kind == 4 ? 5 : choose(0);
  if (kind != 4 && mod == 0 && (base & 7) == 5) base = 3;
  if (kind != 4 && (shape.reserved >> base & 1) != 0) base = choose(1U << 5 | 1U << 13);
  const unsigned index = choose(kind == 4 ? 0 : 1U << base);
  const unsigned scale = below(4);
  const std::uint64_t index_value = number(natural());
  std::uint64_t base_value = target - static_cast<std::uint64_t>(disp);
  if (indexed) base_value -= index_value << scale;
  if (address32) base_value = truncate(Width::w32, base_value) | (any() << 32);
  if (kind == 4) {  // no base: the displacement does it
    const std::uint64_t value = chance(2) ? 0 : index_value & 0xFF;
    move_constant(index, value);
    disp = static_cast<std::int64_t>(target - (value << scale));
  } else {
    move_constant(base, base_value);
    if (indexed) move_constant(index, index_value);
  }
  const bool sib = indexed || (base & 7) == kSp;
  tail = {static_cast<Byte>((mod << 6) | field | (sib ? 4 : base & 7))};
  if (sib) {
    tail.push_back(static_cast<Byte>((indexed ? (scale << 6) | ((index & 7) << 3) : 4U << 3) | (base & 7)));
  }
  if (base >= 8) rex |= 1;
  if (indexed && index >= 8) rex |= 2;
  const unsigned disp_bytes = kind == 4 || mod == 2 ? 4 : mod == 1 ? 1 : 0;
  const Bytes disp_code = little_endian(static_cast<std::uint64_t>(disp), disp_bytes);
  tail.insert(tail.end(), disp_code.begin(), disp_code.end());
  return fmt::format("[{}{}{}]", kind == 4 ? "" : "b", indexed ? "+i" : "", disp_bytes != 0 ? "+d" : "");
}

void Emitter::shaped(const Shape& shape) {
  const bool extended = is64_ && (shape.rex ? *shape.rex : !chance(3));
  unsigned rex = extended ? 0x40 : 0;
  if (shape.width == Width::w64) rex |= 0x48;
  const bool has_rex_byte = rex != 0;
  const auto choose = [&](bool written, Width w) {
    for (;;) {
      const unsigned r = below(extended ? 16 : 8);
      // Register 4 is ah or ch where a byte instruction has no REX.
      if (r != kSp || !written || (w == Width::w8 && !has_rex_byte)) return r;
    }
  };
  unsigned reg = shape.reg ? *shape.reg : choose(shape.writes_reg, shape.width);
  if (!shape.reg_is_opcode && reg >= 8) rex |= 4;
  const Width rm_width = shape.rm_width.value_or(shape.width);
  const bool memory = shape.rm == Operand::memory || (shape.rm == Operand::either && chance(2));
  Bytes tail;
  bool address32 = false;
  std::string operand = "r";
  std::size_t rip_at = 0;
  bool locked = false;
  if (memory) {
    operand = memory_operand(shape, reg, extended, tail, rex, address32);
    rip_at = operand == "[rip]" ? 1 : 0;
    locked = shape.lockable && chance(4);
  } else {
    const unsigned rm = shape.rm_register ? *shape.rm_register : choose(shape.writes_rm, rm_width);
    if (rm >= 8) rex |= 1;
    tail = {static_cast<Byte>(0xC0 | ((reg & 7) << 3) | (rm & 7))};
  }
  if (locked) code_.push_back(0xF0);
  if (memory && chance(16)) code_.push_back(chance(2) ? 0x3E : 0x26);
  if (shape.width == Width::w16) code_.push_back(0x66);
  if (address32) code_.push_back(0x67);
  if (is64_ && rex != 0) code_.push_back(static_cast<Byte>(0x40 | rex));
  emit(shape.opcode);
  if (rip_at != 0) {
    const std::uint64_t end = here() + tail.size() + shape.immediate.size();
    std::uint64_t target = 0;
    for (unsigned i = 0; i < 4; ++i) target |= std::uint64_t{tail[1 + i]} << (8 * i);
    const Bytes relative = little_endian(target - end, 4);
    std::copy(relative.begin(), relative.end(), tail.begin() + 1);
  }
  emit(tail);
  emit(shape.immediate);
  form(fmt::format("{}.{} {}{}{}{}", shape.name, suffix(shape.width), locked ? "lock " : "",
                   address32 ? "a32 " : "", operand, shape.reg_is_opcode ? "" : ",r"));
}

}  // namespace assay::machine::test
