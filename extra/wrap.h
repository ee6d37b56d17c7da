// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// wrap: runs a command with the current directory as its root directory, and little environment.
#pragma once

#include <string>
#include <vector>

namespace assay::extra {

/// The environment of the command: what the bootstrap's scripts use, in their order, and WRAPPED=yes.
std::vector<std::string> wrapped_environment(const char* const* environment);

}  // namespace assay::extra
