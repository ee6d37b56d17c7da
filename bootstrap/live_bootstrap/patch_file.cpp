// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/live_bootstrap/patch_file.h"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

namespace assay::image {
namespace {

/// patch puts back up to so many empty lines that were cut off the end of a patch.
constexpr std::uint64_t kLostLines = 3;

/// The next line with its line feed.
std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
  text.remove_prefix(line.size());
  return line;
}

std::string_view without_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  return line;
}

bool take_number(std::string_view& text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

/// "-12,3 +14,5 @@" behind "@@ ".
bool read_ranges(std::string_view text, PatchHunk& hunk) {
  const auto range = [&](char sign, std::uint64_t& begin, std::uint64_t& count) {
    if (!text.starts_with(sign)) return false;
    text.remove_prefix(1);
    if (!take_number(text, begin)) return false;
    count = 1;
    if (text.starts_with(',')) {
      text.remove_prefix(1);
      if (!take_number(text, count)) return false;
    }
    if (!text.starts_with(' ')) return false;
    text.remove_prefix(1);
    return true;
  };
  return range('-', hunk.old_begin, hunk.old_count) && range('+', hunk.new_begin, hunk.new_count) &&
         text.starts_with("@@");
}

class Parser {
 public:
  Patch run(std::string_view text) {
    while (!text.empty()) see(take_line(text));
    // As many old as new ones: context.
    if (old_ != new_ || old_ > kLostLines) end_hunk();
    for (; old_ > 0; --old_) hunk().lines.push_back({' ', "\n"});
    return std::move(patch_);
  }

 private:
  PatchHunk& hunk() { return patch_.files.back().hunks.back(); }

  void see(std::string_view line) {
    ++number_;
    if (old_ + new_ > 0) {
      // An empty line of context may have lost its blank.
      const char first = without_end(line).empty() ? ' ' : line.front();
      if (first == '-' || first == '+' || first == ' ') return body(first, line);
      if (first == '\\') return no_line_feed();
      end_hunk();
    }
    if (line.starts_with("\\") && !patch_.files.empty()) return no_line_feed();
    if (line.starts_with("--- ")) {
      old_name_ = header_name(without_end(line));
      new_name_ = {};
    } else if (line.starts_with("+++ ")) {
      new_name_ = header_name(without_end(line));
      header_ = number_;
      fresh_ = true;
    } else if (line.starts_with("@@ ")) {
      begin_hunk(line.substr(3));
    }
  }

  void begin_hunk(std::string_view ranges) {
    PatchHunk begun;
    begun.line = number_;
    if (!read_ranges(ranges, begun)) {
      patch_.faults.push_back({number_, "no hunk header"});
      return;
    }
    old_ = begun.old_count;
    new_ = begun.new_count;
    if (fresh_ || patch_.files.empty()) {
      const auto name = [](std::string_view text) { return text == "/dev/null" ? std::string_view() : text; };
      patch_.files.push_back({header_, name(old_name_), name(new_name_), {}});
      fresh_ = false;
    }
    patch_.files.back().hunks.push_back(std::move(begun));
  }

  void body(char first, std::string_view line) {
    if ((first != '+' && old_ == 0) || (first != '-' && new_ == 0)) {
      patch_.faults.push_back({number_, "the hunk has more lines than its header says"});
      old_ = new_ = 0;
      return;
    }
    old_ -= first != '+' ? 1 : 0;
    new_ -= first != '-' ? 1 : 0;
    const bool lost = without_end(line).empty();
    hunk().lines.push_back({first, lost ? line : line.substr(1)});
  }

  /// "\ No newline at end of file": of the line before.
  void no_line_feed() {
    if (patch_.files.empty() || hunk().lines.empty()) return;
    hunk().lines.back().text = without_end(hunk().lines.back().text);
  }

  void end_hunk() {
    if (old_ + new_ > 0)
      patch_.faults.push_back(
          {hunk().line, fmt::format("{} old and {} new lines of the hunk are missing", old_, new_)});
    old_ = new_ = 0;
  }

  Patch patch_;
  std::uint64_t number_ = 0;
  std::uint64_t header_ = 0;
  std::string_view old_name_;
  std::string_view new_name_;
  bool fresh_ = false;     ///< headers were seen and no hunk since
  std::uint64_t old_ = 0;  ///< lines of the hunk still to come
  std::uint64_t new_ = 0;
};

}  // namespace

std::string_view header_name(std::string_view line) {
  line.remove_prefix(4);
  if (line.ends_with('\r')) line.remove_suffix(1);
  // A name may hold blanks only if a tab stands behind it.
  std::size_t end = line.find('\t');
  if (end == std::string_view::npos) end = std::min(line.find(' '), line.size());
  while (end > 0 && line[end - 1] == ' ') --end;
  return line.substr(0, end);
}

std::string_view strip_name(std::string_view name, unsigned strip) {
  for (; strip > 0; --strip) {
    const std::size_t slash = name.find('/');
    if (slash == std::string_view::npos) return "";
    name.remove_prefix(slash + 1);
    while (name.starts_with('/')) name.remove_prefix(1);
  }
  return name;
}

Patch parse_patch(std::string_view text) { return Parser().run(text); }

}  // namespace assay::image
