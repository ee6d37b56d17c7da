// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The programs of stage0-posix that were written by hand, of the tree and of older releases where they are
// (a folder `releases` beside it): run by exec they must do what they do in the machine, on their own inputs
// and on damaged ones.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "core/digest.h"
#include "core/host_tree.h"
#include "exec/run.h"
#include "machine/machine.h"
#include "tests/support/subprocess.h"

namespace assay {
namespace {

using Arguments = std::vector<std::string>;

constexpr std::uint64_t kFewInstructions = 3'000'000;

/// The commands of a script, without anything that they might mean.
std::vector<Arguments> commands_of(std::string_view text) {
  std::vector<Arguments> result;
  Arguments command;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) command.push_back(std::exchange(word, {}));
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '#' && word.empty()) {
      at = std::min(text.find('\n', at), text.size()) - 1;
    } else if (c == '\\' && at + 1 < text.size() && text[at + 1] == '\n') {
      ++at;
      end_word();
    } else if (c == ' ' || c == '\t' || c == '\n') {
      end_word();
      if (c == '\n' && !command.empty()) result.push_back(std::exchange(command, {}));
    } else {
      word += c;
    }
  }
  return result;
}

bool is_written_by_hand(std::string_view program) {
  const std::string name = std::filesystem::path(program).filename();
  static const std::set<std::string> kNames{"hex0-seed", "hex0", "hex1", "hex2-0", "catm", "M0"};
  return kNames.count(name) != 0 || name.starts_with("cc_");
}

std::string path_in(const std::string& cwd, const std::string& path) {
  return std::filesystem::path(cwd.empty() ? path : cwd + "/" + path).lexically_normal().string();
}

machine::Outcome run_in_machine(MemoryTree& tree, const std::string& cwd, const Arguments& argv,
                                std::uint64_t instructions) {
  machine::Request request;
  request.program = argv[0];
  request.argv = argv;
  request.cwd = cwd;
  request.limits.instructions = instructions;
  // As exec has it: hex0-seed of 1.6.0 for AMD64 and x86 takes a bit of a stack address for a sign, and does
  // not always see the first digit.
  request.stack = machine::StackPlace::low;
  Result<machine::Outcome> outcome = machine::run(tree, request);
  EXPECT_TRUE(outcome.has_value()) << argv[0];
  return outcome ? std::move(*outcome) : machine::Outcome{};
}

exec::Outcome run_in_exec(MemoryTree& tree, const std::string& cwd, const Arguments& argv,
                          exec::Engine engine, std::uint64_t jumps) {
  exec::Request request;
  const auto program = tree.read(path_in(cwd, argv[0]));
  EXPECT_TRUE(program.has_value()) << argv[0];
  if (!program) return {};
  request.program = **program;
  request.argv = argv;
  request.cwd = cwd;
  request.files = &tree;
  request.engine = engine;
  request.jumps = jumps;
  Result<exec::Outcome> outcome = exec::run(request);
  EXPECT_TRUE(outcome.has_value()) << argv[0];
  return outcome ? std::move(*outcome) : exec::Outcome{};
}

/// What a command's outcome depends on.
std::string key_of(const MemoryTree& tree, const std::string& cwd, const Arguments& argv) {
  std::string key = cwd;
  for (const std::string& word : argv) {
    const auto bytes = tree.read(path_in(cwd, word));
    key += fmt::format("\n{} {}", word, bytes ? sha256(**bytes) : "");
  }
  return key;
}

/// The first ones for AMD64 have a segment that Linux would not execute.
bool can_be_executed(const MemoryTree& tree, const std::string& program) {
  constexpr std::size_t kFlagsOfSegment = 68;
  constexpr Byte kExecute = 1;
  const auto bytes = tree.read(program);
  const bool is_wide = bytes && (*bytes)->size() > kFlagsOfSegment && (**bytes)[4] == 2;
  return !is_wide || ((**bytes)[kFlagsOfSegment] & kExecute) != 0;
}

/// A tree that is not whole. What catm does then has tests of its own.
bool lacks_input(const MemoryTree& tree, const std::string& cwd, const Arguments& argv) {
  const bool joins = std::filesystem::path(argv[0]).filename() == "catm";
  const auto first = argv.begin() + (joins ? 2 : 1);
  const auto last = joins || argv.size() < 3 ? argv.end() : first + 1;
  return std::any_of(first, last,
                     [&](const std::string& path) { return tree.find(path_in(cwd, path)) == nullptr; });
}

class HandWritten : public testing::Test {
 protected:
  unsigned compared_ = 0;
  unsigned damaged_ = 0;
  std::set<std::string> programs_;
  /// By program and inputs, what came of it: releases have much in common.
  std::map<std::string, std::vector<machine::FileUse>> known_;
  std::set<std::string> damaged_programs_;  ///< digests

