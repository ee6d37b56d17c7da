// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The seed road: runs the very programs of the tree in the machine, from the seeds on, and says
// which command of the chain each of them is.
#pragma once

#include <functional>
#include <stop_token>

#include "bootstrap/chain/chain.h"
#include "machine/machine.h"

namespace assay::bootstrap {

/// The commands of a chain, which may grow while the road runs: whoever asks waits until it is known.
class CommandFeed {
 public:
  virtual ~CommandFeed() = default;
  /// A command; null if the chain has none with that index.
  virtual const Command* at(std::size_t index) = 0;
  /// An interpreter has ended; what it starts next would be `next`. Told before started_by is asked whether
  /// there is one.
  virtual void on_interpreter_end(std::size_t /*interpreter*/, std::size_t /*next*/) {}
  /// The same, if it is one that `parent` started.
  virtual const Command* started_by(std::size_t parent, std::size_t index) = 0;
  /// The index behind all that was started within a command.
  virtual std::size_t end_of(std::size_t index) = 0;
  /// Whether the chain ends before its scripts do, as the user wants: whatever starts then is not to run.
  virtual bool has_ended() { return false; }
};

/// A chain that is known already.
class ChainFeed final : public CommandFeed {
 public:
  explicit ChainFeed(const Chain& chain) : chain_(chain) {}
  const Command* at(std::size_t index) override {
    return index < chain_.commands.size() ? &chain_.commands[index] : nullptr;
  }
  const Command* started_by(std::size_t parent, std::size_t index) override {
    const Command* const command = at(index);
    return command != nullptr && command->parent == parent ? command : nullptr;
  }
  std::size_t end_of(std::size_t index) override {
    std::size_t end = index + 1;
    while (end < chain_.commands.size() && chain_.is_within(end, index)) ++end;
    return end;
  }
  bool has_ended() override { return chain_.ended; }

 private:
  const Chain& chain_;
};

struct SeedRoadOptions {
  machine::Limits limits;
  machine::EngineKind engine = machine::EngineKind::automatic;
  /// Must outlive the road; null: the friendly one.
  const machine::Surrounding* surrounding = nullptr;
  /// Asked when a step is about to run on `tree`. A value takes the place of the run, and on_end is not
  /// called for the step. May be empty.
  std::function<std::optional<machine::KnownRun>(std::size_t command, const machine::ImageRecord&,
                                                 MemoryTree& tree)>
      known;
  /// Instructions allowed to a command; empty: the machine's limit.
  std::function<std::uint64_t(std::size_t command, const MemoryTree& tree)> budget;
  /// Called once, with the files that the road works on. May be empty.
  std::function<void(MemoryTree& tree)> on_tree;
  /// Called for each command that begins, before it is asked for with `known`. May be empty.
  std::function<void(std::size_t command)> on_begin;
  /// Called when an interpreter has ended without starting a command of its script. May be empty.
  std::function<void(std::size_t command)> on_missing;
  /// Called when a program begins that the chain does not have. May be empty.
  std::function<void()> on_stray;
  /// Called when the result that `known` gave has been put in place. May be empty.
  std::function<void(std::size_t command)> on_known;
  /// Called when a step is about to start a program, before anybody is asked what that is. May be empty.
  std::function<void(std::size_t step, const machine::ImageRecord& part)> on_part;
  /// Called for each command that ended, in order of ending, with its program's record (inputs,
  /// outputs, instructions with those of the programs it started). Returning false ends the road.
  std::function<bool(std::size_t command, const machine::ImageRecord&)> on_end;
  /// Asked when a step's program has another one take its place: true if that is a part of the step, which
  /// then ends with it. Empty: it is a command.
  std::function<bool(std::size_t command)> goes_on;
  /// Fired, it ends the road soon.
  std::stop_token cancel;
};

struct SeedRun {
  /// How the boot program ended; for a tree without one, how the last command did.
  machine::Stop stop = machine::Stop::exited;
  int status = 0;
  std::string message;
  bool ended = false;  ///< where the user wanted the chain to: `stop` is Stop::cancelled then
  /// Commands that ended, all interpreters included.
  std::size_t commands = 0;
  std::uint64_t instructions = 0;
  std::uint64_t peak_memory = 0;  ///< bytes, largest process
  Bytes standard_output;
  /// The tree as the road leaves it.
  std::shared_ptr<MemoryTree> files;
  /// Where the programs that really ran differ from the chain.
  std::vector<Finding> findings;
};

/// Errors: those of machine::run; "chain-empty".
Result<SeedRun> run_seed_road(const Tree& tree, CommandFeed& feed, const SeedRoadOptions& options);

}  // namespace assay::bootstrap
