// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/blood_elf_options.h"

namespace assay::blood_elf {

Word read_option(const std::vector<std::string>& words, std::size_t& at, Options& options) {
  const std::string& word = words[at];
  const bool takes_file = word == "-f" || word == "--file";
  const bool takes_output = word == "-o" || word == "--output";
  if (takes_file || takes_output || word == "--entry") {
    if (at + 1 == words.size()) return Word::missing_argument;
    ++at;
    if (takes_file) return Word::file;
    if (takes_output) return Word::output;
    options.entries.push_back(words[at]);
    return Word::option;
  }
  if (word == "--big-endian" || word == "--little-endian") {
    options.big_endian = word == "--big-endian";
    return Word::endianness;
  }
  if (word == "-h" || word == "--help") return Word::help;
  if (word == "-V" || word == "--version") return Word::version;
  if (word == "--64") {
    options.wide = true;
  } else if (word == "-b" || word == "--binary") {
    options.base = DigitBase::binary;
  } else if (word == "-O" || word == "--octal") {
    options.base = DigitBase::octal;
  } else if (word == "-X" || word == "--hex") {
    options.base = DigitBase::hexadecimal;
  } else {
    return Word::unknown;
  }
  return Word::option;
}

}  // namespace assay::blood_elf
