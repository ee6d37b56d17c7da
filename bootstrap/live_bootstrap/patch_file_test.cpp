// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/live_bootstrap/patch_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <random>

#include "tests/support/subprocess.h"

namespace assay::image {
namespace {

PatchedText applied(std::string_view text, std::string_view patch) {
  const Patch parsed = parse_patch(patch);
  EXPECT_TRUE(parsed.faults.empty());
  EXPECT_EQ(parsed.files.size(), 1U);
  return apply_hunks(text, parsed.files.front());
}

TEST(Patch, NamesEndAtATabOrElseAtABlank) {
  EXPECT_EQ(header_name("--- a/b.c\t2021-01-14"), "a/b.c");
  EXPECT_EQ(header_name("--- a/b.c     2002-12-01 10:40:32"), "a/b.c");
  EXPECT_EQ(header_name("--- a/b c.c\t2021-01-14"), "a/b c.c");
  EXPECT_EQ(header_name("+++ a/b.c"), "a/b.c");
  EXPECT_EQ(header_name("+++ a/b.c\r"), "a/b.c");
}

TEST(Patch, NewFilesAreToldByTheirFirstHunk) {
  const Patch patch = parse_patch(
      "--- a/n\t1970-01-01 01:00:00 +0100\n+++ b/n\tnow\n@@ -0,0 +1 @@\n+x\n--- a/o\n+++ b/o\n@@ -1 +1 "
      "@@\n-x\n+y\n");
  ASSERT_EQ(patch.files.size(), 2U);
  EXPECT_TRUE(patch.files[0].creates());
  EXPECT_FALSE(patch.files[1].creates());
  EXPECT_EQ(apply_hunks("", patch.files[0]).text, "x\n");
}

TEST(Patch, OffsetAndFuzzAreTold) {
  const std::string_view patch = "--- a\n+++ b\n@@ -2,3 +2,3 @@\n one\n-two\n+TWO\n three\n";
  const PatchedText exact = applied("zero\none\ntwo\nthree\n", patch);
  EXPECT_EQ(exact.text, "zero\none\nTWO\nthree\n");
  EXPECT_EQ(exact.hunks[0].offset, 0);
  const PatchedText moved = applied("a\nb\nc\nzero\none\ntwo\nthree\n", patch);
  EXPECT_TRUE(moved.hunks[0].applied);
  EXPECT_EQ(moved.hunks[0].offset, 3);
  const PatchedText fuzzy = applied("zero\nONE\ntwo\nthree\n", patch);
  EXPECT_EQ(fuzzy.text, "zero\nONE\nTWO\nthree\n");
  EXPECT_EQ(fuzzy.hunks[0].fuzz, 1U);
  EXPECT_FALSE(applied("zero\none\nzwei\nthree\n", patch).hunks[0].applied);
  EXPECT_TRUE(applied("zero\none\nTWO\nthree\n", patch).already);
}

// Random edits, moved and spoiled; GNU patch is the judge of the resulting text and of the failure.
TEST(Patch, DoesWhatGnuPatchDoes) {
  const test::Scratch scratch;
  if (::access("/usr/bin/patch", X_OK) != 0 || ::access("/usr/bin/diff", X_OK) != 0)
    GTEST_SKIP() << "no patch or diff on this machine";
  std::mt19937 random(18);
  const auto below = [&](unsigned limit) -> unsigned { return static_cast<unsigned>(random() % limit); };
  const auto text_of = [](const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
  };
  std::size_t failed = 0;
  for (int round = 0; round < 150; ++round) {
    std::vector<std::string> old_lines;
    for (unsigned line = 0; line < 5 + below(40); ++line) old_lines.push_back(fmt::format("l{}", below(12)));
    const auto edit = [&](std::vector<std::string> lines, unsigned edits) {
      for (; edits > 0 && !lines.empty(); --edits) {
        const auto at = lines.begin() + below(static_cast<unsigned>(lines.size()));
        const unsigned kind = below(3);
        if (kind == 0) {
          *at = fmt::format("e{}", below(100));
        } else if (kind == 1) {
          lines.erase(at);
        } else {
          lines.insert(at, fmt::format("i{}", below(100)));
        }
      }
      return lines;
    };
    const std::string old_text = text_of(old_lines);
    const std::string new_text = text_of(edit(old_lines, 1 + below(4)));
    const std::string target = text_of(edit(old_lines, below(4)));
    scratch.write("old", to_bytes(old_text));
    scratch.write("new", to_bytes(new_text));
    scratch.write("target", to_bytes(target));
    const std::string patch =
        test::run({.argv = {"/usr/bin/diff", "-u", scratch.file("old"), scratch.file("new")}})
            .standard_output;
    if (patch.empty()) continue;
    scratch.write("patch", to_bytes(patch));
    const test::Finished theirs =
        test::run({.argv = {"/usr/bin/patch", "-N", "-s", "-r", "-", "--no-backup-if-mismatch", "-i",
                            scratch.file("patch"), scratch.file("target")}});
    const PatchedText ours = applied(target, patch);
    const bool good = !ours.already && std::all_of(ours.hunks.begin(), ours.hunks.end(),
                                                   [](const HunkResult& hunk) { return hunk.applied; });
    failed += good ? 0 : 1;
    EXPECT_EQ(good, theirs.status == "exit:0") << round << "\n" << patch << "\n" << theirs.standard_output;
    if (!ours.already) {
      EXPECT_EQ(ours.text, as_text(scratch.read("target").value())) << round << "\n"
                                                                    << patch << "\n"
                                                                    << target;
    }
  }
  EXPECT_GT(failed, 10U);
  EXPECT_LT(failed, 140U);
}

}  // namespace
}  // namespace assay::image
