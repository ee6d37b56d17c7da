// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chain of one architecture: every command that its scripts run, in order. Scripts are interpreted by our
// own kaem. What the commands do to the files is somebody else's to say (command_effects.h): a road as it
// goes, or, before anything runs, the names on their command lines.
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
  /// Whether the program was built of the sources that the role's room was written from; else the role is
  /// what its sources are called, no more.
  bool known = false;
  std::string telling;  ///< the key of the one source that tells the role; empty: it has none
  std::string sources;  ///< key of the sources (source_key.h); empty: nobody built it
  std::string program;  ///< normal path
  /// What a description says of the program; null: nothing, or its sources say it.
  const ProgramDescription* described = nullptr;
  std::optional<std::size_t> built_by;  ///< the command that wrote the program; nothing: it is in the tree
  std::vector<std::string> argv;
  std::vector<std::string> env;
  std::string cwd;  ///< normal path
  /// What it reads from its standard input, one file behind the other: normal paths. Of those that no other
  /// command starts.
  std::vector<std::string> standard_input;
  std::vector<std::string> inputs;     ///< normal paths
  std::vector<std::string> outputs;    ///< normal paths
  bool interprets = false;             ///< runs a script of its own, by our kaem: not a step
  std::optional<std::size_t> parent;   ///< the command that started this one; nothing for the first
  std::optional<std::size_t> part_of;  ///< the same where that is a step, M2-Mesoplanet say
  bool replaces = false;               ///< started by `exec`: takes its interpreter's place
  bool asks = false;                   ///< the condition of an `if`: its status is an answer
};

/// What such files hold; one that is not there, nothing.
Bytes standard_input_of(const Command& command, const FileTree& files);

/// What an interpreter of a script does besides starting commands, as its room has it.
struct Interpretation {
  int status = 0;
  std::string standard_output;
  std::string standard_error;
  bool replaced = false;  ///< by another program (`exec`): then it ends there, and its status is 0
};

/// Where a chain is to end before its scripts do: behind the script of a directory, or as soon as that script
/// has made a file. Paths are normal.
struct ChainEnd {
  std::string word;       ///< as the user wrote it
  std::string directory;  ///< of a step of live-bootstrap: "steps/mes-0.27.1"
  std::string file;       ///< "usr/bin/mes-m2"; empty: all of the step's script
};

/// Instructions after which a command is in an endless loop, on its inputs as they are in `files`: what
/// most_instructions says of its role, or all where only a description says the role.
std::uint64_t most_instructions(const Command& command, const FileTree& files);

struct Chain {
  const Architecture* architecture = nullptr;
  /// In order of start; the first is the boot command where the tree has one.
  std::vector<Command> commands;
  /// What there is to say, and how many commands had begun then.
  std::vector<Finding> findings;
  std::vector<std::size_t> findings_at;
  bool cut = false;    ///< at some command nobody knew how it goes on
  bool ended = false;  ///< where the user wanted it to

  /// Indices into `commands` of the steps, in order of their ends: parts before the whole.
  [[nodiscard]] std::vector<std::size_t> steps() const;
  /// Where a command stands: "SCRIPT:LINE"; what started it where no script is known to have it.
  [[nodiscard]] std::string place_of(const Command& command) const;
  /// Whether a command is another one, or was started within it.
  [[nodiscard]] bool is_within(std::size_t command, std::size_t whole) const;
};

/// Computed before anything runs: every command is taken to succeed and to write what its command line says.
Chain compute_chain(const Tree& tree, const Architecture& arch);

}  // namespace assay::bootstrap
