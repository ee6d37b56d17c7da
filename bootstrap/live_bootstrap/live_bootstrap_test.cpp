// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <chrono>
#include <set>

#include "bootstrap/image/build_image.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "core/digest.h"
#include "core/memory_tree.h"
#include "tests/support/subprocess.h"

namespace assay::image {
namespace {

const std::string kDigest(64, 'a');
const std::string kPatch = "--- a/one.c\n+++ b/one.c\n@@ -1,2 +1,2 @@\n-old\n+new\n same\n";
const std::string kPass =
    "set -ex\nchecksum-transcriber sources\nsha256sum -c sources.SHA256SUM\nmkdir build\ncd build\n"
    "untar --file ${DISTFILES}/${pkg}.tar\ncd ${pkg}\npatch -Np1 -i ../../patches/a.patch\n"
    "if match ${ARCH} amd64; then\n    cp ../../none none\nfi\n"
    "tcc -o ${BINDIR}/one one.c\n./one\ncd ../..\nsha256sum -c ${pkg}.checksums\n";

/// A tree without a finding.
MemoryTree good_tree() {
  MemoryTree tree;
  const auto put = [&](std::string_view path, std::string_view text) { tree.put(path, to_bytes(text)); };
  for (const std::string_view name :
       {"after.kaem", "seed.kaem", "script-generator.c", "configurator.c", "steps/env", "steps/helpers.sh"})
    put(name, "# text\n");
  put("steps/env", "DISTFILES=/external/distfiles\nBINDIR=/usr/bin\n");
  std::string answers;
  for (const std::string_view name :
       {"sha256sum", "match", "mkdir", "untar", "cp", "checksum-transcriber", "patch", "tcc"})
    answers += fmt::format("{}  x86/bin/{}\n", kDigest, name);
  put("x86.answers", answers);
  put("steps/manifest",
      "# text\nbuild: one-1\ndefine: V = ( A == True )\nbuild: bash-2\nimprove: get_network\nbuild: late-3 ( "
      "V == True )\n");
  put("steps/bootstrap.cfg", "ARCH=x86\nA=True\nMIRRORS=\"http://a http://b\"\nMIRRORS_LEN=2\n");
  put("steps/one-1/pass1.kaem", kPass);
  put("steps/one-1/patches/a.patch", kPatch);
  put("steps/one-1/one-1.checksums", kDigest + "  /usr/bin/one\n");
  put("steps/one-1/sources", fmt::format("f https://a/one-1.tar {}\n", sha256(as_bytes("one"))));
  put("steps/bash-2/pass1.kaem", "one --version\nsha256sum -c bash-2.checksums\n");
  put("steps/bash-2/bash-2.checksums", "");
  put("steps/late-3/pass1.sh", "cp \"${files_dir}/data\" .\nls \"${mk_dir}\"/*.mk\n");
  put("steps/late-3/files/data", "data\n");
  put("steps/late-3/patches/b.patch", kPatch);
  put("steps/late-3/sources", fmt::format("g git://r~ref _ {} late.tar\n", kDigest));
  put("steps/improve/get_network.sh", "true\n");
  put("steps/SHA256SUMS.pkgs", kDigest + "  late-3_0.tar.bz2\n");
  put("external/distfiles/one-1.tar", "one");
  return tree;
}

std::set<std::string> ids_of(const FileTree& tree, ImageKind kind = ImageKind::live_bootstrap_tree) {
  Findings findings;
  check_live_bootstrap(tree, kind, findings);
  std::set<std::string> ids;
  for (const Finding& finding : std::move(findings).finish()) ids.insert(finding.id);
  return ids;
}

TEST(LiveBootstrap, AGoodTreeHasNoFindings) { EXPECT_EQ(ids_of(good_tree()), std::set<std::string>()); }

struct Changed {
  std::string id;
  std::string path;
  std::string text;  ///< "-": removed
  std::pair<std::string, std::string> also = {};
};

TEST(LiveBootstrap, FindsWhatIsPlanted) {
  const std::string manifest = "build: one-1\nbuild: bash-2\nimprove: get_network\nbuild: late-3\n";
  const auto line = [&](const std::string& text) { return manifest + text + "\n"; };
  const std::vector<Changed> rows{
      {"lb-manifest-directive", "steps/manifest", line("biuld: one-1")},
      {"lb-manifest-token", "steps/manifest", line("build:  one-1")},
      {"lb-manifest-tab", "steps/manifest", line("build: one-1\t")},
      {"lb-manifest-token-long", "steps/manifest", line("build: " + std::string(64, 'x'))},
      {"lb-manifest-predicate", "steps/manifest", line("build: one-1 ( A = True )")},
      {"lb-manifest-predicate", "steps/manifest", line("build: one-1 ( A == True")},
      {"lb-manifest-predicate", "steps/manifest", line("build: one-1 (A == True)")},
      {"lb-manifest-bare-word", "steps/manifest", line("build: one-1 ( A )")},
      {"lb-manifest-mixed", "steps/manifest", line("build: one-1 ( A == 1 && A == 2 || A == 3 )")},
      {"lb-manifest-variable", "steps/manifest", line("build: one-1 ( B == True )")},
      {"lb-manifest-define", "steps/manifest", line("define: X True")},
      {"lb-config-missing", "steps/bootstrap.cfg", "-"},
      {"lb-config-empty", "steps/bootstrap.cfg", ""},
      {"lb-config-line", "steps/bootstrap.cfg", "A=True\njust text\n"},
      {"lb-config-line-long", "steps/bootstrap.cfg", "A=" + std::string(2048, 'x') + "\n"},
      {"lb-config-twice", "steps/bootstrap.cfg", "A=True\nA=False\n"},
      {"lb-config-update-checksums", "steps/bootstrap.cfg", "UPDATE_CHECKSUMS=True\n"},
      {"lb-config-mirrors", "steps/bootstrap.cfg", "MIRRORS=\"a b\"\nMIRRORS_LEN=3\n"},
      {"lb-step-missing", "steps/manifest", line("build: none-1")},
      {"lb-pass-missing", "steps/one-1/pass1.kaem", "-"},
      {"lb-pass-unused", "steps/one-1/pass2.kaem", "true\n"},
      {"lb-step-unused", "steps/more-1/sources", ""},
      {"lb-script-missing", "steps/improve/get_network.sh", "-"},
      {"lb-script-unused", "steps/improve/more.sh", "true\n"},
      {"lb-sources-line", "steps/one-1/sources", "https://a/one.tar " + kDigest + "\n"},
      {"lb-sources-digest", "steps/one-1/sources", "f https://a/one.tar " + std::string(63, 'a') + "\n"},
      {"lb-sources-name", "steps/one-1/sources", "f _ " + kDigest + "\n"},
      {"lb-sources-collision", "steps/bash-2/sources", "f https://b/one-1.tar " + kDigest + "\n"},
      {"lb-distfile-missing", "external/distfiles/one-1.tar", "-"},
      {"lb-distfile-digest", "external/distfiles/one-1.tar", "two"},
      {"lb-distfile-unused", "external/distfiles/more.tar", "x"},
      {"lb-checksum-line", "steps/one-1/more.checksums", "short  /usr/bin/x\n"},
      {"lb-packages-missing", "steps/SHA256SUMS.pkgs", ""},
      {"lb-packages-stale", "steps/SHA256SUMS.pkgs",
       kDigest + "  late-3_0.tar.bz2\n" + kDigest + "  gone-1_0.tar.bz2\n"},
      {"lb-unverified-unpack", "steps/one-1/pass1.kaem", "ungz --file ${DISTFILES}/one-1.tar\n" + kPass},
      {"lb-file-missing", "after.kaem", "-"},
      {"lb-sources-tls", "steps/late-3/sources", "f https://a/late.tar " + kDigest + "\n"},
      {"lb-sources-alternative", "steps/late-3/sources",
       "f http://a/late.tar " + kDigest + "\nf http://b/v3.tar " + kDigest + "\n"},
      {"lb-distfile-unlisted", "steps/one-1/pass1.kaem", kPass + "cp ${DISTFILES}/two.tar two.tar\n"},
      {"lb-early-not-closed", "steps/one-1/pass1.kaem", kPass + "cp ${DISTFILES}/late.tar late.tar\n"},
      {"lb-distfile-later",
       "steps/bash-2/sources",
       "f http://a/early.tar " + kDigest + "\n",
       {"steps/one-1/pass1.kaem", kPass + "cp ${DISTFILES}/early.tar early.tar\n"}},
      {"lb-input-missing", "steps/one-1/patches/a.patch", "-"},
      {"lb-input-missing", "steps/one-1/pass1.kaem", "cp files/none none\n"},
      {"lb-input-missing", "steps/late-3/files/data", "-"},
      {"lb-command-missing", "steps/one-1/pass1.kaem", kPass + "gcc --version\n"},
      // What the first step is checked to have made is there for the second.
      {"lb-command-missing", "steps/one-1/pass1.kaem", "sha256sum -c more\n"},
      {"lb-result-unverified", "steps/one-1/pass1.kaem", "tcc -o ${BINDIR}/one one.c\n"},
      {"lb-checksum-uncovered", "steps/one-1/one-1.checksums", kDigest + "  /usr/bin/two\n"},
      {"lb-patch-strip", "steps/one-1/patches/a.patch", "--- one.c\n+++ one.c\n@@ -1 +1 @@\n-a\n+b\n"},
      {"lb-patch-path", "steps/one-1/patches/a.patch",
       "--- a/../../one.c\n+++ a/../../one.c\n@@ -1 +1 @@\n-a\n+b\n"},
      {"lb-patch-path", "steps/late-3/patches/b.patch", "--- /etc/one\n+++ /etc/one\n@@ -1 +1 @@\n-a\n+b\n"},
      {"lb-patch-hunk", "steps/one-1/patches/a.patch", kPatch + "@@ -1,9 +1,9 @@\n-a\n+b\n"},
      {"lb-patch-hunk", "steps/one-1/patches/a.patch", kPatch + "@@ one @@\n"},
      {"lb-patch-empty", "steps/one-1/patches/a.patch", "nothing\n"},
  };
  for (const Changed& row : rows) {
    MemoryTree tree = good_tree();
    if (row.text == "-") {
      ASSERT_TRUE(tree.remove(row.path)) << row.path;
    } else {
      tree.put(row.path, to_bytes(row.text));
    }
    if (!row.also.first.empty()) tree.put(row.also.first, to_bytes(row.also.second));
    const auto begin = std::chrono::steady_clock::now();
    const std::set<std::string> ids = ids_of(tree);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    fmt::print("{:<32} found in {:>8.2f} ms\n", row.id, took.count());
    EXPECT_LT(took.count(), 5'000.0) << row.id;
    EXPECT_TRUE(ids.contains(row.id)) << row.id << " " << row.text;
  }
}

/// The good tree whose package has an archive with one file.
MemoryTree tree_with_archive() {
  MemoryTree files;
  files.put("one-1/one.c", to_bytes("old\nsame\n"));
  const test::Scratch scratch;
  // A cpio is as good as a tar.
  EXPECT_TRUE(build_image(files, BuildKind::cpio, scratch.file("archive")));
  const Bytes archive = scratch.read("archive").value();
  MemoryTree tree = good_tree();
  tree.put("external/distfiles/one-1.tar", archive);
  tree.put("steps/one-1/sources", to_bytes(fmt::format("f http://a/one-1.tar {}\n", sha256(archive))));
  return tree;
}

TEST(LiveBootstrap, APatchChangesWhatTheArchiveHas) {
  MemoryTree tree = tree_with_archive();
  EXPECT_EQ(ids_of(tree), std::set<std::string>());
  tree.put("steps/one-1/patches/a.patch", to_bytes("--- a/two.c\n+++ b/two.c\n@@ -1 +1 @@\n-a\n+b\n"));
  EXPECT_EQ(ids_of(tree), std::set<std::string>{"lb-patch-target"});
  tree.put("steps/one-1/patches/a.patch", to_bytes("--- /dev/null\n+++ b/two.c\n@@ -0,0 +1 @@\n+b\n"));
  EXPECT_EQ(ids_of(tree), std::set<std::string>());
}

// GNU patch is content with one of two names; new files are told by the first hunk, whatever stands in "---".
TEST(LiveBootstrap, WhatPatchTakesIsNoFinding) {
  MemoryTree tree = tree_with_archive();
  for (const char* patch :
       {"--- a/two.c\t1970-01-01 01:00:00.000000000 +0100\n+++ b/two.c\t2021-01-14\n@@ -0,0 +1 @@\n+b\n",
        "--- a/one.c     2002-12-01 10:40:32 +0000\n+++ b/one.c     2022-06-22\n@@ -1,2 +1,2 "
        "@@\n-old\n+new\n "
        "same\n",
        "--- ../one.bak/one.c\n+++ one-1/one.c\n@@ -1,2 +1,2 @@\n-old\n+new\n same\n",
        "--- /one.c\n+++ one-1/one.c\n@@ -1,2 +1,2 @@\n-old\n+new\n same\n"}) {
    tree.put("steps/one-1/patches/a.patch", to_bytes(patch));
    EXPECT_EQ(ids_of(tree), std::set<std::string>()) << patch;
  }
  for (const char* patch : {"--- ../one-1.bak/one.c\n+++ ./one.c\n@@ -1 +1 @@\n-old\n+new\n",
                            "--- /dir/one.c\n+++ dir/one.c\n@@ -1 +1 @@\n-old\n+new\n",
                            "--- ../other/one.c\n+++ ../other/one.c\n@@ -1 +1 @@\n-old\n+new\n"}) {
    tree.put("steps/late-3/patches/b.patch", to_bytes(patch));
    EXPECT_FALSE(ids_of(tree).contains("lb-patch-path")) << patch;
  }
}

TEST(LiveBootstrap, WhatDependsOnTheKindOfImage) {
  // No DISK, no KERNEL_BOOTSTRAP.
  EXPECT_TRUE(ids_of(good_tree(), ImageKind::builder_hex0).contains("lb-config-disk"));
  EXPECT_FALSE(ids_of(good_tree()).contains("lb-config-disk"));
  // A checkout keeps its distfiles elsewhere.
  EXPECT_TRUE(ids_of(good_tree(), ImageKind::live_bootstrap_checkout).contains("lb-distfiles-absent"));
}

// Until 2025 the type of a source was not written; the tree's own reader decides.
TEST(LiveBootstrap, SourcesAreReadAsTheTreeReadsThem) {
  MemoryTree tree = good_tree();
  tree.put("steps/checksum-transcriber-1.0/src/checksum-transcriber.c", to_bytes("checksum = tokens[1];\n"));
  tree.put("steps/one-1/sources", to_bytes(fmt::format("http://a/one-1.tar {}\n", sha256(as_bytes("one")))));
  tree.put("steps/late-3/sources", to_bytes(fmt::format("git://r~ref _ {} late.tar\n", kDigest)));
  EXPECT_EQ(ids_of(tree), std::set<std::string>());
  tree.put("steps/checksum-transcriber-1.0/src/checksum-transcriber.c", to_bytes("strcmp(t, \"file\");\n"));
  EXPECT_TRUE(ids_of(tree).contains("lb-sources-line"));
}

TEST(LiveBootstrap, AnErrorPageIsNoArchive) {
  MemoryTree tree = good_tree();
  tree.put("steps/one-1/sources", to_bytes("f https://a/one.tar.gz " + kDigest + "\n"));
  tree.put("external/distfiles/one.tar.gz", to_bytes("<html>"));
  EXPECT_TRUE(ids_of(tree).contains("lb-distfile-magic"));
}

TEST(Manifest, PassesCountDirectivesThatSurvive) {
  Findings findings;
  const Manifest manifest =
      parse_manifest("build: a ( X == 1 )\nbuild: a\nbuild: bash-1\nbuild: a ( X != 1 )\n", "m", findings);
  const auto passes = [&](std::string_view config) {
    std::string text;
    for (const PlannedDirective& planned : plan(manifest, parse_config(config, "c", findings)))
      text += fmt::format("{}{}{} ", planned.directive->argument, planned.pass, planned.bash_era ? "b" : "");
    return text;
  };
  EXPECT_EQ(passes("X=1\n"), "a1 a2 bash-11 ");
  EXPECT_EQ(passes("X=2\n"), "a1 bash-11 a2b ");
}

TEST(Manifest, PredicatesGroupToTheRight) {
  Findings findings;
  const Manifest manifest = parse_manifest(
      "build: a ( X == 0 && X == 1 || X == 1 )\nbuild: b ( X == 1 || X == 0 && X == 0 )\n", "m", findings);
  const auto planned = plan(manifest, parse_config("X=1\n", "c", findings));
  ASSERT_EQ(planned.size(), 1U);
  EXPECT_EQ(planned[0].directive->argument, "b");
}

}  // namespace
}  // namespace assay::image
