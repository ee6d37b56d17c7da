// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "bootstrap/tree/architecture.h"
#include "core/bytes.h"
#include "kaem/minimal.h"

namespace assay::bootstrap {

/// kaem-minimal with children that fail, are killed or are not there, and with scripts that it cannot read;
/// see probe_check.h. What it is to do is told by its room (kaem/minimal_run.h)
/// and its dialect.
std::vector<std::string> probe_kaem_minimal(const Architecture& arch, const kaem::MinimalDialect& dialect,
                                            const Bytes& program, bool is_known);

}  // namespace assay::bootstrap
