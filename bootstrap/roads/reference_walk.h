// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reference road going through the scripts of a tree: each command is derived when a script starts it, so
// what scripts find is what earlier commands left.
#pragma once

#include <functional>
#include <optional>

#include "bootstrap/chain/command_effects.h"
#include "bootstrap/roads/reference_road.h"

namespace assay::bootstrap {

/// What a command did on the seed road, for a road that cannot derive it.
struct TakenOver {
  int status = 0;
  int signal = 0;
  PathStates changes;
  std::vector<std::string> reads;
  bool confirmed = false;  ///< the room of its role says the same

  [[nodiscard]] CommandEnd end() const;
};

/// Who follows the walk; every function is called from the thread that walks.
class WalkObserver {
 public:
  virtual ~WalkObserver() = default;
  /// A command begins: the last one of the chain so far.
  virtual void on_begin(const Command& command) = 0;
  /// A step is derived.
  virtual void on_derived(std::size_t index, Computed computed) = 0;
  /// Begins a program that a step which is not derived starts on the seed road, as a command of its own, on
  /// files as that step has left them so far. False: the walk ends there.
  using StartPart = std::function<bool(const PartStart&, const PathStates& so_far)>;
  /// It cannot be. `room`: what the room of its role would make of it, if there is one. Nothing: the walk
  /// ends here.
  virtual std::optional<TakenOver> on_unknown(std::size_t index, const Error& error,
                                              std::optional<Computed> room, const StartPart& start) = 0;
  /// True: nobody wants to know how it goes on.
  virtual bool is_over() = 0;
  /// An interpreter has ended.
  virtual void on_interpreted(std::size_t index, const Interpretation& done) = 0;
};

class ReferenceWalk final : public CommandEffects {
 public:
  /// `accepted`: SHA-256 digests of binaries that the user takes responsibility for.
  ReferenceWalk(ReferenceRoad& road, WalkObserver& observer, std::vector<std::string> accepted)
      : road_(road), observer_(observer), accepted_(std::move(accepted)) {}
  /// Walks to the end of the scripts, or to `end`.
  Chain walk(const Tree& tree, const Architecture& arch, const ChainEnd* end = nullptr);

  MemoryTree& files() override { return road_.files(); }
  [[nodiscard]] bool is_real() const override { return true; }
  [[nodiscard]] std::optional<std::string> source_of(const std::string& program) const override {
    return road_.source_of(program);
  }
  [[nodiscard]] bool accepts(ByteView program) const override;
  CommandEnd perform(const Chain& chain, std::size_t index, const Start& start) override;
  void begin(const Chain& chain, std::size_t interpreter) override;
  void end(const Chain& chain, std::size_t interpreter, const Interpretation& done) override;

 private:
  void check_binary(const Command& command);
  void check_opaque(const Command& command, const std::string& origin);
  void compare_with_room(const Command& command, const Computed& room, const Computed& computed);

  ReferenceRoad& road_;
  WalkObserver& observer_;
  std::vector<std::string> accepted_;
  std::vector<std::pair<std::size_t, Finding>> departures_;
  std::set<std::string, std::less<>> departed_;  ///< programs
  std::size_t begun_ = 0;
};

}  // namespace assay::bootstrap
