// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads what somebody wrote about a chain: docs/chains.md is the page of the format.
#pragma once

#include <memory>
#include <string_view>

#include "bootstrap/tree/description.h"
#include "core/diagnostic.h"

namespace assay::bootstrap {

/// Beside a tree under this name it is read without being asked for, where the tree has no known layout.
inline constexpr std::string_view kDescriptionFile{"assay.toml"};
/// The one version of the format.
inline constexpr int kDescriptionFormat = 1;
/// Longer ones are no descriptions.
inline constexpr std::size_t kMaxDescription = std::size_t{1} << 20;

/// What a description says, of a tree with these files; null where something in it is wrong, which `sink` is
/// told. Without files (null) what it names is not looked for.
std::shared_ptr<DescribedChain> read_description(const Source& text, const FileTree* files,
                                                 DiagnosticSink& sink);

}  // namespace assay::bootstrap
