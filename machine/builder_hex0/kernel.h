// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The running kernel: its shell, its processes, its system calls.
#pragma once

#include <array>
#include <map>
#include <set>

#include "machine/builder_hex0/files.h"
#include "machine/engine/engine.h"

namespace assay::machine {

class BuilderHex0 {
 public:
  explicit BuilderHex0(const Hex0Request& request);
  Result<Hex0Outcome> boot();

 private:
  struct Descriptor {
    std::uint32_t file = 0;  ///< 0: free
    std::uint32_t offset = 0;
  };
  /// A process descriptor. fork makes none: the forked child is its parent's own descriptor until it
  /// executes something, and the parent comes back when that program exits.
  struct Process {
    std::uint32_t address = 0;
    std::uint32_t brk = 0;
    std::uint32_t forked = 0;
    std::uint32_t child_code = 0;
    std::string cwd = "/";  ///< ends in a slash
    std::vector<Descriptor> files;
    std::unique_ptr<Memory> memory;
    std::unique_ptr<Engine> engine;
    Cpu cpu;
    // As of the last fork.
    Cpu saved_cpu;
    std::uint32_t saved_brk = 0;
    std::uint64_t saved_at = 0;
    std::uint32_t image = 0;  ///< index of its record
  };
  using Argument = std::array<Byte, kHex0ArgumentBytes>;
  struct Start {
    std::string path;
    std::vector<Argument> arguments;
    std::vector<Argument> environment;
    std::uint64_t stack = 0;  ///< the stack pointer where the kernel begins to push
  };
  struct Record {
    ImageRecord image;
    std::set<std::uint32_t> inputs;
    std::set<std::uint32_t> outputs;
    std::vector<std::uint32_t> output_order;
    std::set<std::string, std::less<>> unlinked;  ///< absolute paths it asked to remove
  };

  // builder_hex0_shell.cpp
  void shell();
  bool shell_byte(Byte& byte);
  bool shell_name(std::string& name, char end, std::size_t most, std::string_view command);
  void shell_source();
  void shell_assemble();
  void shell_program(Byte first);
  void flush_disk();
  bool next_stream_byte(Byte& byte);
  void put(std::string_view text);
  void put_line(std::string_view text);
  std::uint32_t shell_open(const std::string& name, bool create);
  void made(Hex0Command& command, std::uint32_t file);
  void done(const Hex0Command& command);

  // builder_hex0_process.cpp
  void run_programs();
  void slice(Process& process);
  void fault(const Process& process, Exit exit);
  void start(Process& from, const Start& request);
  bool load(Process& process, std::uint32_t file, const std::string& path);
  void push_arguments(Process& process, const Start& start);
  void fork(Process& process);
  void execve(Process& process, std::uint32_t name, std::uint32_t argv, std::uint32_t env);
  void exit(std::uint32_t code);
  void end_image(Process& process, Hex0Stop stop, int status, const std::string& message);
  bool strings(Process& process, std::uint32_t at, std::vector<Argument>& texts);
  std::unique_ptr<Memory> new_memory();

  // builder_hex0_calls.cpp
  void system_call(Process& process);
  std::uint32_t open(Process& process, std::uint32_t name, std::uint32_t flags);
  std::uint32_t place(Process& process, std::uint32_t file);
  std::uint32_t read(Process& process, std::uint32_t fd, std::uint32_t to, std::uint32_t size);
  std::uint32_t write(Process& process, std::uint32_t fd, std::uint32_t from, std::uint32_t size);
  std::uint32_t lseek(Process& process, std::uint32_t fd, std::uint32_t offset, std::uint32_t whence);
  std::uint32_t brk(Process& process, std::uint32_t end);
  std::uint32_t chdir(Process& process, std::uint32_t name);
  std::uint32_t getcwd(Process& process, std::uint32_t to);
  bool path(Process& process, std::uint32_t at, std::string& absolute);
  bool write_word(Process& process, std::uint32_t at, std::uint32_t value);
  Descriptor* descriptor(Process& process, std::uint32_t fd);
  /// Makes a file; kNone if its directory is missing or the run stopped.
  std::uint32_t create(const std::string& absolute);
  bool write_file(std::uint32_t file, Descriptor& descriptor, ByteView bytes);
  bool copy_out(Process& process, std::uint32_t to, ByteView bytes);
  void note_input(const Process& process, std::uint32_t file);
  void note_output(const Process& process, std::uint32_t file);

  void stop(Hex0Stop stop, std::string message);
  void lean(std::string_view id, std::string_view what, std::uint64_t count = 1,
            std::string_view detail = {});
  [[nodiscard]] Process& current() { return processes_.back(); }
  [[nodiscard]] std::string program() const;

  const Hex0Request& request_;
  const Isa& isa_;
  Hex0Outcome outcome_;
  BuilderHex0Files files_;
  std::vector<Process> processes_;  ///< the shell first
  std::vector<std::unique_ptr<Memory>> spare_;
  std::vector<Record> records_;
  std::map<std::pair<std::string_view, std::string>, std::size_t> reliances_;
  std::uint64_t saved_end_ = kHex0SavedLow;
  bool stopped_ = false;

  // The stream: 64 sectors at a time.
  Bytes buffer_;
  std::uint64_t sector_ = 0;
  std::size_t buffer_at_ = 0;  ///< of the next byte; at the end: read on
  std::uint64_t flushes_ = 0;
  std::uint64_t shell_descriptors_ = 4;
};

/// builder-hex0's assembler: two digits a byte, '#' and ';' comments, everything else ignored.
/// `ends` tells whether the kernel would come back: a comment without a line feed never ends.
struct Hex0Assembled {
  Bytes bytes;
  bool ends = true;
};
Hex0Assembled builder_hex0_assemble(ByteView source);

}  // namespace assay::machine
