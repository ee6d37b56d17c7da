// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/host_tree.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/host_read.h"

namespace assay {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostTroubles = 20;

tl::unexpected<Error> not_found(std::string_view path) {
  return fail("file-not-found", fmt::format("no such file or directory: '{}'", path));
}

Error changed(std::string_view path) {
  return {"file-changed", fmt::format("'{}' was changed while the tree was read", path)};
}

}  // namespace

HostTree::HostTree(const fs::path& root, std::uint64_t most_bytes) : root_(root), most_bytes_(most_bytes) {}

std::string HostTree::host_path(std::string_view path) const {
  return path.empty() ? root_ : fmt::format("{}/{}", root_, path);
}

tl::unexpected<Error> HostTree::trouble(Error error) const {
  if (troubles_.size() < kMostTroubles) troubles_.push_back(error);
  return tl::unexpected<Error>(std::move(error));
}

Result<std::optional<HostTree::Seen>> HostTree::look(std::string_view path, bool listed) const {
  const std::string host = host_path(path);
  struct stat status {};
  // A root that is a link is no part of the tree.
  if ((path.empty() ? ::stat(host.c_str(), &status) : ::lstat(host.c_str(), &status)) != 0) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG || error == ELOOP) return std::nullopt;
    return fail("file-unreadable", fmt::format("'{}': {}", host, std::strerror(error)));
  }
  Seen seen;
  seen.mode = status.st_mode & 07777U;
  seen.inode = status.st_ino;
  const std::int64_t time = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  if (S_ISREG(status.st_mode)) {
    seen.size = static_cast<std::uint64_t>(status.st_size);
    seen.changed = time;
    seen.names = status.st_nlink;
  } else if (S_ISDIR(status.st_mode)) {
    seen.kind = NodeKind::directory;
    if (listed && written_ != path) seen.changed = time;
  } else if (S_ISLNK(status.st_mode)) {
    seen.kind = NodeKind::link;
  } else {
    return std::nullopt;
  }
  return seen;
}

Result<std::optional<HostTree::Seen>> HostTree::look_again(std::string_view path, bool listed) const {
  const auto found = known_.find(path);
  const bool since_listed = listed || (found != known_.end() && found->second.listed);
  Result<std::optional<Seen>> now = look(path, since_listed);
  if (!now) return trouble(now.error());
  if (found == known_.end()) {
    known_.emplace(path, Known{*now, listed, {}});
    return now;
  }
  Known& known = found->second;
  if (listed && !known.listed && known.seen && *now) {
    known.seen->changed = (*now)->changed;
    known.listed = true;
  }
  if (known.seen != *now) return trouble(changed(path));
  return now;
}

Result<NodeInfo> HostTree::info(std::string_view path) const {
  const std::lock_guard lock(mutex_);
  const Result<std::optional<Seen>> seen = look_again(path, false);
  if (!seen) return tl::unexpected<Error>(seen.error());
  if (!*seen) return not_found(path);
  return NodeInfo{(*seen)->kind, (*seen)->mode, (*seen)->size, (*seen)->names};
}

Result<std::shared_ptr<const Bytes>> HostTree::read(std::string_view path) const {
  const std::lock_guard lock(mutex_);
  const Result<std::optional<Seen>> seen = look_again(path, false);
  if (!seen) return tl::unexpected<Error>(seen.error());
  if (!*seen) return not_found(path);
  if ((*seen)->kind != NodeKind::file) return fail("not-a-file", fmt::format("not a file: '{}'", path));
  std::weak_ptr<const Bytes>& known = known_.find(path)->second.bytes;
  if (std::shared_ptr<const Bytes> bytes = known.lock()) return bytes;
  Result<Bytes> bytes = read_plain_file(host_path(path), most_bytes_);
  if (!bytes) return trouble(bytes.error());
  if (bytes->size() != (*seen)->size) return trouble(changed(path));
  auto shared = std::make_shared<const Bytes>(std::move(*bytes));
  known = shared;
  return shared;
}

Result<std::vector<std::string>> HostTree::list(std::string_view path) const {
  const std::lock_guard lock(mutex_);
  const Result<std::optional<Seen>> seen = look_again(path, true);
  if (!seen) return tl::unexpected<Error>(seen.error());
  const auto not_a_directory = fail("not-a-directory", fmt::format("cannot list directory: '{}'", path));
  if (!*seen || (*seen)->kind != NodeKind::directory) return not_a_directory;
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(host_path(path), error), end; !error && entry != end;
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    const fs::file_type type = entry->symlink_status(error).type();
    if (type == fs::file_type::regular || type == fs::file_type::directory || type == fs::file_type::symlink)
      names.push_back(std::move(name));
  }
  if (error)
    return trouble(
        {"file-unreadable", fmt::format("cannot list '{}': {}", host_path(path), error.message())});
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> HostTree::special_files() const {
  std::vector<std::string> found;
  std::error_code error;
  const fs::path root(root_);
  for (fs::recursive_directory_iterator entry(root, fs::directory_options::skip_permission_denied, error),
       end;
       !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    const fs::file_type type = entry->symlink_status(ignored).type();
    if (type == fs::file_type::directory && entry->path().filename() == ".git")
      entry.disable_recursion_pending();
    if (type == fs::file_type::fifo || type == fs::file_type::socket || type == fs::file_type::block ||
        type == fs::file_type::character)
      found.push_back(entry->path().lexically_relative(root).string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<std::string> HostTree::link_target(std::string_view path) const {
  std::error_code error;
  fs::path target = fs::read_symlink(host_path(path), error);
  if (error) return not_found(path);
  // A link to a place of the tree by its path on the host: the same place, seen from the tree's root.
  const fs::path inside =
      target.is_absolute() ? target.lexically_relative(fs::absolute(root_).lexically_normal()) : fs::path();
  if (!inside.empty() && *inside.begin() != "..") return "/" + (inside == "." ? "" : inside.string());
  return target.string();
}

std::vector<Error> HostTree::troubles() const {
  const std::lock_guard lock(mutex_);
  std::vector<Error> all = troubles_;
  for (const auto& [path, known] : known_) {
    if (all.size() >= kMostTroubles) break;
    const Result<std::optional<Seen>> now = look(path, known.listed);
    if (!now) {
      all.push_back(now.error());
    } else if (known.seen != *now) {
      all.push_back(changed(path));
    }
  }
  return all;
}

}  // namespace assay
