// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The scripts of a tree gone through with the seed road alone: what each command does is what it did there.
#pragma once

#include "bootstrap/roads/reference_walk.h"

namespace assay::bootstrap {

class SeedWalk final : public CommandEffects {
 public:
  /// `observer` runs each step, and is asked for each what came of it.
  SeedWalk(const Tree& tree, const Architecture& arch, WalkObserver& observer)
      : description_(tree.chain_of(arch)), observer_(observer), files_(tree.files) {}

  MemoryTree& files() override { return files_; }
  [[nodiscard]] bool is_real() const override { return true; }
  [[nodiscard]] std::optional<std::string> source_of(const std::string& program) const override {
    const SeedDescription* const seed = description_.seed(program);
    return seed == nullptr || seed->sources.empty() ? std::nullopt : std::optional(seed->sources.front());
  }
  [[nodiscard]] bool accepts(ByteView /*program*/) const override { return true; }
  CommandEnd perform(const Chain& chain, std::size_t index, const Start& start) override;
  void begin(const Chain& chain, std::size_t interpreter) override;
  void end(const Chain& chain, std::size_t interpreter, const Interpretation& done) override;

 private:
  ChainDescription description_;
  WalkObserver& observer_;
  MemoryTree files_;
};

}  // namespace assay::bootstrap
