// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Small programs that use tapes in all orders, here and in upstream's machine (`vm` in the tree stage0-vm):
// what lies on both tapes in the end, and whether the machine gives up.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "machine/knight/processor.h"
#include "machine/machine.h"
#include "machine/testing/guest_test.h"
#include "tests/support/subprocess.h"

namespace assay::machine {
namespace {

/// What a program may do next: LOADUI r0, and often r1, before the call. A tape that is open is not opened
/// again: what upstream's machine had not written of it by then comes at the end.
Bytes call_of(testing::Random& random, std::array<bool, 3>& open) {
  const unsigned device = random.below(8) == 0 ? 0x1102 : 0x1100 + random.below(2);
  const auto low = static_cast<Byte>(device & 0xFF);
  const auto load = [](Byte which, Byte high, Byte value) {
    return Bytes{0xE0, 0x00, 0x2D, static_cast<Byte>(0x20 | which), high, value};
  };
  Bytes code;
  const auto add = [&code](const Bytes& more) { code.insert(code.end(), more.begin(), more.end()); };
  const unsigned kind = random.below(6);
  if (kind < 2) {
    add(load(0, 0x11, low));
    const bool is_open = open[device - 0x1100];
    const unsigned call = random.below(16) == 0 ? 2 + random.below(2)
                          : is_open             ? 2 + random.below(2)
                                                : random.below(2);
    if (device != 0x1102) open[device - 0x1100] = call < 2 || (is_open && call == 3);
    add({0x42, 0x10, 0x00, static_cast<Byte>(call)});
  } else {
    if (kind > 3) add(load(0, 0, static_cast<Byte>('a' + random.below(26))));
    add(load(1, 0x11, low));
    add({0x42, 0x10, static_cast<Byte>(kind > 3 ? 2 : 1), 0x00});
  }
  return code;
}

TEST(KnightTapesTest, TapesDoWhatThoseOfUpstreamsMachineDo) {
  const auto tree = test::find_tree("stage0-vm");
  if (!tree || !std::filesystem::exists(*tree / "vm")) GTEST_SKIP() << "no stage0-vm with vm";
  constexpr std::uint64_t kSeed = 7;
  constexpr int kPrograms = 150;
  testing::Random random(kSeed);
  int halted = 0;
  for (int number = 0; number < kPrograms; ++number) {
    // Most begin with both tapes open, so that they come far.
    Bytes program;
    std::array<bool, 3> open{};
    if (random.below(8) != 0) {
      const bool writes = random.below(2) != 0;
      open = {true, true, false};
      program = {0xE0, 0x00, 0x2D, 0x20, 0x11, 0x00, 0x42, 0x10, 0x00, static_cast<Byte>(writes ? 1 : 0),
                 0xE0, 0x00, 0x2D, 0x20, 0x11, 0x01, 0x42, 0x10, 0x00, static_cast<Byte>(writes ? 0 : 1)};
    }
    for (unsigned calls = random.below(12); calls > 0; --calls) {
      const Bytes call = call_of(random, open);
      program.insert(program.end(), call.begin(), call.end());
    }
    program.insert(program.end(), 4, 0xFF);

    test::Scratch scratch;
    MemoryTree files;
    scratch.write("rom", program);
    files.put("rom", program);
    for (const char* const tape : {"tape_01", "tape_02"}) {
      if (random.below(8) == 0) continue;
      scratch.write(tape, as_bytes("0123456789"));
      files.put(tape, to_bytes("0123456789"));
    }
    Request request;
    request.program = "/rom";
    request.knight = KnightMachine{};
    const Result<Outcome> ours = run(files, request);
    ASSERT_TRUE(ours.has_value());
    const test::Finished theirs =
        test::run({.argv = {(*tree / "vm").string(), "--rom", "rom"}, .cwd = scratch.path()});
    const std::string what =
        fmt::format("seed {}, program {}: {}\n{}", kSeed, number, to_hex(program), theirs.standard_error);
    ASSERT_EQ(theirs.status, ours->stop == Stop::exited ? "exit:0" : "exit:1") << what << ours->message;
    ASSERT_TRUE(ours->stop == Stop::exited || ours->stop == Stop::device_fault) << what;
    if (ours->stop == Stop::exited) {
      ++halted;
      EXPECT_NE(theirs.standard_error.find(fmt::format("Executing {} instructions", ours->instructions)),
                std::string::npos)
          << what;
    }
    for (const char* const tape : {"tape_01", "tape_02"}) {
      const auto mine = files.read(tape);
      ASSERT_EQ(scratch.read(tape), mine ? std::optional(**mine) : std::nullopt) << what << tape;
    }
  }
  EXPECT_GT(halted, kPrograms / 4);
  EXPECT_LT(halted, kPrograms);
}

}  // namespace
}  // namespace assay::machine
