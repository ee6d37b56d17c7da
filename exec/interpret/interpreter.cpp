// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One function for each way to do an operation (ways.h). Each ends with a call of the next one, which
// compilers turn into a jump: so what all of them need stays in the host's registers, and each has a jump of
// its own to the next, which hosts guess better than one that all of them share. Where a compiler does not
// promise that, they return what is next to a loop that calls it.
#include "exec/interpret/interpreter.h"

#include <limits>
#include <utility>

#include "exec/decode/block_builder.h"
#include "exec/interpret/trace_recorder.h"
#include "exec/trace/ways.h"

#if defined(__clang__)
#define ASSAY_GO_ON(next, last, stack) \
  [[clang::musttail]] return kHandlers[(next)->way](next, r, memory, run, last, stack)
#elif defined(ASSAY_TAIL_CALLS) && defined(__OPTIMIZE__)
#define ASSAY_GO_ON(next, last, stack) return kHandlers[(next)->way](next, r, memory, run, last, stack)
#else
#define ASSAY_GO_ON(next, last, stack) return next
#endif

namespace assay::exec {
namespace {

template <bool kWide>
class Interpreter {
 public:
  using Word = std::conditional_t<kWide, std::uint64_t, std::uint32_t>;
  using Signed = std::make_signed_t<Word>;
  static constexpr unsigned kBits = kWide ? 64 : 32;

  Interpreter(Program& program, Image& image, const InstructionSet& set, Registers& registers,
              std::uint64_t jumps, const SystemCall& system_call)
      : jumps_(jumps),
        base_(image.base()),
        words_(kTop - image.base() - 7),
        image_(image),
        program_(program),
        set_(set),
        registers_(registers),
        system_call_(system_call),
        stack_(set.in_stack[0]) {
    later_.way = kLater;
  }

  Halted run(const Operation* next) {
    std::uint64_t* const r = registers_.values.data();
    while (next != nullptr)
      next = kHandlers[next->way](next, r, image_.at(0), *this, r[next->last], r[stack_]);
    halted_.jumps = jumps_;
    return halted_;
  }

 private:
  /// Does an operation and goes on; answers null once the run has ended. `r`: the registers; `last`: what was
  /// made last, `stack`: the stack pointer.
  using Handler = const Operation* (*)(const Operation* o, std::uint64_t* r, Byte* memory, Interpreter& run,
                                       std::uint64_t last, std::uint64_t stack);
  static constexpr std::uint16_t kLater = Ways<kWide>::kCount;

  template <std::size_t kWay>
  [[gnu::always_inline]] static inline const Operation* act(const Operation* o, std::uint64_t* r,
                                                            Byte* memory, Interpreter& run,
                                                            std::uint64_t& last, std::uint64_t& stack);
  template <std::size_t kWay, std::size_t... kParts>
  static const Operation* handle(const Operation* o, std::uint64_t* r, Byte* memory, Interpreter& run,
                                 std::uint64_t last, std::uint64_t stack);
  template <std::size_t kWay, std::size_t... kParts>
  static constexpr Handler handler(std::index_sequence<kParts...> /*parts*/) {
    return handle<kWay, kParts...>;
  }
  template <std::size_t... kNumbers>
  static constexpr std::array<Handler, kLater + 1> make_handlers(std::index_sequence<kNumbers...>) {
    return {handler<kNumbers>(std::make_index_sequence<kWays<kWide>.parts(kNumbers).count>())...,
            handle_later};
  }
  static const std::array<Handler, kLater + 1> kHandlers;

  /// An operation for which there is more to do than usual: done by one handler for all of them, for a
  /// function that calls others has to keep registers for them.
  static const Operation* handle_later(const Operation* o, std::uint64_t* r, Byte* memory, Interpreter& run,
                                       std::uint64_t last, std::uint64_t stack);
  [[gnu::always_inline]] const Operation* later(const Operation* o) {
    pending_ = o;
    return &later_;
  }
  const Operation* do_later(const Operation& o);

  static Word word(std::uint64_t value) { return static_cast<Word>(value); }
  /// Whether 8 bytes at an address can be read.
  [[nodiscard]] bool is_there(std::uint64_t at) const { return at - base_ < words_; }

