// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a text says of itself in its first lines: exact markers of tools, and phrases.
#pragma once

#include <string_view>
#include <vector>

#include "audit/evidence.h"
#include "audit/head.h"

namespace assay::audit {

/// `name`: the file's own, without directories.
void find_markers(std::string_view name, std::string_view text, const std::vector<HeadLine>& head,
                  std::vector<Evidence>& found);
void find_phrases(std::string_view name, const std::vector<HeadLine>& head, std::vector<Evidence>& found);

/// Where `what` stands first, in letters of any case; npos: nowhere.
std::size_t find_but_case(std::string_view text, std::string_view what);

/// What the words after a marker name: "from X", "by X"; empty: nothing.
std::string named_source(std::string_view words);

}  // namespace assay::audit
