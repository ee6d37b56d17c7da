// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the steps of a run opened, of the report that `assay preflight --json` wrote of it.
#pragma once

#include <string_view>

#include "audit/run_files.h"

namespace assay::bootstrap {

/// Errors: "audit-run".
Result<audit::RunFiles> opened_files(std::string_view report);

}  // namespace assay::bootstrap
