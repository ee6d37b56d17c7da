// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The library against a second, slow M0 written step by step as docs/languages/M0.md tells it: a list
// of nodes, walked once for each definition. Every short text over a small alphabet, then random ones.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <random>

#include "M1/m0.h"

namespace assay::m0 {
namespace {

struct Node {
  std::string text;
  bool quoted = false;
  bool macro = false;
  std::optional<std::string> expression;
};

struct Outcome {
  Ending ending = Ending::exits;
  int status = 0;
  std::string bytes;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// The nodes of a text without NUL; nothing after a hang or crash, which `outcome` then holds.
bool read_nodes(const std::string& text, const Dialect& dialect, std::vector<Node>& nodes, Outcome& outcome) {
  std::size_t at = 0;
  const auto take = [&]() -> int { return at < text.size() ? static_cast<unsigned char>(text[at++]) : -1; };
  for (;;) {
    int c = take();
    if (c == -1 || (c == 0xFC && dialect.fc_ends_file)) return true;
    if (c == ' ' || c == '\t' || c == '\n') continue;
    if (c == '#' || c == ';') {
      while (c != '\n') {
        c = take();
        if (c == -1) return outcome.ending = Ending::hangs, false;
      }
      continue;
    }
    Node node;
    node.quoted = c == '"' || c == '\'';
    const int quote = c;
    do {
      node.text.push_back(static_cast<char>(c));
      c = take();
      if (c == -1) return outcome.ending = Ending::crashes, false;
    } while (node.quoted ? c != quote : c != ' ' && c != '\t' && c != '\n');
    nodes.push_back(node);
  }
}

/// Takes the definitions out, last first, so that the nearest one before a token is applied last.
bool apply_definitions(std::vector<Node>& nodes, const Dialect& dialect) {
  std::vector<std::size_t> definitions;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].text != "DEFINE") continue;
    if (i + 2 >= nodes.size()) return false;
    for (std::size_t j = i; j < i + 3; ++j) nodes[j].macro = true;
    definitions.push_back(i);
    i += 2;
  }
  if (nodes.empty() || nodes.back().macro) return false;
  for (const std::size_t i : definitions) {
    std::string value = nodes[i + 2].text;
    if (nodes[i + 2].quoted && dialect.define_drops_quote) value.erase(0, 1);
    for (std::size_t j = i + 3; j < nodes.size(); ++j) {
      if (!nodes[j].macro && !nodes[j].quoted && nodes[j].text == nodes[i + 1].text)
        nodes[j].expression = value;
    }
  }
  return true;
}

std::int64_t wrap(std::uint64_t value, const Dialect& dialect) {
  const auto low = static_cast<std::uint64_t>(value);
  return dialect.word_bits == 32 ? static_cast<std::int64_t>(low & 0xFFFFFFFF)
                                 : static_cast<std::int64_t>(low);
}

std::int64_t value_of(std::string digits, const Dialect& dialect) {
  std::uint64_t value = 0;
  const bool knight = dialect.numbers == NumberStyle::whole_token;
  if (digits.size() > 1 && digits[1] == 'x') {
    if (knight && digits[0] != '0') return 0;
    for (const char c : digits.substr(2)) {
      int digit = c - '0';
      if (digit >= 10) digit -= 7;
      if (knight && digit >= 16) digit -= 32;
      if (!knight && (digit < 0 || digit > 15)) return 0;
      value = value * 16 + static_cast<std::uint64_t>(digit);
    }
    return wrap(value, dialect);
  }
  const bool negative = digits.starts_with('-');
  if (negative) digits.erase(0, 1);
  for (const char c : digits) {
    if (c < '0' || c > '9') {
      if (!knight) return 0;
      value *= 10;
      break;
    }
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return wrap(negative ? 0 - value : value, dialect);
}

std::string little_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (; bytes > 0; --bytes, value >>= 8) text += fmt::format("{:02X}", value & 0xFF);
  return text;
}

