// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "extra/get_machine.h"

#include <fmt/format.h>
#include <algorithm>
#include <optional>

namespace assay::extra {
namespace {

constexpr std::string_view kSmallX86[] = {"i386", "i486", "i586", "i686", "i686-pae"};
constexpr std::string_view k64Bits[] = {"aarch64", "amd64", "ppc64le", "riscv64", "x86_64"};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view name_of(std::string_view machine) {
  if (is_one_of(machine, kSmallX86)) return "x86";
  return machine == "x86_64" ? "amd64" : machine;
}

std::string_view base_address(std::string_view machine) {
  if (machine == "aarch64") return "0x400000";
  if (machine == "armv7l" || machine == "ppc64le") return "0x10000";
  if (machine == "amd64" || machine == "x86_64" || machine == "riscv64") return "0x600000";
  return is_one_of(machine, kSmallX86) ? "0x08048000" : "0x0";
}

/// The answer to an option that ends the run; nothing for another word.
std::optional<std::string_view> answer(std::string_view option, const Machine& machine) {
  const bool wide = is_one_of(machine.machine, k64Bits);
  if (option == "--os" || option == "--OS") return machine.system;
  if (option == "--blood") return wide ? "--64" : "";
  if (option == "--hex2") return base_address(machine.machine);
  if (option == "--endian") {
    return wide || is_one_of(machine.machine, kSmallX86) ? "--little-endian" : "--big-endian";
  }
  return std::nullopt;
}

}  // namespace

Output get_machine(const Arguments& arguments, const Machine& machine) {
  Output output;
  std::optional<std::string> override_text;
  bool exact = false;
  const auto print = [&](std::string_view text) {
    output.standard_output = fmt::format("{}\n", override_text ? *override_text : text);
    return output;
  };
  const auto fail = [&](std::string_view text) {
    output.standard_error = text;
    output.status = 1;
    return output;
  };
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (const auto text = answer(word, machine)) return print(*text);
    if (word == "--exact") {
      exact = true;
    } else if (word == "--override") {
      if (++i == arguments.size()) return fail("--override requires an actual override string\n");
      override_text = arguments[i];
    } else if (word == "-V" || word == "--version") {
      output.standard_output = "get_machine 1.5.0\n";
      return output;
    } else if (word == "-h" || word == "--help") {
      output.standard_error =
          "If you want exact architecture use --exact\n"
          "If you want to know the Operating system use --os\n"
          "If you wish to override the output to anything you want use --override\n";
      return output;
    } else {
      return fail("Unknown option\n");
    }
  }
  return print(exact ? machine.machine : name_of(machine.machine));
}

}  // namespace assay::extra
