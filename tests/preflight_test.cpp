// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Preflight on the real stage0-posix tree, and on our own.
#include "bootstrap/check/preflight.h"
#include "bootstrap/check/strict_check.h"
#include "bootstrap/roads/engine_choice.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

#include "bootstrap/known/cause.h"
#include "bootstrap/report/report.h"
#include "bootstrap/roads/step_cache.h"
#include "bootstrap/tree/testing/one_chain.h"
#include "core/host_tree.h"
#include "core/memory_tree.h"
#include "hex0/hex0.h"
#include "tests/support/case_file.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap {
namespace {

using test::Row;

constexpr std::string_view kTree = "stage0-posix";

std::string explain_failure(const ChainResult& result) {
  std::string text;
  for (const StepResult& step : result.steps) {
    if (step.verdict == Verdict::differ || step.verdict == Verdict::failed) {
      text += fmt::format("{}:{} {} {}\n", result.chain.commands[step.command].script,
                          result.chain.commands[step.command].line, name_of(step.verdict), step.failure);
    }
  }
  for (const Finding& finding : result.findings) text += fmt::format("{} {}\n", finding.id, finding.message);
  return text;
}

class UpstreamChain : public testing::TestWithParam<std::string_view> {};

TEST_P(UpstreamChain, PassesWithEveryMeasuredDigest) {
  const auto path = test::find_tree(kTree);
  if (!path) GTEST_SKIP() << "no tree " << kTree << " below ASSAY_TREES or ~/.cache/assay";
  const Result<Tree> tree = open_tree(path->string());
  ASSERT_TRUE(tree) << tree.error().message;
  PreflightOptions options;
  options.architectures = {find_architecture(GetParam())};
  const ChainResult result = preflight(*tree, options).front();
  EXPECT_EQ(result.verdict, ChainVerdict::pass) << explain_failure(result);
  EXPECT_EQ(result.answers.ok, 19U);
  EXPECT_EQ(result.answers.total, 19U);
  EXPECT_TRUE(std::ranges::none_of(result.findings, is_of_room)) << explain_failure(result);
  std::map<std::string, FileDigest> made;
  for (const StepResult& step : result.steps) {
    const Command& command = result.chain.commands[step.command];
    EXPECT_EQ(step.verdict, Verdict::equal) << command.script << ":" << command.line;
    for (const FileDigest& file : step.outputs) {
      made[fmt::format("{}:{}:{}", command.script, command.line, file.path)] = file;
    }
  }
  std::size_t rows = 0;
  for (const Row& row : test::read_cases("chain-digests.tsv")) {
    if (row.at("arch") != GetParam()) continue;
    ++rows;
    const std::string key = fmt::format("{}:{}:{}", row.at("script"), row.at("line"), row.at("path"));
    ASSERT_TRUE(made.contains(key)) << key;
    EXPECT_EQ(made[key].sha256, row.at("sha256")) << key;
    EXPECT_EQ(std::to_string(made[key].size), row.at("size")) << key;
    EXPECT_EQ(fmt::format("{:04o}", made[key].mode), row.at("mode")) << key;
  }
  // Measured for three architectures; the others are held to their 19 answers.
  const std::map<std::string_view, std::size_t> expected{{"AMD64", 73}, {"riscv32", 74}, {"riscv64", 74}};
  const auto known = expected.find(GetParam());
  EXPECT_EQ(rows, known == expected.end() ? 0 : known->second);
}

INSTANTIATE_TEST_SUITE_P(All, UpstreamChain, testing::Values("x86", "AMD64", "AArch64", "riscv32", "riscv64"),
                         [](const auto& name) { return std::string(name.param); });

/// The upstream tree with one file changed.
Tree changed_tree(const std::filesystem::path& path, std::string_view file, std::string_view from,
                  std::string_view to) {
  Tree tree = open_tree(path.string()).value();
  auto files = std::make_shared<MemoryTree>(tree.files);
  std::string text(as_text(**files->read(file)));
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "the upstream text has changed: " << file;
  text.replace(at, from.size(), to);
  files->put(file, to_bytes(text), 0644);
  tree.files = files;
  return tree;
}

/// Our own tree with another seed beside the same source.
Tree tree_with_seed(const std::vector<std::pair<std::string_view, std::string_view>>& changes) {
  Tree tree = one_chain();
  std::string text(as_text(**tree.files->read("riscv64/hex0_riscv64.hex0")));
  for (const auto& [from, to] : changes) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  }
  NoDiagnostics none;
  const Output seed =
      hex0::assemble({"seed", as_bytes(text)}, {.dialect = hex0::find_dialect("riscv64")}, none);
  auto files = std::make_shared<MemoryTree>(tree.files);
  files->put(hex0_seed_path(*find_architecture("riscv64")), seed.bytes, 0755);
  tree.files = files;
  return tree;
}