  const Operation* stop(Halt why, std::uint64_t at) {
    halted_ = {why, at};
    return nullptr;
  }

  [[gnu::always_inline]] const Operation* goal(const Operation* jump) {
    if (jump->target == nullptr) [[unlikely]]
      return later(jump);
    if (__builtin_sub_overflow(jumps_, 1, &jumps_)) [[unlikely]]
      return stop(Halt::too_long, static_cast<std::uint64_t>(jump->immediate));
    return jump->target;
  }

  template <class T>
  [[gnu::always_inline]] static T get(const Byte* memory, Word at) {
    T value;
    std::memcpy(&value, memory + at, sizeof value);
    return value;
  }
  template <class T>
  [[gnu::always_inline]] static void put(Byte* memory, Word at, T value) {
    std::memcpy(memory + at, &value, sizeof value);
  }

  /// Where somebody may have to know of it.
  bool store_watched(std::uint64_t at, std::uint64_t bytes, std::uint64_t value) {
    if (!image_.holds(at, bytes)) return stop(Halt::bad_address, at), false;
    if (image_.is_code(at, bytes)) return stop(Halt::writes_code, at), false;
    std::memcpy(image_.to_write(at, bytes), &value, bytes);
    return true;
  }

  /// Jumps to an operation go to another one from now on; but not those of translated code, whose child this
  /// may be.
  void redirect(const Operation* from, const Operation* to) {
    if (image_.watched_end() != kTop) program_.redirect(from, to);
  }

  const Operation* at_address(std::uint64_t at) {
    if (jumps_-- == 0) return stop(Halt::too_long, at);
    const Operation* const to = program_.at(at);
    return to != nullptr ? to : stop(Halt::bad_jump, at);
  }
  const Operation* do_system_call(const Operation& o);
  const Operation* grow_hot(const Operation& o);
  const Operation* do_fill(const Operation& o) {
    run_loop(program_.loop(o.extra), image_, registers_, kFewestRounds);
    const Operation* const go = program_.heat(o.target->extra).go;
    return go != nullptr ? go : o.target;
  }
  bool do_x87(const Operation& o);
  const Operation* judge(const Operation& enter) {
    if (is_of_use(enter, program_)) return &enter + 1;
    redirect(&enter, program_.heat(enter.extra).head);
    return enter.target;
  }
  bool done_here();

  template <class Double, class One>
  static void wide_multiply(const Operation* o, std::uint64_t* r) {
    const Double product = static_cast<Double>(static_cast<One>(r[0])) * static_cast<One>(r[o->b]);
    r[0] = word(static_cast<std::uint64_t>(product));
    r[2] = word(static_cast<std::uint64_t>(product >> kBits));
  }
  bool wide_divide(const Operation& o);
  bool wide_divide_signed(const Operation& o);
  Word divide(const Operation& o);

