// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/run_files.h"

#include <gtest/gtest.h>

namespace assay::audit {
namespace {

FileVerdict file(std::string path, std::string digest, Fate fate = Fate::unknown,
                 std::string_view kind = "bison-parser") {
  return {.path = std::move(path),
          .kind = find_kind(kind),
          .digest = std::move(digest),
          .disposition = {fate, fate == Fate::unknown ? "" : "pass1.sh:3", ""}};
}

RunFiles run() {
  return {.scope = "x86", .unproved = "", .opened = {{"A", "x86 s:1"}, {"B", "x86 s:2"}}, .sources = {}};
}

TEST(RunFiles, DecideWhereNoScriptDoes) {
  Scan scan{{file("a", "A"), file("c", "C")}, {}};
  std::vector<ScriptFinding> findings;
  const Result<RunWitness> said = witness(run(), RunOf::tree, scan, findings);
  ASSERT_TRUE(said);
  EXPECT_EQ(said->opened, 1U);
  EXPECT_EQ(said->not_opened, 1U);
  EXPECT_EQ(scan.files[0].disposition.fate, Fate::used_as_shipped);
  EXPECT_EQ(scan.files[0].disposition.where, "x86 s:1");
  EXPECT_EQ(scan.files[1].disposition.fate, Fate::never_read);
  EXPECT_EQ(scan.files[1].disposition.how, "no step of x86 opened it");
  EXPECT_TRUE(findings.empty());
}

TEST(RunFiles, ProveNothingUnreadWhereStepsAreLeft) {
  RunFiles short_run = run();
  short_run.to_the_end = false;
  std::vector<ScriptFinding> findings;
  Scan tree{{file("a", "A"), file("c", "C")}, {}};
  EXPECT_EQ(witness(short_run, RunOf::tree, tree, findings)->unproved,
            "it did not go to the end of the tree's scripts");
  EXPECT_EQ(tree.files[1].disposition.fate, Fate::unknown);
  EXPECT_EQ(tree.files[1].in_run, InRun::not_opened);
  Scan archive{{file("a", "A"), file("c", "C")}, {}};
  EXPECT_EQ(witness(short_run, RunOf::archive, archive, findings)->unproved, "") << "its step is over";
  EXPECT_EQ(archive.files[1].disposition.fate, Fate::never_read);
}

TEST(RunFiles, DisagreeWithScripts) {
  struct Case {
    std::string digest;
    Fate said;
    Fate then;
    bool told;
  };
  const Case cases[] = {
      {"A", Fate::never_read, Fate::used_as_shipped, true},
      {"A", Fate::removed, Fate::unknown, true},
      {"A", Fate::removed_and_regenerated, Fate::unknown, true},
      {"A", Fate::regenerated, Fate::regenerated, false},  // who makes it again may look at the old one
      {"A", Fate::used_as_shipped, Fate::used_as_shipped, false},
      {"C", Fate::never_read, Fate::never_read, false},
      {"C", Fate::removed, Fate::removed, false},
      {"C", Fate::used_as_shipped, Fate::never_read, true},
      {"C", Fate::installed_as_shipped, Fate::never_read, true},
  };
  for (const Case& one : cases) {
    Scan scan{{file("f", one.digest, one.said), file("g", "B")}, {}};
    std::vector<ScriptFinding> findings;
    ASSERT_TRUE(witness(run(), RunOf::tree, scan, findings));
    EXPECT_EQ(scan.files[0].disposition.fate, one.then) << one.digest << name_of(one.said);
    EXPECT_EQ(findings.size(), one.told ? 1U : 0U) << one.digest << name_of(one.said);
  }
  Scan scan{{file("f", "A", Fate::never_read)}, {}};
  std::vector<ScriptFinding> findings;
  ASSERT_TRUE(witness(run(), RunOf::tree, scan, findings));
  EXPECT_EQ(findings.at(0).where + ": " + findings.at(0).message,
            "pass1.sh:3: its script has it never-read, but x86 s:1 opened it");
}

TEST(RunFiles, ProveNothingUnreadOfAnotherTree) {
  RunFiles of_tree = run();
  of_tree.sources = {{"x/a", "A"}};
  const auto doubt = [&](std::vector<FileVerdict> files) {
    Scan scan{std::move(files), {}};
    std::vector<ScriptFinding> findings;
    const Result<RunWitness> said = witness(of_tree, RunOf::tree, scan, findings);
    return said ? said->unproved : said.error().message;
  };
  const std::string other = "'x/a', which it opened, has other bytes here or is not here";
  EXPECT_EQ(doubt({file("b", "B"), file("x/a", "A")}), "");
  EXPECT_EQ(doubt({file("b", "B"), file("x/a", "Q")}), other);
  EXPECT_EQ(doubt({file("b", "B")}), other);
  EXPECT_EQ(doubt({file("seed/x/a", "A")}), other) << "a folder of it ran";
  EXPECT_EQ(doubt({file("x/q", "Q")}), "no step of the run opened anything that is here");
}

}  // namespace
}  // namespace assay::audit
