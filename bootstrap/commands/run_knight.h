// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `assay run --machine knight` wants to know.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "core/result.h"
#include "machine/machine.h"

namespace assay::bootstrap {

struct KnightWishes {
  std::string machine;  ///< empty: the program is one for Linux
  std::string tape_01;
  std::string tape_02;
  std::string memory;
  unsigned word_bits = 0;  ///< 0: 32
};

void add_knight_options(CLI::App& command, KnightWishes& wishes);

/// The machine that the user wants; nothing if it is none of these. Error: "usage".
Result<std::optional<machine::KnightMachine>> knight_machine(const KnightWishes& wishes);

}  // namespace assay::bootstrap
