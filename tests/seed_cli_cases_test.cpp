// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every measured case of how hex0, hex1 and hex2-0 treat arguments and files, against our programs.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>
#include <sstream>

#include "command/seed_command.h"
#include "tests/support/case_file.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

constexpr std::string_view kInput = "41 42 43 44\n";

std::vector<std::string> arguments_of(const std::string& cell) {
  std::vector<std::string> arguments;
  if (cell == "(none)") return arguments;
  std::istringstream words(cell);
  for (std::string word; words >> word;) arguments.push_back(word == "''" ? "" : word);
  return arguments;
}

/// The directory as it was when the case was measured.
void set_up(const Scratch& scratch, const std::string& name) {
  scratch.write("in", as_bytes(kInput));
  scratch.write("in2", as_bytes("45 46\n"));
  std::filesystem::create_directory(scratch.path() / "dir");
  if (name == "out-exists") scratch.write("out", Bytes(40, 'x'), 0644);
}

Command command_of(const Row& row, const Scratch& scratch) {
  const std::string& name = row.at("case");
  Command command;
  command.argv = {fmt::format("{}/{}", ASSAY_BIN_DIR, row.at("tool")), "--dialect", row.at("arch")};
  for (const std::string& argument : arguments_of(row.at("argv"))) command.argv.push_back(argument);
  if (name.ends_with("-env")) command.env = {"ZZ=1"};
  if (name == "stdin-pipe") command.piped_input = to_bytes(kInput);
  if (name.ends_with("umask0")) command.umask = 0;
  if (name.ends_with("umask77")) command.umask = 077;
  command.cwd = scratch.path();
  return command;
}

/// The status that we give for one of the real tool. Without any argument we always say what is wrong and
/// exit 1; the real tools may wait for ever, or take their environment for file names, which we do not.
std::string our_status(const Row& row) {
  if (row.at("argv") == "(none)") return "exit:1";
  const std::string& status = row.at("status");
  if (status == "timeout") return fmt::format("exit:{}", kStatusWouldHang);
  return status == "signal:SIGSEGV" ? fmt::format("exit:{}", kStatusWouldCrash) : status;
}

void check_files(const Row& row, const Scratch& scratch) {
  std::set<std::string> allowed{"in", "in2", "dir"};
  const std::string& cell = row.at("files_after");
  if (cell != "-" && !row.at("case").starts_with("noargs")) {
    const std::size_t mode_at = cell.find(':');
    const std::size_t bytes_at = cell.find(':', mode_at + 1);
    ASSERT_NE(bytes_at, std::string::npos);
    const std::string name = cell.substr(0, mode_at);
    allowed.insert(name);
    EXPECT_EQ(scratch.mode(name), cell.substr(mode_at + 1, bytes_at - mode_at - 1));
    const std::optional<Bytes> bytes = scratch.read(name);
    ASSERT_TRUE(bytes) << name << " is missing";
    EXPECT_TRUE(cell_matches(cell.substr(bytes_at + 1), *bytes)) << to_hex(*bytes);
  }
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path())) {
    EXPECT_TRUE(allowed.contains(entry.path().filename().string())) << "left behind: " << entry.path();
  }
}

void check_row(const Row& row) {
  SCOPED_TRACE(
      fmt::format("{} {} {}: {}", row.at("tool"), row.at("case"), row.at("arch"), row.at("description")));
  const Scratch scratch;
  set_up(scratch, row.at("case"));
  const Finished finished = run(command_of(row, scratch));
  EXPECT_EQ(finished.status, our_status(row)) << finished.standard_error;
  EXPECT_TRUE(cell_matches(row.at("stdout_hex"), as_bytes(finished.standard_output)));
  if (row.at("status") == "exit:0") {
    EXPECT_TRUE(cell_matches(row.at("stderr_hex"), as_bytes(without_lost_output(finished.standard_error))))
        << finished.standard_error;
  } else {
    EXPECT_FALSE(finished.standard_error.empty());
  }
  check_files(row, scratch);
}

class SeedCliCases : public testing::TestWithParam<std::string_view> {};

TEST_P(SeedCliCases, AllRows) {
  static const std::vector<Row> all = read_cases("seed-cli-cases.tsv");
  const std::vector<Row> rows = rows_where(all, {{"tool", GetParam()}});
  for (const Row& row : rows) check_row(row);
  EXPECT_EQ(rows.size(), count_lines("seed-cli-cases.tsv", GetParam()));
  EXPECT_GT(rows.size(), 0U);
  fmt::print("{}: {} rows\n", GetParam(), rows.size());
}

INSTANTIATE_TEST_SUITE_P(Tools, SeedCliCases, testing::Values("hex0", "hex1", "hex2-0"),
                         [](const auto& tested) { return std::string(tested.param.substr(0, 4)); });

}  // namespace
}  // namespace assay::test
