// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "bootstrap/report/report.h"
#include "bootstrap/scale/chain_record.h"
#include "bootstrap/scale/host_program.h"
#include "bootstrap/scale/matrix.h"
#include "bootstrap/scale/plan.h"
#include "core/digest.h"
#include "core/memory_tree.h"

namespace assay::bootstrap {
namespace {

/// A chain of one step that fails, with something in every field that a report shows.
ChainRecord failed_record() {
  ChainRecord record;
  ChainResult& result = record.result;
  result.chain.architecture = find_architecture("AMD64");
  Command command;
  command.script = "kaem.run";
  command.line = 7;
  command.role = Role::hex0;
  command.program = "hex0";
  command.argv = {"hex0", "a.hex0", "a\xff"};
  command.inputs = {"a.hex0"};
  command.built_by = 0;
  result.chain.commands = {command};
  StepResult step;
  step.by = DerivedBy::running;
  step.verdict = Verdict::differ;
  step.inputs = {{"a.hex0", sha256(as_bytes("00")), 2, 0644}};
  step.divergence = Divergence{};
  step.divergence->path = "a";
  step.divergence->seed = Byte{1};
  step.divergence->source_position = {3, 4};
  step.seed_files = {{"a", std::make_shared<const Bytes>(to_bytes("\xff\x01")), 0755}, {"gone", nullptr, 0}};
  step.seconds = 1.5;
  step.instructions = std::uint64_t{1} << 40U;
  result.steps = {step};
  result.verdict = ChainVerdict::fail;
  result.answers = {1, 2};
  result.findings = {
      {"tree-submodules-missing", Severity::error, "", 0, 0, "in '@tree@'", "git -C @tree@ submodule"}};
  record.sources = {{"a.hex0", sha256(as_bytes("00"))},
                    {"kaem.run", sha256(as_bytes("x"))},
                    {"hex0", sha256(as_bytes("p"))}};
  return record;
}

TEST(ChainRecord, what_is_read_is_what_was_written_but_for_times) {
  ChainRecord record = failed_record();
  const Bytes bytes = write_record(record);
  const Result<ChainRecord> read = read_record(bytes, "/here");
  ASSERT_TRUE(read);
  record.result.steps[0].seconds = 0;
  const MemoryTree files;
  TreeDigests digests(files);
  EXPECT_EQ(chain_json(read->result, {}, digests), chain_json(record.result, {}, digests));
  EXPECT_EQ(chains_text(std::span(&read->result, 1), false).find("@tree@"), std::string::npos);
  EXPECT_EQ(read->result.findings[0].message, "in '/here'");
  EXPECT_EQ(read->result.findings[0].help, "git -C /here submodule");
  EXPECT_EQ(read->result.chain.commands[0].argv[2], "a\xff");
  EXPECT_EQ(read->result.chain.commands[0].built_by, 0U);
  EXPECT_EQ(*read->result.steps[0].seed_files.at(0).bytes, *record.result.steps[0].seed_files[0].bytes);
  EXPECT_EQ(read->result.steps[0].seed_files.at(1).bytes, nullptr);
  EXPECT_EQ(read->result.chain.commands[0].parent, std::nullopt);
  EXPECT_EQ(read->sources, record.sources);
  record.result.steps[0].seconds = 7;
  EXPECT_EQ(write_record(record), bytes);
}

TEST(ChainRecord, what_is_damaged_is_refused) {
  Bytes bytes = write_record(failed_record());
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, bytes.size() / 2, bytes.size() - 1}) {
    const Result<ChainRecord> read = read_record(ByteView(bytes).first(size), "");
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().id, "record-malformed");
  }
  ChainRecord record = failed_record();
  record.result.steps[0].command = 5;
  EXPECT_FALSE(read_record(write_record(record), ""));
}

TEST(ChainRecord, a_record_of_another_tree_is_refused) {
  const ChainRecord record = failed_record();
  MemoryTree tree;
  tree.put("a.hex0", to_bytes("00"));
  tree.put("kaem.run", to_bytes("x"));
  tree.put("hex0", to_bytes("p"));
  EXPECT_TRUE(check_sources(record, tree));
  tree.put("a.hex0", to_bytes("01"));
  ASSERT_FALSE(check_sources(record, tree));
  EXPECT_EQ(check_sources(record, tree).error().message,
            "the record was made of another 'a.hex0' than the tree holds");
  ChainRecord fewer = record;
  fewer.sources.erase("kaem.run");
  tree.put("a.hex0", to_bytes("00"));
  EXPECT_FALSE(check_sources(fewer, tree));
}

