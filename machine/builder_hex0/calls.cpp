// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The system calls. Only the low byte of the number counts.
#include <fmt/format.h>

#include <algorithm>

#include "machine/builder_hex0/kernel.h"

namespace assay::machine {
namespace {

constexpr std::uint32_t kFailed = ~std::uint32_t{0};
constexpr std::uint32_t kCreate = 0x40;
constexpr std::uint32_t kTruncate = 0x200;
constexpr std::uint32_t kAppend = 0x400;
/// Where paths are built: chdir and access leave this address in ebx.
constexpr std::uint32_t kPathBuffer = 0x0005'0000;
/// write leaves the address of the file's row in ebx.
constexpr std::uint32_t kFileTable = 0x0100'0000;
constexpr std::uint32_t kFileTableRow = 16;
/// waitpid leaves the address of the exit code in esi.
constexpr std::uint32_t kChildCode = 0x0002'0018;
constexpr std::uint32_t kDescriptorSize = 0x1000;

enum Register : unsigned { kAx, kCx, kDx, kBx, kSp, kBp, kSi, kDi };

/// What Linux calls the numbers that do nothing here.
struct IgnoredCall {
  std::uint8_t number;
  std::string_view name;
};
constexpr IgnoredCall kIgnored[] = {
    {0x08, "creat"},     {0x09, "link"},     {0x0D, "time"},      {0x0E, "mknod"},
    {0x0F, "chmod"},     {0x12, "oldstat"},  {0x14, "getpid"},    {0x15, "mount"},
    {0x18, "getuid"},    {0x1B, "alarm"},    {0x1E, "utime"},     {0x24, "sync"},
    {0x25, "kill"},      {0x26, "rename"},   {0x28, "rmdir"},     {0x29, "dup"},
    {0x2A, "pipe"},      {0x2B, "times"},    {0x2F, "getgid"},    {0x30, "signal"},
    {0x36, "ioctl"},     {0x37, "fcntl"},    {0x3C, "umask"},     {0x3D, "chroot"},
    {0x3F, "dup2"},      {0x40, "getppid"},  {0x43, "sigaction"}, {0x4E, "gettimeofday"},
    {0x53, "symlink"},   {0x55, "readlink"}, {0x5A, "mmap"},      {0x5B, "munmap"},
    {0x5E, "fchmod"},    {0x6A, "stat"},     {0x6B, "lstat"},     {0x6C, "fstat"},
    {0x7A, "uname"},     {0x7D, "mprotect"}, {0x8C, "llseek"},    {0x92, "writev"},
    {0xC0, "mmap2"},     {0xC3, "stat64"},   {0xC5, "fstat64"},   {0xDC, "getdents64"},
    {0xFC, "exit_group"}};

std::string ignored_name(std::uint32_t number) {
  const auto* const row = std::find_if(std::begin(kIgnored), std::end(kIgnored),
                                       [&](const IgnoredCall& r) { return r.number == number; });
  return row == std::end(kIgnored) ? fmt::format("call {}", number) : std::string(row->name);
}

}  // namespace

void BuilderHex0::system_call(Process& process) {
  std::uint64_t* const registers = process.cpu.slots;
  const auto value = [registers](Register r) { return static_cast<std::uint32_t>(registers[r]); };
  const std::uint32_t number = value(kAx);
  const std::uint32_t b = value(kBx);
  const std::uint32_t c = value(kCx);
  const std::uint32_t d = value(kDx);
  if (number > 0xFF) {
    lean("call-above-255", fmt::format("call {}: served as call {}", number, number & 0xFFU), 1);
  }
  std::uint32_t result = 0;
  std::string absolute;
  switch (number & 0xFFU) {
    case 0x01: return exit(b);
    case 0x02: return fork(process);
    case 0x03: result = read(process, b, c, d); break;
    case 0x04:
      if (const Descriptor* const file = descriptor(process, b); file != nullptr && b > 2) {
        registers[kBx] = kFileTable + std::uint64_t{file->file} * kFileTableRow;
      }
      result = write(process, b, c, d);
      break;
    case 0x05: result = open(process, b, c); break;
    case 0x06:
      if (Descriptor* const file = descriptor(process, b)) file->file = 0;
      break;
    case 0x07:
      if (process.forked != 0)
        lean("wait-in-child", "waits in a forked child for the exit of an older one", 1);
      write_word(process, c, process.child_code << 8);
      registers[kSi] = kChildCode + (static_cast<std::uint32_t>(processes_.size()) - 1) * kDescriptorSize;
      lean("waitpid-result", "waitpid that returns 0 and not the process", 1);
      break;
    case 0x0B: return execve(process, b, c, d);
    case 0x0C:
      result = chdir(process, b);
      registers[kBx] = kPathBuffer;
      break;
    case 0x13: result = lseek(process, b, c, d); break;
    case 0x21:
      if (!path(process, b, absolute)) return;
      result = files_.find(absolute) == BuilderHex0Files::kNone ? kFailed : 0;
      registers[kBx] = kPathBuffer;
      break;
    case 0x27:
      if (open(process, b, kCreate | 1) == kFailed) result = kFailed;
      break;
    case 0x2D: result = brk(process, b); break;
    case 0x72:
      write_word(process, c, 0);
      lean("wait4-status", "wait4: the status is always 0", 1);
      break;
    case 0xB7: result = getcwd(process, b); break;
    case 0x0A:
      if (!path(process, b, absolute)) return;
      records_[process.image].unlinked.insert(absolute);
      lean("ignored-call", "unlink returns 0 and does nothing", 1, absolute);
      break;
    default: lean("ignored-call", ignored_name(number & 0xFFU) + " returns 0 and does nothing", 1);
  }
  registers[kAx] = result;
}

// A C string of the guest, made absolute.
bool BuilderHex0::path(Process& process, std::uint32_t at, std::string& absolute) {
  const std::optional<std::string> text = process.memory->read_string(at, kHex0PathBuffer);
  if (!text) {
    stop(Hex0Stop::memory_fault, fmt::format("'{}' names a file by the address {:#x}", program(), at));
    return false;
  }
  if (text->size() + process.cwd.size() >= kHex0PathBuffer) {
    stop(Hex0Stop::path_too_long,
         fmt::format("'{}' uses a path of more than {} bytes", program(), kHex0PathBuffer));
    return false;
  }
  absolute = hex0_absolute_path(process.cwd, *text);
  outcome_.peaks.longest_path =
      std::max(outcome_.peaks.longest_path, static_cast<std::uint32_t>(absolute.size()));
  if (hex0_has_dot_name(*text))
    lean("dot-name", "names that start with a dot: they lose two characters", 1, *text);
  return true;
}

std::uint32_t BuilderHex0::create(const std::string& absolute) {
  const std::size_t slash = absolute.rfind('/');
  if (slash != 0 && files_.find(absolute.substr(0, slash)) == BuilderHex0Files::kNone)
    return BuilderHex0Files::kNone;
  if (files_.full()) {
    stop(Hex0Stop::limit_names, fmt::format("'{}' is name {} of {}", absolute, kHex0Names + 1, kHex0Names));
    return BuilderHex0Files::kNone;
  }
  if (absolute.size() >= kHex0NameBytes) {
    lean("long-path", fmt::format("paths of {} bytes and more: the name is cut off", kHex0NameBytes), 1,
         absolute);
  }
  if (files_.find(absolute) != BuilderHex0Files::kNone) {
    lean("made-again", "names that are made again: a new file, the old one stays", 1, absolute);
  }
  const std::uint32_t file = files_.create(absolute);
  outcome_.peaks.names = file - kHex0FirstName + 1;
  return file;
}

// The first free descriptor.
std::uint32_t BuilderHex0::place(Process& process, std::uint32_t file) {
  for (std::uint32_t fd = 4; fd < kHex0Descriptors; ++fd) {
    Descriptor& slot = process.files[fd];
    if (slot.file != 0) continue;
    slot = {file, 0};
    outcome_.peaks.descriptors = std::max(outcome_.peaks.descriptors, fd + 1);
    return fd;
  }
  stop(Hex0Stop::limit_descriptors,
       fmt::format("'{}' opens more than {} files", program(), kHex0Descriptors - 4));
  return kFailed;
}

std::uint32_t BuilderHex0::open(Process& process, std::uint32_t name, std::uint32_t flags) {
  std::string absolute;
  if (!path(process, name, absolute)) return kFailed;
  std::uint32_t file = 0;
  if ((flags & kCreate) != 0) {
    file = create(absolute);
    if (file != BuilderHex0Files::kNone) note_output(process, file);
  } else {
    file = files_.find(absolute);
    if (file == BuilderHex0Files::kNone) {
      records_[process.image].image.missing.push_back(absolute.substr(1));
    } else {
      note_input(process, file);
      if ((flags & (kTruncate | kAppend)) != 0)
        lean("no-truncation", "files opened to be cut off or appended to: neither happens", 1, absolute);
    }
  }
  return file == BuilderHex0Files::kNone || stopped_ ? kFailed : place(process, file);
}

BuilderHex0::Descriptor* BuilderHex0::descriptor(Process& process, std::uint32_t fd) {
  return fd < process.files.size() ? &process.files[fd] : nullptr;
}

bool BuilderHex0::copy_out(Process& process, std::uint32_t to, ByteView bytes) {
  if (process.memory->write(to, bytes.data(), bytes.size())) return true;
  stop(Hex0Stop::memory_fault,
       fmt::format("'{}' reads {} bytes to {:#x}: outside its memory", program(), bytes.size(), to));
  return false;
}

bool BuilderHex0::write_word(Process& process, std::uint32_t at, std::uint32_t value) {
  if (at == 0) {
    lean("null-status", "waits that pass no place for the status: it goes to address 0", 1);
    return true;
  }
  return copy_out(process, at, ByteView(reinterpret_cast<const Byte*>(&value), sizeof value));
}

std::uint32_t BuilderHex0::read(Process& process, std::uint32_t fd, std::uint32_t to, std::uint32_t size) {
  if (size == 0) return 0;
  if (fd == 0) {
    lean("reads-stream", "reads of descriptor 0: the disk's stream, which never ends", 1);
    Byte byte = 0;
    if (!next_stream_byte(byte)) return 0;
    copy_out(process, to, {&byte, 1});
    return 1;
  }
  Descriptor* const file = descriptor(process, fd);
  if (file == nullptr || file->file == 0) {
    lean("unopened-read", "reads of a descriptor that is not open: they look like the end of a file", 1);
    return 0;
  }
  // The first byte after the file is the first that is not read; offsets wrap.
  const std::uint32_t address = files_.address(file->file);
  const std::uint32_t from = address + file->offset;
  const std::uint64_t end = std::uint64_t{address} + files_.length(file->file);
  if (from >= end) return 0;
  if (from < kHex0FileLow) {
    stop(Hex0Stop::file_area_low, fmt::format("'{}' reads before all files, from {:#x}", program(), from));
    return 0;
  }
  const ByteView bytes = files_.view(from, std::min<std::uint64_t>(size, end - from));
  const auto count = static_cast<std::uint32_t>(bytes.size());
  if (!copy_out(process, to, bytes)) return 0;
  file->offset += count;
  return count;
}

bool BuilderHex0::write_file(std::uint32_t file, Descriptor& at, ByteView bytes) {
  if (bytes.empty()) return true;
  const std::uint32_t from = files_.address(file) + at.offset;
  if (from < kHex0FileLow) {
    stop(Hex0Stop::file_area_low, fmt::format("'{}' writes before all files, to {:#x}", program(), from));
    return false;
  }
  const std::uint64_t most = std::max<std::uint64_t>(std::uint64_t{from}, files_.end()) + bytes.size();
  if (most > kHex0FileEnd) {
    stop(Hex0Stop::limit_file_bytes,
         fmt::format("all files together have more than {} bytes", kHex0FileBytes));
    return false;
  }
  if (most - kHex0FileLow > request_.file_memory) {
    stop(Hex0Stop::limit_file_memory, fmt::format("more than {} bytes of files", request_.file_memory));
    return false;
  }
  const BuilderHex0Files::Written written = files_.write(file, at.offset, bytes);
  if (written.overlapped != BuilderHex0Files::kNone) {
    lean("older-file-grows", "files that grow and are not the newest: they overwrite the next one", 1,
         fmt::format("'{}' over '{}'", files_.path(file), files_.path(written.overlapped)));
  }
  at.offset += static_cast<std::uint32_t>(bytes.size());
  outcome_.peaks.file_bytes = files_.end() - kHex0FileLow;
  return true;
}

std::uint32_t BuilderHex0::write(Process& process, std::uint32_t fd, std::uint32_t from, std::uint32_t size) {
  const auto number = static_cast<std::int32_t>(fd);
  if (size == 0) return 0;
  const ByteView bytes = process.memory->view(from, size);
  if (bytes.size() != size) {
    stop(Hex0Stop::memory_fault,
         fmt::format("'{}' writes {} bytes from {:#x}: outside its memory", program(), size, from));
    return 0;
  }
  if (number <= 2) {
    if (number < 0) {
      lean("unopened-console", "writes to a file that could not be made: they go to the console", size);
    }
    Bytes& output = records_[process.image].image.standard_output;
    output.insert(output.end(), bytes.begin(), bytes.end());
    put(as_text(bytes));
    return size;
  }
  Descriptor* const file = descriptor(process, fd);
  if (file == nullptr || file->file == 0) {
    stop(Hex0Stop::unopened_write,
         fmt::format("'{}' writes to descriptor {}, which is not open: into the kernel's memory", program(),
                     number));
    return 0;
  }
  note_output(process, file->file);
  return write_file(file->file, *file, bytes) ? size : 0;
}

std::uint32_t BuilderHex0::lseek(Process& process, std::uint32_t fd, std::uint32_t offset,
                                 std::uint32_t whence) {
  Descriptor* const file = descriptor(process, fd);
  const auto method = static_cast<std::int32_t>(whence);
  if (file == nullptr || file->file == 0) {
    lean("unopened-seek", "seeks in a descriptor that is not open", 1);
    if (file == nullptr) return offset;
  }
  if (method == 1) offset += file->offset;
  if (method > 1) offset += file->file == 0 ? 0 : files_.length(file->file);
  file->offset = offset;
  return offset;
}

std::uint32_t BuilderHex0::brk(Process& process, std::uint32_t end) {
  if (end == 0) return process.brk;
  if (end < process.brk) {
    stop(Hex0Stop::heap_shrinks, fmt::format("'{}' moves the end of its heap back, from {:#x} to {:#x}",
                                             program(), process.brk, end));
    return 0;
  }
  if (end > kHex0ProcessEnd) {
    stop(Hex0Stop::process_area, fmt::format("'{}' asks for a heap up to {:#x}", program(), end));
    return 0;
  }
  // It is cleared; mostly it is zeros already, and then no page need be made for it.
  static constexpr std::array<Byte, kPage> kZeros{};
  for (std::uint64_t at = process.brk; at < end;) {
    const std::uint64_t size = std::min<std::uint64_t>(end, page_floor(at) + kPage) - at;
    const ByteView there = process.memory->view(at, size);
    if (!std::equal(there.begin(), there.end(), kZeros.begin()))
      copy_out(process, static_cast<std::uint32_t>(at), ByteView(kZeros).first(size));
    at += size;
  }
  process.brk = end;
  outcome_.peaks.process_bytes = std::max<std::uint64_t>(outcome_.peaks.process_bytes, end - kHex0ProcessLow);
  return end;
}

std::uint32_t BuilderHex0::chdir(Process& process, std::uint32_t name) {
  std::string absolute;
  if (!path(process, name, absolute)) return kFailed;
  const std::uint32_t file = files_.find(absolute);
  if (file == BuilderHex0Files::kNone || files_.length(file) != 0) return kFailed;
  if (absolute != "/") absolute += '/';
  if (absolute.size() >= kHex0CwdBytes) {
    stop(Hex0Stop::path_too_long,
         fmt::format("'{}' goes to a directory of {} bytes", program(), absolute.size()));
    return kFailed;
  }
  process.cwd = absolute;
  return 0;
}

std::uint32_t BuilderHex0::getcwd(Process& process, std::uint32_t to) {
  std::string text = process.cwd;
  if (text.size() > 1) text.pop_back();
  copy_out(process, to, {reinterpret_cast<const Byte*>(text.c_str()), text.size() + 1});
  return to;
}

void BuilderHex0::note_input(const Process& process, std::uint32_t file) {
  Record& record = records_[process.image];
  if (!record.inputs.insert(file).second) return;
  record.image.inputs.push_back({files_.path(file).substr(1), files_.share(file), 0777});
}

void BuilderHex0::note_output(const Process& process, std::uint32_t file) {
  Record& record = records_[process.image];
  if (record.outputs.insert(file).second) record.output_order.push_back(file);
}

}  // namespace assay::machine
