// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cc/exec/translator.h"

#if defined(__x86_64__)

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "cc/exec/code_memory.h"
#include "cc/exec/host_assembler.h"
#include "cc/exec/reach.h"

namespace assay::exec {
namespace {

constexpr std::size_t kCodeBytes = std::size_t{64} << 20;
constexpr std::size_t kMostBytesOfBlock = std::size_t{64} << 10;
constexpr unsigned kAsked = 256;  // times that a loop is asked before it is judged
constexpr unsigned kSeldom = 4;   // to be of use less than once in so many times

/// What translated code and its caller share. rbx points here.
struct Context {
  Registers registers;
  const void* const* starts = nullptr;  ///< code by address from the image's base
  std::uint64_t code_end = 0;           ///< addresses below may be code: the interpreter stores there
  const Operation* operation = nullptr;
  const void* resume = nullptr;
  std::uint64_t address = 0;
  std::uint64_t jumps = 0;
};

/// Why translated code comes back.
enum class Exit : unsigned {
  operation,  ///< `operation` is the interpreter's; then on at `resume`
  beyond,     ///< a block would touch more than the stack: it is to be asked at every access
  link,       ///< the jump `operation` has no goal yet; `resume`: the distance to set
  go,         ///< to `address`
  too_long,
};

constexpr std::int32_t field(std::size_t offset) { return static_cast<std::int32_t>(offset); }
constexpr HostRegister kContext = kRbx;
constexpr HostRegister kMemory = kRbp;
constexpr HostRegister kJumps = 13;

/// Host registers that hold program registers, and which ones, by instruction set.
constexpr HostRegister kHolders[] = {kRsi, kRdi, 8, 9, 10, 11, 12, 14, 15};
constexpr Register kHotX86[] = {0, 3, 4, 5, 7, 6, 1, 37, 38};
constexpr Register kHotAmd64[] = {0, 3, 4, 5, 7, 13, 14, 37, 38};
constexpr Register kHotA64[] = {0, 1, 18, 17, 16, 13, 30, 14, 37};
constexpr Register kHotRiscv[] = {10, 11, 2, 8, 4, 28, 1, 37, 38};

/// The registers that point into the stack.
constexpr Register kStackX86[] = {4, 5, 13, 6};
constexpr Register kStackA64[] = {18, 17, 13};
constexpr Register kStackRiscv[] = {2, 8, 28};

// Conditions as x86 numbers them, in the order of Condition.
constexpr unsigned kCodes[] = {4, 5, 12, 13, 14, 15, 2, 3, 6, 7};
constexpr unsigned kAbove = 7;
constexpr unsigned kAboveEqual = 3;
constexpr unsigned kNegative = 8;

class Translator {
 public:
  Translator(Program& program, Image& image, const InstructionSet& set, std::unique_ptr<CodeMemory> memory);

  Halted run(Registers& registers, std::uint64_t jumps, const SystemCall& system_call);

 private:
  using Enter = unsigned (*)(Context* context, Byte* memory, const void* code);
  struct Late {
    std::size_t distance_at;
    const Operation* operation;
    Exit why;
    std::size_t resume;  ///< offset in the block's code
  };

  void make_entry();
  void jump_out(HostAssembler& as) const;
  const void* code_for(const Operation* start, bool ask_always = false);
  const void* code_at(std::uint64_t address);
  void translate(const Operation& o);
  void finish_late();
  void fill(const Operation& o);
  void ask_loop(const Operation& o);
  void to_rdx(const Sum& sum, std::uint64_t more, const Loop& loop, std::vector<std::size_t>& unsure);

