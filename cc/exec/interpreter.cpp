// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cc/exec/interpreter.h"

#include <iterator>
#include <limits>

#include "cc/exec/trace_recorder.h"

namespace assay::exec {
namespace {

template <bool kWide>
class Interpreter {
 public:
  using Word = std::conditional_t<kWide, std::uint64_t, std::uint32_t>;
  using Signed = std::make_signed_t<Word>;
  static constexpr unsigned kBits = kWide ? 64 : 32;

  Interpreter(Program& program, Image& image, const InstructionSet& set, Registers& registers,
              const SystemCall& system_call)
      : program_(program),
        image_(image),
        memory_(image.at(0)),
        base_(image.base()),
        span_(kTop - image.base()),
        set_(set),
        r_(registers.values.data()),
        registers_(registers),
        system_call_(system_call) {}

  Halted run(const Operation* next, std::uint64_t jumps);

 private:
  [[nodiscard]] Word address(const Operation& o) const {
    return static_cast<Word>(r_[o.a] + static_cast<std::uint64_t>(o.immediate));
  }

  /// As Image::holds(), for few bytes.
  [[nodiscard]] bool within(std::uint64_t at, std::uint64_t bytes) const {
    return at - base_ <= span_ - bytes;
  }

  [[nodiscard]] Word other_side(const Operation& o) const {
    return static_cast<Word>(r_[o.b] + static_cast<std::uint64_t>(static_cast<std::int32_t>(o.extra)));
  }

  /// Whether what an operation asks for is there. (An address that wraps around is not.)
  [[nodiscard]] bool is_between(const Operation& o, std::uint64_t low, std::uint64_t high) const {
    const std::uint64_t at = r_[o.a] + static_cast<std::uint64_t>(o.immediate);
    return at >= low && at <= high - o.extra;
  }

  template <class T>
  [[gnu::always_inline]] bool load(const Operation& o) {
    const Word at = address(o);
    if (!within(at, sizeof(T))) return stop(Halt::bad_address, at);
    T value;
    std::memcpy(&value, memory_ + at, sizeof value);
    if constexpr (std::is_signed_v<T>) {
      r_[o.d] = static_cast<Word>(static_cast<Signed>(value));
    } else {
      r_[o.d] = value;
    }
    return true;
  }

  /// Where somebody has to know of it.
  [[gnu::noinline]] bool may_store(Word at, std::uint64_t bytes) {
    if (image_.is_code(at, bytes)) return stop(Halt::writes_code, at);
    (void)image_.to_write(at, bytes);
    return true;
  }

  template <class T>
  [[gnu::always_inline]] bool store_at(Word at, std::uint64_t value) {
    if (!within(at, sizeof(T))) return stop(Halt::bad_address, at);
    if (at < image_.watched_end()) [[unlikely]] {
      if (!may_store(at, sizeof(T))) return false;
    }
    const T stored = static_cast<T>(value);
    std::memcpy(memory_ + at, &stored, sizeof stored);
    return true;
  }

  template <class T>
  [[gnu::always_inline]] bool store(const Operation& o) {
    return store_at<T>(address(o), r_[o.b]);
  }

  [[gnu::always_inline]] bool push(const Operation& o) {
    const std::uint64_t value = r_[o.b];
    const auto at = static_cast<Word>(r_[o.a] - static_cast<std::uint64_t>(o.immediate));
    r_[o.a] = at;
    return store_at<Word>(at, value);
  }

  [[gnu::always_inline]] bool pop(const Operation& o) {
    const auto at = static_cast<Word>(r_[o.a]);
    if (!within(at, sizeof(Word))) return stop(Halt::bad_address, at);
    r_[o.a] = static_cast<Word>(r_[o.a] + static_cast<std::uint64_t>(o.immediate));
    r_[o.d] = image_.load<Word>(at);
    return true;
  }

  [[gnu::always_inline]] bool set_aside(const Operation& o) {
    const std::uint64_t value = r_[o.b];
    if (!store_at<Word>(static_cast<Word>(r_[o.a] - static_cast<std::uint64_t>(o.immediate)), value))
      return false;
    r_[o.d] = value;
    return true;
  }

