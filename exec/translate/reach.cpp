// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/translate/reach.h"

#include <algorithm>
#include <array>

#include "exec/decode/block_builder.h"

namespace assay::exec {
namespace {

constexpr std::int64_t kFarthest = 1 << 20;  // bytes; what is farther from a register is asked for by itself

/// A register's value: what `base` held when the block began, and a distance; or a constant.
struct Value {
  enum class Kind : std::uint8_t { unknown, distance, constant } kind = Kind::unknown;
  Register base = kZero;
  std::int64_t offset = 0;
};

class Finder {
 public:
  Finder(std::span<const Register> stack, unsigned word_bytes) : word_bytes_(word_bytes) {
    for (const Register reg : stack) values_[reg] = {Value::Kind::distance, reg, 0};
    values_[kZero] = {Value::Kind::constant, kZero, 0};
  }

  void see(const Operation& o) {
    Reach reach;
    const auto step = o.immediate;
    switch (o.op) {
      case Op::push:
        reach = touch(o.a, -step, word_bytes_);
        move(o.a, -step);
        break;
      case Op::pop:
        reach = touch(o.a, 0, word_bytes_);
        move(o.a, step);
        values_[o.d] = {};
        break;
      case Op::set_aside:
        reach = touch(o.a, -step, word_bytes_);
        values_[o.d] = values_[o.b];
        break;
      case Op::call:
      case Op::call_register: reach = touch(o.a, -std::int64_t{word_bytes_}, word_bytes_); break;
      case Op::leave: reach = touch(o.a, 0, word_bytes_); break;
      case Op::set: values_[o.d] = {Value::Kind::constant, kZero, o.immediate}; break;
      case Op::move: values_[o.d] = values_[o.a]; break;
      case Op::add_constant:
        values_[o.d] = values_[o.a];
        move(o.d, step);
        break;
      case Op::system_call:  // it may write any register
        values_.fill({});
        break;
      default:
        if ((is_load(o.op) || is_store(o.op)) && o.extra == 0) reach = touch(o.a, step, width_of(o.op));
        if (writes_d(o.op)) values_[o.d] = {};
        if (o.op >= Op::wide_multiply && o.op <= Op::wide_divide_signed) values_.fill({});
        break;
    }
    reaches_.of.push_back(reach);
  }

  Reaches result() { return std::move(reaches_); }

 private:
  [[nodiscard]] std::int64_t cut(std::int64_t value) const {
    return word_bytes_ == 4 ? static_cast<std::int32_t>(value) : value;
  }
  [[nodiscard]] std::int64_t sum(std::int64_t a, std::int64_t b) const {
    return cut(static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b)));
  }
  void move(Register reg, std::int64_t by) { values_[reg].offset = sum(values_[reg].offset, by); }

  Reach touch(Register reg, std::int64_t distance, unsigned bytes) {
    Value value = values_[reg];
    if (value.kind == Value::Kind::unknown) return {};
    if (distance < -kFarthest || distance > kFarthest) return {};
    value.offset = sum(value.offset, distance);
    if (value.kind == Value::Kind::constant) {
      const auto address = static_cast<std::uint64_t>(value.offset);
      return {Reach::Kind::fixed, word_bytes_ == 4 ? static_cast<std::uint32_t>(address) : address};
    }
    if (value.offset < -kFarthest || value.offset > kFarthest) return {};
    std::vector<Window>& windows = reaches_.windows;
    auto window = std::find_if(windows.begin(), windows.end(),
                               [&](const Window& one) { return one.base == value.base; });
    if (window == windows.end())
      window = windows.insert(windows.end(), {value.base, value.offset, value.offset});
    window->low = std::min(window->low, value.offset);
    window->high = std::max(window->high, value.offset + bytes);
    return {Reach::Kind::window, 0};
  }

  unsigned word_bytes_;
  std::array<Value, kRegisters> values_{};
  Reaches reaches_;
};

}  // namespace

bool ends_block(Op op) {
  switch (op) {
    case Op::jump:
    case Op::jump_register:
    case Op::call:
    case Op::call_register:
    case Op::leave:
    case Op::fill:
    case Op::heat:
    case Op::round:
    case Op::pause:
    case Op::unknown: return true;
    default: return false;
  }
}

Reaches find_reaches(const Operation* block, std::span<const Register> stack, unsigned word_bytes) {
  Finder finder(stack, word_bytes);
  const Operation* o = block;
  do {
    finder.see(*o);
  } while (!ends_block((o++)->op));
  return finder.result();
}

}  // namespace assay::exec