  [[nodiscard]] bool is_wide() const { return set_.word_bytes == 8; }
  [[nodiscard]] HostRegister holder(Register reg) const { return holders_[reg]; }
  /// Where a register's value is, loaded into `scratch` if nowhere yet.
  HostRegister value(Register reg, HostRegister scratch);
  HostRegister destination(Register reg) const { return holders_[reg] != kRsp ? holders_[reg] : kRax; }
  void written(Register reg, HostRegister from);
  void to_rax(Register reg);
  void add(Register reg, std::int32_t value_added);
  void two(Alu alu, const Operation& o);
  void leave_to(Exit why, const Operation& o, std::size_t distance_at, std::size_t resume = 0);
  /// From each of these jumps to the interpreter, and on behind what is written by now.
  void leave_to_interpreter(const Operation& o, const std::vector<std::size_t>& jumps);
  /// rax holds an address: checked, or the interpreter does the operation.
  std::vector<std::size_t> check(unsigned bytes, bool stores);
  std::size_t check_within(HostRegister from, std::int64_t offset, unsigned bytes);
  std::size_t check_stack(HostRegister from, std::int64_t low = 0, std::int64_t bytes = 8);
  void ask_for_windows(const Operation& start);
  /// Where [rbp + index + offset] is what an operation touches at register `reg` + `offset`.
  struct Place {
    HostRegister index;
    std::int32_t offset;
  };
  Place place(Register reg, std::int64_t offset);
  /// The same, asked if need be: `slow` gets the jumps to take otherwise.
  Place asked(const Operation& o, unsigned bytes, bool stores, std::vector<std::size_t>& slow);
  /// Of a push, pop or call: the address is register `reg` + `offset`.
  Place asked_stack(Register reg, std::int32_t offset, std::vector<std::size_t>& slow);
  void load(const Operation& o);
  void store(const Operation& o);
  void count_jump(const Operation& o);
  void go_to(const Operation& o);  ///< rcx holds an address

