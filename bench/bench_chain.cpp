// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whole chains of stage0-posix: our seed road in both engines, both roads together, and the peers
// in the same run: qemu-user (every step by itself, so no binfmt_misc is needed) and, where the host
// can, the programs run natively. Filter with --benchmark_filter=riscv64, .../qemu and so on.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fstream>

#include "bootstrap/check/preflight.h"
#include "bootstrap/roads/engine_choice.h"
#include "bootstrap/roads/reference_road.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap {
namespace {

namespace fs = std::filesystem;

/// The tree, or nothing and the benchmark skipped.
std::optional<Tree> open_upstream(benchmark::State& state) {
  const auto path = test::find_tree("stage0-posix");
  if (!path) {
    state.SkipWithError("no tree stage0-posix below ASSAY_TREES or ~/.cache/assay");
    return std::nullopt;
  }
  return open_tree(path->string()).value();
}

/// CPU seconds of this process and its children, as a counter "cpu_seconds" when it goes: comparable on a
/// busy machine.
class CpuCounter {
 public:
  explicit CpuCounter(benchmark::State& state) : state_(state), start_(now()) {}
  ~CpuCounter() { state_.counters["cpu_seconds"] = now() - start_; }
  CpuCounter(const CpuCounter&) = delete;
  CpuCounter& operator=(const CpuCounter&) = delete;

 private:
  static double now() {
    double sum = 0;
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
      rusage usage{};
      ::getrusage(who, &usage);
      for (const timeval& time : {usage.ru_utime, usage.ru_stime})
        sum += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }
    return sum;
  }
  benchmark::State& state_;
  double start_;
};

void report_speed(benchmark::State& state, std::uint64_t instructions) {
  state.counters["guest_instructions"] = static_cast<double>(instructions);
  state.counters["guest_instructions_per_second"] =
      benchmark::Counter(static_cast<double>(instructions), benchmark::Counter::kIsRate);
}

void seed_road(benchmark::State& state, const Architecture* arch, machine::EngineKind engine) {
  const CpuCounter cpu(state);
  const auto tree = open_upstream(state);
  if (!tree) return;
  const Chain chain = compute_chain(*tree, *arch);
  std::uint64_t instructions = 0;
  for (auto _ : state) {
    SeedRoadOptions options;
    options.engine = engine;
    ChainFeed feed(chain);
    const Result<SeedRun> run = run_seed_road(*tree, feed, options);
    if (!run || run->status != 0 || run->stop != machine::Stop::exited) {
      state.SkipWithError("the chain failed");
      return;
    }
    instructions = run->instructions;
    state.counters["peak_guest_MiB"] = static_cast<double>(run->peak_memory >> 20);
  }
  report_speed(state, instructions);
}

void reference_road(benchmark::State& state, const Architecture* arch, exec::Engine engine) {
  const CpuCounter cpu(state);
  const auto tree = open_upstream(state);
  if (!tree) return;
  const Chain chain = compute_chain(*tree, *arch);
  for (auto _ : state) {
    ReferenceRoad road(*tree, *arch, engine);
    for (const std::size_t step : chain.steps()) {
      const Result<Computed> computed = road.compute(chain, step);
      if (!computed || !computed->succeeded()) state.SkipWithError("a step was not computed");
    }
  }
}

void both_roads(benchmark::State& state, std::vector<const Architecture*> archs, unsigned jobs) {
  const CpuCounter cpu(state);
  const auto tree = open_upstream(state);
  if (!tree) return;
  for (auto _ : state) {
    PreflightOptions options;
    options.architectures = archs;
    options.jobs = jobs;
    for (const ChainResult& result : preflight(*tree, options)) {
      if (result.verdict != ChainVerdict::pass) state.SkipWithError("a chain did not pass");
    }
  }
}

