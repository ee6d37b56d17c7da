// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What instructions do, a row each; faults, devices and limits. The results of rows are those of upstream's
// machine, which knight_differential_test.cpp asks itself where it is at hand.
#include "machine/knight/knight.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "machine/knight/processor.h"
#include "machine/observer.h"
#include "machine/watch.h"

namespace assay::machine {
namespace {

Bytes from_hex(std::string_view text) {
  Bytes bytes;
  unsigned digits = 0;
  unsigned value = 0;
  for (const char c : text) {
    if (c == ' ') continue;
    value = value << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'A' + 10);
    if (++digits % 2 == 0) bytes.push_back(static_cast<Byte>(value & 0xFF));
  }
  return bytes;
}

/// The registers with a value, as "r1=0x20 r15=0x4".
std::string registers_of(const StopState& state) {
  std::string text;
  for (std::size_t i = 0; i < state.registers.size(); ++i) {
    if (state.registers[i] != 0)
      text += fmt::format("{}r{}={:x}", text.empty() ? "" : " ", i, state.registers[i]);
  }
  return text;
}

class KnightTest : public testing::Test {
 protected:
  MemoryTree tree_;
  Request request_;

  KnightTest() {
    request_.program = "/rom";
    request_.argv = {"rom"};
    request_.knight = KnightMachine{};
    request_.limits.image_instructions = 100'000;
  }

