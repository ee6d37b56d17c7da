// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Our own kaem and kaem-minimal as a target, on the files of a situation.
#pragma once

#include "bootstrap/conform/target.h"

namespace assay::conform {

std::unique_ptr<Target> script_target(const ToolRow& tool, std::string_view dialect);

}  // namespace assay::conform
