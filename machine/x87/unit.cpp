// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the instructions do with the registers, the stack and the exceptions.
//
// Exceptions of the operands (invalid, denormal, zero divide) that are not masked leave registers and stack
// as they were; those of the result give one. Either way the next instruction that waits stops.
#include "machine/x87/unit.h"

#include <initializer_list>

#include "machine/x87/float80.h"
#include "machine/x87/functions.h"

namespace assay::machine::x87 {
namespace {

constexpr unsigned kStackFault = 0x40;
constexpr unsigned kC0 = 0x0100;
constexpr unsigned kC1 = 0x0200;
constexpr unsigned kC2 = 0x0400;
constexpr unsigned kC3 = 0x4000;
constexpr unsigned kBusy = 0x8000;
constexpr unsigned kTopShift = 11;
constexpr unsigned kOfOperands = kInvalid | kDenormal | kZeroDivide;
constexpr unsigned kControlBits = 0x1F3F;
constexpr unsigned kControlFixed = 0x0040;
// EFLAGS
constexpr unsigned kFlagsUnordered = 0x45;

class Unit {
 public:
  Unit(std::uint64_t* slots, Operation operation, std::uint64_t a, std::uint64_t b)
      : slots_(slots), op_(operation), a_(a), b_(b) {
    static constexpr std::uint8_t kPrecisions[] = {24, 64, 53, 64};  // 1 is reserved
    context_.rounding = static_cast<Rounding>(control() >> 10 & 3);
    context_.precision = kPrecisions[control() >> 8 & 3];
    context_.masked = control() & kExceptions;
  }

  std::uint64_t run();

 private:
  [[nodiscard]] unsigned control() const { return static_cast<unsigned>(slots_[kControl]) ^ kInitialControl; }
  [[nodiscard]] unsigned status() const { return static_cast<unsigned>(slots_[kStatus]); }
  void set_control(std::uint64_t value) {
    slots_[kControl] = ((value & kControlBits) | kControlFixed) ^ kInitialControl;
    note_pending();
  }
  void set_status(unsigned value) {
    slots_[kStatus] = value;
    note_pending();
  }
  void note_pending() {
    const unsigned waiting = (status() & ~control() & kExceptions) != 0 ? kPending | kBusy : 0;
    slots_[kStatus] = (status() & ~(kPending | kBusy)) | waiting;
  }
  void set_codes(unsigned mask, unsigned codes) { slots_[kStatus] = (status() & ~mask) | codes; }

  [[nodiscard]] unsigned physical(unsigned i) const { return ((status() >> kTopShift) + i) & 7; }
  [[nodiscard]] bool empty(unsigned i) const { return (slots_[kFilled] >> physical(i) & 1) == 0; }
  [[nodiscard]] Float80 raw(unsigned i) const {
    const unsigned r = physical(i);
    return {slots_[kSignificands + r], static_cast<std::uint16_t>(slots_[kTops + r])};
  }
  [[nodiscard]] Number number(unsigned i) const { return take_apart(raw(i)); }
  void put(unsigned i, Float80 value) {
    const unsigned r = physical(i);
    slots_[kSignificands + r] = value.significand;
    slots_[kTops + r] = value.top;
    slots_[kFilled] |= std::uint64_t{1} << r;
  }
  void release(unsigned i) { slots_[kFilled] &= ~(std::uint64_t{1} << physical(i)); }
  void turn(unsigned by) {
    slots_[kStatus] = (status() & ~(7U << kTopShift)) | (((status() >> kTopShift) + by) & 7) << kTopShift;
  }
  void pop() {
    release(0);
    turn(1);
  }
  void pop_all() {
    for (unsigned i = 0; i < op_.pops; ++i) pop();
  }

  // Records what came up; false if the instruction has no result.
  bool finish() {
    unsigned raised = context_.raised;
    const unsigned first = raised & kOfOperands & ~context_.masked;
    if (first != 0) raised &= kOfOperands | kStackFault;
    const bool has_result = first == 0 || (raised & kStackFault) != 0;
    set_codes(kC1, has_result && context_.up ? kC1 : 0);
    set_status(status() | raised);
    return first == 0;
  }
  bool stack_fault(bool overflow) {
    context_.raised |= kInvalid | kStackFault;
    context_.up = overflow;
    return finish();
  }
  [[nodiscard]] bool is_memory() const { return op_.form != Form::stack; }
  [[nodiscard]] Number operand() const;

