// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The hand-written programs of a chain in adverse surroundings (machine/process/surrounding.h): each of their
// steps runs again, on the tree as it was before it, and must do the same; so must the interpreters, which
// run the whole chain. No step depends on what another one did here.
#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "bootstrap/check/behaviour.h"
#include "bootstrap/roads/seed_road.h"
#include "machine/process/surrounding.h"

namespace assay::bootstrap {

/// May be used by several threads at once.
class AdverseCheck {
 public:
  /// `runs`: in the friendly surrounding; every step. All must outlive it.
  AdverseCheck(const Tree& tree, const Chain& chain, const CommandRuns& runs, machine::EngineKind engine);

  /// The chain in the adverse surrounding with this number. A finding "adverse-differs" for each program that
  /// does something else, or "adverse-relies", a note, where no Linux gives such a surrounding. A program's
  /// costly steps, but for the cheapest of them, take turns: each runs in one surrounding.
  [[nodiscard]] std::vector<Finding> in_surrounding(std::size_t number) const;
  static std::size_t surroundings() { return machine::adverse_surroundings().size(); }

  /// The same in what Linux gives today, of all steps that cost little there.
  [[nodiscard]] std::vector<Finding> on_linux_of_today() const;

  /// Uses of values that nobody gave, in the first part of each program's cheapest step and in a small run of
  /// its own: "undefined-value", or "adverse-relies" where it is known of this very program.
  [[nodiscard]] std::vector<Finding> undefined_values() const;

 private:
  class Road;
  void walk_friendly() const;

  const Tree& tree_;
  const Chain& chain_;
  const CommandRuns& runs_;
  machine::EngineKind engine_;
  /// By command, for steps of hand-written programs.
  struct Plan {
    bool everywhere = false;  ///< in all surroundings
    bool cheapest = false;    ///< of its program
    std::size_t turn = 0;     ///< otherwise the surrounding that it runs in
  };
  std::vector<std::optional<Plan>> plans_;
  mutable std::once_flag walked_;
  mutable Result<SeedRun> friendly_;
};

}  // namespace assay::bootstrap
