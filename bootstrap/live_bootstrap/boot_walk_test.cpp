// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/live_bootstrap/boot_walk.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>

#include "bootstrap/live_bootstrap/prepared_tree.h"
#include "core/host_tree.h"
#include "core/memory_tree.h"
#include "tests/support/subprocess.h"

namespace assay::image {
namespace {

const std::string kDigest(64, 'a');
const std::string kAfter =
    "set -ex\nPATH=/${ARCH_DIR}/bin\ncatm full /steps/env seed.kaem\nkaem --file full\n";
const std::string kSeed =
    "set -ex\nmkdir -p ${BINDIR} /dev\nPATH=/${ARCH_DIR}/bin\ncp /${ARCH_DIR}/bin/untar ${BINDIR}/untar\n"
    "chmod 755 ${BINDIR}/untar\nM2-Mesoplanet -f tool.c -o tool\n./tool /steps/manifest\n";
const std::string kPass =
    "set -ex\nmkdir build\ncd build\nuntar --file ${DISTFILES}/a.tar\npatch -Np1 -i ../a.patch\n";

/// One member of a tar archive, with the blocks of its bytes.
std::string member(const std::string& name, const std::string& prefix, const std::string& bytes,
                   char type = '0') {
  std::string header(512, '\0');
  const auto put = [&](std::size_t at, const std::string& text) { header.replace(at, text.size(), text); };
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", bytes.size()));
  put(136, "00000000000");
  header[156] = type;
  put(257, std::string("ustar\00000", 8));
  put(345, prefix);
  std::fill_n(header.begin() + 148, 8, ' ');
  std::uint64_t sum = 0;
  for (const char byte : header) sum += static_cast<Byte>(byte);
  put(148, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
  return header + bytes + std::string((512 - bytes.size() % 512) % 512, '\0');
}

std::shared_ptr<MemoryTree> good_tree() {
  auto tree = std::make_shared<MemoryTree>();
  const auto put = [&](const std::string& path, const std::string& text) { tree->put(path, to_bytes(text)); };
  std::string answers;
  for (const char* name : {"catm", "kaem", "mkdir", "cp", "chmod", "untar", "M2-Mesoplanet", "patch"})
    answers += fmt::format("{}  x86/bin/{}\n", kDigest, name);
  put("x86.answers", answers);
  put("after.kaem", kAfter);
  put("seed.kaem", kSeed);
  put("tool.c", "int main;\n");
  put("steps/env", "BINDIR=/usr/bin\nDISTFILES=/external/distfiles\nPATH=${BINDIR}:/${ARCH_DIR}/bin\n");
  put("steps/a-1/pass1.kaem", kPass);
  put("steps/a-1/a.patch", "--- a/one\n+++ b/one\n@@ -1,2 +1,2 @@\n-old\n+new\n same\n");
  put("external/distfiles/a.tar", member("one", "", "old\nsame\n") + std::string(1024, '\0'));
  return tree;
}

std::vector<Finding> walked(const std::shared_ptr<MemoryTree>& tree,
                            std::string_view config_text = "ARCH=x86\nARCH_DIR=x86\n") {
  Findings findings;
  const Manifest manifest = parse_manifest("build: a-1\n", "m", findings);
  const Config config = parse_config(config_text, "c", findings);
  walk_boot_scripts(tree, config, plan(manifest, config), findings);
  return std::move(findings).finish();
}

std::string told(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& one : findings)
    text += fmt::format("{}:{} {} [{}]\n", one.file, one.line, one.message, one.id);
  return text;
}

TEST(BootWalk, AGoodTreeHasNoFindings) { EXPECT_EQ(told(walked(good_tree())), ""); }

struct Planted {
  std::string path;
  std::string text;
  std::string found;
};

TEST(BootWalk, FindsWhatIsPlanted) {
  const auto seed = [](const std::string& from, const std::string& to) {
    std::string text = kSeed;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  const std::vector<Planted> rows{
      // mkdir of what exists fails, and without -p so do directories above.
      {"seed.kaem", seed("mkdir -p ${BINDIR} /dev", "mkdir /steps"),
       "seed.kaem:2 mkdir: Could not create directory /steps (1 more commands fail behind it) "
       "[lb-tool-fails]\n"},
      // PATH is obeyed.
      {"seed.kaem", seed("PATH=/${ARCH_DIR}/bin", "PATH=/amd64/bin"),
       "seed.kaem:4 program 'cp' is not found (looked for as /amd64/bin/cp) (5 more commands fail behind it) "
       "[lb-command-missing]\n"},
      {"after.kaem", "PATH=/usr/bin\ncatm full /steps/env seed.kaem\n",
       "after.kaem:2 program 'catm' is not found (looked for as /usr/bin/catm) [lb-command-missing]\n"},
      // What is read must be there.
      {"seed.kaem", seed("tool.c", "none.c"),
       "seed.kaem:6 'M2-Mesoplanet' reads 'none.c', which nobody made [lb-input-missing]\n"},
      {"seed.kaem", seed("755 ${BINDIR}/untar", "755 ${BINDIR}/nutar"),
       "seed.kaem:5 chmod: '/usr/bin/nutar' does not exist [lb-tool-fails]\n"},
      {"steps/a-1/pass1.kaem", "mkdir build\ncd biuld\n",
       "steps/a-1/pass1.kaem:2 cannot change the directory [lb-directory-missing]\n"},
      {"steps/a-1/pass1.kaem", "mkdir build\nmkdir build\n",
       "steps/a-1/pass1.kaem:2 mkdir: Could not create directory build [lb-tool-fails]\n"},
      // What the interpreter drops.
      {"seed.kaem", seed("755 ${BINDIR}/untar", "755 ${BINDIR}/untar  "),
       "seed.kaem:5 this command is read but never runs [kaem-command-dropped] [lb-command-dropped]\n"},
      {"steps/a-1/pass1.kaem", "mkdir build",
       "steps/a-1/pass1.kaem:1 the last line has no newline and never runs [kaem-last-line-dropped] "
       "[lb-command-dropped]\n"},
      // Patches are applied for real.
      {"steps/a-1/a.patch", "--- a/one\n+++ b/one\n@@ -1,2 +1,2 @@\n-other\n+new\n same\n",
       "steps/a-1/a.patch:3 the hunk does not fit into '/steps/a-1/build/one' [lb-patch-refused]\n"},
      {"steps/a-1/a.patch", "--- a/one\n+++ b/one\n@@ -2,2 +2,2 @@\n-old\n+new\n same\n",
       "steps/a-1/a.patch:3 it fits into '/steps/a-1/build/one' -1 lines away, with fuzz 0 "
       "[lb-patch-moved]\n"},
      {"steps/a-1/a.patch", "--- a/one\n+++ b/one\n@@ -1,2 +1,2 @@\n-new\n+old\n same\n",
       "steps/a-1/a.patch:2 '/steps/a-1/build/one' is changed already [lb-patch-refused]\n"},
      // Archives that the small untar cannot read: a long name in two parts, a pax header, no archive at all.
      {"external/distfiles/a.tar",
       member("one", "", "old\nsame\n") + member("file", std::string(150, 'd'), "x") +
           std::string(1024, '\0'),
       fmt::format("steps/a-1/pass1.kaem:4 untar does not make '{}/file' of '/external/distfiles/a.tar': "
                   "long names and "
                   "links are beyond it [lb-archive-early-tool]\n",
                   std::string(150, 'd'))},
      {"external/distfiles/a.tar",
       member("one", "", "old\nsame\n") + member("././@LongLink", "", std::string(120, 'n') + '\0', 'L') +
           member(std::string(100, 'n'), "", "x") + std::string(1024, '\0'),
       "steps/a-1/pass1.kaem:4 untar cannot read '/external/distfiles/a.tar': unable to create long symlink "
       "[lb-archive-early-tool]\n"},
  };
  for (const Planted& row : rows) {
    const auto tree = good_tree();
    tree->put(row.path, to_bytes(row.text));
    EXPECT_EQ(told(walked(tree)), row.found) << row.path << "\n" << row.text.substr(0, 400);
  }
}

TEST(BootWalk, ArchDirIsObeyed) {
  const std::string text = told(walked(good_tree(), "ARCH=x86\nARCH_DIR=amd64\n"));
  EXPECT_NE(text.find("after.kaem:3 program 'catm' is not found (looked for as /amd64/bin/catm)"),
            std::string::npos)
      << text;
}

// Its kernel has no EEXIST.
TEST(BootWalk, UnderBuilderHex0ADirectoryIsMadeAgain) {
  const auto tree = good_tree();
  tree->put("steps/a-1/pass1.kaem", to_bytes("mkdir build\nmkdir build\n"));
  EXPECT_EQ(told(walked(tree, "ARCH=x86\nARCH_DIR=x86\nKERNEL_BOOTSTRAP=True\n")), "");
}

TEST(BootWalk, UpstreamHasNoFinding) {
  const auto path = test::find_tree("live-bootstrap");
  if (!path) GTEST_SKIP() << "no tree live-bootstrap below ASSAY_TREES or ~/.cache/assay";
  const auto tree = prepared_tree(std::make_shared<HostTree>(*path), "x86");
  Findings findings;
  const Manifest manifest = parse_manifest(as_text(**tree->read("steps/manifest")), "m", findings);
  for (const char* kernel : {"False", "True"}) {
    const std::string text = fmt::format("{}KERNEL_BOOTSTRAP={}\n", "ARCH=x86\nARCH_DIR=x86\n", kernel);
    const Config config = parse_config(text, "c", findings);
    walk_boot_scripts(tree, config, plan(manifest, config), findings);
  }
  EXPECT_EQ(told(std::move(findings).finish()), "");
}

}  // namespace
}  // namespace assay::image
