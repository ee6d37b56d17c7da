// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/lint/c_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bootstrap/lint/c_words.h"
#include "bootstrap/lint/finding_kinds.h"

namespace assay::bootstrap::lint {

namespace {

template <std::size_t kCount>
bool is_one_of(const std::array<std::string_view, kCount>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

constexpr std::array<std::string_view, 6> kComparisons{"==", "!=", "<", ">", "<=", ">="};
constexpr std::array<std::string_view, 5> kBytes{"char", "void", "uint8_t", "int8_t", "FUNCTION"};

bool is_wide(const CVariable* variable) {
  return variable != nullptr && variable->stars > 0 &&
         (variable->stars > 1 || !is_one_of(kBytes, variable->type));
}

class CText {
 public:
  CText(const Source& source, const std::set<std::string, std::less<>>& ones, Counts& counts,
        DiagnosticSink& sink)
      : source_(source),
        ones_(ones),
        words_(read_c_words(source.bytes)),
        variables_(words_),
        counts_(counts),
        sink_(sink) {}

  void run() {
    for (std::size_t at = 0; at < words_.size(); ++at) {
      variables_.pass(at);
      const std::string_view text = words_[at].text;
      if (text == "&&" || text == "||") check_logic(at);
      if (text == "+" || text == "-") check_steps(at);
      if (text == "&") check_address(at);
      if (text == "(") check_call(at);
    }
  }

 private:
  [[nodiscard]] std::string_view word(std::size_t at) const {
    return at < words_.size() ? words_[at].text : "";
  }
  [[nodiscard]] std::string_view before(std::size_t at) const { return at > 0 ? words_[at - 1].text : ";"; }

  void say(const DiagnosticKind& kind, std::size_t first, std::size_t last, std::string message) {
    ++counts_.alarms;
    const auto offset = static_cast<std::uint64_t>(words_[first].text.data() - as_text(source_.bytes).data());
    const auto end = static_cast<std::uint64_t>(words_[last].text.data() + words_[last].text.size() -
                                                as_text(source_.bytes).data());
    sink_.report(kind, {0, offset, end - offset}, std::move(message));
  }

  /// Words [first, last) on both sides of an operator, up to what binds less.
  [[nodiscard]] std::size_t left_start(std::size_t at) const {
    int depth = 0;
    while (at > 0) {
      const std::string_view text = words_[at - 1].text;
      if (text == ")" || text == "]") ++depth;
      if ((text == "(" || text == "[") && --depth < 0) break;
      if (depth == 0 && (text == ";" || text == "{" || text == "}" || text == "," || text == "=" ||
                         text == "return" || text == "?" || text == ":"))
        break;
      --at;
    }
    return at;
  }
  [[nodiscard]] std::size_t right_end(std::size_t at) const {
    int depth = 0;
    for (++at; at < words_.size(); ++at) {
      const std::string_view text = words_[at].text;
      if (text == "(" || text == "[") ++depth;
      if ((text == ")" || text == "]") && --depth < 0) break;
      if (depth == 0 && (text == ";" || text == "," || text == "?" || text == "&&" || text == "||")) break;
    }
    return at;
  }

  /// Whether the word at `at` is compared with nothing, or stands alone as a condition.
  [[nodiscard]] bool is_tested(std::size_t at) const {
    const auto nothing = [](std::string_view text) { return text == "NULL" || text == "0"; };
    const std::string_view next = word(at + 1);
    const std::string_view last = before(at);
    if (next == "->" || next == "[" || next == ".") return false;
    const bool argument = last == "(" && at > 1 && words_[at - 2].is_name && words_[at - 2].text != "if" &&
                          words_[at - 2].text != "while";
    if (argument) return false;
    if ((next == "==" || next == "!=") && nothing(word(at + 2))) return true;
    if ((last == "==" || last == "!=") && at > 1 && nothing(words_[at - 2].text)) return true;
    const bool starts = last == "(" || last == "&&" || last == "||" || last == "!";
    return starts && (next == ")" || next == "&&" || next == "||");
  }

  [[nodiscard]] bool is_followed(std::size_t at) const {
    if (word(at + 1) == "->" || word(at + 1) == "[") return true;
    const bool star = before(at) == "*" && at > 1;
    return star && !words_[at - 2].is_name && words_[at - 2].text != ")" && words_[at - 2].text != "]";
  }

  /// "p && p->x": both sides are evaluated. "flags & MASK && y", "p && q": the bits of both are.
  void check_logic(std::size_t at) {
    const std::size_t start = left_start(at);
    const std::size_t end = right_end(at);
    ++counts_.c_places;
    for (std::size_t left = start; left < at; ++left) {
      if (!words_[left].is_name || !is_tested(left)) continue;
      for (std::size_t right = at + 1; right < end; ++right) {
        if (words_[right].text != words_[left].text || !is_followed(right)) continue;
        return say(kind("lint-c-both-sides"), at, at,
                   fmt::format("'{}' is followed on the right side of '{}' in any case, also where the left "
                               "side rules it out",
                               words_[left].text, words_[at].text));
      }
    }
    std::size_t from = at;  // of the last operand on the left side
    for (int depth = 0; from > start; --from) {
      const std::string_view text = words_[from - 1].text;
      if (text == ")") ++depth;
      if (text == "(") --depth;
      if (depth == 0 && (text == "&&" || text == "||")) break;
    }
    if (words_[at].text != "&&") return;  // of || only the bits that are set matter
    if (has_bits(from, at) || has_bits(at + 1, end))
      say(kind("lint-c-bits"), at, at, "'&&' works on bits: a side that is neither 0 nor 1 can make it 0");
  }

  /// Whether an operand of && is a number other than 0 and 1, by its form.
  [[nodiscard]] bool has_bits(std::size_t first, std::size_t last) const {
    while (last - first > 2 && word(first) == "(" && closing(first) + 1 == last) ++first, --last;
    if (last - first == 1) {
      const CVariable* variable = variables_.find(word(first));
      return variable != nullptr && variable->stars > 0;
    }
    int depth = 0;
    bool masks = false;
    for (std::size_t at = first; at < last; ++at) {
      const std::string_view text = word(at);
      if (text == "(") ++depth;
      if (text == ")") --depth;
      if (is_one_of(kComparisons, text) || text == "!") return false;
      if (depth == 0 && at > first && text == "&" &&
          (ones_.contains(word(at + 1)) || ones_.contains(word(at - 1))))
        return false;
      if (depth == 0 && at > first && (text == "&" || text == "|")) masks = true;
    }
    return masks;
  }

  /// The bracket that closes the one at `at`; the number of words if none does.
  [[nodiscard]] std::size_t closing(std::size_t at) const {
    int depth = 0;
    for (; at < words_.size(); ++at) {
      if (words_[at].text == "(") ++depth;
      if (words_[at].text == ")" && --depth == 0) break;
    }
    return at;
  }

  /// "p + 2" of a pointer to what is larger than a byte.
  void check_steps(std::size_t at) {
    if (at == 0 || at + 1 >= words_.size()) return;
    const bool number =
        words_[at + 1].is_name && word(at + 2) != "->" && word(at + 2) != "[" && word(at + 2) != "(";
    const std::string_view last = at > 1 ? words_[at - 2].text : ";";
    const bool whole = last != "." && last != "->" && last != "*" && last != "&" && last != ")" &&
                       last != "-" && last != "/";
    const CVariable* variable = variables_.find(words_[at - 1].text);
    if (!words_[at - 1].is_name || !whole || !is_wide(variable)) return;
    ++counts_.c_places;
    const CVariable* other = variables_.find(word(at + 1));
    if (!number || (other != nullptr && other->stars > 0)) return;
    say(kind("lint-c-bytes"), at - 1, at + 1,
        fmt::format("'{} {} {}' counts bytes, not elements of type {}", words_[at - 1].text, words_[at].text,
                    word(at + 1), variable->type));
  }

  /// "&x[i]": '&' changes nothing there.
  void check_address(std::size_t at) {
    const std::string_view last = before(at);
    const bool unary =
        last == "(" || last == "," || last == "=" || last == "return" || last == "==" || last == "!=";
    if (!unary || !words_[std::min(at + 1, words_.size() - 1)].is_name || word(at + 2) != "[") return;
    ++counts_.c_places;
    say(kind("lint-c-address"), at, at + 2,
        fmt::format("'&{}[...]' is the element itself, not its address", word(at + 1)));
  }

  /// "g(h(x))" where both are pointers: one register holds where to go while arguments are computed.
  void check_call(std::size_t at) {
    const CVariable* variable =
        at > 0 && words_[at - 1].is_name ? variables_.find(words_[at - 1].text) : nullptr;
    if (variable == nullptr || variable->type != "FUNCTION") return;
    ++counts_.c_places;
    for (std::size_t inner = at + 1; inner < closing(at); ++inner) {
      const CVariable* other = word(inner + 1) == "(" ? variables_.find(word(inner)) : nullptr;
      if (other == nullptr || other->type != "FUNCTION") continue;
      return say(
          kind("lint-c-call"), at - 1, inner,
          fmt::format(
              "the call of '{}' goes where '{}' points: arguments with a call through a pointer change it",
              words_[at - 1].text, word(inner)));
    }
  }

  const Source& source_;
  const std::set<std::string, std::less<>>& ones_;
  std::vector<CWord> words_;
  CVariables variables_;
  Counts& counts_;
  DiagnosticSink& sink_;
};

}  // namespace

void lint_c_text(const Source& source, const std::set<std::string, std::less<>>& ones, Counts& counts,
                 DiagnosticSink& sink) {
  CText(source, ones, counts, sink).run();
}

void collect_ones(ByteView text, std::set<std::string, std::less<>>& ones) {
  const std::vector<CWord> words = read_c_words(text);
  for (std::size_t at = 0; at + 3 < words.size(); ++at) {
    const bool ends = words[at + 3].text == "," || words[at + 3].text == "}";
    if (words[at].is_name && words[at + 1].text == "=" && words[at + 2].text == "1" && ends)
      ones.emplace(words[at].text);
  }
}

}  // namespace assay::bootstrap::lint
