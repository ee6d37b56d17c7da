// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `assay preflight` of archives and checkouts: what lies in them is checked as if it lay there, and nothing
// passes that was not looked at.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

namespace fs = std::filesystem;

struct Checked {
  std::string status;
  std::string text;
  nlohmann::json report;
  [[nodiscard]] std::string verdict() const { return report.value("verdict", "none"); }
  [[nodiscard]] bool has(std::string_view id) const {
    return std::any_of(report["findings"].begin(), report["findings"].end(),
                       [&](const nlohmann::json& finding) { return finding["id"] == id; });
  }
  [[nodiscard]] std::size_t errors() const {
    return static_cast<std::size_t>(
        std::count_if(report["findings"].begin(), report["findings"].end(),
                      [](const nlohmann::json& finding) { return finding["severity"] == "error"; }));
  }
};

Checked preflight(const fs::path& path, std::vector<std::string> options) {
  const Scratch scratch;
  std::vector<std::string> words{ASSAY_BIN_DIR "/assay", "preflight", path.string(),
                                 "--no-cache",           "--json",    scratch.file("report")};
  words.insert(words.end(), options.begin(), options.end());
  const Finished finished = run({.argv = std::move(words)});
  Checked checked{finished.status, finished.standard_output, {}};
  const auto bytes = scratch.read("report");
  if (bytes) checked.report = nlohmann::json::parse(as_text(*bytes));
  return checked;
}

/// The archive of a directory.
std::string pack(const Scratch& scratch, const fs::path& tree, const std::string& name) {
  const Finished packed = run({.argv = {ASSAY_BIN_DIR "/assay", "image", "build", tree.string(), "--kind",
                                        "cpio", "-o", scratch.file(name)}});
  EXPECT_EQ(packed.status, "exit:0") << packed.standard_error;
  return scratch.file(name);
}

TEST(Archive, OfNoTreeIsNotChecked) {
  const Scratch scratch;
  fs::create_directories(scratch.path() / "t");
  scratch.write("t/readme.txt", to_bytes("hello\n"));
  const Checked checked = preflight(pack(scratch, scratch.path() / "t", "a.cpio"), {});
  EXPECT_EQ(checked.status, "exit:2");
  EXPECT_EQ(checked.verdict(), "nothing-checked");
  EXPECT_NE(checked.text.find("NOTHING CHECKED"), std::string::npos) << checked.text;
  EXPECT_EQ(checked.text.find("PASS"), std::string::npos) << checked.text;
  const Checked replay = preflight(scratch.file("a.cpio"), {"--level", "replay"});
  EXPECT_EQ(replay.status + replay.verdict(), "exit:2nothing-checked");
}

// tar unpacks the first alone, a kernel both: what the second holds was not looked at.
TEST(Archive, BehindWhichAnotherStandsDoesNotPass) {
  const Scratch scratch;
  const std::string tree = scratch.file("t");
  ASSERT_EQ(run({.argv = {ASSAY_BIN_DIR "/assay", "init", "--from-embedded", tree}}).status, "exit:0");
  const std::string archive = pack(scratch, tree, "a.cpio");
  const std::vector<std::string> options{"--arch", "AMD64"};
  EXPECT_EQ(preflight(archive, options).verdict(), "pass");
  const Bytes whole = scratch.read("a.cpio").value();
  Bytes twice = whole;
  twice.insert(twice.end(), whole.begin(), whole.end());
  scratch.write("a.cpio", twice);
  const Checked checked = preflight(archive, options);
  EXPECT_EQ(checked.status + checked.verdict(), "exit:2incomplete") << checked.text;
  EXPECT_TRUE(checked.has("image-behind-end")) << checked.text;
}

TEST(Directory, OfNoTreeHasAReportToo) {
  const Scratch scratch;
  const Checked checked = preflight(scratch.path(), {});
  EXPECT_EQ(checked.status + checked.verdict(), "exit:2nothing-checked");
  EXPECT_EQ(checked.report["tree"]["kind"], "unknown");
}

