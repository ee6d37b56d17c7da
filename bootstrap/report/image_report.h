// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the static checks of an image found, as text and as JSON (docs/report.schema.json).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "bootstrap/check/image_check.h"

namespace assay::image {

/// Findings, the table of the accounting, and the verdict.
std::string report_text(const ImageReport& report);
nlohmann::json report_json(const ImageReport& report);

}  // namespace assay::image
