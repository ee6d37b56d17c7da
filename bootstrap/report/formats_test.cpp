// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One small report in every format. What the standards ask for is checked on real reports by
// tests/report_formats.py.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "bootstrap/report/artifacts.h"
#include "bootstrap/report/dot.h"
#include "bootstrap/report/html.h"
#include "bootstrap/report/in_toto.h"
#include "bootstrap/report/junit.h"
#include "bootstrap/report/markup.h"
#include "bootstrap/report/page_data.h"
#include "bootstrap/report/report.h"
#include "bootstrap/report/rules.h"
#include "bootstrap/report/sarif.h"
#include "core/digest.h"
#include "core/memory_tree.h"

namespace assay::bootstrap {
namespace {

using nlohmann::json;

constexpr std::string_view kPages[] = {
    "# All diagnostics\n\n| id | severity | what |\n|---|---|---|\n"
    "| `answers-mismatch` | error | a product \\| another |\n"
    "| `step-differs` | error | the roads part |\n"};

std::shared_ptr<const Bytes> shared(std::string_view text) {
  return std::make_shared<const Bytes>(to_bytes(text));
}

FileDigest digest_of(std::string path, std::string_view text) {
  return {std::move(path), sha256(as_bytes(text)), text.size(), 0755};
}

/// A seed makes a program of a source, which then makes something else on each road.
class Formats : public testing::Test {
 protected:
  Formats() {
    auto files = std::make_shared<MemoryTree>();
    files->put("bootstrap-seeds/POSIX/AMD64/hex0-seed", to_bytes(std::string_view("\x7f"
                                                                                  "ELF\0",
                                                                                  5)));
    files->put("AMD64/hex1.hex0", to_bytes("41 # <script>\n"));
    files->put("kaem.run", to_bytes("# nothing\n"));
    tree_.path = "a<b";
    tree_.files = files;
    tree_.architectures = {find_architecture("AMD64")};
    result_.chain.architecture = tree_.architectures.front();
    add("bootstrap-seeds/POSIX/AMD64/hex0-seed", {"hex0", "AMD64/hex1.hex0", "hex1"}, std::nullopt);
    add("hex1", {"hex1", "\"quoted\"", "out"}, 0);
    StepResult first;
    first.verdict = Verdict::equal;
    first.inputs = {digest_of("AMD64/hex1.hex0", "41 # <script>\n")};
    first.outputs = {digest_of("hex1", "A")};
    StepResult second;
    second.command = 1;
    second.verdict = Verdict::differ;
    second.inputs = {digest_of("hex1", "A")};
    second.outputs = {digest_of("out", "BC")};
    second.seed_files = {{"out", shared("BC"), 0755}};
    second.reference_files = {{"out", shared("BD"), 0755}};
    Divergence& parted = second.divergence.emplace();
    parted.path = "out";
    parted.offset = parted.address = 1;
    parted.seed = 'C';
    parted.reference = 'D';
    result_.steps = {first, second};
    result_.verdict = ChainVerdict::fail;
    result_.findings = {{"answers-mismatch", Severity::error, "AMD64/hex1.hex0", 1, 4, "told & said", "look"},
                        {"step-limit", Severity::note, "", 0, 0, "of no file", ""}};
    report_ = report_json(tree_, chains(), overall_of(chains()));
  }

  void add(std::string program, std::vector<std::string> argv, std::optional<std::size_t> built_by) {
    Command command;
    command.script = "kaem.run";
    command.line = 7 + result_.chain.commands.size();
    command.program = std::move(program);
    command.argv = std::move(argv);
    command.built_by = built_by;
    result_.chain.commands.push_back(std::move(command));
  }
  std::span<const ChainResult> chains() const { return {&result_, 1}; }

