// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "bootstrap/roads/step_cache.h"

namespace assay::bootstrap {

/// The step cache of a run: in `directory`, or the user's if that is empty; nothing if it is off. What
/// another build of this program kept is not used.
std::optional<StepCache> open_cache(const std::string& directory, bool off);

/// --cache DIR and --no-cache; `what_no_cache_does`: "Run every step again".
void add_cache_options(CLI::App& command, std::string& directory, bool& no_cache,
                       const std::string& what_no_cache_does);

}  // namespace assay::bootstrap
