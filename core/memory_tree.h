// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A writable tree in memory, optionally over another tree that is only read: the overlay on which
// both roads work. Nodes have identity (as inodes have): a file that is open stays readable and
// writable after it is unlinked, and two openings of one file see each other's writes.
//
// Not safe for use by several threads at once; several overlays may share one lower tree.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "core/file_tree.h"

namespace assay {

/// A node of a MemoryTree. Contents of a file are shared with the lower tree until first written.
class Node {
 public:
  NodeKind kind = NodeKind::file;
  std::uint32_t mode = 0;
  /// Target of a link.
  std::string target;

  [[nodiscard]] const Bytes& bytes() const { return *contents_; }
  /// The contents for keeping: does not change when the file is written later.
  [[nodiscard]] std::shared_ptr<const Bytes> share();
  /// The contents for writing: copied first if anybody else holds them.
  Bytes& writable();
  /// Writing copies nothing: nobody else holds the contents.
  [[nodiscard]] bool owns_contents() const { return owned_ != nullptr; }
  void set_bytes(std::shared_ptr<const Bytes> bytes) {
    contents_ = std::move(bytes);
    owned_ = nullptr;
  }

 private:
  friend class MemoryTree;
  std::shared_ptr<const Bytes> contents_ = std::make_shared<const Bytes>();
  Bytes* owned_ = nullptr;  ///< non-null while contents_ is ours alone to change
  // Directories: names known so far; an empty pointer hides a name of the lower tree.
  std::map<std::string, std::shared_ptr<Node>, std::less<>> children_;
  std::optional<std::string> lower_path_;  ///< where the lower tree continues this directory
};

/// What is at a path, as a value.
struct NodeState {
  std::optional<NodeKind> kind;  ///< nothing: nothing is there
  std::uint32_t mode = 0;
  std::shared_ptr<const Bytes> bytes;  ///< of a file
  std::string target;                  ///< of a link
  /// Of a directory that was listed; not compared by ==.
  std::optional<std::vector<std::string>> names = std::nullopt;

  /// Of a node that may be null.
  static NodeState of(Node* node);
  friend bool operator==(const NodeState& left, const NodeState& right);
};

/// Is told of every path that is looked up in a tree, before it is changed. `node` is null where nothing is.
class LookupObserver {
 public:
  virtual ~LookupObserver() = default;
  virtual void on_lookup(std::string_view path, Node* node) = 0;
  /// The names in a directory were asked for, after on_lookup of it.
  virtual void on_list(std::string_view path, const std::vector<std::string>& names) = 0;
};

class MemoryTree final : public FileTree {
 public:
  /// An empty tree, or an overlay of `lower`, which must not change while the overlay lives.
  explicit MemoryTree(std::shared_ptr<const FileTree> lower = nullptr);

  [[nodiscard]] Result<NodeInfo> info(std::string_view path) const override;
  [[nodiscard]] Result<std::shared_ptr<const Bytes>> read(std::string_view path) const override;
  [[nodiscard]] Result<std::vector<std::string>> list(std::string_view path) const override;
  [[nodiscard]] Result<std::string> link_target(std::string_view path) const override;
  [[nodiscard]] std::vector<Error> troubles() const override {
    return lower_ == nullptr ? std::vector<Error>{} : lower_->troubles();
  }

  /// The node at `path`; nothing if there is none. Writing through it changes the tree.
  [[nodiscard]] std::shared_ptr<Node> find(std::string_view path) const;

  /// Makes a node at `path`. Errors: "file-exists", "file-not-found" (parent), "not-a-directory".
  Result<std::shared_ptr<Node>> create(std::string_view path, NodeKind kind, std::uint32_t mode);
  /// Removes the name `path`. Errors: "file-not-found", "directory-not-empty".
  Result<void> remove(std::string_view path);
  /// Gives a node that is in the tree, or was, one more name. Errors: as create().
  Result<void> link(std::string_view path, std::shared_ptr<Node> node);
  /// Gives what is at `from` the free name `to` instead; a directory with all that is in it. Errors:
  /// "file-not-found", "file-exists", "not-a-directory".
  Result<void> move(std::string_view from, std::string_view to);

  /// What is at `path` now; and makes it so (the directory above must be there, or the result is
  /// "file-not-found").
  [[nodiscard]] NodeState state(std::string_view path) const { return NodeState::of(find(path).get()); }
  Result<void> set_state(std::string_view path, const NodeState& state);

  /// From now on `observer` is told of every lookup; null: nobody. It must not use the tree. Returns the one
  /// before.
  LookupObserver* observe(LookupObserver* observer) { return std::exchange(observer_, observer); }

  /// A tree of its own that is as this one is now: what is done to one of them is not seen in the other,
  /// which may be another thread's. Nobody observes it.
  [[nodiscard]] MemoryTree copy() const;

  /// Every path that was ever looked up or changed, sorted; what is no more included.
  [[nodiscard]] std::vector<std::string> known_paths() const;

  /// Writes a whole file, with the directories above it (mode 0755), replacing what was there.
  void put(std::string_view path, Bytes bytes, std::uint32_t mode = 0644);

 private:
  using Copies = std::map<const Node*, std::shared_ptr<Node>>;  ///< of what has several names
  static std::shared_ptr<Node> copy_of(Node& node, Copies& copies);
  Result<void> attach(std::string_view path, std::shared_ptr<Node> node);
  void detach(std::string_view path);
  void look_up_all(const std::string& from, const std::string& to) const;
  std::shared_ptr<Node> child(Node& directory, std::string_view name) const;
  std::shared_ptr<const FileTree> lower_;
  std::shared_ptr<Node> root_;
  LookupObserver* observer_ = nullptr;
};

}  // namespace assay
