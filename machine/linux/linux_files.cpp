// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Linux calls about files.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "machine/linux/linux.h"

namespace assay::machine {
namespace {

constexpr std::uint64_t kAccessMode = 3;
constexpr std::uint64_t kWriteOnly = 1;
constexpr std::uint64_t kReadWrite = 2;
constexpr std::uint64_t kCreate = 0100;
constexpr std::uint64_t kExclusive = 0200;
constexpr std::uint64_t kTruncate = 01000;
constexpr std::uint64_t kAppend = 02000;
constexpr std::uint64_t kCloseOnExec = 02000000;

// The two flags that the ARM architectures number differently.
std::uint64_t directory_flag(const Isa& isa) {
  return isa.elf_machine == 183 || isa.elf_machine == 40 ? 040000 : 0200000;
}
std::uint64_t no_follow_flag(const Isa& isa) {
  return isa.elf_machine == 183 || isa.elf_machine == 40 ? 0100000 : 0400000;
}

int errno_of(const Error& error) {
  if (error.id == "file-not-found") return kEnoent;
  if (error.id == "not-a-directory") return kEnotdir;
  if (error.id == "too-many-links") return kEloop;
  if (error.id == "file-exists") return kEexist;
  if (error.id == "directory-not-empty") return kEnotempty;
  return kEinval;
}

/// The devices that programs expect, where the tree has nothing of that name.
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

}  // namespace

OpenFile* LinuxCall::file(int fd) {
  if (fd < 0 || static_cast<std::size_t>(fd) >= process_.files.size()) return nullptr;
  return process_.files[static_cast<std::size_t>(fd)].file.get();
}

std::int64_t LinuxCall::place(std::shared_ptr<OpenFile> opened, int lowest, bool close_on_exec) {
  std::vector<Descriptor>& files = process_.files;
  constexpr std::size_t kOwn = 3;  // standard input, output, error
  const std::size_t first = runner_.surrounding().first_descriptor;
  auto fd = static_cast<std::size_t>(lowest);
  const auto is_taken = [&] {
    return (fd < files.size() && files[fd].file != nullptr) || (fd >= kOwn && fd < first);
  };
  while (is_taken()) ++fd;
  if (fd >= runner_.limits().open_files) {
    runner_.stop(Stop::limit_open_files,
                 fmt::format("'{}' opens more than {} files", runner_.record(process_).program,
                             runner_.limits().open_files));
    return -kEmfile;
  }
  if (fd >= files.size()) files.resize(fd + 1);
  files[fd] = {std::move(opened), close_on_exec};
  return static_cast<std::int64_t>(fd);
}

std::int64_t LinuxCall::path(int directory, std::uint64_t at, LastLink last, std::string& resolved,
                             std::string* text) {
  std::string raw;
  const std::int64_t error = path_text(at, raw);
  if (error != 0) return error;
  if (text != nullptr) *text = raw;
  std::string start = process_.cwd;
  if (directory != kAtCwd && !raw.starts_with('/')) {
    const OpenFile* const base = file(directory);
    if (base == nullptr) return -kEbadf;
    if (base->kind != FileKind::directory) return -kEnotdir;
    start = base->path;
  }
  const Result<std::string> result = resolve_path(runner_.tree(), start, raw, last);
  FileKind kind{};
  if (!result && raw.starts_with("/dev/") && device(std::string_view(raw).substr(1), kind)) {
    resolved = raw.substr(1);
    return 0;
  }
  if (!result) return -errno_of(result.error());
  resolved = *result;
  return 0;
}

std::int64_t LinuxCall::read() {
  OpenFile* const from = file(int_argument(0));
  if (from == nullptr || !from->reads) return -kEbadf;
  const std::uint64_t size = isa_.address_bits == 32 ? argument(2) & 0x7FFFFFFF : argument(2);
  ByteView rest;
  Bytes zeros;
  switch (from->kind) {
    case FileKind::directory: return -kEisdir;
    case FileKind::file: rest = from->node->bytes(); break;
    case FileKind::input: rest = runner_.request().standard_input; break;
    case FileKind::zero:
    case FileKind::full:
      zeros.resize(std::min<std::uint64_t>(size, 1 << 20));
      rest = zeros;
      break;
    default: return 0;
  }
  // The console input is one stream, whoever reads it.
  std::uint64_t& offset = from->kind == FileKind::input ? runner_.input_offset() : from->offset;
  if (!zeros.empty()) offset = 0;
  if (offset >= rest.size()) return 0;
  rest = rest.subspan(offset, std::min({size, rest.size() - offset, runner_.surrounding().most_read}));
  if (rest.empty()) return 0;
  if (memory().prepare_write(argument(1), rest.size()) == Memory::Access::fault) return -kEfault;
  memory().write_prepared(argument(1), rest);
  offset += rest.size();
  return static_cast<std::int64_t>(rest.size());
}

std::int64_t LinuxCall::write() {
  OpenFile* const to = file(int_argument(0));
  if (to == nullptr || !to->writes) return -kEbadf;
  const std::uint64_t size = isa_.address_bits == 32 ? argument(2) & 0x7FFFFFFF : argument(2);
  if (size == 0) return 0;
  const ByteView bytes = memory().view(argument(1), size);
  if (bytes.empty()) return -kEfault;
  switch (to->kind) {
    case FileKind::file:
      return write_file(*to,
                        bytes.first(std::min<std::uint64_t>(bytes.size(), runner_.surrounding().most_write)));
    case FileKind::output:
    case FileKind::error:
      if (!runner_.count_output(bytes.size())) return -kEnospc;
      runner_.console(process_, to->kind, bytes);
      break;
    case FileKind::full: return -kEnospc;
    case FileKind::directory: return -kEisdir;
    default: break;
  }
  return static_cast<std::int64_t>(bytes.size());
}

std::int64_t LinuxCall::write_file(OpenFile& to, ByteView bytes) {
  const std::uint64_t old_size = to.node->bytes().size();
  if (to.appends) to.offset = old_size;
  const std::uint64_t limit = runner_.limits().file_bytes;
  if (bytes.size() > limit || to.offset > limit - bytes.size()) {
    runner_.stop(Stop::limit_output, fmt::format("'{}' would be more than {} bytes", to.path, limit));
    return -kEfbig;
  }
  const std::uint64_t end = to.offset + bytes.size();
  const std::uint64_t growth = end > old_size ? end - old_size : 0;
  if (!runner_.count_output(std::max<std::uint64_t>(bytes.size(), growth))) return -kEnospc;
  runner_.note_output(process_, to);
  Bytes& contents = to.node->writable();
  if (bytes.size() == 1 && to.offset == contents.size()) {
    contents.push_back(bytes[0]);
  } else {
    if (end > contents.size()) contents.resize(end);
    std::memcpy(contents.data() + to.offset, bytes.data(), bytes.size());
  }
  to.offset = end;
  return static_cast<std::int64_t>(bytes.size());
}

std::int64_t LinuxCall::lseek(std::int64_t offset, int whence, OpenFile*& sought) {
  sought = file(int_argument(0));
  if (sought == nullptr) return -kEbadf;
  if (sought->kind != FileKind::file && sought->kind != FileKind::directory) {
    return sought->kind == FileKind::null || sought->kind == FileKind::zero || sought->kind == FileKind::full
               ? 0
               : -kEspipe;
  }
  std::uint64_t start = 0;
  if (whence == 1) {
    start = sought->offset;
  } else if (whence == 2) {
    start = sought->node == nullptr ? 0 : sought->node->bytes().size();
  } else if (whence != 0) {
    return -kEinval;
  }
  const std::uint64_t to = start + static_cast<std::uint64_t>(offset);
  if (static_cast<std::int64_t>(to) < 0 || (offset > 0 && to < start)) return -kEinval;
  sought->offset = to;
  return static_cast<std::int64_t>(to);
}

// The seek comes first, then the result is written: programs rely on passing no place for it, and
// ignore the EFAULT.
std::int64_t LinuxCall::llseek() {
  OpenFile* sought = nullptr;
  const std::uint64_t offset = (argument(1) << 32) | (argument(2) & 0xFFFFFFFF);
  const std::int64_t result = lseek(static_cast<std::int64_t>(offset), int_argument(4), sought);
  if (result < 0) return result;
  return memory().write(argument(3), &result, sizeof result) ? 0 : -kEfault;
}

std::int64_t LinuxCall::open(int directory, std::uint64_t path_at, std::uint64_t flags, std::uint32_t mode) {
  std::string text;
  std::string resolved;
  const bool no_follow =
      (flags & no_follow_flag(isa_)) != 0 || (flags & (kCreate | kExclusive)) == (kCreate | kExclusive);
  std::int64_t result =
      path(directory, path_at, no_follow ? LastLink::keep : LastLink::follow, resolved, &text);
  if (result == 0) result = open_node(text, resolved, flags, mode);
  if (result < 0 && result != -kEfault) runner_.note_missing(process_, text);
  return result;
}

std::int64_t LinuxCall::open_node(const std::string& text, const std::string& path, std::uint64_t flags,
                                  std::uint32_t mode) {
  auto opened = std::make_shared<OpenFile>();
  opened->path = path;
  opened->reads = (flags & kAccessMode) != kWriteOnly;
  opened->writes = (flags & kAccessMode) == kWriteOnly || (flags & kAccessMode) == kReadWrite;
  opened->appends = (flags & kAppend) != 0;
  std::shared_ptr<Node> node = runner_.tree().find(path);
  bool created = false;
  if (node == nullptr) {
    if (device(path, opened->kind)) return place(std::move(opened), 0, (flags & kCloseOnExec) != 0);
    if ((flags & kCreate) == 0) return -kEnoent;
    if (text.ends_with('/')) return -kEisdir;
    Result<std::shared_ptr<Node>> made =
        runner_.tree().create(path, NodeKind::file, mode & ~process_.umask & 07777);
    if (!made) return -errno_of(made.error());
    node = *made;
    created = true;
  } else if ((flags & (kCreate | kExclusive)) == (kCreate | kExclusive)) {
    return -kEexist;
  }
  if (node->kind == NodeKind::link) return -kEloop;
  if (node->kind == NodeKind::directory) {
    if (opened->writes || (flags & kCreate) != 0) return -kEisdir;
    opened->kind = FileKind::directory;
    return place(std::move(opened), 0, (flags & kCloseOnExec) != 0);
  }
  if ((flags & directory_flag(isa_)) != 0) return -kEnotdir;
  opened->node = node;
  OpenFile& ready = *opened;
  const std::int64_t fd = place(std::move(opened), 0, (flags & kCloseOnExec) != 0);
  if (fd < 0) return fd;
  const bool truncates = (flags & kTruncate) != 0 && ready.writes;
  if (truncates && !node->bytes().empty()) node->set_bytes(std::make_shared<const Bytes>());
  if (created || truncates) runner_.note_output(process_, ready);
  if (ready.reads && !created && !truncates) runner_.note_input(process_, path, *node);
  return fd;
}

std::int64_t LinuxCall::close() {
  if (file(int_argument(0)) == nullptr) return -kEbadf;
  process_.files[static_cast<std::size_t>(int_argument(0))] = {};
  return 0;
}

std::int64_t LinuxCall::dup(int from, int lowest, bool close_on_exec) {
  if (file(from) == nullptr) return -kEbadf;
  if (lowest < 0 || static_cast<std::uint32_t>(lowest) >= runner_.limits().open_files) return -kEinval;
  return place(process_.files[static_cast<std::size_t>(from)].file, lowest, close_on_exec);
}

std::int64_t LinuxCall::dup_to(int from, int to, bool close_on_exec, bool same_is_error) {
  if (file(from) == nullptr || to < 0 || static_cast<std::uint32_t>(to) >= runner_.limits().open_files) {
    return -kEbadf;
  }
  if (from == to) return same_is_error ? -kEinval : to;
  if (static_cast<std::size_t>(to) >= process_.files.size())
    process_.files.resize(static_cast<std::size_t>(to) + 1);
  process_.files[static_cast<std::size_t>(to)] = {process_.files[static_cast<std::size_t>(from)].file,
                                                  close_on_exec};
  return to;
}

std::int64_t LinuxCall::fcntl() {
  OpenFile* const of = file(int_argument(0));
  if (of == nullptr) return -kEbadf;
  Descriptor& descriptor = process_.files[static_cast<std::size_t>(int_argument(0))];
  switch (argument(1)) {
    case 0: return dup(int_argument(0), int_argument(2), false);
    case 1: return descriptor.close_on_exec ? 1 : 0;
    case 2: descriptor.close_on_exec = (argument(2) & 1) != 0; return 0;
    case 3:
      return static_cast<std::int64_t>((of->writes ? of->reads ? kReadWrite : kWriteOnly : 0) |
                                       (of->appends ? kAppend : 0));
    case 4: of->appends = (argument(2) & kAppend) != 0; return 0;
    case 1030: return dup(int_argument(0), int_argument(2), true);
    default: return -kEinval;
  }
}

// Root may do anything but execute what nobody may.
std::int64_t LinuxCall::access(int directory, std::uint64_t path_at, int mode) {
  std::string resolved;
  const std::int64_t error = path(directory, path_at, LastLink::follow, resolved);
  if (error != 0) return error;
  if ((mode & ~7) != 0) return -kEinval;
  const std::shared_ptr<Node> node = runner_.tree().find(resolved);
  FileKind kind{};
  if (node == nullptr) return device(resolved, kind) ? 0 : -kEnoent;
  return (mode & 1) != 0 && node->kind == NodeKind::file && (node->mode & 0111) == 0 ? -kEacces : 0;
}

std::int64_t LinuxCall::chmod(int directory, std::uint64_t path_at, std::uint32_t mode) {
  std::string resolved;
  const std::int64_t error = path(directory, path_at, LastLink::follow, resolved);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = runner_.tree().find(resolved);
  if (node == nullptr) return -kEnoent;
  node->mode = mode;
  return 0;
}

std::int64_t LinuxCall::fchmod(int fd, std::uint32_t mode) {
  OpenFile* const of = file(fd);
  if (of == nullptr) return -kEbadf;
  const std::shared_ptr<Node> node = of->node != nullptr ? of->node : runner_.tree().find(of->path);
  if (node != nullptr) node->mode = mode;
  return 0;
}

std::int64_t LinuxCall::chdir(std::uint64_t path_at) {
  std::string resolved;
  const std::int64_t error = path(kAtCwd, path_at, LastLink::follow, resolved);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = runner_.tree().find(resolved);
  if (node == nullptr) return -kEnoent;
  if (node->kind != NodeKind::directory) return -kEnotdir;
  process_.cwd = resolved;
  return 0;
}

std::int64_t LinuxCall::fchdir(int fd) {
  OpenFile* const of = file(fd);
  if (of == nullptr) return -kEbadf;
  if (of->kind != FileKind::directory) return -kEnotdir;
  process_.cwd = of->path;
  return 0;
}

std::int64_t LinuxCall::mkdir(int directory, std::uint64_t path_at, std::uint32_t mode) {
  std::string resolved;
  const std::int64_t error = path(directory, path_at, LastLink::keep, resolved);
  if (error != 0) return error;
  const Result<std::shared_ptr<Node>> made =
      runner_.tree().create(resolved, NodeKind::directory, mode & ~process_.umask & 01777);
  return made ? 0 : -errno_of(made.error());
}

// Regular files only: there are no devices to make.
std::int64_t LinuxCall::mknod(int directory, std::uint64_t path_at, std::uint32_t mode) {
  const std::uint32_t kind = mode & 0170000;
  if (kind != 0 && kind != 0100000) {
    runner_.finding(
        fmt::format("unsupported-system-call mknod of type {:#o} at {:#x}", kind, process_.cpu.pc));
    return -kEperm;
  }
  std::string resolved;
  const std::int64_t error = path(directory, path_at, LastLink::keep, resolved);
  if (error != 0) return error;
  const Result<std::shared_ptr<Node>> made =
      runner_.tree().create(resolved, NodeKind::file, mode & ~process_.umask & 07777);
  return made ? 0 : -errno_of(made.error());
}

std::int64_t LinuxCall::unlink(int directory, std::uint64_t path_at, bool remove_directory) {
  std::string resolved;
  const std::int64_t error = path(directory, path_at, LastLink::keep, resolved);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = runner_.tree().find(resolved);
  if (node == nullptr) return -kEnoent;
  if (remove_directory != (node->kind == NodeKind::directory)) return remove_directory ? -kEnotdir : -kEisdir;
  const Result<void> removed = runner_.tree().remove(resolved);
  return removed ? 0 : -errno_of(removed.error());
}

std::int64_t LinuxCall::symlink(std::uint64_t target_at, int directory, std::uint64_t path_at) {
  std::string target;
  std::int64_t error = path_text(target_at, target);
  if (error != 0) return error;
  if (target.empty()) return -kEnoent;
  std::string resolved;
  error = path(directory, path_at, LastLink::keep, resolved);
  if (error != 0) return error;
  const Result<std::shared_ptr<Node>> made = runner_.tree().create(resolved, NodeKind::link, 0777);
  if (!made) return -errno_of(made.error());
  (*made)->target = target;
  return 0;
}

std::int64_t LinuxCall::readlink(int directory, std::uint64_t path_at, std::uint64_t to, std::uint64_t size) {
  std::string resolved;
  const std::int64_t error = path(directory, path_at, LastLink::keep, resolved);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = runner_.tree().find(resolved);
  if (node == nullptr) return -kEnoent;
  if (node->kind != NodeKind::link || static_cast<std::int32_t>(size) <= 0) return -kEinval;
  const std::uint64_t count = std::min<std::uint64_t>(size, node->target.size());
  return memory().write(to, node->target.data(), count) ? static_cast<std::int64_t>(count) : -kEfault;
}

std::int64_t LinuxCall::rename(int from_directory, std::uint64_t from_at, int to_directory,
                               std::uint64_t to_at) {
  std::string from;
  std::string to;
  std::int64_t error = path(from_directory, from_at, LastLink::keep, from);
  if (error == 0) error = path(to_directory, to_at, LastLink::keep, to);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = runner_.tree().find(from);
  if (node == nullptr) return -kEnoent;
  if (node->kind != NodeKind::file) return unknown();  // a directory or link: nobody has needed it
  if (from == to) return 0;
  const std::shared_ptr<Node> old = runner_.tree().find(to);
  if (old != nullptr && old->kind == NodeKind::directory) return -kEisdir;
  if (old != nullptr) (void)runner_.tree().remove(to);
  const Result<std::shared_ptr<Node>> made = runner_.tree().create(to, NodeKind::file, node->mode);
  if (!made) return -errno_of(made.error());
  (*made)->set_bytes(node->share());
  (void)runner_.tree().remove(from);
  OpenFile renamed;
  renamed.path = to;
  runner_.note_output(process_, renamed);
  return 0;
}

std::int64_t LinuxCall::getcwd() {
  const std::string text = "/" + process_.cwd;
  if (argument(1) < text.size() + 1) return -kErange;
  return memory().write(argument(0), text.c_str(), text.size() + 1)
             ? static_cast<std::int64_t>(text.size() + 1)
             : -kEfault;
}

}  // namespace assay::machine
