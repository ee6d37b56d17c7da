// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When files were written, for programs that ask: make above all. A clock of its own goes on by a second
// when another file is written than the one before, and a little when somebody looks at it.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "core/memory_tree.h"

namespace assay::exec {

class FileTimes {
 public:
  static constexpr std::int64_t kSecond = 1'000'000'000;  ///< nanoseconds

  struct Known {
    std::weak_ptr<const Node> node;  ///< keeps the address from being used again
    std::uint64_t number = 0;        ///< of the file
    std::int64_t written = 0;        ///< nanoseconds since 1970
  };

  /// What was never written has the time of the beginning.
  Known& of(const std::shared_ptr<Node>& node) {
    Known& known = known_[node.get()];
    if (known.node.lock() != node) known = {node, next_number_ += kBetween, kBegin};
    return known;
  }
  void write(const std::shared_ptr<Node>& node) {
    if (node.get() != last_) now_ += kSecond;
    last_ = node.get();
    of(node).written = now_;
  }
  /// Whatever is written now is written later.
  void go_on() { now_ += kSecond; }
  /// The same, where that was at the time of the write before.
  void write_with_last(const std::shared_ptr<Node>& node) {
    last_ = nullptr;
    of(node).written = now_;
  }
  std::int64_t now() {
    last_ = nullptr;
    return now_ += kLook;
  }

 private:
  // None of them is the machine's: what depends on such numbers differs between the roads.
  static constexpr std::int64_t kBegin = 1'100'000'000 * kSecond;
  static constexpr std::int64_t kLook = 3000;
  static constexpr std::uint64_t kBetween = 3;
  std::int64_t now_ = kBegin + kSecond;
  std::uint64_t next_number_ = 7000;
  const Node* last_ = nullptr;
  std::unordered_map<const Node*, Known> known_;
};

}  // namespace assay::exec
