// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs of a chain that were built of assay's own texts (docs/seeds.md).
#pragma once

#include "bootstrap/chain/chain.h"
#include "kaem/minimal.h"

namespace assay::bootstrap {

/// Whether sources with this key (source_key.h) are our text of the role's program.
bool is_own_source(Role role, const Architecture& arch, std::string_view key);

/// What a program is by the key of its sources alone, whatever they are called: upstream's and our own;
/// `unknown` if nobody knows them.
Role role_by_key(const Architecture& arch, std::string_view key);

/// What a kaem-minimal does; null if nothing is known of it on this architecture.
const kaem::MinimalDialect* minimal_dialect_of(const Command& command, const Architecture& arch);

}  // namespace assay::bootstrap
