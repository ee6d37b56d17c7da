// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Doing many iterations of a loop at once.
#include "exec/trace/loop.h"

#include <algorithm>
#include <limits>

#include "exec/state/image.h"
#include "exec/state/registers.h"

namespace assay::exec {
namespace {

constexpr std::uint64_t kMany = std::numeric_limits<std::int64_t>::max();

struct Range {
  std::uint64_t from = 0, bytes = 0;
  [[nodiscard]] bool apart(const Range& other) const {
    return from + bytes <= other.from || other.from + other.bytes <= from;
  }
};

template <bool kWide>
class Round {
 public:
  Round(const Loop& loop, Image& image, Registers& registers)
      : loop_(loop), image_(image), registers_(registers) {}

  bool run(std::uint64_t fewest);

 private:
  using Word = std::conditional_t<kWide, std::uint64_t, std::uint32_t>;
  using Signed = std::make_signed_t<Word>;

  [[nodiscard]] bool find_areas();
  [[nodiscard]] std::uint64_t address(const Loop::Slot& slot) const {
    return static_cast<Word>(registers_[slot.base] + static_cast<std::uint64_t>(slot.offset));
  }
  [[nodiscard]] Word value(const Sum& sum) const;
  [[nodiscard]] std::uint64_t times(const Loop::Test& test) const;
  [[nodiscard]] Range range(std::uint64_t first, std::uint64_t iterations) const;
  [[nodiscard]] bool apart_from_all(const Range& range) const;
  void write(const Range& to, std::uint64_t first, std::uint64_t iterations);