void copy_tree(const fs::path& from, const fs::path& to) {
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
}

class RealTree : public testing::Test {
 protected:
  void SetUp() override {
    const auto path = find_tree("stage0-posix");
    if (!path) GTEST_SKIP() << "no tree stage0-posix below ASSAY_TREES or ~/.cache/assay";
    // As an unpacked release: a directory in the archive.
    tree = scratch.path() / "t" / "stage0-posix";
    fs::create_directories(scratch.path() / "t");
    copy_tree(*path, tree);
  }
  Checked packed(const std::vector<std::string>& options) {
    return preflight(pack(scratch, scratch.path() / "t", "a.cpio"), options);
  }
  Scratch scratch;
  fs::path tree;
};

TEST_F(RealTree, InAnArchiveIsRunLikeATree) {
  const Checked checked = packed({"--arch", "AMD64", "--road", "reference"});
  EXPECT_EQ(checked.status + checked.verdict(), "exit:2incomplete") << checked.text;
  ASSERT_EQ(checked.report["chains"].size(), 1U);
  EXPECT_EQ(checked.report["chains"][0]["root"], "stage0-posix");
  EXPECT_GT(checked.report["chains"][0]["steps"].size(), 100U);
}

TEST_F(RealTree, InAnArchiveALostFileIsFound) {
  fs::remove(tree / "M2libc/bootstrappable.c");
  const Checked checked = packed({"--level", "static"});
  EXPECT_EQ(checked.status + checked.verdict(), "exit:1fail") << checked.text;
  EXPECT_TRUE(checked.has("chain-input-missing"));
}

TEST_F(RealTree, InAnArchiveAForeignSeedIsFound) {
  const fs::path seeds = tree / "bootstrap-seeds/POSIX";
  fs::copy_file(seeds / "x86/hex0-seed", seeds / "AMD64/hex0-seed", fs::copy_options::overwrite_existing);
  const Checked checked = packed({"--level", "static"});
  EXPECT_EQ(checked.status + checked.verdict(), "exit:1fail") << checked.text;
  EXPECT_TRUE(checked.has("chain-program-wrong-architecture"));
}

