// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A replay as text, and as part of an image's JSON report (docs/report.schema.json).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bootstrap/replay/replay.h"
#include "bootstrap/report/overall.h"

namespace assay::bootstrap {

/// The table and findings as of a tree, the steps by script, the peaks against the kernel's limits, what
/// programs rely on, and where and why it stopped.
std::string replay_text(const Replay& replay, bool colour);

/// How far it went counts too: what our own limits cut, or another kernel than the one that was played, is
/// incomplete.
Overall overall_of(const Replay& replay);

/// Puts image.replay, the chain and its findings into the report of the image.
void add_replay(nlohmann::json& report, const Replay& replay);

}  // namespace assay::bootstrap
