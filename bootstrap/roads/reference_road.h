// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reference road: computes what a command writes with our own rooms, from this road's own
// files. It never executes anything the tree built.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bootstrap/chain/chain.h"
#include "bootstrap/roads/step_cache.h"
#include "core/memory_tree.h"
#include "core/output.h"
#include "exec/run.h"

namespace assay::bootstrap {

/// A file as a road leaves it.
struct RoadFile {
  std::string path;
  std::shared_ptr<const Bytes> bytes;
  std::uint32_t mode = 0;
};

/// What a command does on the reference road.
struct Computed {
  Ending ending = Ending::exits;
  int status = 0;
  std::vector<RoadFile> outputs;
  std::string standard_output;
  std::string standard_error;
  /// Errors of the rooms: why the command fails.
  std::vector<Finding> findings;

  [[nodiscard]] bool succeeded() const { return ending == Ending::exits && status == 0; }
};

/// Where a byte comes from.
struct SourcePlace {
  std::string path;  ///< a source file of the tree, or a file whose making is not known
  Position position;
  std::string line;  ///< its text
  /// Address of the byte in memory where the file is a program or is placed by a linker; else its offset.
  std::uint64_t address = 0;
};

class ReferenceRoad {
 public:
  /// `engine`: how derived programs are run; both ways do the same. `cache`: results are taken from and kept
  /// there; may be null.
  ReferenceRoad(const Tree& tree, const Architecture& arch, exec::Engine engine = exec::Engine::automatic,
                StepCache* cache = nullptr);

  /// Computes a step and keeps its outputs for the steps after it: by the room of its role, or, where it has
  /// none, by running the program that this road derived from its sources (exec/run.h). Steps come in
  /// the order of `chain.steps()`. Errors: "reference-input-missing"; "reference-not-derived", where the
  /// program was taken over from the seed road or copied, not assembled; "reference-not-run", with the
  /// reason.
  Result<Computed> compute(const Chain& chain, std::size_t command);

  /// What steps did on a copy of this road, and all that it depends on.
  struct Ahead {
    std::vector<std::size_t> commands;
    std::vector<Computed> computed;  ///< of each; all of them succeeded
    PathStates before;
    PathStates changes;
  };
  /// A road that goes on by itself from where this one is.
  [[nodiscard]] ReferenceRoad copy() const;
  /// Computes steps on a road that is a copy. Nothing if one of them does not succeed.
  std::optional<Ahead> compute_ahead(const Chain& chain, std::vector<std::size_t> commands);
  /// Does what computing the steps here would do. False if that is not sure: they looked at something that is
  /// not so here.
  bool take(const Chain& chain, const Ahead& ahead);

  /// Gives back the memory of programs that were kept for their next run: none is near.
  void release_programs() { kept_ = nullptr; }

  /// Takes a file over from the seed road: the command that made it has no room.
  void accept(const RoadFile& file);

  /// Follows the byte at `offset` of `path` back through the commands computed so far.
  [[nodiscard]] std::optional<SourcePlace> trace(std::string_view path, std::uint64_t offset) const;

 private:
  struct Inputs;
  [[nodiscard]] Result<Inputs> inputs_of(const Command& command) const;
  Result<Computed> derive(const Chain& chain, std::size_t command);
  Result<Computed> by_room(const Command& command);
  /// Runs the derived program; what it starts are its parts in the chain.
  Result<Computed> by_running(const Chain& chain, std::size_t command);

  /// A cache entry's name: role and program as this road has them.
  [[nodiscard]] machine::ImageRecord entry_of(const Command& command) const;
  std::optional<Computed> take_kept(const Chain& chain, std::size_t command, KnownStep kept);
  void keep(const Chain& chain, std::size_t command, StepRecorder& recorder, const Computed& computed);

  const Architecture& arch_;
  exec::Engine engine_;
  std::shared_ptr<exec::KeptPrograms> kept_;  ///< copies share it; may be null
  StepCache* cache_;
  mutable MemoryTree files_;
  std::map<std::string, Command, std::less<>> made_by_;  ///< what this road computed, by path
  /// Parts come before the whole, but are computed with it: results not asked for yet.
  std::map<std::size_t, Result<Computed>> ready_;
};

}  // namespace assay::bootstrap
