// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Valid programs, many to a process, through us, through Debian's mescc-tools 1.4.0, and through the programs
// that the AMD64 chain of stage0-posix builds, run in our machine. What counts is every byte.
//
// ASSAY_FUZZ_SEED (default 1) starts another series; with ASSAY_FUZZ_SECONDS each test goes on for so long;
// with ASSAY_LONG_TESTS=1 a series is twice as long.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <chrono>
#include <cstdlib>

#include "M1/blood_elf.h"
#include "M1/m1.h"
#include "command/host_files.h"
#include "kaem/minimal_run.h"
#include "linker/linker.h"
#include "linker/options.h"
#include "machine/machine.h"
#include "tests/support/subprocess.h"
#include "tests/support/valid_programs.h"

namespace assay::test {
namespace {

constexpr std::size_t kBatch = 50;       // programs a process
constexpr std::uint64_t kBase = 0x1000;  // where hex2 programs are linked
constexpr std::string_view kArchitectures[] = {"knight-native", "x86",     "amd64",   "armv7l",
                                               "aarch64",       "ppc64le", "riscv32", "riscv64"};

std::uint32_t number_from_environment(const char* name, std::uint32_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
}

bool have_debian(const std::string& program) {
  const Finished version = run({.argv = {program, "--version"}});
  return version.status == "exit:0" && (version.standard_output.find("1.4.0") != std::string::npos ||
                                        version.standard_output.find("2.0.0") != std::string::npos);
}

/// The programs of the chain; builds them if there is a tree and an x86-64 host. Nothing without a tree.
std::optional<std::filesystem::path> real_programs() {
  const auto tree = find_tree("stage0-posix");
  if (!tree) return std::nullopt;
  const std::filesystem::path folder = tree->parent_path() / "real-tools/AMD64/bin";
  if (!std::filesystem::exists(folder)) {
    const char* home = std::getenv("HOME");
    (void)run({.argv = {"/bin/bash", std::string(ASSAY_SOURCE_DIR) + "/tests/support/build_real_mescc.sh"},
               .env = {"PATH=/usr/bin:/bin", std::string("HOME=") + (home == nullptr ? "/" : home),
                       "ASSAY_TREES=" + tree->parent_path().string()},
               .seconds = 1000});
  }
  if (!std::filesystem::exists(folder)) return std::nullopt;
  return folder;
}

/// Batch after batch: a fixed number, or for as long as the environment says.
class Series {
 public:
  explicit Series(std::size_t batches)
      : batches_(std::getenv("ASSAY_LONG_TESTS") != nullptr ? batches : batches / 2),
        seed_(number_from_environment("ASSAY_FUZZ_SEED", 1)),
        until_(std::chrono::steady_clock::now() +
               std::chrono::seconds(number_from_environment("ASSAY_FUZZ_SECONDS", 0))) {}
  bool next() {
    if (done_ >= batches_ && std::chrono::steady_clock::now() >= until_) return false;
    ++done_;
    return true;
  }
  [[nodiscard]] std::uint32_t seed() const { return seed_ * 100000U + static_cast<std::uint32_t>(done_); }
  [[nodiscard]] std::string_view architecture() const {
    return kArchitectures[done_ % std::size(kArchitectures)];
  }

