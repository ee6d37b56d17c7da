// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

/// The tree that comes with the program (bootstrap/embedded): a hex0 seed for riscv64 as commented
/// source. Its binary is not kept anywhere: our hex0 assembles it here, and the tree must then
/// reproduce it.
Tree embedded_tree();

}  // namespace assay::bootstrap
