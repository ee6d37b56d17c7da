// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// hex0 on commented source and on dense hex: each kernel of this host, alone and as a library, our program,
// and the peers as processes (xxd -r -p, and the AMD64 seed where a tree stage0-posix is). Time is CPU time
// of the process and its children; bytes_per_second counts input bytes.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <ctime>
#include <random>

#include "bench/measure.h"
#include "hex0/hex0.h"

namespace {

using namespace assay;

constexpr std::size_t kSize = std::size_t{16} << 20;
constexpr std::size_t kSeedSize = std::size_t{1} << 18;  // the seed reads and writes single bytes

/// As people write it. The shape is that of the seeds of stage0-posix: one line in five empty, one in four a
/// comment, the others with up to six bytes, columns, and a comment of 42 characters; 24 characters a byte.
std::string commented(std::size_t size) {
  std::mt19937 random(1);
  std::string text;
  const auto add_words = [&](unsigned most) {
    for (auto left = 1 + random() % most; left > 0; --left) text += fmt::format(" word{}", random() % 1000);
    text += '\n';
  };
  while (text.size() < size) {
    const auto choice = random() % 100;
    if (choice < 18) {
      text += '\n';
    } else if (choice < 45) {
      text += "##";
      add_words(6);
    } else {
      std::string line;
      for (auto left = 1 + random() % 6; left > 0; --left) line += fmt::format("{:02X} ", random() % 256);
      line.resize(random() % 2 == 0 ? 20 : 32, ' ');
      text += line + "#";
      add_words(10);
    }
  }
  return text;
}

/// As `xxd -p` writes it: lines of 60 digits.
std::string lines_of_digits(std::size_t size) {
  std::mt19937 random(1);
  std::string text;
  while (text.size() < size) {
    for (int i = 0; i < 30; ++i) text += fmt::format("{:02x}", random() % 256);
    text += '\n';
  }
  return text;
}

/// Nothing but digits.
std::string digits(std::size_t size) {
  std::string text = lines_of_digits(size);
  std::erase(text, '\n');
  return text;
}

void kernel(benchmark::State& state, const std::string& text, hex0::Kernel which) {
  NoDiagnostics quiet;
  for (auto _ : state) {
    const bench::CpuTimer timer;
    benchmark::DoNotOptimize(hex0::assemble({"in", as_bytes(text)}, {.kernel = which}, quiet));
    state.SetIterationTime(timer.seconds());
  }
  bench::count(state, text);
}

/// The kernel alone, from one end of the text to the other, into memory that is there already.
void decode(benchmark::State& state, const std::string& text, hex0::Kernel which) {
  const hex0::kernels::Rules rules = hex0::kernels::rules_of(hex0::kDialects[0]);
  const hex0::kernels::Decode decode = hex0::kernels::decoder_of(which);
  Bytes out(text.size() / 2 + hex0::kernels::kSlack);
  for (auto _ : state) {
    const bench::CpuTimer timer;
    hex0::kernels::Place place;
    benchmark::DoNotOptimize(decode(as_bytes(text), rules, place, out.data()));
    benchmark::ClobberMemory();
    state.SetIterationTime(timer.seconds());
  }
  bench::count(state, text);
}

void process(benchmark::State& state, const std::string& text, const std::string& program,
             const std::vector<std::string>& words) {
  bench::process(state, text, program, words);
}

void seed(benchmark::State& state, const std::string& text) {
  const auto tree = test::find_tree("stage0-posix");
  const std::string path = tree ? (*tree / "bootstrap-seeds/POSIX/AMD64/hex0-seed").string() : "";
  bench::process(state, text, path, {"in", "out"});
}

struct Text {
  std::string name;
  std::string text;
  std::string start;  ///< for the slow seed
};

template <class... Arguments>
void add(const std::string& name, Arguments... arguments) {
  benchmark::RegisterBenchmark(name.c_str(), arguments...)->UseManualTime()->Unit(benchmark::kMillisecond);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<Text> texts{{"commented", commented(kSize), commented(kSeedSize)},
                                {"lines", lines_of_digits(kSize), lines_of_digits(kSeedSize)},
                                {"digits", digits(kSize), digits(kSeedSize)}};
  for (const Text& text : texts) {
    for (const hex0::Kernel one : hex0::available_kernels()) {
      add(fmt::format("hex0/{}/{}", text.name, name_of(one)), kernel, std::cref(text.text), one);
      add(fmt::format("hex0/{}/{}/decode", text.name, name_of(one)), decode, std::cref(text.text), one);
    }
    const std::vector<std::string> words{"in", "out"};
    add("hex0/" + text.name + "/program", process, std::cref(text.text), bench::ours("hex0"), words);
    add("hex0/" + text.name + "/seed", seed, std::cref(text.start));
    if (text.name == "commented") continue;  // xxd knows no comments
    const std::vector<std::string> reverse{"-r", "-p", "in", "out"};
    add("hex0/" + text.name + "/xxd", process, std::cref(text.text), "/usr/bin/xxd", reverse);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
