// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a step looked at and what it changed: all that its result depends on besides its program, arguments,
// environment and directory, and all that it leaves.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/memory_tree.h"
#include "core/paths.h"

namespace assay::bootstrap {

using PathStates = std::vector<std::pair<std::string, NodeState>>;  ///< sorted by path

/// The names of a directory that have no state of their own in `states`.
inline std::vector<std::string> other_names(std::string_view directory, const std::vector<std::string>& names,
                                            const PathStates& states) {
  const auto has_state = [&](const std::string& name) {
    const std::string path = join_path(directory, name);
    const auto at =
        std::lower_bound(states.begin(), states.end(), path,
                         [](const auto& state, const std::string& key) { return state.first < key; });
    return at != states.end() && at->first == path;
  };
  std::vector<std::string> others;
  std::copy_if(names.begin(), names.end(), std::back_inserter(others),
               [&](const std::string& name) { return !has_state(name); });
  return others;
}

/// Whether a tree is as `before` says, wherever a step looked.
inline bool holds(const PathStates& before, const MemoryTree& tree) {
  return std::all_of(before.begin(), before.end(), [&](const auto& one) {
    const auto& [path, state] = one;
    if (!(tree.state(path) == state)) return false;
    if (!state.names) return true;
    const Result<std::vector<std::string>> names = tree.list(path);
    return names && other_names(path, *names, before) == *state.names;
  });
}

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
  void on_list(std::string_view path, const std::vector<std::string>& names) override {
    // What the step has made or removed by now it has looked up: that is left out by before().
    listed_.try_emplace(std::string(path), names);
    if (outer_ != nullptr) outer_->on_list(path, names);
  }

  /// Every path looked up, as it was then for the first time.
  [[nodiscard]] PathStates before() const {
    PathStates states(seen_.begin(), seen_.end());
    for (auto& [path, state] : states) {
      if (const auto listed = listed_.find(path); listed != listed_.end())
        state.names = other_names(path, listed->second, states);
    }
    return states;
  }

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
  std::map<std::string, std::vector<std::string>, std::less<>> listed_;  ///< by directory
};

/// Makes everything as it was before the step that is recorded.
inline void undo(StepRecorder& recorder, MemoryTree& files) {
  std::map<std::string, NodeState, std::less<>> before;
  for (auto& [path, state] : recorder.before()) before.emplace(path, std::move(state));
  const PathStates changes = recorder.changes();
  // What is in a directory goes before it, and comes back after it.
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    if (!before.at(change->first).kind) (void)files.remove(change->first);
  }
  for (const auto& [path, state] : changes) {
    if (before.at(path).kind) (void)files.set_state(path, before.at(path));
  }
}

}  // namespace assay::bootstrap
