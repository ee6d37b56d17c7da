// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs of the host's packages that tests compare with.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::test {

/// Where a program is; nothing if it is not installed.
std::optional<std::string> find_program(std::string_view name);

}  // namespace assay::test