/// Status 1: no such field.
bool evaluate(Node& node, const Dialect& dialect) {
  if (node.quoted) {
    std::string text = node.text.substr(1);
    if (node.text[0] == '"') {
      std::size_t length = text.size() + 1;
      while (length % dialect.string_padding != 0) ++length;
      text.resize(length, '\0');
      node.expression.emplace();
      for (const char c : text) *node.expression += fmt::format("{:02X}", static_cast<unsigned char>(c));
    } else {
      node.expression = text;
    }
    return true;
  }
  if (node.expression) return true;
  const bool knight = dialect.numbers == NumberStyle::whole_token;
  const std::string digits = knight ? node.text : node.text.substr(1);
  const auto value = static_cast<std::uint64_t>(value_of(digits, dialect));
  if (value == 0 && !digits.starts_with('0')) {
    node.expression = node.text;
    return true;
  }
  const char sigil = node.text[0];
  if (knight) {
    node.expression = fmt::format("{:04X}", value & 0xFFFF);
  } else if (sigil == '%') {
    node.expression = little_endian(value, 4);
  } else if (dialect.numbers == NumberStyle::arm_bytes && sigil == '~') {
    node.expression = little_endian(value, 3);
  } else if (dialect.numbers == NumberStyle::bytes || dialect.numbers == NumberStyle::arm_bytes) {
    node.expression = little_endian(value, sigil == '@' ? 2 : 1);
  } else if (sigil == '!') {
    node.expression = "." + little_endian((value % 0x1000) << 20, 4);
  } else if (sigil == '@') {
    std::uint64_t word = 0;
    for (unsigned bit = 0; bit < 12; ++bit) word |= (value >> bit & 1) << (bit < 5 ? 7 + bit : 20 + bit);
    node.expression = "." + little_endian(word, 4);
  } else if (sigil == '~') {
    const std::uint64_t low = value % 0x1000;
    node.expression = "." + little_endian(value - low + (low >= 0x800 ? 0x1000 : 0), 4);
  } else {
    return false;
  }
  return true;
}

Outcome model(const std::string& text, const Dialect& dialect) {
  Outcome outcome;
  std::vector<Node> nodes;
  if (!read_nodes(text, dialect, nodes, outcome)) return outcome;
  if (!apply_definitions(nodes, dialect)) return outcome.ending = Ending::crashes, outcome;
  for (Node& node : nodes) {
    if (!node.macro && !evaluate(node, dialect)) return {Ending::exits, 1, {}};
  }
  for (const Node& node : nodes) {
    if (!node.macro) outcome.bytes += *node.expression + "\n";
  }
  return outcome;
}

void compare(const std::string& text, const Dialect& dialect) {
  const Source source{"in", as_bytes(text)};
  for (const bool full : {false, true}) {
    DiagnosticList list;
    const Output output =
        assemble({&source, 1}, {.dialect = &dialect, .want_map = full, .want_warnings = full}, list);
    const Outcome ours{output.ending, output.status, std::string(as_text(output.bytes))};
    const Outcome expected = model(text, dialect);
    ASSERT_EQ(ours, expected) << dialect.name << " " << to_hex(as_bytes(text)) << "\n"
                              << ours.bytes << "---\n"
                              << expected.bytes;
    if (full) {
      ASSERT_EQ(output.map.size(), output.bytes.size());
    }
  }
}

TEST(M0Model, agrees_on_every_text_of_up_to_five_pieces) {
  const std::string_view pieces[] = {"DEFINE ", "a", " ", "\n", "%0", "x", "\"", "'", "#", "-1"};
  std::vector<std::string> texts{""};
  std::size_t compared = 0;
  for (std::size_t from = 0, length = 0; length < 5; ++length) {
    const std::size_t end = texts.size();
    for (; from < end; ++from) {
      for (const std::string_view piece : pieces) texts.push_back(texts[from] + std::string(piece));
    }
  }
  for (const std::string& text : texts) {
    for (const std::string_view name : {"AMD64", "riscv32", "knight"}) {
      compare(text, *find_dialect(name));
      if (HasFatalFailure()) return;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 3u * 111111u);
}

TEST(M0Model, agrees_on_random_texts) {
  const std::string_view words[] = {"a",     "b",      "DEFINE",      "DEFINE a",     "DEFINE b",
                                    "%5",    "%-3",    "!10",         "@0x12",        "~0x1FFF",
                                    "~-1",   "$4",     "&3",          "^2",           ":10",
                                    "00",    "C3",     "4142",        "%0",           "%0x",
                                    "%0xab", "%zx12",  "%12a",        "%99999999999", "%18446744073709551621",
                                    "-5",    "\"ab\"", "'cd'",        "\"\"",         "''",
                                    "0x1f",  "0xG",    "1F",          "!0x:;",        "!-",
                                    "-",     "x",      "0xFFFFFFFFF", "-0",           "%+1",
                                    "\x80",  "\xFC",   "0x/",         "a#b",          "a\"b",
                                    "'a",    "#",      "; c\n",       "~-2049",       "@-2048",
                                    "\r"};
  const std::string_view blanks[] = {" ", "\n", "\t", "\r\n", ""};
  std::mt19937 random(20261122);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (auto count = random() % 12; count > 0; --count) {
      text += words[random() % std::size(words)];
      text += blanks[random() % std::size(blanks)];
    }
    if (random() % 8 != 0) text += "\n";
    for (const Dialect& dialect : kDialects) {
      compare(text, dialect);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace assay::m0
