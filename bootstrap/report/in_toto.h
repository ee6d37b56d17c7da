// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A report as in-toto statements (v1), one a line, unsigned: SLSA provenance (v1) of each product that a road
// or both derived, and for each chain what the tree consists of: which files are seeds, which are binary.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace assay::bootstrap {

std::string in_toto_of(const nlohmann::json& report);

}  // namespace assay::bootstrap
