// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `assay init TREE` and `assay preflight TREE --chain FILE`, as somebody types them.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

class DescribedCommand : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::copy(ASSAY_SOURCE_DIR "/docs/examples/toy", scratch_.path() / "toy",
                          std::filesystem::copy_options::recursive);
  }
  Finished assay(std::vector<std::string> words) const {
    words.insert(words.begin(), ASSAY_BIN_DIR "/assay");
    return run({.argv = std::move(words), .cwd = scratch_.path()});
  }
  [[nodiscard]] std::string text_of(const std::string& name) const {
    const auto bytes = scratch_.read(name);
    return bytes ? std::string(as_text(*bytes)) : "";
  }
  void replace(const std::string& from, const std::string& to) const {
    std::string text = text_of("toy/assay.toml");
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
    scratch_.write("toy/assay.toml", as_bytes(text));
  }
  Scratch scratch_;
};

TEST_F(DescribedCommand, AMistakeIsShownInItsLine) {
  replace("role = \"hex2-0\"", "role = \"hex-2\"");
  const Finished said = assay({"preflight", "toy", "--no-cache"});
  EXPECT_EQ(said.status, "exit:2");
  EXPECT_EQ(said.standard_output, "");
  EXPECT_EQ(said.standard_error,
            "toy/assay.toml:30:8: error: there is no role 'hex-2'; did you mean 'hex2'? [chain-file-word]\n"
            "  role = \"hex-2\"\n"
            "         ^~~~~~~\n"
            "  help: take one of the words that docs/chains.md lists\n"
            "assay: 'toy/assay.toml' does not describe a chain of 'toy' [chain-file-wrong]\n");
}

TEST_F(DescribedCommand, AChangedSourceIsFoundByItsAnswer) {
  std::string text = text_of("toy/src/hello.hex2");
  text.replace(text.find("48 69"), 5, "48 6A");
  scratch_.write("toy/src/hello.hex2", as_bytes(text));
  const Finished said = assay({"preflight", "toy", "--no-cache"});
  EXPECT_EQ(said.status, "exit:1") << said.standard_output;
  EXPECT_NE(said.standard_output.find("[answers-mismatch]"), std::string::npos) << said.standard_output;
}

TEST_F(DescribedCommand, ADescriptionMayLieElsewhere) {
  std::filesystem::rename(scratch_.path() / "toy/assay.toml", scratch_.path() / "chain");
  const Finished without = assay({"preflight", "toy", "--no-cache"});
  EXPECT_EQ(without.status, "exit:2");
  EXPECT_NE(without.standard_error.find("[tree-not-recognised]"), std::string::npos)
      << without.standard_error;
  EXPECT_NE(without.standard_error.find("assay init toy"), std::string::npos) << without.standard_error;
  const Finished with = assay({"preflight", "toy", "--no-cache", "--chain", "chain"});
  EXPECT_NE(with.standard_output.find("4 of 4 answers right"), std::string::npos) << with.standard_error;
  EXPECT_NE(assay({"preflight", "--chain", "chain"}).standard_error.find("[chain-without-tree]"),
            std::string::npos);
}

TEST_F(DescribedCommand, AFirstDescriptionIsWrittenOnce) {
  EXPECT_NE(assay({"init", "toy"}).standard_error.find("[init-file-exists]"), std::string::npos);
  const Finished written = assay({"init", "toy", "--chain", "first"});
  EXPECT_EQ(written.status, "exit:0") << written.standard_error;
  EXPECT_NE(text_of("first").find("script = \"build.kaem\"\nanswers = \"toy.answers\"\n"), std::string::npos)
      << text_of("first");
  EXPECT_EQ(assay({"init", "toy", "--chain", "-"}).standard_output, text_of("first"));
  EXPECT_NE(assay({"init"}).standard_error.find("[init-needs-one]"), std::string::npos);
  EXPECT_NE(assay({"init", "none"}).standard_error.find("[tree-not-found]"), std::string::npos);
}

// The layouts are the same data: a description of one leads to the same steps and verdict.
TEST_F(DescribedCommand, WhatALayoutSaysCanBeWrittenDown) {
  ASSERT_EQ(assay({"init", "--from-embedded", "tree"}).status, "exit:0");
  EXPECT_NE(assay({"init", "tree"}).standard_error.find("[init-needs-architecture]"), std::string::npos);
  ASSERT_EQ(assay({"init", "tree", "--arch", "riscv64", "--chain", "chain"}).status, "exit:0");
  const Finished checked = assay({"preflight", "tree", "--no-cache", "--chain", "chain"});
  EXPECT_EQ(checked.status, "exit:0") << checked.standard_output;
  EXPECT_NE(checked.standard_output.find("PASS: tree (described)\n  riscv64: 10 of 10 steps equal on both "
                                         "roads, 8 answers right\n"),
            std::string::npos)
      << checked.standard_output;
}

