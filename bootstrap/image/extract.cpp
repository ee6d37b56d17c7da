// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/extract.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>

#include "bootstrap/image/disk_image.h"
#include "bootstrap/image/lazy_tree.h"
#include "command/held_signals.h"
#include "core/host_descriptor.h"
#include "core/paths.h"

namespace assay::image {
namespace {

tl::unexpected<Error> cannot_write(std::string_view path) {
  return fail("file-unwritable", fmt::format("'{}': {}", path, std::strerror(errno)));
}

Result<void> collect(const FileTree& tree, const std::string& directory, std::size_t depth,
                     std::vector<ListedEntry>& all) {
  if (depth > kMaxDirectoryDepth) return fail("image-limit", fmt::format("'{}' lies too deep", directory));
  const auto names = tree.list(directory);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    ListedEntry entry{join_path(directory, name), {}, {}};
    const auto info = tree.info(entry.path);
    if (!info) continue;  // a device of the host
    entry.info = *info;
    if (info->kind == NodeKind::link) {
      if (auto target = tree.link_target(entry.path)) entry.target = *target;
    }
    all.push_back(entry);
    if (all.size() > kMaxListedEntries)
      return fail("image-limit", fmt::format("more than {} entries", kMaxListedEntries));
    if (info->kind == NodeKind::directory) {
      if (auto below = collect(tree, entry.path, depth + 1, all); !below) return below;
    }
  }
  return {};
}

Result<void> write_file(int directory, const std::string& name, ByteView bytes, std::uint32_t mode,
                        const std::string& path) {
  const HostDescriptor file(
      ::openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.number() < 0) return cannot_write(path);
  while (!bytes.empty()) {
    const ssize_t done = ::write(file.number(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return cannot_write(path);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  // No set-user-id files from strangers.
  if (::fchmod(file.number(), mode & 0777U) != 0) return cannot_write(path);
  return {};
}

/// One directory and all below it; `target` is open.
class Extraction {
 public:
  explicit Extraction(const FileTree& tree) : tree_(tree) {}

  Result<void> directory(int target, const std::string& path, std::size_t depth) {
    if (depth > kMaxDirectoryDepth) return fail("image-limit", fmt::format("'{}' lies too deep", path));
    const auto names = tree_.list(path);
    if (!names) return tl::unexpected(names.error());
    for (const std::string& name : *names) {
      if (!is_normal_path(name) || name.find('/') != std::string::npos) continue;
      if (auto done = entry(target, join_path(path, name), name, depth); !done) return done;
    }
    for (const std::string& name : *names) {
      const std::string place = join_path(path, name);
      const auto link = tree_.link_target(place);
      if (link && ::symlinkat(link->c_str(), target, name.c_str()) != 0) return cannot_write(place);
    }
    return {};
  }

 private:
  Result<void> entry(int target, const std::string& path, const std::string& name, std::size_t depth) {
    if (HeldSignals::pending()) return fail("interrupted", "nothing was unpacked");
    const auto info = tree_.info(path);
    if (!info || info->kind == NodeKind::link) return {};
    if (info->kind == NodeKind::directory) {
      if (::mkdirat(target, name.c_str(), 0755) != 0) return cannot_write(path);
      const HostDescriptor below(
          ::openat(target, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (below.number() < 0) return cannot_write(path);
      return directory(below.number(), path, depth + 1);
    }
    const auto bytes = tree_.read(path);
    if (!bytes) return tl::unexpected(bytes.error());
    total_ += (*bytes)->size();
    if (total_ > kMaxExtractedBytes)
      return fail("image-limit", fmt::format("more than {} bytes", kMaxExtractedBytes));
    return write_file(target, name, **bytes, info->mode, path);
  }

  const FileTree& tree_;
  std::uint64_t total_ = 0;
};

Result<void> extract_into(const FileTree& tree, const std::string& directory) {
  const HostDescriptor target(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (target.number() < 0 || ::fchmod(target.number(), 0755) != 0) return cannot_write(directory);
  return Extraction(tree).directory(target.number(), "", 0);
}

}  // namespace

Result<std::vector<ListedEntry>> list_all(const FileTree& tree) {
  std::vector<ListedEntry> all;
  if (auto done = collect(tree, "", 0, all); !done) return tl::unexpected(done.error());
  return all;
}

Result<void> extract_all(const FileTree& tree, const std::string& directory) {
  std::string target = directory;
  while (target.size() > 1 && target.ends_with('/')) target.pop_back();
  std::error_code ignored;
  const auto there = std::filesystem::symlink_status(target, ignored);
  if (std::filesystem::exists(there) &&
      !(std::filesystem::is_directory(there) && std::filesystem::is_empty(target, ignored)))
    return fail("extract-target", fmt::format("'{}' is not an empty directory", directory));
  std::string temporary = target + ".XXXXXX";
  HeldSignals held;  // who interrupts this finds nothing half done
  held.hold();
  if (::mkdtemp(temporary.data()) == nullptr) return cannot_write(directory);
  Result<void> done = extract_into(tree, temporary);
  // Takes the place of an empty directory, and of nothing else.
  if (done && ::rename(temporary.c_str(), target.c_str()) != 0) done = cannot_write(directory);
  if (!done) std::filesystem::remove_all(temporary, ignored);
  return done;
}

Result<std::vector<std::string>> compare(const FileTree& first, const FileTree& second) {
  const auto left = list_all(first);
  if (!left) return tl::unexpected(left.error());
  const auto right = list_all(second);
  if (!right) return tl::unexpected(right.error());
  std::map<std::string, const ListedEntry*> theirs;
  for (const ListedEntry& entry : *right) theirs[entry.path] = &entry;
  std::vector<std::string> lines;
  for (const ListedEntry& entry : *left) {
    const auto found = theirs.find(entry.path);
    if (found == theirs.end()) {
      lines.push_back("only in first: " + entry.path);
      continue;
    }
    const ListedEntry& other = *found->second;
    bool same = entry.info.kind == other.info.kind && entry.target == other.target &&
                entry.info.size == other.info.size;
    if (same && entry.info.kind == NodeKind::file) {
      const auto ours = first.read(entry.path);
      const auto his = second.read(entry.path);
      if (!ours || !his) return tl::unexpected(!ours ? ours.error() : his.error());
      same = **ours == **his;
    }
    if (!same) lines.push_back("differs: " + entry.path);
    theirs.erase(found);
  }
  for (const auto& [path, entry] : theirs) lines.push_back("only in second: " + path);
  return lines;
}

}  // namespace assay::image
