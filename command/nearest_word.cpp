// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/nearest_word.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "command/architecture_names.h"

namespace assay {
namespace {

/// Letters that differ (the "optimal string alignment" distance).
std::size_t distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> before(other.size() + 1);
  std::vector<std::size_t> last(other.size() + 1);
  std::vector<std::size_t> row(other.size() + 1);
  for (std::size_t j = 0; j <= other.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t changed = last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, changed});
      if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[other.size()];
}

template <class Word>
std::string_view nearest(std::string_view word, std::span<const Word> known, std::size_t most) {
  constexpr std::size_t kLongestWord = 64;
  if (word.size() > kLongestWord) return "";
  std::string_view nearest;
  std::size_t least = most + 1;
  for (const std::string_view candidate : known) {
    // letters that one has more differ in any case
    const std::size_t more =
        std::max(candidate.size(), word.size()) - std::min(candidate.size(), word.size());
    if (more >= least) continue;
    if (const std::size_t letters = distance(word, candidate); letters < least) {
      least = letters;
      nearest = candidate;
    }
  }
  return nearest;
}

/// The shortest word that goes on where `word` ends, or else the longest one that it goes on from.
std::string_view longer_or_shorter(std::string_view word, std::span<const std::string_view> known) {
  constexpr std::size_t kLeastInCommon = 4;
  std::string_view longer;
  std::string_view shorter;
  for (const std::string_view one : known) {
    if (std::min(one.size(), word.size()) < kLeastInCommon || one.size() == word.size()) continue;
    if (one.starts_with(word) && (longer.empty() || one.size() < longer.size())) longer = one;
    if (word.starts_with(one) && one.size() > shorter.size()) shorter = one;
  }
  return longer.empty() ? shorter : longer;
}

}  // namespace

std::string nearest_word(std::string_view word, std::span<const std::string> known) {
  return std::string(nearest(word, known, std::max<std::size_t>(1, word.size() / 3)));
}

std::string known_words(std::string_view word, std::span<const std::string> known) {
  std::vector<std::string> plain;
  for (const std::string& one : known) plain.push_back(common_name(one));
  const std::string nearest = nearest_word(common_name(word), plain);
  const auto at = std::find(plain.begin(), plain.end(), nearest) - plain.begin();
  return nearest.empty() ? fmt::format("there are {}", fmt::join(known, ", "))
                         : fmt::format("did you mean '{}'?", known[static_cast<std::size_t>(at)]);
}

std::string near_miss(std::string_view word, std::span<const std::string_view> known) {
  std::string_view near = nearest(word, known, std::max<std::size_t>(1, word.size() / 5));
  if (near.empty() || word.size() < 3) near = longer_or_shorter(word, known);
  return near.empty() ? "" : ": did you mean '" + std::string(near) + "'?";
}

}  // namespace assay
