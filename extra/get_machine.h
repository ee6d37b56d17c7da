// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// get_machine of mescc-tools: names the machine in the words of the bootstrap.
#pragma once

#include <string_view>

#include "core/output.h"
#include "extra/tools.h"

namespace assay::extra {

/// What uname(2) says of the machine.
struct Machine {
  std::string_view system;   ///< "Linux"
  std::string_view machine;  ///< "x86_64"
};

Output get_machine(const Arguments& arguments, const Machine& machine);

}  // namespace assay::extra
