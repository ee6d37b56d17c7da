// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The program `assay` as a user meets it: help texts, exit statuses, messages.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <regex>

#include "command/host_files.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

const std::string kAssay = ASSAY_BIN_DIR "/assay";

Finished assay(std::vector<std::string> words, const std::filesystem::path& cwd = ".") {
  words.insert(words.begin(), kAssay);
  return run({.argv = std::move(words), .env = {}, .cwd = cwd, .piped_input = std::nullopt});
}

std::string golden(std::string_view name) {
  const Result<Bytes> text = read_host_file(fmt::format("{}/tests/golden/{}", ASSAY_SOURCE_DIR, name));
  return text ? std::string(as_text(*text)) : text.error().message;
}

TEST(AssayCommand, HelpTexts) {
  EXPECT_EQ(assay({"--help"}).standard_output, golden("assay.txt"));
  EXPECT_EQ(assay({"preflight", "--help"}).standard_output, golden("assay-preflight.txt"));
  EXPECT_EQ(assay({"audit", "--help"}).standard_output, golden("assay-audit.txt"));
  EXPECT_EQ(assay({"run", "--help"}).standard_output, golden("assay-run.txt"));
  EXPECT_EQ(assay({"--version"}).standard_output, "assay " ASSAY_VERSION "\n");
}

TEST(AssayCommand, AnswersWhoeverAsks) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"version"}, {"-V"}, {"--version"}}) {
    const Finished said = assay(words);
    EXPECT_EQ(said.status + " " + said.standard_output, "exit:0 assay " ASSAY_VERSION "\n");
  }
  EXPECT_EQ(assay({"help"}).standard_output, golden("assay.txt"));
  EXPECT_EQ(assay({"help", "preflight"}).standard_output, golden("assay-preflight.txt"));
  EXPECT_EQ(assay({"help", "image", "build"}).standard_output,
            assay({"image", "build", "--help"}).standard_output);
  EXPECT_EQ(assay({"help", "verdicts"}).status, "exit:0");
  EXPECT_NE(assay({"help", "trees"}).standard_output.find("git clone --recurse-submodules"),
            std::string::npos);
  EXPECT_EQ(assay({}).standard_error, golden("assay.txt"));
}

TEST(AssayCommand, SaysWhatMayHaveBeenMeant) {
  const auto told = [](std::vector<std::string> words) {
    const Finished said = assay(std::move(words), ASSAY_SOURCE_DIR);
    EXPECT_EQ(said.status, "exit:2");
    return said.standard_output + said.standard_error;
  };
  EXPECT_EQ(told({"prefligt"}),
            "assay: no command 'prefligt': did you mean 'preflight'? 'assay --help' tells what there is "
            "[unknown-command]\n");
  EXPECT_EQ(told({"xyzzy"}),
            "assay: no command 'xyzzy': 'assay --help' tells what there is [unknown-command]\n");
  EXPECT_NE(told({"docs"}).find("did you mean 'preflight docs'?"), std::string::npos);
  EXPECT_NE(told({"image", "lst"}).find("did you mean 'ls'?"), std::string::npos);
  EXPECT_NE(told({"help", "verdict"}).find("did you mean 'verdicts'?"), std::string::npos);
  EXPECT_NE(told({"preflight", "--job=2"}).find("no option '--job': did you mean '--jobs'?"),
            std::string::npos);
  EXPECT_NE(told({"cache"}).find("assay cache: a command is required\n"), std::string::npos);
}

TEST(AssayCommand, AFileNamedByAHyphenIsStandardOutput) {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.path() / "tree");
  scratch.write("tree/one", as_bytes("1\n"));
  const std::string tree = scratch.file("tree");
  ASSERT_EQ(assay({"image", "build", tree, "--kind", "cpio", "-o", scratch.file("image")}).status, "exit:0");
  const Finished image = assay({"image", "build", tree, "--kind", "cpio", "-o", "-"}, scratch.path());
  EXPECT_EQ(image.status, "exit:0");
  EXPECT_EQ(image.standard_output, as_text(*scratch.read("image")));
  const Finished disk =
      run({.argv = {"/bin/bash", "-c", "\"$0\" image build tree --kind disk -o - | cat; exit $PIPESTATUS",
                    kAssay},
           .cwd = scratch.path()});
  EXPECT_EQ(disk.status + disk.standard_output, "exit:2") << "a pipe cannot be written in any order";
  scratch.write("in", as_bytes("41 # A\n"));
  const Finished listed =
      run({.argv = {ASSAY_BIN_DIR "/hex0", "--listing", "-", "in", "out"}, .cwd = scratch.path()});
  EXPECT_EQ(listed.status, "exit:0");
  EXPECT_NE(listed.standard_output.find("in:1: 41 # A"), std::string::npos) << listed.standard_output;
  const Finished json = assay({"preflight", "--json", "-"}, scratch.path());
  EXPECT_TRUE(json.standard_output.starts_with("{\n") && json.standard_output.ends_with("}\n"));
  EXPECT_FALSE(scratch.read("-"));
}

