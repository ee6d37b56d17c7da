// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small tree for trying a hand-written program alone: the program, and inputs that it can read.
#pragma once

#include <string>
#include <string_view>

#include "bootstrap/chain/role.h"
#include "core/memory_tree.h"
#include "machine/machine.h"

namespace assay::bootstrap {

inline constexpr std::string_view kProbeProgram = "/program";
inline constexpr std::string_view kProbeInput = "/input";
inline constexpr std::string_view kProbeEmpty = "/empty";
inline constexpr std::string_view kProbeOutput = "/output";
inline constexpr std::string_view kProbeDirectory = "/directory";
inline constexpr std::string_view kProbeMissing = "/missing";

struct ProbeFiles {
  ProbeFiles(Role role, const Bytes& program);
  /// Runs the program from one path to another, as programs of its role are told to.
  [[nodiscard]] machine::Request request(std::string_view from, std::string_view to) const;

  Role role;
  MemoryTree tree;
};

}  // namespace assay::bootstrap
