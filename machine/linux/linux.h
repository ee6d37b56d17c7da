// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Linux as static programs see it: the calls of machine/linux/linux_abi.h, running as root (no permission
// checks but the execute bit), one process at a time, no signals, no clock. Divergences from a real
// kernel are only these: process numbers start at 1, WNOHANG never finds a child still running, and
// unknown calls are told to the user as findings besides returning ENOSYS.
#pragma once

#include <array>

#include "core/paths.h"
#include "machine/linux/linux_abi.h"
#include "machine/process/runner.h"

namespace assay::machine {

/// errno values, the same on all architectures here.
enum Errno : int {
  kEnoent = 2,
  kEnoexec = 8,
  kEbadf = 9,
  kEchild = 10,
  kEnomem = 12,
  kEacces = 13,
  kEfault = 14,
  kEexist = 17,
  kEnotdir = 20,
  kEisdir = 21,
  kEinval = 22,
  kEnotty = 25,
  kEfbig = 27,
  kEnospc = 28,
  kEspipe = 29,
  kEperm = 1,
  kE2big = 7,
  kEmfile = 24,
  kErange = 34,
  kEnametoolong = 36,
  kEnosys = 38,
  kEnotempty = 39,
  kEloop = 40,
};

class Linux final : public Personality {
 public:
  Result<Loaded> load(const Program& program, Memory& memory) override;
  void system_call(Runner& runner, Process& process) override;
  CallUse call_use(const Process& process) override;
};

/// One system call being served. Results are as in registers: -errno for errors.
class LinuxCall {
 public:
  LinuxCall(Runner& runner, Process& process);
  /// Serves it; false if the process is gone or has another program: then there is nothing to return to.
  bool serve();
  [[nodiscard]] std::int64_t result() const { return result_; }
  /// "read(3, 0x1000, 1)"; only meaningful before serve().
  [[nodiscard]] std::string text();

 private:
  [[nodiscard]] std::uint64_t argument(unsigned index) const { return arguments_[index]; }
  [[nodiscard]] int int_argument(unsigned index) const { return static_cast<int>(arguments_[index]); }
  Memory& memory() { return *process_.space->memory; }
  [[nodiscard]] unsigned word() const { return isa_.address_bits / 8U; }

  std::int64_t dispatch();
  std::int64_t dispatch_process();

  // linux_process.cpp
  std::int64_t fork();
  std::int64_t clone();
  std::int64_t execve();
  std::int64_t wait(std::int64_t pid, std::uint64_t status_at, std::uint64_t usage_at);
  std::int64_t waitid();
  std::int64_t brk();
  std::int64_t uname();
  bool take_ended(std::int64_t pid, bool keep, Ended& ended);
  bool string_list(std::uint64_t at, std::vector<std::string>& texts);
  std::int64_t unknown();

  // linux_files.cpp
  std::int64_t read();
  std::int64_t write();
  std::int64_t write_file(OpenFile& file, ByteView bytes);
  std::int64_t lseek(std::int64_t offset, int whence, OpenFile*& file);
  std::int64_t llseek();
  std::int64_t open(int directory, std::uint64_t path_at, std::uint64_t flags, std::uint32_t mode);
  std::int64_t open_node(const std::string& text, const std::string& path, std::uint64_t flags,
                         std::uint32_t mode);
  std::int64_t close();
  std::int64_t dup(int from, int lowest, bool close_on_exec);
  std::int64_t dup_to(int from, int to, bool close_on_exec, bool same_is_error);
  std::int64_t fcntl();
  std::int64_t access(int directory, std::uint64_t path_at, int mode);
  std::int64_t chmod(int directory, std::uint64_t path_at, std::uint32_t mode);
  std::int64_t fchmod(int fd, std::uint32_t mode);
  std::int64_t chdir(std::uint64_t path_at);
  std::int64_t fchdir(int fd);
  std::int64_t mkdir(int directory, std::uint64_t path_at, std::uint32_t mode);
  std::int64_t mknod(int directory, std::uint64_t path_at, std::uint32_t mode);
  std::int64_t unlink(int directory, std::uint64_t path_at, bool remove_directory);
  std::int64_t symlink(std::uint64_t target_at, int directory, std::uint64_t path_at);
  std::int64_t readlink(int directory, std::uint64_t path_at, std::uint64_t to, std::uint64_t size);
  std::int64_t rename(int from_directory, std::uint64_t from_at, int to_directory, std::uint64_t to_at);
  std::int64_t getcwd();

  /// The open file behind a descriptor, or nullptr.
  OpenFile* file(int fd);
  /// The lowest free descriptor from `lowest` on; -EMFILE stops the run as the limit says.
  std::int64_t place(std::shared_ptr<OpenFile> file, int lowest, bool close_on_exec);
  /// Reads a path of the guest; nonzero is -errno.
  std::int64_t path_text(std::uint64_t at, std::string& text);
  /// Reads and resolves it.
  std::int64_t path(int directory, std::uint64_t at, LastLink last, std::string& resolved,
                    std::string* text = nullptr);

  Runner& runner_;
  Process& process_;
  const Isa& isa_;
  Call call_;
  std::array<std::uint64_t, 6> arguments_{};
  std::uint64_t number_ = 0;
  std::int64_t result_ = 0;
  bool gone_ = false;
};

inline constexpr int kAtCwd = -100;

}  // namespace assay::machine
