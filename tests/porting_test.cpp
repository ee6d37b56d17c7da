// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// docs/porting.md, step by step: the commands and the messages that it shows.
#include <gtest/gtest.h>

#include <filesystem>

#include "command/host_files.h"
#include "tests/support/find_program.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

class Porting : public testing::Test {
 protected:
  Scratch scratch_;
  std::string source_;
  std::string page_;

  void SetUp() override {
    source_ = text_of("/docs/examples/armv7l/hex0.hex0");
    page_ = text_of("/docs/porting.md");
    scratch_.write("hex0.hex0", as_bytes(source_));
    assemble("hex0");
  }

  static std::string text_of(const std::string& path) {
    const Result<Bytes> bytes = read_host_file(ASSAY_SOURCE_DIR + path);
    EXPECT_TRUE(bytes.has_value()) << path;
    return bytes ? std::string(as_text(*bytes)) : "";
  }

  Finished program(std::vector<std::string> argv, std::vector<std::string> env = {}) const {
    return run({.argv = std::move(argv), .env = std::move(env), .cwd = scratch_.path()});
  }

  // NAME.hex0 -> NAME and its map
  void assemble(const std::string& name) const {
    EXPECT_EQ(
        program({ASSAY_BIN_DIR "/hex0", "--dialect", "armv7l", "--map", name + ".json", name + ".hex0", name})
            .status,
        "exit:0");
  }

  // The page has this text between two fences, or as a part of it that begins and ends with a line.
  void expect_on_page(const std::string& text) const {
    EXPECT_NE(page_.find("\n" + text), std::string::npos) << text;
  }

  Finished assay_run(std::vector<std::string> options, const std::string& name,
                     std::vector<std::string> env = {}) const {
    std::vector<std::string> argv{ASSAY_BIN_DIR "/assay", "run", "--tree", "."};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.insert(argv.end(), {"./" + name, "hex0.hex0", "again"});
    return program(std::move(argv), std::move(env));
  }

  // A copy of the program with `from` replaced once.
  void broken(const std::string& name, const std::string& from, const std::string& to) const {
    std::string text = source_;
    ASSERT_NE(text.find(from), std::string::npos);
    text.replace(text.find(from), from.size(), to);
    scratch_.write(name + ".hex0", as_bytes(text));
    assemble(name);
  }

  // Ended with this message, which the page shows too; what a stopped program did last may follow.
  void expect_shown(const Finished& finished, const std::string& status, const std::string& message) const {
    EXPECT_EQ(finished.status, status);
    EXPECT_EQ(finished.standard_error.substr(0, message.size() + 1), message + "\n");
    if (status == "exit:126") {
      EXPECT_EQ(finished.standard_error.find("registers of '"), message.size() + 1);
    } else {
      EXPECT_EQ(finished.standard_error.size(), message.size() + 1);
    }
    EXPECT_NE(page_.find("\n" + message + "\n"), std::string::npos) << message;
  }
};

TEST_F(Porting, SeedBuildsItselfUnderBothEngines) {
  const auto built = scratch_.read("hex0");
  ASSERT_TRUE(built.has_value());
  EXPECT_EQ(built->size(), 292U);
  for (const char* const engine : {"ASSAY_ENGINE=interp", "ASSAY_ENGINE=jit"}) {
    const Finished finished =
        assay_run({"--arch", "armv7l", "--stats", "--write-back", "again=copy"}, "hex0", {engine});
    EXPECT_EQ(finished.status, "exit:0");
    EXPECT_EQ(scratch_.read("copy"), built) << engine;
    EXPECT_EQ(scratch_.mode("copy"), "0700");
    EXPECT_NE(finished.standard_error.find("53539 instructions         3862 calls"), std::string::npos)
        << finished.standard_error;
    EXPECT_FALSE(scratch_.read("again").has_value()) << "the tree was written to";
  }
}

TEST_F(Porting, TheExampleEndsWithAPreflightThatPasses) {
  scratch_.write("kaem-minimal.hex0", as_bytes(text_of("/kaem/seeds/kaem-minimal-armv7l.hex0")));
  const std::string path = std::string("PATH=") + ASSAY_BIN_DIR + ":/usr/bin:/bin";
  const Finished laid =
      program({"/bin/sh", ASSAY_SOURCE_DIR "/docs/examples/armv7l/lay-out", "tree"}, {path});
  ASSERT_EQ(laid.status, "exit:0") << laid.standard_error;
  const auto preflight = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {ASSAY_BIN_DIR "/assay", "preflight", "--no-cache", "tree"});
    return program(std::move(more));
  };
  EXPECT_EQ(preflight({}).status, "exit:2") << "no list of answers yet";
  EXPECT_EQ(preflight({"--write-answers"}).status, "exit:0");
  const Finished last = preflight({});
  EXPECT_EQ(last.status, "exit:0");
  const std::size_t pass = last.standard_output.find("PASS: tree");
  ASSERT_NE(pass, std::string::npos) << last.standard_output;
  const std::size_t end = last.standard_output.find('\n', last.standard_output.find('\n', pass) + 1);
  expect_on_page(last.standard_output.substr(pass, end + 1 - pass));
  // One byte of the source is another: the seed is not what it says any more.
  broken("other", "\n01 60 36 E2 ", "\n02 60 36 E2 ");
  scratch_.write("tree/armv7l/hex0_armv7l.hex0", *scratch_.read("other.hex0"));
  const Finished wrong = preflight({});
  EXPECT_EQ(wrong.status, "exit:1");
  EXPECT_NE(wrong.standard_output.find("seed-differs-from-source"), std::string::npos)
      << wrong.standard_output;
}