  const Loop& loop_;
  Image& image_;
  Registers& registers_;
  std::array<Range, Loop::kMostAreas> areas_{};
};

/// False: one of them is out of reach.
template <bool kWide>
bool Round<kWide>::find_areas() {
  for (std::size_t index = 0; index < loop_.areas.size(); ++index) {
    const Loop::Area& area = loop_.areas[index];
    areas_[index] = {static_cast<Word>(registers_[area.base] + static_cast<std::uint64_t>(area.low)),
                     static_cast<std::uint64_t>(area.high - area.low)};
    if (!image_.holds(areas_[index].from, areas_[index].bytes)) return false;
  }
  return true;
}

template <bool kWide>
auto Round<kWide>::value(const Sum& sum) const -> Word {
  auto total = static_cast<std::uint64_t>(sum.constant);
  for (unsigned index = 0; index < sum.count; ++index) {
    const std::uint16_t id = sum.atoms[index];
    total += id < Sum::kFirstSlot ? registers_[static_cast<Register>(id)]
                                  : image_.load<Word>(address(loop_.slots[id - Sum::kFirstSlot]));
  }
  return static_cast<Word>(total);
}

/// How many times in a row the test holds.
template <bool kWide>
std::uint64_t Round<kWide>::times(const Loop::Test& test) const {
  const Word left = value(test.left);
  const Word right = value(test.right);
  const Condition condition = test.condition;
  if (!holds(condition, left, right)) return 0;
  const bool turned = test.is_turned();
  const std::int64_t nearer = test.nearer();
  if (nearer == 0) return kMany;
  if (condition == Condition::equal || (condition == Condition::not_equal && nearer != 1)) return 0;
  if (nearer > 0) {
    const std::uint64_t last =
        static_cast<Word>(turned ? left - right : right - left) - (test.has_equal() ? 0U : 1U);
    return (nearer == 1 ? last : last / static_cast<std::uint64_t>(nearer)) + 1;
  }
  // Going apart, until the one that moves leaves the range of numbers.
  const bool is_signed = condition < Condition::below;
  const Word least = is_signed ? static_cast<Word>(std::numeric_limits<Signed>::min()) : 0;
  const Word low = turned ? right : left;
  const Word high = turned ? left : right;
  const std::int64_t low_step = turned ? test.right_step : test.left_step;
  const auto room = static_cast<Word>(low_step != 0 ? low - least : least - 1 - high);
  return room / static_cast<std::uint64_t>(-nearer) + 1;
}

template <bool kWide>
Range Round<kWide>::range(std::uint64_t first, std::uint64_t iterations) const {
  const Loop::Write& write = loop_.writes.front();
  const std::uint64_t bytes = iterations * write.bytes;
  return {write.step > 0 ? first : first - bytes + write.bytes, bytes};
}

template <bool kWide>
bool Round<kWide>::apart_from_all(const Range& range) const {
  if (!image_.holds(range.from, range.bytes) || image_.is_code(range.from, range.bytes)) return false;
  return std::all_of(areas_.begin(), areas_.begin() + static_cast<std::ptrdiff_t>(loop_.areas.size()),
                     [&](const Range& area) { return range.apart(area); });
}

template <bool kWide>
void Round<kWide>::write(const Range& to, std::uint64_t first, std::uint64_t iterations) {
  const Loop::Write& write = loop_.writes.front();
  const Word source = value(write.value);
  if (write.copies) {
    std::memcpy(image_.to_write(to.from, to.bytes), image_.at(range(source, iterations).from), to.bytes);
    return;
  }
  if (write.bytes == 1 || source == 0) {
    std::memset(image_.to_write(to.from, to.bytes), static_cast<int>(source & 0xff), to.bytes);
    return;
  }
  for (std::uint64_t index = 0; index < iterations; ++index)
    std::memcpy(image_.to_write(first + index * static_cast<std::uint64_t>(write.step), write.bytes), &source,
                write.bytes);
}

template <bool kWide>
bool Round<kWide>::run(std::uint64_t fewest) {
  if (!find_areas()) return false;
  std::uint64_t iterations = kMany;
  for (const Loop::Test& test : loop_.tests) {
    iterations = std::min(iterations, times(test));
    if (iterations < fewest) return false;
  }
  if (--iterations > kTop) return false;
  const Loop::Write& write = loop_.writes.front();
  const std::uint64_t first = value(write.to);
  const Range to = range(first, iterations);
  if (!apart_from_all(to)) return false;
  if (write.copies) {
    const Range from = range(value(write.value), iterations);
    if (!image_.holds(from.from, from.bytes) || !from.apart(to) || !apart_from_all(from)) return false;
  }
  // Where words of the loop with two bases may be one, nothing said of them holds.
  for (std::size_t one = 1; one < loop_.areas.size(); ++one) {
    for (std::size_t other = 0; other < one; ++other) {
      if (!areas_[one].apart(areas_[other])) return false;
    }
  }
  this->write(to, first, iterations);
  const auto more = [&](std::int64_t step) { return static_cast<std::uint64_t>(step) * iterations; };
  for (const Loop::Slot& slot : loop_.slots) {
    if (slot.step == 0) continue;
    const std::uint64_t at = address(slot);
    image_.store<Word>(at, static_cast<Word>(image_.load<Word>(at) + more(slot.step)));
  }
  for (const Loop::Step& one : loop_.register_steps)
    registers_[one.reg] = static_cast<Word>(registers_[one.reg] + more(one.step));
  return true;
}

}  // namespace

bool run_loop(const Loop& loop, Image& image, Registers& registers, std::uint64_t fewest) {
  return loop.word_bytes == 8 ? Round<true>(loop, image, registers).run(fewest)
                              : Round<false>(loop, image, registers).run(fewest);
}

bool Loop::Test::is_turned() const {
  switch (condition) {
    case Condition::not_equal: return left_step < right_step;
    case Condition::greater:
    case Condition::greater_equal:
    case Condition::above:
    case Condition::above_equal: return true;
    default: return false;
  }
}

bool Loop::Test::has_equal() const {
  return condition == Condition::less_equal || condition == Condition::greater_equal ||
         condition == Condition::below_equal || condition == Condition::above_equal;
}

bool Loop::is_simple() const {
  const auto by_one = [](const auto& one) { return one.step >= -1 && one.step <= 1; };
  return tests.size() == 1 && tests.front().condition != Condition::equal && tests.front().nearer() == 1 &&
         !writes.front().copies && writes.front().bytes == 1 &&
         std::all_of(slots.begin(), slots.end(), by_one) &&
         std::all_of(register_steps.begin(), register_steps.end(), by_one);
}

}  // namespace assay::exec
