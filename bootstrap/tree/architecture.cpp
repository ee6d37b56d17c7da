// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/architecture.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace assay::bootstrap {
namespace {

constexpr std::array<Architecture, 5> kArchitectures{{
    {"x86", "x86", 3, 32},
    {"AMD64", "amd64", 62, 64},
    {"AArch64", "aarch64", 183, 64},
    {"riscv32", "riscv32", 243, 32},
    {"riscv64", "riscv64", 243, 64},
}};

bool same_letters(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

}  // namespace

std::span<const Architecture> architectures() { return kArchitectures; }

const Architecture* find_architecture(std::string_view name) {
  const auto row = std::find_if(kArchitectures.begin(), kArchitectures.end(),
                                [name](const Architecture& one) { return same_letters(one.name, name); });
  return row == kArchitectures.end() ? nullptr : &*row;
}

}  // namespace assay::bootstrap
