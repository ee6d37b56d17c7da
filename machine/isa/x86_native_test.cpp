// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The machine against the processor of this host: random programs (machine/testing/x86_random.h) and single
// faults run natively and under every engine.
//   ASSAY_X86_PROGRAMS   snippets for each mode (default 4000)
//   ASSAY_X86_SEED       first seed (default 1)
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "machine/machine.h"
#include "machine/testing/sse_random.h"
#include "machine/testing/x86_random.h"
#include "machine/testing/x87_random.h"
#include "tests/support/subprocess.h"

namespace assay::machine {
namespace {

constexpr unsigned kSnippetsOfAProgram = 1000;
constexpr unsigned kInstructionsOfASnippet = 6;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 0);
}

bool host_is_x86() {
#if defined(__x86_64__)
  return true;
#else
  return false;
#endif
}

struct Way {
  bool is64;
  EngineKind engine;
};

std::vector<Way> ways() {
  std::vector<Way> list;
  for (const bool is64 : {true, false}) {
    list.push_back({is64, EngineKind::interpreter});
    if (translator_available()) list.push_back({is64, EngineKind::translator});
  }
  return list;
}

std::string name_of_way(const testing::TestParamInfo<Way>& info) {
  return fmt::format("{}_{}", info.param.is64 ? "amd64" : "x86",
                     info.param.engine == EngineKind::interpreter ? "interpreter" : "translator");
}

Outcome run_in_machine(const Bytes& elf, EngineKind engine) {
  MemoryTree tree;
  tree.put("program", elf, 0755);
  Request request;
  request.program = "program";
  request.argv = {"program"};
  request.engine = engine;
  request.limits.instructions = 100'000'000;
  Result<Outcome> outcome = run(tree, request);
  EXPECT_TRUE(outcome.has_value());
  return outcome.has_value() ? std::move(*outcome) : Outcome{};
}

assay::test::Finished run_on_host(const Bytes& elf) {
  const assay::test::Scratch scratch;
  scratch.write("program", elf, 0755);
  assay::test::Command command;
  command.argv = {scratch.file("program")};
  command.cwd = scratch.path();
  return assay::test::run(command);
}

// A kernel without IA-32 emulation says ENOEXEC.
bool host_runs(const assay::test::Finished& finished) { return finished.status != "exit:127"; }

std::uint64_t word_at(std::string_view record, std::size_t offset, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(record[offset + i])} << (8 * i);
  }
  return value;
}

// The first difference of two records, in words; empty if there is none.
std::string difference(const test::RandomProgram& program, const test::Snippet& snippet,
                       std::string_view native, std::string_view ours) {
  static constexpr std::string_view kNames[] = {"ax", "cx", "dx",  "bx",  "sp",  "bp",  "si",  "di",
                                                "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"};
  const std::size_t word = program.register_bytes();
  for (std::size_t i = 0; i < program.registers(); ++i) {
    const std::uint64_t want = word_at(native, i * word, word);
    const std::uint64_t got = word_at(ours, i * word, word);
    if (want != got) return fmt::format("{}: native {:#x}, machine {:#x}", kNames[i], want, got);
  }
  const std::size_t flags = program.registers() * word;
  const std::uint64_t want = word_at(native, flags, word) & ~snippet.undefined_flags;
  const std::uint64_t got = word_at(ours, flags, word) & ~snippet.undefined_flags;
  if (want != got) return fmt::format("flags: native {:#x}, machine {:#x}", want, got);
  for (std::size_t at = flags + word; at < program.record_size(); ++at) {
    if (native[at] != ours[at]) {
      return fmt::format("memory + {:#x}: native {:#x}, machine {:#x}", at - flags - word,
                         word_at(native, at, 1), word_at(ours, at, 1));
    }
  }
  return "";
}

class X86Native : public testing::TestWithParam<Way> {};
INSTANTIATE_TEST_SUITE_P(Engines, X86Native, testing::ValuesIn(ways()), name_of_way);