// A seed that takes letters for one more than they are, and then fails: the wrong byte is the cause. One that
// only fails has written what it should.
TEST(FailedStep, WhatItWroteUntilThenIsCompared) {
  const std::pair<std::string_view, std::string_view> letters{"13 05 A5 00       # addi a0, a0, 10",
                                                              "13 05 B5 00       # addi a0, a0, 11"};
  const std::pair<std::string_view, std::string_view> status{"13 55 F5 03       # srli a0, a0, 63",
                                                             "13 05 10 00       # addi a0, zero, 1"};
  const ChainResult wrong = preflight(tree_with_seed({letters, status}), {}).front();
  ASSERT_EQ(wrong.steps.front().verdict, Verdict::failed);
  EXPECT_EQ(wrong.steps.front().failure, "exits with status 1");
  const std::optional<Divergence>& divergence = wrong.steps.front().divergence;
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->offset, 0U);
  EXPECT_EQ(divergence->seed, 0x80);
  EXPECT_EQ(divergence->reference, 0x7F);
  EXPECT_EQ(divergence->source_path, "riscv64/hex0_riscv64.hex0");

  const ChainResult right = preflight(tree_with_seed({status}), {}).front();
  ASSERT_EQ(right.steps.front().verdict, Verdict::failed);
  EXPECT_FALSE(right.steps.front().divergence);
}

// On the reference road alone too, what the program printed is kept apart from the way it ended.
TEST(FailedStep, OnTheReferenceRoadAloneSaysHowItEnded) {
  Tree tree = one_chain();
  auto files = std::make_shared<MemoryTree>(tree.files);
  const std::string script(as_text(**files->read("kaem.riscv64")));
  files->put("kaem.riscv64",
             to_bytes(script + "./riscv64/artifact/hex0 ./riscv64/none ./riscv64/artifact/more\n"));
  tree.files = files;
  PreflightOptions options;
  options.roads = Roads::reference;
  const ChainResult result = preflight(tree, options).front();
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  EXPECT_EQ(result.steps.back().verdict, Verdict::failed);
  EXPECT_EQ(result.steps.back().failure, "exits with status 1");
}

