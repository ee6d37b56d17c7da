// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the steps of a run opened, of the report that `assay preflight --json` wrote of it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "audit/run_files.h"

namespace assay::bootstrap {

/// Errors: "audit-run".
Result<audit::RunFiles> opened_files(const nlohmann::json& report);

}  // namespace assay::bootstrap
