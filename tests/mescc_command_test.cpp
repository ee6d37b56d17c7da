// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What M1 and hex2 do with their output, which they write as it is made.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

Finished run_tool(const Scratch& scratch, std::string_view name, std::vector<std::string> words) {
  words.insert(words.begin(), fmt::format("{}/{}", ASSAY_BIN_DIR, name));
  words.insert(words.end(), {"--architecture", "amd64", "--little-endian"});
  return run({.argv = std::move(words), .cwd = scratch.path()});
}

std::string lines(std::string_view line, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line;
  return text;
}

TEST(MesccCommand, a_lost_output_is_noticed) {
  const Scratch scratch;
  scratch.write("in", as_bytes(lines("'4142434445'\n", 100'000)));  // several pieces
  for (const std::string_view tool : {"M1", "hex2"}) {
    const std::string said =
        tool == "M1" ? "" : run_tool(scratch, tool, {"-f", "in", "-o", "out"}).standard_error;
    const Finished quiet = run_tool(scratch, tool, {"-f", "in", "-o", "/dev/full"});
    EXPECT_EQ(quiet.status, "exit:0") << tool;
    EXPECT_EQ(
        quiet.standard_error,
        said +
            "/dev/full: warning: cannot write the output (No space left on device) [mescc-lost-output]\n"
            "  help: the real tool does not notice\n")
        << tool;
    const Finished noticed =
        run_tool(scratch, tool, {"--assay-W=error=mescc-lost-output", "-f", "in", "-o", "/dev/full"});
    EXPECT_EQ(noticed.status, "exit:1") << tool;
    EXPECT_EQ(noticed.standard_error,
              said +
                  "/dev/full: error: cannot write the output (No space left on device) [mescc-lost-output]\n"
                  "  help: the real tool does not notice\n")
        << tool;
  }
}

TEST(MesccCommand, an_output_may_take_the_place_of_an_input_that_was_read) {
  const Scratch scratch;
  scratch.write("in", as_bytes(lines("'41 42'\n", 100'000)));
  EXPECT_EQ(run_tool(scratch, "M1", {"-f", "in", "-o", "in"}).status, "exit:0");
  EXPECT_TRUE(as_text(scratch.read("in").value()) == lines("41 42\n", 100'000));
}

TEST(MesccCommand, an_output_is_the_same_with_a_map_of_it) {
  const Scratch scratch;
  scratch.write("in", as_bytes(lines("DEFINE a 41\n'42' a <3\n", 30'000)));
  EXPECT_EQ(run_tool(scratch, "M1", {"-f", "in", "-o", "plain"}).status, "exit:0");
  EXPECT_EQ(run_tool(scratch, "M1", {"--assay-map=map", "-f", "in", "-o", "mapped"}).status, "exit:0");
  EXPECT_TRUE(scratch.read("plain") == scratch.read("mapped"));
  EXPECT_GT(scratch.read("map").value().size(), 1000U);
}

}  // namespace
}  // namespace assay::test
