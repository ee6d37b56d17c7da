// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command line that hex0, hex1 and hex2-0 share, through the built programs: options, messages
// about files, listings. Help texts are in tests/golden.
#include "command/seed_command.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "command/host_files.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

class SeedCommand : public testing::Test {
 protected:
  Finished run_tool(std::string_view tool, std::vector<std::string> arguments) {
    Command command;
    command.argv = {fmt::format("{}/{}", ASSAY_BIN_DIR, tool)};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.cwd = scratch_.path();
    command.piped_input = piped_;
    return run(command);
  }

  void write(std::string_view name, std::string_view text) { scratch_.write(name, as_bytes(text)); }
  std::string read(std::string_view name) {
    const std::optional<Bytes> bytes = scratch_.read(name);
    return bytes ? std::string(as_text(*bytes)) : "(no file)";
  }

  Scratch scratch_;
  std::optional<Bytes> piped_;
};

TEST_F(SeedCommand, HelpAndVersion) {
  for (const std::string tool : {"hex0", "hex1", "hex2-0"}) {
    const Finished help = run_tool(tool, {"--help"});
    const Result<Bytes> golden =
        read_host_file(fmt::format("{}/tests/golden/{}-help.txt", ASSAY_SOURCE_DIR, tool));
    ASSERT_TRUE(golden);
    EXPECT_EQ(help.standard_output, as_text(*golden));
    EXPECT_EQ(help.status, "exit:0");
    EXPECT_EQ(run_tool(tool, {"--version"}).standard_output,
              fmt::format("{} (assay) {}\n", tool, ASSAY_VERSION));
  }
}

TEST_F(SeedCommand, WrongCommandLines) {
  write("in", "41\n");
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--no-such", "in", "out"},
                                             {"--dialect", "vax", "in", "out"},
                                             {"-Wno-such", "in", "out"},
                                             {"--diagnostics", "xml", "in"}}) {
    const Finished finished = run_tool("hex0", arguments);
    EXPECT_EQ(finished.status, fmt::format("exit:{}", kStatusUsage)) << arguments[0];
    EXPECT_EQ(finished.standard_output, "");
    EXPECT_NE(finished.standard_error, "");
  }
  EXPECT_EQ(read("out"), "(no file)");
  EXPECT_EQ(run_tool("hex0", {"-Wno-such", "in"}).standard_error,
            "hex0: unknown warning '-Wno-such' [unknown-warning]\n");
  EXPECT_EQ(run_tool("hex0", {}).standard_error, "hex0: no input named; see --help\n");
}

TEST_F(SeedCommand, FaithfulRunsAreQuiet) {
  write("in", "41 4z2\r\n4");
  const Finished finished = run_tool("hex0", {"in", "out"});
  EXPECT_EQ(finished.status, "exit:0");
  EXPECT_EQ(finished.standard_error, "");
  EXPECT_EQ(read("out"), "AB");
}

TEST_F(SeedCommand, WarningsAsErrorsKeepTheOutput) {
  write("in", "41 42 4\n");
  const Finished all = run_tool("hex0", {"-Wall", "in", "out"});
  EXPECT_EQ(all.status, "exit:0");
  EXPECT_NE(all.standard_error.find("[hex0-odd-nibble]"), std::string::npos);
  EXPECT_EQ(run_tool("hex0", {"-Wall", "-Wno-hex0-odd-nibble", "in", "out"}).standard_error, "");
  const Finished raised = run_tool("hex0", {"-Werror=hex0-odd-nibble", "in", "out"});
  EXPECT_EQ(raised.status, "exit:1");
  EXPECT_EQ(raised.standard_error,
            "in:1:7: error: half a byte is dropped at the end of the text [hex0-odd-nibble]\n"
            "  41 42 4\n"
            "        ^\n"
            "  help: add the missing digit: the tools drop half a byte without a word\n");
  EXPECT_EQ(read("out"), "AB");
}

TEST_F(SeedCommand, MissingAndUnreadableInputs) {
  EXPECT_EQ(
      run_tool("hex0", {"nope", "out"}).standard_error,
      "nope: error: cannot open the input (No such file or directory); the real hex0 of AMD64 never ends "
      "[hex0-missing-input]\n");
  EXPECT_EQ(read("out"), "");
  EXPECT_EQ(
      run_tool("hex1", {"--dialect", "riscv32", "nope", "out1"}).standard_error,
      "nope: error: cannot open the input (No such file or directory); the real hex1 of riscv32 exits 1 "
      "[hex1-missing-input]\n");
  EXPECT_EQ(read("out1"), "(no file)");
  const Finished directory = run_tool("hex1", {".", "out2"});
  EXPECT_EQ(directory.status, fmt::format("exit:{}", kStatusWouldHang));
  EXPECT_NE(directory.standard_error.find("[hex1-unreadable-input]"), std::string::npos);
  const Finished ends = run_tool("hex2-0", {"-Wall", "--dialect", "AArch64", "nope", "out3"});
  EXPECT_EQ(ends.status, "exit:0");
  EXPECT_EQ(ends.standard_error,
            "nope: warning: cannot open the input (No such file or directory); the real hex2-0 of AArch64 "
            "writes nothing "
            "and exits 0 [hex2-ignored-input]\n");
}

