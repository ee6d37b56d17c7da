// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Doing many iterations of a loop at once.
#include <algorithm>
#include <limits>

#include "cc/exec/interpreter.h"

namespace assay::exec {
namespace {

constexpr std::int64_t kMany = std::numeric_limits<std::int64_t>::max();

class Round {
 public:
  Round(const Loop& loop, Image& image, Registers& registers)
      : loop_(loop), image_(image), registers_(registers), wide_(loop.word_bytes == 8) {}

  bool run();

 private:
  struct Range {
    std::uint64_t from = 0, bytes = 0;
    [[nodiscard]] bool apart(const Range& other) const {
      return from + bytes <= other.from || other.from + other.bytes <= from;
    }
  };

  [[nodiscard]] std::uint64_t word(std::uint64_t value) const {
    return wide_ ? value : static_cast<std::uint32_t>(value);
  }
  [[nodiscard]] std::uint64_t slot_address(const Loop::Slot& slot) const {
    return word(registers_[slot.base] + static_cast<std::uint64_t>(slot.offset));
  }
  [[nodiscard]] std::uint64_t load(std::uint64_t address) const {
    return wide_ ? image_.load<std::uint64_t>(address) : image_.load<std::uint32_t>(address);
  }
  [[nodiscard]] std::uint64_t value(const Sum& sum) const;
  [[nodiscard]] std::int64_t times(const Loop::Test& test) const;
  [[nodiscard]] Range range(std::uint64_t first, std::int64_t iterations) const;
  [[nodiscard]] Range range_of(const Loop::Area& area) const;
  [[nodiscard]] bool apart_from_all(const Range& range) const;
  void write(const Range& to, std::uint64_t first, std::int64_t iterations);

