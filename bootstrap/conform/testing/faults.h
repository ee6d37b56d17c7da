// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Small faults for a good target: what an implementation may get wrong, done to what goes in or comes out.
#pragma once

#include <functional>
#include <vector>

#include "bootstrap/conform/target.h"

namespace assay::conform {

struct Fault {
  Tool tool;
  std::string_view name;
  std::function<void(Situation&)> before;
  std::function<void(const Situation&, Observed&)> after;
  std::string_view other_dialect = {};  ///< what it does otherwise is what this dialect does
};

const std::vector<Fault>& faults();

/// `good` with a fault.
class FaultyTarget final : public Target {
 public:
  FaultyTarget(const Target& good, const Fault& fault) : good_(good), fault_(fault) {}
  [[nodiscard]] Result<Observed> run(const Situation& situation) const override {
    Situation changed = situation;
    if (fault_.before) fault_.before(changed);
    Result<Observed> seen = good_.run(changed);
    if (!seen) return seen;
    for (const Given& given : situation.given) {  // its input is what it was
      if (given.what == Given::What::file && given.name != kOutput && seen->files.contains(given.name))
        seen->files[given.name].bytes = given.bytes;
    }
    if (fault_.after) fault_.after(situation, *seen);
    return seen;
  }

 private:
  const Target& good_;
  const Fault& fault_;
};

}  // namespace assay::conform
