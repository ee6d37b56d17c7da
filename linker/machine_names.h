// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// get_machine: names of this machine for scripts. Described in docs/tools/get_machine.md.
#pragma once

#include <span>
#include <string>

#include "core/output.h"

namespace assay::get_machine {

/// What the host says of itself (uname -s, uname -m).
struct Host {
  std::string system;
  std::string machine;
};

/// The whole effect of a run with these words on that host. Exits 0 or 1.
Output answer(std::span<const std::string> words, const Host& host, bool is_1_4);

}  // namespace assay::get_machine
