// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `assay run` shows of a run: traces, coverage, breaks, maps and reports of stops. Everything under both
// engines, which must say the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command/host_files.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

constexpr std::uint64_t kInstructions = 53539;  // of the example, as `--stats` counts them

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

class AssayRun : public testing::Test {
 protected:
  Scratch scratch_;

  void SetUp() override {
    const Result<Bytes> source = read_host_file(ASSAY_SOURCE_DIR "/docs/examples/armv7l/hex0.hex0");
    ASSERT_TRUE(source.has_value());
    scratch_.write("hex0.hex0", *source);
    ASSERT_EQ(
        run({.argv = {ASSAY_BIN_DIR "/hex0", "--dialect", "armv7l", "--map", "map.json", "hex0.hex0", "hex0"},
             .cwd = scratch_.path()})
            .status,
        "exit:0");
  }

  Finished run_with(std::vector<std::string> options, const std::string& engine) const {
    std::vector<std::string> argv{ASSAY_BIN_DIR "/assay", "run", "--tree", "."};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.insert(argv.end(), {"hex0", "hex0.hex0", "again"});
    return run({.argv = std::move(argv), .env = {"ASSAY_ENGINE=" + engine}, .cwd = scratch_.path()});
  }

  // The same under both engines.
  Finished run_with(const std::vector<std::string>& options) const {
    Finished one = run_with(options, "interp");
    const Finished other = run_with(options, "jit");
    EXPECT_EQ(one.status, other.status);
    EXPECT_EQ(one.standard_output, other.standard_output);
    EXPECT_EQ(one.standard_error, other.standard_error);
    return one;
  }

  std::string text_of(const std::string& name) const {
    const auto bytes = scratch_.read(name);
    EXPECT_TRUE(bytes.has_value()) << name;
    return bytes ? std::string(as_text(*bytes)) : "";
  }
};

TEST_F(AssayRun, TraceOfInstructionsHasBytesChangedRegistersAndLines) {
  const Finished run = run_with(
      {"--trace", "insn", "--trace-limit", "5", "--program-map", "map.json", "--write-back", "again=copy"});
  EXPECT_EQ(run.status, "exit:0") << "a trace that is cut does not end the run";
  EXPECT_EQ(run.standard_error,
            "[0] 0x10054: 08009de5 r0=0xfffedfe7  hex0.hex0:31\n"
            "[0] 0x10058: 0010a0e3  hex0.hex0:32\n"
            "[0] 0x1005c: 0020a0e3  hex0.hex0:33\n"
            "[0] 0x10060: 0570a0e3 r7=0x5  hex0.hex0:34\n"
            "[0] 0x10064: 000000ef  hex0.hex0:35\n"
            "trace cut after 5 lines (--trace-limit)\n");
  EXPECT_EQ(scratch_.read("copy"), scratch_.read("hex0"));
}

TEST_F(AssayRun, WholeTraceHasALineForEachInstructionCounted) {
  EXPECT_EQ(run_with({"--trace", "insn", "--trace-file", "trace"}).standard_error, "");
  EXPECT_EQ(lines_of(text_of("trace")).size(), kInstructions);
}

TEST_F(AssayRun, TraceAsJsonIsAnObjectALine) {
  run_with({"--trace", "insn", "--trace-format", "json", "--trace-limit", "4", "--trace-file", "trace",
            "--program-map", "map.json"});
  const std::vector<std::string> lines = lines_of(text_of("trace"));
  ASSERT_EQ(lines.size(), 5U);
  const auto fourth = nlohmann::json::parse(lines[3]);
  EXPECT_EQ(fourth, (nlohmann::json{{"event", "instruction"},
                                    {"image", 0},
                                    {"address", 0x10060},
                                    {"bytes", "0570a0e3"},
                                    {"changed", {{"r7", 5}}},
                                    {"file", "hex0.hex0"},
                                    {"line", 34}}));
  EXPECT_EQ(nlohmann::json::parse(lines[4]), (nlohmann::json{{"event", "cut"}, {"lines", 4}}));
}

TEST_F(AssayRun, TraceOfBlocksHasALineForEachJumpTaken) {
  EXPECT_EQ(run_with({"--trace", "block", "--trace-limit", "3"}).standard_error,
            "[0] 0x10054\n[0] 0x100f8\n[0] 0x1008c\ntrace cut after 3 lines (--trace-limit)\n");
  const Finished json = run_with({"--trace", "block", "--trace-limit", "1", "--trace-format", "json"});
  EXPECT_EQ(json.standard_error,
            "{\"event\":\"block\",\"image\":0,\"address\":65620}\n{\"event\":\"cut\",\"lines\":1}\n");
}

TEST_F(AssayRun, TraceOfSystemCallsIsTheLogOfThem) {
  run_with({"--trace", "syscall", "--trace-file", "trace"});
  EXPECT_EQ(text_of("trace"), run_with({"--syscalls"}).standard_error);
  const Finished json = run_with({"--trace", "syscall", "--trace-limit", "1", "--trace-format", "json"});
  EXPECT_EQ(json.standard_error,
            "{\"event\":\"system-call\",\"image\":0,\"text\":\"open(\\\"hex0.hex0\\\", 0x0, 0) = 3\"}\n"
            "{\"event\":\"cut\",\"lines\":1}\n");
}

TEST_F(AssayRun, TraceThatCannotBeWrittenIsAnError) {
  const Finished full = run_with({"--trace", "syscall", "--trace-file", "/dev/full"});
  EXPECT_EQ(full.status, "exit:2");
  EXPECT_EQ(full.standard_error, "assay: cannot write all of the trace to '/dev/full' [write-failed]\n");
  EXPECT_EQ(run_with({"--trace", "syscall", "--trace-file", "no/such/folder"}).status, "exit:2");
  EXPECT_EQ(run_with({"--coverage", "no/such/folder"}).status, "exit:2");
}

