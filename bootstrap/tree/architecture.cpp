// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/architecture.h"

#include <array>

#include "command/architecture_names.h"

namespace assay::bootstrap {
namespace {

constexpr std::array<Architecture, 6> kArchitectures{{
    {"x86", "x86", 3, 32, "x86"},
    {"AMD64", "amd64", 62, 64, "AMD64"},
    {"AArch64", "aarch64", 183, 64, "AArch64"},
    {"riscv32", "riscv32", 243, 32, "riscv32"},
    {"riscv64", "riscv64", 243, 64, "riscv64"},
    {"armv7l", "armv7l", 40, 32, "armv7l"},
}};

}  // namespace

const Architecture kUefiAmd64{"UEFI-amd64", "amd64", 0, 64, "AMD64", false};
const Architecture kKnight{.name = "knight",
                           .library_name = "knight",
                           .elf_machine = 0,
                           .word_bits = 32,
                           .dialect = "knight",
                           .bare = true};

std::span<const Architecture> architectures() { return kArchitectures; }

const Architecture* find_architecture(std::string_view name) { return find_named(architectures(), name); }

}  // namespace assay::bootstrap