// A changed DEFINE: both roads agree on it, and a program that was made with it faults much later.
TEST(ChangedTree, TheReportNamesTheChangedSourceAndTheFirstProductMadeOfIt) {
  const auto path = test::find_tree(kTree);
  if (!path) GTEST_SKIP() << "no tree " << kTree << " below ASSAY_TREES or ~/.cache/assay";
  const Tree tree = changed_tree(*path, "M2libc/amd64/amd64_defs.M1", "DEFINE add_rax,rbx 4801D8",
                                 "DEFINE add_rax,rbx 4801C3");
  PreflightOptions options;
  options.architectures = {find_architecture("AMD64")};
  const std::vector<ChainResult> results = preflight(tree, options);
  ASSERT_EQ(results.front().verdict, ChainVerdict::fail);
  const std::optional<Comparison> known =
      compare_with_known(tree, results, built_in_states(), open_tree(path->string())->files.get());
  ASSERT_TRUE(known && known->causes.front());
  EXPECT_EQ(known->standing.state, "stage0-posix 1.9.1");
  EXPECT_EQ(known->standing.changed, std::vector<std::string>{"M2libc/amd64/amd64_defs.M1"});
  EXPECT_TRUE(known->standing.missing.empty() && known->standing.added.empty());
  const Cause& cause = *known->causes.front();
  EXPECT_EQ(cause.product, "AMD64/artifact/blood-elf-0-0.M1");
  EXPECT_EQ(cause.changed, std::vector<std::string>{"M2libc/amd64/amd64_defs.M1"});
  ASSERT_EQ(cause.lines.size(), 1U);
  EXPECT_EQ(cause.lines.front().here, "DEFINE add_rax,rbx 4801C3");
  const std::string text = report_text(tree, results, overall_of(results), false, &*known);
  const std::string place = "M2libc/amd64/amd64_defs.M1:" + std::to_string(cause.lines.front().line);
  EXPECT_TRUE(text.starts_with("stage0-posix 1.9.1, 1 file changed: " + place + "\n")) << text;
  EXPECT_LT(text.find("it comes from what is changed"), text.find("memory fault")) << text;
}

// Two files of a command in the wrong order: the compiler says what it misses, and the report shows that.
// What the rooms find strange is told at its place in the sources, however many tools came between.
TEST(ChangedTree, StrictWarningsNameTheLineThatIsWrong) {
  const auto path = test::find_tree(kTree);
  if (!path) GTEST_SKIP() << "no tree " << kTree << " below ASSAY_TREES or ~/.cache/assay";
  const struct {
    std::string_view arch, file, from, to, id;
    std::uint64_t line;
    std::string_view message;
  } rows[] = {
      {"AMD64", "AMD64/hex2_AMD64.hex1", "83E8 30 ", "83E8 3O ", "hex1-ignored-character", 324,
       "the letter O is ignored: is it meant to be a zero?"},
      {"AMD64", "AMD64/hex2_AMD64.hex1", "83E8 30 ", "83E8 3 ", "hex1-split-byte", 324,
       "the two digits of a byte are apart"},
      {"AMD64", "AMD64/cc_amd64.M1", "    call %sym_declare ", "    cal %sym_declare ", "m0-undefined-word",
       894, "nothing defines 'cal': did you mean 'call'?"},
      {"x86", "x86/cc_x86.M1", ":program_done\n", ":program_don\n", "hex2-undefined-label", 776,
       "label 'program_done' is not defined: did you mean 'program_don'?"},
  };
  for (const auto& row : rows) {
    const Tree tree = changed_tree(*path, row.file, row.from, row.to);
    PreflightOptions options;
    options.architectures = {find_architecture(row.arch)};
    std::vector<ChainResult> results = preflight(tree, options);
    const auto compared = compare_with_known(tree, results, built_in_states(), nullptr);
    ASSERT_TRUE(compared);
    drop_known_warnings(results, compared->standing);
    std::vector<Finding> told;
    std::ranges::copy_if(results.front().findings, std::back_inserter(told), is_of_room);
    ASSERT_EQ(told.size(), 1U) << row.id << "\n" << explain_failure(results.front());
    EXPECT_EQ(told[0].id, row.id);
    EXPECT_EQ(told[0].file, row.file);
    EXPECT_EQ(told[0].line, row.line);
    EXPECT_TRUE(told[0].message.starts_with(row.message)) << told[0].message;
    const std::string text = chains_text(results, false);
    EXPECT_LT(text.find(row.id), text.find(" fails: ")) << "it stands first\n" << text;
  }
}

