// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What seed-level programs do when things go wrong, which no step of a healthy chain shows: a missing input,
// a directory for a file, an output that cannot be made, a full disk; for kaem-minimal a child that fails or
// is killed, a script that cannot be read. Each is compared with what is known of its role.
#pragma once

#include "bootstrap/chain/chain.h"
#include "bootstrap/check/behaviour.h"

namespace assay::bootstrap {

/// The program of a command as it is run; nothing if it is neither in the tree nor made by a step.
std::shared_ptr<const Bytes> program_of(const Tree& tree, const Command& command, const CommandRuns& runs);

/// A text for each probe that comes out otherwise: "with a missing input: ...". None for other roles, and
/// none where an assembler ends otherwise but leaves nothing that it should not.
std::vector<std::string> probe_program(Role role, const Architecture& arch, const Bytes& program,
                                       bool is_known = true);

/// Each program of the chain that has such a role: a finding "probe-differs" for each probe. An interpreter
/// that goes on where it must stop is an error; the others may be better than those that are known.
std::vector<Finding> check_probes(const Tree& tree, const Chain& chain, const CommandRuns& runs);

}  // namespace assay::bootstrap
