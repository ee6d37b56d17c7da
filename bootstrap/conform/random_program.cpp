// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A program is a row of pieces of its language, chosen at random. In a piece, L stands for the name of a
// label; in the end every label that was named is defined.
#include "bootstrap/conform/random_program.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <string>

namespace assay::conform {
namespace {

constexpr unsigned kLabels = 6;

using Pieces = std::span<const std::string_view>;

constexpr std::string_view kHex0[] = {"41 ",   "a5",     "F0 0f\n", "4",      "b",   "\n",
                                      " ",     "\t",     "# c\n",   "; 12\n", "zz ", "\r\n",
                                      "#;#\n", "00ff7F", ":%&@!~ ", "41#x\n"};
constexpr std::string_view kHex1Percent[] = {"41 ", "a5b6 ", "# c %L\n", "; x\n", ":L ",
                                             ":L",  "%L ",   "%L",       "\n",    "00112233 "};
constexpr std::string_view kHex1Arm[] = {"41424344 ", "# c ~L\n", "; x\n", ":L ", "~L 14 ",
                                         "~L94",      "$L ",      "&L ",   "\n"};
constexpr std::string_view kHex1Riscv[] = {"41424344 ",    "# c !L\n",     "; x\n",         ":L ",
                                           "!L 13000000 ", "@L 63000000 ", "$L 6F000000\n", "~L 17000000\n"};
constexpr std::string_view kHex2[] = {"41 ",   "a5b6 ",  "# c %L\n", "; x\n",    ":L\n", ":L ",
                                      "%L ",   "%L\n",   "&L\t",     "!L ",      "@L\n", "$L ",
                                      "%L>L ", "!L>L\n", "&L>L ",    "00112233 "};
constexpr std::string_view kHex2Arm[] = {"41 ",       "a5b6 ",    "# c %L\n", "; x\n", ":L\n", ":L ",
                                         "%L ",       "^~L 14\n", "&L\t",     "!L ",   "@L\n", "~L 94 ",
                                         "^~L>L 14 ", "%L>L\n",   "^%L 00 ",  "$L "};
constexpr std::string_view kHex2Riscv[] = {
    "41424344 ", "# c %L\n",     "; x\n",         ":L\n",          "%L ",          "&L\n",
    "%L>L ",     "!L 13000000 ", "@L 63000000\n", "$L 6F000000\n", "~L 17000000 ", ".00020304 44550601 ",
    "< ",        "<\n",          "!L 13000000\n"};
constexpr std::string_view kMacro[] = {"DEFINE L 4889E5\n",
                                       "DEFINE x_L 'AB CD'\n",
                                       "x_L ",
                                       ":L\n",
                                       "%L ",
                                       "&L\n",
                                       "\"text\"\n",
                                       "'48C3'\n",
                                       "%5 ",
                                       "%-1\n",
                                       "%0x12 ",
                                       "# c\n",
                                       "; \"\n",
                                       "!L ",
                                       "\n",
                                       "\t",
                                       "\"a;b\" "};
constexpr std::string_view kM1[] = {"DEFINE x_L 'AB CD'\n",
                                    "DEFINE y_L 4889E5\n",
                                    "!5 ",
                                    "@-2\n",
                                    "~7 ",
                                    ":L\n",
                                    "%L ",
                                    "&L\n",
                                    "\"text\"\n",
                                    "'48C3'\n",
                                    "%5 ",
                                    "# c\n",
                                    "; \"\n",
                                    "!L ",
                                    "<4 ",
                                    "%0x12 ",
                                    "\n",
                                    "\t"};
constexpr std::string_view kLabelsOnly[] = {":L\n",    ":L ",   "foo ",  "%L\n", "\"text\" ",
                                            "# :no\n", "; x\n", ":_L\t", "!5\n"};
constexpr std::string_view kScript[] = {"./o a b\n", "./o\n",          "# c\n",
                                        "\n",        "  ./o  x\n",     "./o a\\ b\n",
                                        "./o # c\n", "./o L \\\n L\n", "\t./o\ty\n"};
constexpr std::string_view kFullScript[] = {"./o a b\n",
                                            "echo L\n",
                                            "# c\n",
                                            "\n",
                                            "  ./o  x\n",
                                            "A=L\n",
                                            "./o ${A} ${B:-L}\n",
                                            "./o \"a L\"\n",
                                            "./o a; ./o b\n",
                                            "if ./w\n./o y\nelse\n./o n\nfi\n",
                                            "B=\"x y\"\n",
                                            "./o x${A}y \\\n z\n"};
constexpr std::string_view kAnything[] = {"text\n", "\x01\x02", "41 # x\n", "\xff\xfe\xfc", "\r\n", " ", "0"};

bool is_riscv(std::string_view dialect) { return dialect.starts_with("riscv"); }

Pieces pieces_of(Tool tool, std::string_view dialect) {
  switch (tool) {
    case Tool::hex0: return kHex0;
    case Tool::hex1:
      return is_riscv(dialect)      ? Pieces(kHex1Riscv)
             : dialect == "AArch64" ? Pieces(kHex1Arm)
                                    : Pieces(kHex1Percent);
    case Tool::hex2_0:
      return is_riscv(dialect) ? Pieces(kHex2Riscv) : dialect == "AArch64" ? Pieces(kHex2Arm) : Pieces(kHex2);
    case Tool::hex2: return Pieces(kHex2).first(8);
    case Tool::m0: return kMacro;
    case Tool::m1: return kM1;
    case Tool::blood_elf: return kLabelsOnly;
    case Tool::kaem_minimal: return kScript;
    case Tool::kaem: return kFullScript;
    case Tool::catm: return kAnything;
  }
  return kAnything;
}

bool defines_labels(Tool tool) { return tool == Tool::hex1 || tool == Tool::hex2_0 || tool == Tool::hex2; }

class Numbers {
 public:
  explicit Numbers(std::uint64_t state) : state_(state) {}
  std::size_t below(std::size_t limit) {
    state_ += 0x9E3779B97F4A7C15U;  // splitmix64
    std::uint64_t x = state_;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return static_cast<std::size_t>((x ^ (x >> 31)) % limit);
  }

