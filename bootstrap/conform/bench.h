// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a program costs: its size, and instructions and system calls for each byte it reads, in the machine.
#pragma once

#include <span>
#include <string>

#include "bootstrap/conform/target.h"

namespace assay::conform {

struct Cost {
  std::string_view who;  ///< "stage0-posix", "assay"
  std::string_view tool;
  std::string_view dialect;
  std::uint64_t bytes = 0;
  double instructions = 0;  ///< a byte of input
  double calls = 0;
};

/// Measures with two random programs of the language, of which one is longer: what a start costs does not
/// count. Errors: those of the target; "bad-program" if it fails on them.
Result<Cost> measure(const ToolRow& tool, std::string_view dialect, const Target& target,
                     std::uint64_t bytes);

/// What is known of the seeds of stage0-posix 1.9.1 and of ours, by measure().
std::span<const Cost> known_costs();

/// The cost beside the known ones of the tool.
std::string cost_text(const ToolRow& tool, const Cost& cost);

}  // namespace assay::conform
