// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What all JSON reports share (docs/report.schema.json).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "bootstrap/finding/finding.h"

namespace assay::bootstrap {

/// Names and command lines may hold any bytes; JSON text may not.
std::string utf8(std::string_view text);

/// `architecture`: the chain it is about; empty for the image as a whole.
nlohmann::json finding_json(const Finding& finding, std::string_view architecture);

}  // namespace assay::bootstrap