 private:
  std::uint64_t state_;
};

}  // namespace

std::vector<std::string> random_pieces(const ToolRow& tool, std::string_view dialect, std::uint64_t seed,
                                       std::uint64_t number, unsigned pieces) {
  Numbers numbers(seed * 0x100000001B3U + number);
  const Pieces list = pieces_of(tool.tool, dialect);
  const auto label = [&](unsigned which) {
    return tool.tool == Tool::hex1 ? std::string(1, static_cast<char>('g' + which))
                                   : fmt::format("lab_{}", which);
  };
  std::vector<std::string> all;
  const std::size_t count = 1 + numbers.below(pieces);
  for (std::size_t i = 0; i < count; ++i) {
    std::string& text = all.emplace_back();
    for (const char c : list[numbers.below(list.size())]) {
      if (c == 'L')
        text += label(static_cast<unsigned>(numbers.below(kLabels)));
      else
        text += c;
    }
  }
  if (defines_labels(tool.tool)) {
    all.emplace_back("\n");
    for (unsigned i = 0; i < kLabels; ++i) all.push_back(fmt::format(":{}\n", label(i)));
  } else if (tool.tool == Tool::m0) {
    all.emplace_back("\nend\n");       // a word behind the last DEFINE
  } else if (tool.tool == Tool::m1) {  // a macro that is used must be there
    all.emplace_back("\n:end\n");
  }
  // What kaem prints itself may wait for its end, where standard output is a pipe, and what it starts prints
  // at once.
  std::stable_partition(all.begin(), all.end(),
                        [](const std::string& one) { return !one.starts_with("echo"); });
  return all;
}

Bytes random_program(const ToolRow& tool, std::string_view dialect, std::uint64_t seed, std::uint64_t number,
                     unsigned pieces) {
  return to_bytes(fmt::format("{}", fmt::join(random_pieces(tool, dialect, seed, number, pieces), "")));
}

}  // namespace assay::conform
