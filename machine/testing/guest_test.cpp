// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/testing/guest_test.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace assay::machine::testing {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 0);
}

constexpr std::size_t kSnippetsPerFile = 250;

}  // namespace

Outcome run_guest(const Bytes& program, EngineKind engine, std::vector<std::string> argv,
                  Bytes standard_input) {
  MemoryTree tree;
  tree.put("program", program, 0755);
  Request request;
  request.program = "./program";
  request.argv = std::move(argv);
  request.standard_input = std::move(standard_input);
  request.engine = engine;
  request.limits.instructions = 2'000'000'000;
  Result<Outcome> outcome = run(tree, request);
  EXPECT_TRUE(outcome.has_value());
  return outcome ? *std::move(outcome) : Outcome{};
}

std::optional<Emulated> run_emulator(const std::string& emulator, const Bytes& program) {
  if (std::system(("command -v " + emulator + " >/dev/null 2>&1").c_str()) != 0) return std::nullopt;
  std::string directory = (std::filesystem::temp_directory_path() / "assay-XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr) return std::nullopt;
  const std::string path = directory + "/program";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(program.data()), static_cast<std::streamsize>(program.size()));
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  const int status =
      std::system(fmt::format("{} {} >{}/out 2>{}/err", emulator, path, directory, directory).c_str());
  Emulated result;
  std::ifstream output(directory + "/out", std::ios::binary);
  result.standard_output.assign(std::istreambuf_iterator<char>(output), {});
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  std::filesystem::remove_all(directory);
  return result;
}

std::uint64_t Random::value() {
  static constexpr std::uint64_t kSpecial[] = {0,          1,          ~0ULL,      0x7FFFFFFF,
                                               0x80000000, 0xFFFFFFFF, 1ULL << 63, (1ULL << 63) - 1,
                                               0x8000,     0x7FFF,     0x80,       0xFFFFFFFF80000000};
  switch (below(5)) {
    case 0: return below(70);
    case 1: return kSpecial[below(std::size(kSpecial))];
    case 2: return next() >> below(64);
    case 3: return ~(next() >> below(64));
    default: return next();
  }
}

void compare_with_emulator(const Generator& generator) {
  const std::uint64_t programs = from_environment("ASSAY_DIFFERENTIAL_PROGRAMS", 3000);
  const std::uint64_t seed = from_environment("ASSAY_DIFFERENTIAL_SEED", 1);
  Random random(seed);
  std::uint64_t instructions = 0;
  for (std::uint64_t done = 0; done < programs;) {
    Bytes code;
    std::vector<std::string> texts;
    for (; texts.size() < kSnippetsPerFile && done < programs; ++done) {
      std::string& text = texts.emplace_back(fmt::format("snippet {} of seed {}:\n", done, seed));
      const auto words =
          generator.snippet(random, kGuestCode + code.size(), done % generator.forms.size(), text);
      for (const std::uint32_t word : words) put(code, word, 4);
    }
    for (const std::uint32_t word : generator.exit) put(code, word, 4);
    const Bytes program = make_elf(*generator.isa, code);
    const auto expected = run_emulator(generator.emulator, program);
    if (!expected) GTEST_SKIP() << generator.emulator << " is not installed";
    ASSERT_EQ(expected->status, 0)
        << texts[std::min(expected->standard_output.size() / kRecord, texts.size() - 1)];
    ASSERT_EQ(expected->standard_output.size(), texts.size() * kRecord);
    for (const EngineKind engine : {EngineKind::interpreter, EngineKind::translator}) {
      const Outcome outcome = run_guest(program, engine);
      const Bytes& output = outcome.standard_output;
      for (std::size_t i = 0; i < expected->standard_output.size(); ++i) {
        const std::string& text = texts[i / kRecord];
        ASSERT_LT(i, output.size()) << name_of(outcome.stop) << " " << outcome.message << "\n" << text;
        if (output[i] == expected->standard_output[i]) continue;
        const std::size_t start = i / 8 * 8;
        std::string ours;
        std::string theirs;
        for (std::size_t j = start + 8; j-- > start;) {
          ours += fmt::format("{:02x}", output[j]);
          theirs += fmt::format("{:02x}", expected->standard_output[j]);
        }
        FAIL() << generator.name_of(start % kRecord) << " is " << ours << ", under " << generator.emulator
               << " " << theirs << "\n"
               << text;
      }
      ASSERT_EQ(output.size(), expected->standard_output.size());
      EXPECT_EQ(outcome.stop, Stop::exited) << outcome.message;
      instructions += outcome.instructions;
    }
  }
  fmt::print("{}: {} programs, {} instruction forms, {} instructions under two engines, equal to {}\n",
             generator.isa->name, programs, generator.forms.size(), instructions, generator.emulator);
}

}  // namespace assay::machine::testing
