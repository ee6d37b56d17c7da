// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a step looked at and what it changed: all that its result depends on besides its program, arguments,
// environment and directory, and all that it leaves.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/memory_tree.h"

namespace assay::bootstrap {

using PathStates = std::vector<std::pair<std::string, NodeState>>;

/// Makes what a step left in one tree so in another, where all that it depends on is the same.
inline void redo(const PathStates& changes, MemoryTree& tree) {
  for (const auto& [path, state] : changes) (void)tree.set_state(path, state);
}

/// Watches a tree from its construction to its end; recorders may be nested, as steps are.
class StepRecorder final : public LookupObserver {
 public:
  explicit StepRecorder(MemoryTree& tree) : tree_(tree), outer_(tree.observe(this)) {}
  ~StepRecorder() override { tree_.observe(outer_); }
  StepRecorder(const StepRecorder&) = delete;
  StepRecorder& operator=(const StepRecorder&) = delete;

  void on_lookup(std::string_view path, Node* node) override {
    if (!seen_.contains(path)) seen_.emplace(path, NodeState::of(node));
    if (outer_ != nullptr) outer_->on_lookup(path, node);
  }

  /// Every path looked up, sorted, as it was then for the first time.
  [[nodiscard]] PathStates before() const { return {seen_.begin(), seen_.end()}; }

  /// The paths that are something else now, as they are now; directories before what is in them.
  [[nodiscard]] PathStates changes() {
    tree_.observe(nullptr);
    PathStates changed;
    for (const auto& [path, state] : seen_) {
      NodeState now = tree_.state(path);
      if (!(now == state)) changed.emplace_back(path, std::move(now));
    }
    tree_.observe(this);
    return changed;
  }

 private:
  MemoryTree& tree_;
  LookupObserver* outer_;
  std::map<std::string, NodeState, std::less<>> seen_;
};

}  // namespace assay::bootstrap
