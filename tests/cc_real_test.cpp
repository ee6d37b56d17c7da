// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The cc reference against the five real compilers: on the source of M2-Planet as the tree
// compiles it, on random programs (byte for byte), and on spoilt ones (exit status and message).
// Needs the tree and, for other machines, qemu-user; builds the real compilers once.
// ASSAY_CC_PROGRAMS is how many programs to try for each compiler (300).
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <cstdlib>
#include <map>
#include <set>

#include "cc/cc.h"
#include "cc/parser.h"
#include "command/host_files.h"
#include "core/digest.h"
#include "tests/support/cc_programs.h"
#include "tests/support/find_program.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

struct Real {
  std::string_view dialect;
  /// Empty: runs natively on AMD64. (x86 could, but its system calls may be very slow there.)
  std::string_view qemu;
  /// Name of the machine in M2libc.
  std::string_view library;
  std::size_t m2_size;
  /// SHA-256 of artifact/M2-0.M1 of release 1.9.1, as the real compiler wrote it.
  std::string_view m2_digest;
};

constexpr Real kReals[] = {
    {"x86", "qemu-i386", "x86", 1660694, "3a3be5f6c07907a2d94dd878037d4fdef490fa1db7606bbebf5de1ab67430e7f"},
    {"AMD64", "", "amd64", 1703256, "82f03b958af75528a313b80a4c5eec06bbea6c6152cc1e8d21bcccca88c6de52"},
    {"AArch64", "qemu-aarch64", "aarch64", 2325684,
     "0d4b7f7b82094173f60dc0f285d5c429fdc77b330ac688104c6a2797b1dbdc4d"},
    {"riscv32", "qemu-riscv32", "riscv32", 2842973,
     "783867445d5a40dc3a34ac94b2f68c2b406c21156ee3b39ee076c3777c926b24"},
    {"riscv64", "qemu-riscv64", "riscv64", 2850787,
     "53a56447aef2c8034c12e0401de037f7ee8973f233aaeae6fdd3b84adb33c106"},
};

std::size_t programs() {
  const char* wanted = std::getenv("ASSAY_CC_PROGRAMS");
  return wanted == nullptr ? 300 : std::strtoul(wanted, nullptr, 10);
}

class CcReal : public testing::TestWithParam<Real> {
 protected:
  void SetUp() override {
    const Real& real = GetParam();
    tree_ = find_tree("stage0-posix");
    if (!tree_) GTEST_SKIP() << "no tree stage0-posix in ASSAY_TREES or ~/.cache/assay";
    if (!real.qemu.empty()) {
      const std::optional<std::string> qemu = find_program(real.qemu);
      if (!qemu) GTEST_SKIP() << "no " << real.qemu;
      argv_.push_back(*qemu);
    }
    const std::filesystem::path tool = tree_->parent_path() / "real-tools" / real.dialect / "cc";
    if (!std::filesystem::exists(tool)) build(real.dialect);
    if (IsSkipped() || HasFatalFailure()) return;
    ASSERT_TRUE(std::filesystem::exists(tool));
    argv_.push_back(tool.string());
  }

  void build(std::string_view dialect) {
    const char* home = std::getenv("HOME");
    const char* path = std::getenv("PATH");
    const Finished built =
        run({.argv = {"/bin/bash", std::string(ASSAY_SOURCE_DIR) + "/tests/support/build_real_tools.sh",
                      std::string(dialect)},
             .env = {fmt::format("HOME={}", home != nullptr ? home : "/"),
                     fmt::format("PATH={}", path != nullptr ? path : "/usr/bin:/bin"),
                     fmt::format("ASSAY_TREES={}", tree_->parent_path().string())},
             .seconds = 250});
    ASSERT_EQ(built.status, "exit:0") << built.standard_error;
  }

  const cc::Dialect& dialect() const { return *cc::find_dialect(GetParam().dialect); }

  CcLimits limits() const {
    return {!dialect().member_test_broken, !dialect().member_test_broken, dialect().letters_in_hex};
  }

  Output ours(std::string_view text) const {
    NoDiagnostics none;
    return cc::compile({"in.c", as_bytes(text)}, {.dialect = &dialect()}, none);
  }

  Finished theirs(std::string_view text, Bytes& bytes, unsigned seconds) {
    scratch_.write("in.c", as_bytes(text));
    std::filesystem::remove(scratch_.file("out"));
    Command command{.argv = argv_, .cwd = scratch_.path(), .seconds = seconds};
    command.argv.insert(command.argv.end(), {"in.c", "out"});
    Finished finished = run(command);
    bytes = scratch_.read("out").value_or(Bytes{});
    return finished;
  }

  std::vector<std::string> argv_;
  std::optional<std::filesystem::path> tree_;
  Scratch scratch_;
};

std::string first_difference(ByteView ours, ByteView theirs) {
  std::size_t at = 0;
  while (at < ours.size() && at < theirs.size() && ours[at] == theirs[at]) ++at;
  const auto around = [at](ByteView bytes) {
    const std::size_t from = at > 200 ? at - 200 : 0;
    return as_text(bytes).substr(from, at - from + 60);
  };
  return fmt::format("at byte {}\nours: {}\ntheirs: {}", at, around(ours), around(theirs));
}

