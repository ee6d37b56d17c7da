// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/process/known_run.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::machine {

void take_over(ImageRecord& image, Outcome& outcome, KnownRun& known) {
  image.inputs = std::move(known.inputs);
  image.outputs = std::move(known.outputs);
  image.missing = std::move(known.missing);
  image.reliances = std::move(known.reliances);
  image.instructions = known.instructions;
  image.system_calls = known.system_calls;
  image.peak_memory = known.peak_memory;
  outcome.instructions += known.instructions;
  outcome.system_calls += known.system_calls;
  outcome.peak_memory = std::max(outcome.peak_memory, known.peak_memory);
}

Result<void> make_changes(MemoryTree& tree, const KnownRun& known) {
  for (const auto& [path, state] : known.changes) {
    if (const Result<void> done = tree.set_state(path, state); !done) {
      return fail(done.error().id,
                  fmt::format("'{}' cannot be what is known of it: {}", path, done.error().message));
    }
  }
  return {};
}

}  // namespace assay::machine
