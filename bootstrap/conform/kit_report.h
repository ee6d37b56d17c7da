// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the kit found, as text: TAP, JUnit XML, JSON, and a few lines for whoever ports a tool.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bootstrap/conform/judge.h"

namespace assay::conform {

struct Titled {
  const ToolRow& tool;
  std::string_view dialect;
  std::string program;  ///< as the user named it
  const Conformance& found;
};

/// A line a case, with what differs as YAML; without the summary. TAP 13.
std::string tap_of(const Titled& titled);
std::string junit_of(const Titled& titled);
nlohmann::json json_of(const Titled& titled);
/// Counts, and a line for each case that differs.
std::string summary_of(const Titled& titled);
/// What a profile says: a line a dialect, and where the program departs from the closest one.
std::string profile_text(const std::vector<Likeness>& all);

}  // namespace assay::conform
