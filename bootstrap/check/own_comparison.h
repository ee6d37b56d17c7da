// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A tree run with programs of ours in the place of its own (bootstrap/tree/own_tree.h), beside its own run.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "bootstrap/chain/verdict.h"
#include "bootstrap/tree/own_tree.h"

namespace assay::bootstrap {

/// One chain, run both ways.
struct OwnChain {
  const Architecture* architecture = nullptr;
  ChainVerdict plain = ChainVerdict::incomplete;  ///< of the tree's own run
  bool complete = false;                          ///< both runs pass: every product is known
  std::vector<std::string> unused;                ///< what of ours is in the tree, and no step reads or runs
  std::vector<std::string> same;     ///< seeds and products of ours that the tree has, too: nobody else's
  std::size_t equal = 0;             ///< products that are as the tree's own run makes them
  std::vector<std::string> ours;     ///< products that were assembled from a text of ours, sorted
  std::vector<std::string> differ;   ///< other products that are not the same in both runs, sorted
  std::size_t seeds_made_again = 0;  ///< seeds of the tree that came out, to the byte, as a product of ours

  [[nodiscard]] bool proves() const { return complete && unused.empty() && same.empty() && differ.empty(); }
};

/// `tree` as it was given and what its own run came to; `own` and what that did.
std::vector<OwnChain> compare_with_own_run(const Tree& tree, std::span<const ChainResult> plain,
                                           const OwnTree& own, std::span<const ChainResult> results);

}  // namespace assay::bootstrap
