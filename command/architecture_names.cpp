// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/architecture_names.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

constexpr std::pair<std::string_view, std::string_view> kSpellings[] = {
    {"x86_64", "amd64"}, {"x86-64", "amd64"}, {"x64", "amd64"},    {"i386", "x86"},      {"i486", "x86"},
    {"i586", "x86"},     {"i686", "x86"},     {"ia32", "x86"},     {"arm64", "aarch64"}, {"arm", "armv7l"},
    {"armv7", "armv7l"}, {"armhf", "armv7l"}, {"rv32", "riscv32"}, {"rv64", "riscv64"},
};

}  // namespace

std::string common_name(std::string_view word) {
  std::string name(word);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  for (const auto& [spelling, common] : kSpellings) {
    if (name == spelling) return std::string(common);
  }
  return name;
}

}  // namespace assay