  Outcome run(std::string_view program) {
    tree_.put("rom", from_hex(program));
    Result<Outcome> outcome = machine::run(tree_, request_);
    EXPECT_TRUE(outcome.has_value());
    return outcome ? std::move(*outcome) : Outcome{};
  }
  /// "stop: message".
  std::string stop_of(std::string_view program) {
    const Outcome outcome = run(program);
    return fmt::format("{}: {}", name_of(outcome.stop), outcome.message);
  }
  std::string text_of(const std::string& path) {
    const auto bytes = tree_.read(path);
    return bytes ? std::string(as_text(**bytes)) : "(none)";
  }
};

struct Case {
  const char* name;
  const char* program;  ///< behind it stands an instruction that is unknown, where it stops
  const char* registers;
};

// LOADUI rN: E0 00 2D 2N ii ii.
#define R1(value) "E0002D21" value
#define R2(value) "E0002D22" value
constexpr Case kCases[] = {
    {"immediates have a sign, also unsigned ones", R1("8000") "E0002D12FFFF", "r1=ffff8000 r2=ffffffff"},
    {"ADD", R1("0005") R2("FFFE") "05000312", "r1=5 r2=fffffffe r3=3"},
    {"SUB", R1("0005") R2("0007") "05002312", "r1=5 r2=7 r3=fffffffe"},
    {"CMP is signed", R1("0005") R2("FFFF") "05004312", "r1=5 r2=ffffffff r3=4"},
    {"CMPU is not", R1("0005") R2("FFFF") "05005312", "r1=5 r2=ffffffff r3=1"},
    {"CMP of equals", R1("0005") "05004311", "r1=5 r3=2"},
    {"ADDU.CO carries", R1("0005") R2("FFFF") "01043125", "r1=5 r2=ffffffff r3=4 r5=20"},
    {"ADDU.CI takes the carry",
     R1("0005") "E0002D250020"
                "01033115",
     "r1=5 r3=b r5=20"},
    {"MULTIPLY rounds its high half towards zero", R1("0005") R2("FFFF") "010C3412",
     "r1=5 r2=ffffffff r3=fffffffb"},
    {"MULTIPLYU", R1("0005") R2("FFFF") "010D3412", "r1=5 r2=ffffffff r3=fffffffb r4=4"},
    {"MULH of words is nothing", R1("0005") R2("FFFF") "05007312", "r1=5 r2=ffffffff"},
    {"MULUH", R1("0005") R2("FFFF") "05009312", "r1=5 r2=ffffffff r3=4"},
    {"DIVIDE", R1("FFF9") R2("0002") "010E3412", "r1=fffffff9 r2=2 r3=fffffffd r4=ffffffff"},
    {"MODU", R1("FFF9") R2("0002") "0500D312", "r1=fffffff9 r2=2 r3=1"},
    {"SORT", R1("FFF9") R2("0002") "01123412", "r1=fffffff9 r2=2 r3=2 r4=fffffff9"},
    {"MUX", R1("00F0") R2("0FFF") "01103102", "r1=f0 r2=fff r3=f0"},
    {"NMUX", R1("00F0") R2("0FFF") "01113102", "r1=f0 r2=fff r3=f0f"},
    {"MAXU", R1("FFF9") R2("0002") "05011312", "r1=fffffff9 r2=2 r3=fffffff9"},
    {"logic",
     R1("000C") R2("000A") "05020312"
                           "05026412"
                           "05027512",
     "r1=c r2=a r3=8 r4=2 r5=4"},
    {"CPQ and BPQ",
     R1("000C") R2("000A") "05028312"
                           "05029412",
     "r1=c r2=a r3=fffffffb r4=fffffffd"},
    {"SAR fills with zeros", R1("FFF0") R2("0004") "05031312", "r1=fffffff0 r2=4 r3=fffffff"},
    {"SAL counts in five bits", R1("0001") R2("0021") "05030312", "r1=1 r2=21 r3=2"},
    {"SL0 does not", R1("0001") R2("0021") "05032312", "r1=1 r2=21"},
    {"SR1", R1("0001") R2("0004") "05035312", "r1=1 r2=4 r3=f0000000"},
    {"ROL goes right", R1("0001") R2("0004") "05036312", "r1=1 r2=4 r3=10000000"},
    {"ROR goes left", R1("0001") R2("0004") "05037312", "r1=1 r2=4 r3=10"},
    {"NEG, ABS, NABS",
     R1("0007") "09000021"
                "09000132"
                "09000241",
     "r1=7 r2=fffffff9 r3=7 r4=fffffff9"},
    {"SWAP", R1("0007") "09000312", "r2=7"},
    {"MOVE", R1("0007") "09000521", "r2=7"},
    {"NOT", R1("0007") "09000621", "r1=7 r2=fffffff8"},
    {"READPC is behind itself",
     "00000000"
     "0D000001",
     "r1=8"},
    {"READSCID, FALSE, TRUE",
     R1("0007") "0D000021"
                "0D000012"
                "0D000033",
     "r2=2 r3=ffffffff"},
    {"SET.GE", R1("0002") "E10001120009", "r1=2 r2=9"},
    {"SET.G not", R1("0002") R2("0003") "E10000120009", "r1=2"},
    {"ADDI, SUBI, CMPI",
     R1("0002") "E1000E21FFFF"
                "E10010310001"
                "E10012410002",
     "r1=2 r2=1 r3=1 r4=2"},
    {"ANDI has a sign",
     "0D000031"
     "E100B021FF00",
     "r1=ffffffff r2=ffffff00"},
    {"STORE and LOAD, the highest byte first",
     "E0002D217FFF" R2("0100") "E10020120000"
                               "E10014320003",
     "r1=7fff r2=100 r3=ffffffff"},
    {"LOADX16 has a sign",
     R1("0002") "0503B312"
                "0503B402",
     "r1=2 r3=2d21 r4=ffffe000"},
    {"LOADR is from behind itself",
     "3C000004"
     "12345678"
     "E0002E01FFF6",
     "r1=12345678"},
    {"PUSHR and POPR",
     R1("0007") R2("0100") "09020012"
                           "09020042"
                           "09028032"
                           "09028052",
     "r1=7 r2=100 r5=7"},
    {"POP8 has a sign",
     R1("00FF") R2("0100") "09020112"
                           "09028132",
     "r1=ff r2=100 r3=ffffffff"},
    {"JUMP",
     "3C000004"
     "00000001"
     "00000000",
     ""},
    {"JUMP.Z taken",
     "E0002C910004"
     "00000001"
     "00000000",
     ""},
    {"JUMP.P of zero",
     "E0002CB10004"
     "00000001"
     "00000000",
     ""},
    {"JUMP.NP not",
     "E0002CC10004"
     "0D000031",
     "r1=ffffffff"},
    {"CMPJUMPI.L",
     R1("0002") "E100C5010004"
                "00000001"
                "00000000",
     "r1=2"},
    {"CMPJUMP.E to a register",
     R1("000E") "05052111"
                "00000001",
     "r1=e"},
    {"CMPSKIPI.L over four bytes",
     R1("FFFE") "E000A0510002"
                "00000001"
                "00000000",
     "r1=fffffffe"},
    {"CMPSKIPI.NE over six, of an immediate without sign",
     R1("FFFE") "E000A031FFFE"
                "E00000000000"
                "0D000032",
     "r1=fffffffe r2=ffffffff"},
    {"CMPSKIPU.G",
     R1("FFFE") R2("0002") "09038012"
                           "00000001"
                           "00000000",
     "r1=fffffffe r2=2"},
    {"CALLI and RET",
     "E0002D2F0100"
     "E0002D0F000A"
     "E0002D220005"
     "3C00000A"
     "E0002D210003"
     "0D01001F",
     "r1=3 r2=5 r15=100"},
    {"CALL",
     "E0002D2F0100"
     "E0002D210014"
     "0901011F"
     "00000001"
     "E100133FFFFC",
     "r1=14 r3=10 r15=104"},
    {"BRANCH leaves the stack",
     "E0002D2F0100"
     "E0002D210014"
     "0901001F"
     "00000001"
     "E100133F0000",
     "r1=14 r3=10 r15=100"},
    {"PUSHPC",
     "E0002D2F0100"
     "0D02000F"
     "E100132FFFFC",
     "r2=a r15=104"},
    {"POPPC",
     "E0002D2F0100"
     "E0002D210014"
     "0902001F"
     "0D02001F",
     "r1=14 r15=100"},
    {"JSR_COROUTINE",
     R1("000E") "0D010001"
                "00000001",
     "r1=e"},
    {"HAL_MEM", "42110000", "r0=4000"},
    {"FGETC of an unknown device", R1("0055") "42100100", "r0=ffffffff r1=55"},
    {"FGETC of the console", "42100100", "r0=68"},
};
#undef R1
#undef R2

TEST_F(KnightTest, InstructionsDoWhatUpstreamsMachineDoes) {
  request_.standard_input = to_bytes("hi");
  for (const Case& one : kCases) {
    const Outcome outcome = run(std::string(one.program) + "00000001");
    EXPECT_EQ(name_of(outcome.stop), "unknown-instruction") << one.name;
    EXPECT_EQ(outcome.images[0].address, from_hex(one.program).size()) << one.name;
    EXPECT_EQ(registers_of(outcome.images[0].state), one.registers) << one.name;
  }
}

TEST_F(KnightTest, EveryRowIsFoundByItsBytesAndNamedOnce) {
  std::set<std::string_view> names;
  for (const knight::Row& row : knight::rows()) EXPECT_TRUE(names.insert(row.name).second) << row.name;
  const auto name = [](std::string_view bytes) {
    const knight::Instruction instruction = knight::decode(from_hex(bytes));
    return instruction.row == nullptr ? std::string_view("-") : instruction.row->name;
  };
  EXPECT_EQ(name("01130000"), "SORTU");
  EXPECT_EQ(name("01140000"), "-");
  EXPECT_EQ(name("05014000"), "-") << "PACK was taken out of the machine";
  EXPECT_EQ(name("0504B000"), "STOREX32");
  EXPECT_EQ(name("0903850F"), "CMPSKIPU.L");
  EXPECT_EQ(name("0903820F"), "-");
  EXPECT_EQ(name("0D02001F"), "POPPC");
  EXPECT_EQ(name("0DFFFFFF"), "-");
  EXPECT_EQ(name("E1FFD5010000"), "CMPJUMPUI.L") << "the second byte says nothing";
  EXPECT_EQ(name("E000A15A0000"), "CMPSKIPUI.L");
  EXPECT_EQ(name("3C010000"), "-");
  EXPECT_EQ(name("42100003"), "REWIND");
  EXPECT_EQ(name("42100004"), "-") << "FSEEK is in the reference alone";
  EXPECT_EQ(name("00000000"), "NOP");
  EXPECT_EQ(name("00000001"), "-");
  EXPECT_EQ(name("FF123456"), "HALT");
}

TEST_F(KnightTest, WordSizesDiffer) {
  const char* const kTrueAndScid =
      "0D00003A"
      "0D00001B"
      "FFFFFFFF";
  for (const auto& [bits, expected] :
       {std::pair{16U, "r10=ffff r11=1"}, {32U, "r10=ffffffff r11=2"}, {64U, "r10=ffffffffffffffff r11=3"}}) {
    request_.knight->word_bits = bits;
    request_.limits.image_instructions = 2;
    EXPECT_EQ(registers_of(run(kTrueAndScid).images[0].state), expected);
  }
  request_.knight->word_bits = 16;
  EXPECT_EQ(stop_of("E10018120000"), "unknown-instruction: unknown instruction e10018120000 at 0x0")
      << "LOAD32 of 16 bits";
}

TEST_F(KnightTest, HaltIsCountedAndEndsWell) {
  const Outcome outcome =
      run("00000000"
          "FFFFFFFF");
  EXPECT_EQ(outcome.stop, Stop::exited);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.instructions, 2U);
  EXPECT_EQ(outcome.images[0].instructions, 2U);
  EXPECT_EQ(outcome.peak_memory, 16U * 1024);
}