  const Loop& loop_;
  Image& image_;
  Registers& registers_;
  bool wide_;
};

std::uint64_t Round::value(const Sum& sum) const {
  auto total = static_cast<std::uint64_t>(sum.constant);
  for (unsigned index = 0; index < sum.count; ++index) {
    const std::uint16_t id = sum.atoms[index];
    total += id < Sum::kFirstSlot ? registers_[static_cast<Register>(id)]
                                  : load(slot_address(loop_.slots[id - Sum::kFirstSlot]));
  }
  return word(total);
}

/// How many times in a row the test holds.
std::int64_t Round::times(const Loop::Test& test) const {
  const bool is_signed = test.condition < Condition::below;
  const auto number = [&](std::uint64_t bits) -> Signed128 {
    if (!is_signed) return bits;
    return wide_ ? static_cast<std::int64_t>(bits) : static_cast<std::int32_t>(bits);
  };
  const Signed128 left = number(value(test.left));
  const Signed128 right = number(value(test.right));
  switch (test.condition) {
    case Condition::equal: return test.left_step == test.right_step && left == right ? kMany : 0;
    case Condition::not_equal: {
      const Signed128 closing = Signed128{test.left_step} - test.right_step;
      if (closing != 1 && closing != -1) return closing == 0 && left != right ? kMany : 0;
      const std::uint64_t away = word(static_cast<std::uint64_t>(closing == 1 ? right - left : left - right));
      return static_cast<std::int64_t>(std::min<std::uint64_t>(away, std::uint64_t{1} << 40));
    }
    default: break;
  }
  const Condition condition = test.condition;
  const bool or_equal = condition == Condition::less_equal || condition == Condition::below_equal ||
                        condition == Condition::greater_equal || condition == Condition::above_equal;
  const bool turned = condition == Condition::greater || condition == Condition::above ||
                      condition == Condition::greater_equal || condition == Condition::above_equal;
  const Signed128 low = turned ? right : left;
  const Signed128 high = (turned ? left : right) + (or_equal ? 1 : 0);
  const Signed128 low_step = turned ? test.right_step : test.left_step;
  const Signed128 high_step = turned ? test.left_step : test.right_step;
  if (low >= high) return 0;
  const Signed128 closing = low_step - high_step;
  if (closing == 0) return kMany;
  Signed128 count = closing == 1 ? high - low : (high - low + closing - 1) / closing;
  if (closing < 0) {
    // Going apart, until the one that moves leaves the range of numbers.
    const unsigned bits = (wide_ ? 64U : 32U) - (is_signed ? 1U : 0U);
    const Signed128 most = (Signed128{1} << bits) - 1;
    const Signed128 least = is_signed ? -most - 1 : Signed128{0};
    count = low_step < 0 ? (low - least) / -low_step + 1 : (most - high) / high_step + 1;
  }
  return count > kMany ? kMany : static_cast<std::int64_t>(count);
}

Round::Range Round::range(std::uint64_t first, std::int64_t iterations) const {
  const Loop::Write& write = loop_.writes.front();
  const std::uint64_t bytes = static_cast<std::uint64_t>(iterations) * write.bytes;
  return {write.step > 0 ? first : first - bytes + write.bytes, bytes};
}

Round::Range Round::range_of(const Loop::Area& area) const {
  return {word(registers_[area.base] + static_cast<std::uint64_t>(area.low)),
          static_cast<std::uint64_t>(area.high - area.low)};
}

bool Round::apart_from_all(const Range& range) const {
  if (!image_.holds(range.from, range.bytes) || image_.is_code(range.from, range.bytes)) return false;
  return std::all_of(loop_.areas.begin(), loop_.areas.end(),
                     [&](const Loop::Area& area) { return range.apart(range_of(area)); });
}

void Round::write(const Range& to, std::uint64_t first, std::int64_t iterations) {
  const Loop::Write& write = loop_.writes.front();
  const std::uint64_t source = value(write.value);
  if (write.copies) {
    std::memcpy(image_.to_write(to.from, to.bytes), image_.at(range(source, iterations).from), to.bytes);
    return;
  }
  if (write.bytes == 1 || source == 0) {
    std::memset(image_.to_write(to.from, to.bytes), static_cast<int>(source & 0xff), to.bytes);
    return;
  }
  for (std::int64_t index = 0; index < iterations; ++index)
    std::memcpy(image_.to_write(first + static_cast<std::uint64_t>(index * write.step), write.bytes), &source,
                write.bytes);
}

bool Round::run() {
  const Loop::Write& write = loop_.writes.front();
  for (const Loop::Area& area : loop_.areas) {
    const Range words = range_of(area);
    if (!image_.holds(words.from, words.bytes)) return false;
  }
  std::int64_t iterations = kMany;
  for (const Loop::Test& test : loop_.tests) iterations = std::min(iterations, times(test));
  if (iterations < kFewestRounds || --iterations > static_cast<std::int64_t>(kTop)) return false;
  const std::uint64_t first = value(write.to);
  const Range to = range(first, iterations);
  if (!apart_from_all(to)) return false;
  if (write.copies) {
    const Range from = range(value(write.value), iterations);
    if (!image_.holds(from.from, from.bytes) || !from.apart(to) || !apart_from_all(from)) return false;
  }
  // Where words of the loop with two bases may be one, nothing said of them holds.
  for (std::size_t one = 0; one < loop_.areas.size(); ++one) {
    for (std::size_t other = 0; other < one; ++other) {
      if (!range_of(loop_.areas[one]).apart(range_of(loop_.areas[other]))) return false;
    }
  }
  this->write(to, first, iterations);
  const auto advance = [&](std::uint64_t value, std::int64_t step) {
    return word(value + static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(iterations));
  };
  for (const Loop::Slot& slot : loop_.slots) {
    if (slot.step == 0) continue;
    const std::uint64_t address = slot_address(slot);
    const std::uint64_t after = advance(load(address), slot.step);
    if (wide_) {
      image_.store<std::uint64_t>(address, after);
    } else {
      image_.store<std::uint32_t>(address, static_cast<std::uint32_t>(after));
    }
  }
  for (const Loop::Step& one : loop_.register_steps) {
    registers_[one.reg] = advance(registers_[one.reg], one.step);
  }
  return true;
}

}  // namespace

bool run_loop(const Loop& loop, Image& image, Registers& registers) {
  return Round(loop, image, registers).run();
}

}  // namespace assay::exec
