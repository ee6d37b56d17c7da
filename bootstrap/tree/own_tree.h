// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A tree with programs of ours in the place of its own: who makes the same of everything else with seeds by
// other people has seeds that bring nothing along.
#pragma once

#include <string>
#include <vector>

#include "bootstrap/tree/own_texts.h"
#include "bootstrap/tree/tree.h"
#include "core/memory_tree.h"

namespace assay::bootstrap {

/// What is to be ours.
struct OwnParts {
  bool seeds = false;                       ///< hex0-seed and kaem-optional-seed
  std::vector<const OwnProgram*> programs;  ///< texts that the chain assembles
  [[nodiscard]] bool any() const { return seeds || !programs.empty(); }
};

/// A line of a script that had to be another one, since our text is not laid out as the tree's.
struct ScriptEdit {
  std::string path;
  std::uint64_t line = 0;  ///< from 1
  std::string before, after;
};

struct OwnTree {
  Tree tree;                      ///< an overlay: the given tree is not changed
  std::vector<std::string> ours;  ///< paths of texts that are ours, sorted; seeds are told apart
  std::vector<ScriptEdit> edits;
  bool has_seeds = false;  ///< the seeds are ours, too
};

/// Reads "own" or "own:NAME,NAME...", the value of --with-tools. Errors: "own-tool-unknown".
Result<std::vector<const OwnProgram*>> own_programs_of(std::string_view list);

/// Puts our seeds, assembled from their texts, and these texts beside them, where a layout has them.
void put_own_seeds(const Architecture& arch, const Layout& layout, MemoryTree& files);

/// For these architectures. Errors: "own-seeds-no-place", where a tree begins with another kind of seeds;
/// "own-tool-no-place", where it has no such text; "own-tool-missing", where we have none.
Result<OwnTree> with_own(const Tree& tree, const OwnParts& parts,
                         const std::vector<const Architecture*>& architectures);

}  // namespace assay::bootstrap
