// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/nearest_word.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "core/architecture_names.h"

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

}  // namespace

std::string nearest_word(std::string_view word, std::span<const std::string> known) {
  constexpr std::size_t kLongestWord = 64;
  if (word.size() > kLongestWord) return "";
  std::string nearest;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : known) {
    if (const std::size_t letters = distance(word, candidate); letters < least) {
      least = letters;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string known_words(std::string_view word, std::span<const std::string> known) {
  std::vector<std::string> plain;
  for (const std::string& one : known) plain.push_back(common_name(one));
  const std::string nearest = nearest_word(common_name(word), plain);
  const auto at = std::find(plain.begin(), plain.end(), nearest) - plain.begin();
  return nearest.empty() ? fmt::format("there are {}", fmt::join(known, ", "))
                         : fmt::format("did you mean '{}'?", known[static_cast<std::size_t>(at)]);
}

}  // namespace assay