TEST_F(KnightTest, FaultsAreNamed) {
  EXPECT_EQ(stop_of("00000000"
                    "77001122"
                    "00000000"),
            "unknown-instruction: unknown instruction 77001122 at 0x4");
  EXPECT_EQ(stop_of("E00000120000"), "unknown-instruction: unknown instruction e00000120000 at 0x0");
  EXPECT_EQ(stop_of("42000002"), "unknown-instruction: unknown instruction 42000002 at 0x0")
      << "calls of the machine's POSIX mode";
  EXPECT_EQ(stop_of("0500A012"), "arithmetic-fault: division fault at 0x0");
  EXPECT_EQ(stop_of("E0002D214000"
                    "E10013210000"),
            "memory-fault: memory fault at 0x6, address 0x4000");
  EXPECT_EQ(stop_of("E0002D213FFC"
                    "E10013210000"),
            "memory-fault: memory fault at 0x6, address 0x3ffc")
      << "the last byte of memory cannot be read";
  EXPECT_EQ(stop_of("3C003FFB"),
            "memory-fault: the instruction at 0x3fff is not within the memory of 16384 bytes");
  request_.knight->word_bits = 64;
  EXPECT_EQ(stop_of("0D000031"
                    "0D010001"),
            "memory-fault: the instruction at 0xffffffffffffffff is not within the memory of 16384 bytes");
  request_.knight->word_bits = 32;
  EXPECT_EQ(stop_of("0D010000"), "limit-instructions: 100000 instructions of 'rom'") << "goes round for ever";
}

