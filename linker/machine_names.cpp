// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linker/machine_names.h"

#include <array>
#include <optional>
#include <string_view>

namespace assay::get_machine {
namespace {

struct Machine {
  std::string_view uname;
  std::string_view name;
  std::string_view word_option;
  std::string_view endian_option;
  std::string_view base_address;
};

constexpr std::string_view kLittle = "--little-endian";
constexpr std::string_view kBig = "--big-endian";

constexpr std::array<Machine, 11> kMachines{{
    {"aarch64", "aarch64", "--64", kLittle, "0x400000"},
    {"amd64", "amd64", "--64", kLittle, "0x600000"},
    {"x86_64", "amd64", "--64", kLittle, "0x600000"},
    {"ppc64le", "ppc64le", "--64", kLittle, "0x10000"},
    {"riscv64", "riscv64", "--64", kLittle, "0x600000"},
    {"armv7l", "armv7l", "", kBig, "0x10000"},
    {"i386", "x86", "", kLittle, "0x08048000"},
    {"i486", "x86", "", kLittle, "0x08048000"},
    {"i586", "x86", "", kLittle, "0x08048000"},
    {"i686", "x86", "", kLittle, "0x08048000"},
    {"i686-pae", "x86", "", kLittle, "0x08048000"},
}};

Machine machine_of(std::string_view uname) {
  for (const Machine& row : kMachines) {
    if (row.uname == uname) return row;
  }
  return {uname, uname, "", kBig, "0x0"};
}

}  // namespace

Output answer(std::span<const std::string> words, const Host& host, bool is_1_4) {
  const Machine machine = machine_of(host.machine);
  Output output;
  const auto say = [&output](std::string_view line) {
    output.standard_output = std::string(line) + "\n";
    return output;
  };
  const auto complain = [&output](std::string_view line, int status) {
    output.standard_error = std::string(line) + "\n";
    output.status = status;
    return output;
  };
  bool exact = false;
  std::optional<std::string> override;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word == "--exact") {
      exact = true;
    } else if (word == "--override") {
      if (at + 1 == words.size()) return complain("--override requires an actual override string", 1);
      override = words[++at];
    } else if (word == "--os" || word == "--OS") {
      return say(override.value_or(host.system));
    } else if (word == "--blood") {
      return say(override.value_or(std::string(machine.word_option)));
    } else if (word == "--endian") {
      return say(override.value_or(std::string(machine.endian_option)));
    } else if (word == "--hex2") {
      return say(override.value_or(std::string(machine.base_address)));
    } else if (word == "-V" || word == "--version") {
      return say(is_1_4 ? "get_machine 1.4.0" : "get_machine 1.5.0");
    } else if (word == "-h" || word == "--help") {
      return complain(
          "If you want exact architecture use --exact\n"
          "If you want to know the Operating system use --os\n"
          "If you wish to override the output to anything you want use --override",
          0);
    } else {
      return complain("Unknown option", 1);
    }
  }
  return say(override.value_or(exact ? host.machine : std::string(machine.name)));
}

}  // namespace assay::get_machine
