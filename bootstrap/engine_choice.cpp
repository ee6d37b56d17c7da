// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/engine_choice.h"

#include <fmt/format.h>
#include <cstdlib>

namespace assay::bootstrap {

Result<machine::Engine> engine_choice() {
  const char* name = std::getenv("ASSAY_ENGINE");  // NOLINT(concurrency-mt-unsafe): before any thread
  if (name == nullptr || *name == '\0') return machine::default_engine();
  const std::string_view wanted(name);
  if (wanted == "interp") return machine::Engine::interpreter;
  if (wanted == "jit") return machine::Engine::translator;
  return fail("unknown-engine", fmt::format("ASSAY_ENGINE is '{}'; it may be 'interp' or 'jit'", wanted));
}

}  // namespace assay::bootstrap
