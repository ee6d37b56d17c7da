// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace assay::bench {
namespace {

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
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
  test::Command command{.argv = {ASSAY_RUN_MEASURED, program}, .cwd = scratch.path(), .seconds = 600};
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  double peak = 0;
  for (auto _ : state) {
    const test::Finished finished = test::run(command);
    long long microseconds = 0;
    long kibibytes = 0;
    if (finished.status != "exit:0" ||
        std::sscanf(finished.standard_output.c_str(), "%lld %ld", &microseconds, &kibibytes) != 2) {
      state.SkipWithError("failed");
      return;
    }
    state.SetIterationTime(static_cast<double>(microseconds) / 1e6);
    peak = std::max(peak, static_cast<double>(kibibytes) * 1024);
  }
  count(state, text);
  state.counters["peak_MiB"] = peak / (1 << 20);
  state.counters["peak_per_input"] = peak / static_cast<double>(text.size());
}

std::string ours(std::string_view name) { return fmt::format("{}/{}", ASSAY_BIN_DIR, name); }

}  // namespace assay::bench
