// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Descriptions that come with this program, of trees that have no script which anything here plays: a
// makefile's steps, written down (bootstrap/embedded). Adding one is a folder there and a row.
#pragma once

#include <optional>

#include "core/memory_tree.h"
#include "core/source.h"

namespace assay::bootstrap {

/// The description of a tree with these files, whose other files are put into it; nothing if it is none that
/// is known.
std::optional<Source> known_description(MemoryTree& files);

}  // namespace assay::bootstrap
