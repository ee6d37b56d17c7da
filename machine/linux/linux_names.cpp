// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Linux calls on names.
#include <fmt/format.h>

#include <algorithm>

#include "core/paths.h"
#include "machine/linux/linux.h"

namespace assay::machine {

using Kind = WalkedPath::Kind;

int errno_of(const Error& error) {
  if (error.id == "file-not-found") return kEnoent;
  if (error.id == "not-a-directory") return kEnotdir;
  if (error.id == "file-exists") return kEexist;
  if (error.id == "directory-not-empty") return kEnotempty;
  return kEinval;
}

std::int64_t LinuxCall::find(int directory, std::uint64_t at, Last last, WalkedPath& place,
                             std::string* text) {
  std::string raw;
  const std::int64_t error = path_text(at, raw);
  if (error != 0) return error;
  if (text != nullptr) *text = raw;
  if (raw.empty()) return -kEnoent;
  std::string start = process_.cwd;
  if (directory != kAtCwd && !raw.starts_with('/')) {
    const OpenFile* const base = file(directory);
    if (base == nullptr) return -kEbadf;
    if (base->kind != FileKind::directory) return -kEnotdir;
    start = base->path;
  }
  const std::int64_t result = walk(runner_.tree(), start, raw, last, place);
  if (place.above_root) rely("path-above-root " + raw);
  if (result == 0 && place.node != nullptr && raw.starts_with('/')) rely("absolute-path " + raw);
  if (place.needs_privilege) rely("privilege");
  FileKind kind{};
  if (result == -kEnoent && raw.starts_with("/dev/") && device(std::string_view(raw).substr(1), kind)) {
    place = {Kind::name, raw.substr(1), nullptr};
    return 0;
  }
  return result;
}

std::int64_t LinuxCall::look_up(int directory, std::uint64_t at, Last last, WalkedPath& place,
                                std::string* text) {
  const std::int64_t error = find(directory, at, last, place, text);
  if (error != 0) return error;
  if (place.node == nullptr) return -kEnoent;
  return place.slash && place.node->kind != NodeKind::directory ? -kEnotdir : 0;
}

std::int64_t LinuxCall::free_name(int directory, std::uint64_t path_at, bool for_directory,
                                  WalkedPath& place) {
  const std::int64_t error = find(directory, path_at, Last::name, place);
  if (error != 0) return error;
  if (place.kind != Kind::name || place.node != nullptr) return -kEexist;
  if (place.too_long) return -kEnametoolong;
  return place.slash && !for_directory ? -kEnoent : 0;
}

// Root may do anything but execute what nobody may.
std::int64_t LinuxCall::access(int directory, std::uint64_t path_at, int mode) {
  if ((mode & ~7) != 0) return -kEinval;
  WalkedPath place;
  const std::int64_t error = look_up(directory, path_at, Last::follow, place);
  FileKind kind{};
  if (error == -kEnoent && place.node == nullptr && device(place.path, kind)) {
    rely("device");
    return 0;
  }
  if (error != 0) return error;
  if ((mode & 1) != 0 && place.node->kind == NodeKind::file && (place.node->mode & 0111) == 0)
    return -kEacces;
  const auto asked = static_cast<std::uint32_t>(mode) << 6;
  if ((place.node->mode & asked) != asked) rely("privilege");
  return 0;
}

std::int64_t LinuxCall::chmod(int directory, std::uint64_t path_at, std::uint32_t mode) {
  WalkedPath place;
  const std::int64_t error = look_up(directory, path_at, Last::follow, place);
  if (error != 0) return error;
  place.node->mode = mode;
  state_.changed(place.node);
  return 0;
}

std::int64_t LinuxCall::chdir(std::uint64_t path_at) {
  WalkedPath place;
  const std::int64_t error = look_up(kAtCwd, path_at, Last::follow, place);
  if (error != 0) return error;
  if (place.node->kind != NodeKind::directory) return -kEnotdir;
  if ((place.node->mode & 0100) == 0) rely("privilege");
  process_.cwd = place.path;
  return 0;
}

std::int64_t LinuxCall::mkdir(int directory, std::uint64_t path_at, std::uint32_t mode) {
  constexpr std::uint32_t kSetGroup = 02000;
  WalkedPath place;
  const std::int64_t error = free_name(directory, path_at, true, place);
  if (error != 0) return error;
  const std::shared_ptr<Node> above = runner_.tree().find(parent_path(place.path));
  const std::uint32_t inherited = above == nullptr ? 0 : above->mode & kSetGroup;
  const Result<std::shared_ptr<Node>> made =
      runner_.tree().create(place.path, NodeKind::directory, (mode & ~process_.umask & 01777) | inherited);
  if (made) {
    runner_.hold_node(place.path);
    state_.written(*made);
  }
  return made ? 0 : -errno_of(made.error());
}

// Regular files only: there are no devices to make.
std::int64_t LinuxCall::mknod(int directory, std::uint64_t path_at, std::uint32_t mode) {
  constexpr std::uint32_t kOthers[] = {0010000, 0020000, 0060000, 0140000};  // pipe, devices, socket
  const std::uint32_t kind = mode & 0170000;
  if (kind == 0040000) return -kEperm;
  if (std::find(std::begin(kOthers), std::end(kOthers), kind) != std::end(kOthers)) {
    runner_.finding(
        fmt::format("unsupported-system-call mknod of type {:#o} at {:#x}", kind, call_address()));
    rely("system-call mknod");
    return -kEperm;
  }
  if (kind != 0 && kind != 0100000) return -kEinval;
  WalkedPath place;
  const std::int64_t error = free_name(directory, path_at, false, place);
  if (error != 0) return error;
  const Result<std::shared_ptr<Node>> made =
      runner_.tree().create(place.path, NodeKind::file, mode & ~process_.umask & 07777);
  if (!made) return -errno_of(made.error());
  runner_.hold_node(place.path);
  state_.written(*made);
  note_moved(place.path);
  return 0;
}

std::int64_t LinuxCall::unlink(int directory, std::uint64_t path_at) {
  WalkedPath place;
  const std::int64_t error = find(directory, path_at, Last::name, place);
  if (error != 0) return error;
  if (place.kind != Kind::name) return -kEisdir;
  if (place.too_long) return -kEnametoolong;
  if (place.node == nullptr) return -kEnoent;
  if (place.node->kind == NodeKind::directory) return -kEisdir;
  if (place.slash) return -kEnotdir;
  const Result<void> removed = runner_.tree().remove(place.path);
  if (removed) --state_.status(place.node).links;
  return removed ? 0 : -errno_of(removed.error());
}

std::int64_t LinuxCall::rmdir(int directory, std::uint64_t path_at) {
  WalkedPath place;
  const std::int64_t error = find(directory, path_at, Last::name, place);
  if (error != 0) return error;
  switch (place.kind) {
    case Kind::dot: return -kEinval;
    case Kind::dot_dot: return -kEnotempty;
    case Kind::root: return -kEbusy;
    case Kind::name: break;
  }
  if (place.too_long) return -kEnametoolong;
  if (place.node == nullptr) return -kEnoent;
  if (place.node->kind != NodeKind::directory) return -kEnotdir;
  const Result<void> removed = runner_.tree().remove(place.path);
  return removed ? 0 : -errno_of(removed.error());
}

std::int64_t LinuxCall::symlink(std::uint64_t target_at, int directory, std::uint64_t path_at) {
  std::string target;
  std::int64_t error = path_text(target_at, target);
  if (error != 0) return error;
  if (target.empty()) return -kEnoent;
  WalkedPath place;
  error = free_name(directory, path_at, false, place);
  if (error != 0) return error;
  const Result<std::shared_ptr<Node>> made = runner_.tree().create(place.path, NodeKind::link, 0777);
  if (!made) return -errno_of(made.error());
  runner_.hold_node(place.path + target);
  (*made)->target = target;
  state_.written(*made);
  return 0;
}

std::int64_t LinuxCall::readlink(int directory, std::uint64_t path_at, std::uint64_t to, std::uint64_t size) {
  const auto room = static_cast<std::int32_t>(size);
  if (room <= 0) return -kEinval;
  WalkedPath place;
  std::string text;
  const std::int64_t error = look_up(directory, path_at, Last::keep, place, &text);
  // An empty path stands for what the descriptor is: a link, with O_PATH.
  const bool of_descriptor = error == -kEnoent && text.empty() && directory != kAtCwd;
  if (of_descriptor) {
    const OpenFile* const of = file(directory);
    if (of == nullptr) return -kEbadf;
    place.node = of->node;
  }
  if (error != 0 && !of_descriptor) return error;
  if (place.node == nullptr) return -kEnoent;
  if (place.node->kind != NodeKind::link) return of_descriptor ? -kEnoent : -kEinval;
  const std::string& target = place.node->target;
  const std::uint64_t count = std::min<std::uint64_t>(static_cast<std::uint64_t>(room), target.size());
  return copy_out(to, as_bytes(target).first(count)) ? static_cast<std::int64_t>(count) : -kEfault;
}

// What has a new name is an output; of a directory, all that is in it.
void LinuxCall::note_moved(const std::string& path) {
  const std::shared_ptr<Node> node = runner_.tree().find(path);
  if (node == nullptr) return;
  if (node->kind == NodeKind::directory) {
    const std::vector<std::string> names = runner_.tree().list(path).value_or(std::vector<std::string>{});
    for (const std::string& name : names) note_moved(join_path(path, name));
  } else if (node->kind == NodeKind::file) {
    OpenFile named;
    named.path = path;
    runner_.note_output(process_, named);
  }
}

std::int64_t LinuxCall::link(int from_directory, std::uint64_t from_at, int to_directory, std::uint64_t to_at,
                             std::uint64_t flags) {
  constexpr std::uint64_t kFollow = 0x400;
  constexpr std::uint64_t kEmptyPath = 0x1000;
  if ((flags & 0xFFFFFFFF & ~(kFollow | kEmptyPath)) != 0) return -kEinval;
  if ((flags & kEmptyPath) != 0) return unknown();
  WalkedPath from;
  WalkedPath to;
  std::int64_t error =
      look_up(from_directory, from_at, (flags & kFollow) != 0 ? Last::follow : Last::keep, from);
  if (error == 0) error = free_name(to_directory, to_at, false, to);
  if (error != 0) return error;
  if (from.node->kind == NodeKind::directory) return -kEperm;
  const Result<void> linked = runner_.tree().link(to.path, from.node);
  if (!linked) return -errno_of(linked.error());
  runner_.hold_node(to.path);
  ++state_.status(from.node).links;
  state_.changed(from.node);
  note_moved(to.path);
  return 0;
}

std::int64_t LinuxCall::rename(int from_directory, std::uint64_t from_at, int to_directory,
                               std::uint64_t to_at, bool only_free) {
  WalkedPath from;
  WalkedPath to;
  std::int64_t error = find(from_directory, from_at, Last::name, from);
  if (error == 0) error = find(to_directory, to_at, Last::name, to);
  if (error != 0) return error;
  if (only_free && from.kind == Kind::name && to.kind != Kind::name) return -kEexist;
  if (from.kind != Kind::name || to.kind != Kind::name) return -kEbusy;
  if (from.too_long) return -kEnametoolong;
  if (from.node == nullptr) return -kEnoent;
  if (to.too_long) return -kEnametoolong;
  if (only_free && to.node != nullptr) return -kEexist;
  if (from.node->kind != NodeKind::directory && (from.slash || to.slash)) return -kEnotdir;
  if (to.path.starts_with(from.path + "/")) return -kEinval;     // into itself
  if (from.path.starts_with(to.path + "/")) return -kEnotempty;  // over what it is in
  return from.node == to.node ? 0 : replace(from, to);
}

std::int64_t LinuxCall::replace(const WalkedPath& from, const WalkedPath& to) {
  MemoryTree& tree = runner_.tree();
  const bool is_directory = from.node->kind == NodeKind::directory;
  if (to.node != nullptr) {
    const bool onto_directory = to.node->kind == NodeKind::directory;
    if (is_directory != onto_directory) return is_directory ? -kEnotdir : -kEisdir;
    const Result<void> removed = tree.remove(to.path);
    if (!removed) return -errno_of(removed.error());
    --state_.status(to.node).links;
  }
  const Result<void> moved = tree.move(from.path, to.path);
  if (!moved) return -errno_of(moved.error());
  runner_.moved(from.path, to.path);
  state_.changed(from.node);
  note_moved(to.path);
  return 0;
}

std::int64_t LinuxCall::getcwd() {
  const std::shared_ptr<Node> node = runner_.tree().find(process_.cwd);
  if (node == nullptr || node->kind != NodeKind::directory) return -kEnoent;
  rely("directory-name");
  const std::string text = "/" + process_.cwd;
  if (argument(1) < text.size() + 1) return -kErange;
  const ByteView with_zero = as_bytes({text.c_str(), text.size() + 1});
  return copy_out(argument(0), with_zero) ? static_cast<std::int64_t>(with_zero.size()) : -kEfault;
}

}  // namespace assay::machine
