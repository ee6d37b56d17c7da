// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a scan of a tree found, as text and as JSON (docs/audit.md).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "audit/scan.h"

namespace assay::audit {

/// The table of kinds, then the files of the tiers asked for.
std::string report_text(const Scan& scan, Tier most_tier);
nlohmann::json report_json(const Scan& scan);

}  // namespace assay::audit
