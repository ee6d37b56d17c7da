// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Moves, stack, strings and jumps of the random x86 programs.
#include <fmt/format.h>

#include "machine/testing/x86_random_generator.h"

namespace assay::machine::test {

// setcc, cmovcc, and jcc over another instruction.
void Generator::conditional() {
  const unsigned condition = below(16);
  need_flags(kConditionFlags[condition / 2]);
  Shape shape;
  switch (below(3)) {
    case 0:
      shape.name = fmt::format("set{}", kConditionNames[condition]);
      shape.width = Width::w8;
      shape.opcode = {0x0F, code_byte(0x90 | condition)};
      shape.reg = below(8);
      shape.reg_is_opcode = true;
      shape.writes_rm = true;
      return shaped(shape);
    case 1:
      shape.name = fmt::format("cmov{}", kConditionNames[condition]);
      shape.width = width(false);
      shape.opcode = {0x0F, code_byte(0x40 | condition)};
      shape.writes_reg = true;
      return shaped(shape);
    default: break;
  }
  const bool near = chance(2);
  form(fmt::format("j{} {}", kConditionNames[condition], near ? "near" : "short"));
  emit(near ? Bytes{0x0F, code_byte(0x80 | condition), 0, 0, 0, 0} : Bytes{code_byte(0x70 | condition), 0});
  const std::size_t start = code_.size();
  const std::uint64_t before = undefined_;
  simple();
  undefined_ |= before;
  code_[start - (near ? 4 : 1)] = code_byte(static_cast<unsigned>(code_.size() - start));
}

void Generator::moves() {
  Shape shape;
  shape.name = "mov";
  shape.width = width();
  switch (below(5)) {
    case 0:
      shape.opcode = {sized(0x88, shape.width)};
      shape.writes_rm = true;
      return shaped(shape);
    case 1:
      shape.name = "mov reg,rm";
      shape.opcode = {sized(0x8A, shape.width)};
      shape.writes_reg = true;
      return shaped(shape);
    case 2:
      shape.name = "mov imm";
      shape.opcode = {sized(0xC6, shape.width)};
      shape.reg = 0;
      shape.reg_is_opcode = true;
      shape.writes_rm = true;
      shape.immediate = random_immediate(shape.width);
      return shaped(shape);
    case 3: {
      const bool byte = shape.width == Width::w8;
      Bytes code{code_byte((byte ? 0xB0 : 0xB8) | (byte ? below(8) : general() & 7))};
      if (!byte && (code[0] & 7) == kSp) code[0] = 0xB8;
      const Bytes value = little_endian(number(shape.width), bytes_of(shape.width));
      code.insert(code.end(), value.begin(), value.end());
      return plain(fmt::format("mov.{} short", suffix(shape.width)), code, shape.width);
    }
    default: {
      const bool stores = chance(2);
      const bool address32 = is64_ && chance(4);
      if (address32) code_.push_back(0x67);
      Bytes code{sized(stores ? 0xA2 : 0xA0, shape.width)};
      const Bytes at = little_endian(memory_target(8), is64_ && !address32 ? 8 : 4);
      code.insert(code.end(), at.begin(), at.end());
      return plain(fmt::format("mov.{} {}", suffix(shape.width), stores ? "moffs,acc" : "acc,moffs"), code,
                   shape.width);
    }
  }
}

void Generator::extends() {
  Shape shape;
  shape.width = width(false);
  shape.writes_reg = true;
  if (is64_ && chance(4)) {
    shape.name = "movsxd";
    shape.opcode = {0x63};
    shape.rm_width = Width::w32;
    return shaped(shape);
  }
  const bool is_signed = chance(2);
  const bool byte = chance(2);
  shape.name = fmt::format("{} {}", is_signed ? "movsx" : "movzx", byte ? 8 : 16);
  shape.opcode = {0x0F, code_byte((is_signed ? 0xBE : 0xB6) | (byte ? 0 : 1))};
  shape.rm_width = byte ? Width::w8 : Width::w16;
  shaped(shape);
}

void Generator::load_address() {
  Shape shape;
  shape.name = "lea";
  shape.width = width(false);
  shape.opcode = {0x8D};
  shape.rm = Operand::memory;
  shape.writes_reg = true;
  shape.target = is64_ ? any() >> 33 : truncate(Width::w32, any());
  shaped(shape);
}

void Generator::exchange() {
  Shape shape;
  shape.width = width();
  shape.writes_rm = true;
  shape.writes_reg = true;
  switch (below(3)) {
    case 0:
      shape.name = "xchg";
      shape.opcode = {sized(0x86, shape.width)};
      shape.lockable = true;
      return shaped(shape);
    case 1:
      shape.name = "xadd";
      shape.opcode = {0x0F, sized(0xC0, shape.width)};
      shape.lockable = true;
      shaped(shape);
      return flags_change(kAllFlags, 0);
    default: {
      const Width w = width(false);
      unsigned reg = general();
      if (!is64_) return plain(fmt::format("xchg.{} acc", suffix(w)), {code_byte(0x90 | reg)}, w);
      if (w == Width::w16) code_.push_back(0x66);
      emit({code_byte(0x40 | (w == Width::w64 ? 8 : 0) | (reg >> 3)), code_byte(0x90 | (reg & 7))});
      return form(fmt::format("xchg.{} acc", suffix(w)));
    }
  }
}

void Generator::compare_exchange() {
  Shape shape;
  shape.name = "cmpxchg";
  shape.width = width();
  shape.opcode = {0x0F, sized(0xB0, shape.width)};
  shape.lockable = true;
  shape.writes_rm = true;
  const bool equal = chance(2);
  if (equal) shape.name += " equal";
  if (chance(2)) {
    shape.rm = Operand::memory;
    shape.target = memory_target(8);
    shape.reserved = mask(kAx);
    if (equal) load_register(kAx, *shape.target, natural());
  } else {
    shape.rm = Operand::reg;
    shape.rm_register = kBx;
    if (equal) emit({0x89, 0xD8});  // mov eax, ebx
    if (equal && is64_ && chance(2)) emit({0x48, 0x89, 0xD8});
  }
  shaped(shape);
  flags_change(kAllFlags, 0);
}

void Generator::compare_exchange_pair() {
  Shape shape;
  shape.width = is64_ && chance(2) ? Width::w64 : Width::w32;
  shape.name = shape.width == Width::w64 ? "cmpxchg16b" : "cmpxchg8b";
  shape.opcode = {0x0F, 0xC7};
  shape.reg = 1;
  shape.reg_is_opcode = true;
  shape.rm = Operand::memory;
  shape.lockable = true;
  shape.reserved = mask(kAx) | mask(kDx);
  shape.target = (memory_target(32) + 15) & ~std::uint64_t{15};
  if (chance(2)) {
    shape.name += " equal";
    load_register(kAx, *shape.target, shape.width);
    load_register(kDx, *shape.target + bytes_of(shape.width), shape.width);
  }
  shaped(shape);
  flags_change(kZ, 0);
}

void Generator::stack() {
  const Width w = chance(4) ? Width::w16 : natural();
  const Width shown = w == Width::w16 ? w : Width::w32;  // no REX.W: 64 bits is the default
  Shape shape;
  shape.width = shown;
  shape.reg_is_opcode = true;
  if (is64_) shape.size = 8;
  switch (below(8)) {
    case 0: {
      const bool extended = is64_ && chance(2);
      const unsigned reg = below(8);
      if (w == Width::w16) code_.push_back(0x66);
      if (extended) code_.push_back(0x41);
      emit({code_byte(0x50 | reg)});
      return form(fmt::format("push.{} reg", suffix(w)));
    }
    case 1: {
      const bool extended = is64_ && chance(2);
      const unsigned reg = extended ? below(8) : general() & 7;
      if (w == Width::w16) code_.push_back(0x66);
      if (extended) code_.push_back(0x41);
      emit({code_byte(0x58 | (reg == kSp && !extended ? kBp : reg))});
      return form(fmt::format("pop.{} reg", suffix(w)));
    }
    case 2:
    case 3: {
      const bool pop = chance(2);
      shape.name = pop ? "pop" : "push";
      shape.opcode = {code_byte(pop ? 0x8F : 0xFF)};
      shape.reg = pop ? 0 : 6;
      shape.writes_rm = pop;
      return shaped(shape);
    }
    case 4: {
      const bool small = chance(2);
      Bytes code{code_byte(small ? 0x6A : 0x68)};
      const Bytes value = random_immediate(small ? Width::w8 : shown);
      code.insert(code.end(), value.begin(), value.end());
      return plain(fmt::format("push.{} imm{}", suffix(w), small ? "8" : ""), code, shown);
    }
    case 5:  // pop [esp + n] computes its address afterwards
      shape.name = "pop [sp]";
      if (w == Width::w16) code_.push_back(0x66);
      emit({0x8F, 0x44, 0x24, code_byte(below(64))});
      return form(fmt::format("pop.{} [sp+d]", suffix(w)));
    case 6:
      emit({0x54, 0x5C});  // push and pop of the stack pointer itself
      return form("push sp; pop sp");
    default:
      if (is64_) return stack();
      if (chance(2)) return plain(fmt::format("pusha.{}", suffix(w)), {0x60}, w);
      return plain(fmt::format("popa.{}", suffix(w)), {0x61}, w);
  }
}

void Generator::frames() {
  const Width w = natural();
  if (chance(2)) {
    move_constant(kBp, layout_.stack + kRandomStack / 2 + below(64));
    emit({0xC9});
    return form(fmt::format("leave.{}", suffix(w)));
  }
  const unsigned level = chance(2) ? 0 : below(4);
  if (level != 0) move_constant(kBp, layout_.stack + kRandomStack / 2 + 128 + below(64));
  emit({0xC8, code_byte(below(32)), 0, code_byte(level)});
  form(fmt::format("enter.{} {}", suffix(w), level == 0 ? "0" : "n"));
}

void Generator::flag_words() {
  switch (below(9)) {
    case 0: need_flags(kAllFlags); return plain("pushf", {0x9C}, chance(3) ? Width::w16 : Width::w32);
    case 1:
      emit({0x68});
      emit_number(any() & (kAllFlags | 0x400), 4);
      plain("popf", {0x9D}, Width::w32);
      return flags_change(kAllFlags, 0);
    case 2: need_flags(kAllFlags & 0xFF); return plain("lahf", {0x9F});
    case 3: plain("sahf", {0x9E}); return flags_change(kAllFlags & 0xFF, 0);
    case 4: plain("clc", {0xF8}); return flags_change(kC, 0);
    case 5: plain("stc", {0xF9}); return flags_change(kC, 0);
    case 6: need_flags(kC); return plain("cmc", {0xF5});
    case 7: return plain("cld", {0xFC});
    default: return plain("std", {0xFD});
  }
}

void Generator::accumulator() {
  const Width w = width(false);
  switch (below(4)) {
    case 0: return plain(fmt::format("cbw.{}", suffix(w)), {0x98}, w);
    case 1: return plain(fmt::format("cwd.{}", suffix(w)), {0x99}, w);
    case 2: {
      const Width size = is64_ && chance(2) ? Width::w64 : Width::w32;
      const unsigned reg = general() & 7;
      return plain(fmt::format("bswap.{}", suffix(size)), {0x0F, code_byte(0xC8 | (reg == kSp ? kBp : reg))},
                   size);
    }
    default: move_constant(kBx, layout_.memory + 128); return plain("xlat", {0xD7});
  }
}

void Generator::strings() {
  static constexpr std::string_view kNames[] = {"movs", "cmps", "", "stos", "lods", "scas"};
  unsigned kind = below(5);
  if (kind >= 2) ++kind;
  const Width w = width();
  const unsigned repeat = below(3);
  const bool address32 = is64_ && chance(8);
  const std::uint64_t upper = address32 ? any() << 32 : 0;
  move_constant(kSi, (layout_.memory + 160 + below(192)) | upper);
  move_constant(kDi, (layout_.memory + 160 + below(192)) | upper);
  // With 32-bit addresses and a count of 0 processors differ in the upper halves.
  if (repeat != 0) move_constant(kCx, (address32 ? 1 + below(8) : below(10)) | upper);
  if (kind == 5 && chance(2)) load_register(kAx, layout_.memory + 200, natural());
  emit({code_byte(0xFC | below(2))});
  if (repeat != 0) code_.push_back(code_byte(repeat == 1 ? 0xF3 : 0xF2));
  if (address32) code_.push_back(0x67);
  plain(fmt::format("{}{}{}.{}",
                    repeat == 0   ? ""
                    : repeat == 1 ? "rep "
                                  : "repne ",
                    kNames[kind], address32 ? " a32" : "", suffix(w)),
        {sized(0xA4 + 2 * kind, w)}, w);
  // No iteration, no flags.
  if (kind == 1 || kind == 5) flags_change(repeat == 0 ? kAllFlags : 0, 0);
}

// Calls, jumps and returns over a few bytes that are no instruction.
void Generator::calls() {
  const unsigned gap = below(8);
  const unsigned reg = general() & 7;
  const unsigned through = reg == kSp ? kBx : reg;
  const auto junk = [&] {
    for (unsigned i = 0; i < gap; ++i) code_.push_back(0x06);
  };
  const auto pop = [&] { emit({code_byte(0x58 | through)}); };
  switch (below(8)) {
    case 0:
      emit({0xE8, code_byte(gap), 0, 0, 0});
      junk();
      pop();
      return form("call rel32");
    case 1:
      emit({0xE9, code_byte(gap), 0, 0, 0});
      junk();
      return form("jmp rel32");
    case 2:
      emit({0xEB, code_byte(gap)});
      junk();
      return form("jmp rel8");
    case 3: {
      const bool call = chance(2);
      move_constant(through, here() + (is64_ ? 10 : 5) + 2 + gap);
      emit({0xFF, code_byte((call ? 0xD0 : 0xE0) | through)});
      junk();
      if (call) pop();
      return form(call ? "call reg" : "jmp reg");
    }
    case 4: {
      const bool call = chance(2);
      const std::uint64_t at = memory_target(8);
      const std::uint64_t start = here();
      // mov, store and jump have fixed lengths here.
      const unsigned before = is64_ ? 10 + 8 + 7 : 5 + 6 + 6;
      move_constant(through, start + before + gap);
      store_register(at, through);
      emit({0xFF});
      if (is64_) {
        emit({code_byte(call ? 0x14 : 0x24), 0x25});
      } else {
        emit({code_byte(call ? 0x15 : 0x25)});
      }
      emit_number(at, 4);
      junk();
      if (call) pop();
      return form(call ? "call [mem]" : "jmp [mem]");
    }
    case 5: {
      const bool releases = chance(2);
      emit({0x68});
      emit_number(here() + 4 + (releases ? 3 : 1) + gap, 4);
      emit(releases ? Bytes{0xC2, code_byte(below(16)), 0} : Bytes{0xC3});
      junk();
      return form(releases ? "ret imm16" : "ret");
    }
    case 6:
      emit({0x68});
      emit_number(here() + 4 + 2 + gap, 4);
      emit({0xF3, 0xC3});
      junk();
      return form("repz ret");
    default:  // a call of a routine that returns
      emit({0xEB, 1, 0xC3, 0xE8, 0xFA, 0xFF, 0xFF, 0xFF});
      return form("call; ret");
  }
}

void Generator::loops() {
  const unsigned kind = below(4);
  static constexpr std::string_view kNames[] = {"loopne", "loope", "loop", "jcxz"};
  if (kind < 2) need_flags(kZ);
  const bool address32 = is64_ && chance(3);
  const std::uint64_t upper = address32 ? any() << 32 : 0;
  const std::uint64_t count = below(3);
  if (chance(3) && kind < 3) {  // backwards over an addition
    move_constant(kCx, (1 + below(6)) | upper);
    const std::size_t start = code_.size();
    emit({0x80, 0xC2, code_byte(below(256))});  // add dl, n
    undefined_ = 0;
    if (address32) code_.push_back(0x67);
    code_.push_back(code_byte(0xE0 | kind));
    code_.push_back(code_byte(static_cast<unsigned>(start - code_.size() - 1)));
    return form(fmt::format("{}{} back", kNames[kind], address32 ? " a32" : ""));
  }
  move_constant(kCx, count | upper);
  if (address32) code_.push_back(0x67);
  emit({code_byte(0xE0 | kind), 0});
  const std::size_t start = code_.size();
  const std::uint64_t before = undefined_;
  simple();
  undefined_ |= before;
  code_[start - 1] = code_byte(static_cast<unsigned>(code_.size() - start));
  form(fmt::format("{}{}", kNames[kind], address32 ? " a32" : ""));
}

void Generator::decimal() {
  if (is64_) return nothing();
  switch (below(6)) {
    case 0:
    case 1:
      need_flags(kC | kA);
      plain("daa", {0x27});
      return flags_change(kAllFlags, kO);
    case 2:
      need_flags(kC | kA);
      plain("das", {0x2F});
      return flags_change(kAllFlags, kO);
    case 3: {
      const bool subtract = chance(2);
      need_flags(kA);
      plain(subtract ? "aas" : "aaa", {code_byte(subtract ? 0x3F : 0x37)});
      return flags_change(kAllFlags, kO | kS | kZ | kP);
    }
    case 4: plain("aam", {0xD4, code_byte(1 + below(255))}); return flags_change(kAllFlags, kO | kA | kC);
    default: plain("aad", {0xD5, code_byte(below(256))}); return flags_change(kAllFlags, kO | kA | kC);
  }
}

void Generator::nothing() {
  static const Bytes kNothing[] = {{0x90},
                                   {0x66, 0x90},
                                   {0xF3, 0x90},
                                   {0x0F, 0x1F, 0x00},
                                   {0x0F, 0x1F, 0x44, 0x00, 0x00},
                                   {0x66, 0x0F, 0x1F, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
                                   {0x66, 0x2E, 0x0F, 0x1F, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
                                   {0xF3, 0x0F, 0x1E, 0xFA},
                                   {0x0F, 0xAE, 0xE8},
                                   {0x0F, 0xAE, 0xF0},
                                   {0x0F, 0xAE, 0xF8}};
  const unsigned kind = below(std::size(kNothing));
  plain(fmt::format("nop {}", kind), kNothing[kind]);
}

}  // namespace assay::machine::test
