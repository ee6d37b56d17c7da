// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

/// The tree that comes with the program: our own seeds (docs/seeds.md) and the scripts of bootstrap/embedded,
/// laid out as stage0-posix is. No binary of it is kept anywhere: our hex0 assembles the seeds here, and the
/// tree must then reproduce them.
Tree embedded_tree();

}  // namespace assay::bootstrap
