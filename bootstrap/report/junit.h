// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A report as JUnit XML, as CI servers read it: a suite a chain with a case a step, a suite of the findings,
// and one case for the verdict, which is an error where it is no pass and nothing failed.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace assay::bootstrap {

std::string junit_of(const nlohmann::json& report);

}  // namespace assay::bootstrap
