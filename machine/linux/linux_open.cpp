// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// open: what it makes, what it refuses, and in which order Linux looks.
#include "machine/linux/linux.h"

namespace assay::machine {

std::uint64_t directory_flag(const Isa& isa) {
  return isa.abi == Abi::aarch64 || isa.abi == Abi::arm ? 040000 : 0200000;
}
std::uint64_t no_follow_flag(const Isa& isa) {
  return isa.abi == Abi::aarch64 || isa.abi == Abi::arm ? 0100000 : 0400000;
}

bool device(std::string_view path, FileKind& kind) {
  static constexpr std::pair<std::string_view, FileKind> kDevices[] = {
      {"dev/null", FileKind::null},   {"dev/full", FileKind::full},     {"dev/zero", FileKind::zero},
      {"dev/stdin", FileKind::input}, {"dev/stdout", FileKind::output}, {"dev/stderr", FileKind::error},
      {"dev/tty", FileKind::output},  {"dev/console", FileKind::output}};
  for (const auto& [name, what] : kDevices) {
    if (name != path) continue;
    kind = what;
    return true;
  }
  return false;
}

namespace {

/// The bits that F_GETFL tells. A kernel of 64 bits adds that files may be large.
std::uint64_t told_flags(const Isa& isa, std::uint64_t flags) {
  const std::uint64_t large = isa.abi == Abi::aarch64 || isa.abi == Abi::arm ? 0400000 : 0100000;
  std::uint64_t told = kAccessMode | kNonBlocking | directory_flag(isa) | no_follow_flag(isa) | large;
  if ((flags & kPathOnly) != 0) return flags & (directory_flag(isa) | no_follow_flag(isa) | kPathOnly);
  if ((flags & kNameless) != 0) told |= kNameless;
  return (flags & told) | (isa.address_bits == 64 ? large : 0);
}

/// Whether opening asks for the right to write: to truncate, too, and with the access mode that is neither.
bool wants_to_write(std::uint64_t flags) { return (flags & kAccessMode) != 0 || (flags & kTruncate) != 0; }

std::shared_ptr<OpenFile> make_open_file(const Isa& isa, const std::string& path, std::uint64_t flags) {
  auto opened = std::make_shared<OpenFile>();
  opened->path = path;
  opened->path_only = (flags & kPathOnly) != 0;
  const std::uint64_t access = flags & kAccessMode;
  opened->reads = !opened->path_only && (access == 0 || access == kReadWrite);
  opened->writes = !opened->path_only && (access == kWriteOnly || access == kReadWrite);
  opened->appends = (flags & kAppend) != 0;
  opened->flags = told_flags(isa, flags);
  return opened;
}

}  // namespace

std::int64_t LinuxCall::open(int directory, std::uint64_t path_at, std::uint64_t flags, std::uint32_t mode) {
  const std::uint64_t directories = directory_flag(isa_);
  if ((flags & kPathOnly) != 0) flags &= directories | no_follow_flag(isa_) | kPathOnly | kCloseOnExec;
  if ((flags & kCreate) != 0 && (flags & directories) != 0) return -kEinval;
  if ((flags & kNameless) != 0 && ((flags & directories) == 0 || (flags & kAccessMode) == 0)) return -kEinval;
  const bool exclusive = (flags & (kCreate | kExclusive)) == (kCreate | kExclusive);
  Last last = (flags & kCreate) != 0 ? Last::create : Last::follow;
  if (exclusive || (flags & no_follow_flag(isa_)) != 0)
    last = (flags & kCreate) != 0 ? Last::name : Last::keep;
  WalkedPath place;
  std::string text;
  std::int64_t result = find(directory, path_at, last, place, &text);
  // A '/' behind what may be made, where no link is followed.
  if (result == 0 && last == Last::name && place.slash && place.kind == WalkedPath::Kind::name)
    result = -kEisdir;
  if (result == 0 && place.too_long) result = -kEnametoolong;
  if (result == 0) result = open_place(place, flags, mode);
  if (result < 0 && result != -kEfault) runner_.note_missing(process_, text);
  return result;
}

std::int64_t LinuxCall::open_place(const WalkedPath& place, std::uint64_t flags, std::uint32_t mode) {
  const bool creates = (flags & kCreate) != 0;
  std::shared_ptr<Node> node = place.node;
  FileKind kind{};
  if (node == nullptr && device(place.path, kind)) return open_device(place, kind, flags);
  if (node == nullptr && !creates) return -kEnoent;
  if ((flags & kNameless) != 0) return open_nameless(place, flags, mode);
  bool created = false;
  if (node == nullptr) {
    Result<std::shared_ptr<Node>> made =
        runner_.tree().create(place.path, NodeKind::file, mode & ~process_.umask & 07777);
    if (!made) return -errno_of(made.error());
    runner_.hold_node(place.path);
    node = *made;
    created = true;
    state_.written(node);
  } else if (creates && (flags & kExclusive) != 0) {
    return -kEexist;
  }
  const bool is_directory = node->kind == NodeKind::directory;
  if (is_directory && creates) return -kEisdir;
  if (!is_directory && (place.slash || (flags & directory_flag(isa_)) != 0)) return -kEnotdir;
  if (node->kind == NodeKind::link && (flags & kPathOnly) == 0) return -kEloop;
  if (is_directory && wants_to_write(flags) && (flags & kPathOnly) == 0) return -kEisdir;
  std::shared_ptr<OpenFile> opened = make_open_file(isa_, place.path, flags);
  OpenFile& ready = *opened;
  const bool refused =
      (ready.reads && (node->mode & 0400) == 0) || (ready.writes && (node->mode & 0200) == 0);
  if (refused && !created) rely("privilege");
  const bool truncates = !created && !ready.path_only && (flags & kTruncate) != 0;
  if ((ready.writes || truncates) && runner_.is_running(*node)) return -kEtxtbsy;
  if (is_directory) {
    ready.kind = FileKind::directory;
  } else {
    ready.node = node;
  }
  const std::int64_t fd = this->place(std::move(opened), 0, (flags & kCloseOnExec) != 0);
  if (fd < 0 || is_directory) return fd;
  if (truncates && !node->bytes().empty()) runner_.empty(*node);
  if (truncates) state_.written(node);
  if (created || truncates) runner_.note_output(process_, ready);
  if (ready.reads && !created && !truncates) runner_.note_input(process_, place.path, *node);
  return fd;
}

// O_TMPFILE: a file in a directory without a name. Not every file system has it.
std::int64_t LinuxCall::open_nameless(const WalkedPath& place, std::uint64_t flags, std::uint32_t mode) {
  if (place.node->kind != NodeKind::directory) return -kEnotdir;
  rely("nameless-file");
  std::shared_ptr<OpenFile> opened = make_open_file(isa_, place.path, flags);
  opened->noted_by = process_.image;  // no output: it has no path
  opened->node = std::make_shared<Node>();
  opened->node->mode = mode & ~process_.umask & 07777;
  return this->place(std::move(opened), 0, (flags & kCloseOnExec) != 0);
}

std::int64_t LinuxCall::open_device(const WalkedPath& place, FileKind kind, std::uint64_t flags) {
  rely("device");
  if (place.slash || (flags & directory_flag(isa_)) != 0) return -kEnotdir;
  if ((flags & (kCreate | kExclusive)) == (kCreate | kExclusive)) return -kEexist;
  std::shared_ptr<OpenFile> opened = make_open_file(isa_, place.path, flags);
  opened->kind = kind;
  return this->place(std::move(opened), 0, (flags & kCloseOnExec) != 0);
}

}  // namespace assay::machine
