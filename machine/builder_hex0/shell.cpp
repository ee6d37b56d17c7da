// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernel's own shell: reads commands from the disk until a zero byte.
#include <fmt/format.h>

#include <algorithm>

#include "machine/builder_hex0/kernel.h"

namespace assay::machine {
namespace {

constexpr std::size_t kSector = 512;
constexpr std::size_t kReadSectors = 64;
constexpr std::size_t kBuffer = kSector * kReadSectors;
/// The command's names go to a buffer of 2048 zeroed bytes; the second name starts in its middle.
constexpr std::size_t kMostSourceName = 2047;
constexpr std::size_t kMostName = 1023;
/// The shell runs on this stack, and programs below it.
constexpr std::uint64_t kShellStack = 0x0800'0000;
/// Two return addresses and five registers lie on it when the kernel starts to push a program's arguments.
constexpr std::uint64_t kPushedBeforeProgram = 28;
constexpr std::string_view kDisk = "/dev/hda";

}  // namespace

// Everything that a read needs is in the buffer of 64 sectors, which writing to the disk also uses.
bool BuilderHex0::next_stream_byte(Byte& byte) {
  if (buffer_at_ == kBuffer) {
    const std::uint64_t from = sector_ * kSector;
    if (from + kBuffer > request_.disk_bytes || !request_.read_disk(from, buffer_)) {
      stop(Hex0Stop::disk_end,
           fmt::format("it reads sectors {} to {} of a medium of {}, and tries again for ever", sector_,
                       sector_ + kReadSectors - 1, request_.disk_bytes / kSector));
      return false;
    }
    // What was written to the disk since.
    if (const Bytes& written = outcome_.written; from < written.size()) {
      const ByteView part =
          ByteView(written).subspan(from, std::min<std::uint64_t>(kBuffer, written.size() - from));
      std::copy(part.begin(), part.end(), buffer_.begin());
    }
    sector_ += kReadSectors;
    buffer_at_ = 0;
  }
  byte = buffer_[buffer_at_++];
  ++outcome_.stream_offset;
  return true;
}

void BuilderHex0::put(std::string_view text) {
  outcome_.console += text;
  if (outcome_.console.size() > request_.console_bytes) {
    stop(Hex0Stop::limit_console, fmt::format("more than {} bytes of console text", request_.console_bytes));
  }
}

void BuilderHex0::put_line(std::string_view text) {
  put(text);
  put("\n");
}

bool BuilderHex0::shell_byte(Byte& byte) { return !stopped_ && next_stream_byte(byte); }

// A name up to `end`; most: bytes that its buffer holds.
bool BuilderHex0::shell_name(std::string& name, char end, std::size_t most, std::string_view command) {
  Byte byte = 0;
  while (shell_byte(byte)) {
    if (byte == static_cast<Byte>(end)) {
      // The buffer holds a C string.
      name.resize(std::min(name.size(), name.find('\0')));
      return true;
    }
    if (name.size() >= most) {
      stop(Hex0Stop::command_too_long,
           fmt::format("a name of '{}' has more than {} bytes: '{}...'", command, most, name.substr(0, 80)));
      return false;
    }
    name.push_back(static_cast<char>(byte));
  }
  return false;
}

void BuilderHex0::made(Hex0Command& command, std::uint32_t file) {
  if (file == BuilderHex0Files::kNone) return;
  command.path = files_.path(file).substr(1);
  command.bytes = files_.share(file);
}

void BuilderHex0::done(const Hex0Command& command) {
  ++outcome_.commands;
  if (request_.on_command) request_.on_command(command);
}

// Opens as the shell: its descriptors are never closed and go on behind its own table.
std::uint32_t BuilderHex0::shell_open(const std::string& name, bool make) {
  const std::string absolute = hex0_absolute_path(processes_.front().cwd, name);
  if (hex0_has_dot_name(name))
    lean("dot-name", "names that start with a dot: they lose two characters", 1, name);
  outcome_.peaks.longest_path =
      std::max(outcome_.peaks.longest_path, static_cast<std::uint32_t>(absolute.size()));
  const std::uint32_t file = make ? create(absolute) : files_.find(absolute);
  if (file != BuilderHex0Files::kNone) ++shell_descriptors_;
  return file;
}

void BuilderHex0::shell_source() {
  Hex0Command command;
  command.kind = Hex0CommandKind::source;
  command.offset = outcome_.stream_offset - 1;
  put_line("src");
  Byte byte = 0;
  for (int i = 0; i < 3; ++i) {
    if (!shell_byte(byte)) return;  // "rc ", whatever it is
  }
  std::uint32_t size = 0;
  while (shell_byte(byte) && byte != ' ') size = size * 10 + static_cast<Byte>(byte - '0');
  std::string name;
  if (stopped_ || !shell_name(name, '\n', kMostSourceName, "src")) return;
  put_line(name);
  const std::uint32_t file = shell_open(name, true);
  if (file == BuilderHex0Files::kNone && !stopped_) {
    lean("no-directory", "files of the stream whose directory is missing: they go to the console", 1, name);
  }
  Descriptor descriptor;
  Bytes bytes;
  for (std::uint32_t left = size; left > 0 && !stopped_;) {
    bytes.clear();
    while (left > 0 && bytes.size() < kBuffer && shell_byte(byte)) {
      bytes.push_back(byte);
      --left;
    }
    if (file == BuilderHex0Files::kNone) {
      put(as_text(bytes));
    } else {
      write_file(file, descriptor, bytes);
    }
  }
  if (stopped_) return;
  command.words = {name};
  made(command, file);
  done(command);
}

void BuilderHex0::shell_assemble() {
  Hex0Command command;
  command.kind = Hex0CommandKind::assemble;
  command.offset = outcome_.stream_offset - 1;
  put_line("hex0");
  Byte byte = 0;
  for (int i = 0; i < 4; ++i) {
    if (!shell_byte(byte)) return;  // "ex0 ", whatever it is
  }
  std::string in;
  std::string out;
  if (!shell_name(in, ' ', kMostName, "hex0")) return;
  put(in + " ");
  if (!shell_name(out, '\n', kMostName, "hex0")) return;
  put_line(out);
  const std::uint32_t source = shell_open(in, false);
  const std::uint32_t file = shell_open(out, true);
  if (stopped_) return;
  if (source == BuilderHex0Files::kNone)
    lean("missing-source", "hex0 of a file that is missing: an empty one", 1, in);
  const Hex0Assembled result =
      builder_hex0_assemble(source == BuilderHex0Files::kNone ? ByteView{} : ByteView(*files_.share(source)));
  if (file == BuilderHex0Files::kNone) {
    lean("no-directory", "files of the stream whose directory is missing: they go to the console", 1, out);
    put(as_text(result.bytes));
  } else {
    Descriptor descriptor;
    write_file(file, descriptor, result.bytes);
  }
  if (!result.ends) {
    stop(Hex0Stop::endless_comment, fmt::format("hex0: '{}' ends inside a comment", in));
  }
  if (stopped_) return;
  command.words = {in, out};
  made(command, file);
  done(command);
}

void BuilderHex0::shell_program(Byte first) {
  Hex0Command command;
  command.kind = Hex0CommandKind::program;
  command.offset = outcome_.stream_offset - 1;
  if (flushes_ > 0) flush_disk();
  std::string name(1, static_cast<char>(first));
  std::string argument;
  if (stopped_ || !shell_name(name, ' ', kMostName, "program")) return;
  if (!shell_name(argument, '\n', kMostName, "program")) return;
  put_line(name);
  put_line(argument);
  Start request;
  request.path = name;
  for (const std::string* text : {&name, &argument}) {
    Argument& block = request.arguments.emplace_back();
    block.fill(0);
    std::copy_n(text->begin(), std::min<std::size_t>(text->size(), block.size()), block.begin());
  }
  request.stack = kShellStack - kPushedBeforeProgram;
  command.words = {name, argument};
  start(processes_.front(), request);
  run_programs();
  if (!stopped_) done(command);
}

// Writes /dev/hda to the disk, whole sectors, at least one.
void BuilderHex0::flush_disk() {
  const std::uint32_t file = files_.find(kDisk);
  if (file == BuilderHex0Files::kNone) {
    put_line("ERROR: no hda writes!");
    put(" ");
    return;
  }
  const std::uint32_t length = files_.length(file);
  put(fmt::format("{:08X}\n", length));
  const std::uint64_t sectors = std::max<std::uint64_t>(1, (std::uint64_t{length} + kSector - 1) / kSector);
  if (outcome_.written.size() < sectors * kSector) outcome_.written.resize(sectors * kSector);
  std::fill_n(outcome_.written.begin(), sectors * kSector, Byte{0});
  const ByteView from = files_.view(files_.address(file), sectors * kSector);
  std::copy(from.begin(), from.end(), outcome_.written.begin());
  // The sectors went through the first 512 bytes of the stream's buffer.
  std::copy_n(outcome_.written.begin() + static_cast<std::ptrdiff_t>((sectors - 1) * kSector), kSector,
              buffer_.begin());
  put(" ");
}

void BuilderHex0::shell() {
  Byte byte = 0;
  while (shell_byte(byte)) {
    switch (byte) {
      case 0:
        put_line("Build finished.");
        flush_disk();
        outcome_.stop = Hex0Stop::finished;
        return;
      case 's': shell_source(); break;
      case 'h': shell_assemble(); break;
      case 'f': {
        Hex0Command command;
        command.kind = Hex0CommandKind::flush;
        command.offset = outcome_.stream_offset - 1;
        if (!shell_byte(byte)) return;
        ++flushes_;
        done(command);
        break;
      }
      default: shell_program(byte);
    }
  }
}

}  // namespace assay::machine