TEST(ChangedTree, WhatTheCompilerPrintedIsShown) {
  const auto path = test::find_tree(kTree);
  if (!path) GTEST_SKIP() << "no tree " << kTree << " below ASSAY_TREES or ~/.cache/assay";
  const Tree tree = changed_tree(*path, "AMD64/mescc-tools-mini-kaem.kaem",
                                 "\t-f ./M2libc/bootstrappable.c \\\n\t-f ./mescc-tools/stringify.c \\\n\t-f "
                                 "./mescc-tools/blood-elf.c \\\n",
                                 "\t-f ./mescc-tools/blood-elf.c \\\n\t-f ./mescc-tools/stringify.c \\\n\t-f "
                                 "./M2libc/bootstrappable.c \\\n");
  PreflightOptions options;
  options.architectures = {find_architecture("AMD64")};
  const std::vector<ChainResult> results = preflight(tree, options);
  ASSERT_EQ(results.front().verdict, ChainVerdict::fail);
  const std::string text = report_text(tree, results, overall_of(results), false);
  EXPECT_NE(text.find("  it printed on standard error:\n    ./mescc-tools/blood-elf.c:"), std::string::npos)
      << text;
}

// hex2-0 built with another load address: its source says so, so both roads derive it and run it. What it
// makes is told to be another thing than the hex2-0 that assay knows would make, at the first address that it
// places.
TEST(ChangedTree, OneByteInHex2IsFoundWhereItFirstMatters) {
  const auto path = test::find_tree(kTree);
  if (!path) GTEST_SKIP() << "no tree " << kTree << " below ASSAY_TREES or ~/.cache/assay";
  const Tree tree = changed_tree(*path, "riscv64/hex2_riscv64.hex1", "37 0B 60 00", "37 0B 61 00");
  for (const machine::EngineKind engine : available_engines()) {
    PreflightOptions options;
    options.engine = engine;
    options.architectures = {find_architecture("riscv64")};
    const ChainResult result = preflight(tree, options).front();
    EXPECT_EQ(result.verdict, ChainVerdict::fail);
    ASSERT_GE(result.steps.size(), 5U);
    EXPECT_EQ(result.steps[3].verdict, Verdict::equal) << "hex1 makes what the changed source says";
    EXPECT_EQ(result.steps[4].by, DerivedBy::running);
    const auto departs = std::find_if(result.findings.begin(), result.findings.end(),
                                      [](const Finding& one) { return one.id == "role-departs"; });
    ASSERT_NE(departs, result.findings.end());
    EXPECT_EQ(departs->file, "riscv64/mescc-tools-mini-kaem.kaem");
    // Third byte of e_entry, the first absolute address.
    EXPECT_NE(
        departs->message.find("'riscv64/artifact/catm' differs at offset 0x1a: it writes 61, they write 60"),
        std::string::npos)
        << departs->message;
    EXPECT_NE(departs->help.find("riscv64/catm_riscv64.hex2:35: &_start"), std::string::npos)
        << departs->help;
  }
}

// An instruction of hex2-0 that no machine knows: the fault is traced to the line of its source.
TEST(ChangedTree, AFaultNamesTheSourceLineOfItsInstruction) {
  const auto path = test::find_tree(kTree);
  if (!path) GTEST_SKIP() << "no tree " << kTree << " below ASSAY_TREES or ~/.cache/assay";
  const Tree tree = changed_tree(*path, "riscv64/hex2_riscv64.hex1", "13 0A F0 FF", "FF FF FF FF");
  PreflightOptions options;
  options.architectures = {find_architecture("riscv64")};
  const ChainResult result = preflight(tree, options).front();
  const StepResult& step = result.steps.at(4);
  EXPECT_EQ(step.verdict, Verdict::failed);
  EXPECT_EQ(step.fault_path, "riscv64/hex2_riscv64.hex1");
  EXPECT_TRUE(step.fault_line.find("FF FF FF FF") != std::string::npos) << step.fault_line;
}

/// The report without its times.
std::string timeless(const Tree& tree, std::vector<ChainResult> results) {
  for (ChainResult& result : results) {
    result.seconds = 0;
    for (StepResult& step : result.steps) step.seconds = 0;
  }
  const Overall overall = overall_of(results);
  return report_json(tree, results, overall).dump(1) + report_text(tree, results, overall, false);
}

