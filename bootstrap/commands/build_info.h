// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What this program was built from.
#pragma once

#include <string>

namespace assay::bootstrap {

/// Sources, compiler, options, libraries, and the program's own digest, a line each. Nothing of it depends
/// on where or when it was built.
std::string build_info();

}  // namespace assay::bootstrap
