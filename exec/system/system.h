// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of Linux that the bootstrap's programs use, on a file tree.
#pragma once

#include <map>

#include "core/paths.h"
#include "exec/interpret/interpreter.h"
#include "exec/run.h"

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
  System(const Request& request, Program& program, Image& image, const InstructionSet& set);

  /// Puts the program's words on the stack: what a program finds when it starts.
  Result<void> begin(Registers& registers);
  /// False: the program, or the child that runs, has ended.
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

  std::int64_t dispatch(Call call, Registers& registers);
  std::int64_t open(bool at, std::uint64_t path, std::uint64_t flags, std::uint64_t mode);
  std::int64_t read(OpenFile* from, std::uint64_t at, std::uint64_t bytes);
  std::int64_t write(OpenFile* to, std::uint64_t at, std::uint64_t bytes);
  std::int64_t seek(OpenFile* file, std::int64_t offset, std::uint64_t whence);
  std::int64_t set_break(Registers& registers, std::uint64_t to);
  std::int64_t remove(std::uint64_t path);
  std::int64_t make_directory(std::uint64_t path, std::uint64_t mode);
  std::int64_t change_mode(std::uint64_t path, std::uint64_t mode);
  std::int64_t check_access(std::uint64_t path, std::uint64_t how);
  std::int64_t change_directory(std::uint64_t path);
  std::int64_t current_directory(std::uint64_t at, std::uint64_t bytes);
  std::int64_t name_system(std::uint64_t at);
  std::int64_t fork(const Registers& registers);
  std::int64_t execute(const Registers& registers);
  std::int64_t wait(std::uint64_t status_at);
  std::int64_t wait_for_info(std::uint64_t info_at);
  std::int64_t long_seek(Registers& registers);
  void end(int wait_status);
  static void put(OpenFile& to, ByteView bytes);
  void open_streams(Call call, std::uint64_t number, std::int64_t result);
  void settle_streams();

  [[nodiscard]] OpenFile* file(std::uint64_t fd) const;
  std::optional<std::string> text(std::uint64_t at) const;
  std::optional<std::vector<std::string>> texts(std::uint64_t at) const;
  std::int64_t resolve(std::uint64_t at, LastLink last, std::string& path) const;
  std::int64_t give_up(std::string reason);

  const Request& request_;
  MemoryTree& tree_;
  Program& program_;
  Image& image_;
  const InstructionSet& set_;
  std::array<Call, 512> calls_{};  ///< by number
  Files files_;
  std::string cwd_;
  std::uint32_t umask_ = 022;
  std::uint64_t heap_begin_ = 0;
  unsigned children_ = 0;  ///< that run: each is the child of the one before
  bool child_ended_ = false;
  int child_status_ = 0;
  std::optional<Halted> child_halted_;      ///< why one of them did not end by itself
  std::vector<std::pair<int, int>> ended_;  ///< children not waited for: number, wait status
  int next_number_ = 2;
  bool over_ = false;
  Outcome outcome_;
  Output output_;  ///< of the file that a byte was written to last
  Input input_;
  Bytes streamed_;  ///< what output_ gets
};

}  // namespace assay::exec
