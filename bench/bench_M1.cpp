// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// M0, M1, hex2 and blood-elf on a generated program of about 20 MB that looks like M2-Planet's output.
// Peers: Debian's programs, and our own, as processes; the libraries without. Time is CPU time of the
// process and its children. bytes_per_second counts input bytes, items_per_second lines.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <filesystem>
#include <random>

#include "M1/blood_elf.h"
#include "M1/m0.h"
#include "M1/m1.h"
#include "linker/linker.h"
#include "tests/support/subprocess.h"

namespace {

using namespace assay;

constexpr int kFunctions = 20000;

/// Colliding names are one chain in the tables of the real M1 (and, being long, slow to compare).
std::string program(int functions, bool colliding = false) {
  std::mt19937 random(1);
  std::string text;
  for (int macro = 0; macro < 300; ++macro)
    text += fmt::format("DEFINE op{}_rax,[rbx+DWORD] {:08X}\n", macro, random());
  for (int function = 0; function < functions; ++function) {
    std::string name = fmt::format("FUNCTION_name_{}", function);
    if (colliding) {
      name.clear();
      for (int bit = 0; bit < 16; ++bit) name += (function >> bit & 1) != 0 ? "bA" : "ab";
    }
    text += fmt::format("# Defining function {}\n:{}\n", name, name);
    for (int line = 0; line < 40; ++line) {
      switch (random() % 4) {
        case 0: text += fmt::format("op{}_rax,[rbx+DWORD] %{}\n", random() % 300, random() % 4096); break;
        case 1:
          text += fmt::format("op{}_rax,[rbx+DWORD] !0x{:X} # note\n", random() % 300, random() % 128);
          break;
        case 2: text += fmt::format("\top{}_rax,[rbx+DWORD] %{}\n", random() % 300, name); break;
        default: text += fmt::format("op{}_rax,[rbx+DWORD]\n", random() % 300);
      }
    }
    text += fmt::format(":STRING_{}\n\"text number {}\"\n", function, function);
  }
  return text;
}

Output assembled(const std::string& text) {
  const Source source{"in", as_bytes(text)};
  NoDiagnostics quiet;
  return m1::assemble({&source, 1}, {.architecture = MesccArchitecture::amd64, .big_endian = false}, quiet);
}

const std::string& m1_text() {
  static const std::string text = program(kFunctions);
  return text;
}
const std::string& colliding_text() {
  static const std::string text = program(kFunctions / 8, true);
  return text;
}
const std::string& hex2_text() {
  static const std::string text(as_text(assembled(m1_text()).bytes));
  return text;
}

void count(benchmark::State& state, const std::string& text) {
  const auto rounds = static_cast<std::int64_t>(state.iterations());
  state.SetBytesProcessed(rounds * static_cast<std::int64_t>(text.size()));
  state.SetItemsProcessed(rounds * std::count(text.begin(), text.end(), '\n'));
}

double children_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Runs the program once an iteration; skipped where it is not installed.
void process(benchmark::State& state, const std::string& text, const std::string& program,
             const std::vector<std::string>& options) {
  if (!std::filesystem::exists(program)) {
    state.SkipWithError("not installed");
    return;
  }
  const test::Scratch scratch;
  scratch.write("in", as_bytes(text));
  test::Command command{.argv = {program}, .cwd = scratch.path()};
  command.argv.insert(command.argv.end(), options.begin(), options.end());
  command.seconds = 120;
  for (auto _ : state) {
    const double before = children_seconds();
    if (test::run(command).status != "exit:0") state.SkipWithError("failed");
    state.SetIterationTime(children_seconds() - before);
  }
  count(state, text);
}

template <class Tool>
void library(benchmark::State& state, const std::string& text, Tool tool) {
  const Source source{"in", as_bytes(text)};
  NoDiagnostics quiet;
  for (auto _ : state) {
    const double before = static_cast<double>(std::clock());
    benchmark::DoNotOptimize(tool(source, quiet));
    state.SetIterationTime((static_cast<double>(std::clock()) - before) / CLOCKS_PER_SEC);
  }
  count(state, text);
}

std::string ours(std::string_view name) { return fmt::format("{}/{}", ASSAY_BIN_DIR, name); }

const std::vector<std::string> kM1Words{"-A", "amd64", "--little-endian", "-f", "in", "-o", "out"};
const std::vector<std::string> kHex2Words{"-A", "amd64", "--little-endian", "-B", "0x600000", "-f", "in",
                                          "-o", "out"};
const std::vector<std::string> kBloodElfWords{"--64", "--little-endian", "-f", "in", "-o", "out"};

void M0_library(benchmark::State& state) {
  library(state, m1_text(), [](const Source& source, DiagnosticSink& sink) {
    return m0::assemble({&source, 1}, {}, sink);
  });
}
void M1_library(benchmark::State& state) {
  library(state, m1_text(), [](const Source& source, DiagnosticSink& sink) {
    return m1::assemble({&source, 1}, {.architecture = MesccArchitecture::amd64, .big_endian = false}, sink);
  });
}
void hex2_library(benchmark::State& state) {
  library(state, hex2_text(), [](const Source& source, DiagnosticSink& sink) {
    return linker::link(
        {&source, 1},
        {.architecture = MesccArchitecture::amd64, .big_endian = false, .base_address = 0x600000}, sink);
  });
}
void blood_elf_library(benchmark::State& state) {
  library(state, m1_text(), [](const Source& source, DiagnosticSink& sink) {
    return blood_elf::footer({&source, 1}, {.wide = true, .big_endian = false}, sink);
  });
}
void M1_ours(benchmark::State& state) { process(state, m1_text(), ours("M1"), kM1Words); }
void M1_debian(benchmark::State& state) { process(state, m1_text(), "/usr/bin/M1", kM1Words); }
void M1_colliding_ours(benchmark::State& state) { process(state, colliding_text(), ours("M1"), kM1Words); }
void M1_colliding_debian(benchmark::State& state) {
  process(state, colliding_text(), "/usr/bin/M1", kM1Words);
}
void hex2_ours(benchmark::State& state) { process(state, hex2_text(), ours("hex2"), kHex2Words); }
void hex2_debian(benchmark::State& state) { process(state, hex2_text(), "/usr/bin/hex2", kHex2Words); }
void blood_elf_ours(benchmark::State& state) { process(state, m1_text(), ours("blood-elf"), kBloodElfWords); }
void blood_elf_debian(benchmark::State& state) {
  process(state, m1_text(), "/usr/bin/blood-elf", kBloodElfWords);
}

}  // namespace

#define ASSAY_BENCHMARK(name) BENCHMARK(name)->UseManualTime()->Unit(benchmark::kMillisecond)
ASSAY_BENCHMARK(M0_library);
ASSAY_BENCHMARK(M1_library);
ASSAY_BENCHMARK(M1_ours);
ASSAY_BENCHMARK(M1_debian);
ASSAY_BENCHMARK(M1_colliding_ours);
ASSAY_BENCHMARK(M1_colliding_debian)->Iterations(1);
ASSAY_BENCHMARK(hex2_library);
ASSAY_BENCHMARK(hex2_ours);
ASSAY_BENCHMARK(hex2_debian);
ASSAY_BENCHMARK(blood_elf_library);
ASSAY_BENCHMARK(blood_elf_ours);
ASSAY_BENCHMARK(blood_elf_debian);

BENCHMARK_MAIN();
