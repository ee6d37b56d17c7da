// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `assay run --machine knight` and `assay preflight` of a chain for that machine, as somebody types them.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

/// Copies tape 1 to tape 2: 8 instructions, and 6 for each byte.
constexpr std::string_view kCopy =
    "E0002D20 1100  # LOADUI R0 0x1100\n"
    "42100000       # FOPEN_READ\n"
    "E0002D20 1101  # LOADUI R0 0x1101\n"
    "42100001       # FOPEN_WRITE\n"
    "E0002D21 1100  # loop: LOADUI R1 0x1100\n"
    "42100100       # FGETC\n"
    "E0002CC0 000E  # JUMP.NP R0 end\n"
    "E0002D21 1101  # LOADUI R1 0x1101\n"
    "42100200       # FPUTC\n"
    "3C00 FFE2      # JUMP loop\n"
    "FFFFFFFF       # end: HALT\n";

class KnightCommand : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(scratch_.path() / "tree");
    scratch_.write("tree/copy.hex0", as_bytes(kCopy));
    scratch_.write("tree/in", as_bytes("abc"));
    assemble("tree/copy.hex0", "tree/copy");
  }
  void assemble(const std::string& source, const std::string& program) const {
    const Finished made =
        run({.argv = {ASSAY_BIN_DIR "/hex0", "--dialect", "knight", "--map", "map.json", source, program},
             .cwd = scratch_.path()});
    ASSERT_EQ(made.status, "exit:0") << made.standard_error;
  }
  Finished assay(std::vector<std::string> words) const {
    words.insert(words.begin(), ASSAY_BIN_DIR "/assay");
    return run({.argv = std::move(words), .cwd = scratch_.path()});
  }
  Finished machine(std::vector<std::string> options, const std::string& program = "copy") const {
    const std::vector<std::string> first{"run", "--tree", "tree", "--machine", "knight", "--tape-01", "in"};
    options.insert(options.begin(), first.begin(), first.end());
    options.push_back(program);
    return assay(std::move(options));
  }
  [[nodiscard]] std::string text_of(const std::string& name) const {
    const auto bytes = scratch_.read(name);
    return bytes ? std::string(as_text(*bytes)) : "(none)";
  }
  Scratch scratch_;
};

TEST_F(KnightCommand, AProgramCopiesATape) {
  const Finished ran = machine({"--tape-02", "out", "--write-back", "out=result", "--stats"});
  EXPECT_EQ(ran.status, "exit:0") << ran.standard_error;
  EXPECT_EQ(text_of("result"), "abc");
  EXPECT_NE(ran.standard_error.find("              26 instructions            0 calls       16 KiB  copy\n"),
            std::string::npos)
      << ran.standard_error;
  EXPECT_EQ(machine({"--tape_02", "out"}).standard_error,
            "assay: written in memory only: out (3 bytes); --write-back PATH=HOSTPATH gets one\n")
      << "as upstream's machine spells it";
}

TEST_F(KnightCommand, ATraceNamesLinesOfTheSource) {
  EXPECT_EQ(machine({"--trace", "insn", "--trace-limit", "3", "--program-map", "map.json", "--tape-02", "out",
                     "--write-back", "out=result"})
                .standard_error,
            "[0] 0x0: e0002d201100 r0=0x1100  tree/copy.hex0:1\n"
            "[0] 0x6: 42100000  tree/copy.hex0:2\n"
            "[0] 0xa: e0002d201101 r0=0x1101  tree/copy.hex0:3\n"
            "trace cut after 3 lines (--trace-limit)\n");
}

TEST_F(KnightCommand, AnUnknownInstructionIsShownInItsLine) {
  std::string text(kCopy);
  text.replace(text.find("42100200"), 8, "77100200");
  scratch_.write("tree/copy.hex0", as_bytes(text));
  assemble("tree/copy.hex0", "tree/copy");
  const Finished ran = machine({"--program-map", "map.json", "--tape-02", "out"});
  EXPECT_EQ(ran.status, "exit:126");
  EXPECT_NE(
      ran.standard_error.find("assay: stopped: unknown-instruction: unknown instruction 77100200 at 0x2a\n"
                              "registers of 'copy' (image 0, knight) after 8 instructions:\n"),
      std::string::npos)
      << ran.standard_error;
  EXPECT_NE(ran.standard_error.find("> 0000002a  77100200  tree/copy.hex0:9  77100200       # FPUTC\n"),
            std::string::npos)
      << ran.standard_error;
}

TEST_F(KnightCommand, WhatMakesNoSenseIsRefused) {
  EXPECT_EQ(machine({"--memory", "10"}).standard_error,
            "assay: stopped: bad-program: 'copy' has 54 bytes, the machine's memory 10\n");
  for (const std::vector<std::string>& options : {std::vector<std::string>{"--memory", "10Q"},
                                                  {"--syscalls"},
                                                  {"--adverse"},
                                                  {"--undefined"},
                                                  {"--arch", "x86"},
                                                  {"--trace", "syscall"}})
    EXPECT_EQ(machine(options).status, "exit:2") << options.front();
  EXPECT_EQ(assay({"run", "--tree", "tree", "--memory", "1K", "copy"}).standard_error,
            "assay: tapes, --memory and --word-size are for --machine knight [usage]\n");
}

constexpr std::string_view kChain =
    "format = 1\n[chain]\nmachine = \"knight\"\nscript = \"build.kaem\"\nanswers = \"list\"\n"
    "[[seed]]\nfile = \"copy\"\nsource = \"copy.hex0\"\n"
    "[[place]]\nfrom = [\"in\", \"in\"]\nto = \"twice\"\n";
constexpr std::string_view kList =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  out\n"    // of "abc"
    "bbb59da3af939f7af5f360f2ceb80a496e3bae1cd87dde426db0ae40677e1c2c  both\n";  // of "abcabc"

TEST_F(KnightCommand, AChainOfAProgramThatNobodyKnowsRestsOnTheMachine) {
  scratch_.write("tree/assay.toml", as_bytes(kChain));
  scratch_.write("tree/build.kaem", as_bytes("./copy in out\n./copy twice both 1K\n"));
  scratch_.write("tree/list", as_bytes(kList));
  const Finished said = assay({"preflight", "tree", "--no-cache"});
  EXPECT_EQ(said.status, "exit:2") << said.standard_output << said.standard_error;
  EXPECT_NE(said.standard_output.find("  2/2  "), std::string::npos) << said.standard_output;
  EXPECT_NE(said.standard_output.find("2 steps were derived by one road only"), std::string::npos)
      << said.standard_output;
}

TEST_F(KnightCommand, AMachineWithoutAKernelStartsNothing) {
  scratch_.write("tree/assay.toml",
                 as_bytes(std::string(kChain) + "[[program]]\nfile = \"copy\"\nrole = \"kaem\"\n"));
  scratch_.write("tree/build.kaem", as_bytes("./copy in out\n"));
  scratch_.write("tree/list", as_bytes(kList));
  const Finished said = assay({"preflight", "tree", "--no-cache"});
  EXPECT_EQ(said.status, "exit:2");
  EXPECT_NE(said.standard_error.find("[chain-file-machine]"), std::string::npos) << said.standard_error;
}

}  // namespace
}  // namespace assay::test
