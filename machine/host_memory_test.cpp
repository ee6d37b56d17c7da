// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Guests that would have all of the host's memory, each in another way. The limit here is a small one; what
// the run really takes is measured in a process of its own.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>

#include "machine/machine.h"
#include "machine/testing/guest_elf.h"

namespace assay::machine {
namespace {

using testing::kGuestCode;
using testing::put;

constexpr std::uint64_t kLimit = std::uint64_t{64} << 20;
/// What the program, its translator and the allocator's habits may take besides.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kBesides = std::uint64_t{640}
                                   << 20;  // it keeps 256 MiB of what was freed, and shadows
#else
constexpr std::uint64_t kBesides = std::uint64_t{160} << 20;
#endif
constexpr std::uint32_t kArea = 0x110000;  // memory of the guest behind its code
constexpr std::uint32_t kAreaBytes = 0x200000;
constexpr std::uint32_t kName = 0x3F0000;  // a path of the guest, zeros at first

enum Register : Byte { eax = 0, ecx = 1, edx = 2, esi = 6, edi = 7 };

/// A little AMD64 code.
struct Code {
  Bytes bytes;

  Code& raw(std::initializer_list<int> some) {
    for (const int byte : some) bytes.push_back(static_cast<Byte>(byte));
    return *this;
  }
  Code& set(Register which, std::uint32_t value) {
    raw({0xB8 + which});
    put(bytes, value, 4);
    return *this;
  }
  Code& call(std::uint32_t number) { return set(eax, number).raw({0x0F, 0x05}); }
  Code& call(std::uint32_t number, std::uint32_t first, std::uint32_t second = 0, std::uint32_t third = 0) {
    return set(edi, first).set(esi, second).set(edx, third).call(number);
  }
  /// Stores a byte, or adds one to a word.
  Code& store(std::uint32_t address, Byte value) {
    raw({0xC6, 0x04, 0x25});
    put(bytes, address, 4);
    return raw({value});
  }
  Code& store_address(std::uint32_t address, std::uint32_t value) {
    raw({0x48, 0xC7, 0x04, 0x25});
    put(bytes, address, 4);
    put(bytes, value, 4);
    return *this;
  }
  Code& increment(std::uint32_t address) {
    raw({0xFF, 0x04, 0x25});
    put(bytes, address, 4);
    return *this;
  }
  Code& fill(std::uint32_t address, Byte value, std::uint32_t count) {
    return raw({0xB0, value}).set(edi, address).set(ecx, count).raw({0xF3, 0xAA});
  }
  /// Back to an offset, always or if the last result was not zero.
  Code& jump(std::size_t to) { return branch({0xE9}, to); }
  Code& jump_if_not_zero(std::size_t to) { return branch({0x0F, 0x85}, to); }
  Code& branch(std::initializer_list<int> operation, std::size_t to) {
    raw(operation);
    put(bytes, to - (bytes.size() + 4), 4);
    return *this;
  }
  Code& exit(std::uint32_t status) { return call(60, status); }
  [[nodiscard]] std::size_t here() const { return bytes.size(); }
};

constexpr std::uint32_t kWrite = 1;
constexpr std::uint32_t kOpen = 2;
constexpr std::uint32_t kClose = 3;
constexpr std::uint32_t kFork = 57;
constexpr std::uint32_t kExecve = 59;
constexpr std::uint32_t kMkdir = 83;
constexpr std::uint32_t kSymlink = 88;
constexpr std::uint32_t kCreateTruncate = 01101;  // O_WRONLY, too

Outcome run_code(const Code& code, EngineKind engine) {
  MemoryTree tree;
  tree.put("program", testing::make_elf(*find_isa("amd64"), code.bytes), 0755);
  Request request;
  request.program = "program";
  request.argv = {"program"};
  request.engine = engine;
  request.limits.host_memory = kLimit;
  request.limits.instructions = 2'000'000'000;
  Result<Outcome> outcome = run(tree, request);
  EXPECT_TRUE(outcome);
  return outcome ? *std::move(outcome) : Outcome{};
}

/// Runs a guest in a process of its own, which must stop at the limit, and not have had much more.
void expect_bounded(const Code& code) {
  for (const EngineKind engine : {EngineKind::interpreter, EngineKind::automatic}) {
    const pid_t child = ::fork();
    if (child == 0) {
      const Outcome outcome = run_code(code, engine);
      ::_exit(outcome.stop == Stop::limit_memory ? 0 : 1 + static_cast<int>(outcome.stop));
    }
    int status = 0;
    rusage usage{};
    ASSERT_EQ(::wait4(child, &status, 0, &usage), child);
    ASSERT_TRUE(WIFEXITED(status)) << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), 0) << "stopped otherwise: " << WEXITSTATUS(status) - 1;
    EXPECT_LT(static_cast<std::uint64_t>(usage.ru_maxrss) * 1024, kLimit + kBesides);
  }
}

