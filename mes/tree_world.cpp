// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mes/tree_world.h"

#include <utility>

#include "core/paths.h"

namespace assay::mes {
namespace {

class NodeWriter final : public Writer {
 public:
  explicit NodeWriter(std::shared_ptr<Node> node) : node_(std::move(node)) {}
  bool write(std::string_view bytes) override {
    Bytes& contents = node_->writable();
    contents.insert(contents.end(), bytes.begin(), bytes.end());
    return true;
  }

 private:
  std::shared_ptr<Node> node_;
};

}  // namespace

TreeWorld::TreeWorld(MemoryTree& tree, std::string current_directory, std::uint32_t umask, Run run)
    : tree_(tree), current_(std::move(current_directory)), umask_(umask), run_(std::move(run)) {}

std::shared_ptr<Node> TreeWorld::find(const std::string& path, std::string* place) const {
  const Result<std::string> resolved = resolve_path(tree_, current_, path);
  if (!resolved) return nullptr;
  if (place != nullptr) *place = *resolved;
  return tree_.find(*resolved);
}

std::shared_ptr<const Bytes> TreeWorld::read(const std::string& path) {
  std::string place;
  const std::shared_ptr<Node> node = find(path, &place);
  if (node == nullptr) return nullptr;
  if (node->kind != NodeKind::file) return std::make_shared<const Bytes>();  // opens, and reads as nothing
  opened_.push_back(std::move(place));
  return node->share();
}

std::shared_ptr<const Bytes> TreeWorld::read_standard_input() { return input_; }

std::unique_ptr<Writer> TreeWorld::open_for_writing(const std::string& path, bool create, bool truncate,
                                                    std::uint32_t mode) {
  const Result<std::string> place = resolve_path(tree_, current_, path);
  if (!place) return nullptr;
  std::shared_ptr<Node> node = tree_.find(*place);
  if (node == nullptr) {
    if (!create || path.ends_with('/')) return nullptr;
    Result<std::shared_ptr<Node>> made = tree_.create(*place, NodeKind::file, mode & ~umask_ & 07777U);
    if (!made) return nullptr;
    node = std::move(*made);
  }
  if (node->kind != NodeKind::file) return nullptr;
  if (truncate) node->set_bytes(std::make_shared<const Bytes>());
  outputs_.push_back(*place);
  return std::make_unique<NodeWriter>(std::move(node));
}

Writer& TreeWorld::standard_output() { return output_; }
Writer& TreeWorld::standard_error() { return errors_; }

bool TreeWorld::access(const std::string& path, unsigned wanted) {
  const std::shared_ptr<Node> node = find(path);
  if (node == nullptr) return false;
  // As root, who may do anything but execute what nobody may.
  const bool executes = (wanted & static_cast<unsigned>(Access::execute)) != 0;
  return !executes || node->kind == NodeKind::directory || (node->mode & 0111U) != 0;
}

bool TreeWorld::remove(const std::string& path) {
  const Result<std::string> place = resolve_path(tree_, current_, path, LastLink::keep);
  if (!place) return false;
  const std::shared_ptr<Node> node = tree_.find(*place);
  if (node == nullptr || node->kind == NodeKind::directory) return false;
  return tree_.remove(*place).has_value();
}

bool TreeWorld::set_mode(const std::string& path, std::uint32_t mode) {
  std::string place;
  const std::shared_ptr<Node> node = find(path, &place);
  if (node == nullptr) return false;
  node->mode = mode & 07777U;
  outputs_.push_back(std::move(place));
  return true;
}

std::string TreeWorld::current_directory() { return "/" + current_; }

std::optional<int> TreeWorld::run(const std::string& path, const std::vector<std::string>& arguments,
                                  const Environment& environment) {
  std::string place;
  const std::shared_ptr<Node> node = find(path, &place);
  if (node == nullptr || node->kind != NodeKind::file || !run_) return std::nullopt;
  return run_({std::move(place), arguments, environment});
}

}  // namespace assay::mes
