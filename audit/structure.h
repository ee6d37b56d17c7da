// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the shape of a text tells: tables of numbers, bytes written as text, lines too long for people. Never
// proof.
#pragma once

#include <string_view>
#include <vector>

#include "audit/evidence.h"

namespace assay::audit {

/// `name`: the file's own, without directories; `text` may be the whole file.
void find_structure(std::string_view name, std::string_view text, std::vector<Evidence>& found);
/// What the name and size tell: stamps, versions.
void find_names(std::string_view path, std::string_view text, std::vector<Evidence>& found);

}  // namespace assay::audit
