// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "bootstrap/report/cause_text.h"
#include "bootstrap/report/failure_text.h"
#include "core/memory_tree.h"

namespace assay::bootstrap {
namespace {

Command command_of(std::string program, std::vector<std::string> argv) {
  Command command;
  command.script = "kaem.run";
  command.line = 7;
  command.program = std::move(program);
  command.argv = std::move(argv);
  return command;
}

/// A chain whose one step fails.
ChainResult failed_chain() {
  ChainResult result;
  result.chain.architecture = find_architecture("AMD64");
  result.chain.commands.push_back(command_of("bin/M2", {"bin/M2", "-f", "a.c"}));
  StepResult step;
  step.verdict = Verdict::failed;
  step.failure = "exits with status 1";
  step.standard_error = "a.c:3: Received }\n\x1b[2J\n";
  result.steps.push_back(step);
  result.verdict = ChainVerdict::fail;
  return result;
}

TEST(FailureText, what_the_program_printed_is_shown_without_control_bytes) {
  const std::string text = failure_text(failed_chain(), false);
  EXPECT_NE(text.find("AMD64: step 1 of 1 fails: kaem.run:7\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  the program exits with status 1\n"
                      "  it printed on standard error:\n"
                      "    a.c:3: Received }\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("standard output"), std::string::npos) << "it printed nothing there";
}

TEST(FailureText, it_stands_before_the_findings) {
  ChainResult result = failed_chain();
  result.findings.push_back({"seed-road-status", Severity::error, "", 0, 0, "the boot program ends", ""});
  const std::string text = chains_text(std::span(&result, 1), false);
  EXPECT_LT(text.find("Received }"), text.find("seed-road-status")) << text;
}

TEST(FailureText, the_part_that_failed_says_why_the_whole_did) {
  ChainResult result = failed_chain();
  result.steps[0].standard_error = "Subprocess error\n";
  Command part = command_of("bin/M1", {"M1", "-f", "b.M1"});
  part.parent = part.part_of = 0;
  result.chain.commands.push_back(part);
  StepResult step;
  step.command = 1;
  step.verdict = Verdict::equal;
  step.failure = "exits with status 3";
  step.standard_output = "no such label\n";
  result.steps.insert(result.steps.begin(), step);
  const std::string text = failure_text(result, false);
  EXPECT_NE(text.find("  it had started\n  M1 -f b.M1 (unknown), in /\n  the program exits with status 3\n"
                      "  it printed on standard output:\n    no such label\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("Subprocess"), std::string::npos) << text;
}

TEST(Answers, a_wrong_one_is_the_reason_and_the_check_that_fails_is_the_consequence) {
  ChainResult result = failed_chain();
  result.chain.commands[0].inputs = {"amd64.answers", "bin/M2"};
  EXPECT_EQ(overall_of(std::span(&result, 1)).reasons.front(), "AMD64: step 1 of 1 fails (kaem.run:7)");
  result.findings.push_back(
      {"answers-mismatch", Severity::error, "amd64.answers", 3, 1, "'bin/M2' is wrong", ""});
  EXPECT_EQ(overall_of(std::span(&result, 1)).reasons.front(),
            "AMD64: amd64.answers:3: 'bin/M2' is wrong [answers-mismatch]");
  const std::string text = chains_text(std::span(&result, 1), false);
  EXPECT_LT(text.find("[answers-mismatch]"), text.find("step 1 of 1 fails")) << text;
  EXPECT_EQ(text.find("[answers-mismatch]"), text.rfind("[answers-mismatch]")) << "told once";
}

TEST(LastLines, long_texts_are_cut_at_their_beginning_and_counted) {
  EXPECT_EQ(last_lines("one\ntwo\n", "  "), "  one\n  two\n");
  EXPECT_EQ(last_lines("1\n2\n3\n4\n5\n6\n7", "> "), "> (2 lines before)\n> 3\n> 4\n> 5\n> 6\n> 7\n");
  EXPECT_EQ(last_lines("", "  "), "");
  EXPECT_EQ(last_lines(std::string(1000, 'x'), ""), std::string(200, 'x') + "...\n");
}

nlohmann::json json_of(const ChainResult& result) {
  const MemoryTree nothing;
  TreeDigests digests(nothing);
  return chain_json(result, {}, digests);
}

TEST(ReportJson, what_the_program_printed_is_in_it) {
  const ChainResult result = failed_chain();
  const nlohmann::json failure = json_of(result)["steps"][0]["failure"];
  EXPECT_EQ(failure["standard_error"], "a.c:3: Received }\n\x1b[2J\n");
  EXPECT_EQ(failure["standard_output"], "");
  ChainResult loud = result;
  loud.steps[0].standard_output = std::string(100'000, 'x') + "the end";
  const std::string kept = json_of(loud)["steps"][0]["failure"]["standard_output"];
  EXPECT_EQ(kept.size(), 65536U);
  EXPECT_TRUE(kept.ends_with("xthe end"));
}

TEST(DepartureText, names_the_first_product_that_is_another_and_says_that_the_answers_are_right) {
  ChainResult result = failed_chain();
  result.verdict = ChainVerdict::pass;
  Standing standing;
  standing.state = "stage0-posix 1.9.1";
  EXPECT_EQ(
      departure_text({0, "bin/a"}, standing, result),
      "AMD64: step 1 is the first that makes something else than in stage0-posix 1.9.1: bin/a (kaem.run:7)\n")
      << "no answers were asked";
  result.answers.total = 3;
  result.answers.ok = 3;
  const std::string text = departure_text({0, "bin/\x1b[2J"}, standing, result);
  EXPECT_TRUE(text.ends_with(" (kaem.run:7); all answers are right\n")) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
}

TEST(DepartureText, stands_before_what_else_there_is_to_say) {
  ChainResult result = failed_chain();
  result.verdict = ChainVerdict::pass;
  result.steps[0].verdict = Verdict::equal;
  result.findings.push_back({"chain-strange", Severity::warning, "kaem.run", 7, 1, "strange", ""});
  Comparison known;
  known.standing.state = "small 1";
  known.standing.alike = true;
  known.causes.resize(1);
  known.departures = {Departure{0, "bin/a"}};
  EXPECT_TRUE(
      chains_text(std::span(&result, 1), false, &known)
          .starts_with("AMD64: step 1 is the first that makes something else than in small 1: bin/a"));
}

TEST(StandingText, files_that_differ_in_words_only_come_last) {
  Standing standing;
  standing.state = "small 1";
  standing.alike = true;
  standing.changed = {"a.c", "b.c"};
  standing.changes = {{"a.c", "", 9, {{3, 0, 3, 1}}, true}, {"b.c", "", 9, {{4, 1, 4, 1}}, false}};
  EXPECT_EQ(standing_text(standing), "small 1, 2 files changed: b.c:4, a.c:3 (a line is new)\n");
  standing.by_lines = true;
  EXPECT_TRUE(standing_text(standing).starts_with("small 1 by most of its lines, 2 files changed: b.c:4"));
}

TEST(Findings, of_what_c_means_otherwise_wait_behind_the_failing_step_of_an_unknown_tree) {
  ChainResult result = failed_chain();
  result.findings.push_back({"cc-unsigned-ignored", Severity::warning, "a.c", 2, 1, "'<' is signed", ""});
  Comparison known;
  known.causes.resize(1);
  known.departures.resize(1);
  const auto comes_before_the_step = [&] {
    const std::string text = chains_text(std::span(&result, 1), false, &known);
    return text.find("'<' is signed") < text.find("step 1 of 1 fails");
  };
  EXPECT_FALSE(comes_before_the_step());
  known.standing.alike = true;
  EXPECT_TRUE(comes_before_the_step()) << "then it is of a line that somebody changed";
}

}  // namespace
}  // namespace assay::bootstrap
