// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Small programs of hand-written instructions, run by both engines.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <initializer_list>
#include <new>
#include <ostream>
#include <vector>

#include "exec/kept.h"
#include "exec/run.h"
#include "exec/state/image.h"
#include "exec/testing/test_program.h"

namespace assay::exec {
namespace {

using namespace test_program;

Bytes elf64(unsigned machine, const Bytes& code, std::uint64_t extra = 4096) {
  return elf(code, machine, true, extra);
}
Word sb(Reg a, Reg b) { return store(0, b, a, 0); }
Word sd(Reg a, Reg b, int offset = 0) { return store(3, b, a, offset); }
Word ld(Reg d, Reg a, int offset = 0) { return load(3, d, a, offset); }
Word beq(Reg a, Reg b, int away) { return branch(0, a, b, away); }

struct Way {
  Engine engine;
  bool again;  ///< what a first run made is kept for a second one
};
void PrintTo(const Way& way, std::ostream* out) {
  *out << (way.engine == Engine::interpret ? "interpret" : "translate") << (way.again ? " again" : "");
}

class Run : public testing::TestWithParam<Way> {
 protected:
  Outcome run(const Bytes& program, std::uint64_t jumps = 1'000'000) {
    Request request;
    request.program = program;
    request.argv = {"prog", "one"};
    request.env = {"A=B"};
    request.files = &files_;
    request.jumps = jumps;
    request.engine = GetParam().engine;
    request.kept = &kept_;
    request.surroundings = surroundings_;
    if (GetParam().again) {
      MemoryTree files = files_.copy();
      request.files = &files;
      if (request.surroundings.number != 0) request.surroundings.number += 100;
      EXPECT_TRUE(exec::run(request));
      request.files = &files_;
      request.surroundings = surroundings_;
    }
    request.start = start_;
    Result<Outcome> outcome = exec::run(request);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome ? std::move(*outcome) : Outcome{};
  }
  MemoryTree files_;
  KeptPrograms kept_;
  Surroundings surroundings_;
  std::function<std::optional<Ended>(const Start&)> start_;
};

INSTANTIATE_TEST_SUITE_P(Engines, Run,
                         testing::Values(Way{Engine::interpret, false}, Way{Engine::interpret, true},
                                         Way{Engine::translate, false}, Way{Engine::translate, true}),
                         [](const auto& test) {
                           return fmt::format(
                               "{}{}", test.param.engine == Engine::interpret ? "interpret" : "translate",
                               test.param.again ? "Again" : "");
                         });

TEST_P(Run, WritesAndExits) {
  // "hi" from the code itself, then status 7.
  const Bytes code =
      words({addi(a0, zero, 1), lui(a1, 0x600), addi(a1, a1, 120 + 36), addi(a2, zero, 3), addi(a7, zero, 64),
             kCall, addi(a0, zero, 7), addi(a7, zero, 93), kCall, 0x0a6968});
  const Outcome outcome = run(elf64(243, code));
  EXPECT_EQ(outcome.ending, Ending::exits) << outcome.reason;
  EXPECT_EQ(outcome.status, 7);
  EXPECT_EQ(outcome.standard_output, "hi\n");
}

/// Fills `count` bytes from base + `place` with 'x', with its counter in memory at base + 0x380 and the place
/// behind it, as compilers do it; then writes 512 bytes from base + 0x300 on. `hidden`: with an operation in
/// the loop that makes it none of our kind.
Bytes filling(std::uint32_t count, std::int32_t place = 0x400, bool hidden = false, bool compared = false) {
  const std::uint32_t same =
      hidden ? 4U << 12 | a0 << 15 | a0 << 7 | 0x33 : addi(a0, a0, 0);                // xor with zero: a0
  const std::uint32_t more = compared ? 3U << 12 | t1 << 20 | a2 << 7 | 0x33 : 0x13;  // sltu a2, zero, t1
  return words({lui(t2, 0x600), addi(t2, t2, 0x380), lui(t0, 0x600), addi(t0, t0, place), sd(t2, t0, 8),
                lui(t1, count >> 12), addi(t1, t1, static_cast<std::int32_t>(count & 0x7ff)), sd(t2, t1),
                // the loop
                ld(t1, t2), more, beq(compared ? a2 : t1, zero, 40), addi(a0, zero, 'x'), same, ld(t0, t2, 8),
                sb(t0, a0), addi(t0, t0, 1), sd(t2, t0, 8), addi(t1, t1, -1), sd(t2, t1), jal(zero, -44),
                // behind it
                addi(a0, zero, 1), lui(a1, 0x600), addi(a1, a1, 0x300), addi(a2, zero, 512),
                addi(a7, zero, 64), kCall, addi(a0, zero, 0), addi(a7, zero, 93), kCall});
}

TEST_P(Run, FillsManyBytesInFewJumps) {
  const Outcome outcome = run(elf64(243, filling(0x100000), 0x200000), 1000);
  EXPECT_EQ(outcome.ending, Ending::exits) << outcome.reason;
  EXPECT_EQ(outcome.standard_output.substr(0xf8, 16), std::string(8, '\0') + "xxxxxxxx");
  EXPECT_EQ(run(elf64(243, filling(0x100000, 0x400, false, true), 0x200000), 1000).ending, Ending::exits);
  EXPECT_EQ(run(elf64(243, filling(0x100000, 0x400, true), 0x200000), 1000).ending, Ending::hangs)
      << "the other one is for comparison because it is not found";
}

// Whether a loop is found or not, and wherever it writes (over its own counter, too), is not to be seen.
TEST_P(Run, FillsWhatTheLoopWouldFill) {
  for (const std::int32_t place : {0x400, 0x388, 0x381, 0x37f, 0x378, 0x370, 0x340}) {
    for (const std::uint32_t count : {0U, 1U, 7U, 8U, 9U, 10U, 16U, 17U, 100U}) {
      const Outcome found = run(elf64(243, filling(count, place)), 20'000);
      const Outcome hidden = run(elf64(243, filling(count, place, true)), 20'000);
      const Outcome compared = run(elf64(243, filling(count, place, false, true)), 20'000);
      EXPECT_EQ(compared.ending, hidden.ending) << place << " " << count;
      EXPECT_EQ(compared.standard_output, hidden.standard_output) << place << " " << count;
      EXPECT_EQ(found.ending, hidden.ending) << place << " " << count;
      EXPECT_EQ(found.standard_output, hidden.standard_output) << place << " " << count;
    }
  }
}

// A loop that goes round twice a thousand times, and then a million times.
TEST_P(Run, FillsAtOnceThoughItSeldomIsWorthIt) {
  const Bytes code = words({lui(t2, 0x600), addi(t2, t2, 0x380), addi(a1, zero, 1000),
                            // once more
                            lui(t0, 0x600), addi(t0, t0, 0x400), sd(t2, t0, 8), addi(t1, zero, 2),
                            beq(a1, zero, 8), jal(zero, 8), lui(t1, 0x100), sd(t2, t1),
                            // the loop
                            ld(t1, t2), beq(t1, zero, 36), addi(a0, zero, 'x'), ld(t0, t2, 8), sb(t0, a0),
                            addi(t0, t0, 1), sd(t2, t0, 8), addi(t1, t1, -1), sd(t2, t1), jal(zero, -36),
                            // behind it
                            beq(a1, zero, 12), addi(a1, a1, -1), jal(zero, -80),
                            // the end
                            addi(a0, zero, 0), addi(a7, zero, 93), kCall});
  const Outcome outcome = run(elf64(243, code, 0x200000), 20'000);
  EXPECT_EQ(outcome.ending, Ending::exits) << outcome.reason;
}

TEST_P(Run, SaysWhyAProgramDoesNotEnd) {
  EXPECT_EQ(run(elf64(243, words({jal(zero, 0)})), 1000).ending, Ending::hangs);
  const Outcome unknown = run(elf64(243, words({addi(a0, zero, 1), 0xffffffff})));
  EXPECT_EQ(unknown.ending, Ending::undefined);
  EXPECT_EQ(unknown.reason, "unknown instruction at 0x60007c");
  const Outcome low = run(elf64(243, words({sd(zero, zero)})));
  EXPECT_EQ(low.ending, Ending::crashes);
  EXPECT_EQ(low.reason, "reads or writes outside its memory at 0x0");
  const Outcome code = run(elf64(243, words({lui(t0, 0x600), addi(t0, t0, 120), sd(t0, zero)})));
  EXPECT_EQ(code.ending, Ending::undefined);
  EXPECT_EQ(code.reason, "writes over its own code at 0x600078");
  const Outcome call = run(elf64(243, words({addi(a7, zero, 169), kCall})));
  EXPECT_EQ(call.ending, Ending::undefined);
  EXPECT_EQ(call.reason, "system call 169 is not known");
  // A number that no kernel has is refused as each of them does it, and the program goes on.
  const Outcome none = run(elf64(243, words({addi(a7, zero, 999), kCall, addi(a7, zero, 93), kCall})));
  EXPECT_EQ(none.ending, Ending::exits);
  EXPECT_EQ(none.status, -38 & 255);
  // x86: division by zero. mov eax, 1; xor edx, edx; xor ebx, ebx; div rbx.
  const Outcome divide = run(elf64(62, {0xb8, 1, 0, 0, 0, 0x31, 0xd2, 0x31, 0xdb, 0x48, 0xf7, 0xf3}));
  EXPECT_EQ(divide.ending, Ending::crashes);
}

TEST_P(Run, MultipliesAndDividesTwoWords) {
  const Bytes code{0x48, 0xc7, 0xc0, 0xff, 0xff, 0xff, 0xff,  // mov rax, -1
                   0xbb, 5,    0,    0,    0,                 // mov ebx, 5
                   0x48, 0xf7, 0xeb,                          // imul rbx: -1, -5
                   0x48, 0x01, 0xd0,                          // add rax, rdx
                   0x48, 0xf7, 0xd8,                          // neg rax: 6
                   0x48, 0x89, 0xc6,                          // mov rsi, rax
                   0x48, 0xc7, 0xc0, 0xff, 0xff, 0xff, 0xff,  // mov rax, -1
                   0x48, 0xf7, 0xe3,                          // mul rbx: 4, -5
                   0x48, 0xf7, 0xf3,                          // div rbx: back to -1, no rest
                   0x48, 0x01, 0xc6,                          // add rsi, rax: 5
                   0x48, 0xc7, 0xc0, 35,   0,    0,    0,     // mov rax, 35
                   0xbb, 4,    0,    0,    0,                 // mov ebx, 4
                   0x48, 0xf7, 0xf3,                          // div rbx: 8, rest 3
                   0x48, 0xc1, 0xe2, 4,                       // shl rdx, 4
                   0x48, 0x01, 0xd0,                          // add rax, rdx: 56
                   0x48, 0x01, 0xf0,                          // add rax, rsi: 61
                   0x48, 0x89, 0xc7,                          // mov rdi, rax
                   0xb8, 60,   0,    0,    0,                 // mov eax, 60: exit
                   0x0f, 0x05};
  const Outcome outcome = run(elf64(62, code));
  EXPECT_EQ(outcome.ending, Ending::exits) << outcome.reason;
  EXPECT_EQ(outcome.status, 61);
  // mov eax, 5; mov edx, 4; mov ebx, 4; div rbx: the quotient is too large
  const Outcome large =
      run(elf64(62, {0xb8, 5, 0, 0, 0, 0xba, 4, 0, 0, 0, 0xbb, 4, 0, 0, 0, 0x48, 0xf7, 0xf3}));
  EXPECT_EQ(large.ending, Ending::crashes);
}

// The stack pointer may point anywhere: what a block touches is asked for once, or at every access.
TEST_P(Run, TheStackPointerMayPointAnywhere) {
  constexpr std::uint64_t kTop = 0x8000'0000;
  constexpr std::uint64_t kBottom = kTop - (std::uint64_t{64} << 20);
  const auto with = [&](std::uint64_t place) {
    const auto low = static_cast<std::int32_t>(place & 0xfff);
    // sp = place; the word at sp + 8 = 6; another below; a0 = the word at sp + 8; exit
    return run(elf64(243, words({lui(sp, static_cast<std::uint32_t>(place >> 12)), addi(sp, sp, low / 2),
                                 addi(sp, sp, low - low / 2), addi(t0, zero, 6), jal(zero, 4), sd(sp, t0, 8),
                                 addi(sp, sp, -16), sd(sp, zero, 8), addi(sp, sp, 16), ld(a0, sp, 8),
                                 addi(a7, zero, 93), kCall})));
  };
  for (const std::uint64_t place : {kTop - 16, kTop - 17, kTop - 4096, kBottom + 8, kBottom, kBottom - 4,
                                    kBottom - 4096, kBase + 0x400, kBase + 0x401}) {
    const Outcome outcome = with(place);
    EXPECT_EQ(outcome.ending, Ending::exits) << place << outcome.reason;
    EXPECT_EQ(outcome.status, 6) << place;
  }
  EXPECT_EQ(with(kTop - 12).reason, "reads or writes outside its memory at 0x7ffffffc");
  EXPECT_EQ(with(kTop - 8).reason, "reads or writes outside its memory at 0x80000000");
  EXPECT_EQ(with(kBase - 8).reason, "reads or writes outside its memory at 0x5ffff0");
  EXPECT_EQ(with(kBase - 20).reason, "reads or writes outside its memory at 0x5ffff4");
  EXPECT_EQ(with(kBase + 120).reason, "writes over its own code at 0x600080");
}

// A kernel's stack is far above, wherever it puts it; what is there can be used, and nothing beside it.
TEST_P(Run, TheStackMayLieFarAbove) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer has the addresses that belong to such a stack";
#endif
  const Bytes looks{0x48, 0x89, 0xe0,        // mov rax, rsp
                    0x48, 0xc1, 0xe8, 32,    // shr rax, 32
                    0x50,                    // push rax
                    0x48, 0x8b, 0x3c, 0x24,  // mov rdi, [rsp]
                    0xb8, 60,   0,    0,    0, 0x0f, 0x05};
  const Bytes above{0x48, 0x8b, 0x84, 0x24, 0, 0, 1, 0};     // mov rax, [rsp + 65536]
  const Bytes below{0x48, 0x8b, 0x84, 0x24, 0, 0, 0, 0x80};  // mov rax, [rsp - 2 GiB]
  const Bytes vdso{0x48, 0x8b, 0x44, 0x24,
                   48,   0x48, 0x8b, 0x00};  // its address is the third word's behind A=B
  EXPECT_EQ(run(elf64(62, looks)).status, 0);
  for (surroundings_.number = 1; surroundings_.number < 6; ++surroundings_.number) {
    const Outcome there = run(elf64(62, looks));
    EXPECT_EQ(there.ending, Ending::exits) << there.reason;
    EXPECT_GE(there.status, 0xf6);
    EXPECT_LE(there.status, 0xfa);
    EXPECT_EQ(run(elf64(62, above)).ending, Ending::crashes);
    EXPECT_EQ(run(elf64(62, below)).ending, Ending::crashes);
    EXPECT_EQ(run(elf64(62, vdso)).ending, Ending::crashes);
  }
}

// Once it counted as something that the program does otherwise there, and a healthy tree failed.
TEST_P(Run, ThatTheHostGivesNoAddressesIsNotSaidOfTheProgram) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer needs addresses itself";
#endif
  const auto run_in_little = [this](std::uint64_t number) {
    constexpr rlimit kLittle{std::uint64_t{1} << 30, std::uint64_t{1} << 30};
    if (::setrlimit(RLIMIT_AS, &kLittle) != 0) ::_exit(1);
    surroundings_.number = number;
    try {
      (void)run(elf64(62, {0x90}));
    } catch (const std::bad_alloc&) {
      ::_exit(7);
    }
    ::_exit(0);
  };
  EXPECT_EXIT(run_in_little(0), testing::ExitedWithCode(7), "");
  EXPECT_EXIT(run_in_little(1), testing::ExitedWithCode(7), "");
}

// 32-bit programs have addresses with the highest bit set then.
TEST_P(Run, TheStackMayLieHighIn32Bits) {
  const Bytes looks{0x89, 0xe0,        // mov eax, esp
                    0xc1, 0xe8, 24,    // shr eax, 24
                    0x50,              // push eax
                    0x8b, 0x1c, 0x24,  // mov ebx, [esp]
                    0xb8, 1,    0,    0, 0, 0xcd, 0x80};
  const Bytes program = elf(looks, 3, false);
  EXPECT_EQ(run(program).status, 0x7f);
  surroundings_.number = 9;
  const Outcome there = run(program);
  EXPECT_EQ(there.ending, Ending::exits) << there.reason;
  EXPECT_EQ(there.status, 0xff);
}

// Flags that do something else than to say what a result was.
TEST_P(Run, FlagsOfTheSystemAreNotKnown) {
  const auto popped = [&](Byte third) {
    return run(elf64(62, {0x68, 0x46, 0, third, 0,  // push 0x46 and `third`
                          0x9d,                     // popf
                          0xbf, 7, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05}));
  };
  EXPECT_EQ(popped(0).status, 7);
  for (const Byte third : {Byte{4}, Byte{0x20}}) {
    const Outcome outcome = popped(third);
    EXPECT_EQ(outcome.ending, Ending::undefined);
    EXPECT_EQ(outcome.reason, "needs flags that are not known here at 0x60007d");
  }
}

// What a program finds there besides, it does not give to others.
TEST_P(Run, VariablesOfAUserGoNoFurther) {
  const Bytes second{0x48, 0x8b, 0x44, 0x24, 40,  // mov rax, [rsp + 40]: behind A=B
                     0x48, 0x85, 0xc0,            // test rax, rax
                     0x0f, 0x95, 0xc0,            // setne al
                     0x0f, 0xb6, 0xf8,            // movzx edi, al
                     0xb8, 60,   0,    0,    0,  0x0f, 0x05};
  EXPECT_EQ(run(elf64(62, second)).status, 0);
  surroundings_.variables = {"A=C", "HOME=/root"};
  EXPECT_EQ(run(elf64(62, second)).status, 1);
  const Bytes starts{0x48, 0x8d, 0x74, 0x24, 8,   // lea rsi, [rsp + 8]
                     0x48, 0x8d, 0x54, 0x24, 32,  // lea rdx, [rsp + 32]
                     0x48, 0x8b, 0x3e,            // mov rdi, [rsi]
                     0xb8, 59,   0,    0,    0,  0x0f, 0x05};
  files_.put("prog", elf64(62, second), 0755);
  const Outcome outcome = run(elf64(62, starts));
  ASSERT_TRUE(outcome.replaced_by) << outcome.reason;
  EXPECT_EQ(outcome.replaced_by->env, std::vector<std::string>{"A=B"});
}

// A tree that lies somewhere: its programs are told where, and what they then name is the tree's.
TEST_P(Run, TheDirectoryOfATreeIsWhereItIsSaidToBe) {
  const Bytes opens_its_directory{0x48, 0x81, 0xec, 0x00, 0x10, 0x00, 0x00,  // sub rsp, 4096
                                  0x48, 0x89, 0xe7,                          // mov rdi, rsp
                                  0xbe, 0x00, 0x10, 0x00, 0x00,              // mov esi, 4096
                                  0xb8, 79,   0,    0,    0,    0x0f, 0x05,  // getcwd
                                  0x89, 0xc2,                                // mov edx, eax
                                  0x48, 0x89, 0xe6,                          // mov rsi, rsp
                                  0xbf, 1,    0,    0,    0,                 // mov edi, 1
                                  0xb8, 1,    0,    0,    0,    0x0f, 0x05,  // write
                                  0x48, 0x89, 0xe7,                          // mov rdi, rsp
                                  0x31, 0xf6,                                // xor esi, esi
                                  0xb8, 2,    0,    0,    0,    0x0f, 0x05,  // open
                                  0x89, 0xc7,                                // mov edi, eax
                                  0xb8, 60,   0,    0,    0,    0x0f, 0x05};
  for (const std::string directory : {"", "/home/ada/tree"}) {
    surroundings_.directory = directory;
    const Outcome outcome = run(elf64(62, opens_its_directory));
    EXPECT_EQ(outcome.standard_output, (directory.empty() ? "/" : directory) + std::string(1, '\0'));
    EXPECT_EQ(outcome.status, 3) << "the descriptor";
  }
}

TEST_P(Run, AChildStartsAProgramAndTheParentGoesOn) {
  files_.put("prog2",
             to_bytes("\x7F"
                      "ELF"),
             0755);
  std::vector<std::string> started;
  start_ = [&](const Start& start) {
    started.push_back(fmt::format("{} in /{}, {} words", start.program, start.cwd, start.argv.size()));
    files_.put("made", to_bytes("by the child"));
    return std::optional(Ended{5});
  };
  const Bytes code{0xb8, 57,   0,    0,   0,            // mov eax, 57: fork
                   0x0f, 0x05,                          // syscall
                   0x48, 0x85, 0xc0,                    // test rax, rax
                   0x0f, 0x85, 28,   0,   0,   0,       // jne the parent
                   0x48, 0x8d, 0x3d, 48,  0,   0,   0,  // lea rdi, [the name]
                   0x48, 0xc7, 0xc6, 0,   0,   0,   0,  // mov rsi, 0
                   0x48, 0xc7, 0xc2, 0,   0,   0,   0,  // mov rdx, 0
                   0xb8, 59,   0,    0,   0,            // mov eax, 59: execve
                   0x0f, 0x05,                          // syscall
                   0x50,                                // the parent: push rax
                   0x48, 0x89, 0xe6,                    // mov rsi, rsp
                   0xb8, 61,   0,    0,   0,            // mov eax, 61: wait4, the status over what was pushed
                   0x0f, 0x05,                          // syscall
                   0x5f,                                // pop rdi
                   0x48, 0xc1, 0xef, 8,                 // shr rdi, 8
                   0xb8, 60,   0,    0,   0,            // mov eax, 60: exit
                   0x0f, 0x05,                          // syscall
                   0x90,                                // not reached
                   0,    0,    0,    'p', 'r', 'o', 'g', '2', 0};
  const Outcome outcome = run(elf64(62, code));
  EXPECT_EQ(outcome.ending, Ending::exits) << outcome.reason;
  EXPECT_EQ(outcome.status, 5);
  // No arguments are one empty argument, as in Linux since 5.18.
  EXPECT_EQ(started, std::vector<std::string>{"prog2 in /, 1 words"});
  EXPECT_TRUE(files_.find("made"));
}

// What a child writes (by itself, by a loop done at once, and by a system call) is not its parent's.
TEST_P(Run, AChildLeavesItsParentsMemoryAsItWas) {
  const auto at = [](std::int32_t offset) {
    return words({lui(t2, 0x600), addi(t2, t2, offset / 2), addi(t2, t2, offset - offset / 2)});
  };
  Bytes code;
  const auto add = [&code](const Bytes& more) { code.insert(code.end(), more.begin(), more.end()); };
  add(at(0xe00));
  add(words({addi(t0, zero, 41), sd(t2, t0), sd(sp, t0), addi(a0, zero, 17), addi(a7, zero, 220), kCall,
             beq(a0, zero, 8), jal(zero, 124),
             // the child: two words, 512 bytes, its own child, its directory; status 9
             addi(t0, zero, 7), sd(t2, t0), sd(sp, t0), sd(t2, sp, 8), addi(t1, zero, 512), sd(t2, t1, 16),
             ld(t1, t2, 16), beq(t1, zero, 36), addi(a0, zero, 'x'), ld(t0, t2, 8), sb(t0, a0),
             addi(t0, t0, 1), sd(t2, t0, 8), addi(t1, t1, -1), sd(t2, t1, 16), jal(zero, -36),
             addi(a0, zero, 17), addi(a7, zero, 220), kCall, addi(a0, t2, 0), addi(a1, zero, 64),
             addi(a7, zero, 17), kCall, addi(a0, zero, 9), addi(a7, zero, 93), kCall, 0, 0, 0, 0,
             // the parent: its two words
             ld(a0, t2), ld(t0, sp), 0x00550533 /* add a0, a0, t0 */, addi(a7, zero, 93), kCall}));
  const Outcome outcome = run(elf64(243, code));
  EXPECT_EQ(outcome.ending, Ending::exits) << outcome.reason;
  EXPECT_EQ(outcome.status, 82);
}

// What is code in one run is not in the next one, until that comes to it. With one word, the program writes
// somewhere else; with another one more, other instructions over those that it goes to then.
TEST_P(Run, WhatIsKeptIsNoCodeYet) {
  const std::uint32_t other = addi(a0, zero, 9);
  ASSERT_LT(other & 0xfff, 0x800U);
  const auto two = [](std::uint32_t code, Reg d, Reg a, std::uint32_t b) {
    return code | b << 20 | static_cast<std::uint32_t>(a) << 15 | static_cast<std::uint32_t>(d) << 7;
  };
  Bytes code = words({jal(zero, 16),
                      // the place
                      addi(a0, zero, 5), addi(a7, zero, 93), kCall,
                      // the start
                      ld(a0, sp), addi(a0, a0, -1), two(0x1013, a0, a0, 10) /* slli */, lui(t2, 0x600),
                      addi(t2, t2, 124 + 1024), two(0x40000033, t2, t2, a0) /* sub */, lui(t1, other >> 12),
                      addi(t1, t1, static_cast<std::int32_t>(other & 0xfff)),
                      static_cast<std::uint32_t>(t1) << 20 | t2 << 15 | 2U << 12 | 0x23 /* sw */});
  const Bytes direct = words({jal(zero, -48)});
  const Bytes by_register = words({lui(t0, 0x600), addi(t0, t0, 124), two(0x4033, t0, t0, zero) /* xor */,
                                   static_cast<std::uint32_t>(t0) << 15 | 0x67 /* jalr */});
  for (const Bytes& last : {direct, by_register}) {
    Bytes whole = code;
    whole.insert(whole.end(), last.begin(), last.end());
    const Bytes program = elf64(243, whole);
    for (const bool more : {false, true, true, false, false, true}) {
      Request request;
      request.program = program;
      request.argv = {"prog"};
      if (more) request.argv.emplace_back("more");
      request.files = &files_;
      request.engine = GetParam().engine;
      request.kept = &kept_;
      const Result<Outcome> outcome = exec::run(request);
      ASSERT_TRUE(outcome);
      EXPECT_EQ(outcome->ending, Ending::exits) << outcome->reason;
      EXPECT_EQ(outcome->status, more ? 9 : 5);
    }
  }
}

TEST_P(Run, ASumOfACopyIsThatOfItsSource) {
  const Outcome outcome = run(elf64(62, {0x58,                          // pop rax: 2
                                         0x48, 0x89, 0xc7,              // mov rdi, rax
                                         0x48, 0x81, 0xc7, 3, 0, 0, 0,  // add rdi, 3
                                         0xb8, 60, 0, 0, 0,             // mov eax, 60: exit
                                         0x0f, 0x05}));
  EXPECT_EQ(outcome.status, 5);
}

// Random programs against an evaluator that knows nothing but the instructions one by one.
struct Instruction {
  enum Kind {
    add_constant,
    add,
    subtract,
    bit_xor,
    less,
    below,
    load,
    store,
    equal,
    unequal,
    less_jump,
    jump
  };
  Kind kind = add_constant;
  std::uint32_t d = 0, a = 0, b = 0;
  std::int32_t value = 0;  ///< or where a jump goes, in instructions from here
};

std::uint32_t encode(const Instruction& i) {
  const auto two = [&](std::uint32_t form, std::uint32_t group) {
    return group << 25 | i.b << 20 | i.a << 15 | form << 12 | i.d << 7 | 0x33;
  };
  const auto bits = static_cast<std::uint32_t>(i.value);
  const auto branch = [&](std::uint32_t form) {
    return beq(static_cast<Reg>(i.a), static_cast<Reg>(i.b), 4 * i.value) | form << 12;
  };
  switch (i.kind) {
    case Instruction::add_constant: return addi(static_cast<Reg>(i.d), static_cast<Reg>(i.a), i.value);
    case Instruction::add: return two(0, 0);
    case Instruction::subtract: return two(0, 0x20);
    case Instruction::bit_xor: return two(4, 0);
    case Instruction::less: return two(2, 0);
    case Instruction::below: return two(3, 0);
    case Instruction::load:
      return ld(static_cast<Reg>(i.d), static_cast<Reg>(i.a), static_cast<int>(bits & 0xfff));
    case Instruction::store:
      return (bits >> 5 & 127) << 25 | i.b << 20 | i.a << 15 | 3U << 12 | (bits & 31) << 7 | 0x23;
    case Instruction::equal: return branch(0);
    case Instruction::unequal: return branch(1);
    case Instruction::less_jump: return branch(4);
    case Instruction::jump: return jal(zero, 4 * i.value);
  }
  return 0;
}

constexpr std::uint64_t kFrame = 0x7fff0000;  // where sp points first
constexpr std::size_t kFrameBytes = 1024;     // below it and above

void evaluate(const std::vector<Instruction>& program, std::array<std::uint64_t, 32>& r,
              std::string& memory) {
  for (std::size_t at = 0; at < program.size();) {
    const Instruction& i = program[at];
    const std::uint64_t a = r[i.a];
    const std::uint64_t b = r[i.b];
    const bool less = static_cast<std::int64_t>(a) < static_cast<std::int64_t>(b);
    const std::uint64_t place = a + static_cast<std::uint64_t>(std::int64_t{i.value}) - kFrame + kFrameBytes;
    std::uint64_t made = 0;
    std::int32_t step = 1;
    switch (i.kind) {
      case Instruction::add_constant: made = a + static_cast<std::uint64_t>(std::int64_t{i.value}); break;
      case Instruction::add: made = a + b; break;
      case Instruction::subtract: made = a - b; break;
      case Instruction::bit_xor: made = a ^ b; break;
      case Instruction::less: made = less ? 1 : 0; break;
      case Instruction::below: made = a < b ? 1 : 0; break;
      case Instruction::load: std::memcpy(&made, memory.data() + place, 8); break;
      case Instruction::store: std::memcpy(memory.data() + place, &b, 8); break;
      case Instruction::equal: step = a == b ? i.value : 1; break;
      case Instruction::unequal: step = a != b ? i.value : 1; break;
      case Instruction::less_jump: step = less ? i.value : 1; break;
      case Instruction::jump: step = i.value; break;
    }
    if (i.kind <= Instruction::load && i.d != 0) r[i.d] = made;
    at += static_cast<std::size_t>(step);
  }
}

TEST_P(Run, RandomProgramsDoWhatTheirInstructionsSay) {
  constexpr std::uint32_t kNames[] = {5, 6, 7, 10, 11, 12};
  std::uint32_t state = 12345;
  const auto below = [&](std::uint32_t limit) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % limit;
  };
  for (int round = 0; round < 150; ++round) {
    std::vector<Instruction> body;
    const auto name = [&] { return kNames[below(std::size(kNames))]; };
    const auto slot = [&] { return static_cast<std::int32_t>(below(8)) * 8 - 32; };
    while (body.size() < 70) {
      const std::uint32_t a = name();
      const auto away = static_cast<std::int32_t>(2 + below(6));
      switch (below(9)) {
        case 0: body.push_back({Instruction::add_constant, name(), a, 0, slot()}); break;
        case 1: body.push_back({static_cast<Instruction::Kind>(1 + below(5)), name(), a, name(), 0}); break;
        case 2: body.push_back({Instruction::load, a, sp, 0, slot()}); break;
        case 3: body.push_back({Instruction::store, 0, sp, a, slot()}); break;
        case 4:  // a push, something, a pop
          body.push_back({Instruction::add_constant, sp, sp, 0, -8});
          body.push_back({Instruction::store, 0, sp, a, 0});
          body.push_back({Instruction::add_constant, name(), name(), 0, 3});
          body.push_back({Instruction::load, name(), sp, 0, 0});
          body.push_back({Instruction::add_constant, sp, sp, 0, 8});
          break;
        case 5:  // through another register
          body.push_back({Instruction::add_constant, a, sp, 0, slot()});
          body.push_back({Instruction::load, a, a, 0, slot()});
          break;
        case 6:  // compared, and a jump if so or not
          body.push_back({below(2) == 0 ? Instruction::less : Instruction::below, a, name(), name(), 0});
          body.push_back(
              {below(2) == 0 ? Instruction::equal : Instruction::unequal, 0, a, zero, 2 * away - 1});
          break;
        case 7: body.push_back({Instruction::less_jump, 0, a, name(), away}); break;
        default: body.push_back({Instruction::jump, 0, 0, 0, away}); break;
      }
    }
    // No jump goes into the middle of what belongs together, such as a push and its pop: it goes farther.
    std::int32_t depth = 0;
    std::vector<bool> inside(body.size() + 16, false);
    for (std::size_t at = 0; at < body.size(); ++at) {
      inside[at] = depth != 0 || (body[at].kind == Instruction::load && body[at].a != sp);
      if (body[at].kind == Instruction::add_constant && body[at].d == sp) depth += body[at].value;
    }
    for (std::size_t at = 0; at < body.size(); ++at) {
      Instruction& i = body[at];
      if (i.kind < Instruction::equal) continue;
      const auto most = static_cast<std::int32_t>(body.size() - at);
      i.value = std::min(i.value, most);
      while (i.value < most && inside[at + static_cast<std::size_t>(i.value)]) ++i.value;
    }
    // Four times: s0 counts.
    body.push_back({Instruction::add_constant, 8, 8, 0, -1});
    body.push_back({Instruction::unequal, 0, 8, zero, -static_cast<std::int32_t>(body.size())});
    std::array<std::uint64_t, 32> registers{};
    registers[sp] = kFrame;
    registers[8] = 4;
    std::string memory(2 * kFrameBytes, '\0');
    evaluate(body, registers, memory);
    for (std::size_t index = 0; index < std::size(kNames); ++index)
      std::memcpy(memory.data() + kFrameBytes + 512 + 8 * index, &registers[kNames[index]], 8);

    Bytes code = words({lui(sp, kFrame >> 12), addi(static_cast<Reg>(8), zero, 4), jal(zero, 4)});
    const auto add = [&](std::uint32_t word) { put(code, word, 4); };
    for (const Instruction& i : body) add(encode(i));
    for (std::size_t index = 0; index < std::size(kNames); ++index)
      add(encode({Instruction::store, 0, sp, kNames[index], static_cast<std::int32_t>(512 + 8 * index)}));
    for (const std::uint32_t word :
         {addi(a0, zero, 1), addi(a1, sp, -static_cast<std::int32_t>(kFrameBytes)),
          addi(a2, zero, static_cast<std::int32_t>(kFrameBytes)), addi(a7, zero, 64), kCall,
          addi(a0, zero, 1), addi(a1, sp, 0), kCall, addi(a0, zero, 0), addi(a7, zero, 93), kCall})
      add(word);
    const Outcome outcome = run(elf64(243, code));
    ASSERT_EQ(outcome.ending, Ending::exits) << outcome.reason << round;
    ASSERT_EQ(outcome.standard_output, memory) << round;
  }
}

TEST(Watch, TellsOfEachCallWithTheMemoryOfThen) {
  constexpr std::uint64_t kPlace = 0x6007f8;  // behind the code
  const Bytes program = elf64(
      243, words({lui(t2, 0x600), addi(s0, zero, 3), jal(ra, 16), addi(s0, s0, -1), branch(1, s0, zero, -8),
                  jal(zero, 12), sd(t2, s0, 0x7f8), kReturn, addi(a0, zero, 0), addi(a7, zero, 93), kCall}));
  MemoryTree files;
  std::vector<std::uint64_t> seen;
  Request request;
  request.program = program;
  request.argv = {"prog"};
  request.files = &files;
  request.watched = {kBase + headers(true) + 24};
  request.reached = [&](std::uint64_t address, const Image& memory) {
    EXPECT_EQ(address, request.watched.front());
    seen.push_back(memory.load<std::uint64_t>(kPlace));
  };
  const Result<Outcome> outcome = run(request);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->ending, Ending::exits);
  EXPECT_EQ(outcome->status, 0);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{0, 3, 2}));
}

TEST(Load, RefusesWhatIsNoProgram) {
  MemoryTree files;
  Request request;
  request.files = &files;
  for (std::size_t size = 0; size < 176; ++size) {
    const Bytes whole = elf64(243, words({kCall}));
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(std::min(size, whole.size())));
    request.program = cut;
    const Result<Outcome> outcome = run(request);
    EXPECT_TRUE(outcome || outcome.error().id == "not-a-program") << size;
    EXPECT_TRUE(size >= 120 || !outcome) << size;
  }
  const Bytes other = elf64(8, words({0}));
  request.program = other;
  EXPECT_EQ(run(request).error().id, "exec-no-instruction-set");
}

}  // namespace
}  // namespace assay::exec
