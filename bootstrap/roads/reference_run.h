// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The steps of a chain on the reference road alone, with any number of workers.
//
// One road goes through the chain in order. Meanwhile other workers compute later steps ahead of it, each on
// a copy of that road: steps that need nothing, by what the chain says of them, that is not made yet. When
// the road comes to such a step, it takes the result over if all that the step looked at is so in its own
// files; else it computes the step itself. So what comes out does not depend on the number of workers.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "bootstrap/roads/reference_road.h"

namespace assay::bootstrap {

class ReferenceRun {
 public:
  /// Gets the result of each step, by its command; in order, from one thread at a time.
  using Done = std::function<void(std::size_t command, const Result<Computed>& computed)>;

  /// `road` has not computed anything yet, and is nobody else's until all workers have come back.
  ReferenceRun(const Chain& chain, ReferenceRoad& road, Done done);

  /// Works until no step is left to begin. Several threads may be in here.
  void work();

 private:
  /// A step with the parts before it: they are computed together.
  struct Unit {
    std::vector<std::size_t> commands;
    std::size_t needs = 0;  ///< so many units from the first on must have been done
    enum class State { open, running, ahead } state = State::open;
    std::optional<ReferenceRoad::Ahead> ahead;
  };

  [[nodiscard]] std::optional<std::size_t> next_ahead() const;
  void go_on(std::unique_lock<std::mutex>& lock);
  void go_ahead(Unit& unit, std::unique_lock<std::mutex>& lock);

  const Chain& chain_;
  Done done_;
  std::mutex mutex_;  ///< guards the following
  std::condition_variable changed_;
  std::vector<Unit> units_;
  std::size_t first_ = 0;  ///< units before this one are done
  unsigned workers_ = 0;
  bool busy_ = false;  ///< a worker goes on: the road is its own
  ReferenceRoad& road_;
  std::optional<ReferenceRoad> start_;  ///< where it went on from, where others may need that
};

}  // namespace assay::bootstrap
