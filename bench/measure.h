// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// CPU time and memory of libraries and of programs, for Google Benchmark with manual time.
#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "tests/support/subprocess.h"

namespace assay::bench {

/// CPU time of this process since the timer was made, in nanosecond steps.
class CpuTimer {
 public:
  CpuTimer();
  [[nodiscard]] double seconds() const;

 private:
  double start_;
};

/// bytes_per_second: bytes of `text`; items_per_second: its lines.
void count(benchmark::State& state, const std::string& text);

/// Runs a program once an iteration, in a directory where the file `in` holds `text`; its user and system
/// time count. Counters: peak_MiB is the largest resident set, peak_per_input the same in parts of the
/// text. Skipped, with a message, where the program is not there.
void process(benchmark::State& state, const std::string& text, const std::string& program,
             const std::vector<std::string>& words);

/// The path of a program of this build.
std::string ours(std::string_view name);

}  // namespace assay::bench
