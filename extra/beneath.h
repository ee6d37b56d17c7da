// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/paths.h"

namespace assay::extra {

/// The text of the link at an absolute path without links in its parents; nothing if it is no link.
using LinkLookup = std::function<std::optional<std::string>(const std::string& path)>;

/// Whether `path`, seen from the directory `base` (absolute, without links), ends up in or below
/// `base`. Parts that do not exist are taken as they are. More than 40 links count as an escape.
bool stays_beneath(std::string_view base, std::string_view path, LastLink last, const LinkLookup& link_at);

}  // namespace assay::extra