TEST_F(KnightTest, ProgramsHaveToFit) {
  request_.knight->memory = 8;
  EXPECT_EQ(stop_of("00000000"
                    "FFFFFFFF"),
            "exited: ");
  EXPECT_EQ(stop_of("00000000"
                    "00000000"
                    "FF"),
            "bad-program: 'rom' has 9 bytes, the machine's memory 8");
  request_.knight->memory = std::uint64_t{1} << 31;
  EXPECT_EQ(stop_of("FFFFFFFF"), "limit-memory: 2147483648 bytes of memory; the limit is 1073741824");
  request_.program = "/none";
  EXPECT_EQ(machine::run(tree_, request_).error().id, "file-not-found");
}

// Opens tape 1 for reading (r0 = 0x1100) and tape 2 for writing.
constexpr const char* kOpen =
    "E0002D201100"
    "42100000"
    "E0002D201101"
    "42100001";
// Copies a byte from tape 1 to tape 2 and is fourteen bytes longer than FGETC; r2 = 0x1100, r3 = 0x1101.
constexpr const char* kCopy =
    "E0002D211100"
    "42100100"
    "E0002D211101"
    "42100200";

TEST_F(KnightTest, TapesAreFilesOfTheTree) {
  request_.knight->tape_01 = "in";
  request_.knight->tape_02 = "dir/out";
  tree_.put("in", to_bytes("xyz"), 0600);
  tree_.put("dir/out", to_bytes("what was there before"));
  const Outcome outcome = run(std::string(kOpen) + kCopy + kCopy + "FFFFFFFF");
  EXPECT_EQ(outcome.stop, Stop::exited) << outcome.message;
  EXPECT_EQ(text_of("dir/out"), "xy") << "opening for writing empties a tape; it need not be closed";
  const ImageRecord& image = outcome.images[0];
  ASSERT_EQ(image.inputs.size(), 1U);
  EXPECT_EQ(image.inputs[0].path, "in");
  EXPECT_EQ(image.inputs[0].mode, 0600U);
  ASSERT_EQ(image.outputs.size(), 1U);
  EXPECT_EQ(image.outputs[0].path, "dir/out");
  EXPECT_EQ(as_text(*image.outputs[0].bytes), "xy");
}

TEST_F(KnightTest, ANewTapeIsMadeWithTheUsualMode) {
  tree_.put("tape_01", {});
  run(std::string(kOpen) + "FFFFFFFF");
  EXPECT_EQ(text_of("tape_02"), "");
  EXPECT_EQ(tree_.info("tape_02")->mode, 0644U);
}

TEST_F(KnightTest, RewindingBeginsAgain) {
  tree_.put("tape_01", to_bytes("xyz"));
  const std::string rewind =
      "E0002D201100"
      "42100003";
  run(kOpen + std::string(kCopy) + kCopy + rewind + kCopy + "FFFFFFFF");
  EXPECT_EQ(text_of("tape_02"), "xyx");
  const std::string rewind_output =
      "E0002D201101"
      "42100003";
  run(kOpen + std::string(kCopy) + kCopy + rewind_output + kCopy + "FFFFFFFF");
  EXPECT_EQ(text_of("tape_02"), "zy") << "what lies behind is kept";
}

