// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A chain as others take it: a list to read, JSON, and what drivers of builds run (docs/chains.md).
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bootstrap/chain/verdict.h"
#include "core/file_tree.h"

namespace assay::bootstrap {

/// A file that a step reads, and who made it.
struct ExportInput {
  std::string path;
  std::optional<std::size_t> from;  ///< the step, by its number; nothing: the tree has it
};

/// One step, with all that a driver needs for it.
struct ExportStep {
  std::size_t number = 0;  ///< from 1
  const Command* command = nullptr;
  std::vector<ExportInput> inputs;  ///< its program first
  std::vector<FileDigest> outputs;
  std::vector<std::size_t> after;  ///< steps that must have ended: makers of its inputs, and those that read
                                   ///< or wrote what it writes over
};

/// The steps in order. `tree`: what the chain began with. What M2-Mesoplanet starts belongs to its step; of
/// an interpreter that nobody knows the steps are what it starts.
std::vector<ExportStep> export_steps(const ChainResult& result, const FileTree& tree);

/// A step a line: number, role, script and line, command.
std::string chain_text(const ChainResult& result, const FileTree& tree);
/// {"arch", "steps": [{"number", "role", "script", "line", "argv", "env", "cwd", "inputs", "outputs"}]}
nlohmann::json chain_export_json(const ChainResult& result, const FileTree& tree);
/// build.ninja: each step is one edge, which leaves a stamp. For a copy of the tree.
std::string ninja_of(const ChainResult& result, const FileTree& tree);
/// A Nix expression: { pkgs, src }: an attribute a step, each a derivation of its own.
std::string nix_of(const ChainResult& result, const FileTree& tree);
/// BUILD.bazel for the root of the tree: a genrule a step.
std::string bazel_of(const ChainResult& result, const FileTree& tree);

}  // namespace assay::bootstrap
