// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kaem/interpreter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <set>

namespace assay::kaem {
namespace {

/// Records what a script does; programs named "false" fail, everything is found.
class RecordingHost final : public Host {
 public:
  ChildEnd launch(const Launch& launch) override {
    log += fmt::format("<{}>", fmt::join(launch.argv, "|"));
    last_env = launch.env;
    return {launch.program.ends_with("false") ? 1 : 0, 0};
  }
  Found find(const std::string& /*path*/) override { return Found::file; }
  bool enter(const std::string& directory) override {
    if (directory == "missing") return false;
    log += fmt::format("<cd {}>", directory);
    return true;
  }
  std::string current_directory() override { return "/here"; }
  void write_output(std::string_view text) override { log += text; }
  void write_error(std::string_view text) override { log += text; }

  std::string log;
  std::vector<std::string> last_env;
};

struct Ran {
  std::string log;
  DiagnosticList list;
};

Ran run(std::string_view script, Settings settings = {}) {
  Ran ran;
  RecordingHost host;
  const Finish finish = interpret(as_bytes(script), 0, settings, Environment(), host, ran.list);
  ran.log = host.log +
            fmt::format("{}{}", finish.ending == Ending::crashes ? " signal " : " status ", finish.status);
  return ran;
}

TEST(Kaem, TwoBlanksBeforeTheEndDropTheCommand) {
  const Ran ran = run("./a b  \n./c d \n");
  EXPECT_EQ(ran.log, "<./c|d> status 0");
  ASSERT_TRUE(ran.list.has("kaem-command-dropped"));
}

TEST(Kaem, BlankAfterAClosingQuoteDropsTheCommand) {
  EXPECT_EQ(run("./a \"b\" \n./a \"b\"\n").log, "<./a|b> status 0");
}

TEST(Kaem, ContinuationNeedsBlanksOnBothSides) {
  EXPECT_EQ(run("./a b \\\n c\n").log, "<./a|b|c> status 0");
  EXPECT_EQ(run("./a foo\\\nbar c\n").log, "<./a|foo|c> status 0");
  EXPECT_EQ(run("./a b \\\nc d\n").log, "<./a|b|dc> status 0");
}

TEST(Kaem, LastLineWithoutNewlineNeverRuns) {
  const Ran ran = run("./a\n./b");
  EXPECT_EQ(ran.log, "<./a> status 0");
  EXPECT_TRUE(ran.list.has("kaem-last-line-dropped"));
}

TEST(Kaem, UnsetVariablesGiveEmptyWordsAndOneBlankVanishes) {
  EXPECT_EQ(run("A=\" \"\n./a ${A} ${NONE} x\n").log, "<./a||x> status 0");
}

TEST(Kaem, AssignmentsReachChildrenInOrder) {
  RecordingHost host;
  NoDiagnostics none;
  (void)interpret(as_bytes("B=2\nA=${B}1\nB=3\n./x\n"), 0, {}, Environment({"SHELL=s"}), host, none);
  EXPECT_EQ(host.last_env, (std::vector<std::string>{"SHELL=s", "B=3", "A=21"}));
}

TEST(Kaem, AliasWordsAreExpandedAtUse) {
  EXPECT_EQ(run("alias CC=\"${T}/m --f\"\nCC x\n").log, "</m|--f|x> status 0");
}

TEST(Kaem, StrictStopsAtTheFirstFailure) {
  EXPECT_EQ(run("./false\n./a\n").log, "<./false>Subprocess error 1\nABORTING HARD\n status 1");
  EXPECT_EQ(run("cd missing\n").log, "cd failed!\n status 1");
}

TEST(Kaem, ConditionalsDoNotNest) {
  EXPECT_EQ(run("if ./true\nthen\n./a\nelse\n./b\nfi\n./c\n").log, "<./true><./a><./c> status 0");
  EXPECT_EQ(run("if ./false\n./a\nelse\n./b\nfi\n./c\n").log, "<./false><./b><./c> status 0");
  EXPECT_EQ(run("if ./true\n./a\n").log,
            "<./true><./a>Unexpected EOF, improperly terminated if statement.\n status 1");
}

TEST(Kaem, ExecEndsTheScript) { EXPECT_EQ(run("exec ./a\n./b\n").log, "<./a> status 0"); }

TEST(Kaem, VanishedCommandCrashes) {
  EXPECT_EQ(run("\" \"\n").log, " signal 11");
  EXPECT_EQ(run("exec\n").log, " signal 11");
}

TEST(Kaem, VerboseEchoHasATrailingBlank) {
  Settings settings;
  settings.verbose = true;
  EXPECT_EQ(run("echo \"a b\" c\n", settings).log, " +> echo a b c \na b c\n status 0");
}

TEST(Kaem, MemoryEndsWithADiagnostic) {
  std::string doubling = "A=12345678\n";
  for (int i = 0; i < 100; ++i) doubling += "A=${A}${A}\n";
  const Ran grown = run(doubling);
  EXPECT_EQ(grown.log, " signal 11");
  EXPECT_TRUE(grown.list.has("kaem-word-too-long"));

  std::string ifs;
  for (int i = 0; i < 100000; ++i) ifs += "if ./a\n";
  EXPECT_TRUE(run(ifs).list.has("kaem-if-too-deep"));

  std::string aliases = "alias x=\"" + std::string(4000, ' ') + "\"\n";
  for (int i = 0; i < 100000; ++i) aliases += "x ";
  EXPECT_TRUE(run(aliases + "y\n").list.has("kaem-too-many-words"));
}

}  // namespace
}  // namespace assay::kaem
