// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/linux/linux_path.h"

#include <deque>

#include "core/paths.h"
#include "machine/linux/errno.h"

namespace assay::machine {
namespace {

constexpr int kMostLinks = 40;
constexpr std::size_t kMostName = 255;

class Walk {
 public:
  Walk(const MemoryTree& tree, const std::string& start, const std::string& text, Last last,
       WalkedPath& place)
      : tree_(tree), at_(text.front() == '/' ? "" : start), last_(last), place_(place) {
    place_.slash = text.back() == '/';
    for (const std::string_view part : path_parts(text)) rest_.emplace_back(part);
  }

  std::int64_t run() {
    place_.kind = WalkedPath::Kind::root;
    while (!rest_.empty()) {
      const std::string part = std::move(rest_.front());
      rest_.pop_front();
      if (const std::int64_t error = step(part); error != 0) return error;
    }
    if (place_.kind != WalkedPath::Kind::name) place_.node = tree_.find(at_);
    place_.path = std::move(at_);
    note_change();
    return 0;
  }

 private:
  std::int64_t step(const std::string& part) {
    if (part == "." || part == "..") {
      place_.above_root |= part == ".." && at_.empty();
      if (part == "..") at_ = std::string(parent_path(at_));
      place_.kind = part == "." ? WalkedPath::Kind::dot : WalkedPath::Kind::dot_dot;
      return 0;
    }
    place_.kind = WalkedPath::Kind::name;
    const bool is_last = rest_.empty();
    const std::shared_ptr<Node> above = tree_.find(at_);
    if (above == nullptr) return -kEnoent;  // the working directory is gone
    if (above->kind != NodeKind::directory) return -kEnotdir;
    place_.needs_privilege |= (above->mode & 0100) == 0;
    if (is_last && last_ == Last::create && place_.slash) return -kEisdir;
    const bool too_long = part.size() > kMostName;
    place_.too_long = too_long && is_last && last_ == Last::name;
    if (too_long && !place_.too_long) return -kEnametoolong;
    std::string next = join_path(at_, part);
    place_.node = too_long ? nullptr : tree_.find(next);
    if (place_.node == nullptr && !is_last) return -kEnoent;
    if (place_.node != nullptr && place_.node->kind == NodeKind::link && (!is_last || follows())) {
      return follow(place_.node->target, is_last);
    }
    if (!is_last && place_.node->kind != NodeKind::directory) return -kEnotdir;
    at_ = std::move(next);
    return 0;
  }

  /// A name that is to be made or removed changes its directory.
  void note_change() {
    const bool changes = last_ == Last::name || (last_ == Last::create && place_.node == nullptr);
    if (!changes || place_.kind != WalkedPath::Kind::name) return;
    const std::shared_ptr<Node> above = tree_.find(parent_path(place_.path));
    place_.needs_privilege |= above != nullptr && (above->mode & 0200) == 0;
  }

  [[nodiscard]] bool follows() const {
    return last_ == Last::follow || last_ == Last::create || (last_ == Last::keep && place_.slash);
  }

  std::int64_t follow(const std::string& target, bool is_last) {
    if (++links_ > kMostLinks) return -kEloop;
    if (target.empty()) return -kEnoent;
    const std::vector<std::string_view> parts = path_parts(target);
    if (target.front() == '/') {
      at_.clear();
      place_.kind = WalkedPath::Kind::root;
    }
    if (is_last && target.back() == '/') place_.slash = true;
    rest_.insert(rest_.begin(), parts.begin(), parts.end());
    return 0;
  }

  const MemoryTree& tree_;
  std::string at_;
  std::deque<std::string> rest_;
  Last last_;
  WalkedPath& place_;
  int links_ = 0;
};

}  // namespace

std::int64_t walk(const MemoryTree& tree, const std::string& start, const std::string& text, Last last,
                  WalkedPath& place) {
  return Walk(tree, start, text, last, place).run();
}

}  // namespace assay::machine