  bool stop(Halt why, std::uint64_t at) {
    halted_ = {why, at};
    return false;
  }

  /// Jumps to an operation go to another one from now on; but not those of translated code, whose child this
  /// may be.
  void redirect(const Operation* from, const Operation* to) {
    if (image_.watched_end() != kTop) program_.redirect(from, to);
  }

  /// The calls that programs make most often.
  bool done_here() {
    const std::uint64_t number = r_[set_.calls.number];
    const auto& words = set_.calls.words;
    if (number == set_.calls.brk && registers_.grow_heap(r_[words[0]])) {
      r_[set_.calls.result] = registers_.heap;
    } else if (number == set_.calls.write && r_[words[2]] == 1 && within(r_[words[1]], 1) &&
               registers_.stream->put(r_[words[0]], memory_[r_[words[1]]])) {
      r_[set_.calls.result] = 1;
    } else {
      return false;
    }
    return true;
  }

  template <class Double, class One>
  void wide_multiply(const Operation& o) {
    const Double product = static_cast<Double>(static_cast<One>(r_[0])) * static_cast<One>(r_[o.b]);
    r_[0] = static_cast<Word>(product);
    r_[2] = static_cast<Word>(product >> kBits);
  }
  bool wide_divide(const Operation& o);
  bool wide_divide_signed(const Operation& o);
  void divide(const Operation& o);