  void run_tree(const std::filesystem::path& root);
  MemoryTree run_commands(const std::shared_ptr<const FileTree>& host, std::string_view text,
                          const std::string& cwd, const std::string& what);
  void run_interpreter(MemoryTree& tree, const std::string& cwd, const Arguments& argv,
                       const std::string& what);
  void run_both(MemoryTree& tree, const std::string& cwd, const Arguments& argv, const std::string& what);
  unsigned damaged_inputs_ = 12;  ///< of each program
  std::vector<exec::Engine> engines_{exec::Engine::interpret, exec::Engine::automatic};
  void damage(const MemoryTree& tree, const std::string& cwd, const Arguments& argv, const std::string& what);
};

/// `tree` is then as the machine left it.
void HandWritten::run_both(MemoryTree& tree, const std::string& cwd, const Arguments& argv,
                           const std::string& what) {
  const MemoryTree before = tree.copy();
  const machine::Outcome real = run_in_machine(tree, cwd, argv, machine::Limits{}.instructions);
  ASSERT_EQ(real.stop, machine::Stop::exited) << what << ": " << real.message;
  for (const exec::Engine engine : engines_) {
    MemoryTree copy = before.copy();
    const exec::Outcome ours = run_in_exec(copy, cwd, argv, engine, exec::Request{}.jumps);
    ASSERT_EQ(ours.ending, Ending::exits) << what << ": " << ours.reason;
    EXPECT_EQ(ours.status, real.status) << what;
    std::vector<std::string> outputs;
    for (const machine::FileUse& use : real.images.front().outputs) {
      outputs.push_back(use.path);
      const Result<std::shared_ptr<const Bytes>> bytes = copy.read(use.path);
      ASSERT_TRUE(bytes.has_value()) << what << ": " << use.path;
      EXPECT_TRUE(**bytes == *use.bytes) << what << ": " << use.path << " is another one";
      EXPECT_EQ(copy.find(use.path)->mode, use.mode) << what << ": " << use.path;
    }
    EXPECT_EQ(ours.outputs, outputs) << what;
  }
  known_[key_of(before, cwd, argv)] = real.images.front().outputs;
  ++compared_;
}

/// A piece of the input, with some bytes changed. (What ends by a fault in the machine need not in exec,
/// whose memory is one piece.)
void HandWritten::damage(const MemoryTree& tree, const std::string& cwd, const Arguments& argv,
                         const std::string& what) {
  if (argv.size() != 3) return;
  const std::string input = path_in(cwd, argv[1]);
  const Result<std::shared_ptr<const Bytes>> whole = tree.read(input);
  if (!whole || (*whole)->empty()) return;
  std::mt19937_64 random(std::hash<std::string>{}(argv[0]));
  for (unsigned round = 0; round < damaged_inputs_; ++round) {
    constexpr std::size_t kMost = 3000;
    const std::size_t from = round == 0 ? 0 : random() % (*whole)->size();
    Bytes bytes((*whole)->begin() + static_cast<std::ptrdiff_t>(from), (*whole)->end());
    bytes.resize(std::min(bytes.size(), kMost));
    for (unsigned changed = 0; changed < 1U << round % 6; ++changed)
      bytes[random() % bytes.size()] =
          round % 2 == 0 ? static_cast<Byte>(random()) : (**whole)[random() % (*whole)->size()];
    MemoryTree ours_tree = tree.copy();
    ours_tree.put(input, bytes);
    MemoryTree real_tree = ours_tree.copy();
    const machine::Outcome real = run_in_machine(real_tree, cwd, argv, kFewInstructions);
    const exec::Outcome ours = run_in_exec(ours_tree, cwd, argv, exec::Engine::automatic, kFewInstructions);
    const std::string which = fmt::format("{}, damaged input {}", what, round);
    if (real.stop != machine::Stop::exited) continue;
    ASSERT_EQ(ours.ending, Ending::exits) << which << ": " << ours.reason;
    EXPECT_EQ(ours.status, real.status) << which;
    for (const machine::FileUse& use : real.images.front().outputs) {
      const Result<std::shared_ptr<const Bytes>> made = ours_tree.read(use.path);
      ASSERT_TRUE(made.has_value()) << which;
      EXPECT_TRUE(**made == *use.bytes) << which << ": " << use.path << " is another one";
    }
    ++damaged_;
  }
}

/// Up to the first program that a compiler made; the tree as it is then.
MemoryTree HandWritten::run_commands(const std::shared_ptr<const FileTree>& host, std::string_view text,
                                     const std::string& cwd, const std::string& what) {
  MemoryTree tree(host);
  for (const Arguments& argv : commands_of(text)) {
    if (!is_written_by_hand(argv[0])) break;
    const std::string program = path_in(cwd, argv[0]);
    if (tree.find(program) == nullptr || lacks_input(tree, cwd, argv)) break;
    if (!can_be_executed(tree, program)) break;
    programs_.insert(what + " " + program);
    if (const auto known = known_.find(key_of(tree, cwd, argv)); known != known_.end()) {
      for (const machine::FileUse& use : known->second) tree.put(use.path, *use.bytes, use.mode);
      continue;
    }
    const std::string which = fmt::format("{}: {}", what, fmt::join(argv, " "));
    if (damaged_programs_.insert(sha256(**tree.read(program))).second) damage(tree, cwd, argv, which);
    run_both(tree, cwd, argv, which);
    if (HasFatalFailure()) break;
  }
  return tree;
}

