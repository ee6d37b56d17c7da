// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the random programs (x86_native_test.cpp) do not show: what is not known, what faults and how,
// how instructions are counted, and invariants of the translation.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "machine/engine/engine.h"
#include "machine/testing/x86_random.h"
#include "machine/x87/unit.h"

namespace assay::machine {
namespace {

constexpr std::uint64_t kCode = 0x1000;
constexpr std::uint64_t kData = 0x2000;
constexpr std::uint64_t kEnd = 0x3000;  ///< nothing is mapped from here on

struct Ran {
  Exit exit = Exit::no_budget;
  Cpu cpu;
  std::uint64_t retired = 0;
  std::unique_ptr<Memory> memory;
};

// Runs code from kCode until something stops it. rsp starts at the end of the data.
Ran run_code(std::string_view isa_name, const Bytes& code, EngineKind engine,
             const std::vector<std::pair<unsigned, std::uint64_t>>& registers = {}) {
  const Isa& isa = *find_isa(isa_name);
  Ran ran;
  ran.memory = *Memory::create();
  EXPECT_TRUE(ran.memory->reserve_image(kCode, kEnd));
  ran.memory->load(kCode, code, kData - kCode, kPageRead | kPageWrite | kPageExecute);
  ran.memory->load(kData, {}, kEnd - kData, kPageRead | kPageWrite);
  ran.cpu.pc = kCode;
  ran.cpu.slots[isa.stack_pointer] = kEnd;
  for (const auto& [slot, value] : registers) ran.cpu.slots[slot] = value;
  constexpr std::uint64_t kBudget = 10000;
  ran.cpu.remaining = kBudget;
  ran.exit = make_engine(engine, isa, *ran.memory)->run(ran.cpu);
  ran.retired = kBudget - ran.cpu.remaining;
  return ran;
}

struct Way {
  std::string_view isa;
  EngineKind engine;
};

std::vector<Way> ways() {
  std::vector<Way> list;
  for (const std::string_view isa : {"amd64", "x86"}) {
    list.push_back({isa, EngineKind::interpreter});
    if (translator_available()) list.push_back({isa, EngineKind::translator});
  }
  return list;
}

std::string name_of_way(const testing::TestParamInfo<Way>& way) {
  return fmt::format("{}_{}", way.param.isa,
                     way.param.engine == EngineKind::interpreter ? "interpreter" : "translator");
}

class X86 : public testing::TestWithParam<Way> {
 protected:
  static bool is64() { return GetParam().isa == "amd64"; }
  static Ran run(const Bytes& code, const std::vector<std::pair<unsigned, std::uint64_t>>& registers = {}) {
    return run_code(GetParam().isa, code, GetParam().engine, registers);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, X86, testing::ValuesIn(ways()), name_of_way);

TEST_P(X86, UnknownInstructionsStopAtTheirAddress) {
  std::vector<Bytes> unknown = {
      {0xF4},                    // hlt
      {0xE4, 0x10},              // in
      {0xEF},                    // out
      {0xFA},                    // cli
      {0x0F, 0x0B},              // ud2
      {0x0F, 0xA2},              // cpuid
      {0x0F, 0x31},              // rdtsc
      {0x0F, 0x01, 0xD0},        // xgetbv
      {0x0F, 0xC7, 0xF0},        // rdrand
      {0x66, 0x0F, 0xFE, 0xC0},  // paddd
      {0xF3, 0x0F, 0xB8, 0xC1},  // popcnt
      {0xF3, 0x0F, 0xBC, 0xC1},  // tzcnt
      {0xD9, 0x08},              // D9 / 1
      {0xD9, 0xE2},              // none of the x87
      {0xD9, 0xD8},              // fstp1, which manuals do not have
      {0xDD, 0xC8},              // fxch4
      {0xDB, 0xE5},              // frstpm
      {0xDE, 0xD8},              // next to fcompp
      {0x8E, 0xD8},              // mov ds, ax
      {0x64, 0x8B, 0x00},        // mov eax, fs:[eax]
      {0x65, 0x8B, 0x00},        // mov eax, gs:[eax]
      {0xF0, 0x89, 0x00},        // lock mov
      {0xF0, 0x01, 0xC0},        // lock add of a register
      {0xF0, 0x39, 0x00},        // lock cmp
      {0xF3, 0x01, 0xC0},        // rep add
      {0x66, 0xE9, 0, 0},        // jmp with a 16-bit displacement
      {0x66, 0xC3},              // ret to a 16-bit address
      {0xFF, 0x18},              // call far
      {0xFF, 0x28},              // jmp far
      {0xFF, 0xF8},              // group 5 / 7
      {0xFE, 0xD0},              // group 4 / 2
      {0xCB},                    // ret far
      {0xCF},                    // iret
      {0xCD, 0x81},              // int 0x81
      {0x8D, 0xC0},              // lea of a register
      {0x0F, 0xC7, 0xC8},        // cmpxchg8b of a register
      {0x66, 0x0F, 0xC8},        // bswap ax
      {0xC6, 0xC8, 0},           // group 11 / 1
      {0x8F, 0xC8},              // group 1A / 1
  };
  if (is64()) {
    for (const Byte opcode : std::initializer_list<Byte>{0x06, 0x27, 0x37, 0x60, 0x61, 0x62, 0x82, 0x9A, 0xC4,
                                                         0xC5, 0xCE, 0xD4, 0xD5, 0xD6, 0xEA}) {
      unknown.push_back(Bytes{opcode, 0xC0, 0});
    }
    unknown.push_back({0xCD, 0x80});
  } else {
    for (const Byte opcode :
         std::initializer_list<Byte>{0x06, 0x62, 0x63, 0x9A, 0xC4, 0xC5, 0xCE, 0xD6, 0xEA}) {
      unknown.push_back(Bytes{opcode, 0xC0, 0});
    }
    unknown.push_back({0x0F, 0x05});
    unknown.push_back({0x67, 0x8B, 0x07});  // mov eax, [bx]
    unknown.push_back({0x67, 0xA4});        // movsb by si, di
    unknown.push_back({0x67, 0xE2, 0});     // loop by cx
  }
  for (const Bytes& bytes : unknown) {
    Bytes code{0x90};
    code.insert(code.end(), bytes.begin(), bytes.end());
    const Ran ran = run(code, {{0, kData}});
    EXPECT_EQ(ran.exit, Exit::unknown_instruction) << to_hex(bytes);
    EXPECT_EQ(ran.cpu.pc, kCode + 1) << to_hex(bytes);
    EXPECT_EQ(ran.retired, 1U) << to_hex(bytes);
  }
}

TEST_P(X86, InstructionsOfMoreThan15BytesAreUnknown) {
  Bytes code(14, 0x66);
  code.push_back(0x90);
  code.push_back(0xCC);
  EXPECT_EQ(run(code).exit, Exit::breakpoint);
  code.insert(code.begin(), 0x66);
  const Ran ran = run(code);
  EXPECT_EQ(ran.exit, Exit::unknown_instruction);
  EXPECT_EQ(ran.cpu.pc, kCode);
}

TEST_P(X86, InstructionThatReachesBeyondWhatIsExecutableIsAFetchFault) {
  Bytes code(kData - kCode, 0x90);
  code.back() = 0xB8;
  const Ran ran = run(code, {{0, 7}});
  EXPECT_EQ(ran.exit, Exit::fetch_fault);
  EXPECT_EQ(ran.cpu.pc, kData - 1);
  EXPECT_EQ(ran.cpu.slots[0], 7U);
}

TEST_P(X86, Breakpoints) {
  EXPECT_EQ(run({0xCC}).exit, Exit::breakpoint);
  const Ran ran = run({0x90, 0xCD, 0x03});
  EXPECT_EQ(ran.exit, Exit::breakpoint);
  EXPECT_EQ(ran.cpu.pc, kCode + 1);
}

TEST_P(X86, DivisionFaultsLeaveRegistersAlone) {
  struct Case {
    Bytes code;
    std::uint64_t ax;
    std::uint64_t dx;
    std::uint64_t cx;
  };
  const Case cases[] = {
      {{0xF6, 0xF1}, 0x1234, 5, 0x100},         // div cl: by zero
      {{0xF6, 0xF1}, 0x1234, 5, 0x12},          // quotient of 9 bits
      {{0xF6, 0xF9}, 0x0080, 5, 0x01},          // idiv cl: 128
      {{0xF6, 0xF9}, 0xFF7F, 5, 0x01},          // -129
      {{0x66, 0xF7, 0xF1}, 0, 5, 5},            // div cx
      {{0x66, 0xF7, 0xF9}, 0, 0x8000, 0xFFFF},  // idiv cx: lowest of all by -1
      {{0x66, 0xF7, 0xF9}, 0x8000, 0xFFFF, 0xFFFF},
      {{0xF7, 0xF1}, 1, 0, 0},
      {{0xF7, 0xF1}, 0, 7, 7},
      {{0xF7, 0xF9}, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFF},
      {{0xF7, 0xF9}, 0, 0x80000000, 0xFFFFFFFF},
      {{0x48, 0xF7, 0xF1}, 0, 0x100000000, 0x100000000},
      {{0x48, 0xF7, 0xF9}, 0x8000000000000000, ~0ULL, ~0ULL},
      {{0x48, 0xF7, 0xF9}, 0, 0x8000000000000000, ~0ULL},
      {{0xD4, 0x00}, 1, 0, 0},  // aam 0
  };
  for (const Case& one : cases) {
    if (one.code[0] == (is64() ? 0xD4 : 0x48)) continue;
    Bytes code{0x90};
    code.insert(code.end(), one.code.begin(), one.code.end());
    const Ran ran = run(code, {{0, one.ax}, {1, one.cx}, {2, one.dx}});
    EXPECT_EQ(ran.exit, Exit::arithmetic_fault) << to_hex(code);
    EXPECT_EQ(ran.cpu.pc, kCode + 1);
    EXPECT_EQ(ran.cpu.slots[0], one.ax);
    EXPECT_EQ(ran.cpu.slots[2], one.dx);
  }
}

TEST_P(X86, MemoryFaultsLeaveRegistersAndFlagsAlone) {
  const std::uint64_t bad = 0x4000'0000;
  struct Case {
    Bytes code;
    std::uint64_t sp;
    std::uint64_t fault;
  };
  const Case cases[] = {
      {{0x50}, bad, bad - (is64() ? 8U : 4U)},              // push
      {{0x58}, bad, bad},                                   // pop
      {{0xC3}, bad, bad},                                   // ret
      {{0xE8, 0, 0, 0, 0}, bad, bad - (is64() ? 8U : 4U)},  // call
      {{0x9D}, bad, bad},                                   // popf
      {{0x8F, 0x06}, kData, bad},                           // pop [si]
      {{0xFF, 0x36}, kData + 64, bad},                      // push [si]
      {{0x01, 0x06}, kData, bad},                           // add [si], ax
      {{0x03, 0x06}, kData, bad},                           // add ax, [si]
      {{0x87, 0x06}, kData, bad},                           // xchg
      {{0x0F, 0xC1, 0x06}, kData, bad},                     // xadd
      {{0x0F, 0xB1, 0x06}, kData, bad},                     // cmpxchg
      {{0xFF, 0x06}, kData, bad},                           // inc
      {{0xD1, 0x26}, kData, bad},                           // shl
      {{0xA5}, kData, bad},                                 // movs
      {{0xA7}, kData, bad},                                 // cmps
      {{0xAD}, kData, bad},                                 // lods
      {{0x0F, 0x44, 0x06}, kData, bad},                     // cmove, whatever the flag says
  };
  for (const Case& one : cases) {
    Bytes code{0xF9};  // stc
    code.insert(code.end(), one.code.begin(), one.code.end());
    const Ran ran = run(code, {{0, 0xFFFFFFFF}, {4, one.sp}, {6, bad}, {7, kData}});
    EXPECT_EQ(ran.exit, Exit::memory_fault) << to_hex(code);
    EXPECT_EQ(ran.cpu.pc, kCode + 1) << to_hex(code);
    EXPECT_EQ(ran.cpu.fault_address, one.fault) << to_hex(code);
    EXPECT_EQ(ran.cpu.slots[0], 0xFFFFFFFFU) << to_hex(code);
    EXPECT_EQ(ran.cpu.slots[4], one.sp) << to_hex(code);
    EXPECT_EQ(ran.cpu.slots[6], bad) << to_hex(code);
    EXPECT_EQ(ran.cpu.slots[7], kData) << to_hex(code);
    // The translator does not store flags that the code after it writes before anything reads them.
    if (GetParam().engine == EngineKind::interpreter) {
      EXPECT_EQ(flags_word(ran.cpu.flags), kFlagCarry) << to_hex(code);
    }
    EXPECT_EQ(ran.retired, 1U);
  }
}

// The first half must not be written when the second faults, or the instruction could not be done again.
TEST_P(X86, CompareAndExchangeOfAPairThatFaultsInTheMiddleWritesNothing) {
  const Ran ran = run({0x0F, 0xC7, 0x0E}, {{3, 0x1234}, {6, kEnd - 4}});  // cmpxchg8b [si]
  EXPECT_EQ(ran.exit, Exit::memory_fault);
  std::uint32_t value = 1;
  EXPECT_TRUE(ran.memory->read(kEnd - 4, &value, sizeof value));
  EXPECT_EQ(value, 0U);
}

TEST_P(X86, RepetitionsCountEachIterationAndAtLeastOne) {
  for (const std::uint64_t count : {0, 1, 5}) {
    const Ran ran = run({0xF3, 0xAA, 0xCC}, {{1, count}, {7, kData}});  // rep stosb; int3
    EXPECT_EQ(ran.exit, Exit::breakpoint);
    EXPECT_EQ(ran.retired, std::max<std::uint64_t>(count, 1));
    EXPECT_EQ(ran.cpu.slots[1], 0U);
    EXPECT_EQ(ran.cpu.slots[7], kData + count);
  }
}

TEST_P(X86, RepetitionThatFaultsInTheMiddleKeepsWhatIsDone) {
  const Ran ran = run({0xF3, 0xAA}, {{1, 100}, {7, kEnd - 3}});
  EXPECT_EQ(ran.exit, Exit::memory_fault);
  EXPECT_EQ(ran.cpu.fault_address, kEnd);
  EXPECT_EQ(ran.cpu.slots[1], 97U);
  EXPECT_EQ(ran.cpu.slots[7], kEnd);
  EXPECT_EQ(ran.cpu.pc, kCode);
}

TEST_P(X86, CodeThatChangesTheNextInstructionRunsTheNewOne) {
  // mov byte [si], 0x43 turns the inc that follows (of ax) into one of bx.
  const Bytes inc = is64() ? Bytes{0xFF, 0xC0} : Bytes{0x40, 0x90};
  Bytes code{0xC6, 0x06, static_cast<Byte>(is64() ? 0xC3 : 0x43)};
  code.insert(code.end(), inc.begin(), inc.end());
  code.push_back(0xCC);
  const Ran ran = run(code, {{6, kCode + (is64() ? 4U : 3U)}});
  EXPECT_EQ(ran.exit, Exit::breakpoint);
  EXPECT_EQ(ran.cpu.slots[0], 0U);
  EXPECT_EQ(ran.cpu.slots[3], 1U);
}

TEST_P(X86, LoopThatWritesItsOwnConstantSeesIt) {
  // again: mov al, 1; add bl, al; inc byte [si]; loop again  -- si is the address of the 1
  const Ran ran = run({0xB0, 1, 0x00, 0xC3, 0xFE, 0x06, 0xE2, 0xF8, 0xCC}, {{1, 4}, {6, kCode + 1}});
  EXPECT_EQ(ran.exit, Exit::breakpoint);
  EXPECT_EQ(ran.cpu.slots[3], 1U + 2 + 3 + 4);
}

TEST_P(X86, ScanOfZeroLeavesTheRegister) {
  const Ran ran = run({0x0F, 0xBC, 0xC1, 0x0F, 0xBD, 0xD1, 0xCC}, {{0, 11}, {2, 12}});
  EXPECT_EQ(ran.cpu.slots[0], 11U);
  EXPECT_EQ(ran.cpu.slots[2], 12U);
  EXPECT_EQ(flags_word(ran.cpu.flags) & kFlagZero, kFlagZero);
}

TEST_P(X86, AddressesOf32BitsWrap) {
  // mov eax, [esi + 0x7fffff00] reaches below 4 GiB and around
  const Ran ran = run(is64() ? Bytes{0x67, 0x8B, 0x86, 0x00, 0xFF, 0xFF, 0x7F, 0xCC}
                             : Bytes{0x8B, 0x86, 0x00, 0xFF, 0xFF, 0x7F, 0xCC},
                      {{6, 0x80000100 + kCode}});
  EXPECT_EQ(ran.exit, Exit::breakpoint);
  EXPECT_EQ(ran.cpu.slots[0], is64() ? 0x00868B67U : 0xFF00868BU);
}

TEST_P(X86, SystemCallInstructions) {
  const Ran ran = run(is64() ? Bytes{0xF9, 0x0F, 0x05} : Bytes{0xCD, 0x80});
  EXPECT_EQ(ran.exit, Exit::system_call);
  EXPECT_EQ(ran.cpu.pc, kCode + (is64() ? 3U : 2U));
  if (is64()) {
    EXPECT_EQ(ran.cpu.slots[1], kCode + 3);
    EXPECT_EQ(ran.cpu.slots[11], 0x203U);
  }
}

// Invariants over every instruction of random programs.

Block single(const Isa& isa, const test::Snippet& snippet, std::size_t offset) {
  const Fetch fetch = [&](std::uint64_t pc, std::size_t most) {
    return ByteView(snippet.code)
        .subspan(pc - snippet.address)
        .first(std::min<std::size_t>(most, snippet.code.size() - (pc - snippet.address)));
  };
  return translate(isa, snippet.address + offset, 1, fetch);
}

TEST(X86Translation, NothingFaultsAfterRegistersOrFlagsAreWritten) {
  for (const bool is64 : {true, false}) {
    const Isa& isa = *find_isa(is64 ? "amd64" : "x86");
    const test::RandomProgram program = test::make_random_program(is64, 77, 2000, 6);
    std::size_t instructions = 0;
    for (const test::Snippet& snippet : program.snippets) {
      for (std::size_t at = 0; at < snippet.code.size(); ++instructions) {
        const Block block = single(isa, snippet, at);
        bool written = false;
        for (const Ins& ins : block.code) {
          EXPECT_FALSE(written && can_fault(ins.op) && ins.op != Op::trap)
              << to_hex(ByteView(snippet.code).subspan(at)) << "\n"
              << to_text(isa, block);
          if (ins.op == Op::set_flags || ins.dst < kFirstTemp) written = true;
        }
        // Bytes that are jumped over are no instruction.
        at += std::max<std::size_t>(block.guest.front().length == 15 ? 1 : block.guest.front().length, 1);
      }
    }
    EXPECT_GT(instructions, 10000U);
  }
}

constexpr Byte kFld1[] = {0xD9, 0xE8};

TEST_P(X86, FloatStoresThatFaultChangeNothing) {
  const Bytes stores[] = {{0xD9, 0x18}, {0xDD, 0x18}, {0xDB, 0x38}, {0xDF, 0x38}, {0xDF, 0x30}, {0xDD, 0x30}};
  for (const Bytes& store : stores) {
    Bytes code(std::begin(kFld1), std::end(kFld1));
    code.insert(code.end(), store.begin(), store.end());
    const Ran ran = run(code, {{0, kEnd - 1}});
    EXPECT_EQ(ran.exit, Exit::memory_fault) << to_hex(store);
    EXPECT_EQ(ran.cpu.pc, kCode + 2) << to_hex(store);
    EXPECT_EQ(ran.cpu.slots[x87::kStatus], 0x3800U) << to_hex(store);
    EXPECT_EQ(ran.cpu.slots[x87::kFilled], 0x80U) << to_hex(store);
  }
}

// fldz, fld1, fdiv st, st(1): the exception waits until fwait; fnclex forgets it.
TEST_P(X86, UnmaskedFloatExceptionsStopTheNextInstructionThatWaits) {
  const Bytes unmask = {0xD9, 0x28};  // fldcw [eax], where 0 is
  Bytes code = unmask;
  for (const Bytes& more : {Bytes{0xD9, 0xEE}, Bytes{0xD9, 0xE8}, Bytes{0xD8, 0xF1}, Bytes{0xDF, 0xE0}})
    code.insert(code.end(), more.begin(), more.end());
  Bytes clears = code;
  code.push_back(0x9B);
  const Ran ran = run(code, {{0, kData}});
  EXPECT_EQ(ran.exit, Exit::floating_point_fault);
  EXPECT_EQ(ran.cpu.pc, kCode + code.size() - 1);
  EXPECT_EQ(ran.cpu.slots[0] & 0xFFFF, 0xB084U);  // as fnstsw saw it
  for (const unsigned byte : {0xDBU, 0xE2U, 0x9BU, 0xCCU}) clears.push_back(static_cast<Byte>(byte));
  EXPECT_EQ(run(clears, {{0, kData}}).exit, Exit::breakpoint);
}

// A store of a number that raises one stops itself.
TEST_P(X86, UnmaskedExceptionsOfStoresStopTheStore) {
  const Ran ran = run({0xD9, 0x28, 0xDB, 0x18}, {{0, kData}});  // fistp of an empty register
  EXPECT_EQ(ran.exit, Exit::floating_point_fault);
  EXPECT_EQ(ran.cpu.pc, kCode + 2);
}

TEST_P(X86, FunctionsWhoseLastBitsProcessorsChooseStop) {
  struct Case {
    Bytes code;  ///< of numbers pushed, the function last
    bool stops;
  };
  const Case cases[] = {
      {{0xD9, 0xE8, 0xD9, 0xFE}, true},               // sin 1
      {{0xD9, 0xEE, 0xD9, 0xFE}, false},              // sin 0
      {{0xD9, 0xEB, 0xD9, 0xF0}, true},               // 2^pi - 1
      {{0xD9, 0xEE, 0xD9, 0xF0}, false},              // 2^0 - 1
      {{0xD9, 0xE8, 0xD9, 0xE8, 0xD9, 0xF3}, true},   // atan 1
      {{0xD9, 0xEE, 0xD9, 0xE8, 0xD9, 0xF3}, false},  // atan 0
      {{0xD9, 0xFF}, false},                          // of an empty register
  };
  for (const Case& one : cases) {
    Bytes code = one.code;
    code.push_back(0xCC);
    const Ran ran = run(code);
    EXPECT_EQ(ran.exit, one.stops ? Exit::undetermined : Exit::breakpoint) << to_hex(code);
    EXPECT_EQ(ran.cpu.pc, kCode + one.code.size() - (one.stops ? 2 : 0)) << to_hex(code);
  }
}

// What a processor would do then (trap, look at alignment) is no part of the machine.
TEST_P(X86, FlagsOfTheSystemStopWhereTheyAreSet) {
  const auto popped = [&](std::uint32_t word) {
    Bytes code{0x68};
    for (unsigned byte = 0; byte < 4; ++byte) code.push_back(static_cast<Byte>(word >> (8 * byte)));
    code.insert(code.end(), {0x9D, 0xCC});
    return run(code);
  };
  for (const std::uint32_t word : {0x100U, 0x4000U, 0x4'0000U, 0x20'0000U, 0x4'0246U}) {
    const Ran ran = popped(word);
    EXPECT_EQ(ran.exit, Exit::undetermined) << word;
    EXPECT_EQ(ran.cpu.pc, kCode + 5) << word;
  }
  for (const std::uint32_t word : {0U, 0x8D5U, 0x400U, 0x246U})
    EXPECT_EQ(popped(word).exit, Exit::breakpoint) << word;
}

TEST_P(X86, BytesOfAnInstructionAreItsOwn) {
  const Isa& isa = *find_isa(GetParam().isa);
  const auto own = [&](Bytes bytes) {
    const std::size_t size = bytes.size();
    bytes.resize(isa.max_length, 0x90);
    return instruction_bytes(isa, kCode, bytes).size() == size;
  };
  EXPECT_TRUE(own({0x0F, 0x15}));        // unpckhps: known by its opcode not to be known
  EXPECT_TRUE(own({0x66, 0x0F, 0xFE}));  // paddd
  EXPECT_TRUE(own({0x64, 0x8B, 0x00}));  // mov eax, fs:[eax]
  EXPECT_TRUE(own({0xD9, 0xFE}));        // fsin
}

TEST(X86Translation, CostOfCommonInstructions) {
  const auto text = [](std::string_view name, const Bytes& code) {
    const Isa& isa = *find_isa(name);
    const test::Snippet snippet{kCode, code, 0};
    return to_text(isa, translate(isa, kCode, 32, [&](std::uint64_t pc, std::size_t most) {
                     const std::size_t at = std::min<std::size_t>(pc - kCode, code.size());
                     return ByteView(snippet.code).subspan(at).first(std::min(most, code.size() - at));
                   }));
  };
  EXPECT_EQ(text("amd64", {0x50, 0x5B, 0x48, 0x39, 0xC3, 0x0F, 0x94, 0xC0, 0x48, 0x0F, 0xB6, 0xC0, 0x0F, 0x84,
                           0, 1, 0, 0, 0xC3}),
            "0x1000:\n  store.64 [rsp-8] rax\n  add.64 rsp <- rsp #-0x8\n"
            "0x1001:\n  load.64 rbx <- [rsp+0]\n  add.64 rsp <- rsp #0x8\n"
            "0x1002:\n  set_flags.64 sub rbx rax\n"
            "0x1005:\n  get_flag.64 zero t0 <-\n  deposit.64 rax <- rax #0x800 t0\n"
            "0x1008:\n  zero_extend.8 rax <- rax\n"
            "0x100c:\n  branch_flag.64 zero -> 0x1112 (6)\n"
            "0x1012:\n  load.64 t1 <- [rsp+0]\n  add.64 rsp <- rsp #0x8\n  jump_indirect.64 t1 (7)\n");
}

}  // namespace
}  // namespace assay::machine