TEST_P(X86Native, RandomProgramsAgree) {
  if (!host_is_x86()) GTEST_SKIP() << "the host is no x86-64";
  const std::uint64_t wanted = number_from("ASSAY_X86_PROGRAMS", 4000);
  std::uint64_t seed = number_from("ASSAY_X86_SEED", 1);
  std::set<std::string> forms;
  std::uint64_t compared = 0;
  for (; compared < wanted; ++seed) {
    const test::RandomProgram program =
        test::make_random_program(GetParam().is64, seed, kSnippetsOfAProgram, kInstructionsOfASnippet);
    const assay::test::Finished native = run_on_host(program.elf);
    if (!host_runs(native)) GTEST_SKIP() << "this kernel runs no 32-bit programs";
    ASSERT_EQ(native.status, "exit:0") << "seed " << seed;
    const Outcome ours = run_in_machine(program.elf, GetParam().engine);
    const std::size_t size = program.record_size();
    ASSERT_EQ(native.standard_output.size(), program.snippets.size() * size);
    const std::string_view output = as_text(ours.standard_output);
    for (std::size_t i = 0; i < program.snippets.size(); ++i) {
      const test::Snippet& snippet = program.snippets[i];
      const std::string what =
          fmt::format("seed {}, snippet {} at {:#x}: {}", seed, i, snippet.address, to_hex(snippet.code));
      ASSERT_GE(output.size(), (i + 1) * size)
          << what << "\nstopped: " << name_of(ours.stop) << " " << ours.message;
      const std::string_view native_record = std::string_view(native.standard_output).substr(i * size, size);
      ASSERT_EQ(difference(program, snippet, native_record, output.substr(i * size, size)), "") << what;
      ++compared;
    }
    EXPECT_EQ(ours.stop, Stop::exited);
    forms.insert(program.forms.begin(), program.forms.end());
  }
  RecordProperty("programs", std::to_string(compared));
  RecordProperty("forms", std::to_string(forms.size()));
  EXPECT_GT(forms.size(), 300U);
  fmt::print("{}: {} programs, {} instruction forms, {} engine, equal to native execution\n",
             GetParam().is64 ? "amd64" : "x86", compared, forms.size(),
             GetParam().engine == EngineKind::interpreter ? "interpreter" : "translator");
}

// Handlers run with the signal's number, and what they interrupt goes on with its registers: the exit status
// is what the handler of SIGCHLD has added up, and what a register holds after it.
TEST_P(X86Native, SignalsReachTheProcess) {
  if (!host_is_x86()) GTEST_SKIP() << "the host is no x86-64";
  struct Case {
    std::string_view what;
    Bytes code32;
    Bytes code64;
    std::string_view status;
  };
  const Case cases[] = {
      {"a handler of SIGCHLD",
       {0xB8, 174,  0,    0,    0,    0xBB, 17,   0,    0,    0,    0xB9, 0x10, 0,    0,
        0x10,                                                                             // rt_sigaction
        0x31, 0xD2, 0xBE, 8,    0,    0,    0,    0xCD, 0x80, 0xBE, 100,  0,    0,    0,  // esi = 100
        0xB8, 2,    0,    0,    0,    0xCD, 0x80, 0x85, 0xC0, 0x75, 0x09, 0x31, 0xDB, 0xB8,
        1,  // fork; child:
        0,    0,    0,    0xCD, 0x80, 0x89, 0xC3, 0x31, 0xC9, 0x31, 0xD2, 0xB8, 7,    0,
        0,  // exit; waitpid
        0,    0xCD, 0x80, 0x03, 0x35, 0,    0,    0,    0x10, 0x89, 0xF3, 0xB8, 1,    0,
        0,  // exit(esi + sum)
        0,    0xCD, 0x80, 0x8B, 0x44, 0x24, 4,    0x01, 0x05, 0,    0,    0,    0x10, 0x31,
        0xF6,                                                   // handler
        0xC3, 0x58, 0xB8, 119,  0,    0,    0,    0xCD, 0x80},  // the way back
                                                                // handler
       {0xBE, 0x10, 0,    0,    0x10, 0xBF, 17,   0,    0,
        0,    0x31, 0xD2, 0x41, 0xBA, 8,  // rt_sigaction
        0,    0,    0,    0xB8, 13,   0,    0,    0,    0x0F,
        0x05, 0xBB, 100,  0,    0,    0,  // ebx = 100
        0xB8, 57,   0,    0,    0,    0x0F, 0x05, 0x85, 0xC0,
        0x75, 0x09, 0x31, 0xFF, 0xB8, 60,  // fork; child:
        0,    0,    0,    0x0F, 0x05, 0x89, 0xC7, 0x31, 0xF6,
        0x31, 0xD2, 0x45, 0x31, 0xD2, 0xB8,  // exit; wait4
        61,   0,    0,    0,    0x0F, 0x05, 0x03, 0x1C, 0x25,
        0,    0,    0,    0x10, 0x89, 0xDF,  // exit(ebx + sum)
        0xB8, 60,   0,    0,    0,    0x0F, 0x05, 0x01, 0x3C,
        0x25, 0,    0,    0,    0x10, 0x31,                     // handler
        0xDB, 0xC3, 0xB8, 15,   0,    0,    0,    0x0F, 0x05},  // the way back
       "exit:117"},
      {"SIGTERM to itself",
       {0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0x89, 0xC3, 0xB8, 37, 0, 0, 0, 0xB9, 15, 0, 0, 0, 0xCD, 0x80},
       {0xB8, 39, 0, 0, 0, 0x0F, 0x05, 0x89, 0xC7, 0xB8, 62, 0, 0, 0, 0xBE, 15, 0, 0, 0, 0x0F, 0x05},
       "signal:15"},
  };
  for (const Case& one : cases) {
    // The sum; then the action: handler, flags with a way back, the way back, nothing blocked.
    const bool is64 = GetParam().is64;
    const std::uint64_t handler = test::kX86CodeAddress + (is64 ? 0x52 : 0x4d);
    const std::uint64_t back = test::kX86CodeAddress + (is64 ? 0x5C : 0x5a);
    Bytes data(16, 0);
    for (const std::uint64_t word :
         {handler, std::uint64_t{0x04000000}, back, std::uint64_t{0}, std::uint64_t{0}}) {
      for (unsigned i = 0; i < (is64 ? 8U : 4U); ++i) data.push_back(static_cast<Byte>(word >> (8 * i)));
    }
    const Bytes elf = test::make_x86_elf(is64, is64 ? one.code64 : one.code32, data);
    const assay::test::Finished native = run_on_host(elf);
    if (!host_runs(native)) GTEST_SKIP() << "this kernel runs no 32-bit programs";
    EXPECT_EQ(native.status, one.status) << one.what;
    const Outcome ours = run_in_machine(elf, GetParam().engine);
    const bool by_signal = one.status.starts_with("signal:");
    EXPECT_EQ(fmt::format("{}:{}", by_signal ? "signal" : "exit", ours.status - (by_signal ? 128 : 0)),
              one.status)
        << one.what << ": " << ours.message;
  }
}

