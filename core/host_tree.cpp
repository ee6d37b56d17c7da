// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/host_tree.h"

#include <fmt/format.h>
#include <algorithm>

#include "core/host_read.h"

namespace assay {
namespace fs = std::filesystem;
namespace {

tl::unexpected<Error> not_found(std::string_view path) {
  return fail("file-not-found", fmt::format("no such file or directory: '{}'", path));
}

}  // namespace

Result<NodeInfo> HostTree::info(std::string_view path) const {
  std::error_code error;
  const fs::path full = root_ / path;
  const fs::file_status status = fs::symlink_status(full, error);
  if (error) return not_found(path);
  NodeInfo info;
  info.mode = static_cast<std::uint32_t>(status.permissions()) & 07777U;
  switch (status.type()) {
    case fs::file_type::regular:
      info.size = fs::file_size(full, error);
      if (error) return not_found(path);
      return info;
    case fs::file_type::directory: info.kind = NodeKind::directory; return info;
    case fs::file_type::symlink: info.kind = NodeKind::link; return info;
    default: return not_found(path);
  }
}

Result<std::shared_ptr<const Bytes>> HostTree::read(std::string_view path) const {
  const Result<NodeInfo> node = info(path);
  if (!node) return tl::unexpected<Error>(node.error());
  if (node->kind != NodeKind::file) return fail("not-a-file", fmt::format("not a file: '{}'", path));
  Result<Bytes> bytes = read_host_file((root_ / path).string());
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  return std::make_shared<const Bytes>(std::move(*bytes));
}

Result<std::vector<std::string>> HostTree::list(std::string_view path) const {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(root_ / path, error), end; !error && entry != end;
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (info((fs::path(path) / name).string())) names.push_back(std::move(name));
  }
  if (error) return fail("not-a-directory", fmt::format("cannot list directory: '{}'", path));
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::string> HostTree::link_target(std::string_view path) const {
  std::error_code error;
  fs::path target = fs::read_symlink(root_ / path, error);
  if (error) return not_found(path);
  return target.string();
}

}  // namespace assay
