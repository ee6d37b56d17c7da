// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/head.h"

#include <algorithm>
#include <string>

namespace assay::audit {
namespace {

constexpr std::string_view kLeaders[] = {"#",        "//",    "/*",    ";",  "--",  "dnl",  "@c ",
                                         "@comment", ".\\\"", "'\\\"", "%",  "!",   "<!--", "(*",
                                         "{-",       "REM ",  "rem ",  "::", ".. ", "\\ "};
/// What stands between the sign of a comment and its text.
constexpr std::string_view kOrnaments = "#*/;%!-=~<>(\\\"'. \t@";

struct Block {
  std::string_view open;
  std::string_view close;
};
constexpr Block kBlocks[] = {{"/*", "*/"}, {"<!--", "-->"}, {"(*", "*)"}, {"{-", "-}"}};

std::string_view text_of_comment(std::string_view line) {
  line = trimmed(line);
  if (line.starts_with("dnl")) line.remove_prefix(3);
  for (const std::string_view word : {"@comment", "@c ", "REM ", "rem "}) {
    if (line.starts_with(word)) line.remove_prefix(word.size());
  }
  // "-*- mode -*-"
  if (const std::size_t mode = line.find("-*-"); mode != std::string_view::npos && mode < 4) {
    const std::size_t end = line.find("-*-", mode + 3);
    if (end != std::string_view::npos) line.remove_prefix(end + 3);
  }
  const std::size_t start = line.find_first_not_of(kOrnaments);
  if (start == std::string_view::npos) return {};
  line.remove_prefix(start);
  return trimmed(line);
}

/// The word that ends the here-document that the line begins; empty: it begins none.
std::string_view here_word(std::string_view line) {
  const std::size_t at = line.find("<<");
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + 2);
  while (!line.empty() && (line.front() == '-' || line.front() == '~' || line.front() == '\'' ||
                           line.front() == '"' || line.front() == '\\'))
    line.remove_prefix(1);
  const auto is_word = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
  };
  const auto end = std::ranges::find_if_not(line, is_word);
  const std::string_view word(line.begin(), end);
  return word.empty() || (word[0] >= '0' && word[0] <= '9') ? std::string_view{} : word;
}

/// Whether a line can only be one of a script that begins a here-document: "fragment <<EOF".
bool surely_begins_here(std::string_view line, std::string_view word) {
  const auto is_capital = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; };
  return std::ranges::all_of(word, is_capital) && line.find("<< ") == std::string_view::npos &&
         (line.ends_with(word) || line.ends_with(std::string(word) + '\'') ||
          line.ends_with(std::string(word) + '"'));
}

class Reader {
 public:
  Reader(bool script, bool markup) : script_(script), markup_(markup) {}

  void add(HeadLine line, std::vector<HeadLine>& lines) {
    const std::string_view text = trimmed(line.raw);
    const bool inserted = inserts_;
    inserts_ = text.ends_with("i\\") || text.ends_with("a\\") || text.ends_with("c\\");
    if (inserted) return;
    if (!here_.empty()) {
      if (text == here_) here_ = {};
      return;
    }
    if (open_ != nullptr) {
      line.is_comment = true;
    } else {
      for (const Block& block : kBlocks) {
        if (text.starts_with(block.open) && (!markup_ || block.open == "<!--")) open_ = &block;
      }
      line.is_comment =
          open_ != nullptr ||
          (!markup_ && std::ranges::any_of(kLeaders, [&](auto leader) { return text.starts_with(leader); }));
    }
    if (line.is_comment) line.comment = text_of_comment(text);
    if (open_ != nullptr && text.find(open_->close, text.starts_with(open_->open) ? open_->open.size() : 0) !=
                                std::string_view::npos)
      open_ = nullptr;
    if (!line.is_comment) {
      const std::string_view word = here_word(text);
      if (!word.empty() && (script_ || surely_begins_here(text, word))) here_ = word;
    }
    lines.push_back(line);
  }

 private:
  bool script_;
  bool inserts_ = false;  ///< the line before was a command of sed that writes this one
  bool markup_;
  const Block* open_ = nullptr;
  std::string_view here_;
};

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\f\v\n";
  const std::size_t start = text.find_first_not_of(kBlanks);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kBlanks) - start + 1);
}

std::vector<HeadLine> head_lines(std::string_view text, bool script) {
  text = text.substr(0, kHeadBytes);
  std::vector<HeadLine> lines;
  Reader reader(script, trimmed(text.substr(0, 64)).starts_with('<'));
  for (std::uint32_t number = 1; number <= kHeadLines && !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    HeadLine line;
    line.number = number;
    line.raw = text.substr(0, end);
    reader.add(line, lines);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace assay::audit