 private:
  std::size_t batches_;
  std::size_t done_ = 0;
  std::uint32_t seed_;
  std::chrono::steady_clock::time_point until_;
};

/// One process: its words, the files it finds, and what it leaves.
struct Job {
  std::string tool;
  std::vector<std::string> words;
  std::vector<std::pair<std::string, Bytes>> files;
  std::vector<std::string> env;
};

struct Left {
  std::string status;
  std::string output;
  std::string error;
  std::string children;  ///< arguments and environments, where they can be seen
};

std::string shown(const std::vector<std::string>& argv, const std::vector<std::string>& env) {
  std::string text;
  for (const std::string& word : argv) text += "[" + word + "]";
  for (const std::string& entry : env) text += "{" + entry + "}";
  return text + "\n";
}

Left run_native(const std::filesystem::path& folder, const Job& job) {
  const Scratch scratch;
  for (const auto& [name, bytes] : job.files) scratch.write(name, bytes, name == "k" ? 0755 : 0644);
  Command command{.argv = {(folder / job.tool).string()}, .env = job.env, .cwd = scratch.path()};
  command.argv.insert(command.argv.end(), job.words.begin(), job.words.end());
  Finished done = run(command);
  return {done.status, std::move(done.standard_output), std::move(done.standard_error), ""};
}

/// In our machine; children of the program are recorded.
Left run_in_machine(const std::filesystem::path& folder, const Job& job) {
  MemoryTree tree;
  tree.put(job.tool, read_host_file((folder / job.tool).string()).value(), 0755);
  for (const auto& [name, bytes] : job.files) tree.put(name, bytes, name == "k" ? 0755 : 0644);
  machine::Request request;
  request.program = "./" + job.tool;
  request.argv = {job.tool};
  request.argv.insert(request.argv.end(), job.words.begin(), job.words.end());
  request.env = job.env;
  const Result<machine::Outcome> outcome = machine::run(tree, request);
  if (!outcome) return {outcome.error().message, "", "", ""};
  Left left{fmt::format("exit:{}", outcome->status), std::string(as_text(outcome->standard_output)),
            std::string(as_text(outcome->standard_error)), ""};
  if (outcome->stop != machine::Stop::exited) left.status = std::string(name_of(outcome->stop));
  for (const machine::ImageRecord& image : outcome->images) {
    if (image.depth != 0) left.children += shown(image.argv, image.env);
  }
  return left;
}

/// The first difference, with what stands around it.
std::string difference(const std::string& ours, const std::string& theirs) {
  std::size_t at = 0;
  while (at < ours.size() && at < theirs.size() && ours[at] == theirs[at]) ++at;
  if (at == ours.size() && at == theirs.size()) return "";
  const std::size_t from = at < 40 ? 0 : at - 40;
  return fmt::format("at {}\nours:   ...{}\ntheirs: ...{}", at, ours.substr(from, 80),
                     theirs.substr(from, 80));
}

using Runner = Left (*)(const std::filesystem::path&, const Job&);

/// Who to compare with, in which dialect.
struct Peer {
  std::filesystem::path folder;
  Runner runner = nullptr;
  const MesccDialect* dialect = nullptr;
};

std::vector<Peer> peers() {
  std::vector<Peer> list;
  if (have_debian("/usr/bin/M1") && have_debian("/usr/bin/hex2") && have_debian("/usr/bin/blood-elf")) {
    list.push_back({"/usr/bin", run_native, find_mescc_dialect("debian-1.4.0")});
  }
  if (const auto folder = real_programs()) {
    list.push_back({*folder, run_in_machine, find_mescc_dialect("m2-64")});
  }
  return list;
}

void expect_same(const Output& ours, const Left& theirs, std::string_view what) {
  ASSERT_EQ(fmt::format("exit:{}", ours.status), theirs.status) << what << "\n"
                                                                << theirs.error << ours.standard_error;
  ASSERT_EQ(difference(std::string(as_text(ours.bytes)), theirs.output), "") << what;
}

/// Texts as files a0, a1, ... of one command line.
struct Batch {
  std::vector<std::string> texts;
  std::vector<Source> sources;
  Job job;

  Batch(std::string tool, std::vector<std::string> made, std::vector<std::string> words)
      : texts(std::move(made)) {
    job.tool = std::move(tool);
    job.words = std::move(words);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string name = fmt::format("a{}", i);
      sources.push_back({name, as_bytes(texts[i])});
      job.files.emplace_back(name, to_bytes(texts[i]));
      job.words.insert(job.words.end(), {"-f", name});
    }
  }
};

template <class Make>
std::vector<std::string> many(Make make) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < kBatch; ++i) texts.push_back(make());
  return texts;
}

