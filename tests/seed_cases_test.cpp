// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every measured case of hex0, hex1 and hex2-0 against the libraries.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>

#include "command/seed_command.h"
#include "tests/support/case_file.h"
#include "tests/support/seed_tools.h"

namespace assay::test {
namespace {

std::string ending_text(const Output& output) {
  switch (output.ending) {
    case Ending::exits: return fmt::format("exit:{}", output.status);
    case Ending::hangs: return "timeout";
    case Ending::crashes:
      return output.status == 0 ? "signal:SIGSEGV" : fmt::format("exit:{}", output.status);
    case Ending::undefined: return "undefined";
  }
  return "?";
}

bool has_error(const DiagnosticList& list, std::string_view tool) {
  const std::string_view language = tool.substr(0, 4);
  return std::any_of(list.all.begin(), list.all.end(), [language](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::error && diagnostic.kind->id.starts_with(language);
  });
}

/// How a row must come out. Bytes: as the cell says; ending: as the status says, where the class fixes it.
void check_row(const Row& row) {
  const std::string& tool = row.at("tool");
  const std::string& group = row.at("class");
  const std::string& status = row.at("status");
  const Bytes input = input_of(row);
  SCOPED_TRACE(fmt::format("{} {} {} {}", tool, row.at("case"), row.at("arch"), row.at("description")));
  for (const ToolOptions options : ways_of(tool)) {
    DiagnosticList list;
    const Output output = assemble(tool, row.at("arch"), input, options, list);
    if (options.want_map) {
      EXPECT_EQ(output.map.size(), output.bytes.size());
    }
    const bool fixed = group == "defined" || group == "observed";
    if (fixed && status.starts_with("exit:0")) {
      EXPECT_EQ(ending_text(output), "exit:0");
      EXPECT_FALSE(has_error(list, tool));
    } else {
      EXPECT_TRUE(has_error(list, tool));
      EXPECT_NE(exit_status_of(output), 0);
      if (fixed || group == "hang") {
        EXPECT_EQ(ending_text(output), status.starts_with("read_past") ? "timeout" : status);
      }
    }
    if (group == "crash") {
      EXPECT_EQ(output.ending, Ending::crashes);
    }
    if (group == "undefined") {
      EXPECT_EQ(output.ending, Ending::undefined);
    }
    const std::string& bytes = row.at("out_hex");
    if (group != "undefined" && bytes != "n/a" && bytes != "(none)") {
      EXPECT_TRUE(cell_matches(bytes, output.bytes))
          << "have " << to_hex(output.bytes).substr(0, 800) << "\nwant " << bytes;
    }
  }
}

/// Checks the rows of one tool and dialect, and that none was left out.
class SeedCases : public testing::TestWithParam<std::string_view> {};

TEST_P(SeedCases, AllRows) {
  static const std::vector<Row> all = read_cases("seed-cases.tsv");
  const std::vector<Row> rows = rows_where(all, {{"tool", GetParam()}});
  std::size_t checked = 0;
  for (const std::string_view dialect : dialects_of(GetParam())) {
    for (const Row& row : rows_where(rows, {{"arch", dialect}})) {
      check_row(row);
      ++checked;
    }
  }
  EXPECT_EQ(checked, count_lines("seed-cases.tsv", GetParam())) << "rows of a dialect that we do not have";
  EXPECT_GT(checked, 0U);
  RecordProperty("rows", static_cast<int>(checked));
  fmt::print("{}: {} rows\n", GetParam(), checked);
}

INSTANTIATE_TEST_SUITE_P(Tools, SeedCases, testing::Values("hex0", "hex1", "hex2-0"),
                         [](const auto& tested) { return std::string(tested.param.substr(0, 4)); });

}  // namespace
}  // namespace assay::test
