// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <algorithm>
#include <map>

#include "bootstrap/explain/difference.h"
#include "bootstrap/finding/finding.h"

namespace assay::bootstrap {
namespace {

/// A token of machine content, or a line of another text.
struct Token {
  std::string_view text;
  std::uint64_t offset = 0;
};

bool is_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }

/// Words and strings; digits of bytes two by two, however they are set (`hex`).
std::vector<Token> machine_tokens(std::string_view text, bool hex) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const std::size_t first = at;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at;
      continue;
    }
    if (c == '#' || c == ';') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (hex && is_digit(c)) {
      at += at + 1 < text.size() && is_digit(text[at + 1]) ? 2 : 1;
    } else if (!hex && (c == '"' || c == '\'')) {
      at = std::min(text.find(c, at + 1), text.size() - 1) + 1;
    } else {
      while (at < text.size() && std::string_view(" \t\n\r").find(text[at]) == std::string_view::npos) ++at;
    }
    tokens.push_back({text.substr(first, at - first), first});
  }
  return tokens;
}

std::vector<Token> line_tokens(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    tokens.push_back({text.substr(at, end - at), at});
    at = end + 1;
  }
  return tokens;
}

/// The same byte whatever the case of its digits.
bool is_same(std::string_view a, std::string_view b, bool hex) {
  if (a == b) return true;
  return hex && a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return is_digit(x) && is_digit(y) && (x | 0x20) == (y | 0x20);
         });
}

struct Part {
  std::string name;
  std::vector<Token> tokens;
};

/// From one label to the next.
std::vector<Part> parts_of(const std::vector<Token>& tokens) {
  std::vector<Part> parts{{"(before the first label)", {}}};
  for (const Token& token : tokens) {
    if (token.text.size() > 1 && token.text.front() == ':')
      parts.push_back({std::string(token.text.substr(1)), {}});
    else
      parts.back().tokens.push_back(token);
  }
  return parts;
}

/// The part of a token that is to be shown.
struct Span {
  std::size_t begin = 0;
  std::size_t length = 0;
};

/// What of `text` is not as in `other`: without what both begin and end with.
Span apart(std::string_view text, std::string_view other) {
  const std::size_t least = std::min(text.size(), other.size());
  std::size_t front = 0;
  while (front < least && text[front] == other[front]) ++front;
  std::size_t behind = 0;
  while (behind < least - front && text[text.size() - 1 - behind] == other[other.size() - 1 - behind])
    ++behind;
  return {front, text.size() - front - behind};
}

std::string place_text(const Side& side, const Token* token, Span span) {
  const ByteView text = *side.bytes;
  if (token == nullptr) return fmt::format("{}: ends before\n", printable(side.name));
  Position position = position_of(text, token->offset);
  position.column += span.begin;
  std::string line(line_of(text, token->offset));
  std::replace(line.begin(), line.end(), '\t', ' ');
  constexpr std::size_t kMost = 120;
  std::string marks;
  if (position.column <= kMost)
    marks =
        fmt::format("    {}{}\n", std::string(position.column - 1, ' '),
                    std::string(std::clamp<std::size_t>(span.length, 1, kMost - position.column + 1), '^'));
  return fmt::format("{}:{}:{}\n    {}\n{}", printable(side.name), position.line, position.column,
                     printable(line.substr(0, kMost)), marks);
}

std::string cause_of(const Token* a, const Token* b, std::size_t changed) {
  if (a == nullptr || b == nullptr) return "one of them ends earlier";
  const auto first = [](const Token* token) { return token->text.empty() ? ' ' : token->text.front(); };
  constexpr std::string_view kSigils = "!@$~%&";
  if (kSigils.find(first(a)) != std::string_view::npos && kSigils.find(first(b)) != std::string_view::npos)
    return fmt::format("one reference: '{}' against '{}'", a->text, b->text);
  if (first(a) == ':' && first(b) == ':')
    return fmt::format("another label: '{}' against '{}'", a->text, b->text);
  if (first(a) == '"' && first(b) == '"') return fmt::format("a string: {} against {}", a->text, b->text);
  if (changed == 1) return fmt::format("'{}' against '{}'", a->text, b->text);
  return {};
}

}  // namespace

bool is_machine_text(std::string_view name) {
  return name.ends_with(".hex0") || name.ends_with(".hex1") || name.ends_with(".hex2") ||
         name.ends_with(".M1");
}

