// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// M0, M1, hex2 and blood-elf on a generated program of about 26 MB that looks like M2-Planet's output.
// Peers in the same run: Debian's programs, and those that the chain of stage0-posix builds on AMD64, where
// ASSAY_CHAIN_BIN names the folder that holds them (AMD64/bin of a tree that was built). Time is CPU time.
// bytes_per_second counts input bytes, items_per_second lines.
//
// linear/*: one million lines, ten, and with ASSAY_BENCH_LARGE=1 a hundred, as far as inputs may be large
// (2 GiB). labels/*: nothing but labels and references to them, all different, or one chain of the real
// tool's table.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <filesystem>
#include <random>

#include "M1/blood_elf.h"
#include "M1/m0.h"
#include "M1/m1.h"
#include "bench/measure.h"
#include "linker/linker.h"

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
  static const std::string text = program(kFunctions, true);
  return text;
}
/// As much as Debian's M1 can bear.
const std::string& few_colliding_text() {
  static const std::string text = program(kFunctions / 8, true);
  return text;
}
const std::string& hex2_text() {
  static const std::string text(as_text(assembled(m1_text()).bytes));
  return text;
}

template <class Tool>
void library(benchmark::State& state, const std::string& text, Tool tool) {
  const Source source{"in", as_bytes(text)};
  NoDiagnostics quiet;
  for (auto _ : state) {
    const bench::CpuTimer timer;
    benchmark::DoNotOptimize(tool(source, quiet));
    state.SetIterationTime(timer.seconds());
  }
  bench::count(state, text);
}

using bench::ours;
using bench::process;

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
void M1_few_colliding_ours(benchmark::State& state) {
  process(state, few_colliding_text(), ours("M1"), kM1Words);
}
void M1_few_colliding_debian(benchmark::State& state) {
  process(state, few_colliding_text(), "/usr/bin/M1", kM1Words);
}
void hex2_ours(benchmark::State& state) { process(state, hex2_text(), ours("hex2"), kHex2Words); }
void hex2_debian(benchmark::State& state) { process(state, hex2_text(), "/usr/bin/hex2", kHex2Words); }
void blood_elf_ours(benchmark::State& state) { process(state, m1_text(), ours("blood-elf"), kBloodElfWords); }
void blood_elf_debian(benchmark::State& state) {
  process(state, m1_text(), "/usr/bin/blood-elf", kBloodElfWords);
}

/// A program of the chain; skipped where there is none.
std::string of_the_chain(const std::string& name) {
  const char* const folder = std::getenv("ASSAY_CHAIN_BIN");  // NOLINT(concurrency-mt-unsafe): one thread
  return folder == nullptr ? "" : fmt::format("{}/{}", folder, name);
}
void M1_chain(benchmark::State& state) { process(state, m1_text(), of_the_chain("M1"), kM1Words); }
void hex2_chain(benchmark::State& state) { process(state, hex2_text(), of_the_chain("hex2"), kHex2Words); }
void blood_elf_chain(benchmark::State& state) {
  process(state, m1_text(), of_the_chain("blood-elf"), kBloodElfWords);
}

constexpr int kLinesAFunction = 44;

/// A program of so many lines; only the last one is kept.
const std::string& text_of_lines(std::int64_t lines) {
  static std::string text;
  static std::int64_t have = 0;
  if (have != lines) text = program(static_cast<int>(lines / kLinesAFunction));
  have = lines;
  return text;
}
void linear_M1(benchmark::State& state) {
  process(state, text_of_lines(state.range(0)), ours("M1"), kM1Words);
}
void linear_hex2(benchmark::State& state) {
  const std::string text(as_text(assembled(text_of_lines(state.range(0))).bytes));
  process(state, text, ours("hex2"), kHex2Words);
}

/// A label a line, and a reference to it.
std::string labels(std::int64_t count, bool colliding) {
  std::string text;
  for (std::int64_t number = 0; number < count; ++number) {
    std::string name;
    // "ab" and "bC" side by side are one chain in the table of the real hex2, which multiplies by 31.
    for (int bit = 0; colliding && bit < 21; ++bit) name += (number >> bit & 1) != 0 ? "bC" : "ab";
    if (!colliding) name = fmt::format("label_{}", number);
    text += fmt::format(":{}\n%{} 90 90 90 90\n", name, name);
  }
  return text;
}
void labels_hex2(benchmark::State& state) {
  process(state, labels(state.range(0), state.range(1) != 0), ours("hex2"), kHex2Words);
}
void labels_hex2_debian(benchmark::State& state) {
  process(state, labels(state.range(0), state.range(1) != 0), "/usr/bin/hex2", kHex2Words);
}
void add_sizes(benchmark::internal::Benchmark* one) {
  one->Arg(1'000'000)->Arg(10'000'000)->Iterations(1);
  if (std::getenv("ASSAY_BENCH_LARGE") != nullptr) one->Arg(100'000'000);  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace

#define ASSAY_BENCHMARK(name) BENCHMARK(name)->UseManualTime()->Unit(benchmark::kMillisecond)
ASSAY_BENCHMARK(M0_library);
ASSAY_BENCHMARK(M1_library);
ASSAY_BENCHMARK(M1_ours);
ASSAY_BENCHMARK(M1_debian);
ASSAY_BENCHMARK(M1_colliding_ours);
ASSAY_BENCHMARK(M1_few_colliding_ours);
ASSAY_BENCHMARK(M1_few_colliding_debian)->Iterations(1);
ASSAY_BENCHMARK(hex2_library);
ASSAY_BENCHMARK(hex2_ours);
ASSAY_BENCHMARK(hex2_debian);
ASSAY_BENCHMARK(blood_elf_library);
ASSAY_BENCHMARK(blood_elf_ours);
ASSAY_BENCHMARK(blood_elf_debian);
ASSAY_BENCHMARK(M1_chain);
ASSAY_BENCHMARK(hex2_chain);
ASSAY_BENCHMARK(blood_elf_chain);
ASSAY_BENCHMARK(linear_M1)->Apply(add_sizes);
ASSAY_BENCHMARK(linear_hex2)->Apply(add_sizes);
ASSAY_BENCHMARK(labels_hex2)->Args({1'000'000, 0})->Args({1'000'000, 1});
ASSAY_BENCHMARK(labels_hex2_debian)->Args({20'000, 0})->Args({20'000, 1})->Iterations(1);

BENCHMARK_MAIN();
