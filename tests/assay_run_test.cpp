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
    Finished finished =
        run({.argv = std::move(argv), .env = {"ASSAY_ENGINE=" + engine}, .cwd = scratch_.path()});
    // What every run ends with that keeps nothing; it has a test of its own.
    const std::size_t note = finished.standard_error.rfind("assay: written in memory only: again (");
    if (note != std::string::npos)
      finished.standard_error.erase(note, finished.standard_error.find('\n', note) + 1 - note);
    return finished;
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

TEST_F(AssayRun, OnlyTheLastOfAllAdverseRunsIsShown) {
  const Finished adverse = run_with({"--adverse", "--syscalls"});
  EXPECT_EQ(adverse.status, "exit:0");
  EXPECT_EQ(adverse.standard_error, run_with({"--syscalls"}).standard_error);
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
  ASSERT_EQ(lines.size(), 53U + 1 + 19);
  EXPECT_EQ(lines[0], "program hex0 (armv7l): 52 instructions, run 53539 times in all");
  EXPECT_EQ(lines[1],
            "0x10054  08009de5                    1  hex0.hex0:31  08 00 9D E5   # ldr r0, [sp, #8]        "
            "; the path of the source");
  EXPECT_EQ(lines[14].substr(0, 52), "0x10088  1a0000eb                 1397  hex0.hex0:46");
  EXPECT_EQ(lines[53], "lines of which nothing ran, data among them: 19") << "the header";
  EXPECT_EQ(lines[54], "0x10000  hex0.hex0:8  7F 45 4C 46                     # magic");
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
  EXPECT_EQ(
      run.standard_error,
      "assay: stopped: breakpoint: break at 0x10068 of 'hex0'\n"
      "registers of 'hex0' (image 0, armv7l) after 5 instructions:\n"
      "         r0 00000003         r1 00000000         r2 00000000         r3 00000000\n"
      "         r4 00000000         r5 00000000         r6 00000000         r7 00000005\n"
      "         r8 00000000         r9 00000000        r10 00000000        r11 00000000\n"
      "        r12 00000000         sp fffedf00         lr 00000000          q 00000000\n"
      "         pc 00010068      flags ----\n"
      "last instructions ('>' is the one that was not done):\n"
      "  00010054  08009de5  hex0.hex0:31  08 00 9D E5   # ldr r0, [sp, #8]        ; the path of the source\n"
      "  00010058  0010a0e3  hex0.hex0:32  00 10 A0 E3   # mov r1, #0              ; read only\n"
      "  0001005c  0020a0e3  hex0.hex0:33  00 20 A0 E3   # mov r2, #0\n"
      "  00010060  0570a0e3  hex0.hex0:34  05 70 A0 E3   # mov r7, #5              ; open\n"
      "  00010064  000000ef  hex0.hex0:35  00 00 00 EF   # svc #0\n"
      "> 00010068  0040a0e1  hex0.hex0:36  00 40 A0 E1   # mov r4, r0              ; r4: the source\n");
}

TEST_F(AssayRun, BreakMayBeALine) {
  const Finished run = run_with({"--break", "hex0.hex0:36", "--program-map", "map.json"});
  EXPECT_EQ(run.status, "exit:126");
  EXPECT_EQ(run.standard_error, run_with({"--break", "0x10068", "--program-map", "map.json"}).standard_error);
  const Finished nowhere = run_with({"--break", "hex0.hex0:1", "--program-map", "map.json"});
  EXPECT_EQ(nowhere.status, "exit:2") << "a comment";
  EXPECT_EQ(run_with({"--break", "somewhere"}).standard_error,
            "assay: no address, and no label or line of a --program-map, is 'somewhere' [unknown-place]\n");
}

TEST_F(AssayRun, DumpShowsMemoryWhereItStops) {
  const Finished run =
      run_with({"--break", "0x10068", "--dump", "0x10000,20", "--dump", "stack,4", "--dump", "r7"});
  EXPECT_NE(run.standard_error.find(
                "memory at 0x10000:\n"
                "  00010000  7f 45 4c 46 01 01 01 00 00 00 00 00 00 00 00 00  .ELF............\n"
                "  00010010  02 00 28 00                                      ..(.\n"
                "memory at 0xfffedf00:\n"
                "  fffedf00  03 00 00 00                                      ....\n"
                "memory at 0x5: none that can be read\n"),
            std::string::npos)
      << run.standard_error;
  EXPECT_EQ(run_with({"--dump", "0x10000,x"}).status, "exit:2");
}

TEST_F(AssayRun, FilesThatAreNotKeptAreTold) {
  const auto note = [this](std::vector<std::string> options) {
    options.insert(options.begin(), {ASSAY_BIN_DIR "/assay", "run", "--tree", "."});
    options.insert(options.end(), {"hex0", "hex0.hex0", "again"});
    return run({.argv = options, .cwd = scratch_.path()}).standard_error;
  };
  EXPECT_EQ(note({}),
            "assay: written in memory only: again (292 bytes); --write-back PATH=HOSTPATH gets one\n");
  EXPECT_EQ(note({"--write-back", "again=copy"}), "");
}

// The source is in two files that catm joined: places are those of the files.
TEST_F(AssayRun, MapsCompose) {
  const std::string text = text_of("hex0.hex0");
  const std::size_t half = text.find("08 00 9D E5");
  scratch_.write("head", as_bytes(text.substr(0, half)));
  scratch_.write("code", as_bytes(":start\n" + text.substr(half)));
  for (const std::vector<std::string>& argv :
       {std::vector<std::string>{ASSAY_BIN_DIR "/catm", "--map", "joined.json", "joined", "head", "code"},
        {ASSAY_BIN_DIR "/hex2-0", "--dialect", "armv7l", "--map", "map.json", "--symbols", "symbols",
         "joined", "hex0"}}) {
    const Finished made = run({.argv = argv, .cwd = scratch_.path()});
    ASSERT_EQ(made.status, "exit:0") << made.standard_error;
  }
  const std::vector<std::string> maps{"--program-map", "map.json", "--program-map", "joined=joined.json"};
  std::vector<std::string> options{"--break", "start"};
  options.insert(options.end(), maps.begin(), maps.end());
  const Finished label = run_with(options);
  EXPECT_NE(label.standard_error.find("> 00010054  08009de5  code:2  08 00 9D E5   # ldr"), std::string::npos)
      << label.standard_error;
  options[1] = "code:2";
  EXPECT_EQ(run_with(options).standard_error, label.standard_error);
  options[1] = "star";
  EXPECT_NE(run_with(options).standard_error.find("did you mean 'start'?"), std::string::npos);
  options = maps;
  options.back() = "joined=map.json";
  EXPECT_NE(run_with(options).standard_error.find("[map-mismatch]"), std::string::npos);
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
