// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every system call with arguments that nobody means well, on a real kernel (this host's, for its own
// instruction sets; under qemu-user for the others) and on ours: results, error numbers, what is in memory,
// what is in the files.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/support/system_call_host.h"
#include "tests/support/system_call_rows.h"

namespace assay::test {
namespace {

using machine::EngineKind;
using machine::Isa;

constexpr std::uint64_t kSeed = 18;
constexpr std::size_t kMostShown = 12;  // differences

bool is_call(const std::string& line) { return line.find(") = ") != std::string::npos; }

unsigned lists_wanted(unsigned otherwise) {
  const char* const text = std::getenv("ASSAY_SYSTEM_CALL_LISTS");
  return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 0));
}

/// Where two outcomes differ: the first calls, and what memory and files hold.
std::string difference(const std::vector<std::string>& real, const std::vector<std::string>& ours) {
  std::string text;
  std::size_t shown = 0;
  const auto only_in = [&](const char* whose, const std::vector<std::string>& one,
                           const std::vector<std::string>& other) {
    for (std::size_t index = 0; index < one.size() && shown < kMostShown; ++index) {
      const bool same = is_call(one[index])
                            ? index < other.size() && other[index] == one[index]
                            : std::find(other.begin(), other.end(), one[index]) != other.end();
      if (same) continue;
      text += fmt::format("  {} {}: {}\n", index, whose, one[index]);
      ++shown;
    }
  };
  only_in("real", real, ours);
  shown = 0;
  only_in("ours", ours, real);
  return text;
}

class SystemCallRows : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    isa_ = machine::find_isa(GetParam());
    ASSERT_NE(isa_, nullptr);
    native_ = host_runs(*isa_);
    if (!native_) emulator_ = find_emulator(*isa_);
    if (!native_ && !emulator_) GTEST_SKIP() << "neither this host nor qemu-user runs " << isa_->name;
  }

  static bool same(const char* where, const CallList& list, const CallOutcome& real,
                   const CallOutcome& ours) {
    const std::string text = ours.skipped.empty() ? difference(real.lines, ours.lines) : ours.skipped;
    if (!text.empty())
      ADD_FAILURE() << where << ", " << list.isa().name << ", " << list.title() << "\n" << text;
    return text.empty();
  }

  void compare(const std::vector<CallList>& lists, bool all_in_exec = false) {
    if (lists.empty()) GTEST_SKIP() << "no list for " << isa_->name;
    std::size_t rows = 0;
    std::size_t in_exec = 0;
    for (const CallList& list : lists) {
      const CallOutcome real = native_ ? run_on_host(list) : run_in_emulator(list, *emulator_);
      if (!real.skipped.empty()) GTEST_SKIP() << real.skipped;
      for (const EngineKind engine : {EngineKind::interpreter, EngineKind::translator}) {
        if (!same("machine", list, real, run_in_machine(list, engine))) break;
      }
      for (const bool translate : {false, true}) {
        const CallOutcome ours = run_in_exec(list, translate);
        if (!ours.skipped.empty()) continue;
        if (!translate) in_exec += list.rows().size();
        if (!same("exec", list, real, ours)) break;
      }
      rows += list.rows().size();
    }
    RecordProperty("rows", static_cast<int>(rows));
    RecordProperty("rows_in_exec", static_cast<int>(in_exec));
    if (all_in_exec) {
      EXPECT_EQ(in_exec, rows);
    }
    std::printf("%zu rows compared, %zu of them with exec\n", rows, in_exec);
  }

  [[nodiscard]] ListOptions options() const { return {.emulated = !native_}; }

  const Isa* isa_ = nullptr;
  bool native_ = false;
  std::optional<std::string> emulator_;
};

INSTANTIATE_TEST_SUITE_P(Isas, SystemCallRows,
                         ::testing::Values("amd64", "x86", "aarch64", "riscv64", "riscv32", "armv7l"),
                         [](const auto& one) { return std::string(one.param); });

TEST_P(SystemCallRows, ChosenOnesAreAsOnARealKernel) { compare(chosen_lists(*isa_, options())); }

TEST_P(SystemCallRows, WhatLibrariesCallIsAsOnARealKernel) { compare(more_lists(*isa_, options())); }

TEST_P(SystemCallRows, RandomOnesAreAsOnARealKernel) {
  compare(random_lists(*isa_, options(), lists_wanted(native_ ? 60 : 20), kSeed));
}

TEST_P(SystemCallRows, RandomOnesThatBothRoadsHaveAreAsOnARealKernel) {
  ListOptions common = options();
  common.common = true;
  compare(random_lists(*isa_, common, lists_wanted(native_ ? 40 : 20), kSeed),
          isa_->abi != machine::Abi::arm);
}

}  // namespace
}  // namespace assay::test