  void arithmetic();
  void compare_with(const Number& other, bool missing);
  std::uint64_t compare_flags();
  void push();
  void push_value(Float80 value, bool missing);
  void exchange();
  void copy();
  void copy_if();
  void examine();
  void one_operand();
  void extract_parts();
  void two_operands();
  std::uint64_t store_value();
  void store();
  void transcendental();
  std::uint64_t environment() const;
  void set_environment();
  [[nodiscard]] unsigned tags() const;

  std::uint64_t* slots_;
  Operation op_;
  std::uint64_t a_;
  std::uint64_t b_;
  Context context_;
};

Number Unit::operand() const {
  switch (op_.form) {
    case Form::stack: return number(op_.from);
    case Form::single: return from_single(static_cast<std::uint32_t>(a_));
    case Form::real: return from_double(a_);
    case Form::extended: return take_apart({a_, static_cast<std::uint16_t>(b_)});
    case Form::word: return from_integer(static_cast<std::int16_t>(a_));
    case Form::dword: return from_integer(static_cast<std::int32_t>(a_));
    case Form::qword: return from_integer(static_cast<std::int64_t>(a_));
    case Form::decimal: return take_apart(from_decimal(a_, b_));
  }
  return {};
}

void Unit::arithmetic() {
  if (empty(op_.to) || (!is_memory() && empty(op_.from))) {
    if (!stack_fault(false)) return;
    put(op_.to, kIndefinite);
    return pop_all();
  }
  const Number to = number(op_.to);
  const Number from = operand();
  Float80 result;
  switch (op_.what) {
    case Do::add: result = add(context_, to, from); break;
    case Do::multiply: result = multiply(context_, to, from); break;
    case Do::subtract: result = subtract(context_, to, from); break;
    case Do::subtract_reversed: result = subtract(context_, from, to); break;
    case Do::divide: result = divide(context_, to, from); break;
    default: result = divide(context_, from, to); break;
  }
  if (!finish()) return;
  put(op_.to, result);
  pop_all();
}

unsigned codes_of(Order order) {
  switch (order) {
    case Order::less: return kC0;
    case Order::equal: return kC3;
    case Order::greater: return 0;
    case Order::unordered: break;
  }
  return kC0 | kC2 | kC3;
}

void Unit::compare_with(const Number& other, bool missing) {
  constexpr unsigned kCodes = kC0 | kC2 | kC3;
  Order order = Order::unordered;
  bool done = false;
  if (missing) {
    done = stack_fault(false);
  } else {
    order = compare(context_, number(0), other, op_.what == Do::compare_quiet);
    done = finish();
  }
  set_codes(kCodes, codes_of(order));
  if (done) pop_all();
}

// C0, C2 and C3 lie as C, P and Z do.
std::uint64_t Unit::compare_flags() {
  if (empty(0) || empty(op_.from)) {
    if (stack_fault(false)) pop_all();
    return kFlagsUnordered;
  }
  context_.up = (status() & kC1) != 0;  // stays
  const Order order = compare(context_, number(0), number(op_.from), op_.what == Do::compare_quiet_for_flags);
  if (finish()) pop_all();
  return codes_of(order) >> 8 & kFlagsUnordered;
}

void Unit::push() {
  const bool missing = !is_memory() && empty(op_.from);
  Float80 value;
  if (op_.form == Form::stack) {
    value = raw(op_.from);
  } else if (op_.form == Form::extended) {
    value = {a_, static_cast<std::uint16_t>(b_)};
  } else if (!empty(7)) {
    return push_value({}, false);
  } else {
    const Number number = operand();
    if (number.denormal) context_.raised |= kDenormal;
    value = number.is_nan() ? nan_result(context_, number) : put_together(number);
  }
  push_value(value, missing);
}

void Unit::push_value(Float80 value, bool missing) {
  if (missing || !empty(7)) {
    if (!stack_fault(!missing)) return;
    value = kIndefinite;
  } else if (!finish()) {
    return;
  }
  turn(7);
  put(0, value);
}

void Unit::exchange() {
  if (empty(0) || empty(op_.from)) {
    if (!stack_fault(false)) return;
    for (const unsigned i : {0U, unsigned{op_.from}}) {
      if (empty(i)) put(i, kIndefinite);
    }
  } else {
    finish();
  }
  const Float80 top = raw(0);
  put(0, raw(op_.from));
  put(op_.from, top);
}

void Unit::copy() {
  if (empty(0)) {
    if (!stack_fault(false)) return;
    put(op_.to, kIndefinite);
  } else {
    finish();
    put(op_.to, raw(0));
  }
  pop_all();
}

void Unit::copy_if() {
  if (empty(0) || empty(op_.from)) {
    if (!stack_fault(false)) return;
    put(0, kIndefinite);
    return;
  }
  if (a_ != 0) put(0, raw(op_.from));
}

void Unit::examine() {
  const Float80 value = raw(0);
  const Number number = take_apart(value);
  unsigned codes = 0;
  if (empty(0)) {
    codes = kC3 | kC0;
  } else {
    switch (number.kind) {
      case Kind::zero: codes = kC3; break;
      case Kind::finite: codes = number.denormal ? kC3 | kC2 : kC2; break;
      case Kind::infinity: codes = kC2 | kC0; break;
      case Kind::quiet_nan:
      case Kind::signalling_nan: codes = kC0; break;
      case Kind::unsupported: break;
    }
  }
  set_codes(kC0 | kC1 | kC2 | kC3, codes | (number.sign ? kC1 : 0));
}

void Unit::one_operand() {
  if (empty(0)) {
    if (stack_fault(false)) put(0, kIndefinite);
    return;
  }
  Float80 value = raw(0);
  switch (op_.what) {
    case Do::change_sign: value.top ^= 0x8000U; break;
    case Do::absolute: value.top &= 0x7FFFU; break;
    case Do::square_root: value = square_root(context_, number(0)); break;
    default: value = round_to_integer(context_, number(0)); break;
  }
  if (finish()) put(0, value);
}

void Unit::extract_parts() {
  if (empty(0) || !empty(7)) {
    if (!stack_fault(!empty(0))) return;
    put(0, kIndefinite);
    turn(7);
    return put(0, kIndefinite);
  }
  Float80 significand;
  const Float80 exponent = extract(context_, number(0), significand);
  if (!finish()) return;
  put(0, exponent);
  turn(7);
  put(0, significand);
}

void Unit::two_operands() {
  if (op_.what != Do::scale) set_codes(kC2, 0);
  if (empty(0) || empty(1)) {
    if (stack_fault(false)) put(0, kIndefinite);
    return;
  }
  if (op_.what == Do::scale) {
    const Float80 result = scale(context_, number(0), number(1));
    if (finish()) put(0, result);
    return;
  }
  const Remainder result = remainder(context_, number(0), number(1), op_.what == Do::remainder_nearest);
  if (!finish()) return;
  put(0, result.value);
  if (!result.defined) return;
  const unsigned q = result.quotient;
  set_codes(
      kC0 | kC1 | kC2 | kC3,
      result.partial ? kC2 : ((q & 4) != 0 ? kC0 : 0) | ((q & 2) != 0 ? kC3 : 0) | ((q & 1) != 0 ? kC1 : 0));
}

std::uint64_t Unit::store_value() {
  if (op_.what == Do::store_toward_zero) context_.rounding = Rounding::zero;
  Float80 value = raw(0);
  if (empty(0)) {
    context_.raised |= kInvalid | kStackFault;
    value = kIndefinite;
  }
  const unsigned before = context_.raised;
  std::uint64_t result = 0;
  slots_[kSecond] = 0;
  const Number number = take_apart(value);
  switch (op_.form) {
    case Form::single: result = to_single(context_, number); break;
    case Form::real: result = to_double(context_, number); break;
    case Form::word: result = to_integer(context_, number, 16); break;
    case Form::dword: result = to_integer(context_, number, 32); break;
    case Form::qword: result = to_integer(context_, number, 64); break;
    case Form::decimal: result = to_decimal(context_, number, slots_[kSecond]); break;
    default: result = value.significand; slots_[kSecond] = value.top;
  }
  if (before != 0) context_.raised = before;
  return result;
}

void Unit::store() {
  const std::uint64_t second = slots_[kSecond];
  store_value();
  slots_[kSecond] = second;
  if (finish()) pop_all();
}

// Of a function whose result the manuals determine.
void Unit::transcendental() {
  const auto function = static_cast<Function>(op_.to);
  const bool two = function == Function::y_log2_x || function == Function::arc_tangent ||
                   function == Function::y_log2_x_plus_1;
  const bool pushes = function == Function::tangent || function == Function::sine_and_cosine;
  const bool has_range = function == Function::tangent || function >= Function::sine_and_cosine;
  if (has_range) set_codes(kC2, 0);
  if (empty(0) || (two && empty(1)) || (pushes && !empty(7))) {
    if (!stack_fault(!empty(0) && pushes)) return;
    if (two) pop();
    put(0, kIndefinite);
    if (!pushes) return;
    turn(7);
    return put(0, kIndefinite);
  }
  FunctionResult result;
  compute(context_, function, number(0), two ? number(1) : Number{}, result);
  const bool done = finish();
  if (result.out_of_range) set_codes(kC2, kC2);
  if (!done || result.out_of_range) return;
  if (two) pop();
  put(0, result.value);
  if (!pushes) return;
  turn(7);
  put(0, result.pushed);
}

unsigned Unit::tags() const {
  unsigned tags = 0;
  for (unsigned r = 8; r-- > 0;) {
    unsigned tag = 3;
    if ((slots_[kFilled] >> r & 1) != 0) {
      const Number n = take_apart({slots_[kSignificands + r], static_cast<std::uint16_t>(slots_[kTops + r])});
      tag = n.kind == Kind::zero ? 1 : n.kind == Kind::finite && !n.denormal ? 0 : 2;
    }
    tags = tags << 2 | tag;
  }
  return tags;
}

std::uint64_t Unit::environment() const {
  switch (op_.to) {
    case 0: return control();
    case 1: return status();
    default: return tags();
  }
}

void Unit::set_environment() {
  switch (op_.to) {
    case 0: return set_control(a_);
    case 1: return set_status(static_cast<unsigned>(a_) & 0xFFFF);
    default: break;
  }
  slots_[kFilled] = 0;
  for (unsigned r = 0; r < 8; ++r) {
    if ((a_ >> (2 * r) & 3) != 3) slots_[kFilled] |= std::uint64_t{1} << r;
  }
}

std::uint64_t Unit::run() {
  switch (op_.what) {
    case Do::add:
    case Do::multiply:
    case Do::subtract:
    case Do::subtract_reversed:
    case Do::divide:
    case Do::divide_reversed: arithmetic(); break;
    case Do::compare:
    case Do::compare_quiet: compare_with(operand(), empty(0) || (!is_memory() && empty(op_.from))); break;
    case Do::compare_for_flags:
    case Do::compare_quiet_for_flags: return compare_flags();
    case Do::push: push(); break;
    case Do::push_constant: push_value(constant(context_.rounding, op_.to), false); break;
    case Do::exchange: exchange(); break;
    case Do::copy: copy(); break;
    case Do::copy_if: copy_if(); break;
    case Do::free:
      release(op_.to);
      set_codes(kC1, 0);
      pop_all();
      break;
    case Do::increment:
    case Do::decrement:
      turn(op_.what == Do::increment ? 1 : 7);
      set_codes(kC1, 0);
      break;
    case Do::test: compare_with({}, empty(0)); break;
    case Do::examine: examine(); break;
    case Do::change_sign:
    case Do::absolute:
    case Do::square_root:
    case Do::round_to_integer: one_operand(); break;
    case Do::extract: extract_parts(); break;
    case Do::scale:
    case Do::remainder:
    case Do::remainder_nearest: two_operands(); break;
    case Do::function:
      if (op_.query) {
        const auto function = static_cast<Function>(op_.to);
        FunctionResult result;
        Context unused = context_;
        slots_[kStops] = !empty(0) && !compute(unused, function, number(0), number(1), result) ? 1 : 0;
        break;
      }
      transcendental();
      break;
    case Do::store:
    case Do::store_toward_zero: {
      if (!op_.query) {
        store();
        break;
      }
      const std::uint64_t value = store_value();
      slots_[kStops] = (context_.raised & ~control() & (kExceptions & ~kPrecision)) != 0 ? 1 : 0;
      return value;
    }
    case Do::get_control: return control();
    case Do::set_control: set_control(a_); break;
    case Do::get_status: return status();
    case Do::clear_exceptions: set_status(status() & ~(kExceptions | kStackFault)); break;
    case Do::initialise:
      slots_[kControl] = 0;
      slots_[kStatus] = 0;
      slots_[kFilled] = 0;
      break;
    case Do::get_environment: return environment();
    case Do::set_environment: set_environment(); break;
    case Do::mask_all: set_control(control() | kExceptions); break;
    case Do::get_register: {
      const Float80 value = raw(op_.to);
      slots_[kSecond] = value.top;
      return value.significand;
    }
    case Do::set_register: {
      const unsigned r = physical(op_.to);
      slots_[kSignificands + r] = a_;
      slots_[kTops + r] = b_ & 0xFFFF;
      break;
    }
  }
  return 0;
}

}  // namespace

std::uint64_t execute(std::uint64_t* slots, std::uint64_t operation, std::uint64_t a, std::uint64_t b) {
  return Unit(slots, Operation::of(static_cast<std::uint32_t>(operation)), a, b).run();
}

}  // namespace assay::machine::x87