/// Nothing but times may depend on the number of threads or on what is in the cache, however a tree fails.
void expect_same_with_any_jobs(const Tree& tree, std::string_view arch, Roads roads = Roads::both) {
  const test::Scratch scratch;
  StepCache cache(scratch.path() / "steps", "test", std::uint64_t{1} << 30);
  PreflightOptions options;
  options.roads = roads;
  options.architectures = {find_architecture(arch)};
  const std::string alone = timeless(tree, preflight(tree, options));
  options.jobs = 3;
  options.cache = &cache;
  EXPECT_EQ(timeless(tree, preflight(tree, options)), alone) << "three threads";
  EXPECT_EQ(cache.hits(), 0U);
  EXPECT_EQ(timeless(tree, preflight(tree, options)), alone) << "three threads, from the cache";
  EXPECT_GT(cache.hits(), 0U);
}

TEST(Jobs, ReportsAreTheSame) {
  const auto path = test::find_tree(kTree);
  if (!path) GTEST_SKIP() << "no tree " << kTree << " below ASSAY_TREES or ~/.cache/assay";
  expect_same_with_any_jobs(open_tree(path->string()).value(), test::long_tests() ? "x86" : "riscv64");
}

TEST(Jobs, FailuresAreTheSame) {
  const auto path = test::find_tree(kTree);
  if (!path) GTEST_SKIP() << "no tree " << kTree << " below ASSAY_TREES or ~/.cache/assay";
  expect_same_with_any_jobs(changed_tree(*path, "riscv64/hex2_riscv64.hex1", "37 0B 60 00", "37 0B 61 00"),
                            "riscv64");
  expect_same_with_any_jobs(changed_tree(*path, "riscv64/hex2_riscv64.hex1", "13 0A F0 FF", "FF FF FF FF"),
                            "riscv64");
  expect_same_with_any_jobs(changed_tree(*path, "M2-Planet/cc.c", "int main(", "int man("), "AMD64");
}

TEST(Jobs, ReportsOfTheReferenceRoadAreTheSame) {
  const auto path = test::find_tree(kTree);
  if (!path) GTEST_SKIP() << "no tree " << kTree << " below ASSAY_TREES or ~/.cache/assay";
  if (test::long_tests()) {
    expect_same_with_any_jobs(open_tree(path->string()).value(), "AMD64", Roads::reference);
    expect_same_with_any_jobs(changed_tree(*path, "M2-Planet/cc.c", "int main(", "int man("), "AMD64",
                              Roads::reference);
  }
  expect_same_with_any_jobs(changed_tree(*path, "mescc-tools-extra/cp.c", "int main(", "int main(("),
                            "riscv64", Roads::reference);
}

// What earlier trees left in the cache must not change what is said of a later one: here the compiler of each
// tool meets another text, and most of what it starts meets the same as before.
TEST(Jobs, TreesThatShareACacheDoNotDisturbEachOther) {
  const auto path = test::find_tree(kTree);
  if (!path) GTEST_SKIP() << "no tree " << kTree << " below ASSAY_TREES or ~/.cache/assay";
  const test::Scratch scratch;
  StepCache cache(scratch.path() / "steps", "test", std::uint64_t{1} << 30);
  PreflightOptions options;
  options.roads = Roads::reference;
  options.architectures = {find_architecture("riscv64")};
  options.cache = &cache;
  const Tree healthy = open_tree(path->string()).value();
  const ChainResult wanted = preflight(healthy, options).front();
  std::vector<std::string> tools{"catm", "replace", "untar"};
  if (test::long_tests()) tools.insert(tools.end(), {"chmod", "cp", "match", "mkdir", "rm", "ungz"});
  for (const std::string& tool : tools) {
    const Tree tree =
        changed_tree(*path, fmt::format("mescc-tools-extra/{}.c", tool), "\nint main(", "\n\nint main(");
    for (const char* when : {"first", "then"}) {
      const ChainResult result = preflight(tree, options).front();
      ASSERT_EQ(result.steps.size(), wanted.steps.size()) << tool << ' ' << when << explain_failure(result);
      for (std::size_t step = 0; step < wanted.steps.size(); ++step)
        ASSERT_EQ(result.chain.commands[result.steps[step].command].argv,
                  wanted.chain.commands[wanted.steps[step].command].argv)
            << tool << ' ' << when;
      EXPECT_EQ(result.findings.size(), wanted.findings.size()) << explain_failure(result);
    }
  }
}

