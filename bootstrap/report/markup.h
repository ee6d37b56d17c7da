// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace assay::bootstrap {

/// UTF-8 as text or attribute of XML and HTML. What XML does not allow at all becomes U+FFFD.
std::string markup(std::string_view text);

}  // namespace assay::bootstrap
