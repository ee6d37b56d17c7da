// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/seed_tools.h"

#include <stdexcept>

#include "hex0/hex0.h"
#include "hex1/hex1.h"
#include "hex2/hex2.h"

namespace assay::test {
namespace {

template <class Dialect>
const Dialect& known(const Dialect* dialect, std::string_view name) {
  if (dialect == nullptr) throw std::runtime_error("unknown dialect " + std::string(name));
  return *dialect;
}

template <class Rows>
std::vector<std::string_view> names_of(const Rows& rows) {
  std::vector<std::string_view> names;
  for (const auto& row : rows) names.push_back(row.name);
  return names;
}

}  // namespace

Output assemble(std::string_view tool, std::string_view dialect, ByteView text, ToolOptions options,
                DiagnosticSink& diagnostics) {
  const Source source{"in", text};
  if (tool == "hex0") {
    return hex0::assemble(source,
                          {.dialect = &known(hex0::find_dialect(dialect), dialect),
                           .want_map = options.want_map,
                           .want_warnings = options.want_warnings,
                           .kernel = options.kernel},
                          diagnostics);
  }
  if (tool == "hex1") {
    return hex1::assemble(source,
                          {.dialect = &known(hex1::find_dialect(dialect), dialect),
                           .want_map = options.want_map,
                           .want_warnings = options.want_warnings},
                          diagnostics);
  }
  return hex2::assemble(source,
                        {.dialect = &known(hex2::find_dialect(dialect), dialect),
                         .want_map = options.want_map,
                         .want_warnings = options.want_warnings},
                        diagnostics);
}

std::vector<ToolOptions> ways_of(std::string_view tool) {
  std::vector<ToolOptions> ways{{.want_map = true, .want_warnings = true}};
  if (tool != "hex0") {
    ways.emplace_back();
    return ways;
  }
  for (const hex0::Kernel kernel : hex0::available_kernels()) ways.push_back({.kernel = kernel});
  return ways;
}

std::vector<std::string_view> dialects_of(std::string_view tool) {
  if (tool == "hex0") return names_of(hex0::kDialects);
  return tool == "hex1" ? names_of(hex1::kDialects) : names_of(hex2::kDialects);
}

}  // namespace assay::test
