// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What preflight finds out: per step, per chain, per tree. Reports are made of these values only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bootstrap/chain/chain.h"
#include "bootstrap/finding/finding.h"

namespace assay::bootstrap {

enum class Verdict {
  equal,          ///< both roads leave the same files
  differ,         ///< they do not
  one_road_only,  ///< only one road computed it
  failed,         ///< the program ended badly
  not_run,        ///< no road came here
};
std::string_view name_of(Verdict verdict);

enum class ChainVerdict {
  pass,        ///< every step ran, none differs, the answers match
  fail,        ///< a step differs or failed, or an answer is wrong
  incomplete,  ///< nothing is wrong as far as it went, but it did not go all the way
};
std::string_view name_of(ChainVerdict verdict);

struct FileDigest {
  std::string path;
  std::string sha256;
  std::uint64_t size = 0;
  std::uint32_t mode = 0;
};

/// A file as a road leaves it.
struct RoadFile {
  std::string path;
  std::shared_ptr<const Bytes> bytes;
  std::uint32_t mode = 0;
};

/// The first byte in which the roads differ.
struct Divergence {
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t address = 0;
  std::optional<Byte> seed;       ///< nothing: the file ends here, or does not exist
  std::optional<Byte> reference;  ///< likewise
  /// Set when the bytes are equal and the modes are not.
  std::optional<std::uint32_t> seed_mode;
  std::optional<std::uint32_t> reference_mode;
  /// Set when the path is no file on one of the roads, or is gone: what it is, in words.
  std::string seed_state;
  std::string reference_state;
  /// The source line that the reference says made the byte; empty path if it cannot be told.
  std::string source_path;
  Position source_position;
  std::string source_line;
};

/// How the reference road came to its result of a step.
enum class DerivedBy {
  room,     ///< by our implementation of the program
  running,  ///< by running the program that this road derived from its sources
  cross,    ///< by running what the same sources are for another machine (cross_programs.h)
};
std::string_view name_of(DerivedBy by);

struct StepResult {
  std::size_t command = 0;  ///< index into Chain::commands
  std::optional<DerivedBy> by;
  Verdict verdict = Verdict::not_run;
  bool kept = false;  ///< what a road says of it is the cache's
  std::vector<FileDigest> inputs;
  std::vector<FileDigest> outputs;  ///< of the seed road where it ran
  /// What each road left: of a bad step, and of all steps with PreflightOptions::keep_files.
  std::vector<RoadFile> seed_files;
  std::vector<RoadFile> reference_files;
  std::uint64_t instructions = 0;
  double seconds = 0;  ///< wall time of the seed road's program
  std::optional<Divergence> divergence;
  std::string failure;          ///< how the program ended, for `failed`
  std::string standard_output;  ///< what it wrote, for `failed`
  std::string standard_error;
  /// For `failed` at a known address: the source line of the instruction.
  std::string fault_path;
  Position fault_position;
  std::string fault_line;
};

struct Answers {
  std::size_t ok = 0;
  std::size_t total = 0;
};

enum class PinVerdict {
  ok,           ///< what the roads made has the digest: both, or the one that was asked for
  one_road,     ///< it has, but only one of two roads came to it by itself
  wrong,        ///< a road made something else
  not_made,     ///< its list was looked at, or its step ended, and no road has made it
  not_reached,  ///< the chain ended before
};
std::string_view name_of(PinVerdict verdict);

/// Id of the finding that a product is not what a list says.
inline constexpr std::string_view kPinMismatch{"pin-mismatch"};
/// A program does something else where a user's variables are set.
inline constexpr std::string_view kReliesOnVariables{"step-relies-on-variables"};

/// A line of a list of digests that the tree brings along: what upstream says a product must be.
struct Pin {
  std::string list;  ///< normal path
  std::uint64_t line = 0;
  std::string path;       ///< of the product
  std::string wanted;     ///< SHA-256
  std::string seed;       ///< of what the seed road made; empty: it made none
  std::string reference;  ///< likewise
  PinVerdict verdict = PinVerdict::not_reached;
  std::optional<std::size_t> step;  ///< that made it last: index into ChainResult::steps
};

struct Pins {
  std::vector<Pin> rows;     ///< in order of the lists
  std::size_t later = 0;     ///< lines of lists of steps that the chain did not come to
  std::size_t unpinned = 0;  ///< files that the steps made, are there in the end, and stand in no list

  [[nodiscard]] std::size_t count(PinVerdict wanted) const;
};

/// True of warnings, not of notes, that hold up a pass: what they tell of was not checked, or no tree
/// determines it.
bool leaves_open(const Finding& finding);

struct ChainResult {
  Chain chain;
  ChainVerdict verdict = ChainVerdict::incomplete;
  std::vector<StepResult> steps;
  Answers answers;
  bool answers_decide =
      false;  ///< the chain went to its end on roads that make all products: a wrong one fails
  Pins pins;
  std::string until;  ///< where the user wanted the chain to end; empty: with its scripts
  std::vector<Finding> findings;
  std::uint64_t instructions = 0;
  std::uint64_t peak_memory = 0;
  double seconds = 0;

  [[nodiscard]] std::size_t count(Verdict wanted) const;
};

/// Sets the verdict by all that the result holds, and by nothing else. Who adds a finding calls it again.
void decide(ChainResult& result);

}  // namespace assay::bootstrap