  Tree tree_;
  ChainResult result_;
  json report_;
};

TEST_F(Formats, JsonSaysWhoMadeWhatAndWhatIsNoText) {
  EXPECT_EQ(report_["schema"], 1);
  const json& chain = report_["chains"][0];
  EXPECT_EQ(chain["steps"][0]["built_by"], json(nullptr));
  EXPECT_EQ(chain["steps"][1]["built_by"], 0);
  EXPECT_EQ(chain["steps"][1]["reference_outputs"][0]["sha256"], sha256(as_bytes("BD")));
  EXPECT_FALSE(chain["steps"][0].contains("reference_outputs"));
  EXPECT_EQ(
      chain["sources"][0],
      (json{{"path", "AMD64/hex1.hex0"}, {"sha256", sha256(as_bytes("41 # <script>\n"))}, {"kind", "text"}}));
  EXPECT_EQ(chain["sources"][1]["kind"], "seed");
}

TEST_F(Formats, SarifHasAResultForTheBadStepAndEachFinding) {
  const json run = sarif_of(report_, kPages)["runs"][0];
  ASSERT_EQ(run["results"].size(), 3U);
  const json& step = run["results"][0];
  EXPECT_EQ(step["ruleId"], "step-differs");
  EXPECT_EQ(step["level"], "error");
  EXPECT_EQ(
      step["message"]["text"],
      "AMD64: step 2 of 2 differs: 'hex1 \"quoted\" out'; at offset 0x1 of out the seed road has 43, the "
      "reference road 44");
  EXPECT_EQ(step["locations"][0]["physicalLocation"],
            (json{{"artifactLocation", {{"uri", "kaem.run"}, {"uriBaseId", "TREE"}}},
                  {"region", {{"startLine", 8}}}}));
  EXPECT_EQ(run["results"][1]["locations"][0]["physicalLocation"]["region"],
            (json{{"startLine", 1}, {"startColumn", 4}}));
  EXPECT_EQ(run["results"][1]["ruleIndex"], 1);
  EXPECT_EQ(run["tool"]["driver"]["rules"][1]["help"]["text"], "a product | another");
  EXPECT_FALSE(run["results"][2].contains("locations"));
}

TEST_F(Formats, SarifWritesPathsAsUris) {
  report_["findings"][0]["file"] = "a b/100%/\xc3\xa4";
  EXPECT_EQ(
      sarif_of(
          report_,
          kPages)["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
      "a%20b/100%25/%C3%A4");
}

TEST_F(Formats, JunitCountsAndEscapes) {
  const std::string text = junit_of(report_);
  // The verdict, two steps, two findings; the verdict, a step and a finding fail.
  EXPECT_NE(text.find("<testsuites name=\"assay\" tests=\"5\" failures=\"3\" errors=\"0\" skipped=\"0\">"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("name=\"0002 hex1 &quot;quoted&quot; out\""), std::string::npos) << text;
  EXPECT_NE(text.find("AMD64: told &amp; said (help: look)"), std::string::npos) << text;
}

TEST_F(Formats, JunitIsRedWhereNothingFailedAndNothingPassed) {
  report_["verdict"] = "incomplete";
  EXPECT_NE(junit_of(report_).find("<error message="), std::string::npos);
}

TEST_F(Formats, InTotoSpeaksOfTheTreeAndOfWhatIsDerived) {
  std::istringstream lines(in_toto_of(report_));
  std::vector<json> statements;
  for (std::string line; std::getline(lines, line);) statements.push_back(json::parse(line));
  ASSERT_EQ(statements.size(), 2U) << "no statement about a product that the roads do not agree on";
  EXPECT_EQ(statements[0]["predicate"]["seeds"], json({"bootstrap-seeds/POSIX/AMD64/hex0-seed"}));
  EXPECT_EQ(statements[1]["subject"],
            json::array({{{"name", "hex1"}, {"digest", {{"sha256", sha256(as_bytes("A"))}}}}}));
  const json& materials = statements[1]["predicate"]["buildDefinition"]["resolvedDependencies"];
  ASSERT_EQ(materials.size(), 2U);
  EXPECT_EQ(materials[0]["name"], "bootstrap-seeds/POSIX/AMD64/hex0-seed");
  EXPECT_EQ(materials[0]["digest"]["sha256"], sha256(as_bytes(std::string_view("\x7f"
                                                                               "ELF\0",
                                                                               5))));
}

TEST_F(Formats, DotDrawsWhoReadsWhoseFiles) {
  const std::string text = dot_of(report_);
  EXPECT_NE(text.find("\"c0_seed_bootstrap-seeds/POSIX/AMD64/hex0-seed\" -> c0_s0 [style=dashed];"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("c0_s0 -> c0_s1 [style=dashed];"), std::string::npos) << text;
  EXPECT_NE(text.find("tooltip=\"hex1 \\\"quoted\\\" out\""), std::string::npos) << text;
}

TEST_F(Formats, ArtifactsAreWhatTheReportCites) {
  const ReportedChain chain{&result_, tree_};
  const std::vector<Artifact> artifacts = artifacts_of(report_, {&chain, 1}, files_of({&chain, 1}));
  std::map<std::string, std::string> names;
  for (const Artifact& artifact : artifacts) names[artifact.name] = as_text(*artifact.bytes);
  const std::map<std::string, std::string> wanted{{"AMD64/cited/AMD64/hex1.hex0", "41 # <script>\n"},
                                                  {"AMD64/cited/kaem.run", "# nothing\n"},
                                                  {"AMD64/step-0002/seed-road/out", "BC"},
                                                  {"AMD64/step-0002/reference-road/out", "BD"}};
  EXPECT_EQ(names, wanted) << "what the first step made was not kept";
  EXPECT_EQ(artifacts_json(artifacts)[0]["step"], 1);
}

TEST_F(Formats, ArtifactsHaveNamesThatHostsTake) {
  result_.steps[1].seed_files[0].path = "new\nline/" + std::string(300, 'x');
  const ReportedChain chain{&result_, tree_};
  EXPECT_EQ(artifacts_of(report_, {&chain, 1}, {})[0].name,
            "AMD64/step-0002/seed-road/new%0Aline/" + std::string(200, 'x'));
}

TEST_F(Formats, ThePageRunsNoScriptOfATree) {
  report_["findings"][0]["message"] = "</script><script>alert(1)</script>";
  const ReportedChain chain{&result_, tree_};
  const std::string page =
      html_of(report_, {{&chain, 1}, files_of({&chain, 1}), "text </pre><script>alert(2)</script>", nullptr});
  EXPECT_EQ(page.find("alert(1)</script>"), std::string::npos);
  EXPECT_NE(page.find("\\u003c/script>\\u003cscript>alert(1)"), std::string::npos);
  EXPECT_NE(page.find("text &lt;/pre&gt;&lt;script&gt;alert(2)"), std::string::npos);
  EXPECT_NE(page.find("<h1>a&lt;b "), std::string::npos);
  EXPECT_EQ(page.find('@' + std::string("SCRIPT")), std::string::npos);
  EXPECT_NE(page.find("script-src 'sha256-"), std::string::npos);
}

TEST(Markup, WhatXmlDoesNotAllowIsReplaced) {
  EXPECT_EQ(markup("<a b='\"'>&\n\t"), "&lt;a b=&#39;&quot;&#39;&gt;&amp;&#10;&#9;");
  EXPECT_EQ(markup(std::string_view("\0\x1b", 2)), "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(markup("\xef\xbf\xbe\xc3\xa4"), "\xef\xbf\xbd\xc3\xa4");
}

TEST(Rules, ARowOfThePage) {
  EXPECT_EQ(rule_of(kPages, "step-differs").help, "the roads part");
  EXPECT_EQ(rule_of(kPages, "step-differs").severity, "error");
  EXPECT_EQ(rule_of(kPages, "step").help, "");
}

TEST(PageData, PiecesAreFiveColumns) {
  MadeFrom made;
  made.pieces = {{.begin = 0, .end = 2, .from = 3, .offset = 10, .length = 4},
                 {.begin = 2, .end = 202, .from = 3, .offset = 14, .length = 200, .copied = true},
                 {.begin = 202, .end = 203, .from = kNoFile, .offset = 0, .length = 0, .unknown = true}};
  const Bytes wanted{2,  0xc8, 1,    1,  // lengths 2, 200, 1
                     8,  0,    7,        // 4, the same, 0: differences +4, 0, -4
                     20, 0,    0xab, 3,  // 10; where the last one ended; 0 after 214
                     4,  0xc8, 1,    0,  // lengths there
                     0,  1,    2};
  EXPECT_EQ(packed(made), wanted);
}

}  // namespace
}  // namespace assay::bootstrap
