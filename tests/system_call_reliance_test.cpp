// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a program asks for that no tree determines is noted, on both roads, with the address of the call; what
// a tree does determine is not.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/host_tree.h"
#include "exec/run.h"
#include "machine/machine.h"
#include "tests/support/subprocess.h"
#include "tests/support/system_call_host.h"

namespace assay::test {
namespace {

using machine::Isa;

constexpr std::uint64_t kMinusOne = static_cast<std::uint64_t>(-1);

/// Where the loop of a list makes its calls on amd64.
constexpr std::uint64_t kCallAddress = 0x101021;

struct Noted {
  std::string in_machine;
  std::string in_exec;
};

template <class All>
std::string text_of(const All& all) {
  std::string text;
  for (const auto& one : all) {
    EXPECT_EQ(one.address, kCallAddress) << one.what;
    text += (text.empty() ? "" : ", ") + one.what;
  }
  return text;
}

Noted noted(const CallList& list) {
  machine::Outcome outcome;
  EXPECT_EQ(run_in_machine(list, machine::EngineKind::automatic, &outcome).skipped, "");
  MemoryTree tree = tree_for(list);
  const Bytes program = list.program();
  exec::Request request;
  request.program = program;
  request.argv = {"/guest"};
  request.files = &tree;
  const Result<exec::Outcome> run = exec::run(request);
  EXPECT_TRUE(run.has_value());
  const bool ends = run->ending == Ending::exits;
  return {text_of(outcome.images.at(0).reliances), ends ? text_of(run->reliances) : run->reason};
}

class Reliances : public ::testing::Test {
 protected:
  void expect(std::string_view what) { expect(what, what); }
  void expect(std::string_view in_machine, std::string_view in_exec) {
    const Noted both = noted(list_);
    EXPECT_EQ(both.in_machine, in_machine);
    EXPECT_EQ(both.in_exec, in_exec);
  }
  /// A child that exits at once; `parent` adds what its parent does.
  template <class Parent>
  void with_child(Parent parent) {
    const std::size_t at = list_.rows().size();
    list_.fork();
    parent();
    const std::size_t last = list_.rows().size();
    list_.call("umask", {0});  // of which the second gives 0: over the child
    list_.call("umask", {0});
    list_.exit(3);
    list_.skip(at, last + 1 - at);
    list_.skip(last + 1, 1);
  }
  CallList list_{*machine::find_isa("amd64"), "reliances"};
};

TEST_F(Reliances, OrdinaryFilesNeedNone) {
  list_.open("a", 0);
  list_.call("read", {3, kBuffer, 10});
  list_.call("brk", {0});
  list_.on_path("mkdir", "made", 0755);
  expect("");
}

TEST_F(Reliances, ProcessNumber) {
  list_.call("getpid", {}).shown = Shown::sign;
  list_.call("getppid", {}).shown = Shown::sign;
  expect("process-number");
}

TEST_F(Reliances, SystemName) {
  list_.call("uname", {kBuffer});
  expect("system-name");
}

TEST_F(Reliances, StandardInput) {
  list_.call("read", {0, kBuffer, 10});
  expect("standard-input");
}

TEST_F(Reliances, Device) {
  list_.open("/dev/null", 1);
  list_.call("write", {3, kBuffer, 10});
  expect("device");
}

TEST_F(Reliances, Identity) {
  list_.call("getuid", {});
  expect("identity");
}

TEST_F(Reliances, ChildThatIsWaitedForAtOnceNeedsNone) {
  with_child([&] { list_.call("wait4", {kMinusOne, kBuffer, 0, 0}); });
  expect("umask");  // with_child's own
}

TEST_F(Reliances, ChildThatMayStillRun) {
  with_child([&] {
    list_.call("write", {2, kBuffer, 1});
    list_.call("wait4", {kMinusOne, kBuffer, 0, 0});
  });
  expect("unwaited-child, umask");
}

TEST_F(Reliances, ChildThatIsOnlyLookedFor) {
  with_child([&] { list_.call("wait4", {kMinusOne, kBuffer, 1, 0}); });
  expect("unwaited-child, umask");
}

// What only the machine has.
TEST_F(Reliances, TimeAndWhatFilesAre) {
  struct Case {
    const char* call;
    std::vector<std::uint64_t> arguments;
    const char* what;
  };
  const std::uint64_t path = list_.text("a");
  list_.open("dir", 0);
  const CallList with_directory = list_;
  for (const Case& one : std::initializer_list<Case>{{"gettimeofday", {kBuffer, 0}, "time"},
                                                     {"time", {0}, "time"},
                                                     {"clock_gettime", {1, kBuffer}, "time"},
                                                     {"stat", {path, kBuffer}, "file-status"},
                                                     {"fstat", {3, kBuffer}, "file-status"},
                                                     {"getdents64", {3, kBuffer, 1000}, "directory-order"},
                                                     {"getrlimit", {7, kBuffer}, "resource-limits"},
                                                     {"gettid", {}, "process-number"},
                                                     {"fsync", {3}, ""},
                                                     {"pipe", {kBuffer}, ""},
                                                     {"rt_sigprocmask", {0, 0, kBuffer, 8}, ""}}) {
    CallList list = with_directory;
    list.call(one.call, one.arguments);
    EXPECT_EQ(noted(list).in_machine, one.what) << one.call;
  }
}

// The clock goes on, and the times of files are its: what is written later is newer.
TEST(Clock, FilesAreInTheOrderInWhichTheyWereWritten) {
  CallList list(*machine::find_isa("amd64"), "times");
  constexpr std::uint64_t kStat = 144;
  constexpr std::uint64_t kModified = 88;
  const char* const paths[] = {"a", "first", "second"};
  list.open("first", 0100 | 1, 0644);
  list.open("second", 0100 | 1, 0644);
  for (std::uint64_t i = 0; i < 3; ++i) list.call("stat", {list.text(paths[i]), kBuffer + kStat * i});
  list.call("write", {3, kBuffer, 1});
  list.call("stat", {list.text("first"), kBuffer + kStat * 3});
  list.call("time", {kBuffer + kStat * 4 + kModified});
  const std::vector<std::string> lines = run_in_machine(list, machine::EngineKind::automatic).lines;
  // Seconds, from the lines of the buffer.
  const auto seconds = [&lines](std::uint64_t at) {
    const std::string head = fmt::format("buffer {:#x}: ", at & ~std::uint64_t{15});
    for (const std::string& line : lines) {
      if (!line.starts_with(head)) continue;
      std::uint64_t value = 0;
      for (std::size_t i = 8; i-- > 0;)
        value = value << 8 | std::stoul(line.substr(head.size() + 2 * ((at & 15) + i), 2), nullptr, 16);
      return value;
    }
    return std::uint64_t{0};
  };
  std::uint64_t before = 0;
  for (const std::uint64_t i : {0U, 1U, 2U, 3U}) {
    const std::uint64_t now = seconds(kBuffer + kStat * i + kModified);
    EXPECT_GT(now, before) << i;
    before = now;
  }
  EXPECT_GE(seconds(kBuffer + kStat * 4 + kModified), before);
}

// A real kernel would wait for a writer; here none can run: the run stops and says why.
TEST(Pipes, ReaderThatWouldWaitStopsTheRun) {
  for (const char* name : {"amd64", "x86", "aarch64", "riscv64"}) {
    CallList list(*machine::find_isa(name), "an empty pipe");
    list.call("pipe2", {kBuffer, 0});
    list.call("read", {3, kBuffer, 1});
    const CallOutcome outcome = run_in_machine(list, machine::EngineKind::automatic);
    EXPECT_NE(outcome.skipped.find("waits for what another would write into a pipe"), std::string::npos)
        << name;
  }
}

TEST(CallTexts, HaveTheNamesOfErrorsAndTheNumbersOfWhatIsNotModelled) {
  CallList list(*machine::find_isa("x86"), "texts");
  list.open("absent", 0);
  list.call("lseek", {0, 0, 0});
  list.raw(168, {0, 0, 0});
  list.call("stat64", {list.text("a"), kBuffer});
  MemoryTree tree = tree_for(list);
  machine::Request request;
  request.program = "/guest";
  request.argv = {"/guest"};
  std::vector<std::string> texts;
  request.on_system_call = [&texts](const machine::ImageRecord&, std::string_view text) {
    texts.emplace_back(text);
  };
  ASSERT_TRUE(machine::run(tree, request).has_value());
  ASSERT_GE(texts.size(), 4U);
  EXPECT_EQ(texts[0], "open(\"absent\", 0x0, 0) = -2 ENOENT");
  EXPECT_EQ(texts[1], "lseek(0, 0, 0) = -29 ESPIPE");
  EXPECT_TRUE(texts[2].starts_with("poll (168)(")) << texts[2];
  EXPECT_TRUE(texts[2].ends_with(" = -38 ENOSYS")) << texts[2];
  EXPECT_EQ(texts[3], "stat64(\"a\", 0x400000) = 0");
}

// A call that no kernel has is refused by all of them; one that is not modelled is told by its name.
TEST_F(Reliances, CallsThatAreNotModelled) {
  list_.raw(700, {});
  list_.raw(kMinusOne, {});
  expect("");
  list_.raw(7, {kBuffer, 0});
  expect("system-call poll (7)", "system call 7 is not known");
}

// The two roads answer such questions differently: what depends on the answer differs.
TEST_F(Reliances, AnswersOfTheRoadsDiffer) {
  list_.call("getpid", {});
  list_.call("brk", {0});
  list_.call("uname", {kBuffer});
  const CallOutcome machine = run_in_machine(list_, machine::EngineKind::automatic);
  const CallOutcome exec = run_in_exec(list_, true);
  ASSERT_EQ(exec.skipped, "");
  for (const std::size_t row : {0U, 1U}) EXPECT_NE(machine.lines[row], exec.lines[row]);
  EXPECT_NE(std::vector(machine.lines.begin() + 2, machine.lines.end()),
            std::vector(exec.lines.begin() + 2, exec.lines.end()));
}

TEST(Heap, SevenHundredMegabytesAreGiven) {
  for (const char* name : {"amd64", "x86", "riscv64", "riscv32", "aarch64"}) {
    CallList list(*machine::find_isa(name), "a large heap");
    const std::uint64_t end = kImageEnd + (std::uint64_t{700} << 20);
    list.call("brk", {end});
    const std::string want = fmt::format("brk({:#x}) = {}", end, end);
    EXPECT_EQ(run_in_machine(list, machine::EngineKind::automatic).lines.at(0), want);
    EXPECT_EQ(run_in_exec(list, true).lines.at(0), want);
  }
}

TEST(Heap, MoreThanThereIsHereIsALimitAndNoAnswer) {
  CallList list(*machine::find_isa("amd64"), "too large a heap");
  list.call("brk", {std::uint64_t{3} << 30});
  EXPECT_NE(run_in_machine(list, machine::EngineKind::automatic).skipped.find("asks for a heap"),
            std::string::npos);
  EXPECT_NE(run_in_exec(list, true).skipped.find("asks for a heap"), std::string::npos);
}

// The bootstrap's first steps: kaem starts hex0, waits, and neither asks for what a kernel leaves open.
class Bootstrap : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Architectures, Bootstrap,
                         ::testing::Values("AMD64", "x86", "AArch64", "riscv64", "riscv32"),
                         [](const auto& one) { return std::string(one.param); });

TEST_P(Bootstrap, ReliesOnNothing) {
  const std::optional<std::filesystem::path> root = find_tree("stage0-posix");
  if (!root) GTEST_SKIP() << "no stage0-posix tree";
  const std::string arch = GetParam();
  MemoryTree tree(std::make_shared<HostTree>(*root));
  machine::Request request;
  const std::string seeds = "./bootstrap-seeds/POSIX/" + arch + "/";
  request.program = seeds + "kaem-optional-seed";
  request.argv = {request.program, "./" + arch + "/mescc-tools-seed-kaem.kaem"};
  const Result<machine::Outcome> outcome = machine::run(tree, request);
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->status, 0) << outcome->message;
  EXPECT_GT(outcome->images.size(), 2U);
  for (const machine::ImageRecord& image : outcome->images) {
    for (const machine::Reliance& one : image.reliances)
      ADD_FAILURE() << fmt::format("{} relies on {} at {:#x}", image.program, one.what, one.address);
  }
}

}  // namespace
}  // namespace assay::test
