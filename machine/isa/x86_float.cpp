// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The x87: opcodes D8 to DF, and 9B. What they do is in machine/x87; here they become operations of that
// unit, and loads and stores around them.
//
// A store to memory is three steps: a query for what is to be stored, the store, and the operation
// again, which sets status and stack. So nothing is changed when the store faults.
#include "machine/isa/x86_decoder.h"

namespace assay::machine::x86 {

using x87::Do;
using x87::Form;
using x87::Operation;

namespace {

constexpr unsigned kEnvironmentParts = 3;
constexpr unsigned kEnvironmentWords = 7;
constexpr std::int64_t kRegisterBytes = 10;
constexpr unsigned kRegisters = 8;

// By the ModRM field of D8 (and DC, where both of a pair change places if the target is not ST(0)).
constexpr Do kArithmetic[] = {Do::add,      Do::multiply,          Do::compare, Do::compare,
                              Do::subtract, Do::subtract_reversed, Do::divide,  Do::divide_reversed};
constexpr Form kMemoryForms[] = {Form::single, Form::dword, Form::real, Form::word};  // D8, DA, DC, DE
constexpr FlagCondition kMoves[] = {FlagCondition::carry, FlagCondition::zero, FlagCondition::carry_or_zero,
                                    FlagCondition::parity};

constexpr Operation simple(Do what) { return {what, Form::stack, 0, 0, 0, false}; }
constexpr Operation with(Do what, unsigned from, unsigned pops = 0) {
  return {what, Form::stack, 0, static_cast<std::uint8_t>(from), static_cast<std::uint8_t>(pops), false};
}
constexpr Operation into(Do what, unsigned to, unsigned pops = 0) {
  return {what, Form::stack, static_cast<std::uint8_t>(to), 0, static_cast<std::uint8_t>(pops), false};
}
constexpr Operation memory(Do what, Form form, unsigned pops = 0) {
  return {what, form, 0, 0, static_cast<std::uint8_t>(pops), false};
}

}  // namespace

// Stops where an exception waits that is not masked.
void Decoder::float_wait() {
  b_.trap_if(TrapKind::floating_point, Condition::some_bits, Width::w32, b_.reg(x87::kStatus),
             imm(x87::kPending));
}

bool Decoder::float_opcode(unsigned opcode) {
  modrm();
  if (short_of_bytes_) return true;
  return register_form() ? float_registers(opcode & 7) : float_memory(opcode & 7);
}

// D8 /r, with ST(i) or memory, and its relatives.
bool Decoder::float_registers(unsigned row) {
  const unsigned field = reg_low();
  const unsigned i = rm_ & 7;
  const auto run = [&](Operation operation) {
    float_wait();
    b_.unit(operation.word());
    return true;
  };
  switch (row) {
    case 0: return run(with(kArithmetic[field], i, field == 3 ? 1 : 0));
    case 1:
      if (field == 0) return run(with(Do::push, i));
      if (field == 1) return run(with(Do::exchange, i));
      if (field == 2 && i == 0) {  // fnop
        float_wait();
        return true;
      }
      return field >= 4 && float_d9(field * 8 + i);
    case 2:
    case 3: {
      if (row == 2 && field == 5 && i == 1) return run(with(Do::compare_quiet, 1, 2));
      if (row == 3 && field == 4) return float_control(i);
      if (row == 3 && (field == 5 || field == 6)) return float_compare_flags(field == 5, i, 0);
      if (field >= 4) return false;
      const auto condition = static_cast<FlagCondition>(static_cast<unsigned>(kMoves[field]) ^ (row & 1));
      float_wait();
      b_.unit(with(Do::copy_if, i).word(), b_.get_flag(condition));
      return true;
    }
    case 4:
    case 6:
      if (field == 3 && row == 6) return i == 1 && run(with(Do::compare, 1, 2));
      if (field == 2 || field == 3) return false;
      return run(into(kArithmetic[field < 4 ? field : field ^ 1U], i, row == 6 ? 1 : 0));
    case 5:
      switch (field) {
        case 0: return run(into(Do::free, i));
        case 2: return run(into(Do::copy, i));
        case 3: return run(into(Do::copy, i, 1));
        case 4: return run(with(Do::compare_quiet, i));
        case 5: return run(with(Do::compare_quiet, i, 1));
        default: return false;
      }
    default:
      if (field == 0) return run(into(Do::free, i, 1));
      if (field == 4 && i == 0) {
        write_reg(kAx, Width::w16, b_.unit(simple(Do::get_status).word()));
        return true;
      }
      return (field == 5 || field == 6) && float_compare_flags(field == 5, i, 1);
  }
}

bool Decoder::float_compare_flags(bool quiet, unsigned with_register, unsigned pops) {
  float_wait();
  const Value flags =
      b_.unit(with(quiet ? Do::compare_quiet_for_flags : Do::compare_for_flags, with_register, pops).word());
  b_.set_flags(FlagKind::word, Width::w64, flags);
  return true;
}

// DB E0 to E4.
bool Decoder::float_control(unsigned i) {
  switch (i) {
    case 0:
    case 1:
    case 4: return true;  // fneni, fndisi, fnsetpm: nothing since the 387
    case 2: b_.unit(simple(Do::clear_exceptions).word()); return true;
    case 3: b_.unit(simple(Do::initialise).word()); return true;
    default: return false;
  }
}

// D9 E0 to FF.
bool Decoder::float_d9(unsigned code) {
  static constexpr Do kRow[] = {
      Do::change_sign,   Do::absolute,          Do::initialise,    Do::initialise,       Do::test,
      Do::examine,       Do::initialise,        Do::initialise,    Do::push_constant,    Do::push_constant,
      Do::push_constant, Do::push_constant,     Do::push_constant, Do::push_constant,    Do::push_constant,
      Do::initialise,    Do::function,          Do::function,      Do::function,         Do::function,
      Do::extract,       Do::remainder_nearest, Do::decrement,     Do::increment,        Do::remainder,
      Do::function,      Do::square_root,       Do::function,      Do::round_to_integer, Do::scale,
      Do::function,      Do::function};
  const unsigned index = code & 31;
  const Do what = kRow[index];
  if (what == Do::initialise) return false;  // none of these
  Operation operation = simple(what);
  float_wait();
  if (what == Do::push_constant) operation.to = static_cast<std::uint8_t>(index & 7);
  if (what == Do::function) {
    operation.to = static_cast<std::uint8_t>(index & 15);
    Operation query = operation;
    query.query = true;
    b_.unit(query.word());
    b_.trap_if(TrapKind::undetermined, Condition::ne, Width::w32, b_.reg(x87::kStops), imm(0));
  }
  b_.unit(operation.word());
  return true;
}

bool Decoder::float_memory(unsigned row) {
  const unsigned field = reg_low();
  const Place at = rm();
  if ((row & 1) == 0) {
    const Form form = kMemoryForms[row / 2];
    return float_load(memory(kArithmetic[field], form, field == 3 ? 1 : 0), at);
  }
  if (field == 0) {
    static constexpr Form kLoads[] = {Form::single, Form::dword, Form::real, Form::word};
    return float_load(memory(Do::push, kLoads[row / 2]), at);
  }
  if (field >= 1 && field <= 3) {
    static constexpr Form kStores[] = {Form::single, Form::dword, Form::real, Form::word};
    if (field != 1) return float_store(memory(Do::store, kStores[row / 2], field - 2), at);
    static constexpr Form kTruncated[] = {Form::stack, Form::dword, Form::qword, Form::word};
    return row != 1 && float_store(memory(Do::store_toward_zero, kTruncated[row / 2], 1), at);
  }
  switch (row * 8 + field) {
    case 1 * 8 + 4: return float_load_environment(at, false);
    case 1 * 8 + 5:
      float_wait();
      b_.unit(simple(Do::set_control).word(), b_.load(Width::w16, at.base, at.disp));
      return true;
    case 1 * 8 + 6: return float_store_environment(at, false);
    case 1 * 8 + 7:
      b_.store(Width::w16, at.base, at.disp, b_.unit(simple(Do::get_control).word()));
      return true;
    case 3 * 8 + 5: return float_load(memory(Do::push, Form::extended), at);
    case 3 * 8 + 7: return float_store(memory(Do::store, Form::extended, 1), at);
    case 5 * 8 + 4: return float_load_environment(at, true);
    case 5 * 8 + 6: return float_store_environment(at, true);
    case 5 * 8 + 7:
      b_.store(Width::w16, at.base, at.disp, b_.unit(simple(Do::get_status).word()));
      return true;
    case 7 * 8 + 4: return float_load(memory(Do::push, Form::decimal), at);
    case 7 * 8 + 5: return float_load(memory(Do::push, Form::qword), at);
    case 7 * 8 + 6: return float_store(memory(Do::store, Form::decimal, 1), at);
    case 7 * 8 + 7: return float_store(memory(Do::store, Form::qword, 1), at);
    default: return false;
  }
}

bool Decoder::float_load(Operation operation, const Place& at) {
  static constexpr Width kWidths[] = {Width::w64, Width::w32, Width::w64, Width::w64,
                                      Width::w16, Width::w32, Width::w64, Width::w64};
  float_wait();
  const Value low = b_.load(kWidths[static_cast<unsigned>(operation.form)], at.base, at.disp);
  const bool ten = operation.form == Form::extended || operation.form == Form::decimal;
  const Value high = ten ? b_.load(Width::w16, at.base, at.disp + 8) : imm(0);
  b_.unit(operation.word(), low, high);
  return true;
}

bool Decoder::float_store(Operation operation, const Place& at) {
  static constexpr Width kWidths[] = {Width::w64, Width::w32, Width::w64, Width::w64,
                                      Width::w16, Width::w32, Width::w64, Width::w64};
  float_wait();
  Operation query = operation;
  query.query = true;
  const Value low = b_.unit(query.word());
  b_.trap_if(TrapKind::floating_point, Condition::ne, Width::w32, b_.reg(x87::kStops), imm(0));
  b_.store(kWidths[static_cast<unsigned>(operation.form)], at.base, at.disp, low);
  if (operation.form == Form::extended || operation.form == Form::decimal)
    b_.store(Width::w16, at.base, at.disp + 8, b_.reg(x87::kSecond));
  b_.unit(operation.word());
  return true;
}

// Control, status, tags, and four words about the last instruction, which are 0 here.
bool Decoder::float_store_environment(const Place& at, bool registers) {
  const Width w = operand16_ ? Width::w16 : Width::w32;
  const std::int64_t word = bytes_of(w);
  for (unsigned part = 0; part < kEnvironmentWords; ++part) {
    const std::int64_t disp = at.disp + part * word;
    Value value = imm(part == kEnvironmentWords - 1 && !operand16_ ? 0xFFFF'0000U : 0U);
    if (part < kEnvironmentParts) {
      value = b_.unit(into(Do::get_environment, part).word());
      if (!operand16_) value = b_.bit_or(Width::w64, value, imm(0xFFFF'0000U));
    }
    b_.store(w, at.base, disp, value);
  }
  const std::int64_t behind = at.disp + kEnvironmentWords * word;
  for (unsigned i = 0; registers && i < kRegisters; ++i) {
    b_.store(Width::w64, at.base, behind + i * kRegisterBytes, b_.unit(into(Do::get_register, i).word()));
    b_.store(Width::w16, at.base, behind + i * kRegisterBytes + 8, b_.reg(x87::kSecond));
  }
  b_.unit(simple(registers ? Do::initialise : Do::mask_all).word());
  return true;
}

bool Decoder::float_load_environment(const Place& at, bool registers) {
  const Width w = operand16_ ? Width::w16 : Width::w32;
  const std::int64_t word = bytes_of(w);
  float_wait();
  Value parts[kEnvironmentParts];
  for (unsigned part = 0; part < kEnvironmentParts; ++part)
    parts[part] = b_.load(Width::w16, at.base, at.disp + part * word);
  const std::int64_t behind = at.disp + kEnvironmentWords * word;
  Value low[kRegisters];
  Value high[kRegisters];
  for (unsigned i = 0; registers && i < kRegisters; ++i) {
    low[i] = b_.load(Width::w64, at.base, behind + i * kRegisterBytes);
    high[i] = b_.load(Width::w16, at.base, behind + i * kRegisterBytes + 8);
  }
  for (unsigned part = 0; part < kEnvironmentParts; ++part)
    b_.unit(into(Do::set_environment, part).word(), parts[part]);
  for (unsigned i = 0; registers && i < kRegisters; ++i)
    b_.unit(into(Do::set_register, i).word(), low[i], high[i]);
  return true;
}

}  // namespace assay::machine::x86
