// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/engine_choice.h"

#include <fmt/format.h>
#include <cstdlib>

namespace assay::bootstrap {

Result<machine::EngineKind> engine_choice() {
  const char* name = std::getenv("ASSAY_ENGINE");  // NOLINT(concurrency-mt-unsafe): before any thread
  if (name == nullptr || *name == '\0') return machine::EngineKind::automatic;
  const std::string_view wanted(name);
  if (wanted == "interp") return machine::EngineKind::interpreter;
  if (wanted == "jit") return machine::EngineKind::translator;
  return fail("unknown-engine", fmt::format("ASSAY_ENGINE is '{}'; it may be 'interp' or 'jit'", wanted));
}

std::vector<machine::EngineKind> available_engines() {
  std::vector<machine::EngineKind> engines{machine::EngineKind::interpreter};
  if (machine::translator_available()) engines.push_back(machine::EngineKind::translator);
  return engines;
}

std::string_view name_of(machine::EngineKind engine) {
  switch (engine) {
    case machine::EngineKind::automatic: return "automatic";
    case machine::EngineKind::interpreter: return "interp";
    case machine::EngineKind::translator: return "jit";
  }
  return "automatic";
}

}  // namespace assay::bootstrap