TEST_F(RealTree, InAnArchiveAFlippedByteOfASeedIsFound) {
  const fs::path seed = tree / "bootstrap-seeds/POSIX/AMD64/hex0-seed";
  std::string bytes;
  {
    std::ifstream in(seed, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  bytes[100] = static_cast<char>(bytes[100] ^ 1);
  std::ofstream(seed, std::ios::binary) << bytes;
  const Checked checked = packed({"--arch", "AMD64"});
  EXPECT_EQ(checked.status + checked.verdict(), "exit:1fail") << checked.text;
}

// What running it shows stands first, at its place in the sources, and the headline counts nothing else.
TEST_F(RealTree, InAnArchiveAChangedLineIsNamedFirst) {
  const fs::path file = tree / "M2libc/x86/linux/bootstrap.c";
  std::string text;
  {
    std::ifstream in(file, std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  const std::size_t at = text.find("int !0x80");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 3, "itn");
  std::ofstream(file, std::ios::binary) << text;
  const Checked checked = packed({"--arch", "x86"});
  EXPECT_EQ(checked.status + checked.verdict(), "exit:1fail") << checked.text;
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const std::string place = fmt::format("M2libc/x86/linux/bootstrap.c:{}", line);
  EXPECT_TRUE(checked.text.starts_with(fmt::format("stage0-posix 1.9.1, 1 file changed: {}\n", place)))
      << checked.text;
  EXPECT_NE(checked.text.find("\n" + place + ":6: warning: nothing defines 'itn': did you mean 'int'?"),
            std::string::npos)
      << checked.text;
  EXPECT_EQ(checked.text.find("0 errors"), std::string::npos) << checked.text;
}

// libext2fs speaks for itself when it is asked about a block that it has no bit for.
TEST(DiskImage, WithSmallBlocksIsReadInSilence) {
  const char* const maker = "/sbin/mke2fs";
  if (!fs::exists(maker)) GTEST_SKIP() << "no " << maker;
  const Scratch scratch;
  const std::string image = scratch.file("disk.img");
  ASSERT_EQ(run({.argv = {maker, "-q", "-t", "ext4", "-b", "1024", image, "4096"}}).status, "exit:0");
  const Finished finished = run({.argv = {ASSAY_BIN_DIR "/assay", "preflight", "--no-cache", image}});
  EXPECT_EQ(finished.status, "exit:2") << finished.standard_output;
  EXPECT_EQ(finished.standard_error, "");
}

TEST_F(RealTree, WithoutASubmoduleIsToldInOneError) {
  for (const char* name : {"M2libc", "mescc-tools-extra", "AMD64"}) {
    fs::rename(tree / name, scratch.path() / "kept");
    fs::create_directory(tree / name);
    const Checked checked = preflight(tree, {"--arch", "AMD64"});
    EXPECT_EQ(checked.status + checked.verdict(), "exit:1fail") << checked.text;
    EXPECT_EQ(checked.errors(), 1U) << checked.report["findings"].dump(1);
    EXPECT_EQ(checked.report["findings"][0]["id"], "tree-submodules-missing");
    EXPECT_NE(checked.report["findings"][0]["help"].get<std::string>().find("git -C"), std::string::npos);
    fs::remove(tree / name);
    fs::rename(scratch.path() / "kept", tree / name);
  }
}

/// live-bootstrap, its submodules emptied in turn.
TEST(Checkout, WithoutASubmoduleNeverPasses) {
  const auto path = find_tree("live-bootstrap");
  if (!path) GTEST_SKIP() << "no tree live-bootstrap below ASSAY_TREES or ~/.cache/assay";
  const Scratch scratch;
  const fs::path tree = scratch.path() / "lb";
  copy_tree(*path, tree);
  const Checked whole = preflight(tree, {"--level", "static"});
  EXPECT_EQ(whole.status + whole.verdict(), "exit:0pass") << whole.text;
  EXPECT_EQ(whole.errors(), 0U);
  for (const char* name :
       {"builder-hex0", "seed/stage0-posix/AArch64", "seed/stage0-posix/AMD64",
        "seed/stage0-posix/M2-Mesoplanet", "seed/stage0-posix/M2-Planet", "seed/stage0-posix/M2libc",
        "seed/stage0-posix/armv7l", "seed/stage0-posix/bootstrap-seeds", "seed/stage0-posix/mescc-tools",
        "seed/stage0-posix/mescc-tools-extra", "seed/stage0-posix/riscv32", "seed/stage0-posix/riscv64",
        "seed/stage0-posix/x86"}) {
    fs::rename(tree / name, scratch.path() / "kept");
    fs::create_directory(tree / name);
    const Checked checked = preflight(tree, {"--level", "static"});
    EXPECT_EQ(checked.status + checked.verdict(), "exit:1fail") << name << "\n" << checked.text;
    ASSERT_FALSE(checked.report["reasons"].empty());
    EXPECT_NE(checked.report["reasons"][0].get<std::string>().find(name), std::string::npos)
        << checked.report["reasons"].dump(1);
    EXPECT_LE(checked.errors(), std::string_view(name).ends_with("seeds") ? 2U : 1U)
        << name << checked.report["findings"].dump(1);
    fs::remove(tree / name);
    fs::rename(scratch.path() / "kept", tree / name);
  }
}

TEST(Checkout, IsRunLikeATree) {
  const auto path = find_tree("live-bootstrap");
  if (!path) GTEST_SKIP() << "no tree live-bootstrap below ASSAY_TREES or ~/.cache/assay";
  const Checked checked = preflight(*path, {"--level", "replay", "--road", "reference", "--arch", "x86"});
  EXPECT_EQ(checked.status + checked.verdict(), "exit:2incomplete") << checked.text;
  ASSERT_EQ(checked.report["chains"].size(), 1U);
  EXPECT_GT(checked.report["chains"][0]["steps"].size(), 100U);
}

}  // namespace
}  // namespace assay::test
