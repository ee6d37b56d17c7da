// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/seed_walk.h"

namespace assay::bootstrap {

CommandEnd SeedWalk::perform(const Chain& chain, std::size_t index, const Start& start) {
  observer_.on_begin(chain.commands[index]);
  if (observer_.is_over()) return {.known = false, .status = 1};
  const auto part = [&](const PartStart& started, const PathStates& so_far) {
    redo(so_far, files_);
    return start(started).known;
  };
  const std::optional<TakenOver> done =
      observer_.on_unknown(index, {"reference-not-run", "nobody asked"}, std::nullopt, part);
  if (!done) return {.known = false, .status = 1};
  redo(done->changes, files_);
  return done->end();
}

void SeedWalk::begin(const Chain& chain, std::size_t interpreter) {
  observer_.on_begin(chain.commands[interpreter]);
}

void SeedWalk::end(const Chain& /*chain*/, std::size_t interpreter, const Interpretation& done) {
  observer_.on_interpreted(interpreter, done);
}

}  // namespace assay::bootstrap
