// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linker/options.h"

#include <fmt/format.h>

namespace assay::linker {
namespace {

constexpr std::string_view kWarning = ">> WARNING <<\n>> WARNING <<\n>> WARNING <<\n";

}  // namespace

Word read_option(const std::vector<std::string>& words, std::size_t& at, Options& options) {
  const std::string& word = words[at];
  const bool is_1_4 = options.dialect->is_1_4;
  const auto with_argument = [&](Word kind) {
    if (at + 1 == words.size()) return Word::missing_argument;
    ++at;
    return kind;
  };
  const auto take = [&](auto& option, auto value, Word kind = Word::option) {
    option = value;
    return kind;
  };
  if (word == "--big-endian") return take(options.big_endian, true);
  if (word == "--little-endian") return take(options.big_endian, false);
  if (is_1_4 && word == "--BigEndian") return take(options.big_endian, true, Word::notice);
  if (is_1_4 && word == "--LittleEndian") return take(options.big_endian, false, Word::notice);
  if (is_1_4 && word == "--exec_enable") return Word::executable;
  if (word == "--non-executable") return Word::non_executable;
  if (word == "-A" || word == "--architecture") {
    const Word kind = with_argument(Word::option);
    if (kind == Word::missing_argument) return kind;
    const auto architecture = find_mescc_architecture(words[at]);
    return architecture ? take(options.architecture, *architecture) : Word::unknown_architecture;
  }
  if (word == "-b" || word == "--binary") return take(options.base, DigitBase::binary);
  if (word == "-O" || word == "--octal") return take(options.base, DigitBase::octal);
  const bool old_base = is_1_4 && word == "--BaseAddress";
  if (word == "-B" || word == "--base-address" || old_base) {
    const Word kind = with_argument(old_base ? Word::notice : Word::option);
    if (kind == Word::missing_argument) return kind;
    return take(options.base_address, read_mescc_number(words[at], *options.dialect), kind);
  }
  if (word == "-f" || word == "--file") return with_argument(Word::file);
  if (word == "-o" || word == "--output") return with_argument(Word::output);
  if (word == "-h" || word == "--help") return Word::help;
  if (word == "-V" || word == "--version") return Word::version;
  return Word::unknown;
}

std::string notice_of(std::string_view word) {
  if (word == "--exec_enable") {
    return "--exec_enable is now depreciated as the output is assumed executable unless given the "
           "--non-executable "
           "flag.\nAnd --exec_enable will stop working in the next release\n";
  }
  const std::string_view now = word == "--BigEndian"      ? "--big-endian"
                               : word == "--LittleEndian" ? "--little-endian"
                                                          : "--base-address";
  return fmt::format("{} is now depreciated and replaced by {}\nAnd will stop working in the next release\n",
                     word, now);
}

std::string warnings_about(const Options& options) {
  using enum MesccArchitecture;
  std::string text;
  if (options.architecture != knight && options.base_address == 0) {
    text += kWarning;
    text += "If you are not generating a ROM image this binary will likely not work\n";
  }
  if (options.big_endian && options.architecture != knight && options.architecture != ppc64le) {
    text += kWarning;
    text +=
        "You have specified big endian output on likely a little endian processor\n"
        "if this is a mistake please pass --little-endian next time\n";
  }
  return text;
}

}  // namespace assay::linker
