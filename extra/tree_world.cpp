// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "extra/tree_world.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "extra/beneath.h"

namespace assay::extra {
namespace {

class BytesReader final : public Reader {
 public:
  explicit BytesReader(std::shared_ptr<const Bytes> bytes) : bytes_(std::move(bytes)) {}
  std::size_t read(std::span<Byte> room) override {
    const std::size_t count = std::min(room.size(), bytes_->size() - at_);
    std::copy_n(bytes_->begin() + static_cast<std::ptrdiff_t>(at_), count, room.begin());
    at_ += count;
    return count;
  }

 private:
  std::shared_ptr<const Bytes> bytes_;
  std::size_t at_ = 0;
};

class BytesWriter final : public Writer {
 public:
  explicit BytesWriter(Bytes* bytes) : bytes_(bytes) {}
  bool write(ByteView bytes) override {
    if (bytes_ != nullptr) bytes_->insert(bytes_->end(), bytes.begin(), bytes.end());
    return true;
  }

 private:
  Bytes* bytes_;
};

class NodeWriter final : public Writer {
 public:
  explicit NodeWriter(std::shared_ptr<Node> node) : node_(std::move(node)) {}
  bool write(ByteView bytes) override {
    Bytes& contents = node_->writable();
    contents.insert(contents.end(), bytes.begin(), bytes.end());
    return true;
  }

 private:
  std::shared_ptr<Node> node_;
};

}  // namespace

TreeWorld::TreeWorld(MemoryTree& tree, std::string current_directory, std::uint32_t umask)
    : tree_(tree), cwd_(std::move(current_directory)), umask_(umask) {
  set_standard_input({});
  output_ = std::make_unique<BytesWriter>(&written_);
}

void TreeWorld::set_standard_input(Bytes bytes) {
  input_ = std::make_unique<BytesReader>(std::make_shared<const Bytes>(std::move(bytes)));
}

std::shared_ptr<Node> TreeWorld::find(const std::string& path) const {
  const Result<std::string> place = resolve_path(tree_, cwd_, path);
  return place ? tree_.find(*place) : nullptr;
}

Input TreeWorld::open(const std::string& path) {
  Input input{Input::Kind::missing, std::make_shared<const Bytes>()};
  const std::shared_ptr<Node> node = find(path);
  if (node == nullptr) return input;
  if (node->kind == NodeKind::directory) {
    input.kind = Input::Kind::directory;
  } else if (node->bytes().size() > kMaxInputBytes) {
    input.kind = Input::Kind::too_large;
  } else {
    input.kind = Input::Kind::file;
    input.contents = node->share();
  }
  return input;
}

std::unique_ptr<Reader> TreeWorld::open_stream(const std::string& path) {
  const Input input = open(path);
  if (input.kind == Input::Kind::missing) return nullptr;
  return std::make_unique<BytesReader>(input.contents);
}

std::unique_ptr<Writer> TreeWorld::create(const std::string& path, std::uint32_t mode) {
  if (path == "/dev/stdout") return std::make_unique<BytesWriter>(&written_);
  if (path == "/dev/null") return std::make_unique<BytesWriter>(nullptr);
  const Result<std::string> place = resolve_path(tree_, cwd_, path);
  if (!place) return nullptr;
  std::shared_ptr<Node> node = tree_.find(*place);
  if (node == nullptr) {
    if (path.ends_with('/')) return nullptr;
    Result<std::shared_ptr<Node>> made = tree_.create(*place, NodeKind::file, mode & ~umask_);
    if (!made) return nullptr;
    node = *made;
  }
  if (node->kind != NodeKind::file) return nullptr;
  node->set_bytes(std::make_shared<const Bytes>());
  return std::make_unique<NodeWriter>(std::move(node));
}

bool TreeWorld::make_directory(const std::string& path, std::uint32_t mode) {
  const Result<std::string> place = resolve_path(tree_, cwd_, path, LastLink::keep);
  return place && tree_.create(*place, NodeKind::directory, mode & ~umask_ & 0777U).has_value();
}

bool TreeWorld::make_link(const std::string& target, const std::string& path) {
  const Result<std::string> place = resolve_path(tree_, cwd_, path, LastLink::keep);
  if (!place || target.empty()) return false;
  const Result<std::shared_ptr<Node>> made = tree_.create(*place, NodeKind::link, 0777);
  if (!made) return false;
  (*made)->target = target;
  return true;
}

bool TreeWorld::remove(const std::string& path) {
  const Result<std::string> place = resolve_path(tree_, cwd_, path, LastLink::keep);
  if (!place) return false;
  const std::shared_ptr<Node> node = tree_.find(*place);
  if (node == nullptr || node->kind == NodeKind::directory) return false;
  return tree_.remove(*place).has_value();
}

bool TreeWorld::exists(const std::string& path) { return find(path) != nullptr; }

bool TreeWorld::set_mode(const std::string& path, std::uint32_t mode) {
  const std::shared_ptr<Node> node = find(path);
  if (node == nullptr) return false;
  node->mode = mode & 07777U;
  return true;
}

bool TreeWorld::is_other_directory(const std::string& path) {
  const Result<std::string> place = resolve_path(tree_, cwd_, path);
  if (!place || *place == cwd_) return false;
  const std::shared_ptr<Node> node = tree_.find(*place);
  return node != nullptr && node->kind == NodeKind::directory;
}

bool TreeWorld::stays_inside(const std::string& path, LastLink last) {
  return stays_beneath(cwd_, path, last, [this](const std::string& link) -> std::optional<std::string> {
    const std::shared_ptr<Node> node = tree_.find(std::string_view(link).substr(1));
    if (node == nullptr || node->kind != NodeKind::link) return std::nullopt;
    return node->target;
  });
}

}  // namespace assay::extra
