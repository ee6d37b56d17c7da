// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/measure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

namespace assay::bench {
namespace {

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// Runs a program to its end with /dev/null for its streams; false unless it exits with 0. vfork: a copy of
/// our own page tables would count as the program's time.
bool run(const std::vector<std::string>& argv, const std::string& cwd, rusage& usage) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  const pid_t child = ::vfork();
  if (child == 0) {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, stream);
    if (::chdir(cwd.c_str()) == 0) ::execv(words[0], words.data());
    ::_exit(127);
  }
  ::close(null);
  int status = 0;
  return child > 0 && ::wait4(child, &status, 0, &usage) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

}  // namespace

CpuTimer::CpuTimer() : start_(cpu_seconds()) {}

double CpuTimer::seconds() const { return cpu_seconds() - start_; }

void count(benchmark::State& state, const std::string& text) {
  const auto rounds = static_cast<std::int64_t>(state.iterations());
  state.SetBytesProcessed(rounds * static_cast<std::int64_t>(text.size()));
  state.SetItemsProcessed(rounds * std::count(text.begin(), text.end(), '\n'));
}

void process(benchmark::State& state, const std::string& text, const std::string& program,
             const std::vector<std::string>& words) {
  if (!std::filesystem::exists(program)) {
    state.SkipWithError("not installed");
    return;
  }
  const test::Scratch scratch;
  scratch.write("in", as_bytes(text));
  std::vector<std::string> argv{program};
  argv.insert(argv.end(), words.begin(), words.end());
  double peak = 0;
  for (auto _ : state) {
    rusage usage{};
    if (!run(argv, scratch.path().string(), usage)) {
      state.SkipWithError("failed");
      return;
    }
    state.SetIterationTime(seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
    peak = std::max(peak, static_cast<double>(usage.ru_maxrss) * 1024);
  }
  count(state, text);
  state.counters["peak_MiB"] = peak / (1 << 20);
  state.counters["peak_per_input"] = peak / static_cast<double>(text.size());
}

std::string ours(std::string_view name) { return fmt::format("{}/{}", ASSAY_BIN_DIR, name); }

}  // namespace assay::bench
