// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/lazy_tree.h"

#include <fmt/format.h>
#include <algorithm>

#include "core/paths.h"

namespace assay::image {

bool is_normal_path(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) return false;
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

LazyTree::LazyTree() { nodes_[""] = Node{{NodeKind::directory, 0755, 0}, {}, {}}; }

Result<NodeInfo> LazyTree::info(std::string_view path) const {
  const auto found = nodes_.find(path);
  if (found == nodes_.end()) return fail("file-not-found", fmt::format("'{}' is not in the image", path));
  return found->second.info;
}

Result<std::shared_ptr<const Bytes>> LazyTree::read(std::string_view path) const {
  const auto found = nodes_.find(path);
  if (found == nodes_.end() || found->second.info.kind != NodeKind::file)
    return fail("file-not-found", fmt::format("'{}' is no file of the image", path));
  if (!found->second.loader) return std::make_shared<const Bytes>();
  Result<Bytes> bytes = found->second.loader();
  if (!bytes) return tl::unexpected(bytes.error());
  return std::make_shared<const Bytes>(std::move(*bytes));
}

Result<std::vector<std::string>> LazyTree::list(std::string_view path) const {
  const auto directory = nodes_.find(path);
  if (directory == nodes_.end()) return fail("file-not-found", fmt::format("'{}' is not in the image", path));
  if (directory->second.info.kind != NodeKind::directory)
    return fail("not-a-directory", fmt::format("'{}' is not a directory", path));
  std::vector<std::string> names;
  const std::string prefix = path.empty() ? "" : std::string(path) + "/";
  for (auto at = nodes_.upper_bound(prefix); at != nodes_.end() && at->first.starts_with(prefix);) {
    const std::string name =
        at->first.substr(prefix.size(), at->first.find('/', prefix.size()) - prefix.size());
    names.push_back(name);
    // '0' follows '/': everything else below the name is passed over.
    at = at->first.size() == prefix.size() + name.size() ? std::next(at)
                                                         : nodes_.lower_bound(prefix + name + "0");
  }
  // A name and what is below it need not be neighbours: "a", "a-b", "a/c".
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Result<std::string> LazyTree::link_target(std::string_view path) const {
  const auto found = nodes_.find(path);
  if (found == nodes_.end() || found->second.info.kind != NodeKind::link)
    return fail("file-not-found", fmt::format("'{}' is no link of the image", path));
  return found->second.target;
}

bool LazyTree::put(std::string_view path, Node node) {
  if (!is_normal_path(path)) return false;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    const auto above =
        nodes_.try_emplace(std::string(path.substr(0, slash)), Node{{NodeKind::directory, 0755, 0}, {}, {}});
    if (above.first->second.info.kind != NodeKind::directory) return false;
  }
  const auto old = nodes_.find(path);
  if (old != nodes_.end() && old->second.info.kind == NodeKind::directory &&
      node.info.kind != NodeKind::directory) {
    const auto below = nodes_.lower_bound(std::string(path) + "/");
    if (below != nodes_.end() && below->first.starts_with(std::string(path) + "/")) return false;
  }
  nodes_[std::string(path)] = std::move(node);
  return true;
}

bool LazyTree::put_file(std::string_view path, std::uint32_t mode, std::uint64_t size, Loader loader) {
  return put(path, {{NodeKind::file, mode & 07777U, size}, {}, std::move(loader)});
}
bool LazyTree::put_directory(std::string_view path, std::uint32_t mode) {
  return put(path, {{NodeKind::directory, mode & 07777U, 0}, {}, {}});
}
bool LazyTree::put_link(std::string_view path, std::string target) {
  return put(path, {{NodeKind::link, 0777, 0}, std::move(target), {}});
}
bool LazyTree::put_same(std::string_view path, std::string_view existing) {
  const auto found = nodes_.find(existing);
  if (found == nodes_.end() || found->second.info.kind != NodeKind::file) return false;
  ++found->second.info.names;
  return put(path, Node(found->second));
}

}  // namespace assay::image
