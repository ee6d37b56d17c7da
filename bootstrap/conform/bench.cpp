// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/bench.h"

#include <fmt/format.h>

#include "bootstrap/conform/random_program.h"

namespace assay::conform {
namespace {

constexpr Cost kKnown[] = {
#include "bootstrap/conform/known_costs.inc"
};

constexpr unsigned kPrograms = 60;  // joined
constexpr unsigned kPieces = 40;

Bytes joined_programs(const ToolRow& tool, std::string_view dialect, unsigned count) {
  Bytes all;
  for (unsigned number = 0; number < count; ++number) {
    const Bytes one = random_program(tool, dialect, 1, number, kPieces);
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

std::string row(const Cost& cost) {
  return fmt::format("{:14} {:12} {:>8} {:>14.1f} {:>10.3f}\n", cost.who, cost.dialect, cost.bytes,
                     cost.instructions, cost.calls);
}

}  // namespace

Result<Cost> measure(const ToolRow& tool, std::string_view dialect, const Target& target,
                     std::uint64_t bytes) {
  double sizes[2] = {};
  Observed runs[2];
  for (unsigned i = 0; i < 2; ++i) {
    const Bytes text = joined_programs(tool, dialect, i == 0 ? kPrograms / 4 : kPrograms);
    sizes[i] = static_cast<double>(text.size());
    Result<Observed> seen = target.run(usual_situation(tool, text));
    if (!seen) return tl::unexpected<Error>(seen.error());
    if (seen->end != End::exits || seen->status != 0)
      return fail("bad-program",
                  fmt::format("it fails on a valid program ({}): run the cases first", seen->how));
    if (seen->instructions == 0)
      return fail("bad-program", "instructions are counted in the machine only: --exe");
    runs[i] = *std::move(seen);
  }
  const double more = sizes[1] - sizes[0];
  return Cost{.who = "this program",
              .tool = tool.name,
              .dialect = dialect,
              .bytes = bytes,
              .instructions = static_cast<double>(runs[1].instructions - runs[0].instructions) / more,
              .calls = static_cast<double>(runs[1].system_calls - runs[0].system_calls) / more};
}

std::span<const Cost> known_costs() { return kKnown; }

std::string cost_text(const ToolRow& tool, const Cost& cost) {
  std::string text =
      fmt::format("{:14} {:12} {:>8} {:>14} {:>10}\n", tool.name, "", "bytes", "instructions/B", "calls/B");
  text += row(cost);
  for (const Cost& known : kKnown) {
    if (known.tool == tool.name) text += row(known);
  }
  return text;
}

}  // namespace assay::conform
