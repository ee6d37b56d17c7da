// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A step of a JSON report that differs or failed, in the words of the other formats.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace assay::bootstrap {

/// "step-differs", "step-fails"; empty for others.
std::string bad_step_id(const nlohmann::json& step);
/// "step 17 of 126 differs: AMD64/bin/M1 has 41 at offset 0x60, the reference road has 42": one line.
std::string bad_step_message(const nlohmann::json& chain, const nlohmann::json& step);
/// The source line that it comes from: a place of the report, or null.
nlohmann::json bad_step_source(const nlohmann::json& step);
/// "bin/M1 -f a.M1 -o a.hex2"
std::string command_line_of(const nlohmann::json& step);

}  // namespace assay::bootstrap