TEST_P(CcReal, CompilesM2PlanetAsRecorded) {
  Bytes source;
  for (const std::string& name : {fmt::format("M2libc/{}/linux/bootstrap.c", GetParam().library),
                                  std::string("M2-Planet/cc.h"), std::string("M2libc/bootstrappable.c"),
                                  std::string("M2-Planet/cc_globals.c"), std::string("M2-Planet/cc_reader.c"),
                                  std::string("M2-Planet/cc_strings.c"), std::string("M2-Planet/cc_types.c"),
                                  std::string("M2-Planet/cc_emit.c"), std::string("M2-Planet/cc_core.c"),
                                  std::string("M2-Planet/cc_macro.c"), std::string("M2-Planet/cc.c")}) {
    const Result<Bytes> part = read_host_file((*tree_ / name).string());
    ASSERT_TRUE(part) << part.error().message;
    source.insert(source.end(), part->begin(), part->end());
  }
  DiagnosticList list;
  const Output output =
      cc::compile({"M2-0.c", source}, {.dialect = &dialect(), .want_map = true, .want_warnings = true}, list);
  ASSERT_TRUE(output.succeeded());
  EXPECT_EQ(output.map.size(), output.bytes.size());
  EXPECT_EQ(output.bytes.size(), GetParam().m2_size);
  EXPECT_EQ(sha256(output.bytes), GetParam().m2_digest);
}

TEST_P(CcReal, RandomProgramsGiveTheSameBytes) {
  // Many programs in one file save starts of qemu, and pass the current type from one to the next.
  constexpr std::size_t kTogether = 25;
  std::size_t accepted = 0;
  std::uint32_t seed = 0;
  while (accepted < programs()) {
    std::string batch;
    std::size_t members = 0;
    while (members < kTogether) {
      ++seed;
      const std::string text = spell(cc_program(seed, fmt::format("p{}_", members), limits()), seed);
      if (!ours(batch + text).succeeded()) continue;
      batch += text;
      ++members;
    }
    const Output output = ours(batch);
    Bytes real;
    const Finished finished = theirs(batch, real, 240);
    ASSERT_EQ(finished.status, "exit:0") << "before seed " << seed << "\n" << finished.standard_error;
    ASSERT_TRUE(output.bytes == real) << "before seed " << seed << "\n"
                                      << first_difference(output.bytes, real);
    accepted += members;
  }
}

TEST_P(CcReal, SpoiltProgramsFailInTheSameWay) {
  const std::size_t tries = programs() / 4;
  std::map<std::string, std::size_t> seen;
  for (std::uint32_t seed = 1; seed <= tries; ++seed) {
    const std::string text = spell(spoil(cc_program(seed, "", {}), seed), seed);
    const Output output = ours(text);
    if (output.ending == Ending::undefined) continue;
    Bytes real;
    const Finished finished = theirs(text, real, output.ending == Ending::hangs ? 2 : 20);
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, text));
    ++seen[finished.status];
    switch (output.ending) {
      case Ending::exits:
        ASSERT_EQ(finished.status, fmt::format("exit:{}", output.status)) << output.standard_error;
        // The stray break message may begin with the bytes of an address.
        if (output.standard_error.starts_with("Not inside")) {
          ASSERT_TRUE(finished.standard_error.ends_with(output.standard_error)) << finished.standard_error;
        } else {
          ASSERT_EQ(finished.standard_error, output.standard_error);
        }
        ASSERT_TRUE(output.bytes == real) << first_difference(output.bytes, real);
        break;
      case Ending::crashes: ASSERT_EQ(finished.status, "signal:11"); break;
      case Ending::hangs: ASSERT_EQ(finished.status, "timeout"); break;
      case Ending::undefined: break;
    }
  }
  if (tries >= 50) {
    EXPECT_GT(seen["exit:0"], 0U);
    EXPECT_GT(seen["exit:1"], 0U);
    EXPECT_GT(seen["signal:11"], 0U);
  }
}

/// The comparison is worth what the programs reach.
TEST(CcPrograms, ReachEveryOperation) {
  std::set<cc::Op> reached;
  std::size_t accepted = 0;
  constexpr std::uint32_t kTried = 500;
  for (std::uint32_t seed = 1; seed <= kTried; ++seed) {
    const std::string text = spell(cc_program(seed, "", {}), seed);
    NoDiagnostics none;
    cc::Report report(none, false);
    cc::Names names;
    try {
      const std::vector<cc::Token> tokens = cc::read_tokens(as_bytes(text), names, report);
      const cc::Program program = cc::Parser(tokens, names, *cc::find_dialect("AMD64"), report).run();
      ++accepted;
      for (const cc::Operation& operation : program.operations) reached.insert(operation.op);
    } catch (const cc::Stop&) {
    }
  }
  EXPECT_EQ(reached.size(), cc::kOps);
  EXPECT_GT(accepted, kTried / 3);
}

INSTANTIATE_TEST_SUITE_P(Each, CcReal, testing::ValuesIn(kReals),
                         [](const testing::TestParamInfo<Real>& one) {
                           return std::string(one.param.dialect);
                         });

}  // namespace
}  // namespace assay::test