  Program& program_;
  Image& image_;
  Byte* const memory_;
  const std::uint64_t base_;
  const std::uint64_t span_;
  const InstructionSet& set_;
  std::uint64_t* const r_;
  Registers& registers_;
  const SystemCall& system_call_;
  Halted halted_;
};

template <bool kWide>
bool Interpreter<kWide>::wide_divide(const Operation& o) {
  using Double = std::conditional_t<kWide, Unsigned128, std::uint64_t>;
  const auto by = static_cast<Word>(r_[o.b]);
  const Double value = static_cast<Double>(static_cast<Word>(r_[2])) << kBits | static_cast<Word>(r_[0]);
  if (by == 0 || value / by > std::numeric_limits<Word>::max()) return stop(Halt::divide_error, 0);
  r_[0] = static_cast<Word>(value / by);
  r_[2] = static_cast<Word>(value % by);
  return true;
}

template <bool kWide>
bool Interpreter<kWide>::wide_divide_signed(const Operation& o) {
  using Double = std::conditional_t<kWide, Signed128, std::int64_t>;
  using Unsigned = std::conditional_t<kWide, Unsigned128, std::uint64_t>;
  const auto by = static_cast<Signed>(r_[o.b]);
  const auto value = static_cast<Double>(static_cast<Unsigned>(static_cast<Word>(r_[2])) << kBits |
                                         static_cast<Word>(r_[0]));
  // The one quotient that a double word does not hold is too large for a word, too.
  if (by == 0 || (by == -1 && value == static_cast<Double>(static_cast<Unsigned>(1) << (2 * kBits - 1))))
    return stop(Halt::divide_error, 0);
  const Double quotient = value / by;
  if (quotient > std::numeric_limits<Signed>::max() || quotient < std::numeric_limits<Signed>::min())
    return stop(Halt::divide_error, 0);
  r_[0] = static_cast<Word>(quotient);
  r_[2] = static_cast<Word>(value % by);
  return true;
}

/// By zero: 0 on A64; all ones, and the dividend as the rest, on RISC-V. Never a fault.
template <bool kWide>
void Interpreter<kWide>::divide(const Operation& o) {
  const auto a = static_cast<Word>(r_[o.a]);
  const auto b = static_cast<Word>(r_[o.b]);
  const auto sa = static_cast<Signed>(a);
  const auto sb = static_cast<Signed>(b);
  const bool rest = o.op == Op::remainder_signed || o.op == Op::remainder_unsigned;
  Word result = 0;
  if (b == 0) {
    result = rest ? a : set_.elf_machine == 243 ? ~Word{0} : Word{0};
  } else if (o.op == Op::divide_unsigned) {
    result = a / b;
  } else if (o.op == Op::remainder_unsigned) {
    result = a % b;
  } else if (sb == -1) {
    result = rest ? Word{0} : Word{0} - a;
  } else {
    result = static_cast<Word>(rest ? sa % sb : sa / sb);
  }
  r_[o.d] = result;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"  // labels as values: the one thing here beyond C++

template <bool kWide>
Halted Interpreter<kWide>::run(const Operation* o, std::uint64_t jumps) {
  const auto word = [](std::uint64_t value) { return static_cast<std::uint64_t>(static_cast<Word>(value)); };
  // Where to go on; null: nothing can run there, or there were too many jumps.
  const auto at_address = [&](std::uint64_t at) __attribute__((always_inline)) {
    const Operation* const to = program_.at(at);
    if (to == nullptr) stop(Halt::bad_jump, at);
    return to;
  };
  const auto goal = [&](const Operation& jump) __attribute__((always_inline))->const Operation* {
    if (jumps-- == 0) {
      stop(Halt::too_long, static_cast<std::uint64_t>(jump.immediate));
      return nullptr;
    }
    if (jump.target != nullptr) [[likely]]
      return jump.target;
    const Operation* const to = program_.goal(jump);
    if (to == nullptr) stop(Halt::bad_jump, static_cast<std::uint64_t>(jump.immediate));
    return to;
  };
  const auto holds_for = [&](const Operation& branch) __attribute__((always_inline)) {
    return holds(branch.condition, static_cast<Word>(r_[branch.a]), static_cast<Word>(r_[branch.b]));
  };
  // In the order of Op. Each operation goes on to the next by a jump of its own, which hosts guess better
  // than one that all of them share.
  static const void* const kLabels[] = {
      &&L_set, &&L_move, &&L_add, &&L_add_constant, &&L_subtract, &&L_bit_and, &&L_and_constant, &&L_bit_or,
      &&L_or_constant, &&L_bit_xor, &&L_xor_constant, &&L_multiply, &&L_shift_left, &&L_shift_right,
      &&L_shift_signed, &&L_shift_left_constant, &&L_shift_right_constant, &&L_shift_signed_constant,
      &&L_divide_signed, &&L_divide_unsigned, &&L_remainder_signed, &&L_remainder_unsigned, &&L_wide_multiply,
      &&L_wide_multiply_signed, &&L_wide_divide, &&L_wide_divide_signed, &&L_compare, &&L_sign_byte,
      &&L_sign_half, &&L_sign_int, &&L_zero_int, &&L_insert_byte, &&L_load_byte, &&L_load_byte_signed,
      &&L_load_half, &&L_load_half_signed, &&L_load_int, &&L_load_int_signed, &&L_load_long, &&L_store_byte,
      &&L_store_half, &&L_store_int, &&L_store_long, &&L_push, &&L_pop, &&L_set_aside, &&L_test, &&L_branch,
      &&L_jump, &&L_jump_register, &&L_call, &&L_call_register, &&L_leave, &&L_system_call, &&L_fill,
      &&L_heat, &&L_enter, &&L_round, &&L_ask_stack, &&L_ask_read, &&L_ask_write, &&L_ask_equal, &&L_ask_word,
      &&L_grow_heap, &&L_put_byte, &&L_pause, &&L_unknown,
      // In the order of Pair.
      &&L_set_aside_load, &&L_load_set_aside, &&L_set_set_aside, &&L_add_constant_set_aside, &&L_load_test,
      &&L_load_push, &&L_load_load, &&L_push_push, &&L_pop_pop, &&L_move_call, &&L_ask_read_load,
      &&L_ask_read_load_byte, &&L_load_byte_branch, &&L_load_branch, &&L_branch_branch, &&L_store_store,
      &&L_set_store, &&L_add_constant_round};
  static_assert(std::size(kLabels) == static_cast<std::size_t>(Pair::add_constant_round) + 1);
#define NEXT               \
  do {                     \
    ++o;                   \
    goto* kLabels[o->way]; \
  } while (false)
#define THEN(label) \
  do {              \
    ++o;            \
    goto L_##label; \
  } while (false)
#define GO(to)                              \
  do {                                      \
    if ((o = (to)) == nullptr) [[unlikely]] \
      return halted_;                       \
    goto* kLabels[o->way];                  \
  } while (false)
  GO(o);
L_set:
  r_[o->d] = static_cast<std::uint64_t>(o->immediate);
  NEXT;
L_move:
  r_[o->d] = r_[o->a];
  NEXT;
L_add:
  r_[o->d] = word(r_[o->a] + r_[o->b]);
  NEXT;
L_add_constant:
  r_[o->d] = word(r_[o->a] + static_cast<std::uint64_t>(o->immediate));
  NEXT;
L_subtract:
  r_[o->d] = word(r_[o->a] - r_[o->b]);
  NEXT;
L_bit_and:
  r_[o->d] = r_[o->a] & r_[o->b];
  NEXT;
L_and_constant:
  r_[o->d] = r_[o->a] & static_cast<std::uint64_t>(o->immediate);
  NEXT;
L_bit_or:
  r_[o->d] = r_[o->a] | r_[o->b];
  NEXT;
L_or_constant:
  r_[o->d] = word(r_[o->a] | static_cast<std::uint64_t>(o->immediate));
  NEXT;
L_bit_xor:
  r_[o->d] = r_[o->a] ^ r_[o->b];
  NEXT;
L_xor_constant:
  r_[o->d] = word(r_[o->a] ^ static_cast<std::uint64_t>(o->immediate));
  NEXT;
L_multiply:
  r_[o->d] = word(r_[o->a] * r_[o->b]);
  NEXT;
L_shift_left:
  r_[o->d] = word(r_[o->a] << (r_[o->b] % kBits));
  NEXT;
L_shift_right:
  r_[o->d] = r_[o->a] >> (r_[o->b] % kBits);
  NEXT;
L_shift_signed:
  r_[o->d] = static_cast<Word>(static_cast<Signed>(r_[o->a]) >> (r_[o->b] % kBits));
  NEXT;
L_shift_left_constant:
  r_[o->d] = word(r_[o->a] << o->immediate);
  NEXT;
L_shift_right_constant:
  r_[o->d] = r_[o->a] >> o->immediate;
  NEXT;
L_shift_signed_constant:
  r_[o->d] = static_cast<Word>(static_cast<Signed>(r_[o->a]) >> o->immediate);
  NEXT;
L_divide_signed:
L_divide_unsigned:
L_remainder_signed:
L_remainder_unsigned:
  divide(*o);
  NEXT;
L_wide_multiply:
  wide_multiply<std::conditional_t<kWide, Unsigned128, std::uint64_t>, Word>(*o);
  NEXT;
L_wide_multiply_signed:
  wide_multiply<std::conditional_t<kWide, Signed128, std::int64_t>, Signed>(*o);
  NEXT;
L_wide_divide:
  if (!wide_divide(*o)) return halted_;
  NEXT;
L_wide_divide_signed:
  if (!wide_divide_signed(*o)) return halted_;
  NEXT;
L_compare:
  r_[o->d] = holds(o->condition, static_cast<Word>(r_[o->a]), static_cast<Word>(r_[o->b])) ? 1 : 0;
  NEXT;
L_sign_byte:
  r_[o->d] = static_cast<Word>(static_cast<Signed>(static_cast<std::int8_t>(r_[o->a])));
  NEXT;
L_sign_half:
  r_[o->d] = static_cast<Word>(static_cast<Signed>(static_cast<std::int16_t>(r_[o->a])));
  NEXT;
L_sign_int:
  r_[o->d] = static_cast<Word>(static_cast<Signed>(static_cast<std::int32_t>(r_[o->a])));
  NEXT;
L_zero_int:
  r_[o->d] = static_cast<std::uint32_t>(r_[o->a]);
  NEXT;
L_insert_byte:
  r_[o->d] = (r_[o->d] & ~std::uint64_t{0xff}) | (r_[o->a] & 0xff);
  NEXT;
L_load_byte:
  if (!load<std::uint8_t>(*o)) return halted_;
  NEXT;
L_load_byte_signed:
  if (!load<std::int8_t>(*o)) return halted_;
  NEXT;
L_load_half:
  if (!load<std::uint16_t>(*o)) return halted_;
  NEXT;
L_load_half_signed:
  if (!load<std::int16_t>(*o)) return halted_;
  NEXT;
L_load_int:
  if (!load<std::uint32_t>(*o)) return halted_;
  NEXT;
L_load_int_signed:
  if (!load<std::int32_t>(*o)) return halted_;
  NEXT;
L_load_long:
  if (!load<std::uint64_t>(*o)) return halted_;
  NEXT;
L_store_byte:
  if (!store<std::uint8_t>(*o)) return halted_;
  NEXT;
L_store_half:
  if (!store<std::uint16_t>(*o)) return halted_;
  NEXT;
L_store_int:
  if (!store<std::uint32_t>(*o)) return halted_;
  NEXT;
L_store_long:
  if (!store<std::uint64_t>(*o)) return halted_;
  NEXT;
L_push:
  if (!push(*o)) return halted_;
  NEXT;
L_pop:
  if (!pop(*o)) return halted_;
  NEXT;
L_set_aside:
  if (!set_aside(*o)) return halted_;
  NEXT;
L_test:
  if (holds_for(*o)) {
    r_[o->d] = o->extra & 1;
    GO(goal(*o));
  }
  r_[o->d] = (o->extra & 1) ^ 1;
  NEXT;
L_branch:
  if (holds_for(*o)) GO(goal(*o));
  NEXT;
L_jump:
  GO(goal(*o));
L_jump_register:
  if (jumps-- == 0) return {Halt::too_long, 0};
  GO(at_address(static_cast<Word>(r_[o->a] + static_cast<std::uint64_t>(o->immediate))));
L_call : {
  const auto at = static_cast<Word>(r_[o->a] - sizeof(Word));
  if (!store_at<Word>(at, o->extra)) return halted_;
  r_[o->a] = at;
  GO(goal(*o));
}
L_call_register : {
  const auto at = static_cast<Word>(r_[o->a] - sizeof(Word));
  const auto to = static_cast<Word>(r_[o->b]);
  if (!store_at<Word>(at, o->extra)) return halted_;
  r_[o->a] = at;
  if (jumps-- == 0) return {Halt::too_long, to};
  GO(at_address(to));
}
L_leave : {
  const auto at = static_cast<Word>(r_[o->a]);
  if (!within(at, sizeof(Word))) return stop(Halt::bad_address, at), halted_;
  r_[o->a] = word(r_[o->a] + sizeof(Word));
  if (jumps-- == 0) return {Halt::too_long, at};
  GO(at_address(image_.load<Word>(at)));
}
L_system_call:
  if (done_here()) NEXT;
  registers_.next = static_cast<std::uint64_t>(o->immediate);
  if (!system_call_(registers_)) return {Halt::ended, 0};
  if (registers_.next != static_cast<std::uint64_t>(o->immediate)) GO(at_address(registers_.next));
  NEXT;
L_fill:
  run_loop(program_.loop(o->extra), image_, registers_);
  GO(o->target);
L_heat : {
  Program::Heat& heat = program_.heat(o->extra);
  if (heat.go != nullptr) GO(heat.go);
  if (++heat.times < kHot) GO(o->target);
  std::uint64_t left = jumps;
  const Recording recording = record(*o, program_, image_, set_, registers_, left, system_call_);
  jumps = left;
  if (recording.halted) return *recording.halted;
  if (heat.go != nullptr) redirect(o, heat.go);
  GO(recording.next);
}
L_enter:
  if (++program_.heat(o->extra).entered >= kEntered && !is_of_use(*o, program_)) {
    redirect(o, program_.heat(o->extra).head);
    GO(o->target);
  }
  NEXT;
L_round:
  ++program_.heat(o->extra).rounds;
  GO(goal(*o));
L_ask_stack:
  if (!is_between(*o, kTop - kStackBytes, kTop)) GO(goal(*o));
  NEXT;
L_ask_read:
  if (!is_between(*o, base_, kTop - kStackBytes)) GO(goal(*o));
  NEXT;
L_ask_write:
  if (!is_between(*o, image_.watched_end(), kTop - kStackBytes)) GO(goal(*o));
  NEXT;
L_ask_equal:
  if (word(r_[o->a]) != other_side(*o)) GO(goal(*o));
  NEXT;
L_ask_word:
  if (image_.load<Word>(address(*o)) != other_side(*o)) GO(goal(*o));
  NEXT;
L_grow_heap:
  if (!registers_.grow_heap(word(r_[o->a] + static_cast<std::uint64_t>(o->immediate)))) GO(goal(*o));
  NEXT;
L_put_byte:
  if (!registers_.stream->put(r_[o->a], static_cast<Byte>(r_[o->b]))) GO(goal(*o));
  NEXT;
L_pause:
  return {Halt::paused, 0};
L_unknown:
  return {Halt::unknown_instruction, static_cast<std::uint64_t>(o->immediate)};
L_set_aside_load:
  if (!set_aside(*o) || !load<Word>(*++o)) return halted_;
  NEXT;
L_load_set_aside:
  if (!load<Word>(*o) || !set_aside(*++o)) return halted_;
  NEXT;
L_set_set_aside:
  r_[o->d] = static_cast<std::uint64_t>(o->immediate);
  if (!set_aside(*++o)) return halted_;
  NEXT;
L_add_constant_set_aside:
  r_[o->d] = word(r_[o->a] + static_cast<std::uint64_t>(o->immediate));
  if (!set_aside(*++o)) return halted_;
  NEXT;
L_load_test:
  if (!load<Word>(*o)) return halted_;
  THEN(test);
L_load_push:
  if (!load<Word>(*o) || !push(*++o)) return halted_;
  NEXT;
L_load_load:
  if (!load<Word>(*o) || !load<Word>(*++o)) return halted_;
  NEXT;
L_push_push:
  if (!push(*o) || !push(*++o)) return halted_;
  NEXT;
L_pop_pop:
  if (!pop(*o)) return halted_;
  THEN(pop);
L_move_call:
  r_[o->d] = r_[o->a];
  THEN(call);
L_ask_read_load:
  if (!is_between(*o, base_, kTop - kStackBytes)) goto L_ask_read;
  THEN(load_word);
L_ask_read_load_byte:
  if (!is_between(*o, base_, kTop - kStackBytes)) goto L_ask_read;
  THEN(load_byte_signed);
L_load_byte_branch:
  if (!load<std::int8_t>(*o)) return halted_;
  THEN(branch);
L_load_branch:
  if (!load<Word>(*o)) return halted_;
  THEN(branch);
L_branch_branch:
  if (holds_for(*o)) GO(goal(*o));
  THEN(branch);
L_store_store:
  if (!store<Word>(*o)) return halted_;
  THEN(store_word);
L_set_store:
  r_[o->d] = static_cast<std::uint64_t>(o->immediate);
  THEN(store_word);
L_add_constant_round:
  r_[o->d] = word(r_[o->a] + static_cast<std::uint64_t>(o->immediate));
  THEN(round);
L_load_word:
  if (!load<Word>(*o)) return halted_;
  NEXT;
L_store_word:
  if (!store<Word>(*o)) return halted_;
  NEXT;
#undef GO
#undef THEN
#undef NEXT
}

#pragma GCC diagnostic pop

}  // namespace

Halted interpret_from(const Operation* start, Program& program, Image& image, const InstructionSet& set,
                      Registers& registers, std::uint64_t jumps, const SystemCall& system_call) {
  if (set.word_bytes == 8)
    return Interpreter<true>(program, image, set, registers, system_call).run(start, jumps);
  return Interpreter<false>(program, image, set, registers, system_call).run(start, jumps);
}

Halted interpret(Program& program, Image& image, const InstructionSet& set, Registers& registers,
                 std::uint64_t jumps, const SystemCall& system_call) {
  const Operation* const start = program.at(image.entry());
  if (start == nullptr) return {Halt::bad_jump, image.entry()};
  return interpret_from(start, program, image, set, registers, jumps, system_call);
}

}  // namespace assay::exec
