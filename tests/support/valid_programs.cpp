// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/valid_programs.h"

#include <fmt/format.h>

namespace assay::test {
namespace {

constexpr std::size_t kNames = 4;  // of a kind in a program

constexpr std::string_view kStrings[] = {"\"hello\"",  "\"\"",     "\"a b\tc\"", "\"# ; : ! %\"",  "'48 65'",
                                         "'C3'",       "\"it's\"", "'\"'",       "\"two\nlines\"", "\"x\\n\"",
                                         "'00000000'", "\"abc\"",  "\"abcd\""};
constexpr std::string_view kComments[] = {"# a comment: !5 %x \"\n", "; another\n", "#\n", "# end\n\n\n"};

}  // namespace

std::string ValidPrograms::name(std::string_view kind, std::size_t count) {
  return fmt::format("p{}_{}{}", program_, kind, below(count));
}

std::string ValidPrograms::blank() {
  static constexpr std::string_view kBlanks[] = {" ", "\n", "\t", "  ", " \n", "\n\n"};
  return std::string(one_of(kBlanks));
}

std::string ValidPrograms::number(std::int64_t lowest, std::int64_t highest) {
  const auto span = static_cast<std::uint64_t>(highest - lowest) + 1;
  const std::int64_t value =
      lowest + static_cast<std::int64_t>((std::uint64_t{random_()} << 16 ^ random_()) % span);
  const std::string_view sign = value < 0 ? "-" : "";
  const std::uint64_t size = static_cast<std::uint64_t>(value < 0 ? -value : value);
  switch (below(5)) {
    case 0: return fmt::format("0x{}{:X}", sign, size);
    case 1: return fmt::format("0x{}{:x}", sign, size);
    case 2: return fmt::format("0{}{:o}", sign, size);
    case 3: return size < 65536 ? fmt::format("0b{}{:b}", sign, size) : fmt::format("{}", value);
    default: return fmt::format("{}", value);
  }
}

std::string ValidPrograms::m1_number(MesccArchitecture architecture) {
  if (is_riscv(architecture)) {
    static constexpr std::string_view kSigils[] = {"!", "@", "~", "$", "%"};
    return std::string(one_of(kSigils)) + number(-0x7FFFFFFF, 0x7FFFFFFF);
  }
  switch (below(7)) {
    case 0: return "!" + number(-128, 255);
    case 1: return "@" + number(-32768, 32767);
    case 2: return "$" + number(-32768, 65535);
    case 3: return "~" + number(-8388608, 8388607);
    case 4: return "&" + number(-0x7FFFFFFF, 0x7FFFFFFF);
    case 5:
      if (architecture == MesccArchitecture::knight) return number(-32768, 65535);
      [[fallthrough]];
    default: return "%" + number(-0x7FFFFFFF, 0x7FFFFFFF);
  }
}

std::string ValidPrograms::m1(MesccArchitecture architecture) {
  ++program_;
  std::string text;
  for (std::size_t i = 0; i < kNames; ++i) {
    static constexpr std::string_view kValues[] = {"90",   "4889C3", "E1A00000", "B8",
                                                   "0F05", "!7",     "C3C3",     "%1"};
    text += fmt::format("DEFINE p{}_m{} {}\n", program_, i, one_of(kValues));
  }
  for (std::size_t count = 4 + below(16); count > 0; --count) {
    static constexpr std::string_view kSigils[] = {"!", "@", "~", "%", "&", "$"};
    switch (below(10)) {
      case 0: text += ":" + name("l", kNames) + "\n"; continue;
      case 1: text += fmt::format("{}{}", one_of(kSigils), name("l", kNames)); break;
      case 2: text += fmt::format("{}{}>{}", one_of(kSigils), name("l", kNames), name("l", kNames)); break;
      case 3: text += m1_number(architecture); break;
      case 4: text += m1_number(architecture); break;
      case 5: text += one_of(kStrings); break;
      case 6: text += one_of(kComments); break;
      case 7: text += fmt::format("<{}", 1 + below(12)); break;
      case 8: text += "^~" + name("l", kNames); break;
      default: text += name("m", kNames); break;
    }
    text += blank();
  }
  return text + "\n";
}

std::string ValidPrograms::four_bytes() {
  const std::uint32_t word = static_cast<std::uint32_t>(random_());
  switch (below(4)) {
    case 0:
      return fmt::format("{:02X} {:02x} {:02X} {:02x}", word & 255, word >> 8 & 255, word >> 16 & 255,
                         word >> 24);
    case 1: return fmt::format("{:04x}\n{:04X}", word & 0xFFFF, word >> 16);
    case 2: return fmt::format("{:03X} # half {:x}\n{:05X}", word & 0xFFF, 7U, word >> 12);
    default: return fmt::format("{:08X}", word);
  }
}

/// A reference with as many digits behind it as make it a multiple of four bytes.
std::string ValidPrograms::hex2_reference(MesccArchitecture architecture) {
  const std::string target = name("l", kNames);
  const std::string base = name("l", kNames);
  if (is_riscv(architecture)) {
    switch (below(7)) {
      case 0: return fmt::format("!{} {}", target, four_bytes());
      case 1: return fmt::format("@{} {}", target, four_bytes());
      case 2: return fmt::format("${} {}", target, four_bytes());
      case 3: return fmt::format("~{} .{:08X} {}", target, random_() & 0xFFFFFFFFU, four_bytes());
      case 4: return fmt::format("%{}", target);
      case 5: return fmt::format("%{}>{}", target, base);
      default: return fmt::format("&{}", target);
    }
  }
  const bool aligns = architecture == MesccArchitecture::armv7l || architecture == MesccArchitecture::aarch64;
  switch (below(aligns ? 11 : 9)) {
    case 0: return fmt::format("!{} 010203", target);
    case 1: return fmt::format("@{} 41 42", target);
    case 2: return fmt::format("~{} EB", target);
    case 3: return fmt::format("%{}", target);
    case 4: return fmt::format("&{}", target);
    case 5: return fmt::format("${} 90 90", target);
    case 6: return fmt::format("!{}>{} 11 22 33", target, base);
    case 7: return fmt::format("%{}>{}", target, base);
    case 8: return fmt::format("@{}>{} 7F7F", target, base);
    case 9: return fmt::format("^~{} EA", target);
    default: return fmt::format("^!{} 0000EA", target);
  }
}

std::string ValidPrograms::hex2(MesccArchitecture architecture) {
  ++program_;
  std::string text;
  std::size_t label = 0;
  // At most 4 labels, each with at most 5 groups of four bytes: every one-byte displacement fits.
  while (label < kNames) {
    text += fmt::format(":p{}_l{}{}", program_, label++, below(2) == 0 ? "\n" : " ");
    for (std::size_t count = below(6); count > 0; --count) {
      switch (below(6)) {
        case 0: text += one_of(kComments); break;
        case 1: text += "<"; break;
        case 2: text += hex2_reference(architecture); break;
        case 3: text += hex2_reference(architecture); break;
        default: text += four_bytes(); break;
      }
      text += blank();
    }
  }
  return text + "\n";
}

std::string ValidPrograms::kaem_word() {
  static constexpr std::string_view kPlain[] = {"a",    "--file", "x.c",      "../b/c", "-O2",
                                                "it's", "a,b",    "0x600000", "é",      "\\\\"};
  switch (below(9)) {
    case 0: return fmt::format("${{{}}}", name("v", kNames));
    case 1: return fmt::format("x${{{}}}y", name("v", kNames));
    case 2: return fmt::format("\"${{{}:-none set}}\"", name("u", kNames));
    case 3: return fmt::format("${{{}}}", name("u", kNames));
    case 4: return fmt::format("\"a b ${{{}}}\"", name("v", kNames));
    case 5: return "\"with # and ; and \\\" inside\"";
    case 6: return fmt::format("${{{}}}/${{{}}}", name("v", kNames), name("v", kNames));
    default: return std::string(one_of(kPlain));
  }
}

/// How a command ends; a closing quote must not be followed by a blank.
std::string ValidPrograms::kaem_end() {
  static constexpr std::string_view kEnds[] = {"\n", "\n", "\n", "\n\n", ";", "\n# comment \"x\n"};
  return std::string(one_of(kEnds));
}

std::string ValidPrograms::kaem_line() {
  std::string line;
  switch (below(9)) {
    case 0:
      return fmt::format("{}={}", name("v", kNames), below(2) == 0 ? "plain" : "\"two words\"") + kaem_end();
    case 1: return fmt::format("{}=\"${{{}}} more\"", name("v", kNames), name("v", kNames)) + kaem_end();
    case 2: line = below(8) == 0 ? "./k e" : "echo run"; break;
    case 3: line = below(4) == 0 ? "./k e" : "echo run"; break;
    case 4: line = fmt::format("q{}", below(2)); break;
    case 5: line = says_directory_ ? "pwd" : "echo somewhere"; return line + kaem_end();
    default: line = "echo"; break;
  }
  for (std::size_t count = below(6); count > 0; --count)
    line += (below(7) == 0 ? " \\\n  " : " ") + kaem_word();
  if (line.back() != '"' && below(4) == 0) line += " ";
  return line + kaem_end();
}

std::string ValidPrograms::kaem(bool says_directory) {
  says_directory_ = says_directory;
  ++program_;
  std::string text;
  for (std::size_t i = 0; i < kNames; ++i) {
    static constexpr std::string_view kValues[] = {"one",  "\"two words\"", "\" \"",
                                                   "../x", "\"a\\nb\"",     "x=y"};
    text += fmt::format("p{}_v{}={}\n", program_, i, one_of(kValues));
  }
  // The first word of an alias is longer than its name: 1.4.0 corrupts shorter ones.
  for (std::size_t i = 0; i < 2; ++i) {
    text += fmt::format("alias q{}=\"echo alias {} ${{p{}_v{}}} with words\"\n", i, program_, program_,
                        below(kNames));
  }
  for (std::size_t count = 2 + below(6); count > 0; --count) {
    if (below(6) != 0) {
      text += kaem_line();
      continue;
    }
    text += fmt::format("if ./k {} ; then\n", below(2) == 0 ? "e" : "u");
    for (std::size_t inner = below(3); inner > 0; --inner) text += "  " + kaem_line();
    if (below(2) == 0) text += "\nelse\n" + kaem_line();
    text += "\nfi\n";
  }
  return text + "\n";
}

std::string ValidPrograms::kaem_minimal() {
  ++program_;
  static constexpr std::string_view kWords[] = {"a",     "\"b c\"", "--file", "${X}", "x;y",    "d\\\ne",
                                                "\"#\"", "'",       "f=g",    "\"\"", "\"q\"r", "h\\ni"};
  static constexpr std::string_view kEnds[] = {"\n", "  \n", " # comment\n", "#glued\n", "\n\n \n"};
  std::string text;
  for (std::size_t count = 1 + below(3); count > 0; --count) {
    text += "./k e";
    for (std::size_t words = below(8); words > 0; --words)
      text += (below(6) == 0 ? " \\\n\t" : " ") + std::string(one_of(kWords));
    text += one_of(kEnds);
  }
  return text;
}

}  // namespace assay::test
