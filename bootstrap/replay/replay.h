// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Level B of a builder-hex0 image: boots it in the machine, as that kernel would, and compares what the
// programs make with the reference road, step by step, as far as the tree's scripts are known before
// anything runs (the chain). What runs after that, runs on the seed road alone.
#pragma once

#include <optional>

#include "bootstrap/chain/verdict.h"
#include "bootstrap/image/builder_hex0_image.h"
#include "bootstrap/image/kernel_revision.h"
#include "core/memory_tree.h"
#include "machine/builder_hex0/builder_hex0.h"

namespace assay::bootstrap {

struct ReplayOptions {
  machine::EngineKind engine = machine::EngineKind::automatic;
  bool reference = true;       ///< compute the reference road too
  bool until_answers = false;  ///< stop when the answers have been checked; steps behind it are left out
  std::uint64_t instructions = 1'000'000'000'000;
  bool keep_files = false;        ///< as of PreflightOptions
  std::function<double()> clock;  ///< seconds; empty: nothing is timed
  struct Progress {
    std::string_view phase;   ///< "load", "chain", "beyond": what only the seed road knows
    std::uint64_t done = 0;   ///< bytes of the stream, commands of the chain, programs
    std::uint64_t total = 0;  ///< 0: not known
  };
  std::function<void(const Progress&)> on_progress;
};

/// One program that ran, in order of start.
struct ReplayProgram {
  std::string program;
  std::vector<std::string> argv;
  std::string cwd;
  std::uint32_t parent = 0;  ///< index; itself for one that the kernel started
  std::uint32_t depth = 0;
  machine::Stop stop = machine::Stop::exited;
  int status = 0;
  std::uint64_t instructions = 0;
  std::vector<FileDigest> outputs;
  std::optional<std::size_t> command;  ///< of the chain
};

struct Replay {
  machine::Hex0Outcome outcome;
  std::vector<ReplayProgram> programs;
  /// The files that the stream makes, before the first program; and all files at the end.
  std::shared_ptr<MemoryTree> sources;
  std::shared_ptr<MemoryTree> files;
  /// Chain, steps, answers and findings, as of a tree. The architecture is x86.
  ChainResult chain;
  /// The innermost program that made its callers fail; nothing if the boot program succeeded.
  std::optional<std::size_t> failure;
  /// The last program that started, where the boot did not end by itself.
  std::optional<std::size_t> last_program;
  bool stopped_at_answers = false;  ///< as asked for
  bool cut = false;                 ///< by a limit of this program, not of the machine
  /// Of the image's stage2, and its revision if it is known. What another kernel than the one that is played
  /// does was not seen.
  std::string kernel_digest;
  const image::KernelRevision* kernel = nullptr;
  [[nodiscard]] bool other_kernel() const { return kernel == nullptr || !kernel->is_played(); }
  /// Of a live-bootstrap image: how far the boot came in its kaem steps, and in its lists of digests.
  struct Reached {
    std::size_t steps = 0;
    std::size_t all_steps = 0;  ///< 0: no manifest
    std::string last;           ///< package
    std::size_t pins = 0;       ///< lists that sha256sum -c found right
    std::size_t all_pins = 0;
  };
  Reached reached;
  /// Seconds until the program that checks the answers ended, and in all; 0 without a clock.
  double answers_seconds = 0;
  double seconds = 0;
};

/// Errors: "no-memory". A stream without a program gives a chain of no commands.
Result<Replay> replay(const image::BuilderHex0Image& image, const ReplayOptions& options = {});

/// A peak and the kernel's limit for it.
struct ReplayPeak {
  std::string_view what;  ///< "names", "bytes of files", ...
  std::uint64_t peak = 0;
  std::uint64_t limit = 0;
};
std::vector<ReplayPeak> peaks_of(const machine::Hex0Peaks& peaks);

}  // namespace assay::bootstrap
