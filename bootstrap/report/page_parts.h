// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace assay::bootstrap {

/// page.html, page.css and the scripts of bootstrap/report/page: the definition is written by the build
/// (cmake/EmbedTexts.cmake).
std::span<const std::string_view> page_parts();

}  // namespace assay::bootstrap
