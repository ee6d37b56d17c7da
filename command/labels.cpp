// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/labels.h"

#include <algorithm>

namespace assay {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kEndsOfWords = " \t\r\n";

/// The name after the colon at `at`; the place behind it.
std::size_t take_name(std::string_view text, std::size_t at, std::vector<NamedPlace>& places) {
  const std::size_t end = std::min(text.find_first_of(kEndsOfWords, at + 1), text.size());
  if (end > at + 1) places.push_back({text.substr(at + 1, end - at - 1), at + 1});
  return end;
}

}  // namespace

std::vector<NamedPlace> named_places(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  std::vector<NamedPlace> places;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      at = std::min(text.find('"', at + 1), text.size());
      if (at < text.size()) ++at;
    } else if (c == '#' || c == ';') {
      const std::size_t word = text.find_first_not_of(kBlanks, at + 1);
      if (word != std::string_view::npos && text[word] == ':') take_name(text, word, places);
      at = std::min(text.find('\n', at), text.size());
    } else if (c == ':' && (at == 0 || kEndsOfWords.find(text[at - 1]) != std::string_view::npos)) {
      at = take_name(text, at, places);
    } else {
      ++at;
    }
  }
  return places;
}

}  // namespace assay