TEST_F(SeedCommand, LostOutputsAreNoticed) {
  write("in", "41\n");
  const Finished quiet = run_tool("hex0", {"in", "/dev/full"});
  EXPECT_EQ(quiet.status, "exit:0");
  EXPECT_EQ(
      quiet.standard_error,
      "/dev/full: warning: cannot write the output (No space left on device); the real tool does not notice "
      "[hex0-lost-output]\n");
  // The real seed takes the error that it was given for a descriptor: only the high bytes of it are lost.
  EXPECT_EQ(
      run_tool("hex0", {"in", "nodir/out"}).standard_error,
      "nodir/out: warning: cannot create the output (No such file or directory); the real tool does not "
      "notice [hex0-lost-output]\n\x04");
  const Finished full = run_tool("hex0", {"-Werror=hex0-lost-output", "in", "/dev/full"});
  EXPECT_EQ(full.status, "exit:1");
  EXPECT_EQ(
      full.standard_error,
      "/dev/full: error: cannot write the output (No space left on device); the real tool does not notice "
      "[hex0-lost-output]\n");
  const Finished lost = run_tool("hex1", {"-Wall", "in", "nodir/out"});
  EXPECT_EQ(lost.status, "exit:0");
  EXPECT_NE(lost.standard_error.find("[hex1-lost-output]"), std::string::npos);
}

TEST_F(SeedCommand, PipesIntoTwoPasses) {
  piped_ = to_bytes("41 42\n");
  const Finished finished = run_tool("hex2-0", {"-Wall", "/dev/stdin", "out"});
  EXPECT_EQ(finished.status, "exit:0");
  EXPECT_NE(finished.standard_error.find("[hex2-no-rewind]"), std::string::npos);
  EXPECT_EQ(read("out"), "");
}

TEST_F(SeedCommand, SameNameForInputAndOutput) {
  write("in", "41 42\n");
  EXPECT_EQ(run_tool("hex0", {"in", "in"}).status, "exit:0");
  EXPECT_EQ(read("in"), "") << "the output is truncated before the input is read";
}

TEST_F(SeedCommand, DialectsOfTheFirmware) {
  write("in", "41 42\n");
  scratch_.write("out", as_bytes("0123456789"), 0644);
  run_tool("hex0", {"--dialect", "UEFI-amd64", "in", "out"});
  EXPECT_EQ(read("out"), "AB23456789") << "not truncated";
  run_tool("hex0", {"--dialect", "hex0.c", "in", "out"});
  EXPECT_EQ(read("out"), "AB");
  EXPECT_EQ(scratch_.mode("out"), "0700");
}

TEST_F(SeedCommand, ListingAndMap) {
  write("in", ":here\n41 %here\n");
  const Finished finished = run_tool("hex2-0", {"--listing", "l", "--map", "m", "in", "out"});
  EXPECT_EQ(finished.standard_error, "");
  EXPECT_EQ(read("l"), "00000000 00600000 41fbffffff        in:2: 41 %here\n");
  const nlohmann::json map = nlohmann::json::parse(read("m"));
  EXPECT_EQ(map["base"], 0x600000);
  EXPECT_EQ(map["entries"][1]["text"], "%here");
  EXPECT_EQ(run_tool("hex2-0", {"--listing", "nodir/l", "in", "out"}).status, "exit:1");
}

TEST_F(SeedCommand, DiagnosticsAsJsonLines) {
  write("in", ":a &b\n&\xff\n");
  const Finished finished = run_tool("hex2-0", {"--diagnostics", "json", "in", "out"});
  EXPECT_EQ(finished.status, "exit:1");
  const nlohmann::json first =
      nlohmann::json::parse(finished.standard_error.substr(0, finished.standard_error.find('\n')));
  EXPECT_EQ(first["id"], "hex2-undefined-label");
  EXPECT_EQ(first["line"], 1);
  EXPECT_EQ(first["column"], 4);
}

TEST_F(SeedCommand, FloodsOfMessagesAreCutShort) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "z\n";
  write("in", text);
  const Finished finished = run_tool("hex0", {"-Wall", "in", "out"});
  EXPECT_TRUE(finished.standard_error.ends_with("900 more [hex0-ignored-character]\n"));
}

TEST_F(SeedCommand, NamesThatLookLikeOptions) {
  write("-x", "41\n");
  EXPECT_EQ(run_tool("hex0", {"--", "-x", "-o"}).status, "exit:0");
  EXPECT_EQ(read("-o"), "A");
}

TEST(ExitStatus, OneForEachEnding) {
  Output output;
  EXPECT_EQ(exit_status_of(output), 0);
  output.status = 1;
  EXPECT_EQ(exit_status_of(output), 1);
  output = {};
  output.ending = Ending::hangs;
  EXPECT_EQ(exit_status_of(output), kStatusWouldHang);
  output.ending = Ending::crashes;
  EXPECT_EQ(exit_status_of(output), kStatusWouldCrash);
  output.status = 1;  // a virtual machine that aborts
  EXPECT_EQ(exit_status_of(output), 1);
  output.ending = Ending::undefined;
  EXPECT_EQ(exit_status_of(output), kStatusUndefined);
}

}  // namespace
}  // namespace assay::test
