// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a tree is and why a chain went wrong, against a known state.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bootstrap/known/cause.h"

namespace assay::bootstrap {

/// "stage0-posix 1.9.1, 2 files changed: a, b": one line.
std::string standing_text(const Standing& standing);
/// The first product that is not the known one, and the changed sources it comes from.
std::string cause_text(const Cause& cause, const Standing& standing, const ChainResult& result);

/// The same of a chain that passes: one line.
std::string departure_text(const Departure& departure, const Standing& standing, const ChainResult& result);

nlohmann::json standing_json(const Standing& standing);
/// Puts what is known of a chain into its JSON; nothing where there is no comparison.
void add_known(const std::optional<Comparison>& known, std::size_t index, nlohmann::json& chain);

}  // namespace assay::bootstrap