/// Programs of a unit on this host and in the machine, `wanted` snippets, each of which leaves a record.
/// `make`: one of so many snippets, by its seed. `difference`: what is wrong with a record, in words.
template <class Make, class Difference>
void compare_with_host(const Way& way, std::uint64_t wanted, std::size_t record_bytes, const Make& make,
                       const Difference& difference) {
  if (!host_is_x86()) GTEST_SKIP() << "the host is no x86-64";
  constexpr unsigned kAtOnce = 2000;
  std::uint64_t seed = number_from("ASSAY_X86_SEED", 1);
  std::uint64_t compared = 0;
  std::map<std::string, unsigned> different;
  for (; compared < wanted; ++seed) {
    const auto program = make(seed, kAtOnce);
    const assay::test::Finished native = run_on_host(program.elf);
    if (!host_runs(native)) GTEST_SKIP() << "this kernel runs no 32-bit programs";
    ASSERT_EQ(native.status, "exit:0") << "seed " << seed;
    const Outcome ours = run_in_machine(program.elf, way.engine);
    ASSERT_EQ(ours.stop, Stop::exited) << "seed " << seed << ": " << ours.message;
    ASSERT_EQ(native.standard_output.size(), kAtOnce * record_bytes);
    ASSERT_EQ(ours.standard_output.size(), native.standard_output.size());
    for (std::size_t i = 0; i < kAtOnce; ++i, ++compared) {
      const auto record = [&](std::string_view all) { return all.substr(i * record_bytes, record_bytes); };
      const auto& snippet = program.snippets[i];
      const std::string wrong =
          difference(snippet, record(native.standard_output), record(as_text(ours.standard_output)));
      if (wrong.empty() || ++different[snippet.name] > 2) continue;
      ADD_FAILURE() << fmt::format("seed {}, snippet {}: {} {}\nbefore {}\n{}", seed, i, snippet.name,
                                   to_hex(snippet.code), to_hex(snippet.before), wrong);
    }
  }
  for (const auto& [name, count] : different) fmt::print("{}: {} differ\n", name, count);
  fmt::print("{}: {} programs, {} engine, compared with native execution\n", way.is64 ? "amd64" : "x86",
             compared, way.engine == EngineKind::interpreter ? "interpreter" : "translator");
}

