// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chain of one architecture: every command that its scripts run, in order, computed before
// anything runs. Scripts are interpreted by our own kaem; nothing of the tree is executed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bootstrap/chain/role.h"
#include "bootstrap/finding/finding.h"
#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

/// One program that the chain runs: a leaf command (a step) or an interpreter of another script.
struct Command {
  std::string script;      ///< path of the script; empty for the boot command
  std::uint64_t line = 0;  ///< first line of the command, from 1
  Role role = Role::unknown;
  std::string program;                  ///< normal path
  std::optional<std::size_t> built_by;  ///< the command that wrote the program; nothing: it is in the tree
  std::vector<std::string> argv;
  std::vector<std::string> env;
  std::string cwd;                     ///< normal path
  std::vector<std::string> inputs;     ///< normal paths
  std::vector<std::string> outputs;    ///< normal paths
  bool interprets = false;             ///< runs a script of its own: not a step
  std::optional<std::size_t> part_of;  ///< the command that starts this one by itself: M2-Mesoplanet's
  bool replaces = false;               ///< started by `exec`: takes its interpreter's place
};

struct Chain {
  const Architecture* architecture = nullptr;
  /// In order of start; the first is the boot command where the tree has one.
  std::vector<Command> commands;
  std::vector<Finding> findings;

  /// Indices into `commands` of the steps, in order of their ends: parts before the whole.
  [[nodiscard]] std::vector<std::size_t> steps() const;
};

Chain compute_chain(const Tree& tree, const Architecture& arch);

}  // namespace assay::bootstrap