  Program& program_;
  Image& image_;
  const InstructionSet& set_;
  std::unique_ptr<CodeMemory> memory_;
  std::array<HostRegister, kRegisters> holders_{};  ///< kRsp: none
  std::span<const Register> stack_;
  HostAssembler as_;
  std::vector<Late> late_;
  Reaches reaches_;  ///< of the block
  Reach reach_;      ///< of the operation
  /// What the operation before has compared: the host's flags say it still.
  struct Truth {
    Register reg;
    unsigned code;
  };
  std::optional<Truth> truth_;
  Context context_;
  std::vector<const void*> starts_;
  std::unordered_map<const Operation*, const void*> made_;
  std::unordered_map<const Operation*, const void*> made_asking_;  ///< blocks that ask at every access
  struct FillUse {
    unsigned asked = 0;
    unsigned useful = 0;
  };
  std::unordered_map<const Operation*, FillUse> fill_use_;
  Enter enter_ = nullptr;
  const Byte* exit_ = nullptr;
};

Translator::Translator(Program& program, Image& image, const InstructionSet& set,
                       std::unique_ptr<CodeMemory> memory)
    : program_(program),
      image_(image),
      set_(set),
      memory_(std::move(memory)),
      as_(set.word_bytes == 8),
      starts_(image.end() - image.base()) {
  holders_.fill(kRsp);
  std::span<const Register> hot = kHotRiscv;
  stack_ = kStackRiscv;
  if (set.decode == decode_x86) {
    hot = is_wide() ? kHotAmd64 : kHotX86;
    stack_ = kStackX86;
  } else if (set.decode == decode_a64) {
    hot = kHotA64;
    stack_ = kStackA64;
  }
  for (std::size_t index = 0; index < hot.size(); ++index) holders_[hot[index]] = kHolders[index];
  make_entry();
}

/// unsigned enter(Context*, Byte* memory, code): saves the host's registers, loads the program's, and jumps.
/// What comes back jumps to `exit_` with why in eax.
void Translator::make_entry() {
  HostAssembler as(true);
  constexpr HostRegister kSaved[] = {kRbx, kRbp, 12, 13, 14, 15};
  const auto push = [&](HostRegister reg) {
    as.rex(false, 0, 0, reg);
    as.byte(0x50 | (reg & 7));
  };
  const auto pop = [&](HostRegister reg) {
    as.rex(false, 0, 0, reg);
    as.byte(0x58 | (reg & 7));
  };
  for (const HostRegister reg : kSaved) push(reg);
  as.move(kContext, kRdi);
  as.move(kMemory, kRsi);
  as.load_field(kJumps, kContext, field(offsetof(Context, jumps)));
  for (Register reg = 0; reg < kRegisters; ++reg) {
    if (holder(reg) != kRsp) as.load_field(holder(reg), kContext, 8 * reg);
  }
  as.byte(0xff);  // jmp rdx
  as.byte(0xe2);
  const std::size_t exit = as.code.size();
  for (Register reg = 0; reg < kRegisters; ++reg) {
    if (holder(reg) != kRsp) as.store_field(kContext, 8 * reg, holder(reg));
  }
  as.store_field(kContext, field(offsetof(Context, jumps)), kJumps);
  for (std::size_t index = std::size(kSaved); index-- > 0;) pop(kSaved[index]);
  as.byte(0xc3);
  const Byte* const at = memory_->append(as.code);
  enter_ = reinterpret_cast<Enter>(reinterpret_cast<std::uintptr_t>(at));
  exit_ = at + exit;
  // Where nothing is translated yet: to the address in rcx.
  HostAssembler go(true);
  go.store_field(kContext, field(offsetof(Context, address)), kRcx);
  go.set(kRax, static_cast<unsigned>(Exit::go));
  jump_out(go);
  starts_.assign(starts_.size(), memory_->append(go.code));
}

/// To exit_, at the end of code that is to be appended next.
void Translator::jump_out(HostAssembler& as) const {
  as.set_distance(as.jump(), static_cast<std::size_t>(exit_ - (memory_->start() + memory_->used())));
}

HostRegister Translator::value(Register reg, HostRegister scratch) {
  if (holder(reg) != kRsp) return holder(reg);
  if (reg == kZero) {
    as_.set(scratch, 0);
  } else {
    as_.load_field(scratch, kContext, 8 * reg);
  }
  return scratch;
}

/// Keeps rcx and rdx.
void Translator::add(Register reg, std::int32_t value_added) {
  const HostRegister d = destination(reg);
  as_.lea(d, value(reg, kRax), value_added);
  written(reg, d);
}

/// A destination that has no holder goes to its field.
void Translator::written(Register reg, HostRegister from) {
  if (holder(reg) != kRsp) {
    as_.move(holder(reg), from);
  } else {
    as_.store_field(kContext, 8 * reg, from);
  }
}

void Translator::to_rax(Register reg) { as_.move(kRax, value(reg, kRax)); }

void Translator::two(Alu alu, const Operation& o) {
  if (o.d == o.a && holder(o.d) != kRsp) {
    as_.alu(alu, holder(o.d), value(o.b, kRcx));
    return;
  }
  to_rax(o.a);
  as_.alu(alu, kRax, value(o.b, kRcx));
  written(o.d, kRax);
}

void Translator::leave_to(Exit why, const Operation& o, std::size_t distance_at, std::size_t resume) {
  late_.push_back({distance_at, &o, why, resume});
}

void Translator::leave_to_interpreter(const Operation& o, const std::vector<std::size_t>& jumps) {
  for (const std::size_t at : jumps) leave_to(Exit::operation, o, at, as_.code.size());
}

/// Whether the `bytes` from `from` + low on are on the stack, where no code is. A stack elsewhere is the
/// interpreter's.
std::size_t Translator::check_stack(HostRegister from, std::int64_t low, std::int64_t bytes) {
  const auto bottom = static_cast<std::int64_t>(kTop - kStackBytes);
  as_.distance(kRcx, from, static_cast<std::int32_t>(low - bottom));
  as_.rex(true, 0, 0, kRcx);  // cmp rcx, room
  as_.byte(0x81);
  as_.byte(0xf9);
  as_.number(kStackBytes - static_cast<std::uint64_t>(bytes), 4);
  return as_.jump_if(kAbove);
}

void Translator::ask_for_windows(const Operation& start) {
  for (const Window& window : reaches_.windows) {
    const std::size_t beyond = check_stack(value(window.base, kRax), window.low, window.high - window.low);
    leave_to(Exit::beyond, start, beyond, beyond);
  }
}

Translator::Place Translator::place(Register reg, std::int64_t offset) {
  return {value(reg, kRax), static_cast<std::int32_t>(offset)};
}

Translator::Place Translator::asked(const Operation& o, unsigned bytes, bool stores,
                                    std::vector<std::size_t>& slow) {
  if (reach_.kind == Reach::Kind::window) return place(o.a, o.immediate);
  if (reach_.kind == Reach::Kind::fixed && image_.holds(reach_.address, bytes)) {
    const auto at = static_cast<std::int32_t>(reach_.address);
    if (stores) {
      as_.rex(true, 0, 0, kContext);  // cmp qword [code_end], address
      as_.byte(0x81);
      as_.byte(0xb8 | kContext);
      as_.number(static_cast<std::uint32_t>(offsetof(Context, code_end)), 4);
      as_.number(static_cast<std::uint32_t>(at), 4);
      slow.push_back(as_.jump_if(kAbove));
    }
    return {kRsp, at};
  }
  if (!stores) {
    // What a 32-bit program's address would wrap around to is the interpreter's.
    const Place at = place(o.a, o.immediate);
    slow.push_back(check_within(at.index, at.offset, bytes));
    return at;
  }
  as_.lea(kRax, value(o.a, kRax), static_cast<std::int32_t>(o.immediate));
  slow = check(bytes, stores);
  return {kRax, 0};
}

Translator::Place Translator::asked_stack(Register reg, std::int32_t offset, std::vector<std::size_t>& slow) {
  if (reach_.kind == Reach::Kind::window) return place(reg, offset);
  as_.lea(kRax, value(reg, kRax), offset);
  slow.push_back(check_stack(kRax));
  return {kRax, 0};
}

/// Whether the bytes from a register + offset on are in the program's memory.
std::size_t Translator::check_within(HostRegister from, std::int64_t offset, unsigned bytes) {
  as_.distance(kRcx, from, static_cast<std::int32_t>(offset - static_cast<std::int64_t>(image_.base())));
  as_.rex(true, 0, 0, kRcx);  // cmp rcx, span
  as_.byte(0x81);
  as_.byte(0xf9);
  as_.number(kTop - image_.base() - bytes, 4);
  return as_.jump_if(kAbove);
}

std::vector<std::size_t> Translator::check(unsigned bytes, bool stores) {
  std::vector<std::size_t> slow{check_within(kRax, 0, bytes)};
  if (stores) {
    as_.rex(true, kRax, 0, kContext);  // cmp rax, [code_end]
    as_.byte(0x3b);
    as_.byte(0x80 | kContext);
    as_.number(static_cast<std::uint32_t>(offsetof(Context, code_end)), 4);
    slow.push_back(as_.jump_if(2));
  }
  return slow;
}

void Translator::load(const Operation& o) {
  std::vector<std::size_t> slow;
  const Place from = asked(o, width_of(o.op), false, slow);
  const HostRegister d = destination(o.d);
  const auto access = [&](unsigned opcode, bool two_bytes, bool wide) {
    as_.access(d, opcode, two_bytes, wide, false, false, from.index, from.offset);
  };
  switch (o.op) {
    case Op::load_byte: access(0xb6, true, false); break;
    case Op::load_byte_signed: access(0xbe, true, is_wide()); break;
    case Op::load_half: access(0xb7, true, false); break;
    case Op::load_half_signed: access(0xbf, true, is_wide()); break;
    case Op::load_int: access(0x8b, false, false); break;
    case Op::load_int_signed: access(is_wide() ? 0x63 : 0x8b, false, is_wide()); break;
    default: access(0x8b, false, true); break;
  }
  written(o.d, d);
  leave_to_interpreter(o, slow);
}

void Translator::store(const Operation& o) {
  std::vector<std::size_t> slow;
  const Place to = asked(o, width_of(o.op), true, slow);
  const HostRegister b = value(o.b, kRdx);
  const auto access = [&](unsigned opcode, bool wide, bool half, bool byte_register) {
    as_.access(b, opcode, false, wide, half, byte_register, to.index, to.offset);
  };
  switch (o.op) {
    case Op::store_byte: access(0x88, false, false, true); break;
    case Op::store_half: access(0x89, false, true, false); break;
    case Op::store_int: access(0x89, false, false, false); break;
    default: access(0x89, true, false, false); break;
  }
  leave_to_interpreter(o, slow);
}

void Translator::count_jump(const Operation& o) {
  as_.rex(true, 0, 0, kJumps);  // dec
  as_.byte(0xff);
  as_.byte(0xc8 | (kJumps & 7));
  leave_to(Exit::too_long, o, as_.jump_if(kNegative));
}

void Translator::go_to(const Operation& o) {
  count_jump(o);
  as_.rex(true, kRdx, 0, kRcx);  // lea rdx, [rcx - base]
  as_.byte(0x8d);
  as_.byte(0x91);
  as_.number(static_cast<std::uint32_t>(-static_cast<std::int32_t>(image_.base())), 4);
  as_.rex(true, 0, 0, kRdx);  // cmp rdx, bytes of the image
  as_.byte(0x81);
  as_.byte(0xfa);
  as_.number(starts_.size(), 4);
  leave_to(Exit::go, o, as_.jump_if(kAboveEqual));
  as_.load_field(kRax, kContext, field(offsetof(Context, starts)));
  for (const unsigned byte : {0xffU, 0x24U, 0xd0U}) as_.byte(byte);  // jmp [rax + 8 * rdx]
}

/// rdx = what a sum comes to, and `more`. `unsure` gets the jumps to take where a word of it is out of reach.
void Translator::to_rdx(const Sum& sum, std::uint64_t more, const Loop& loop,
                        std::vector<std::size_t>& unsure) {
  const auto constant = static_cast<std::uint64_t>(sum.constant) + more;
  as_.set(kRdx, is_wide() ? constant : static_cast<std::uint32_t>(constant));
  for (unsigned index = 0; index < sum.count; ++index) {
    const std::uint16_t id = sum.atoms[index];
    if (id < Sum::kFirstSlot) {
      as_.alu(Alu::add, kRdx, value(static_cast<Register>(id), kRax));
      continue;
    }
    const Loop::Slot& slot = loop.slots[id - Sum::kFirstSlot];
    as_.lea(kRax, value(slot.base, kRax), static_cast<std::int32_t>(slot.offset));
    for (const std::size_t at : check(set_.word_bytes, false)) unsure.push_back(at);
    as_.access(kRax, 0x8b, false, is_wide(), false, false, kRax, 0);
    as_.alu(Alu::add, kRdx, kRax);
  }
}

/// Leaves to have a loop done, unless its first test that changes says that it goes round a few times only. A
/// loop that is not asked is gone round step by step.
void Translator::ask_loop(const Operation& o) {
  const Loop& loop = program_.loop(o.extra);
  const auto test = std::find_if(loop.tests.begin(), loop.tests.end(), [](const Loop::Test& one) {
    return one.condition != Condition::equal && one.left_step != one.right_step;
  });
  std::vector<std::size_t> few;
  std::vector<std::size_t> unsure;
  if (test != loop.tests.end()) {
    const bool differs = test->condition == Condition::not_equal;
    const std::uint64_t times = differs ? 0 : kFewestRounds - 1;
    to_rdx(test->left, times * static_cast<std::uint64_t>(test->left_step), loop, unsure);
    as_.store_field(kContext, field(offsetof(Context, address)), kRdx);
    to_rdx(test->right, times * static_cast<std::uint64_t>(test->right_step), loop, unsure);
    as_.load_field(kRax, kContext, field(offsetof(Context, address)));
    if (differs) {
      // How far the two are apart.
      const bool closing = test->left_step > test->right_step;
      as_.alu(Alu::subtract, closing ? kRdx : kRax, closing ? kRax : kRdx);
      as_.alu_constant(Alu::compare, closing ? kRdx : kRax, kFewestRounds);
      few.push_back(as_.jump_if(kCodes[static_cast<std::size_t>(Condition::below)]));
    } else {
      as_.alu(Alu::compare, kRax, kRdx);
      few.push_back(as_.jump_if(kCodes[static_cast<std::size_t>(test->condition)] ^ 1));
    }
  }
  for (const std::size_t at : unsure) as_.land(at);
  leave_to_interpreter(o, {as_.jump()});
  for (const std::size_t past : few) as_.land(past);
}

void Translator::translate(const Operation& o) {
  // So that with an address of the program it is a constant of the host.
  constexpr std::int64_t kSmall = std::int64_t{1} << 30;
  const bool small = o.immediate < kSmall && o.immediate > -kSmall;
  // Constants of 32-bit programs are whole words: their low halves are all that counts.
  const auto constant = static_cast<std::int32_t>(o.immediate);
  const bool fits = small || !is_wide();
  const auto with_constant = [&](Alu alu) {
    if (!fits) {
      to_rax(o.a);
      as_.set(kRcx, static_cast<std::uint64_t>(o.immediate));
      as_.alu(alu, kRax, kRcx);
      return written(o.d, kRax);
    }
    if (o.d == o.a && holder(o.d) != kRsp) return as_.alu_constant(alu, holder(o.d), constant);
    to_rax(o.a);
    as_.alu_constant(alu, kRax, constant);
    written(o.d, kRax);
  };
  const auto shift = [&](unsigned form) {
    as_.move(kRcx, value(o.b, kRcx));
    to_rax(o.a);
    as_.shift(form, kRax);
    written(o.d, kRax);
  };
  const auto shift_constant = [&](unsigned form) {
    to_rax(o.a);
    as_.shift_constant(form, kRax, static_cast<unsigned>(o.immediate) & 63);
    written(o.d, kRax);
  };
  // rdx:rax by a register: 4 multiply, 5 the same with signs, 6 divide.
  const auto wide = [&](unsigned form) {
    to_rax(0);
    as_.by_register(form, value(o.b, kRcx));
    written(0, kRax);
    written(2, kRdx);
  };
  const auto compared = [&] {
    const HostRegister a = value(o.a, kRax);
    if (o.b == kZero) {
      as_.registers(0x85, a, a, is_wide());  // test
    } else {
      as_.alu(Alu::compare, a, value(o.b, kRcx));
    }
    return kCodes[static_cast<std::size_t>(o.condition)];
  };
  const auto slow = [&] { leave_to_interpreter(o, {as_.jump()}); };
  const unsigned word = set_.word_bytes;
  const std::optional<Truth> truth = std::exchange(truth_, std::nullopt);
  switch (o.op) {
    case Op::set: {
      const HostRegister d = destination(o.d);
      as_.set(d, static_cast<std::uint64_t>(o.immediate));
      written(o.d, d);
      break;
    }
    case Op::move: {
      written(o.d, value(o.a, kRax));
      break;
    }
    case Op::add: two(Alu::add, o); break;
    case Op::subtract: two(Alu::subtract, o); break;
    case Op::bit_and: two(Alu::bit_and, o); break;
    case Op::bit_or: two(Alu::bit_or, o); break;
    case Op::bit_xor: two(Alu::bit_xor, o); break;
    case Op::add_constant:
      if (fits) {
        const HostRegister d = destination(o.d);
        as_.lea(d, value(o.a, kRax), constant);
        written(o.d, d);
      } else {
        with_constant(Alu::add);
      }
      break;
    case Op::and_constant: with_constant(Alu::bit_and); break;
    case Op::or_constant: with_constant(Alu::bit_or); break;
    case Op::xor_constant: with_constant(Alu::bit_xor); break;
    case Op::multiply:
      to_rax(o.a);
      as_.multiply(kRax, value(o.b, kRcx));
      written(o.d, kRax);
      break;
    case Op::wide_multiply:
    case Op::wide_multiply_signed: wide(o.op == Op::wide_multiply ? 4 : 5); break;
    case Op::wide_divide: {
      // A quotient that fits; the others are the interpreter's.
      as_.move(kRcx, value(o.b, kRcx));
      as_.alu(Alu::compare, value(2, kRdx), kRcx);
      const std::size_t large = as_.jump_if(kAboveEqual);
      as_.move(kRdx, value(2, kRdx));
      wide(6);
      leave_to_interpreter(o, {large});
      break;
    }
    case Op::shift_left: shift(4); break;
    case Op::shift_right: shift(5); break;
    case Op::shift_signed: shift(7); break;
    case Op::shift_left_constant: shift_constant(4); break;
    case Op::shift_right_constant: shift_constant(5); break;
    case Op::shift_signed_constant: shift_constant(7); break;
    case Op::compare: {
      const unsigned code = compared();
      const HostRegister d = destination(o.d);
      as_.set_condition(code, d);
      written(o.d, d);
      truth_ = {o.d, code};
      break;
    }
    case Op::zero_int: {
      const HostRegister d = destination(o.d);
      as_.registers(0x89, value(o.a, kRax), d, false);
      written(o.d, d);
      break;
    }
    case Op::sign_int: {
      const HostRegister a = value(o.a, kRax);
      const HostRegister d = destination(o.d);
      if (is_wide()) {
        as_.registers(0x63, d, a, true);
      } else {
        as_.move(d, a);
      }
      written(o.d, d);
      break;
    }
    case Op::push:
    case Op::set_aside: {
      std::vector<std::size_t> bad;
      const Place to = asked_stack(o.a, -constant, bad);
      const HostRegister b = value(o.b, kRdx);
      as_.access(b, 0x89, false, is_wide(), false, false, to.index, to.offset);
      if (o.op == Op::set_aside) {
        written(o.d, b);
      } else {
        add(o.a, -constant);
      }
      leave_to_interpreter(o, bad);
      break;
    }
    case Op::pop: {
      std::vector<std::size_t> bad;
      const Place from = asked_stack(o.a, 0, bad);
      as_.access(kRcx, 0x8b, false, is_wide(), false, false, from.index, from.offset);
      add(o.a, constant);
      written(o.d, kRcx);
      leave_to_interpreter(o, bad);
      break;
    }
    case Op::branch: {
      const bool of_truth = truth && truth->reg == o.a && o.b == kZero && o.condition <= Condition::not_equal;
      const unsigned code = !of_truth                             ? compared()
                            : o.condition == Condition::not_equal ? truth->code
                                                                  : truth->code ^ 1;
      const std::size_t past = as_.jump_if(code ^ 1);
      count_jump(o);
      const std::size_t at = as_.jump();
      leave_to(Exit::link, o, at, at);
      as_.land(past);
      break;
    }
    case Op::fill:
    case Op::jump: {
      if (o.op == Op::fill) ask_loop(o);
      count_jump(o);
      const std::size_t at = as_.jump();
      leave_to(Exit::link, o, at, at);
      break;
    }
    case Op::jump_register:
      as_.lea(kRcx, value(o.a, kRcx), constant);
      go_to(o);
      break;
    case Op::call:
    case Op::call_register: {
      const auto word_constant = static_cast<std::int32_t>(word);
      std::vector<std::size_t> bad;
      const Place to = asked_stack(o.a, -word_constant, bad);
      if (o.op == Op::call_register) as_.move(kRcx, value(o.b, kRcx));
      as_.set(kRdx, o.extra);
      as_.access(kRdx, 0x89, false, is_wide(), false, false, to.index, to.offset);
      add(o.a, -word_constant);
      if (o.op == Op::call) {
        count_jump(o);
        const std::size_t at = as_.jump();
        leave_to(Exit::link, o, at, at);
      } else {
        go_to(o);
      }
      leave_to_interpreter(o, bad);
      break;
    }
    case Op::leave: {
      std::vector<std::size_t> bad;
      const Place from = asked_stack(o.a, 0, bad);
      as_.access(kRcx, 0x8b, false, is_wide(), false, false, from.index, from.offset);
      add(o.a, static_cast<std::int32_t>(word));
      go_to(o);
      leave_to_interpreter(o, bad);
      break;
    }
    default:
      if (small && is_load(o.op)) {
        load(o);
      } else if (small && is_store(o.op)) {
        store(o);
      } else {
        slow();
      }
      break;
  }
}

/// The ways out, behind the block's code.
void Translator::finish_late() {
  for (const Late& late : late_) {
    const std::size_t here = as_.code.size();
    as_.set_distance(late.distance_at, here);
    if (late.why == Exit::go) as_.store_field(kContext, field(offsetof(Context, address)), kRcx);
    as_.set(kRax, reinterpret_cast<std::uintptr_t>(late.operation));
    as_.store_field(kContext, field(offsetof(Context, operation)), kRax);
    for (const unsigned byte : {0x48U, 0x8dU, 0x05U}) as_.byte(byte);  // lea rax, [rip + to resume]
    as_.number(static_cast<std::uint32_t>(late.resume - (as_.code.size() + 4)), 4);
    as_.store_field(kContext, field(offsetof(Context, resume)), kRax);
    as_.set(kRax, static_cast<unsigned>(late.why));
    jump_out(as_);
  }
  late_.clear();
}

const void* Translator::code_for(const Operation* start, bool ask_always) {
  auto& made = ask_always ? made_asking_ : made_;
  if (const auto found = made.find(start); found != made.end()) return found->second;
  as_.code.clear();
  truth_.reset();
  reaches_ = find_reaches(start, stack_, set_.word_bytes);
  if (ask_always) reaches_ = {std::vector<Reach>(reaches_.of.size()), {}};
  ask_for_windows(*start);
  for (std::size_t index = 0; index < reaches_.of.size(); ++index) {
    reach_ = reaches_.of[index];
    translate(start[index]);
  }
  finish_late();
  context_.code_end = image_.code_end();
  if (!memory_->fits(as_.code.size()) || as_.code.size() > kMostBytesOfBlock) return nullptr;
  const void* const code = memory_->append(as_.code);
  made.emplace(start, code);
  return code;
}

const void* Translator::code_at(std::uint64_t address) {
  const Operation* const start = program_.at(address);
  if (start == nullptr) return nullptr;
  const void* const code = code_for(start);
  if (code != nullptr) starts_[address - image_.base()] = code;
  return code;
}

/// Asks a loop, and no more if that has seldom been of use: the jump that asks is then one to what follows
/// it.
void Translator::fill(const Operation& o) {
  FillUse& use = fill_use_[&o];
  const auto* const resume = static_cast<const Byte*>(context_.resume);
  use.useful += run_loop(program_.loop(o.extra), image_, context_.registers) ? 1 : 0;
  if (++use.asked % kAsked == 0 && use.useful * kSeldom < use.asked) memory_->patch(resume - 4, 0);
}

Halted Translator::run(Registers& registers, std::uint64_t jumps, const SystemCall& system_call) {
  context_.starts = starts_.data();
  context_.jumps = std::min<std::uint64_t>(jumps, std::numeric_limits<std::int64_t>::max());
  context_.registers = registers;
  std::uint64_t address = image_.entry();
  const Operation* start = nullptr;
  const void* code = code_at(address);
  context_.operation = program_.at(address);
  while (code != nullptr) {
    const Exit why{enter_(&context_, image_.at(0), code)};
    const Operation& o = *context_.operation;
    if (why == Exit::too_long) return {Halt::too_long, static_cast<std::uint64_t>(o.immediate)};
    if (why == Exit::go) {
      address = context_.address;
      start = nullptr;
      code = code_at(address);
    } else if (why == Exit::link || why == Exit::beyond) {
      address = static_cast<std::uint64_t>(o.immediate);
      start = why == Exit::link ? program_.goal(o) : &o;
      code = start == nullptr ? nullptr : code_for(start, why == Exit::beyond);
      if (code != nullptr) {
        const auto* const at = static_cast<const Byte*>(context_.resume);
        memory_->patch(at, static_cast<std::uint32_t>(static_cast<const Byte*>(code) - (at + 4)));
      }
    } else if (o.op == Op::fill) {
      code = context_.resume;
      fill(o);
    } else if (o.op == Op::system_call) {
      context_.registers.next = static_cast<std::uint64_t>(o.immediate);
      if (!system_call(context_.registers)) return {Halt::ended, 0};
      context_.code_end = image_.code_end();  // a child may have run
      address = context_.registers.next;
      start = nullptr;
      code = address == static_cast<std::uint64_t>(o.immediate) ? context_.resume : code_at(address);
    } else {
      const Operation alone[2] = {o, {.op = Op::pause}};
      const Halted halted = interpret_from(alone, program_, image_, set_, context_.registers, 1, system_call);
      if (halted.why != Halt::paused) return halted;
      code = context_.resume;
    }
  }
  // No room for more code, or nothing to run there: the interpreter says which.
  if (start == nullptr) start = program_.at(address);
  if (start == nullptr) return {Halt::bad_jump, address};
  return interpret_from(start, program_, image_, set_, context_.registers, context_.jumps, system_call);
}

}  // namespace

bool can_translate() { return true; }

Halted translate_and_run(Program& program, Image& image, const InstructionSet& set, Registers& registers,
                         std::uint64_t jumps, const SystemCall& system_call) {
  std::unique_ptr<CodeMemory> memory = CodeMemory::make(kCodeBytes);
  if (memory == nullptr) return interpret(program, image, set, registers, jumps, system_call);
  return Translator(program, image, set, std::move(memory)).run(registers, jumps, system_call);
}

}  // namespace assay::exec

#else

namespace assay::exec {

bool can_translate() { return false; }

Halted translate_and_run(Program& program, Image& image, const InstructionSet& set, Registers& registers,
                         std::uint64_t jumps, const SystemCall& system_call) {
  return interpret(program, image, set, registers, jumps, system_call);
}

}  // namespace assay::exec

#endif
