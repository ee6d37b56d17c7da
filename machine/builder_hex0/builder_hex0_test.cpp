// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What builder-hex0 does, from its source; tests/builder_hex0_oracle_test.cpp asks the kernel itself.
#include "machine/builder_hex0/builder_hex0.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "machine/builder_hex0/kernel.h"
#include "tests/support/hex0_probe.h"

namespace assay::machine {
namespace {

using test::Hex0Probe;
using test::kMakeFile;

constexpr std::uint32_t kFailed = ~std::uint32_t{0};

struct Booted {
  Hex0Outcome outcome;
  std::vector<ImageRecord> programs;  ///< in order of ending
};

Booted boot(std::string_view stream, EngineKind engine = EngineKind::automatic, std::uint64_t after = 32768,
            bool execve_keeps_stack = true) {
  Hex0Request request;
  request.execve_keeps_stack = execve_keeps_stack;
  request.stream_sector = 0;
  request.disk_bytes = (stream.size() / 512 + 1) * 512 + after;
  request.read_disk = [&](std::uint64_t offset, std::span<Byte> to) {
    std::fill(to.begin(), to.end(), Byte{0});
    if (offset < stream.size()) {
      const std::string_view part = stream.substr(offset, to.size());
      std::copy(part.begin(), part.end(), to.begin());
    }
    return true;
  };
  request.engine = engine;
  request.instructions = 10'000'000;
  request.programs = 500;
  Booted booted;
  request.on_end = [&](const ImageRecord& image) { booted.programs.push_back(image); };
  Result<Hex0Outcome> outcome = run_builder_hex0(request);
  EXPECT_TRUE(outcome);
  if (outcome) booted.outcome = std::move(*outcome);
  return booted;
}

const Hex0File* file(const Hex0Outcome& outcome, std::string_view path) {
  const auto found = std::find_if(outcome.files.begin(), outcome.files.end(),
                                  [&](const Hex0File& one) { return one.path == path; });
  return found == outcome.files.end() ? nullptr : &*found;
}

std::string contents(const Hex0Outcome& outcome, std::string_view path) {
  const Hex0File* const found = file(outcome, path);
  return found == nullptr ? "(missing)" : std::string(as_text(*found->bytes));
}

std::uint64_t times(const Hex0Outcome& outcome, std::string_view id) {
  std::uint64_t sum = 0;
  for (const Hex0Reliance& reliance : outcome.reliances) sum += reliance.id == id ? reliance.count : 0;
  return sum;
}

/// Runs a probe and gives the results of its calls: eax, ebx, esi, ecx.
struct Asked {
  Booted booted;
  std::vector<std::array<std::uint32_t, 4>> results;
  [[nodiscard]] std::uint32_t value(std::size_t call) const { return results.at(call)[0]; }
};

Asked ask(Hex0Probe probe, std::string_view more = "", EngineKind engine = EngineKind::automatic) {
  constexpr std::uint32_t kLogBytes = 0x700;
  probe.open("/log", kMakeFile);
  // The next free descriptor is not known here: the log goes to all that it may be.
  for (std::uint32_t fd = 4; fd < 12; ++fd) probe.call(6, fd);
  probe.open("/log", kMakeFile);
  probe.call(4, 4, Hex0Probe::kLog, kLogBytes);
  probe.exit(0);
  Asked asked;
  asked.booted = boot(
      test::stream_directory("/out") + test::stream_probe("/probe", probe) + std::string(more) + "/probe x\n",
      engine);
  const std::string log = contents(asked.booted.outcome, "log");
  asked.results.resize(log.size() / 16);
  if (!asked.results.empty()) std::memcpy(asked.results.data(), log.data(), asked.results.size() * 16);
  return asked;
}

TEST(BuilderHex0Path, IsReadAsTheKernelDoes) {
  const std::array<std::string_view, 3> cases[] = {
      {"/", "a", "/a"},
      {"/", "./a", "/a"},
      {"/a/", "b", "/a/b"},
      {"/a/", "/b//c/", "/b/c"},
      {"/a/b/", "../c", "/a/c"},
      {"/", ".", "/"},
      {"/a/", ".", "/a"},
      {"/a/", "..", "/"},
      {"/", "/a/../../x", "/x"},
      {"/", "./.keep", "/eep"},
      {"/", "/a/./b/./c", "/a/b/c"},
      {"/", "/", "/"},
      {"/a/", "", "/a/"},
      {"/", "x/..y", "y"},
      {"/", "//", "/"},
      {"/a/b/", "./../../c", "/c"},
      {"/", "/a/b/../..", "/"},
  };
  for (const auto& [cwd, path, expected] : cases) {
    EXPECT_EQ(hex0_absolute_path(cwd, path), expected) << cwd << " " << path;
  }
}

TEST(BuilderHex0Hex0, PairsDigitsAndIgnoresTheRest) {
  EXPECT_EQ(to_hex(builder_hex0_assemble(as_bytes("4 1 zz 4g2 # 43\n;44\n4F f")).bytes), "41424f");
  EXPECT_TRUE(builder_hex0_assemble(as_bytes("41 # x\n")).ends);
  EXPECT_FALSE(builder_hex0_assemble(as_bytes("41 # x")).ends);
}

TEST(BuilderHex0Shell, LoadsFilesAndAssembles) {
  const Booted booted =
      boot(test::stream_directory("/d") + test::stream_file("/d/a", "48 49 # hi\n") + "hex0 /d/a /d/b\n");
  EXPECT_EQ(booted.outcome.stop, Hex0Stop::finished);
  EXPECT_EQ(contents(booted.outcome, "d/b"), "HI");
  EXPECT_EQ(booted.outcome.console,
            "src\n/d\nsrc\n/d/a\nhex0\n/d/a /d/b\nBuild finished.\nERROR: no hda writes!\n ");
  EXPECT_EQ(booted.outcome.peaks.names, 3U);
  EXPECT_EQ(booted.outcome.peaks.file_bytes, 13U);
}

TEST(BuilderHex0Shell, WritesTheDiskAtTheEnd) {
  const Booted booted = boot(test::stream_directory("/dev") + test::stream_file("/dev/hda", "HELLO"));
  EXPECT_TRUE(booted.outcome.console.ends_with("Build finished.\n00000005\n ")) << booted.outcome.console;
  ASSERT_EQ(booted.outcome.written.size(), 512U);
  EXPECT_EQ(as_text(ByteView(booted.outcome.written).first(5)), "HELLO");
}

TEST(BuilderHex0Shell, FileWithoutDirectoryGoesToTheConsole) {
  const Booted booted = boot(test::stream_file("/no/a", "visible"));
  EXPECT_NE(booted.outcome.console.find("visible"), std::string::npos);
  EXPECT_EQ(times(booted.outcome, "no-directory"), 1U);
  EXPECT_EQ(file(booted.outcome, "no/a"), nullptr);
}

TEST(BuilderHex0Shell, StopsAreNamed) {
  std::string names;
  for (std::uint32_t i = 0; i < kHex0Names; ++i) names += test::stream_directory("/x");
  EXPECT_EQ(boot(names).outcome.stop, Hex0Stop::finished);
  const std::pair<std::string, Hex0Stop> cases[] = {
      {"/missing x\n", Hex0Stop::missing_program},
      {"\n/missing x\n", Hex0Stop::missing_program},
      {test::stream_file("/a", "41 # x") + "hex0 /a /b\n", Hex0Stop::endless_comment},
      {test::stream_file("/a", "text") + "/a x\n", Hex0Stop::bad_program},
      {"src 3 /" + std::string(3000, 'n') + "\nabc", Hex0Stop::command_too_long},
      {"src 4000000 /a\nabc", Hex0Stop::disk_end},
      {names + test::stream_directory("/x"), Hex0Stop::limit_names},
  };
  for (const auto& [stream, expected] : cases) {
    const Booted booted = boot(stream);
    EXPECT_EQ(name_of(booted.outcome.stop), name_of(expected))
        << stream.substr(0, 40) << booted.outcome.message;
  }
}

// The kernel reads 64 sectors at a time, whatever the medium's size is.
TEST(BuilderHex0Shell, ReadsPastTheEndOfTheMedium) {
  EXPECT_EQ(boot("src 0 /a\n", EngineKind::automatic, 0).outcome.stop, Hex0Stop::disk_end);
  EXPECT_EQ(boot("src 0 /a\n", EngineKind::automatic, std::uint64_t{63} * 512).outcome.stop,
            Hex0Stop::finished);
}

TEST(BuilderHex0Calls, FilesAreNewWhenMadeAgainAndNeverCutOff) {
  Hex0Probe p;
  const std::size_t made = p.open("/out/a", kMakeFile);
  p.write(4, "hello");
  const std::size_t again = p.open("/out/a", kMakeFile);
  p.write(5, "HI");
  const std::size_t opened = p.open("/out/a", 0x201);
  const std::size_t end = p.call(0x13, 6, 0, 2);
  const std::size_t missing = p.open("/out/b", 0);
  const std::size_t nowhere = p.open("/nodir/b", kMakeFile);
  const Asked asked = ask(p);
  EXPECT_EQ(asked.value(made), 4U);
  EXPECT_EQ(asked.value(again), 5U);
  EXPECT_EQ(asked.value(opened), 6U);
  EXPECT_EQ(asked.value(end), 2U);
  EXPECT_EQ(asked.value(missing), kFailed);
  EXPECT_EQ(asked.value(nowhere), kFailed);
  EXPECT_EQ(contents(asked.booted.outcome, "out/a"), "HI");
  EXPECT_EQ(times(asked.booted.outcome, "no-truncation"), 1U);
}

TEST(BuilderHex0Calls, OlderFileGrowsIntoItsNeighbour) {
  Hex0Probe p;
  p.open("/out/x", kMakeFile);
  p.open("/out/y", kMakeFile);
  p.write(4, "xxxx");
  p.write(5, "yy");
  const Asked asked = ask(p);
  EXPECT_EQ(contents(asked.booted.outcome, "out/x"), "yyxx");
  EXPECT_EQ(contents(asked.booted.outcome, "out/y"), "yy");
  EXPECT_EQ(times(asked.booted.outcome, "older-file-grows"), 1U);
}

TEST(BuilderHex0Calls, OnlyTheLowByteOfTheNumberCounts) {
  Hex0Probe p;
  const std::size_t mkdir = p.call(0x127, p.text("/out/d"));
  const std::size_t there = p.call(0x21, p.text("/out/d"));
  const std::size_t unlink = p.call(0x0A, p.text("/out/d"));
  const std::size_t still = p.call(0x21, p.text("/out/d"));
  const Asked asked = ask(p);
  for (const std::size_t call : {mkdir, there, unlink, still}) EXPECT_EQ(asked.value(call), 0U);
  EXPECT_EQ(times(asked.booted.outcome, "call-above-255"), 1U);
  EXPECT_EQ(times(asked.booted.outcome, "ignored-call"), 1U);
}

TEST(BuilderHex0Calls, ChildRunsAndItsStatusComesBack) {
  Hex0Probe child;
  child.write(1, "child\n");
  child.exit(0x2A);
  Hex0Probe p;
  const std::uint32_t argv = p.words({p.text("child"), p.text("x"), 0});
  const std::uint32_t env = p.words({p.text("A=1"), p.text("B=2"), 0});
  const std::size_t forked = p.call(2);
  p.call(0x0B, p.text("/child"), argv, env);
  const std::size_t waited = p.call(7, 1, Hex0Probe::kBuffer);
  p.open("/out/status", kMakeFile);
  p.call(4, 4, Hex0Probe::kBuffer, 4);
  p.call(0x72, 1, Hex0Probe::kBuffer);
  p.call(4, 4, Hex0Probe::kBuffer, 4);
  for (const EngineKind engine : {EngineKind::interpreter, EngineKind::automatic}) {
    const Asked asked = ask(p, test::stream_probe("/child", child), engine);
    EXPECT_EQ(asked.value(forked), 1U);
    // The parent has left out the call after fork.
    EXPECT_EQ(asked.value(waited - 1), 0U);
    EXPECT_EQ(contents(asked.booted.outcome, "out/status"), std::string("\0\x2A\0\0\0\0\0\0", 8));
    EXPECT_EQ(times(asked.booted.outcome, "wait4-status"), 1U);
    ASSERT_EQ(asked.booted.programs.size(), 2U);
    const ImageRecord& image = asked.booted.programs.front();
    EXPECT_EQ(image.argv, (std::vector<std::string>{"child", "x"}));
    EXPECT_EQ(image.env, (std::vector<std::string>{"A=1", "B=2"}));
    EXPECT_EQ(image.status, 0x2A);
    EXPECT_EQ(image.depth, 1U);
    EXPECT_EQ(asked.booted.outcome.peaks.processes, 2U);
  }
}

TEST(BuilderHex0Calls, ProgramsThatBreakTheKernelStop) {
  const auto stop_of = [](const std::function<void(Hex0Probe&)>& fill) {
    Hex0Probe p;
    fill(p);
    return std::string(name_of(ask(p).booted.outcome.stop));
  };
  EXPECT_EQ(stop_of([](Hex0Probe& p) { p.write(9, "x"); }), "unopened-write");
  EXPECT_EQ(stop_of([](Hex0Probe& p) { p.call(0x2D, 0x0804'9000); }), "heap-shrinks");
  EXPECT_EQ(stop_of([](Hex0Probe& p) { p.call(0x2D, 0x4000'0000); }), "process-area");
  EXPECT_EQ(stop_of([](Hex0Probe& p) {
              p.call(2);
              p.call(2);
            }),
            "fork-twice");
  EXPECT_EQ(stop_of([](Hex0Probe& p) {
              p.call(0x0B, p.text("/none"), p.words({p.text("a"), 0}), p.words({0}));
            }),
            "missing-program");
  EXPECT_EQ(stop_of([](Hex0Probe& p) { p.call(0x0B, p.text("/probe"), p.words({0}), p.words({0})); }),
            "no-arguments");
  EXPECT_EQ(stop_of([](Hex0Probe& p) {
              p.call(0x0B, p.text("/probe"), p.words({p.text("a"), 0}), 0);
            }),
            "no-environment");
  EXPECT_EQ(stop_of([](Hex0Probe& p) {
              p.open("/out/a", kMakeFile);
              p.write(4, "abc");
              p.call(0x13, 4, 0x8000'0000, 0);
              p.write(4, "x");
            }),
            "limit-file-bytes");
}

// Revisions before e134ac7: with a fork all is well, without one the stack is lost.
TEST(BuilderHex0Calls, AnOlderKernelResetsTheStackOfAnExecveInPlace) {
  Hex0Probe child;
  child.exit(0);
  const auto stop_of = [&](bool forks, bool keeps) {
    Hex0Probe p;
    if (forks) p.call(2);
    p.call(0x0B, p.text("/child"), p.words({p.text("a"), 0}), p.words({0}));
    p.exit(0);
    const std::string stream =
        test::stream_probe("/child", child) + test::stream_probe("/probe", p) + "/probe x\n";
    return std::string(name_of(boot(stream, EngineKind::automatic, 32768, keeps).outcome.stop));
  };
  EXPECT_EQ(stop_of(false, true), "finished");
  EXPECT_EQ(stop_of(true, false), "finished");
  EXPECT_EQ(stop_of(false, false), "execve-in-place");
}

TEST(BuilderHex0Calls, EndlessProgramIsEnded) {
  Hex0Probe p;
  p.call(0x0B, p.text("/probe"), p.words({p.text("a"), 0}), p.words({0}));
  EXPECT_EQ(ask(p).booted.outcome.stop, Hex0Stop::limit_programs);
}

}  // namespace
}  // namespace assay::machine
