// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What programs of mescc and tcc, and the C libraries they are linked with, need besides.
#include <gtest/gtest.h>

#include <string_view>

#include "exec/file_times.h"
#include "exec/run.h"
#include "exec/testing/test_program.h"

namespace assay::exec {
namespace {

class CLibrary : public testing::TestWithParam<Engine> {
 protected:
  /// An x86 program: its end is an exit by the status in ebx.
  Outcome run(Bytes code) {
    for (const int byte : {0xb8, 1, 0, 0, 0, 0xcd, 0x80}) code.push_back(static_cast<Byte>(byte));
    const Bytes program = test_program::elf(code, 3, false);
    Request request;
    request.program = program;
    request.argv = {"prog"};
    request.files = &files_;
    request.times = &times_;
    request.engine = GetParam();
    Result<Outcome> outcome = exec::run(request);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome ? std::move(*outcome) : Outcome{};
  }
  /// The same; its status.
  int status(const Bytes& code) {
    const Outcome outcome = run(code);
    EXPECT_EQ(outcome.ending, Ending::exits) << outcome.reason;
    return outcome.status;
  }
  MemoryTree files_;
  FileTimes times_;
};

INSTANTIATE_TEST_SUITE_P(Engines, CLibrary, testing::Values(Engine::interpret, Engine::translate),
                         [](const auto& test) {
                           return test.param == Engine::interpret ? "interpret" : "translate";
                         });

// mescc's `!`: eax = 0 or not; ebx = 2 * al, and 1 more if jne jumps.
TEST_P(CLibrary, NotOfMescc) {
  const auto negated = [&](Byte number, Byte ah) {
    return status({0xb8, number, 0,    0,    0,           // mov eax, number
                   0xbb, 1,      0,    0,    0,           // mov ebx, 1
                   0x85, 0xc0,                            // test eax, eax
                   0x9f, 0x80,   0xf4, ah,   0x9e,        // lahf; xor ah, 0x40; sahf
                   0x0f, 0x94,   0xc0, 0x0f, 0xb6, 0xc0,  // sete al; movzx eax, al
                   0x75, 0x02,   0x31, 0xdb,              // jne over: xor ebx, ebx
                   0x8d, 0x1c,   0x43});                  // lea ebx, [ebx + 2 * eax]
  };
  EXPECT_EQ(negated(0, 0x40), 1);
  EXPECT_EQ(negated(5, 0x40), 2);
  EXPECT_EQ(negated(0, 0), 2) << "another constant";
  EXPECT_EQ(negated(5, 0), 1);
}

TEST_P(CLibrary, FlagsGoToAhAndBack) {
  // mov eax, -1; add eax, 1; lahf; mov bl, ah: carry, parity, adjust, zero
  EXPECT_EQ(status({0xb8, 0xff, 0xff, 0xff, 0xff, 0x83, 0xc0, 1, 0x9f, 0x31, 0xdb, 0x88, 0xe3}) & 0xff,
            0x57 & 0xff);
  // mov eax, ah << 8; sahf; setX bl, for carry, zero, sign
  const auto asks = [&](Byte ah, Byte set) {
    return status({0x31, 0xdb, 0xb8, 0, ah, 0, 0, 0x9e, 0x0f, set, 0xc3});
  };
  for (const auto& [bit, set] : {std::pair<Byte, Byte>{0x01, 0x92}, {0x40, 0x94}, {0x80, 0x98}}) {
    EXPECT_EQ(asks(bit, set), 1);
    EXPECT_EQ(asks(static_cast<Byte>(~bit), set), 0);
  }
  // The overflow is what it was before, and that nobody knows.
  EXPECT_EQ(run({0xbb, 0, 0, 0, 0, 0x9e, 0x0f, 0x90, 0xc3}).ending, Ending::undefined);
}

TEST_P(CLibrary, NumbersOfTheX87) {
  // 7 / 2, rounded to nearest; then with the control word's other roundings
  const auto quotient = [&](Byte control) {
    return status({0x6a, 7,    0xdb,    0x04, 0x24,                    // push 7; fild dword [esp]
                   0x6a, 2,    0xdb,    0x04, 0x24,                    // push 2; fild dword [esp]
                   0xde, 0xf9,                                         // fdivp
                   0x68, 0x7f, control, 0,    0,    0xd9, 0x2c, 0x24,  // push; fldcw [esp]
                   0xdb, 0x1c, 0x24,    0x5b});                        // fistp dword [esp]; pop ebx
  };
  EXPECT_EQ(quotient(0x03), 4);
  EXPECT_EQ(quotient(0x07), 3);
  EXPECT_EQ(quotient(0x0b), 4);
  EXPECT_EQ(quotient(0x0f), 3);
  // fld1; fldz; fucompp; fnstsw ax; mov bl, ah: 0 is less than 1
  EXPECT_EQ(status({0x31, 0xdb, 0xd9, 0xe8, 0xd9, 0xee, 0xda, 0xe9, 0xdf, 0xe0, 0x88, 0xe3}) & 1, 1);
  // An exception that is not masked is beyond this unit.
  const Outcome unmasked = run({0x6a, 0, 0xd9, 0x2c, 0x24});
  EXPECT_EQ(unmasked.ending, Ending::undefined);
  EXPECT_EQ(unmasked.reason, "unknown instruction at 0x600056");
  // Where nothing is: fld qword [0]
  EXPECT_EQ(run({0xdd, 0x05, 0, 0, 0, 0}).ending, Ending::crashes);
}

constexpr Byte kPathAt = 0x80;  // in the code, behind it

/// A call on the path at the code's end and esp, then ebx = the byte at esp + `from`.
Bytes asks(Byte call, Byte from, std::string_view path) {
  Bytes code{0x81, 0xec, 0,    1,    0,    0,                                 // sub esp, 256
             0xb8, call, 0,    0,    0,    0xbb, 0x54 + kPathAt, 0, 0x60, 0,  // eax, ebx
             0x89, 0xe1, 0xcd, 0x80,                                          // mov ecx, esp; int 0x80
             0x85, 0xc0, 0x74, 0x09, 0x89, 0xc3, 0xb8,           1, 0,    0,
             0,    0xcd, 0x80};  // an error is the status
  for (const int byte : {0x0f, 0xb6, 0x5c, 0x24, int{from}, 0xb8, 1, 0, 0, 0, 0xcd, 0x80})
    code.push_back(static_cast<Byte>(byte));
  code.resize(kPathAt);
  code.insert(code.end(), path.begin(), path.end());
  code.push_back(0);
  return code;
}

TEST_P(CLibrary, StatTellsOfFiles) {
  constexpr Byte kStat = 106, kLstat = 107, kStat64 = 195;
  files_.put("file", Bytes(77), 0640);
  (void)files_.create("link", NodeKind::link, 0777);
  files_.find("link")->target = "file";
  files_.put("dir/a", {});
  constexpr Byte kSize = 20, kSize64 = 44, kMode = 8, kKind = 9;  // of the structures
  EXPECT_EQ(status(asks(kStat, kSize, "file")), 77);
  EXPECT_EQ(status(asks(kStat64, kSize64, "file")), 77);
  EXPECT_EQ(status(asks(kStat, kMode, "file")), 0640 & 0xff);
  EXPECT_EQ(status(asks(kStat, kKind, "link")) & 0xf0, 0x80);
  EXPECT_EQ(status(asks(kLstat, kKind, "link")) & 0xf0, 0xa0);
  EXPECT_EQ(status(asks(kStat, kKind, "dir")) & 0xf0, 0x40);
  EXPECT_EQ(status(asks(kStat, kSize, "none")), 256 - 2);
  EXPECT_EQ(status(asks(kStat, kSize, "file/x")), 256 - 20);
  EXPECT_EQ(run(asks(kStat, kSize, "file")).reliances.front().what, "file-status");
}

// make compares them.
TEST_P(CLibrary, WhatIsWrittenLaterIsLater) {
  files_.put("a", {});
  files_.put("b", {});
  times_.write("b");
  times_.write("a");
  constexpr Byte kStat = 106, kWritten = 40;
  const int a = status(asks(kStat, kWritten, "a"));
  EXPECT_EQ(((a - status(asks(kStat, kWritten, "b"))) & 0xff), 1);
}

TEST_P(CLibrary, FilesGetOtherNames) {
  files_.put("old", Bytes(5));
  files_.put("new", Bytes(6));
  // rename("old", "new"): ecx points behind the first path
  Bytes code{0xb8, 38, 0,    0,    0,    0xbb, 0x54 + 0x40, 0, 0x60, 0, 0xb9, 0x54 + 0x44, 0,
             0x60, 0,  0xcd, 0x80, 0x89, 0xc3, 0xb8,        1, 0,    0, 0,    0xcd,        0x80};
  code.resize(0x40);
  for (const char c : std::string_view("old\0new\0", 8)) code.push_back(static_cast<Byte>(c));
  const Outcome outcome = run(code);
  EXPECT_EQ(outcome.status, 0) << outcome.reason;
  EXPECT_EQ(outcome.outputs, std::vector<std::string>{"new"});
  EXPECT_EQ(files_.find("old"), nullptr);
  EXPECT_EQ(files_.find("new")->bytes().size(), 5U);
}

}  // namespace
}  // namespace assay::exec