TEST(TreeList, has_a_path_or_a_label_and_a_path_a_line) {
  const auto trees = read_tree_list("# commits\n\nold/tree/\nv1  /abs/tree one\r\n", "lists");
  ASSERT_TRUE(trees);
  ASSERT_EQ(trees->size(), 2U);
  EXPECT_EQ(trees->at(0).label + " " + trees->at(0).path, "tree lists/old/tree/");
  EXPECT_EQ(trees->at(1).label + " " + trees->at(1).path, "v1 /abs/tree one");
  EXPECT_EQ(read_tree_list("a b\n label\n", "").error().message, "line 2: PATH or LABEL PATH is wanted");
}

TEST(NixExpression, is_a_derivation_a_job_and_names_each_tree_once) {
  const std::vector<Job> jobs = {
      {"v1", "/t/\"$a\"", "AMD64"}, {"v1", "/t/\"$a\"", "x86"}, {".b c", "/u", "x86"}};
  const std::string text = nix_expression(jobs, "/bin/assay");
  EXPECT_NE(text.find("program = builtins.path { name = \"assay\"; path = \"/bin/assay\"; };\n"),
            std::string::npos);
  EXPECT_EQ(text.substr(text.find("  tree0 =")), R"(  tree0 = treeAt "/t/\"\$a\"";
  tree1 = treeAt "/u";
in [
  (chain "v1-AMD64.chain" tree0 "AMD64" "1")
  (chain "v1-x86.chain" tree0 "x86" "1")
  (chain "tree.b-c-x86.chain" tree1 "x86" "1")
]
)");
  EXPECT_NE(nix_expression(jobs, "/bin/assay", true).find("tree1 \"x86\" \"2\")\n]\n"), std::string::npos);
}

TEST(HostProgram, gives_what_it_wrote_and_how_it_ended) {
  const auto run = run_host_program({"sh", "-c", "echo out; echo err >&2; exit 3"}, false);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->output + run->error, "out\nerr\n");
  EXPECT_EQ(run->status, 3);
  EXPECT_EQ(run_host_program({"sh", "-c", "kill -9 $$"}, false)->status, 128 + 9);
  EXPECT_EQ(run_host_program({"no-such-program-here"}, false).error().id, "program-not-found");
}

TEST(Matrix, folds_what_is_wrong_in_several_trees) {
  ChainResult good = failed_record().result;
  good.steps[0].verdict = Verdict::equal;
  good.verdict = ChainVerdict::pass;
  const ChainResult bad = failed_record().result;
  std::vector<MatrixRow> rows = {matrix_row("a", "/a", std::span(&good, 1), nullptr),
                                 matrix_row("b", "/b", std::span(&bad, 1), nullptr),
                                 matrix_row("c", "/c", std::span(&bad, 1), nullptr),
                                 matrix_row("d", "/d", Error{"tree-not-found", "no <d>"})};
  const Overall overall = overall_of(rows);
  EXPECT_EQ(overall.exit_status(), 1);
  EXPECT_EQ(matrix_text(rows, overall, false), R"(tree AMD64      known as
a    pass       
b    fail       
c    fail       
d    -          

FAIL: 4 trees (matrix)
  2 trees, b to c: AMD64: step 1 of 1 differs (kaem.run:7)
  d: no <d> [tree-not-found]
)");
  Comparison known;
  known.standing.state = "v1";
  known.standing.alike = true;
  known.standing.changed = {"x", "y"};
  known.standing.added = {"z"};
  ChainResult other = bad;
  other.chain.architecture = find_architecture("x86");
  const std::vector<ChainResult> both = {bad, other};
  const MatrixRow row = matrix_row("e", "/e", both, &known);
  EXPECT_EQ(row.standing, "v1, 2 changed, 1 added");
  EXPECT_EQ(overall_of(std::span(&row, 1)).reasons,
            std::vector<std::string>{"e: AMD64, x86: step 1 of 1 differs (kaem.run:7)"});
  const nlohmann::json document = matrix_json(rows, overall);
  EXPECT_EQ(document["trees"][1]["chains"][0]["reason"], "AMD64: step 1 of 1 differs (kaem.run:7)");
  EXPECT_EQ(document["trees"][3]["verdict"], "nothing-checked");
  const std::string page = matrix_page(rows, overall);
  EXPECT_NE(page.find("<td class=\"fail\" title=\"AMD64: step 1 of 1 differs (kaem.run:7)\">fail</td>"),
            std::string::npos);
  EXPECT_NE(page.find("d: no &lt;d&gt; [tree-not-found]"), std::string::npos);
  EXPECT_EQ(overall_of(std::span(rows).first(1)).reasons,
            std::vector<std::string>{"1 chains of 1 trees pass"});
  EXPECT_EQ(overall_of(std::span(rows).first(0)).exit_status(), 2);
}

}  // namespace
}  // namespace assay::bootstrap
