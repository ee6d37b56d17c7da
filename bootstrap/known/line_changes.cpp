// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/known/line_changes.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <unordered_map>

#include "core/bytes.h"
#include "core/digest.h"

namespace assay::bootstrap {
namespace {

constexpr std::size_t kDigitsOfCode = 2;
constexpr std::string_view kBase64{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
/// Lines that are put in or taken out, of which more are one large change.
constexpr std::size_t kMostEdits = 400;

using Numbers = std::vector<std::uint32_t>;  ///< a line each

std::uint32_t nibble(char digit) {
  return static_cast<std::uint32_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/// Adds the numbers of a text's lines; a line that was seen before has the number that it had.
class Interner {
 public:
  Numbers numbers(std::string_view text) {
    Numbers all;
    for (const std::string_view line : lines_of(text))
      all.push_back(known_.try_emplace(line, static_cast<std::uint32_t>(known_.size())).first->second);
    return all;
  }

 private:
  std::unordered_map<std::string_view, std::uint32_t> known_;
};

Numbers numbers_of_codes(std::string_view codes) {
  Numbers all;
  for (; codes.size() >= kDigitsOfCode; codes.remove_prefix(kDigitsOfCode))
    all.push_back(
        static_cast<std::uint32_t>(kBase64.find(codes[0]) * kBase64.size() + kBase64.find(codes[1])));
  return all;
}

/// For each line of `before` and of `now` whether it is in the longest common part, by the method of Myers
/// (An O(ND) difference algorithm and its variations, 1986); false if that takes more than kMostEdits.
bool find_common(std::span<const std::uint32_t> before, std::span<const std::uint32_t> now,
                 std::vector<bool>& stays, std::vector<bool>& was) {
  const auto n = static_cast<std::ptrdiff_t>(before.size());
  const auto m = static_cast<std::ptrdiff_t>(now.size());
  const auto most = static_cast<std::ptrdiff_t>(kMostEdits);
  std::vector<std::ptrdiff_t> furthest(2 * kMostEdits + 3, 0);  // by diagonal, from -most - 1
  std::vector<std::vector<std::ptrdiff_t>> history;
  const auto at = [&](std::ptrdiff_t diagonal) -> std::ptrdiff_t& {
    return furthest[static_cast<std::size_t>(diagonal + most + 1)];
  };
  const auto comes_down = [&](std::ptrdiff_t diagonal, std::ptrdiff_t edits) {
    return diagonal == -edits || (diagonal != edits && at(diagonal - 1) < at(diagonal + 1));
  };
  bool found = false;
  for (std::ptrdiff_t edits = 0; edits <= most && !found; ++edits) {
    history.push_back(furthest);
    for (std::ptrdiff_t diagonal = -edits; diagonal <= edits && !found; diagonal += 2) {
      std::ptrdiff_t x = edits == 0                    ? 0
                         : comes_down(diagonal, edits) ? at(diagonal + 1)
                                                       : at(diagonal - 1) + 1;
      while (x < n && x - diagonal < m && x - diagonal >= 0 &&
             before[static_cast<std::size_t>(x)] == now[static_cast<std::size_t>(x - diagonal)])
        ++x;
      at(diagonal) = x;
      found = x >= n && x - diagonal >= m;
    }
  }
  if (!found) return false;
  std::ptrdiff_t x = n;
  std::ptrdiff_t y = m;
  for (auto edits = static_cast<std::ptrdiff_t>(history.size()) - 1; x > 0 || y > 0; --edits) {
    furthest = history[static_cast<std::size_t>(edits)];
    const std::ptrdiff_t diagonal = x - y;
    std::ptrdiff_t from_x = 0;
    std::ptrdiff_t from_y = 0;
    if (edits > 0) {
      const std::ptrdiff_t from = comes_down(diagonal, edits) ? diagonal + 1 : diagonal - 1;
      from_x = at(from);
      from_y = from_x - from;
    }
    while (x > from_x && y > from_y) {
      stays[static_cast<std::size_t>(--x)] = true;
      was[static_cast<std::size_t>(--y)] = true;
    }
    if (edits == 0) break;
    x = from_x;
    y = from_y;
  }
  return true;
}

std::vector<LineChange> changes(const Numbers& known, const Numbers& text) {
  const std::size_t least = std::min(known.size(), text.size());
  // The end first: one of several lines that are alike is then the first of them.
  std::size_t behind = 0;
  while (behind < least && known[known.size() - 1 - behind] == text[text.size() - 1 - behind]) ++behind;
  std::size_t front = 0;
  while (front < least - behind && known[front] == text[front]) ++front;
  const auto middle = [&](const Numbers& all) {
    return std::span(all).subspan(front, all.size() - front - behind);
  };
  const std::span<const std::uint32_t> before = middle(known);
  const std::span<const std::uint32_t> now = middle(text);
  std::vector<bool> stays(before.size(), false);
  std::vector<bool> was(now.size(), false);
  find_common(before, now, stays, was);
  std::vector<LineChange> found;
  std::size_t x = 0;
  std::size_t y = 0;
  while (x < before.size() || y < now.size()) {
    if (x < before.size() && y < now.size() && stays[x] && was[y]) {
      ++x;
      ++y;
      continue;
    }
    LineChange change{front + x + 1, 0, front + y + 1, 0};
    for (; x < before.size() && !stays[x]; ++x) ++change.gone;
    for (; y < now.size() && !was[y]; ++y) ++change.come;
    found.push_back(change);
  }
  return found;
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), lines.back().size() + 1));
  }
  return lines;
}

std::string line_codes(std::string_view text) {
  std::string codes;
  for (const std::string_view line : lines_of(text)) {
    const std::string digest = sha256(as_bytes(line));
    const std::uint32_t bits = nibble(digest[0]) << 8 | nibble(digest[1]) << 4 | nibble(digest[2]);
    codes += kBase64[bits >> 6];
    codes += kBase64[bits & 63];
  }
  return codes;
}

std::size_t common_lines(std::string_view codes, std::string_view other) {
  Numbers one = numbers_of_codes(codes);
  Numbers two = numbers_of_codes(other);
  std::ranges::sort(one);
  std::ranges::sort(two);
  Numbers both;
  std::ranges::set_intersection(one, two, std::back_inserter(both));
  return both.size();
}

std::vector<LineChange> changed_from_codes(std::string_view codes, std::string_view text) {
  return changes(numbers_of_codes(codes), numbers_of_codes(line_codes(text)));
}

std::vector<LineChange> changed_from_text(std::string_view known, std::string_view text) {
  Interner interner;
  const Numbers before = interner.numbers(known);
  return changes(before, interner.numbers(text));
}

std::string_view code_of_line(std::string_view path, std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r";
  const bool is_c = path.ends_with(".c") || path.ends_with(".h");
  const std::size_t first = line.find_first_not_of(kBlanks);
  if (first == line.npos || (is_c && line[first] == '*')) return "";
  std::size_t end = first;
  for (char quote = 0; end < line.size(); ++end) {
    const char letter = line[end];
    if (quote != 0) {
      if (is_c && letter == '\\') ++end;
      if (letter == quote) quote = 0;
    } else if (letter == '"' || letter == '\'') {
      quote = letter;
    } else if (is_c ? line.substr(end).starts_with("//") || line.substr(end).starts_with("/*")
                    : letter == '#' || letter == ';') {
      break;
    }
  }
  const std::string_view code = line.substr(first, std::min(end, line.size()) - first);
  return code.substr(0, code.find_last_not_of(kBlanks) + 1);
}

}  // namespace assay::bootstrap
