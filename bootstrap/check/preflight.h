// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Preflight: both roads of every architecture of a tree, compared step by step.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bootstrap/chain/verdict.h"
#include "bootstrap/roads/seed_road.h"
#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

class StepCache;

enum class Roads { seed, reference, both };

/// Instructions. mes and what it compiles take about 10^13.
inline constexpr std::uint64_t kMostPastAnswers = 100'000'000'000'000;

struct PreflightOptions {
  Roads roads = Roads::both;
  /// With Roads::reference: it goes across (cross_programs.h), and the answers are asked what it made.
  bool cross = false;
  /// Architectures to check; empty: all that the tree holds.
  std::vector<const Architecture*> architectures;
  machine::EngineKind engine = machine::EngineKind::automatic;
  unsigned jobs = 1;  ///< threads
  /// The most that a program, and all of a chain, may take; 0: what the machine allows, and past the answers
  /// of live-bootstrap kMostPastAnswers.
  std::uint64_t instructions = 0;
  /// Also try hand-written programs in adverse surroundings (adverse_check.h).
  bool adverse = false;
  /// SHA-256 digests of binaries in the tree that the user takes responsibility for.
  std::vector<std::string> accepted;
  /// Where the chains are to end; nothing: with their scripts.
  std::optional<ChainEnd> until;
  /// Keep what every step left in its result, for reports that show files.
  bool keep_files = false;
  /// Steps known from earlier runs, and where new ones are kept; may be null.
  StepCache* cache = nullptr;
  /// Whether a source is as a state that is known to be good has it: path and SHA-256. What the rooms find
  /// strange is looked for in chains that are not all of such sources. Empty: in chains that fail. Called
  /// from several threads.
  std::function<bool(const std::string& path, std::string_view sha256)> is_known;
  /// Called, from one thread at a time, when a phase of an architecture begins or moves on.
  struct Progress {
    const Architecture* architecture = nullptr;
    std::string_view phase;  ///< "chain", "roads", "answers"
    std::size_t done = 0;    ///< steps
    std::size_t total = 0;
  };
  std::function<void(const Progress&)> on_progress;
  /// Called in the catch block of a thread that cannot go on (no memory, say): the others may wait for it, so
  /// the program is to end there. Empty: the exception ends it.
  std::function<void()> on_trouble;
  /// Seconds of a steady clock, for the times in the result. Empty: all times are 0.
  std::function<double()> clock;
};

/// One result an architecture, in the order asked for. But for times, it does not depend on `jobs` or the
/// cache.
std::vector<ChainResult> preflight(const Tree& tree, const PreflightOptions& options);

}  // namespace assay::bootstrap