TEST(AssayCommand, WhatCannotRunExitsWithTwo) {
  const Scratch scratch;
  const Finished missing = assay({"preflight", "no-such-tree"});
  EXPECT_EQ(missing.status, "exit:2");
  EXPECT_EQ(missing.standard_error, "assay: no such directory: 'no-such-tree' [tree-not-found]\n");
  const Finished strange = assay({"preflight", scratch.path().string()});
  EXPECT_EQ(strange.status, "exit:2");
  EXPECT_NE(strange.standard_error.find("[tree-not-recognised]"), std::string::npos);
  EXPECT_EQ(assay({"preflight", "--arch", "z80"}).status, "exit:2");
  EXPECT_EQ(assay({"preflight", "--no-such-option"}).status, "exit:2");
  EXPECT_EQ(assay({}).status, "exit:2");
}

TEST(AssayCommand, EmbeddedTreePasses) {
  const Finished finished = assay({"preflight"});
  EXPECT_EQ(finished.status, "exit:0");
  EXPECT_NE(finished.standard_output.find("PASS: the small tree inside assay (embedded)"), std::string::npos)
      << finished.standard_output;
  EXPECT_NE(finished.standard_output.find("git clone --recurse-submodules"), std::string::npos);
  EXPECT_TRUE(std::regex_search(finished.standard_output, std::regex("\nTime: [0-9.]+ s in all\\.\n")));
  EXPECT_EQ(finished.standard_error, "") << "off a terminal a short run needs no progress";
  const Finished quiet = assay({"preflight", "--quiet"});
  EXPECT_EQ(quiet.status, "exit:0");
  EXPECT_EQ(quiet.standard_output + quiet.standard_error, "");
}

TEST(AssayCommand, RunPassesOutputAndStatusOn) {
  const Scratch scratch;
  const std::string source = ASSAY_SOURCE_DIR "/bootstrap/embedded/riscv64/hex0_riscv64.hex0";
  ASSERT_EQ(
      run({.argv = {ASSAY_BIN_DIR "/hex0", "--dialect", "riscv64", source, scratch.file("hex0")}}).status,
      "exit:0");
  scratch.write("in", as_bytes("41 4\n2 # C\n"));
  const std::string back = scratch.file("back");
  const Finished fine = assay({"run", "--tree", scratch.path().string(), "--arch", "riscv64", "--stats",
                               "--write-back", "out=" + back, "hex0", "in", "out"});
  EXPECT_EQ(fine.status, "exit:0") << fine.standard_error;
  EXPECT_EQ(scratch.read("back"), to_bytes("AB"));
  EXPECT_FALSE(scratch.read("out")) << "the tree itself is never written";
  EXPECT_NE(fine.standard_error.find("instructions"), std::string::npos);
  EXPECT_EQ(assay({"run", "--tree", scratch.path().string(), "hex0", "missing", "out"}).status, "exit:1");
  EXPECT_EQ(
      assay({"run", "--tree", scratch.path().string(), "--arch", "riscv32", "hex0", "in", "out"}).status,
      "exit:2");
  const Finished stopped =
      assay({"run", "--tree", scratch.path().string(), "--max-insns", "20", "hex0", "in", "out"});
  EXPECT_EQ(stopped.status, "exit:126");
  EXPECT_NE(stopped.standard_error.find("limit-instructions"), std::string::npos) << stopped.standard_error;
}

TEST(AssayCommand, SystemCallLogNamesTheCalls) {
  const Scratch scratch;
  const std::string source = ASSAY_SOURCE_DIR "/bootstrap/embedded/riscv64/hex0_riscv64.hex0";
  ASSERT_EQ(
      run({.argv = {ASSAY_BIN_DIR "/hex0", "--dialect", "riscv64", source, scratch.file("hex0")}}).status,
      "exit:0");
  scratch.write("in", as_bytes("41"));
  const Finished log = assay({"run", "--tree", scratch.path().string(), "--syscalls", "hex0", "in", "out"});
  for (const std::string_view call : {"openat", "read", "write", "exit"}) {
    EXPECT_NE(log.standard_error.find(call), std::string::npos) << call << "\n" << log.standard_error;
  }
}

}  // namespace
}  // namespace assay::test
