// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The chains of a report as a graph for graphviz: a node a step or seed, an edge where a step reads what
// another one made (dashed: runs it). Colours tell verdicts.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace assay::bootstrap {

std::string dot_of(const nlohmann::json& report);

}  // namespace assay::bootstrap