TEST_F(DescribedCommand, TheStepsArePrinted) {
  EXPECT_EQ(
      assay({"chain", "toy", "--no-cache"}).standard_output,
      "   1 hex0          build.kaem:5                                 ./seeds/hex0 src/hex0.hex0 bin/hex0\n"
      "   2 hex0          build.kaem:6                                 ./bin/hex0 src/hex1.hex0 bin/hex1\n"
      "   3 hex1          build.kaem:7                                 ./bin/hex1 src/hex2.hex1 bin/hex2\n"
      "   4 hex2-0        build.kaem:8                                 ./bin/hex2 src/hello.hex2 "
      "bin/hello\n");
  const Finished nix = assay({"chain", "toy", "--format", "nix"});
  EXPECT_NE(nix.standard_output.find("\ncp -L ${step3}/bin/hex2 bin/hex2\n"), std::string::npos)
      << nix.standard_output;
  const Finished bazel = assay({"chain", "toy", "--format", "bazel"});
  EXPECT_NE(bazel.standard_output.find("srcs = [\"assay-steps/0003/bin/hex2\", \"src/hello.hex2\"],"),
            std::string::npos)
      << bazel.standard_output;
  EXPECT_TRUE(assay({"chain", "toy", "--format", "dot"}).standard_output.starts_with("digraph assay {"));
  EXPECT_NE(assay({"chain", "toy", "--format", "json"}).standard_output.find("\"number\": 4,"),
            std::string::npos);
  scratch_.write("toy/src/hello.hex2", as_bytes(std::string_view("$nothing\n")));
  EXPECT_EQ(assay({"chain", "toy"}).status, "exit:1");
}

// Built by ninja, on the host itself, the small tree inside assay is what its answers say.
TEST_F(DescribedCommand, NinjaBuildsWhatIsPrintedForIt) {
#if !defined(__x86_64__) || !defined(__linux__)
  GTEST_SKIP() << "the programs are for Linux on x86-64";
#endif
  ASSERT_EQ(assay({"init", "--from-embedded", "tree"}).status, "exit:0");
  EXPECT_NE(assay({"chain", "tree", "--format", "ninja"}).standard_error.find("[chain-needs-architecture]"),
            std::string::npos);
  const Finished text = assay({"chain", "tree", "--arch", "AMD64", "--format", "ninja", "--no-cache"});
  ASSERT_EQ(text.status, "exit:0") << text.standard_error;
  scratch_.write("tree/build.ninja", as_bytes(text.standard_output));
  const Finished built = run({.argv = {"/bin/sh", "-c", "ninja && sha256sum -c --quiet amd64.answers"},
                              .env = {"PATH=/usr/bin:/bin"},
                              .cwd = scratch_.path() / "tree"});
  EXPECT_EQ(built.status, "exit:0") << built.standard_output << built.standard_error;
}

TEST_F(DescribedCommand, PlantedFaultsAreFound) {
  const Finished said = assay({"preflight", "toy", "--self-test", "--no-cache"});
  EXPECT_EQ(said.status, "exit:0") << said.standard_error;
  const std::size_t faults = said.standard_output.find("toy       found ");
  ASSERT_NE(faults, std::string::npos) << said.standard_output;
  EXPECT_EQ(
      said.standard_output.substr(faults),
      "toy       found     a flipped byte in a seed, seeds/hex0 at 0x16: seed-differs-from-source\n"
      "toy       found     a change in a source, src/hello.hex2:7:11: answers-mismatch\n"
      "toy       found     a binary brought along, bin/hex0 in place of build.kaem:5: binary-not-derived\n"
      "toy       found     a dropped step, build.kaem:5: chain-program-missing\n");
  // Without a list nothing says that a changed source is another one.
  replace("answers = \"toy.answers\"\n", "");
  const Finished without = assay({"preflight", "toy", "--self-test", "--no-cache"});
  EXPECT_EQ(without.status, "exit:1");
  EXPECT_NE(without.standard_output.find("toy       not tried a change in a source: no list of answers"),
            std::string::npos)
      << without.standard_output;
  EXPECT_NE(assay({"preflight", "-", "--self-test"}).standard_error.find("[self-test-not-usable]"),
            std::string::npos);
}

}  // namespace
}  // namespace assay::test