// A program that asks for its process number: what a kept result relied on is told as often as the result is
// used.
TEST(Jobs, WhatReliesOnTheKernelDoesSoFromTheCacheToo) {
  Tree tree = one_chain();
  const auto files = std::make_shared<MemoryTree>(tree.files);
  files->put("riscv64/number.hex0",
             to_bytes("7F 45 4C 46 02 01 01 00 00 00 00 00 00 00 00 00 02 00 F3 00 01 00 00 00\n"
                      "78 00 60 00 00 00 00 00 40 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
                      "00 00 00 00 40 00 38 00 01 00 00 00 00 00 00 00\n"
                      "01 00 00 00 05 00 00 00 00 00 00 00 00 00 00 00 00 00 60 00 00 00 00 00\n"
                      "00 00 60 00 00 00 00 00 8C 00 00 00 00 00 00 00 8C 00 00 00 00 00 00 00\n"
                      "00 10 00 00 00 00 00 00\n"
                      "93 08 C0 0A 73 00 00 00  # getpid\n"
                      "13 05 00 00 93 08 D0 05 73 00 00 00  # exit with 0\n"));
  std::string script(as_text(**files->read("kaem.riscv64")));
  script +=
      "./riscv64/artifact/hex0 ./riscv64/number.hex0 ./riscv64/artifact/number\n./riscv64/artifact/number\n";
  files->put("kaem.riscv64", to_bytes(script));
  tree.files = files;
  const ChainResult result = preflight(tree, {}).front();
  EXPECT_EQ(result.verdict, ChainVerdict::incomplete) << explain_failure(result);
  EXPECT_TRUE(std::any_of(result.findings.begin(), result.findings.end(),
                          [](const Finding& one) { return one.id == "step-relies-on-kernel"; }));
  expect_same_with_any_jobs(tree, "riscv64");
}

TEST(EmbeddedTree, ReproducesItself) {
  for (const machine::EngineKind engine : available_engines()) {
    PreflightOptions options;
    options.engine = engine;
    for (const ChainResult& result : preflight(embedded_tree(), options)) {
      EXPECT_EQ(result.verdict, ChainVerdict::pass) << explain_failure(result);
      EXPECT_EQ(result.count(Verdict::equal), 10U);
      EXPECT_EQ(result.answers.ok, 8U);
    }
  }
}

/// Builds the tree, leaves all products in it, and checks it again.
void expect_passes_after_its_build(Tree tree, std::string_view arch) {
  PreflightOptions options;
  options.architectures = {find_architecture(arch)};
  options.keep_files = true;
  const ChainResult first = preflight(tree, options).front();
  ASSERT_EQ(first.verdict, ChainVerdict::pass) << explain_failure(first);
  const auto files = std::make_shared<MemoryTree>(tree.files);
  for (const StepResult& step : first.steps) {
    for (const RoadFile& file : step.seed_files) files->put(file.path, *file.bytes, file.mode);
  }
  tree.files = files;
  const ChainResult again = preflight(tree, options).front();
  EXPECT_EQ(again.verdict, ChainVerdict::pass) << explain_failure(again);
  EXPECT_EQ(again.count(Verdict::equal), first.count(Verdict::equal));
  EXPECT_EQ(again.answers.ok, first.answers.ok);
}

TEST(BuiltTree, PassesAsItDidBefore) {
  for (const Architecture& arch : architectures()) expect_passes_after_its_build(embedded_tree(), arch.name);
  const auto path = test::find_tree(kTree);
  if (!path || !test::long_tests()) return;
  expect_passes_after_its_build(open_tree(path->string()).value(), "AMD64");
}

}  // namespace
}  // namespace assay::bootstrap
