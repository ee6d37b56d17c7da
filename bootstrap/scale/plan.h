// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is to be computed, cut into parts that other machines can do: a tree and an architecture each.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace assay::bootstrap {

/// A line of a list of trees: "PATH", or "LABEL PATH". A path is as seen from the list's directory; its last
/// part is the label unless one stands in front. Empty lines, and those that begin with "#", say nothing.
struct ListedTree {
  std::string label;
  std::string path;
};

/// `directory`: of the list, for relative paths; empty: the current one. Errors: "list-malformed".
Result<std::vector<ListedTree>> read_tree_list(std::string_view text, const std::string& directory);

struct Job {
  std::string label;         ///< for names
  std::string tree;          ///< an absolute path
  std::string architecture;  ///< as it is named everywhere
};

/// A Nix expression, without nixpkgs: the list of a derivation a job, in their order, and, if `twice`, of
/// another one each behind them all that does the same. The output is the record of the chain
/// (chain_record.h). `program`: an assay that runs on any builder, by its absolute path.
std::string nix_expression(std::span<const Job> jobs, const std::string& program, bool twice = false);

}  // namespace assay::bootstrap
