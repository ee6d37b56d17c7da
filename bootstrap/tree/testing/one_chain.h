// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bootstrap/tree/embedded_tree.h"

namespace assay::bootstrap {

/// The embedded tree, of which one chain is looked at.
inline Tree one_chain(std::string_view arch = "riscv64") {
  Tree tree = embedded_tree();
  tree.architectures = {find_architecture(arch)};
  return tree;
}

}  // namespace assay::bootstrap
