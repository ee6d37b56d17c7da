// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The libraries of hex0, hex1 and hex2-0 behind one face, for tests that drive all of them.
#pragma once

#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/output.h"
#include "hex0/kernels.h"

namespace assay::test {

struct ToolOptions {
  bool want_map = false;
  bool want_warnings = false;
  hex0::Kernel kernel = hex0::Kernel::automatic;  ///< of hex0, without map and warnings
};

/// Every way through the code of `tool`: with map and warnings, and bare on each kernel of this host.
std::vector<ToolOptions> ways_of(std::string_view tool);

/// `tool` is "hex0", "hex1" or "hex2-0". Throws std::runtime_error for an unknown dialect.
Output assemble(std::string_view tool, std::string_view dialect, ByteView text, ToolOptions options,
                DiagnosticSink& diagnostics);

/// The dialects of the tool.
std::vector<std::string_view> dialects_of(std::string_view tool);

}  // namespace assay::test