TEST_F(KnightTest, TapesThatAreNotThereAreFaultsOfDevices) {
  EXPECT_EQ(stop_of(kOpen), "device-fault: tape 1: there is no file 'tape_01' at 0x6");
  EXPECT_EQ(run(kOpen).images[0].missing, std::vector<std::string>{"tape_01"});
  EXPECT_EQ(stop_of(kCopy), "device-fault: FGETC of tape 1, which is not open at 0x6");
  tree_.put("tape_01", to_bytes("x"));
  const std::string close =
      "E0002D201101"
      "42100002";
  EXPECT_EQ(stop_of(kOpen + close + close), "device-fault: FCLOSE of tape 2, which is not open at 0x24");
  request_.knight->tape_02 = "none/out";
  EXPECT_EQ(stop_of(std::string(kOpen) + "FFFFFFFF"), "exited: ") << "nobody asked";
  EXPECT_EQ(stop_of(std::string(kOpen) + kCopy).substr(0, 56),
            "device-fault: FPUTC of tape 2, which is not open: no suc");
}

TEST_F(KnightTest, TheConsoleIsReadAndWritten) {
  request_.standard_input = to_bytes("a");
  std::string seen;
  request_.on_console = [&](ByteView bytes, bool) { seen += as_text(bytes); };
  const Outcome outcome =
      run("42100100"
          "42100200"
          "42100100"
          "42100200"
          "FFFFFFFF");
  EXPECT_EQ(as_text(outcome.standard_output), "a\xFF") << "the end is -1";
  EXPECT_EQ(seen, "a\xFF");
}

TEST_F(KnightTest, OutputIsBounded) {
  request_.limits.output_bytes = 10;
  EXPECT_EQ(stop_of("42100200"
                    "3C00FFF8"),
            "limit-output: more than 10 bytes written at 0x0");
}

TEST_F(KnightTest, WhatIsKnownNeedNotRun) {
  int ended = 0;
  request_.known = [](const ImageRecord&) {
    KnownRun known;
    known.status = 3;
    known.instructions = 77;
    NodeState state;
    state.kind = NodeKind::file;
    state.bytes = std::make_shared<Bytes>(to_bytes("known"));
    known.changes.emplace_back("out", state);
    return known;
  };
  request_.on_end = [&](const ImageRecord& image) { ended += image.status; };
  const Outcome outcome = run("00000001");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.instructions, 77U);
  EXPECT_EQ(text_of("out"), "known");
  EXPECT_EQ(ended, 3);
}

TEST_F(KnightTest, TheLastInstructionsCanBeLookedAt) {
  request_.dumps = {{"r1", 0, 4}, {"", 0x3FFE, 64}};
  const Outcome outcome =
      run("E0002D210006"
          "0D000032"
          "00000001");
  ASSERT_EQ(outcome.stop, Stop::unknown_instruction);
  ASSERT_EQ(outcome.images[0].state.memory.size(), 2U);
  EXPECT_EQ(to_hex(outcome.images[0].state.memory[0].bytes), "0d000032");
  EXPECT_EQ(outcome.images[0].state.memory[1].bytes.size(), 2U) << "memory ends";
  const Result<Recent> recent = look_back(tree_, request_, outcome.images[0], {});
  ASSERT_TRUE(recent.has_value()) << recent.error().message;
  ASSERT_EQ(recent->instructions.size(), 3U);
  EXPECT_EQ(to_hex(recent->instructions[0].bytes), "e0002d210006");
  EXPECT_TRUE(recent->instructions[1].done);
  EXPECT_EQ(recent->instructions[2].pc, 10U);
  EXPECT_FALSE(recent->instructions[2].done);
}

TEST_F(KnightTest, SizesOfMemory) {
  EXPECT_EQ(memory_size_in("48K"), 48U * 1024);
  EXPECT_EQ(memory_size_in("2M"), 2U << 20);
  EXPECT_EQ(memory_size_in("1G"), 1U << 30);
  EXPECT_EQ(memory_size_in("100"), 100U);
  for (const char* const wrong : {"", "K", "4X", "-1", "4 K", "99999999999999999999", "1024G"})
    EXPECT_FALSE(memory_size_in(wrong)) << wrong;
}

}  // namespace
}  // namespace assay::machine