TEST(HostMemory, ConsoleOutput) {
  Code code;
  expect_bounded(code.call(kWrite, 1, kArea, 0x10000).jump(0));
}

TEST(HostMemory, ConsoleOutputByteByByte) {
  Code code;
  expect_bounded(code.call(kWrite, 2, kArea, 1).jump(0));
}

TEST(HostMemory, OpensThatFail) {
  Code code;
  code.fill(kName + 4, 'n', 200);
  const std::size_t again = code.here();
  expect_bounded(code.increment(kName).call(kOpen, kName).jump(again));
}

TEST(HostMemory, ManyNamesInTheTree) {
  Code code;
  code.fill(kName + 4, 'n', 100);
  const std::size_t again = code.here();
  expect_bounded(code.increment(kName).call(kMkdir, kName, 0755).jump(again));
  Code links;
  links.store(kName + 8, 'x');
  const std::size_t more = links.here();
  expect_bounded(links.increment(kName).call(kSymlink, kName + 8, kName).jump(more));
}

TEST(HostMemory, ManyFiles) {
  Code code;
  code.store(kName + 4, 'n');
  const std::size_t again = code.here();
  code.increment(kName).call(kOpen, kName, kCreateTruncate, 0600).raw({0x89, 0xC7});  // mov edi, eax
  code.set(esi, kArea).set(edx, 0x8000).call(kWrite).set(edi, 3).call(kClose);
  expect_bounded(code.jump(again));
}

TEST(HostMemory, OneFileThatGrows) {
  Code code;
  code.store(kName, 'n').call(kOpen, kName, kCreateTruncate, 0600);
  const std::size_t again = code.here();
  expect_bounded(code.call(kWrite, 3, kArea, 0x10000).jump(again));
}

TEST(HostMemory, ForksInsideForks) {
  Code code;
  code.call(kFork);
  code.raw({0x85, 0xC0, 0x74, 22}).exit(0);  // the parent: test eax, eax; je over the 22 bytes of exit
  code.set(edi, kArea).set(ecx, kAreaBytes / 4096);
  const std::size_t touch = code.here();
  code.raw(
      {0xFE, 0x07, 0x81, 0xC7, 0x00, 0x10, 0x00, 0x00, 0xFF, 0xC9});  // inc [rdi]; add edi, 4096; dec ecx
  expect_bounded(code.jump_if_not_zero(touch).jump(0));
}

TEST(HostMemory, ProgramsThatStartThemselves) {
  Code code;
  const std::string path = "program";
  for (std::size_t index = 0; index < path.size(); ++index)
    code.store(static_cast<std::uint32_t>(kName + index), static_cast<Byte>(path[index]));
  code.fill(kArea, 'a', 100'000).store_address(kName + 0x100, kArea);
  expect_bounded(code.call(kExecve, kName, kName + 0x100).exit(1));
}

TEST(HostMemory, VersionsOfAFileThatProgramsLeave) {
  // Each program writes into the file that the one before it has left, and starts itself: every record keeps
  // one.
  Code code;
  const std::string path = "program";
  for (std::size_t index = 0; index < path.size(); ++index)
    code.store(static_cast<std::uint32_t>(kName + index), static_cast<Byte>(path[index]));
  code.store(kName + 0x100, 'f').call(kOpen, kName + 0x100, 0101, 0600).raw({0x89, 0xC7});
  code.set(esi, kArea).set(edx, 0x100000).call(kWrite);
  expect_bounded(code.call(kExecve, kName, 0).exit(1));
}

TEST(HostMemory, AFileWrittenAnewCostsItsSizeOnce) {
  Code code;
  code.store(kName, 'n').store(kName + 0x100, 200);
  const std::size_t again = code.here();
  code.call(kOpen, kName, kCreateTruncate, 0600);
  code.call(kWrite, 3, kArea, 0x100000).call(kClose, 3);
  code.raw({0xFE, 0x0C, 0x25});  // dec byte
  put(code.bytes, kName + 0x100, 4);
  code.jump_if_not_zero(again).exit(7);
  const Outcome outcome = run_code(code, EngineKind::automatic);
  EXPECT_EQ(outcome.stop, Stop::exited) << outcome.message;
  EXPECT_EQ(outcome.status, 7);
}

TEST(HostMemory, TheStopSaysWhat) {
  const Outcome outcome = run_code(Code().call(kWrite, 1, kArea, 0x10000).jump(0), EngineKind::automatic);
  EXPECT_EQ(outcome.message,
            fmt::format("the run holds more than {} bytes of this machine's memory", kLimit));
}

TEST(HostMemory, AFailedOpenIsNotedOnce) {
  Code code;
  code.store(kName, 'n').call(kOpen, kName).call(kOpen, kName).exit(0);
  const Outcome outcome = run_code(code, EngineKind::automatic);
  ASSERT_EQ(outcome.images.size(), 1U);
  EXPECT_EQ(outcome.images[0].missing, std::vector<std::string>{"n"});
}

}  // namespace
}  // namespace assay::machine
