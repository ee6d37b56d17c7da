// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a tree of recipes says about itself, as text and as JSON (docs/audit.md).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "audit/profile.h"

namespace assay::audit {

std::string profile_text(const Profile& profile);
nlohmann::json profile_json(const Profile& profile);

}  // namespace assay::audit
