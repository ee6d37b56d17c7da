// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/random_text.h"

namespace assay::test {

std::string RandomText::digits(std::size_t count) {
  constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += kDigits[below(kDigits.size())];
  return text;
}

std::string RandomText::name() {
  if (tool_ == "hex1") return std::string(1, "abcd:%# \n\x7f\xfc\x81"[below(12)]);
  constexpr std::string_view kNames[] = {"a", "b", "ab", "loop", "", "a#b", "x\r", "%a", "A", "zz"};
  constexpr std::string_view kEnds[] = {" ", "\n", "\t", ">", "\n", " "};
  // The two last ones are never defined, so that most texts reach their end.
  return std::string(kNames[below(below(8) == 0 ? 10 : 4)]) + std::string(kEnds[below(6)]);
}

std::string RandomText::piece() {
  constexpr std::string_view kSigils = "%%&&!@$~";
  switch (below(16)) {
    case 0: return std::string(1, static_cast<char>(below(256)));
    case 1: return below(2) == 0 ? "# a 4\n" : "; b\r 5\n";
    case 2: return digits(1);
    case 3: return "\n";
    case 4: return tool_ == "hex0" ? "G" : "." + digits(8);
    case 5: return tool_ == "hex0" ? "g1" : "^";
    case 6: return tool_ == "hex0" ? "\r\n" : "<";
    case 7:
    case 8: return tool_ == "hex0" ? " " : ":" + name();
    case 9:
    case 10:
    case 11: return tool_ == "hex0" ? digits(3) : kSigils[below(kSigils.size())] + name();
    default: return digits(2 + 2 * below(4)) + " ";
  }
}

std::string RandomText::next() {
  std::string text;
  if (tool_ == "hex2-0" && below(8) != 0) text = ":a\n:b\n";
  for (std::size_t i = below(30); i > 0; --i) text += piece();
  if (below(20) == 0) text += digits(2 * (0x700 + below(0x200)));  // far apart
  for (std::size_t i = below(10); i > 0; --i) text += piece();
  if (below(8) != 0) text += "\n";
  return text;
}

std::size_t for_each_text(std::string_view alphabet, std::size_t length,
                          const std::function<void(std::string_view)>& visit) {
  std::size_t count = 0;
  std::string text;
  std::vector<std::size_t> places;
  for (std::size_t size = 0; size <= length; ++size) {
    places.assign(size, 0);
    while (true) {
      text.clear();
      for (const std::size_t place : places) text += alphabet[place];
      visit(text);
      ++count;
      std::size_t at = 0;
      while (at < size && ++places[at] == alphabet.size()) places[at++] = 0;
      if (at == size) break;
    }
  }
  return count;
}

}  // namespace assay::test
