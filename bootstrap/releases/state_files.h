// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files of bootstrap/releases/states, put into the program by the build.
#pragma once

#include <span>
#include <string_view>

namespace assay::bootstrap {

std::span<const std::string_view> state_files();

}  // namespace assay::bootstrap
