// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/m1_options.h"

#include <fmt/format.h>

#include <optional>

namespace assay::m1 {
Word read_option(const std::vector<std::string>& words, std::size_t& at, Options& options) {
  const std::string& word = words[at];
  const auto with_argument = [&](Word kind) {
    if (at + 1 == words.size()) return Word::missing_argument;
    ++at;
    return kind;
  };
  if (word == "--big-endian" || word == "--little-endian") {
    options.big_endian = word == "--big-endian";
    return Word::option;
  }
  if (options.dialect->is_1_4 && (word == "--BigEndian" || word == "--LittleEndian")) {
    options.big_endian = word == "--BigEndian";
    return Word::notice;
  }
  if (word == "-A" || word == "--architecture") {
    const Word kind = with_argument(Word::option);
    if (kind == Word::missing_argument) return kind;
    const std::optional<Architecture> architecture = find_mescc_architecture(words[at]);
    if (!architecture) return Word::unknown_architecture;
    options.architecture = *architecture;
    return kind;
  }
  if (word == "-b" || word == "--binary") {
    options.base = Base::binary;
    return Word::option;
  }
  if (word == "-O" || word == "--octal") {
    options.base = Base::octal;
    return Word::option;
  }
  if (word == "-f" || word == "--file") return with_argument(Word::file);
  if (word == "-o" || word == "--output") return with_argument(Word::output);
  if (word == "-h" || word == "--help") return Word::help;
  if (word == "-V" || word == "--version") return Word::version;
  return Word::unknown;
}

std::string notice_of(std::string_view word) {
  return fmt::format("{} is now depreciated and replaced by {}\nAnd will stop working in the next release\n",
                     word, word == "--BigEndian" ? "--big-endian" : "--little-endian");
}

}  // namespace assay::m1