  std::uint64_t jumps_;
  const std::uint64_t base_;
  const std::uint64_t words_;  ///< 8 bytes can be read at so many addresses from there on
  const Operation* pending_ = nullptr;
  Image& image_;
  Program& program_;
  const InstructionSet& set_;
  Registers& registers_;
  const SystemCall& system_call_;
  const Register stack_;
  Operation later_;
  Halted halted_;
};

template <bool kWide>
bool Interpreter<kWide>::wide_divide(const Operation& o) {
  using Double = std::conditional_t<kWide, Unsigned128, std::uint64_t>;
  const auto by = static_cast<Word>(registers_[o.b]);
  const Double value =
      static_cast<Double>(static_cast<Word>(registers_[2])) << kBits | static_cast<Word>(registers_[0]);
  if (by == 0 || value / by > std::numeric_limits<Word>::max()) return stop(Halt::divide_error, 0), false;
  registers_[0] = static_cast<Word>(value / by);
  registers_[2] = static_cast<Word>(value % by);
  return true;
}

template <bool kWide>
bool Interpreter<kWide>::wide_divide_signed(const Operation& o) {
  using Double = std::conditional_t<kWide, Signed128, std::int64_t>;
  using Unsigned = std::conditional_t<kWide, Unsigned128, std::uint64_t>;
  const auto by = static_cast<Signed>(registers_[o.b]);
  const auto value = static_cast<Double>(static_cast<Unsigned>(static_cast<Word>(registers_[2])) << kBits |
                                         static_cast<Word>(registers_[0]));
  // The one quotient that a double word does not hold is too large for a word, too.
  if (by == 0 || (by == -1 && value == static_cast<Double>(static_cast<Unsigned>(1) << (2 * kBits - 1))))
    return stop(Halt::divide_error, 0), false;
  const Double quotient = value / by;
  if (quotient > std::numeric_limits<Signed>::max() || quotient < std::numeric_limits<Signed>::min())
    return stop(Halt::divide_error, 0), false;
  registers_[0] = static_cast<Word>(quotient);
  registers_[2] = static_cast<Word>(value % by);
  return true;
}

/// By zero: 0 on A64; all ones, and the dividend as the rest, on RISC-V. Never a fault.
template <bool kWide>
auto Interpreter<kWide>::divide(const Operation& o) -> Word {
  const auto a = static_cast<Word>(registers_[o.a]);
  const auto b = static_cast<Word>(registers_[o.b]);
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
  return result;
}

/// The calls that programs make most often.
template <bool kWide>
bool Interpreter<kWide>::done_here() {
  const std::uint64_t number = registers_[set_.calls.number];
  const auto& words = set_.calls.words;
  const std::uint64_t file = registers_[words[0]];
  std::uint64_t& result = registers_[set_.calls.result];
  if (number == set_.calls.brk) {
    if (!registers_.grow_heap(file)) return false;
    result = registers_.heap;
    return true;
  }
  if (registers_[words[2]] != 1) return false;
  const std::uint64_t at = registers_[words[1]];
  if (number == set_.calls.write && is_there(at)) {
    Byte* const to = registers_.output->take(file);
    if (to == nullptr) return false;
    *to = *image_.at(at);
  } else if (number == set_.calls.read && image_.is_free(at)) {
    const Byte* const from = registers_.input->take(file);
    if (from == nullptr) return false;
    *image_.at(at) = *from;
  } else {
    return false;
  }
  result = 1;
  return true;
}

template <bool kWide>
const Operation* Interpreter<kWide>::do_system_call(const Operation& o) {
  if (done_here()) return &o + 1;
  const auto behind = static_cast<std::uint64_t>(o.immediate);
  registers_.next = behind;
  if (!system_call_(registers_)) return stop(Halt::ended, 0);
  if (registers_.next == behind) return &o + 1;
  const Operation* const to = program_.at(registers_.next);
  return to != nullptr ? to : stop(Halt::bad_jump, registers_.next);
}

/// False: the run has ended.
template <bool kWide>
bool Interpreter<kWide>::do_x87(const Operation& o) {
  const x87::Access access = *x87::access_of(o.extra);
  const Word at = word(registers_[o.a]);
  const unsigned bytes = access.reads + access.writes;
  Byte* memory = nullptr;
  if (bytes != 0) {
    if (!image_.holds(at, bytes)) return stop(Halt::bad_address, at), false;
    if (access.writes != 0 && image_.is_code(at, bytes)) return stop(Halt::writes_code, at), false;
    memory = access.writes != 0 ? image_.to_write(at, bytes) : image_.at(at);
  }
  if (!registers_.x87.run(o.extra, memory))
    return stop(Halt::unknown_instruction, static_cast<std::uint64_t>(o.immediate)), false;
  registers_[o.d] = registers_.x87.status();
  return true;
}

/// Counts; what comes often is recorded.
template <bool kWide>
const Operation* Interpreter<kWide>::grow_hot(const Operation& o) {
  Program::Heat& heat = program_.heat(o.extra);
  if (++heat.times < kHot) return o.target;
  const Recording recording = record(o, program_, image_, set_, registers_, jumps_, system_call_);
  if (recording.halted) {
    halted_ = *recording.halted;
    return nullptr;
  }
  if (heat.go != nullptr) redirect(&o, heat.go);
  return recording.next;
}

template <bool kWide>
const Operation* Interpreter<kWide>::do_later(const Operation& o) {
  auto& r = registers_;
  const auto address = [&] { return word(r[o.a] + static_cast<std::uint64_t>(o.immediate)); };
  const auto push_return = [&] {
    const Word at = word(r[o.a] - sizeof(Word));
    if (!store_watched(at, sizeof(Word), o.extra)) return false;
    r[o.a] = at;
    return true;
  };
  const auto go = [&]() -> const Operation* {
    if (jumps_-- == 0) return stop(Halt::too_long, static_cast<std::uint64_t>(o.immediate));
    const Operation* const to = program_.goal(o);
    return to != nullptr ? to : stop(Halt::bad_jump, static_cast<std::uint64_t>(o.immediate));
  };
  switch (o.op) {
    case Op::load_byte:
    case Op::load_byte_signed:
    case Op::load_half:
    case Op::load_half_signed:
    case Op::load_int:
    case Op::load_int_signed:
    case Op::load_long: {
      const Word at = address();
      const unsigned bytes = width_of(o.op);
      if (!image_.holds(at, bytes)) return stop(Halt::bad_address, at);
      std::uint64_t value = 0;
      std::memcpy(&value, image_.at(at), bytes);
      const bool has_sign =
          o.op == Op::load_byte_signed || o.op == Op::load_half_signed || o.op == Op::load_int_signed;
      const unsigned above = has_sign ? 64 - 8 * bytes : 0;
      r[o.d] = word(static_cast<std::uint64_t>(static_cast<std::int64_t>(value << above) >> above));
      return &o + 1;
    }
    case Op::store_byte:
    case Op::store_half:
    case Op::store_int:
    case Op::store_long: {
      const Word at = address();
      return store_watched(at, width_of(o.op), r[o.b]) ? &o + 1 : nullptr;
    }
    case Op::push: {
      const std::uint64_t value = r[o.b];
      const Word at = word(r[o.a] - static_cast<std::uint64_t>(o.immediate));
      r[o.a] = at;
      return store_watched(at, sizeof(Word), value) ? &o + 1 : nullptr;
    }
    case Op::set_aside: {
      const std::uint64_t value = r[o.b];
      if (!store_watched(word(r[o.a] - static_cast<std::uint64_t>(o.immediate)), sizeof(Word), value))
        return nullptr;
      r[o.d] = value;
      return &o + 1;
    }
    case Op::x87: return do_x87(o) ? &o + 1 : nullptr;
    case Op::call: return push_return() ? go() : nullptr;
    case Op::call_register: {
      const Word to = word(r[o.b]);
      return push_return() ? at_address(to) : nullptr;
    }
    case Op::pop:
    case Op::leave: {
      const Word at = word(r[o.a]);
      if (!image_.holds(at, sizeof(Word))) return stop(Halt::bad_address, at);
      const auto value = image_.load<Word>(at);
      r[o.a] = word(at + (o.op == Op::pop ? static_cast<std::uint64_t>(o.immediate) : sizeof(Word)));
      if (o.op == Op::leave) return at_address(value);
      r[o.d] = value;
      return &o + 1;
    }
    case Op::jump_register: return at_address(address());
    case Op::heat: return grow_hot(o);
    case Op::enter: return judge(o);
    case Op::system_call: return do_system_call(o);
    case Op::watch: program_.reached(static_cast<std::uint64_t>(o.immediate)); return o.target;
    case Op::fill: return do_fill(o);
    case Op::fill_bytes: {
      constexpr std::uint64_t kEnd = kTop - kStackBytes;
      const std::uint64_t from = r[o.a];
      if (from < image_.watched_end() || from > kEnd || r[o.b] > kEnd - from) return goal(&o);
      std::memset(image_.at(from), static_cast<int>(r[o.d] & 0xff), r[o.b]);
      return &o + 1;
    }
    default: return go();
  }
}

template <bool kWide>
template <std::size_t kWay>
const Operation* Interpreter<kWide>::act(const Operation* o, std::uint64_t* r, Byte* memory, Interpreter& run,
                                         std::uint64_t& last, std::uint64_t& stack) {
  static constexpr Way kThis = kWays<kWide>[kWay];
  const auto a = [&]() __attribute__((always_inline)) {
    return kThis.a == Source::last ? last : kThis.a == Source::stack ? stack : r[o->a];
  };
  const auto b = [&]() __attribute__((always_inline)) { return kThis.b == Source::last ? last : r[o->b]; };
  const auto i = [&]() __attribute__((always_inline)) { return static_cast<std::uint64_t>(o->immediate); };
  const auto make = [&](std::uint64_t value) __attribute__((always_inline)) {
    r[o->d] = last = value;
    if constexpr (kThis.to_stack) stack = value;
    return o + 1;
  };
  const auto load = [&](auto as) __attribute__((always_inline))->const Operation* {
    const Word at = word(a() + i());
    if (kThis.kind == 0 && !run.is_there(at)) [[unlikely]]
      return run.later(o);
    return make(word(static_cast<std::uint64_t>(get<decltype(as)>(memory, at))));
  };
  const auto store = [&](auto as) __attribute__((always_inline))->const Operation* {
    const Word at = word(a() + i());
    if (kThis.kind == 0 && !run.image_.is_free(at)) [[unlikely]]
      return run.later(o);
    put(memory, at, static_cast<decltype(as)>(b()));
    return o + 1;
  };
  const auto move_stack = [&](std::uint64_t to) __attribute__((always_inline)) {
    r[o->a] = to;
    if constexpr (kThis.a == Source::stack) stack = to;
  };
  const auto does_hold = [&]() __attribute__((always_inline)) {
    return holds(static_cast<Condition>(kThis.kind), word(a()), word(b()));
  };
  const auto is_between = [&](std::uint64_t low, std::uint64_t high) __attribute__((always_inline)) {
    const std::uint64_t at = a() + i();  // one that wraps around is not
    return at >= low && at <= high - o->extra;
  };
  const auto other_side = [&]() __attribute__((always_inline)) {
    return word(b() + static_cast<std::uint64_t>(static_cast<std::int32_t>(o->extra)));
  };
  // From a trace, into a block.
  const auto go_into = [&](const Operation* to) __attribute__((always_inline)) {
    if (to != nullptr) last = r[to->last];
    return to;
  };
  constexpr Op kOp = kThis.op;
  if constexpr (kOp == Op::set) return make(i());
  if constexpr (kOp == Op::move) return make(a());
  if constexpr (kOp == Op::add) return make(word(a() + b()));
  if constexpr (kOp == Op::add_constant) return make(word(a() + i()));
  if constexpr (kOp == Op::subtract) return make(word(a() - b()));
  if constexpr (kOp == Op::bit_and) return make(a() & b());
  if constexpr (kOp == Op::and_constant) return make(a() & i());
  if constexpr (kOp == Op::bit_or) return make(a() | b());
  if constexpr (kOp == Op::or_constant) return make(word(a() | i()));
  if constexpr (kOp == Op::bit_xor) return make(a() ^ b());
  if constexpr (kOp == Op::xor_constant) return make(word(a() ^ i()));
  if constexpr (kOp == Op::multiply) return make(word(a() * b()));
  if constexpr (kOp == Op::shift_left) return make(word(a() << (b() % kBits)));
  if constexpr (kOp == Op::shift_right) return make(a() >> (b() % kBits));
  if constexpr (kOp == Op::shift_signed)
    return make(static_cast<Word>(static_cast<Signed>(a()) >> (b() % kBits)));
  if constexpr (kOp == Op::shift_left_constant) return make(word(a() << o->immediate));
  if constexpr (kOp == Op::shift_right_constant) return make(a() >> o->immediate);
  if constexpr (kOp == Op::shift_signed_constant)
    return make(static_cast<Word>(static_cast<Signed>(a()) >> o->immediate));
  if constexpr (kOp == Op::divide_signed || kOp == Op::divide_unsigned || kOp == Op::remainder_signed ||
                kOp == Op::remainder_unsigned)
    return make(run.divide(*o));
  if constexpr (kOp == Op::wide_multiply) {
    wide_multiply<std::conditional_t<kWide, Unsigned128, std::uint64_t>, Word>(o, r);
    return o + 1;
  }
  if constexpr (kOp == Op::wide_multiply_signed) {
    wide_multiply<std::conditional_t<kWide, Signed128, std::int64_t>, Signed>(o, r);
    return o + 1;
  }
  if constexpr (kOp == Op::wide_divide) return run.wide_divide(*o) ? o + 1 : nullptr;
  if constexpr (kOp == Op::wide_divide_signed) return run.wide_divide_signed(*o) ? o + 1 : nullptr;
  if constexpr (kOp == Op::compare) return make(does_hold() ? 1 : 0);
  if constexpr (kOp == Op::sign_byte)
    return make(word(static_cast<std::uint64_t>(static_cast<std::int8_t>(a()))));
  if constexpr (kOp == Op::sign_half)
    return make(word(static_cast<std::uint64_t>(static_cast<std::int16_t>(a()))));
  if constexpr (kOp == Op::sign_int)
    return make(word(static_cast<std::uint64_t>(static_cast<std::int32_t>(a()))));
  if constexpr (kOp == Op::zero_int) return make(static_cast<std::uint32_t>(a()));
  if constexpr (kOp == Op::insert_byte) return make((r[o->d] & ~std::uint64_t{0xff}) | (a() & 0xff));
  if constexpr (kOp == Op::load_byte) return load(std::uint8_t{});
  if constexpr (kOp == Op::load_byte_signed) return load(std::int8_t{});
  if constexpr (kOp == Op::load_half) return load(std::uint16_t{});
  if constexpr (kOp == Op::load_half_signed) return load(std::int16_t{});
  if constexpr (kOp == Op::load_int) return load(std::uint32_t{});
  if constexpr (kOp == Op::load_int_signed) return load(std::int32_t{});
  if constexpr (kOp == Op::load_long) return load(std::uint64_t{});
  if constexpr (kOp == Op::store_byte) return store(std::uint8_t{});
  if constexpr (kOp == Op::store_half) return store(std::uint16_t{});
  if constexpr (kOp == Op::store_int) return store(std::uint32_t{});
  if constexpr (kOp == Op::store_long) return store(std::uint64_t{});
  if constexpr (kOp == Op::push) {
    const Word at = word(a() - i());
    if (!run.image_.is_free(at)) [[unlikely]]
      return run.later(o);
    put(memory, at, word(b()));
    move_stack(at);
    return o + 1;
  }
  if constexpr (kOp == Op::pop) {
    const Word at = word(a());
    if (!run.is_there(at)) [[unlikely]]
      return run.later(o);
    move_stack(word(at + i()));
    return make(get<Word>(memory, at));
  }
  if constexpr (kOp == Op::set_aside) {
    const Word at = word(a() - i());
    if (!run.image_.is_free(at)) [[unlikely]]
      return run.later(o);
    const std::uint64_t value = b();
    put(memory, at, word(value));
    return make(value);
  }
  if constexpr (kOp == Op::test) {
    const bool does = does_hold();
    make((o->extra & 1) ^ (does ? 0 : 1));
    return does ? run.goal(o) : o + 1;
  }
  if constexpr (kOp == Op::branch) return does_hold() ? run.goal(o) : o + 1;
  if constexpr (kOp == Op::jump) return go_into(run.goal(o));
  if constexpr (kOp == Op::jump_register) {
    const Operation* const to = run.program_.known(word(a() + i()));
    if (to == nullptr || run.jumps_ == 0) [[unlikely]]
      return run.later(o);
    --run.jumps_;
    return to;
  }
  if constexpr (kOp == Op::call) {
    const Word at = word(a() - sizeof(Word));
    if (o->target == nullptr || run.jumps_ == 0 || !run.image_.is_free(at)) [[unlikely]]
      return run.later(o);
    put(memory, at, word(o->extra));
    move_stack(at);
    --run.jumps_;
    return o->target;
  }
  if constexpr (kOp == Op::leave) {
    const Word at = word(a());
    if (!run.is_there(at) || run.jumps_ == 0) [[unlikely]]
      return run.later(o);
    const Operation* const to = run.program_.known(get<Word>(memory, at));
    if (to == nullptr) [[unlikely]]
      return run.later(o);
    move_stack(word(at + sizeof(Word)));
    --run.jumps_;
    return to;
  }
  if constexpr (kOp == Op::heat) {
    const Operation* const to = run.program_.heat(o->extra).go;
    return to != nullptr ? to : run.later(o);
  }
  if constexpr (kOp == Op::enter) {
    // Where a child runs, others have to know of what it writes.
    if (run.image_.watched_end() == kTop) [[unlikely]]
      return o->target;
    return ++run.program_.heat(o->extra).entered < kEntered ? o + 1 : run.later(o);
  }
  if constexpr (kOp == Op::round) {
    ++run.program_.heat(o->extra).rounds;
    return go_into(run.goal(o));
  }
  if constexpr (kOp == Op::ask_stack)
    return is_between(run.image_.stack_bottom(), run.image_.stack_top()) ? o + 1 : run.goal(o);
  if constexpr (kOp == Op::ask_read)
    return a() + i() - run.base_ <= kTop - kStackBytes - run.base_ - o->extra ? o + 1 : run.goal(o);
  if constexpr (kOp == Op::ask_write)
    return is_between(run.image_.watched_end(), kTop - kStackBytes) ? o + 1 : run.goal(o);
  if constexpr (kOp == Op::ask_equal) return word(a()) == other_side() ? o + 1 : run.goal(o);
  if constexpr (kOp == Op::ask_word)
    return get<Word>(memory, word(a() + i())) == other_side() ? o + 1 : run.goal(o);
  if constexpr (kOp == Op::grow_heap) return run.registers_.grow_heap(word(a() + i())) ? o + 1 : run.goal(o);
  if constexpr (kOp == Op::put_byte) {
    Byte* const to = run.registers_.output->take(a());
    if (to == nullptr) return run.goal(o);
    *to = static_cast<Byte>(b());
    return o + 1;
  }
  if constexpr (kOp == Op::get_byte) {
    const Byte* const from = run.registers_.input->take(a());
    return from != nullptr ? make(*from) : run.goal(o);
  }
  if constexpr (kOp == Op::expect) return word(a()) == word(b()) ? o + 1 : run.stop(Halt::unknown_flags, i());
  if constexpr (kOp == Op::pause) return run.stop(Halt::paused, 0);
  if constexpr (kOp == Op::unknown)
    return run.stop(o->extra == 0 ? Halt::unknown_instruction : Halt::unknown_flags, i());
  if constexpr (kOp == Op::call_register || kOp == Op::system_call || kOp == Op::fill ||
                kOp == Op::fill_bytes || kOp == Op::watch || kOp == Op::x87)
    return run.later(o);
  return nullptr;
}

template <bool kWide>
template <std::size_t kWay, std::size_t... kParts>
const Operation* Interpreter<kWide>::handle(const Operation* o, std::uint64_t* r, Byte* memory,
                                            Interpreter& run, std::uint64_t last, std::uint64_t stack) {
  const Operation* next = o;
  (void)((next = act<kWays<kWide>.parts(kWay).numbers[kParts]>(next, r, memory, run, last, stack),
          next == o + kParts + 1) &&
         ...);
  if (next == nullptr) return nullptr;
  ASSAY_GO_ON(next, last, stack);
}

template <bool kWide>
const Operation* Interpreter<kWide>::handle_later(const Operation* /*o*/, [[maybe_unused]] std::uint64_t* r,
                                                  [[maybe_unused]] Byte* memory, Interpreter& run,
                                                  std::uint64_t /*last*/, std::uint64_t /*stack*/) {
  const Operation* const next = run.do_later(*run.pending_);
  if (next == nullptr) return nullptr;
  ASSAY_GO_ON(next, r[next->last], r[run.stack_]);
}

template <bool kWide>
constexpr std::array<typename Interpreter<kWide>::Handler, Interpreter<kWide>::kLater + 1>
    Interpreter<kWide>::kHandlers = make_handlers(std::make_index_sequence<Ways<kWide>::kCount>());

}  // namespace

Halted interpret_from(const Operation* start, Program& program, Image& image, const InstructionSet& set,
                      Registers& registers, std::uint64_t jumps, const SystemCall& system_call) {
  if (set.word_bytes == 8)
    return Interpreter<true>(program, image, set, registers, jumps, system_call).run(start);
  return Interpreter<false>(program, image, set, registers, jumps, system_call).run(start);
}

Halted interpret(Program& program, Image& image, const InstructionSet& set, Registers& registers,
                 std::uint64_t jumps, const SystemCall& system_call) {
  const Operation* const start = program.at(image.entry());
  if (start == nullptr) return {Halt::bad_jump, image.entry(), jumps};
  return interpret_from(start, program, image, set, registers, jumps, system_call);
}

}  // namespace assay::exec
