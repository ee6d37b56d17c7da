// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every measured case of mescc-tools-extra, kaem and kaem-minimal against our programs.
// tests/mescc_cases_test.cpp does the same for M1, hex2, blood-elf, catm and get_machine.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <map>

#include "tests/support/mescc_run.h"

namespace assay::test {
namespace {

/// A tool of the cases, the program that stands for it, and its number of rows.
struct Tested {
  std::string_view tool;
  std::string_view program;
  std::size_t rows;
};

void PrintTo(const Tested& tested, std::ostream* out) { *out << tested.tool; }

constexpr Tested kTested[] = {
    {"chmod", "chmod", 7},
    {"cp", "cp", 19},
    {"kaem", "kaem", 185},
    {"kaem-optional-seed", "kaem-minimal", 32},
    {"match", "match", 4},
    {"mkdir", "mkdir", 13},
    {"replace", "replace", 17},
    {"rm", "rm", 1},
    {"sha256sum", "sha256sum", 22},
    {"unbz2", "unbz2", 7},
    {"ungz", "ungz", 11},
    {"untar", "untar", 17},
    {"unxz", "unxz", 8},
};

/// Rows that mescc_cases_test.cpp checks.
constexpr Tested kElsewhere[] = {{"M1", "M1", 142},
                                 {"blood-elf", "blood-elf", 18},
                                 {"catm", "catm", 10},
                                 {"get_machine", "get_machine", 8},
                                 {"hex2", "hex2", 113}};

/// The builds whose behaviour is measured here; kaem-minimal has a dialect for each of its own.
struct Build {
  std::string_view column;
  std::vector<std::string> options;
};

std::vector<Build> builds_of(const Tested& tested) {
  if (tested.program != "kaem-minimal") return {{"m2_64", {}}};
  return {{"amd64", {}},
          {"x86", {"--dialect", "x86"}},
          {"aarch64", {"--dialect", "AArch64"}},
          {"riscv64", {"--dialect", "riscv64"}},
          {"riscv32", {"--dialect", "riscv32"}}};
}

class ExtraCases : public testing::TestWithParam<Tested> {};

TEST_P(ExtraCases, AllRows) {
  const Tested& tested = GetParam();
  std::size_t rows = 0;
  std::size_t runs = 0;
  for (const Row& cells : rows_where(read_cases("mescc-cases.tsv"), {{"tool", tested.tool}})) {
    const MesccRow row = mescc_row(cells);
    ++rows;
    for (const Build& build : builds_of(tested)) {
      const std::optional<MesccExpectation> expected = row.expectation(build.column);
      if (!expected) continue;
      // The aarch64 seed was measured under an emulator that turns the environment round.
      if (row.id == "kaem0-27-env-default-noarg" && build.column == "aarch64") continue;
      SCOPED_TRACE(build.column);
      check_mescc_row(row, *expected, fmt::format("{}/{}", ASSAY_BIN_DIR, tested.program), build.options);
      ++runs;
    }
  }
  EXPECT_EQ(rows, tested.rows);
  EXPECT_GE(runs, rows);
}

INSTANTIATE_TEST_SUITE_P(Tools, ExtraCases, testing::ValuesIn(kTested), [](const auto& tested) {
  std::string name(tested.param.tool);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(MesccCaseFile, EveryRowIsCounted) {
  std::map<std::string, std::size_t, std::less<>> rows;
  for (const Row& row : read_cases("mescc-cases.tsv")) ++rows[row.at("tool")];
  std::map<std::string, std::size_t, std::less<>> counted;
  for (const Tested& tested : kTested) counted[std::string(tested.tool)] += tested.rows;
  for (const Tested& tested : kElsewhere) counted[std::string(tested.tool)] += tested.rows;
  EXPECT_EQ(rows, counted);
}

}  // namespace
}  // namespace assay::test
