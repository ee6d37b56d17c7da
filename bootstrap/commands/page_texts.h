// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace assay::bootstrap {

/// The pages of docs/, as they were when the program was built.
std::span<const std::string_view> page_texts();

}  // namespace assay::bootstrap