/// kaem-minimal: what it starts, in order, and how it ends.
void HandWritten::run_interpreter(MemoryTree& tree, const std::string& cwd, const Arguments& argv,
                                  const std::string& what) {
  const MemoryTree before = tree.copy();
  const machine::Outcome real = run_in_machine(tree, cwd, argv, machine::Limits{}.instructions);
  ASSERT_EQ(real.stop, machine::Stop::exited) << what << ": " << real.message;
  MemoryTree copy = tree.copy();  // its programs have run
  std::size_t next = 1;
  exec::Request request;
  request.program = **before.read(path_in(cwd, argv[0]));
  request.argv = argv;
  request.cwd = cwd;
  request.files = &copy;
  request.start = [&](const exec::Start& start) -> std::optional<int> {
    if (next >= real.images.size()) return std::nullopt;
    const machine::ImageRecord& image = real.images[next++];
    EXPECT_EQ(start.argv, image.argv) << what;
    EXPECT_EQ(start.cwd, image.cwd) << what;
    return image.status;
  };
  const Result<exec::Outcome> ours = exec::run(request);
  ASSERT_TRUE(ours.has_value()) << what;
  ASSERT_EQ(ours->ending, Ending::exits) << what << ": " << ours->reason;
  EXPECT_EQ(ours->status, real.status) << what;
  EXPECT_EQ(next, real.images.size()) << what;
  EXPECT_EQ(ours->standard_output, as_text(real.images[0].standard_output)) << what;
  programs_.insert(what + " " + argv[0]);
  ++compared_;
}

void HandWritten::run_tree(const std::filesystem::path& root) {
  const auto host = std::make_shared<HostTree>(root.string());
  const std::string name = root.filename();
  const auto text_of = [&](const std::string& path) {
    const Result<std::shared_ptr<const Bytes>> text = host->read(path);
    return text ? std::string(as_text(**text)) : std::string();
  };
  (void)run_commands(host, text_of("kaem.run"), "", name);
  for (const std::string arch : {"x86", "AMD64", "AArch64", "riscv32", "riscv64"}) {
    const std::string what = name + " " + arch;
    for (const std::string script : {"kaem.run", "mescc-tools.kaem"})
      (void)run_commands(host, text_of(arch + "/" + script), arch, what);
    // Newer ones run in the tree's own directory; the seed's script makes the first two programs.
    const std::string seed_script = arch + "/mescc-tools-seed-kaem.kaem";
    const std::string begin = text_of(seed_script);
    const std::string cwd = begin.find("./" + arch + "/artifact") != std::string::npos ? "" : arch;
    MemoryTree tree =
        run_commands(host, begin + "\n" + text_of(arch + "/mescc-tools-mini-kaem.kaem"), cwd, what);
    if (begin.empty() || HasFatalFailure()) continue;
    const std::string up = cwd.empty() ? "./" : "../";
    const std::string seed = up + "bootstrap-seeds/POSIX/" + arch + "/kaem-optional-seed";
    if (tree.find(path_in(cwd, seed)) == nullptr) continue;
    const std::string from = cwd.empty() ? "./" + seed_script : "mescc-tools-seed-kaem.kaem";
    run_interpreter(tree, cwd, {seed, from}, what);
    run_interpreter(tree, cwd, {cwd.empty() ? "./" + arch + "/artifact/kaem-0" : "./kaem-0", from}, what);
  }
}

TEST_F(HandWritten, DoesInExecWhatItDoesInTheMachine) {
  const std::optional<std::filesystem::path> tree = test::find_tree("stage0-posix");
  if (!tree) GTEST_SKIP() << "no stage0-posix tree";
  run_tree(*tree);
  EXPECT_GE(programs_.size(), 25U);
  fmt::print("{} programs, {} runs, {} of them on damaged input\n", programs_.size(), compared_ + damaged_,
             damaged_);
}

TEST_F(HandWritten, OfOldReleasesToo) {
  if (!test::long_tests()) GTEST_SKIP() << "more than a minute: only with ASSAY_LONG_TESTS=1";
  const std::optional<std::filesystem::path> tree = test::find_tree("stage0-posix");
  const std::filesystem::path releases = tree ? tree->parent_path() / "releases" : "";
  if (!std::filesystem::is_directory(releases)) GTEST_SKIP() << "no older releases";
  damaged_inputs_ = 4;
  engines_ = {exec::Engine::automatic};
  std::set<std::filesystem::path> roots;
  for (const auto& entry : std::filesystem::directory_iterator(releases)) roots.insert(entry.path());
  for (const std::filesystem::path& root : roots) run_tree(root);
  EXPECT_GE(programs_.size(), 25U);
  fmt::print("{} programs, {} runs, {} of them on damaged input\n", programs_.size(), compared_ + damaged_,
             damaged_);
}

}  // namespace
}  // namespace assay
