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

}  // namespace
}  // namespace assay::test
