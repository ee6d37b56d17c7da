// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/testing/fault_edits.h"

#include <algorithm>
#include <regex>

namespace assay::conform {
namespace {

/// Whether a line, or a run of empty ones, is longer than std::regex can stand.
bool too_long_for_regex(const std::string& in) {
  constexpr std::size_t kMost = 10'000;
  std::size_t line = 0;
  std::size_t empty = 0;
  for (const char c : in) {
    line = c == '\n' ? 0 : line + 1;
    empty = c == '\n' ? empty + 1 : 0;
    if (line > kMost || empty > kMost) return true;
  }
  return false;
}

}  // namespace

Before text(Edit edit) {
  return [edit = std::move(edit)](Situation& situation) {
    for (Given& given : situation.given) {
      if (given.what == Given::What::file && given.name == kInput)
        given.bytes = to_bytes(edit(std::string(as_text(given.bytes))));
    }
  };
}

After output(std::function<void(Bytes&)> edit) {
  return [edit = std::move(edit)](const Situation&, Observed& seen) {
    const auto out = seen.files.find(std::string(kOutput));
    if (out != seen.files.end() && seen.end == End::exits) edit(out->second.bytes);
  };
}

After printed(std::function<void(Bytes&)> edit) {
  return [edit = std::move(edit)](const Situation&, Observed& seen) { edit(seen.standard_output); };
}

After mode(std::uint32_t mask, std::uint32_t set) {
  return [=](const Situation&, Observed& seen) {
    const auto out = seen.files.find(std::string(kOutput));
    if (out != seen.files.end()) out->second.mode = (out->second.mode & mask) | set;
  };
}

Edit replaced(const std::string& pattern, const std::string& with) {
  return [expression = std::regex(pattern), with](const std::string& in) {
    return too_long_for_regex(in) ? in : std::regex_replace(in, expression, with);
  };
}

Edit cut_at(char c) {
  return [c](const std::string& in) { return in.substr(0, in.find(c)); };
}

Edit cut_to(std::size_t size) {
  return [size](const std::string& in) { return in.substr(0, size); };
}

Edit each(std::function<char(char)> change) {
  return [change = std::move(change)](std::string in) {
    std::transform(in.begin(), in.end(), in.begin(), change);
    return in;
  };
}

Edit without(char c) {
  return [c](std::string in) {
    std::erase(in, c);
    return in;
  };
}

}  // namespace assay::conform