TEST_F(Porting, SeedBuildsItselfUnderQemu) {
  const Finished finished = program({"/usr/bin/qemu-arm", "./hex0", "hex0.hex0", "copy"});
  if (finished.status != "exit:0" && !find_program("qemu-arm")) {
    GTEST_SKIP() << "qemu-arm is not installed";
  }
  EXPECT_EQ(finished.status, "exit:0");
  EXPECT_EQ(scratch_.read("copy"), scratch_.read("hex0"));
}

TEST_F(Porting, WrongArchitectureIsRefused) {
  expect_shown(assay_run({"--arch", "amd64"}, "hex0"), "exit:2",
               "assay: './hex0' is a program for armv7l, not amd64 [other-architecture]");
}

TEST_F(Porting, UnknownInstructionStops) {
  broken("bad", "\n01 60 36 E2 ", "\n00 0A 30 EE ");
  expect_shown(assay_run({}, "bad"), "exit:126",
               "assay: stopped: unknown-instruction: unknown instruction 000a30ee at 0x100bc");
}

TEST_F(Porting, WrongJumpStops) {
  broken("lost", "\n1E FF 2F 01 ", "\n11 FF 2F 01 ");
  expect_shown(assay_run({}, "lost"), "exit:126",
               "assay: stopped: memory-fault: nothing executable at 0xfffedf00");
}

TEST_F(Porting, ReportsOfStopsAreThoseOfThePage) {
  broken("bad", "\n01 60 36 E2 ", "\n00 0A 30 EE ");
  const std::string bad = assay_run({"--program-map", "bad.json"}, "bad").standard_error;
  const std::size_t registers = bad.find("registers of");
  const std::size_t list = bad.find("last instructions");
  ASSERT_NE(list, std::string::npos) << bad;
  expect_on_page(bad.substr(registers, bad.find('\n', list) + 1 - registers));
  expect_on_page(bad.substr(bad.find("  000100a4")));
  broken("lost", "\n1E FF 2F 01 ", "\n11 FF 2F 01 ");
  const std::string lost = assay_run({"--program-map", "lost.json"}, "lost").standard_error;
  expect_on_page(lost.substr(lost.find("  00010114"), lost.find("assay: written") - lost.find("  00010114")));
}

TEST_F(Porting, TraceAndCoverageAreThoseOfThePage) {
  expect_on_page(assay_run({"--program-map", "hex0.json", "--trace", "insn", "--trace-limit", "4"}, "hex0")
                     .standard_error);
  EXPECT_EQ(assay_run({"--program-map", "hex0.json", "--coverage", "coverage"}, "hex0").status, "exit:0");
  const auto coverage = scratch_.read("coverage");
  ASSERT_TRUE(coverage.has_value());
  const std::string_view text = as_text(*coverage);
  expect_on_page(std::string(text.substr(0, text.find('\n', text.find('\n') + 1) + 1)));
}

TEST_F(Porting, ThumbStops) {
  broken("thumb", "\n54 00 01 00 ", "\n55 00 01 00 ");  // the entry address
  expect_shown(assay_run({}, "thumb"), "exit:126",
               "assay: stopped: memory-fault: jump to 0x10055, which is not a multiple of 4: an odd address "
               "asks for Thumb code, which this machine does not run");
}

TEST_F(Porting, EndlessProgramStopsAndTheLogShowsHowFarItCame) {
  expect_shown(assay_run({"--max-insns", "1000"}, "hex0"), "exit:126",
               "assay: stopped: limit-instructions: 1000 instructions of 'hex0'");
  const Finished logged = assay_run({"--syscalls"}, "hex0");
  const std::string start =
      logged.standard_error.substr(0, page_.find("```", page_.find("[0] open")) - page_.find("[0] open"));
  EXPECT_NE(page_.find(start), std::string::npos) << start;
  EXPECT_GT(start.size(), 80U);
}

// The bytes of the last product were worked out by hand: 2 + 2 (the address 0x010C) + 4 + 1 + 2 (three bytes
// further) + 1 + 2 + 1.
TEST_F(Porting, AMadeUpMachineIsDescribed) {
  const std::filesystem::path toy = std::filesystem::path(scratch_.path()) / "toy";
  std::filesystem::copy(ASSAY_SOURCE_DIR "/docs/examples/toy", toy, std::filesystem::copy_options::recursive);
  const Finished finished =
      run({.argv = {ASSAY_BIN_DIR "/assay", "preflight", ".", "--no-cache"}, .cwd = toy.string()});
  EXPECT_EQ(finished.status, "exit:2") << finished.standard_error;
  const std::size_t verdict = finished.standard_output.find("INCOMPLETE: ");
  ASSERT_NE(verdict, std::string::npos) << finished.standard_output;
  expect_on_page(finished.standard_output.substr(verdict, finished.standard_output.find("Time:") - verdict));
}

}  // namespace
}  // namespace assay::test
