// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `assay help TOPIC` says of things that are no commands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::bootstrap {

/// The text; empty where there is no such topic.
std::string_view help_topic(std::string_view name);
/// All names.
std::vector<std::string> help_topics();

}  // namespace assay::bootstrap
