// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every measured case of M1, hex2, blood-elf, catm and get_machine against our programs, for each build
// of mescc-tools whose behaviour the row tells.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <map>
#include <set>

#include "command/seed_command.h"
#include "core/digest.h"
#include "tests/support/case_file.h"
#include "tests/support/mescc_rows.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

struct Build {
  std::string_view column;
  std::string_view dialect;
};

constexpr Build kBuilds[] = {
    {"m2_64", "m2-64"}, {"m2_32", "m2-32"}, {"gcc17", "gcc"}, {"deb14", "debian-1.4.0"}};

void expect_text(const std::string& want, const std::string& have, std::string_view what) {
  if (want.starts_with("sha256:")) {
    EXPECT_EQ(want, fmt::format("sha256:{}:len={}", sha256(as_bytes(have)), have.size())) << what;
  } else {
    EXPECT_EQ(want, have) << what;
  }
}

void check_files(const MesccExpectation& want, const Scratch& scratch, const std::set<std::string>& before) {
  for (const auto& [name, file] : want.created) {
    const std::optional<Bytes> bytes = scratch.read(name);
    ASSERT_TRUE(bytes) << name << " is missing";
    expect_text(file.data, std::string(as_text(*bytes)), name);
    EXPECT_EQ(scratch.mode(name), file.mode) << name;
  }
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path())) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(before.contains(name) || want.created.contains(name)) << "left behind: " << name;
  }
}

void check(const MesccRow& row, const MesccExpectation& want, std::string_view dialect) {
  SCOPED_TRACE(fmt::format("{} as {}", row.id, dialect));
  const Scratch scratch;
  std::set<std::string> before;
  for (const auto& [name, file] : row.files) {
    std::filesystem::create_directories(std::filesystem::path(scratch.file(name)).parent_path());
    scratch.write(name, as_bytes(file.data), static_cast<unsigned>(std::stoul(file.mode, nullptr, 8)));
    before.insert(name.substr(0, name.find('/')));
  }
  Command command;
  command.argv = {fmt::format("{}/{}", ASSAY_BIN_DIR, row.tool)};
  if (row.tool == "catm") {
    command.argv.insert(command.argv.end(), {"--dialect", "mescc-tools"});
  } else if (dialect == "debian-1.4.0") {
    command.argv.insert(command.argv.end(), {"--compat", "1.4.0"});
  } else {
    command.argv.push_back(fmt::format("--assay-dialect={}", dialect));
  }
  command.argv.insert(command.argv.end(), row.argv.begin(), row.argv.end());
  command.env = {"PATH=/usr/bin:/bin", "LANG=C"};
  command.cwd = scratch.path();
  command.piped_input = to_bytes(row.standard_input);
  Finished finished = run(command);
  if (const std::size_t at = finished.standard_error.find(command.argv[0]); at != std::string::npos) {
    finished.standard_error.replace(at, command.argv[0].size(), row.tool);
  }
  if (want.exit == "TIMEOUT" || want.exit == "-11") {
    EXPECT_TRUE(finished.status.starts_with("exit:") && finished.status != "exit:0") << finished.status;
    if (want.exit == "-11") {
      EXPECT_EQ(finished.status, fmt::format("exit:{}", kStatusWouldCrash));
    }
    EXPECT_NE(finished.standard_error.find("error: "), std::string::npos) << "no diagnostic";
    return;
  }
  EXPECT_EQ(finished.status, "exit:" + want.exit);
  expect_text(want.standard_output, finished.standard_output, "standard output");
  expect_text(want.standard_error, finished.standard_error, "standard error");
  check_files(want, scratch, before);
}

class MesccCases : public testing::TestWithParam<std::pair<std::string_view, std::size_t>> {};

TEST_P(MesccCases, AllRows) {
  const auto& [tool, least] = GetParam();
  utsname host{};
  ::uname(&host);
  if (tool == "get_machine" && std::string_view(host.machine) != "x86_64") {
    GTEST_SKIP() << "the cases were measured on x86_64";
  }
  std::size_t rows = 0;
  std::size_t runs = 0;
  for (const Row& cells : rows_where(read_cases("mescc-cases.tsv"), {{"tool", tool}})) {
    const MesccRow row = mescc_row(cells);
    ++rows;
    for (const Build& build : kBuilds) {
      if (tool == "catm" && build.column != "m2_64") continue;  // one row of its table
      const std::optional<MesccExpectation> want = row.expectation(build.column);
      if (!want) continue;
      check(row, *want, build.dialect);
      ++runs;
    }
  }
  fmt::print("{}: {} rows, {} runs\n", tool, rows, runs);
  EXPECT_GE(rows, least);
}

INSTANTIATE_TEST_SUITE_P(Tools, MesccCases,
                         testing::Values(std::pair{"M1", 142u}, std::pair{"hex2", 113u},
                                         std::pair{"blood-elf", 18u}, std::pair{"catm", 10u},
                                         std::pair{"get_machine", 8u}),
                         [](const auto& tested) {
                           std::string name(tested.param.first);
                           std::erase_if(name, [](char c) { return c == '-' || c == '_'; });
                           return name;
                         });

}  // namespace
}  // namespace assay::test
