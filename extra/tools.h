// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tools of mescc-tools-extra 1.4.0, as functions of an argument
// list and a world of files. Their results carry what they print and their exit status; contents
// go through the world as they are made, so that memory does not grow with them.
//
// The behaviour is that of the programs as the bootstrap builds them for 64-bit machines, quirks
// included; docs/tools/extra.md lists the quirks. Where the real tool crashes, the ending is
// Ending::crashes and a diagnostic of extra/diagnostics.h says why.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/output.h"
#include "extra/world.h"

namespace assay::extra {

/// argv[0] is the name that usage texts show.
using Arguments = std::vector<std::string>;
using ToolFunction = Output (*)(const Arguments& arguments, World& world, DiagnosticSink& sink);

Output chmod(const Arguments& arguments, World& world, DiagnosticSink& sink);
Output cp(const Arguments& arguments, World& world, DiagnosticSink& sink);
Output match(const Arguments& arguments, World& world, DiagnosticSink& sink);
Output mkdir(const Arguments& arguments, World& world, DiagnosticSink& sink);
Output replace(const Arguments& arguments, World& world, DiagnosticSink& sink);
Output rm(const Arguments& arguments, World& world, DiagnosticSink& sink);
Output sha256sum(const Arguments& arguments, World& world, DiagnosticSink& sink);
Output unbz2(const Arguments& arguments, World& world, DiagnosticSink& sink);
Output ungz(const Arguments& arguments, World& world, DiagnosticSink& sink);
Output untar(const Arguments& arguments, World& world, DiagnosticSink& sink);
Output unxz(const Arguments& arguments, World& world, DiagnosticSink& sink);

struct Tool {
  std::string_view name;
  ToolFunction run;
};

/// All of the above, sorted by name.
std::span<const Tool> tools();
/// Null if there is no such tool.
const Tool* find_tool(std::string_view name);

}  // namespace assay::extra
