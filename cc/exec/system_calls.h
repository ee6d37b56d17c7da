// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of Linux that the bootstrap's programs use, on a file tree.
#pragma once

#include <map>

#include "cc/exec/interpreter.h"
#include "cc/exec/run.h"
#include "core/paths.h"

namespace assay::exec {

enum class Call : std::uint8_t {
  none,
  access,
  brk,
  chdir,
  chmod,
  clone,
  close,
  execve,
  exit,
  faccessat,
  fchmodat,
  fork,
  getcwd,
  llseek,
  lseek,
  mkdir,
  mkdirat,
  open,
  openat,
  read,
  umask,
  uname,
  unlink,
  unlinkat,
  wait4,
  waitid,
  waitpid,
  write,
};

class System {
 public:
  System(const Request& request, Image& image, const InstructionSet& set);

  /// Puts the program's words on the stack: what a program finds when it starts.
  Result<void> begin(Registers& registers);
  /// False: the program has ended.
  bool call(Registers& registers);
  Outcome finish(const Halted& halted);

 private:
  struct OpenFile {
    std::shared_ptr<Node> node{};  ///< null: console
    std::string path{};
    std::uint64_t offset = 0;
    bool reads = false;
    bool writes = false;
    bool appends = false;
    std::string* console = nullptr;
  };
  using Files = std::vector<std::shared_ptr<OpenFile>>;

  /// A process that waits for its child to end.
  struct Parent {
    Registers registers;
    Bytes data, stack;
    std::uint64_t stack_at = 0;
    std::uint64_t heap = 0;
    Files files;
    std::string cwd;
    std::uint32_t umask = 0;
  };

  std::int64_t dispatch(Call call, Registers& registers);
  std::int64_t open(bool at, std::uint64_t path, std::uint64_t flags, std::uint64_t mode);
  std::int64_t read(OpenFile* from, std::uint64_t at, std::uint64_t bytes);
  std::int64_t write(OpenFile* to, std::uint64_t at, std::uint64_t bytes);
  std::int64_t seek(OpenFile* file, std::int64_t offset, std::uint64_t whence);
  std::int64_t set_break(std::uint64_t to);
  std::int64_t remove(std::uint64_t path);
  std::int64_t make_directory(std::uint64_t path, std::uint64_t mode);
  std::int64_t change_mode(std::uint64_t path, std::uint64_t mode);
  std::int64_t check_access(std::uint64_t path, std::uint64_t how);
  std::int64_t change_directory(std::uint64_t path);
  std::int64_t current_directory(std::uint64_t at, std::uint64_t bytes);
  std::int64_t name_system(std::uint64_t at);
  std::int64_t fork(Registers& registers);
  std::int64_t execute(Registers& registers);
  std::int64_t wait(std::uint64_t status_at);
  std::int64_t wait_for_info(std::uint64_t info_at);
  std::int64_t long_seek(Registers& registers);
  /// The end of a process, with a wait status: of the child, and the parent goes on; or of the last one.
  void end(int wait_status, Registers& registers);

  [[nodiscard]] OpenFile* file(std::uint64_t fd) const;
  std::optional<std::string> text(std::uint64_t at) const;
  std::optional<std::vector<std::string>> texts(std::uint64_t at) const;
  std::int64_t resolve(std::uint64_t at, LastLink last, std::string& path) const;
  std::int64_t give_up(std::string reason);

  const Request& request_;
  MemoryTree& tree_;
  Image& image_;
  const InstructionSet& set_;
  Files files_;
  std::string cwd_;
  std::uint32_t umask_ = 022;
  std::uint64_t heap_begin_ = 0;
  std::uint64_t heap_ = 0;
  std::vector<Parent> parents_;
  std::vector<std::pair<int, int>> ended_;  ///< children not waited for: number, wait status
  int next_number_ = 2;
  bool over_ = false;
  Outcome outcome_;
};

}  // namespace assay::exec
