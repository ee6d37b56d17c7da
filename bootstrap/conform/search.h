// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looking for a text with which a target does something else than our own libraries.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bootstrap/conform/target.h"

namespace assay::conform {

struct Counterexample {
  Bytes input;             ///< as it was found
  Bytes shrunk;            ///< as little as still does it
  std::string difference;  ///< of the shrunk one: what the target does instead
};

struct Search {
  std::uint64_t tried = 0;
  std::uint64_t not_judged = 0;  ///< where the real programs' doing depends on what lies in memory
  std::optional<Counterexample> found;
};

/// In what a target is not as the reference with the usual arguments: how it ends, what it makes, what it
/// prints to standard output. Where the reference never ends or crashes, anything but success will do; where
/// it fails, any failure.
std::optional<std::string> unlike_reference(const Observed& reference, const Observed& target);

/// All texts up to `length` bytes over the tool's alphabet, shortest first.
Result<Search> search_exhaustive(const ToolRow& tool, const Target& target, const Target& reference,
                                 unsigned length, unsigned threads);

/// `count` random programs. One that differs is made smaller as a program: the reference still succeeds, and
/// a script keeps whole lines.
Result<Search> search_random(const ToolRow& tool, std::string_view dialect, const Target& target,
                             const Target& reference, std::uint64_t count, std::uint64_t seed,
                             unsigned threads);

/// A smaller text for which `differs` still holds: no piece of it can be left out.
Bytes shrink(std::vector<std::string> pieces, const std::function<bool(const Bytes&)>& differs);

std::string search_text(const Search& search);

}  // namespace assay::conform
