// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/run_adverse.h"

#include <fmt/format.h>

#include "bootstrap/check/behaviour.h"
#include "bootstrap/finding/finding.h"
#include "machine/process/surrounding.h"

namespace assay::bootstrap {

Result<std::vector<std::string>> run_adverse(const MemoryTree& tree, machine::Request request) {
  request.observer = nullptr;
  request.on_start = {};
  request.on_system_call = {};
  request.surrounding = nullptr;
  const Result<Behaviour> once = behave(tree, request);
  if (!once) return tl::unexpected<Error>(once.error());
  std::vector<std::string> lines;
  for (const machine::Surrounding& surrounding : machine::adverse_surroundings()) {
    request.surrounding = &surrounding;
    const Result<Behaviour> now = behave(tree, request);
    if (!now) return tl::unexpected<Error>(now.error());
    if (const auto change = first_change(*once, *now)) {
      lines.push_back(fmt::format("in the surrounding '{}'{}: {}", surrounding.name,
                                  surrounding.of_linux ? "" : ", which no Linux gives", printable(*change)));
    }
  }
  return lines;
}

}  // namespace assay::bootstrap
