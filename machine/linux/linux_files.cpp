// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Linux calls on open files.
#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "machine/linux/linux.h"

namespace assay::machine {
namespace {

constexpr std::uint64_t kMostTransfer = 0x7FFFF000;  // MAX_RW_COUNT
constexpr unsigned kLastWhence = 4;                  // SEEK_HOLE

}  // namespace

OpenFile* LinuxCall::file(int fd) {
  if (fd < 0 || static_cast<std::size_t>(fd) >= process_.files.size()) return nullptr;
  return process_.files[static_cast<std::size_t>(fd)].file.get();
}

OpenFile* LinuxCall::usable_file(int fd) {
  OpenFile* const found = file(fd);
  return found == nullptr || found->path_only ? nullptr : found;
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

// x86 programs run on a kernel of 64 bits, as they do on the hosts of today: it looks at 64-bit ends of
// ranges. The other 32-bit architectures are taken to have 3 GiB for programs.
bool LinuxCall::in_user_range(std::uint64_t at, std::uint64_t size) const {
  std::uint64_t end = (std::uint64_t{1} << 47) - kPage;
  if (isa_.abi == Abi::aarch64) end = std::uint64_t{1} << 48;
  if (isa_.address_bits == 32 && isa_.abi != Abi::x86) end = 0xFFFFF000;  // under a 64-bit kernel
  return at <= end && size <= end - at;
}

std::uint64_t LinuxCall::writable(std::uint64_t at, std::uint64_t size) {
  if (memory().prepare_write(at, size) != Memory::Access::fault) return size;
  std::uint64_t end = at;
  while (end < at + size) {
    const std::uint64_t next = std::min(page_floor(end) + kPage, at + size);
    if (memory().prepare_write(end, next - end) == Memory::Access::fault) break;
    end = next;
  }
  return end - at;
}

bool LinuxCall::copy_out(std::uint64_t at, ByteView bytes) {
  const ByteView copied = bytes.first(writable(at, bytes.size()));
  memory().write_prepared(at, copied);
  return copied.size() == bytes.size();
}

std::int64_t LinuxCall::read() {
  OpenFile* const from = usable_file(int_argument(0));
  if (from != nullptr && from->is_console() && !from->reads) rely("standard-descriptors");
  if (from == nullptr || !from->reads) return -kEbadf;
  return read_from(*from, argument(1), argument(2));
}

std::int64_t LinuxCall::read_from(OpenFile& from, std::uint64_t at, std::uint64_t size) {
  if (!in_user_range(at, size)) return -kEfault;
  if (isa_.address_bits == 32 && isa_.abi != Abi::x86 && size >> 31 != 0) return -kEinval;
  size = std::min(size, kMostTransfer);
  ByteView rest;
  Bytes zeros;
  switch (from.kind) {
    case FileKind::directory: return -kEisdir;
    case FileKind::file: rest = from.node->bytes(); break;
    case FileKind::pipe: return read_pipe(from, at, size);
    case FileKind::input:
      if (runner_.request().standard_input.empty()) rely("standard-input");
      rest = runner_.request().standard_input;
      break;
    case FileKind::zero:
    case FileKind::full:
      zeros.resize(std::min<std::uint64_t>(size, 1 << 20));
      rest = zeros;
      break;
    default: return 0;
  }
  // The console input is one stream, whoever reads it.
  std::uint64_t& offset = from.kind == FileKind::input ? runner_.input_offset() : from.offset;
  if (!zeros.empty()) offset = 0;
  if (offset >= rest.size()) return 0;
  rest = rest.subspan(offset, std::min({size, rest.size() - offset, runner_.surrounding().most_read}));
  if (rest.empty()) return 0;
  rest = rest.first(writable(at, rest.size()));
  if (rest.empty()) return -kEfault;
  memory().write_prepared(at, rest);
  offset += rest.size();
  return static_cast<std::int64_t>(rest.size());
}

std::int64_t LinuxCall::write() {
  OpenFile* const to = usable_file(int_argument(0));
  if (to != nullptr && to->is_console() && !to->writes) rely("standard-descriptors");
  if (to == nullptr || !to->writes) return -kEbadf;
  return write_to(*to, argument(1), argument(2));
}

std::int64_t LinuxCall::write_to(OpenFile& to, std::uint64_t at, std::uint64_t size) {
  if (!in_user_range(at, size)) return -kEfault;
  if (isa_.address_bits == 32 && isa_.abi != Abi::x86 && size >> 31 != 0) return -kEinval;
  size = std::min(size, kMostTransfer);
  if (size == 0) return 0;
  const ByteView bytes = memory().view(at, size);
  if (bytes.empty()) return -kEfault;
  const ByteView some = bytes.first(std::min<std::uint64_t>(bytes.size(), runner_.surrounding().most_write));
  if (to.kind == FileKind::pipe) return write_pipe(to, bytes);
  return to.kind == FileKind::file ? write_file(to, some) : write_device(to, bytes);
}

std::int64_t LinuxCall::write_device(OpenFile& to, ByteView bytes) {
  switch (to.kind) {
    case FileKind::output:
    case FileKind::error:
      if (!runner_.count_output(bytes.size())) return -kEnospc;
      runner_.console(process_, to.kind, bytes);
      break;
    case FileKind::full: return -kEnospc;
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
  Bytes* const contents = runner_.contents_for(*to.node, end);
  if (contents == nullptr) return -kEnospc;
  std::memcpy(contents->data() + to.offset, bytes.data(), bytes.size());
  to.offset = end;
  state_.written(to.node);
  return static_cast<std::int64_t>(bytes.size());
}

std::int64_t LinuxCall::seek(OpenFile& sought, std::int64_t offset, unsigned whence) {
  if (whence > kLastWhence) return -kEinval;
  if (sought.is_console()) rely(sought.kind == FileKind::input ? "standard-input" : "standard-descriptors");
  if (sought.kind != FileKind::file && sought.kind != FileKind::directory) {
    const bool ignores =
        sought.kind == FileKind::null || sought.kind == FileKind::zero || sought.kind == FileKind::full;
    return ignores ? 0 : -kEspipe;
  }
  const std::uint64_t size = sought.node == nullptr ? 0 : sought.node->bytes().size();
  std::uint64_t start = 0;
  if (whence == 1) start = sought.offset;
  if (whence == 2) start = size;
  std::uint64_t to = start + static_cast<std::uint64_t>(offset);
  // How a directory's offsets are counted is the file system's affair.
  if (sought.kind == FileKind::directory) rely("directory-offset");
  if (whence > 2 && offset < 0) return -kEnxio;
  if (whence > 2 && sought.kind == FileKind::file) {
    // Which parts of a file are holes is the file system's affair: here none is.
    rely("holes");
    if (to >= size) return -kEnxio;
    if (whence == kLastWhence) to = size;
  }
  if (static_cast<std::int64_t>(to) < 0 || (offset > 0 && to < start)) return -kEinval;
  sought.offset = to;
  return static_cast<std::int64_t>(to);
}

std::int64_t LinuxCall::lseek() {
  OpenFile* const sought = usable_file(int_argument(0));
  if (sought == nullptr) return -kEbadf;
  const bool narrow = isa_.address_bits == 32;
  const std::int64_t offset =
      narrow ? std::int64_t{static_cast<std::int32_t>(argument(1))} : static_cast<std::int64_t>(argument(1));
  const std::int64_t to = seek(*sought, offset, static_cast<unsigned>(argument(2)));
  // On a kernel of 64 bits an x86 program gets the low half.
  return narrow && isa_.abi != Abi::x86 && to > 0x7FFFFFFF ? -kEoverflow : to;
}

// The seek comes first, then the result is written: programs rely on passing no place for it, and
// ignore the EFAULT.
std::int64_t LinuxCall::llseek() {
  OpenFile* const sought = usable_file(int_argument(0));
  if (sought == nullptr) return -kEbadf;
  const std::uint64_t offset = (argument(1) << 32) | (argument(2) & 0xFFFFFFFF);
  const std::int64_t result =
      seek(*sought, static_cast<std::int64_t>(offset), static_cast<unsigned>(argument(4)));
  if (result < 0) return result;
  Byte bytes[8];
  std::memcpy(bytes, &result, sizeof bytes);
  return copy_out(argument(3), bytes) ? 0 : -kEfault;
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

std::int64_t LinuxCall::dup_to(int from, int to, bool close_on_exec) {
  if (file(from) == nullptr || to < 0 || static_cast<std::uint32_t>(to) >= runner_.limits().open_files) {
    return -kEbadf;
  }
  if (from == to) return to;
  if (static_cast<std::size_t>(to) >= process_.files.size())
    process_.files.resize(static_cast<std::size_t>(to) + 1);
  process_.files[static_cast<std::size_t>(to)] = {process_.files[static_cast<std::size_t>(from)].file,
                                                  close_on_exec};
  return to;
}

std::int64_t LinuxCall::dup3() {
  const std::uint64_t flags = argument(2) & 0xFFFFFFFF;
  if ((flags & ~kCloseOnExec) != 0 || int_argument(0) == int_argument(1)) return -kEinval;
  return dup_to(int_argument(0), int_argument(1), flags != 0);
}

std::int64_t LinuxCall::fcntl() {
  enum : std::uint32_t { kDup, kGetDescriptor, kSetDescriptor, kGetFlags, kSetFlags, kDupCloseOnExec = 1030 };
  constexpr std::uint32_t kFirstOfLocks = 5;
  constexpr std::uint32_t kLastOfSignals = 16;
  OpenFile* const of = file(int_argument(0));
  if (of == nullptr) return -kEbadf;
  Descriptor& descriptor = process_.files[static_cast<std::size_t>(int_argument(0))];
  const auto command = static_cast<std::uint32_t>(argument(1));
  switch (command) {
    case kDup: return dup(int_argument(0), int_argument(2), false);
    case kDupCloseOnExec: return dup(int_argument(0), int_argument(2), true);
    case kGetDescriptor: return descriptor.close_on_exec ? 1 : 0;
    case kSetDescriptor: descriptor.close_on_exec = (argument(2) & 1) != 0; return 0;
    case kGetFlags: return static_cast<std::int64_t>(of->flags | (of->appends ? kAppend : 0));
    default: break;
  }
  if (of->path_only) return -kEbadf;
  if (command == kSetFlags) {
    of->appends = (argument(2) & kAppend) != 0;
    of->flags = (of->flags & ~kNonBlocking) | (argument(2) & kNonBlocking);
    return 0;
  }
  return command >= kFirstOfLocks && command <= kLastOfSignals ? unknown() : -kEinval;
}

// Nothing here is a terminal; what a program's streams are natively is its caller's affair.
std::int64_t LinuxCall::ioctl() {
  const OpenFile* const of = usable_file(int_argument(0));
  if (of == nullptr) return -kEbadf;
  if (of->is_console()) rely("terminal");
  return -kEnotty;
}

std::int64_t LinuxCall::fchmod(int fd, std::uint32_t mode) {
  OpenFile* const of = usable_file(fd);
  if (of == nullptr) return -kEbadf;
  const std::shared_ptr<Node> node = of->node != nullptr ? of->node : runner_.tree().find(of->path);
  if (node != nullptr) {
    node->mode = mode;
    state_.changed(node);
  }
  return 0;
}

std::int64_t LinuxCall::fchdir(int fd) {
  OpenFile* const of = file(fd);
  if (of == nullptr) return -kEbadf;
  if (of->kind != FileKind::directory) return -kEnotdir;
  process_.cwd = of->path;
  return 0;
}

}  // namespace assay::machine
