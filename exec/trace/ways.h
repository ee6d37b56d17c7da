// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The numbers of all ways, of one operation or several (way.h, frequent_ways.h), and the choice among them.
#pragma once

#include <array>
#include <span>
#include <utility>

#include "exec/trace/frequent_ways.h"

namespace assay::exec {

/// The numbers of ways that are done one after the other.
struct WayNumbers {
  std::array<std::uint16_t, kMostTogether> numbers{};
  std::size_t count = 0;
};

/// Ways by number, for programs of one word size: first all of one operation, then those of several that
/// follow each other often (frequent_ways.h).
template <bool kWide>
class Ways {
 public:
  static constexpr std::size_t kOps = static_cast<std::size_t>(Op::unknown) + 1;
  static constexpr auto kFrequent = frequent_ways(kWide);

  static constexpr std::size_t singles() {
    std::size_t result = 0;
    for (std::size_t op = 0; op < kOps; ++op) result += ways(static_cast<Op>(op));
    return result;
  }
  static constexpr std::size_t kSingles = singles();
  static constexpr std::size_t kCount = kSingles + kFrequent.size();

  constexpr Ways() {
    std::size_t at = 0;
    for (std::size_t index = 0; index < kOps; ++index) {
      const Op op = static_cast<Op>(index);
      first_[index] = static_cast<std::uint16_t>(at);
      for (unsigned kind = 0; kind < kinds(op); ++kind) {
        for (unsigned a = 0; a < sources_a(op); ++a) {
          for (unsigned b = 0; b < sources_b(op); ++b) {
            for (unsigned goal = 0; goal < goals(op); ++goal)
              singles_[at++] = {op, kind, static_cast<Source>(a), static_cast<Source>(b), goal == 1};
          }
        }
      }
    }
    for (std::size_t index = 0; index < kFrequent.size(); ++index) {
      for (const Way& part : kFrequent[index]) {
        if (part.op != Op::unknown) frequent_[index].numbers[frequent_[index].count++] = number(part);
      }
      std::uint16_t& begin = begin_[frequent_[index].numbers[0]];
      next_[index] = std::exchange(begin, static_cast<std::uint16_t>(kSingles + index));
    }
  }

  constexpr const Way& operator[](std::size_t number) const { return singles_[number]; }
  [[nodiscard]] constexpr std::uint16_t number(const Way& way) const {
    unsigned at = way.kind;
    at = at * sources_a(way.op) + static_cast<unsigned>(way.a);
    at = at * sources_b(way.op) + static_cast<unsigned>(way.b);
    at = at * goals(way.op) + (way.to_stack ? 1 : 0);
    return static_cast<std::uint16_t>(first_[static_cast<std::size_t>(way.op)] + at);
  }
  /// The numbers of those of one operation that a way consists of.
  [[nodiscard]] constexpr WayNumbers parts(std::size_t way) const {
    if (way >= kSingles) return frequent_[way - kSingles];
    return {{static_cast<std::uint16_t>(way)}, 1};
  }
  /// Goes through all ways that begin with one of one operation; 0 at the end.
  [[nodiscard]] constexpr std::uint16_t longer(std::size_t way) const {
    return way < kSingles ? begin_[way] : way < kCount ? next_[way - kSingles] : std::uint16_t{0};
  }

 private:
  std::array<Way, kSingles> singles_{};
  std::array<std::uint16_t, kOps> first_{};
  std::array<WayNumbers, kFrequent.size()> frequent_{};
  std::array<std::uint16_t, kSingles> begin_{};
  std::array<std::uint16_t, kFrequent.size()> next_{};
};

template <bool kWide>
inline constexpr Ways<kWide> kWays;

/// Says how operations are done that follow each other, the first of them whatever came before it.
void choose_ways(std::span<Operation> operations, unsigned word_bytes, Register stack);
/// The same of one that is done alone, whatever the word size.
void go_alone(Operation& operation);

}  // namespace assay::exec
