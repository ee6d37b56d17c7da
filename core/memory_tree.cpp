// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory_tree.h"

#include <fmt/format.h>
#include <algorithm>
#include <functional>

#include "core/paths.h"

namespace assay {
namespace {

tl::unexpected<Error> not_found(std::string_view path) {
  return fail("file-not-found", fmt::format("no such file or directory: '{}'", path));
}

}  // namespace

std::shared_ptr<const Bytes> Node::share() {
  owned_ = nullptr;
  return contents_;
}

Bytes& Node::writable() {
  if (owned_ == nullptr) {
    auto copy = std::make_shared<Bytes>(*contents_);
    owned_ = copy.get();
    contents_ = std::move(copy);
  }
  return *owned_;
}

NodeState NodeState::of(Node* node) {
  if (node == nullptr) return {};
  return {node->kind, node->mode, node->kind == NodeKind::file ? node->share() : nullptr, node->target, {}};
}

bool operator==(const NodeState& left, const NodeState& right) {
  if (left.kind != right.kind || left.mode != right.mode || left.target != right.target) return false;
  return left.kind != NodeKind::file || left.bytes == right.bytes || *left.bytes == *right.bytes;
}

MemoryTree::MemoryTree(std::shared_ptr<const FileTree> lower)
    : lower_(std::move(lower)), root_(std::make_shared<Node>()) {
  root_->kind = NodeKind::directory;
  root_->mode = 0755;
  if (lower_ != nullptr) root_->lower_path_ = "";
}

std::shared_ptr<Node> MemoryTree::child(Node& directory, std::string_view name) const {
  const auto known = directory.children_.find(name);
  if (known != directory.children_.end()) return known->second;
  if (!directory.lower_path_) return nullptr;
  const std::string path = join_path(*directory.lower_path_, name);
  const Result<NodeInfo> info = lower_->info(path);
  if (!info) return nullptr;
  auto node = std::make_shared<Node>();
  node->kind = info->kind;
  node->mode = info->mode;
  if (info->kind == NodeKind::directory) {
    node->lower_path_ = path;
  } else if (info->kind == NodeKind::link) {
    node->target = lower_->link_target(path).value_or("");
  } else {
    Result<std::shared_ptr<const Bytes>> bytes = lower_->read(path);
    if (!bytes) return nullptr;
    node->set_bytes(std::move(*bytes));
  }
  directory.children_.emplace(name, node);
  return node;
}

std::shared_ptr<Node> MemoryTree::find(std::string_view path) const {
  std::shared_ptr<Node> node = root_;
  for (const std::string_view part : path_parts(path)) {
    node = node->kind == NodeKind::directory ? child(*node, part) : nullptr;
    if (node == nullptr) break;
  }
  if (observer_ != nullptr) observer_->on_lookup(path, node.get());
  return node;
}

Result<NodeInfo> MemoryTree::info(std::string_view path) const {
  const std::shared_ptr<Node> node = find(path);
  if (node == nullptr) return not_found(path);
  return NodeInfo{node->kind, node->mode, node->bytes().size()};
}

Result<std::shared_ptr<const Bytes>> MemoryTree::read(std::string_view path) const {
  const std::shared_ptr<Node> node = find(path);
  if (node == nullptr) return not_found(path);
  if (node->kind != NodeKind::file) return fail("not-a-file", fmt::format("not a file: '{}'", path));
  return node->share();
}

Result<std::vector<std::string>> MemoryTree::list(std::string_view path) const {
  const std::shared_ptr<Node> node = find(path);
  if (node == nullptr) return not_found(path);
  if (node->kind != NodeKind::directory) {
    return fail("not-a-directory", fmt::format("not a directory: '{}'", path));
  }
  if (node->lower_path_) {
    Result<std::vector<std::string>> names = lower_->list(*node->lower_path_);
    if (!names) return names;
    for (const std::string& name : *names) child(*node, name);
  }
  std::vector<std::string> names;
  for (const auto& [name, entry] : node->children_) {
    if (entry != nullptr) names.push_back(name);
  }
  if (observer_ != nullptr) observer_->on_list(path, names);
  return names;
}

Result<std::string> MemoryTree::link_target(std::string_view path) const {
  const std::shared_ptr<Node> node = find(path);
  if (node == nullptr || node->kind != NodeKind::link) return not_found(path);
  return node->target;
}

Result<std::shared_ptr<Node>> MemoryTree::create(std::string_view path, NodeKind kind, std::uint32_t mode) {
  auto node = std::make_shared<Node>();
  node->kind = kind;
  node->mode = mode;
  if (Result<void> attached = attach(path, node); !attached) return tl::unexpected<Error>(attached.error());
  return node;
}

Result<void> MemoryTree::link(std::string_view path, std::shared_ptr<Node> node) {
  return attach(path, std::move(node));
}

Result<void> MemoryTree::attach(std::string_view path, std::shared_ptr<Node> node) {
  const std::shared_ptr<Node> parent = find(parent_path(path));
  if (parent == nullptr) return not_found(parent_path(path));
  if (parent->kind != NodeKind::directory) {
    return fail("not-a-directory", fmt::format("not a directory: '{}'", parent_path(path)));
  }
  const std::string_view name = last_part(path);
  if (path.empty() || find(path) != nullptr) {
    return fail("file-exists", fmt::format("exists already: '{}'", path));
  }
  parent->children_.insert_or_assign(std::string(name), std::move(node));
  return {};
}

Result<void> MemoryTree::remove(std::string_view path) {
  const std::shared_ptr<Node> node = find(path);
  if (node == nullptr || path.empty()) return not_found(path);
  if (node->kind == NodeKind::directory && !list(path)->empty()) {
    return fail("directory-not-empty", fmt::format("directory is not empty: '{}'", path));
  }
  detach(path);
  return {};
}

void MemoryTree::detach(std::string_view path) {
  Node& parent = *find(parent_path(path));
  const auto entry = parent.children_.find(last_part(path));
  if (parent.lower_path_) {
    entry->second = nullptr;
  } else {
    parent.children_.erase(entry);
  }
}

// Whoever observes hears of each path that the move changes.
void MemoryTree::look_up_all(const std::string& from, const std::string& to) const {
  (void)find(to);
  const std::shared_ptr<Node> node = find(from);
  if (node == nullptr || node->kind != NodeKind::directory) return;
  const std::vector<std::string> names = list(from).value_or(std::vector<std::string>{});
  for (const std::string& name : names) look_up_all(join_path(from, name), join_path(to, name));
}

Result<void> MemoryTree::move(std::string_view from, std::string_view to) {
  const std::shared_ptr<Node> node = find(from);
  if (node == nullptr || from.empty()) return not_found(from);
  if (observer_ != nullptr) look_up_all(std::string(from), std::string(to));
  if (Result<void> attached = attach(to, node); !attached) return attached;
  detach(from);
  return {};
}

Result<void> MemoryTree::set_state(std::string_view path, const NodeState& state) {
  std::shared_ptr<Node> node = find(path);
  if (node != nullptr && node->kind != state.kind) {
    if (Result<void> removed = remove(path); !removed) return removed;
    node = nullptr;
  }
  if (!state.kind) return {};
  if (node == nullptr) {
    Result<std::shared_ptr<Node>> made = create(path, *state.kind, state.mode);
    if (!made) return tl::unexpected<Error>(made.error());
    node = *made;
  }
  node->mode = state.mode;
  node->target = state.target;
  if (state.kind == NodeKind::file) node->set_bytes(state.bytes);
  return {};
}

std::shared_ptr<Node> MemoryTree::copy_of(Node& node, Copies& copies) {
  auto copy = std::make_shared<Node>();
  copy->kind = node.kind;
  copy->mode = node.mode;
  copy->target = node.target;
  copy->set_bytes(node.share());
  copy->lower_path_ = node.lower_path_;
  for (const auto& [name, entry] : node.children_) {
    std::shared_ptr<Node> child;
    if (const auto known = copies.find(entry.get()); entry != nullptr && known != copies.end()) {
      child = known->second;
    } else if (entry != nullptr) {
      child = copy_of(*entry, copies);
      if (entry.use_count() > 1) copies.emplace(entry.get(), child);
    }
    copy->children_.emplace(name, std::move(child));
  }
  return copy;
}

MemoryTree MemoryTree::copy() const {
  MemoryTree copy(lower_);
  Copies copies;
  copy.root_ = copy_of(*root_, copies);
  return copy;
}

std::vector<std::string> MemoryTree::known_paths() const {
  std::vector<std::string> paths;
  const std::function<void(const Node&, const std::string&)> collect = [&](const Node& node,
                                                                           const std::string& path) {
    for (const auto& [name, child] : node.children_) {
      paths.push_back(join_path(path, name));
      if (child != nullptr) collect(*child, std::string(paths.back()));
    }
  };
  collect(*root_, "");
  std::sort(paths.begin(), paths.end());
  return paths;
}

void MemoryTree::put(std::string_view path, Bytes bytes, std::uint32_t mode) {
  std::string above;
  for (const std::string_view part : path_parts(parent_path(path))) {
    above = join_path(above, part);
    if (find(above) == nullptr) (void)create(above, NodeKind::directory, 0755);
  }
  std::shared_ptr<Node> node = find(path);
  if (node == nullptr) {
    Result<std::shared_ptr<Node>> made = create(path, NodeKind::file, mode);
    if (!made) return;
    node = *made;
  }
  node->mode = mode;
  node->set_bytes(std::make_shared<const Bytes>(std::move(bytes)));
}

}  // namespace assay