/// Runs a program and waits; false unless it exits with 0. Its own output is dropped.
bool run_program(const std::vector<std::string>& argv, const std::vector<std::string>& env,
                 const fs::path& cwd) {
  const auto pointers = [](const std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
    list.push_back(nullptr);
    return list;
  };
  std::vector<char*> arguments = pointers(argv);
  std::vector<char*> environment = pointers(env);
  const pid_t child = ::fork();
  if (child == 0) {
    const int null = ::open("/dev/null", O_RDWR);
    ::dup2(null, STDIN_FILENO);
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
    if (::chdir(cwd.c_str()) != 0) ::_exit(127);
    ::execve(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
  }
  int status = 0;
  return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string qemu_of(const Architecture& arch) {
  const std::string name = arch.name == "x86"     ? "i386"
                           : arch.name == "AMD64" ? "x86_64"
                                                  : std::string(arch.library_name);
  return "/usr/bin/qemu-" + name;
}

/// One command of the chain under qemu-user. M2-Mesoplanet starts its tools through PATH: there it
/// finds wrappers that start qemu again.
bool run_under_qemu(const Command& command, const std::string& qemu, const fs::path& root,
                    const fs::path& wrappers) {
  std::vector<std::string> argv{qemu, (root / command.program).string()};
  argv.insert(argv.end(), command.argv.begin() + 1, command.argv.end());
  std::vector<std::string> env;
  for (const std::string& entry : command.env)
    env.push_back(entry.starts_with("PATH=") ? "PATH=" + wrappers.string() : entry);
  return run_program(argv, env, root / command.cwd);
}

void qemu_chain(benchmark::State& state, const Architecture* arch) {
  const CpuCounter cpu(state);
  const auto tree = open_upstream(state);
  if (!tree) return;
  const std::string qemu = qemu_of(*arch);
  if (!fs::exists(qemu)) {
    state.SkipWithError("qemu-user is not installed");
    return;
  }
  const Chain chain = compute_chain(*tree, *arch);
  for (auto _ : state) {
    state.PauseTiming();
    const test::Scratch scratch;
    const fs::path root = scratch.path() / "tree";
    fs::copy(tree->path, root, fs::copy_options::recursive);
    const fs::path wrappers = scratch.path() / "wrappers";
    fs::create_directory(wrappers);
    for (const std::string_view tool : {"M2-Planet", "blood-elf", "M1", "hex2"}) {
      const fs::path wrapper = wrappers / tool;
      std::ofstream(wrapper) << fmt::format("#!/bin/sh\nexec {} {}/{}/bin/{} \"$@\"\n", qemu, root.string(),
                                            arch->name, tool);
      fs::permissions(wrapper, fs::perms::owner_all);
    }
    state.ResumeTiming();
    for (const std::size_t step : chain.steps()) {
      if (chain.commands[step].part_of) continue;  // M2-Mesoplanet starts it
      if (run_under_qemu(chain.commands[step], qemu, root, wrappers)) continue;
      state.SkipWithError(
          fmt::format("step {}:{} failed", chain.commands[step].script, chain.commands[step].line).c_str());
      return;
    }
  }
}

void native_chain(benchmark::State& state, const Architecture* arch) {
  const CpuCounter cpu(state);
  const auto tree = open_upstream(state);
  if (!tree) return;
  for (auto _ : state) {
    state.PauseTiming();
    const test::Scratch scratch;
    const fs::path root = scratch.path() / "tree";
    fs::copy(tree->path, root, fs::copy_options::recursive);
    state.ResumeTiming();
    if (!run_program({"./" + kaem_seed_path(*arch)}, {}, root))
      state.SkipWithError("the chain failed natively");
  }
}

void add_all() {
  const auto once = [](benchmark::internal::Benchmark* one) {
    one->Iterations(1)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kSecond);
  };
  std::vector<const Architecture*> all;
  for (const Architecture& arch : architectures()) {
    all.push_back(&arch);
    for (const machine::EngineKind engine : available_engines()) {
      once(benchmark::RegisterBenchmark(fmt::format("{}/seed_road/{}", arch.name, name_of(engine)).c_str(),
                                        seed_road, &arch, engine));
    }
    for (const exec::Engine engine : {exec::Engine::interpret, exec::Engine::translate}) {
      const std::string_view name = engine == exec::Engine::interpret ? "interpreter" : "translator";
      once(benchmark::RegisterBenchmark(fmt::format("{}/reference_road/{}", arch.name, name).c_str(),
                                        reference_road, &arch, engine));
    }
    once(benchmark::RegisterBenchmark(fmt::format("{}/both_roads", arch.name).c_str(), both_roads,
                                      std::vector<const Architecture*>{&arch}, 1U));
    if (arch.name == "x86" || arch.name == "AMD64") {
      once(benchmark::RegisterBenchmark(fmt::format("{}/native", arch.name).c_str(), native_chain, &arch));
    }
    // qemu-x86_64 on the hand-written AMD64 tools is out of all proportion (hex2-0 alone takes a minute).
    if (arch.name != "AMD64")
      once(benchmark::RegisterBenchmark(fmt::format("{}/qemu", arch.name).c_str(), qemu_chain, &arch));
  }
  once(benchmark::RegisterBenchmark("all/both_roads/jobs:2", both_roads, all, 2U));
}

}  // namespace
}  // namespace assay::bootstrap

int main(int argc, char** argv) {
  assay::bootstrap::add_all();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
