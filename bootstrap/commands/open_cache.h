// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "bootstrap/roads/step_cache.h"

namespace assay::bootstrap {

/// The step cache of a run: in `directory`, or the user's if that is empty; nothing if it is off. What
/// another build of this program kept is not used.
std::optional<StepCache> open_cache(const std::string& directory, bool off);

}  // namespace assay::bootstrap
