// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bootstrap/image/builder_hex0_check.h"

namespace assay::image {

/// The part of check_builder_hex0 that looks at sector 0 and stage2.
void check_stages(const BuilderHex0Image& image, const StageSources& sources, Findings& findings);

}  // namespace assay::image
