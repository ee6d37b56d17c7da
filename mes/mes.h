// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs a Scheme program as GNU Mes 0.27.1 does: boots from the tree's own modules and does what their Scheme
// says. docs/languages/mes.md tells what is the same and what is not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/output.h"
#include "mes/world.h"

namespace assay::mes {

/// A mes that was built for an architecture.
struct Dialect {
  std::string_view name;      ///< stage0's name of it
  std::string_view arch;      ///< what its %arch is
  unsigned bits = 64;         ///< of a number
  std::int64_t ticks = 1000;  ///< its internal-time-units-per-second
};

inline constexpr Dialect kDialects[] = {
    {"x86", "x86", 32, 1000},
    {"amd64", "x86_64", 64, 1000000000},
    {"riscv64", "riscv64", 64, 1000},
};

/// The dialect of a name, or null.
const Dialect* find_dialect(std::string_view name);

struct Limits {
  std::size_t heap_bytes = std::size_t{3} << 30;
  /// Values that calls in progress may hold.
  std::size_t stack_values = std::size_t{1} << 25;
  /// How deep forms may be nested: in texts, in expansion, in evaluation that a primitive asked for.
  std::size_t depth = 2000;
  /// Calls of procedures in all.
  std::uint64_t calls = std::uint64_t{1} << 40;
};

struct Request {
  const Dialect* dialect = &kDialects[1];
  /// The first is the program's own name.
  std::vector<std::string> arguments;
  Environment environment;
  Limits limits;
};

/// What a run cost.
struct Statistics {
  std::uint64_t calls = 0;
  std::size_t collections = 0;
  std::size_t live_bytes = 0;
};

struct Outcome {
  Ending ending = Ending::exits;
  int status = 0;
  Statistics statistics;
};

/// Boots and runs; what it writes goes to the world as it is written.
Outcome run(const Request& request, World& world, DiagnosticSink& sink);

}  // namespace assay::mes