TEST(MesccDifferential, M1_and_blood_elf_on_valid_programs) {
  const std::vector<Peer> all = peers();
  if (all.empty()) GTEST_SKIP() << "neither Debian's mescc-tools 1.4.0 nor a tree stage0-posix";
  for (Series series(150); series.next();) {
    ValidPrograms programs(series.seed());
    const MesccArchitecture architecture = *find_mescc_architecture(series.architecture());
    const bool big = programs.below(4) == 0;
    const bool wide = programs.below(2) == 0;
    const std::string order = big ? "--big-endian" : "--little-endian";
    const std::vector<std::string> texts = many([&] { return programs.m1(architecture); });
    const Batch assembly("M1", texts, {"-A", std::string(series.architecture()), order});
    const Batch footer("blood-elf", texts,
                       wide ? std::vector<std::string>{order, "--64"} : std::vector<std::string>{order});
    for (const Peer& peer : all) {
      const std::string what =
          fmt::format("{} seed {} {}", peer.folder.string(), series.seed(), series.architecture());
      NoDiagnostics quiet;
      const m1::Options options{.dialect = peer.dialect, .architecture = architecture, .big_endian = big};
      const Output ours = m1::assemble(assembly.sources, options, quiet);
      ASSERT_EQ(ours.status, 0) << what << ours.standard_error;
      expect_same(ours, peer.runner(peer.folder, assembly.job), what);
      const blood_elf::Options footer_options{.wide = wide, .big_endian = big};
      expect_same(blood_elf::footer(footer.sources, footer_options, quiet),
                  peer.runner(peer.folder, footer.job), what);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(MesccDifferential, hex2_on_valid_programs) {
  const std::vector<Peer> all = peers();
  if (all.empty()) GTEST_SKIP() << "neither Debian's mescc-tools 1.4.0 nor a tree stage0-posix";
  for (Series series(150); series.next();) {
    ValidPrograms programs(series.seed());
    const MesccArchitecture architecture = *find_mescc_architecture(series.architecture());
    const bool big = programs.below(4) == 0;
    const Batch batch("hex2", many([&] { return programs.hex2(architecture); }),
                      {"-A", std::string(series.architecture()), big ? "--big-endian" : "--little-endian",
                       "-B", fmt::format("0x{:x}", kBase)});
    for (const Peer& peer : all) {
      const std::string what =
          fmt::format("{} seed {} {}", peer.folder.string(), series.seed(), series.architecture());
      NoDiagnostics quiet;
      const Output ours = linker::link(batch.sources,
                                       {.dialect = peer.dialect,
                                        .architecture = architecture,
                                        .big_endian = big,
                                        .base_address = static_cast<std::int64_t>(kBase)},
                                       quiet);
      ASSERT_EQ(ours.status, 0) << what << ours.standard_error;
      expect_same(ours, peer.runner(peer.folder, batch.job), what);
      if (HasFatalFailure()) return;
    }
  }
}

/// Our kaem's world in these tests: `./k e` succeeds, any other `./k` fails, and what runs is recorded.
class ScriptHost final : public kaem::Host {
 public:
  explicit ScriptHost(std::string directory) : directory_(std::move(directory)) {}
  kaem::ChildEnd launch(const kaem::Launch& launch) override {
    children += shown(launch.argv, launch.env);
    return {launch.argv.size() > 1 && launch.argv[1] == "e" ? 0 : 1, 0};
  }
  kaem::Found find(const std::string& /*path*/) override { return kaem::Found::nothing; }
  bool enter(const std::string& /*directory*/) override { return false; }
  std::string current_directory() override { return directory_; }
  void write_output(std::string_view text) override { output += text; }
  void write_error(std::string_view text) override { error += text; }

  std::string output;
  std::string error;
  std::string children;

 private:
  std::string directory_;
};

const std::vector<std::string> kEnvironment = {"SHELL=/bin/sh", "PATH=/bin"};

/// `./k` is the kaem-minimal of AMD64: with the empty script `e` it succeeds, with `u`, which holds an
/// unfinished comment, it fails.
Job script_job(std::string tool, std::vector<std::string> words, const std::string& script,
               const std::filesystem::path& real) {
  return {std::move(tool),
          std::move(words),
          {{"s", to_bytes(script)},
           {"e", to_bytes("\n")},
           {"u", to_bytes("#")},
           {"k", read_host_file((real / "kaem-0").string()).value()}},
          kEnvironment};
}

std::string kaem_script(std::uint32_t seed, bool says_directory) {
  ValidPrograms programs(seed);
  std::string script = seed % 3 == 0 ? "set -x\n" : "";
  for (const std::string& text : many([&] { return programs.kaem(says_directory); })) script += text;
  return script;
}

TEST(MesccDifferential, kaem_on_valid_scripts) {
  const auto real = real_programs();
  if (!real) GTEST_SKIP() << "no tree stage0-posix in $ASSAY_TREES or ~/.cache/assay";
  const bool debian = have_debian("/usr/bin/kaem");
  for (Series series(90); series.next();) {
    const std::string what = fmt::format("seed {}", series.seed());
    // Debian's kaem runs in a directory of another name each time.
    for (const bool in_machine : {true, false}) {
      if (!in_machine && !debian) continue;
      const std::string script = kaem_script(series.seed(), in_machine);
      ScriptHost host("/");
      NoDiagnostics quiet;
      const kaem::Finish ours = kaem::interpret(as_bytes(script), 0, kaem::Settings(),
                                                kaem::Environment(kEnvironment), host, quiet);
      ASSERT_EQ(ours.status, 0) << what << host.error;
      const Job job = script_job("kaem", {"-f", "s"}, script, *real);
      const Left theirs = in_machine ? run_in_machine(*real, job) : run_native("/usr/bin", job);
      ASSERT_EQ(theirs.status, "exit:0") << what << theirs.error;
      ASSERT_EQ(difference(host.output, theirs.output), "") << what;
      ASSERT_EQ(in_machine ? difference(host.children, theirs.children) : "", "") << what;
    }
  }
}

TEST(MesccDifferential, kaem_minimal_on_valid_scripts) {
  const auto real = real_programs();
  if (!real) GTEST_SKIP() << "no tree stage0-posix in $ASSAY_TREES or ~/.cache/assay";
  for (Series series(40); series.next();) {
    ValidPrograms programs(series.seed());
    std::string script;
    for (const std::string& text : many([&] { return programs.kaem_minimal(); })) script += text;
    ScriptHost host("/");
    NoDiagnostics quiet;
    const kaem::Finish ours =
        kaem::run_minimal(as_bytes(script), *kaem::minimal_dialect("AMD64"), kEnvironment, host, quiet);
    const Left theirs = run_in_machine(*real, script_job("kaem-0", {"s"}, script, *real));
    const std::string what = fmt::format("seed {}", series.seed());
    ASSERT_EQ(fmt::format("exit:{}", ours.status), theirs.status) << what;
    ASSERT_EQ(difference(host.output, theirs.output), "") << what;
    ASSERT_EQ(difference(host.children, theirs.children), "") << what;
  }
}

}  // namespace
}  // namespace assay::test
