// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a replay says about small images that fail; the real chain is tests/live_bootstrap_image.py.
#include "bootstrap/replay/replay.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bootstrap/image/testing/synthetic_image.h"
#include "bootstrap/report/replay_report.h"
#include "tests/support/hex0_probe.h"

namespace assay::bootstrap {
namespace {

using test::Hex0Probe;

Replay replay_of(const std::string& stream, const ReplayOptions& options = {}) {
  image::SyntheticImage synthetic;
  synthetic.stream = stream;
  const auto parsed = image::parse_builder_hex0_image(image::memory_medium(synthetic.bytes()));
  EXPECT_TRUE(parsed);
  Result<Replay> done = replay(*parsed, options);
  EXPECT_TRUE(done);
  return std::move(*done);
}

const Finding* finding(const Replay& replay, std::string_view id) {
  const auto found = std::find_if(replay.chain.findings.begin(), replay.chain.findings.end(),
                                  [&](const Finding& one) { return one.id == id; });
  return found == replay.chain.findings.end() ? nullptr : &*found;
}

std::string program(std::string_view path, std::uint32_t status) {
  Hex0Probe probe;
  probe.exit(status);
  return test::stream_probe(path, probe);
}

TEST(Replay, AProgramThatFailsIsTheReason) {
  const Replay replay = replay_of(program("/boot", 3) + "/boot /kaem.x86\n");
  EXPECT_EQ(replay.outcome.stop, machine::Hex0Stop::finished);
  EXPECT_EQ(replay.chain.verdict, ChainVerdict::fail);
  ASSERT_TRUE(replay.failure);
  EXPECT_EQ(replay.programs[*replay.failure].program, "boot");
  EXPECT_EQ(replay.programs[*replay.failure].status, 3);
  ASSERT_NE(finding(replay, "boot-failed"), nullptr);
  const std::string text = replay_text(replay, false);
  EXPECT_NE(text.find("failed because of '/boot /kaem.x86' in '/'"), std::string::npos) << text;
  EXPECT_NE(text.find("    | Build finished.\n"), std::string::npos) << text;
}

TEST(Replay, AMissingProgramIsWhereItStops) {
  const Replay replay = replay_of(program("/boot", 0) + "/boot x\n/none x\n");
  EXPECT_EQ(replay.outcome.stop, machine::Hex0Stop::missing_program);
  ASSERT_NE(finding(replay, "boot-missing-program"), nullptr);
  EXPECT_EQ(replay.chain.verdict, ChainVerdict::fail);
}

// A seed of kaem that runs something else than the script says.
TEST(Replay, AnotherCommandThanTheScriptsIsTold) {
  Hex0Probe kaem;
  kaem.call(2);
  kaem.call(0x0B, kaem.text("/other"), kaem.words({kaem.text("/other"), 0}), kaem.words({0}));
  kaem.exit(0);
  const Replay replay = replay_of(
      test::stream_directory("/bootstrap-seeds") + test::stream_directory("/bootstrap-seeds/POSIX") +
      test::stream_directory("/bootstrap-seeds/POSIX/x86") + program("/other", 0) +
      test::stream_probe("/bootstrap-seeds/POSIX/x86/kaem-optional-seed", kaem) +
      test::stream_file("/kaem.x86", "./bootstrap-seeds/POSIX/x86/hex0-seed a b\n") +
      "/bootstrap-seeds/POSIX/x86/kaem-optional-seed /kaem.x86\n");
  const Finding* const other = finding(replay, "boot-other-command");
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(other->file, "kaem.x86");
  EXPECT_EQ(other->line, 1U);
  EXPECT_EQ(replay.programs.size(), 2U);
}

TEST(Replay, TheLastNameIsNamed) {
  std::string stream;
  for (int name = 0; name < 14'333; ++name) stream += fmt::format("src 0 /f{}\n", name);
  const Replay full = replay_of(stream);
  ASSERT_NE(finding(full, "boot-limit-names"), nullptr);
  stream.erase(stream.rfind("src"));
  const Replay almost = replay_of(stream);
  EXPECT_EQ(almost.outcome.peaks.names, 14'332U);
  EXPECT_EQ(finding(almost, "boot-limit-names"), nullptr);
  EXPECT_NE(finding(almost, "boot-near-limit"), nullptr);
}

TEST(Replay, OurOwnLimitIsNoFailureOfTheImage) {
  Hex0Probe probe;
  for (int call = 0; call < 50; ++call) probe.call(0x2D, 0);
  probe.exit(0);
  ReplayOptions options;
  options.instructions = 20;
  const Replay replay = replay_of(test::stream_probe("/boot", probe) + "/boot x\n", options);
  EXPECT_EQ(replay.outcome.stop, machine::Hex0Stop::limit_instructions);
  EXPECT_EQ(replay.chain.verdict, ChainVerdict::incomplete);
  EXPECT_TRUE(replay.last_program);
  EXPECT_NE(finding(replay, "boot-no-chain"), nullptr);
}

TEST(Replay, ACutIsToldAsSuchAndIsNoPass) {
  Hex0Probe probe;
  for (int call = 0; call < 50; ++call) probe.call(0x2D, 0);
  probe.exit(0);
  ReplayOptions options;
  options.instructions = 20;
  const Replay replay = replay_of(test::stream_probe("/boot", probe) + "/boot x\n", options);
  EXPECT_TRUE(replay.cut);
  const Overall overall = overall_of(replay);
  EXPECT_EQ(overall.verdict, OverallVerdict::incomplete);
  EXPECT_EQ(overall.exit_status(), 2);
  EXPECT_NE(overall.reasons.front().find("limit-instructions"), std::string::npos) << overall.reasons.front();
  EXPECT_NE(overall.reasons.front().find("followed to '/boot x'"), std::string::npos)
      << overall.reasons.front();
}

// A synthetic stage2 is no revision of the kernel: whatever the replay shows, it shows of another one.
TEST(Replay, AnotherKernelIsIncomplete) {
  const Replay replay = replay_of(program("/boot", 0) + "/boot x\n");
  EXPECT_TRUE(replay.other_kernel());
  EXPECT_EQ(replay.chain.verdict, ChainVerdict::incomplete);
  ASSERT_NE(finding(replay, "boot-other-kernel"), nullptr);
  const Overall overall = overall_of(replay);
  EXPECT_EQ(overall.verdict, OverallVerdict::incomplete);
  EXPECT_TRUE(overall.reasons.front().starts_with("another kernel")) << overall.reasons.front();
}

TEST(Replay, ProgressEndsWithEveryByteOfTheStreamSeen) {
  std::vector<std::string> phases;
  std::uint64_t loaded = 0;
  ReplayOptions options;
  options.on_progress = [&](const ReplayOptions::Progress& progress) {
    if (phases.empty() || phases.back() != progress.phase) phases.emplace_back(progress.phase);
    if (progress.phase == "load") {
      EXPECT_GE(progress.done, loaded);
      EXPECT_LE(progress.done, progress.total);
      loaded = progress.done;
    }
  };
  replay_of(program("/boot", 0) + "/boot x\n", options);
  EXPECT_EQ(phases, (std::vector<std::string>{"load", "beyond"}));
}

// Whatever bytes a program's words hold, the reports can be written.
TEST(Replay, HostileWordsMakeNoHostileReport) {
  const Replay replay = replay_of(program("/bo\xFF\x1B", 1) + "/bo\xFF\x1B \x1B[2J\xC0\n");
  EXPECT_EQ(replay_text(replay, false).find('\x1B'), std::string::npos);
  nlohmann::json report{{"image", nlohmann::json::object()},
                        {"chains", nlohmann::json::array()},
                        {"findings", nlohmann::json::array()}};
  add_replay(report, replay);
  EXPECT_FALSE(report.dump().empty());
  EXPECT_EQ(report["image"]["replay"]["stopped_by"]["status"], 1);
}

}  // namespace
}  // namespace assay::bootstrap