TEST_F(AssayRun, CoverageCountsWhatTheRunCounts) {
  const Finished run = run_with({"--stats", "--coverage", "coverage", "--program-map", "map.json"});
  EXPECT_EQ(run.standard_error, run_with({"--stats"}).standard_error) << "observed and not";
  const std::vector<std::string> lines = lines_of(text_of("coverage"));
  ASSERT_EQ(lines.size(), 53U);
  EXPECT_EQ(lines[0], "program hex0 (armv7l): 52 instructions, run 53539 times in all");
  EXPECT_EQ(lines[1], "0x10054  08009de5                    1  hex0.hex0:31");
  EXPECT_EQ(lines[14], "0x10088  1a0000eb                 1397  hex0.hex0:46");
  run_with({"--coverage", "coverage.json", "--program-map", "map.json"});
  const auto json = nlohmann::json::parse(text_of("coverage.json"));
  ASSERT_EQ(json["programs"].size(), 1U);
  const auto& program = json["programs"][0];
  EXPECT_EQ(program["program"], "hex0");
  EXPECT_EQ(program["isa"], "armv7l");
  EXPECT_EQ(program["count"], kInstructions);
  std::uint64_t sum = 0;
  for (const auto& row : program["instructions"]) sum += row["count"].get<std::uint64_t>();
  EXPECT_EQ(sum, kInstructions);
  EXPECT_EQ(program["instructions"][13], (nlohmann::json{{"address", 0x10088},
                                                         {"bytes", "1a0000eb"},
                                                         {"count", 1397},
                                                         {"file", "hex0.hex0"},
                                                         {"line", 46}}));
}

TEST_F(AssayRun, BreakStopsBeforeTheInstruction) {
  const Finished run = run_with({"--break", "0x1", "--break", "0x10068", "--program-map", "map.json"});
  EXPECT_EQ(run.status, "exit:126");
  EXPECT_EQ(run.standard_error,
            "assay: stopped: breakpoint: break at 0x10068 of 'hex0'\n"
            "registers of 'hex0' (image 0, armv7l) after 5 instructions:\n"
            "         r0 00000003         r1 00000000         r2 00000000         r3 00000000\n"
            "         r4 00000000         r5 00000000         r6 00000000         r7 00000005\n"
            "         r8 00000000         r9 00000000        r10 00000000        r11 00000000\n"
            "        r12 00000000         sp fffedf00         lr 00000000          q 00000000\n"
            "         pc 00010068      flags ----\n"
            "last instructions ('>' is the one that was not done):\n"
            "  00010054  08009de5  hex0.hex0:31\n"
            "  00010058  0010a0e3  hex0.hex0:32\n"
            "  0001005c  0020a0e3  hex0.hex0:33\n"
            "  00010060  0570a0e3  hex0.hex0:34\n"
            "  00010064  000000ef  hex0.hex0:35\n"
            "> 00010068  0040a0e1  hex0.hex0:36\n");
  EXPECT_EQ(run_with({"--break", "somewhere"}).status, "exit:2");
}

TEST_F(AssayRun, LimitShowsTheSixteenLastInstructions) {
  const Finished run = run_with({"--max-insns", "50000"});
  EXPECT_EQ(run.status, "exit:126");
  const std::vector<std::string> lines = lines_of(run.standard_error);
  ASSERT_EQ(lines.size(), 2U + 5 + 1 + 16);
  EXPECT_EQ(lines[0], "assay: stopped: limit-instructions: 50000 instructions of 'hex0'");
  run_with({"--trace", "insn", "--trace-file", "trace"});
  const std::vector<std::string> trace = lines_of(text_of("trace"));
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_EQ(lines[8 + i].substr(5, 5), trace[50000 - 16 + i].substr(6, 5)) << lines[8 + i];
  }
}

TEST_F(AssayRun, MapOfAnotherProgramIsNotUsed) {
  std::string map = text_of("map.json");
  const std::size_t at = map.find("\"7f\"");
  ASSERT_NE(at, std::string::npos);
  scratch_.write("other.json", as_bytes(map.replace(at, 4, "\"7e\"")));
  const Finished other = run_with({"--program-map", "other.json"});
  EXPECT_EQ(other.status, "exit:0");
  EXPECT_EQ(other.standard_error,
            "assay: the map for 'hex0' is not used: the map is of another program: they differ at offset 0 "
            "[map-mismatch]\n");
  scratch_.write("bad.json", as_bytes("[]"));
  EXPECT_NE(run_with({"--program-map", "bad.json"}).standard_error.find("[bad-map]"), std::string::npos);
  EXPECT_EQ(run_with({"--program-map", "missing.json"}).status, "exit:2");
  EXPECT_EQ(run_with({"--program-map", "hex0=map.json", "--trace", "block", "--trace-limit", "1"})
                .standard_error.substr(0, 27),
            "[0] 0x10054  hex0.hex0:31\nt");
  EXPECT_EQ(run_with({"--program-map", "other=map.json", "--trace", "block", "--trace-limit", "1"})
                .standard_error.substr(0, 13),
            "[0] 0x10054\nt");
}

TEST_F(AssayRun, UnknownKindsAreRefused) {
  EXPECT_EQ(run_with({"--trace", "everything"}).status, "exit:2");
  EXPECT_EQ(run_with({"--trace-format", "xml"}).status, "exit:2");
}

}  // namespace
}  // namespace assay::test