Difference compare_texts(const Side& a, const Side& b, bool machine_text) {
  Difference result;
  const std::string_view left = as_text(*a.bytes);
  const std::string_view right = as_text(*b.bytes);
  const bool hex = machine_text && !a.name.ends_with(".M1") && !b.name.ends_with(".M1");
  const auto tokens = [&](std::string_view text) {
    return machine_text ? machine_tokens(text, hex) : line_tokens(text);
  };
  const std::vector<Token> one = tokens(left);
  const std::vector<Token> other = tokens(right);
  const auto same = [&](const Token& x, const Token& y) { return is_same(x.text, y.text, hex); };
  const auto parted = std::mismatch(one.begin(), one.end(), other.begin(), other.end(), same);
  if (parted.first == one.end() && parted.second == other.end()) {
    if (left != right) result.story = "comments and blanks differ, machine content does not\n";
    return result;
  }
  result.same = false;
  const Token* const here = parted.first == one.end() ? nullptr : &*parted.first;
  const Token* const there = parted.second == other.end() ? nullptr : &*parted.second;
  // Of two lines what is not the same; a token is one thing.
  const auto span = [&](const Token* token, const Token* against) -> Span {
    if (token == nullptr) return {};
    return machine_text || against == nullptr ? Span{0, token->text.size()}
                                              : apart(token->text, against->text);
  };
  result.story = place_text(a, here, span(here, there)) + place_text(b, there, span(there, here));
  std::size_t changed = 0;
  if (machine_text) {
    const std::vector<Part> parts_a = parts_of(one);
    const std::vector<Part> parts_b = parts_of(other);
    std::map<std::string_view, const Part*> by_name;
    for (const Part& part : parts_b) by_name.emplace(part.name, &part);
    for (const Part& part : parts_a) {
      const auto found = by_name.find(part.name);
      if (found == by_name.end()) {
        result.parts.push_back({part.name, PartChange::Kind::only_first, part.tokens.size(), 0});
        continue;
      }
      const std::vector<Token>& theirs = found->second->tokens;
      if (!std::equal(part.tokens.begin(), part.tokens.end(), theirs.begin(), theirs.end(), same)) {
        result.parts.push_back({part.name, PartChange::Kind::changed, part.tokens.size(), theirs.size()});
        const std::size_t common = std::min(part.tokens.size(), theirs.size());
        for (std::size_t index = 0; index < common; ++index)
          changed += same(part.tokens[index], theirs[index]) ? 0 : 1;
        changed += std::max(part.tokens.size(), theirs.size()) - common;
      }
      by_name.erase(found);
    }
    for (const Part& part : parts_b) {
      const auto left_over = by_name.find(part.name);
      if (left_over != by_name.end() && left_over->second == &part)
        result.parts.push_back({part.name, PartChange::Kind::only_second, 0, part.tokens.size()});
    }
    // One word and nothing else, or a label that got another name.
    if (result.parts.size() <= 2 && changed <= 1) result.cause = cause_of(here, there, changed);
  }
  return result;
}

std::string difference_text(const Difference& difference) {
  constexpr std::size_t kMost = 30;
  if (difference.same) return difference.story.empty() ? "" : fmt::format("the same: {}", difference.story);
  std::string text =
      difference.cause.empty() ? "" : fmt::format("Likely cause: {}\n\n", printable(difference.cause));
  text += difference.story;
  std::size_t relocated = 0;
  std::size_t shown = 0;
  for (const PartChange& part : difference.parts) {
    if (part.kind == PartChange::Kind::relocated) {
      ++relocated;
      continue;
    }
    if (shown == 0) text += "\nBy label:\n";
    if (++shown > kMost) continue;
    if (part.kind == PartChange::Kind::changed)
      text +=
          fmt::format("  changed      {} ({} against {})\n", printable(part.name), part.first, part.second);
    else
      text += fmt::format(
          "  only in the {} {}\n",
          part.kind == PartChange::Kind::only_first ? "first: " : "second:", printable(part.name));
  }
  if (shown > kMost) text += fmt::format("  and {} more\n", shown - kMost);
  if (relocated > 0)
    text += fmt::format("{}{} labels differ in addresses only\n", shown == 0 ? "\n" : "", relocated);
  if (difference.moved > 0)
    text += fmt::format("{} labels are the same at another place\n", difference.moved);
  return text;
}

}  // namespace assay::bootstrap