class X87Native : public testing::TestWithParam<Way> {
 protected:
  static void compare(test::X87Kind kind) {
    const auto make = [kind](std::uint64_t seed, unsigned snippets) {
      return test::make_x87_program(GetParam().is64, seed, snippets, kind);
    };
    compare_with_host(GetParam(), number_from("ASSAY_X87_PROGRAMS", 8000), test::kX87Record, make,
                      test::x87_difference);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, X87Native, testing::ValuesIn(ways()), name_of_way);

TEST_P(X87Native, RandomProgramsAgree) { compare(test::X87Kind::masked); }
TEST_P(X87Native, UnmaskedExceptionsAgree) { compare(test::X87Kind::unmasked); }
TEST_P(X87Native, FunctionsAgreeWhereTheyHaveAResult) { compare(test::X87Kind::functions); }

class SseNative : public testing::TestWithParam<Way> {};
INSTANTIATE_TEST_SUITE_P(Engines, SseNative, testing::ValuesIn(ways()), name_of_way);

TEST_P(SseNative, RandomProgramsAgree) {
  const auto make = [](std::uint64_t seed, unsigned snippets) {
    return test::make_sse_program(GetParam().is64, seed, snippets);
  };
  const auto difference = [](const test::SseSnippet&, std::string_view native, std::string_view ours) {
    if (native == ours) return std::string();
    return fmt::format("host   {}\nours   {}", to_hex(to_bytes(native)), to_hex(to_bytes(ours)));
  };
  compare_with_host(GetParam(), number_from("ASSAY_SSE_PROGRAMS", 20000), test::kSseRecord, make, difference);
}

// The signal of the host is the one the machine reports as 128 + signal.
TEST_P(X86Native, FaultsEndBothTheSameWay) {
  if (!host_is_x86()) GTEST_SKIP() << "the host is no x86-64";
  struct Case {
    std::string_view what;
    Bytes code;
    Stop stop;
  };
  // Registers are 0 at the start; mov eax, n is B8.
  const Case cases[] = {
      {"div by zero", {0xF7, 0xF1}, Stop::arithmetic_fault},
      {"div of bytes by zero", {0xF6, 0xF1}, Stop::arithmetic_fault},
      {"div of words by zero", {0x66, 0xF7, 0xF9}, Stop::arithmetic_fault},
      {"div too large", {0xB2, 5, 0xB1, 5, 0xF7, 0xF1}, Stop::arithmetic_fault},
      {"div of bytes too large", {0xB4, 5, 0xB1, 5, 0xF6, 0xF1}, Stop::arithmetic_fault},
      {"idiv of bytes, 128", {0xB0, 128, 0xB1, 1, 0xF6, 0xF9}, Stop::arithmetic_fault},
      {"idiv of the lowest by -1",
       {0xB8, 0, 0, 0, 0x80, 0x99, 0x83, 0xC9, 0xFF, 0xF7, 0xF9},
       Stop::arithmetic_fault},
      {"ud2", {0x0F, 0x0B}, Stop::unknown_instruction},
      {"lock of a register", {0xF0, 0x01, 0xC0}, Stop::unknown_instruction},
      {"lock mov", {0xF0, 0x89, 0x04, 0x24}, Stop::unknown_instruction},
      {"lea of a register", {0x8D, 0xC0}, Stop::unknown_instruction},
      {"group 5 / 7", {0xFF, 0xF8}, Stop::unknown_instruction},
      {"int3", {0xCC}, Stop::breakpoint},
      {"load", {0x8B, 0x06}, Stop::memory_fault},
      {"store", {0x89, 0x06}, Stop::memory_fault},
      {"store into code", {0xBE, 0x00, 0x10, 0x40, 0x00, 0x89, 0x06}, Stop::memory_fault},
      {"jump to nowhere", {0xFF, 0xE6}, Stop::memory_fault},
      {"jump to data", {0xBE, 0x00, 0x00, 0x00, 0x10, 0xFF, 0xE6}, Stop::memory_fault},
      {"push nowhere", {0x31, 0xE4, 0x50}, Stop::memory_fault},
  };
  for (const Case& one : cases) {
    const Bytes elf = test::make_x86_elf(GetParam().is64, one.code, Bytes(16, 0x90));
    const assay::test::Finished native = run_on_host(elf);
    if (!host_runs(native)) GTEST_SKIP() << "this kernel runs no 32-bit programs";
    const Outcome ours = run_in_machine(elf, GetParam().engine);
    EXPECT_EQ(ours.stop, one.stop) << one.what << ": " << ours.message;
    EXPECT_EQ(fmt::format("signal:{}", ours.status - 128), native.status) << one.what;
  }
}

}  // namespace
}  // namespace assay::machine
