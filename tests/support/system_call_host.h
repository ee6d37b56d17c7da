// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same program on the same files: under this host's kernel, under an emulator of the PATH, in the
// machine, on the reference road's engine. What came of it is a list of lines that can be compared.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/memory_tree.h"
#include "machine/machine.h"
#include "tests/support/system_call_guest.h"

namespace assay::test {

/// What every list finds: files, directories, links, and the programs.
MemoryTree tree_for(const CallList& list);

/// Every path of a tree with its kind, mode and contents, a line each.
std::vector<std::string> tree_lines(const FileTree& tree);

/// Whether this host's kernel runs programs of an instruction set.
bool host_runs(const machine::Isa& isa);
/// The emulator's path; nothing if it is not installed.
std::optional<std::string> find_emulator(const machine::Isa& isa);

struct CallOutcome {
  std::vector<std::string> lines;
  /// Why it could not be run, or says nothing.
  std::string skipped;
};

/// In a directory of its own that is the root, as root, addresses not random. Needs the right to chroot, or a
/// user namespace that gives it; `skipped` says if it has not.
CallOutcome run_on_host(const CallList& list);
/// In such a directory, which is not the root.
CallOutcome run_in_emulator(const CallList& list, const std::string& emulator);
CallOutcome run_in_machine(const CallList& list, machine::EngineKind engine,
                           machine::Outcome* outcome = nullptr);
/// Skipped where the engine gives up: it knows few calls.
CallOutcome run_in_exec(const CallList& list, bool translate);

}  // namespace assay::test
