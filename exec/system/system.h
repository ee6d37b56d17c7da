// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of Linux that the bootstrap's programs use, on a file tree.
#pragma once

#include <map>
#include <set>

#include "core/paths.h"
#include "exec/file_times.h"
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
  clock_gettime,
  close,
  creat,
  dup,
  dup2,
  execve,
  exit,
  faccessat,
  fcntl,
  fchmodat,
  fork,
  fstat,
  fstat64,
  fsync,
  getcwd,
  getdents,
  getpid,
  getppid,
  gettimeofday,
  identity,  ///< of user and group: root's
  ioctl,
  llseek,
  lseek,
  lstat,
  lstat64,
  mkdir,
  mkdirat,
  open,
  openat,
  pipe,
  read,
  rename,
  rmdir,
  signal,
  stat,
  stat64,
  symlink,
  symlinkat,
  time,
  umask,
  uname,
  unlink,
  unlinkat,
  wait4,
  waitid,
  waitpid,
  write,
};

/// The number of the process. The machine counts from 1: what depends on such a number is different there.
inline constexpr int kOwnNumber = 2718;
inline constexpr std::size_t kMostFiles = 1024;  ///< that are open

class System {
 public:
  System(const Request& request, Program& program, Image& image, const InstructionSet& set);

  /// Puts the program's words on the stack: what a program finds when it starts.
  Result<void> begin(Registers& registers);
  /// False: the program, or the child that runs, has ended.
  bool call(Registers& registers);
  Outcome finish(const Halted& halted);

 private:
  enum class Device : std::uint8_t { none, null, zero, full };
  /// Holds any number of bytes: who reads runs after who writes.
  struct Pipe {
    Bytes bytes{};
    std::size_t read = 0;
    std::weak_ptr<const void> writer{};  ///< alive while somebody could write
  };
  struct OpenFile {
    std::shared_ptr<Node> node{};  ///< null: console or device
    std::string path{};
    std::uint64_t offset = 0;
    bool reads = false;
    bool writes = false;
    bool appends = false;
    std::string* console = nullptr;
    const Bytes* given = nullptr;      ///< standard input, if there is one
    std::shared_ptr<Pipe> pipe{};      ///< its end for reading, or for writing
    std::vector<std::string> names{};  ///< of a directory that is being read
    Device device = Device::none;
    [[nodiscard]] bool is_directory() const { return node != nullptr && node->kind == NodeKind::directory; }
  };
  /// What a path of the program names.
  struct Named {
    std::string path{};
    std::shared_ptr<Node> node{};  ///< null: nothing is there
    bool slash = false;            ///< there is a '/' behind it
    std::string last{};            ///< its last part as written; empty for "/"
    [[nodiscard]] bool is_name() const { return !last.empty() && last != "." && last != ".."; }
  };
  enum class Look : std::uint8_t {
    at_target,  ///< links are followed, and a '/' at the end wants a directory
    at_name,    ///< the last part is not followed: it is to be made or removed
  };
  /// What stat tells.
  struct Status {
    std::uint64_t number = 0;
    std::uint32_t mode = 0;
    std::uint64_t links = 1;
    std::uint64_t device = 0;
    std::uint64_t size = 0;
    std::int64_t time = 0;
  };
  using Files = std::vector<std::shared_ptr<OpenFile>>;

  std::int64_t dispatch(Call call, Registers& registers);
  std::int64_t open(std::uint64_t path, std::uint64_t flags, std::uint64_t mode);
  static Device device_of(std::string_view path);
  std::int64_t open_named(const Named& named, std::uint64_t flags, std::uint64_t mode);
  std::int64_t number_of(OpenFile file);
  std::int64_t read(OpenFile* from, std::uint64_t at, std::uint64_t bytes);
  std::int64_t write(OpenFile* to, std::uint64_t at, std::uint64_t bytes);
  std::int64_t seek(OpenFile* file, std::int64_t offset, std::uint64_t whence);
  std::int64_t set_break(Registers& registers, std::uint64_t to);
  std::int64_t remove(std::uint64_t path);
  std::int64_t make_link(std::uint64_t target_at, std::uint64_t path_at);
  std::int64_t control(std::uint64_t fd);
  std::int64_t make_directory(std::uint64_t path, std::uint64_t mode);
  std::int64_t change_mode(std::uint64_t path, std::uint64_t mode);
  std::int64_t check_access(std::uint64_t path, std::uint64_t how);
  std::int64_t change_directory(std::uint64_t path);
  std::int64_t current_directory(std::uint64_t at, std::uint64_t bytes);
  std::int64_t name_system(std::uint64_t at);
  std::int64_t fork(const Registers& registers);
  std::int64_t execute(const Registers& registers);
  [[nodiscard]] bool has_own_streams() const;
  std::int64_t wait(std::int32_t child, std::uint64_t status_at, std::uint64_t options,
                    std::uint64_t usage_at);
  bool put_usage(std::uint64_t at);
  std::int64_t wait_for_info(const Registers& registers);
  /// Takes an ended child off the list; 0: there is none.
  std::pair<int, int> take_ended(std::int32_t child, bool keep);
  std::int64_t long_seek(Registers& registers);
  // system_status.cpp
  bool put_bytes(std::uint64_t at, ByteView bytes);
  Status status_of(const std::string& path, const std::shared_ptr<Node>& node);
  static Status status_of_device(Device device);
  std::int64_t put_status(const Status& status, std::uint64_t at, bool wide);
  std::int64_t stat(std::uint64_t path, std::uint64_t at, bool follows, bool wide);
  std::int64_t stat_open(std::uint64_t fd, std::uint64_t at, bool wide);
  std::int64_t rename(std::uint64_t from, std::uint64_t to);
  std::int64_t remove_directory(std::uint64_t path);
  std::int64_t duplicate(std::uint64_t fd, std::uint64_t from);
  std::int64_t duplicate_as(std::uint64_t fd, std::uint64_t to);
  std::int64_t control_file(std::uint64_t fd, std::uint64_t what, std::uint64_t argument);
  std::int64_t make_pipe(std::uint64_t at);
  std::int64_t read_directory(OpenFile* open, std::uint64_t at, std::uint64_t room);
  std::int64_t set_handler(std::uint64_t signal, std::uint64_t handler);
  std::int64_t time_of_day(std::uint64_t at, std::uint64_t zone_at);
  std::int64_t time(std::uint64_t at);
  void end(int wait_status);
  void put(OpenFile& to, ByteView bytes);
  void open_streams(Call call, std::uint64_t number, std::int64_t result);
  void settle_streams();

  [[nodiscard]] OpenFile* file(std::uint64_t fd) const;
  /// How many of these bytes a kernel would have mapped.
  [[nodiscard]] std::uint64_t mapped(std::uint64_t at, std::uint64_t bytes) const;
  /// Whether a call may name this range at all: it does not go beyond a program's addresses.
  [[nodiscard]] bool is_in_range(std::uint64_t at, std::uint64_t bytes) const;
  std::optional<std::string> text(std::uint64_t at, std::size_t most) const;
  std::int64_t texts(std::uint64_t at, std::vector<std::string>& result, std::size_t& total) const;
  std::int64_t name(std::uint64_t at, Look look, Named& named) const;
  /// The same for what must be there.
  std::int64_t existing(std::uint64_t at, Named& named) const;
  [[nodiscard]] bool is_running(const Node& node) const;
  std::int64_t give_up(std::string reason);
  /// Something is asked for that no tree determines.
  void rely(std::string_view what);
  void note_running_children(Call call, const Registers& registers);

  const Request& request_;
  MemoryTree& tree_;
  Program& program_;
  Image& image_;
  const InstructionSet& set_;
  std::array<Call, 512> calls_{};  ///< by number
  Files files_;
  std::vector<Files> outer_files_;              ///< of the processes that wait for their children
  std::vector<std::shared_ptr<Node>> running_;  ///< programs: not to be written
  std::string cwd_;
  std::vector<std::string> added_;  ///< variables of the surroundings
  std::uint32_t umask_ = 022;
  std::map<std::uint32_t, std::uint64_t> handlers_;  ///< by signal
  std::set<std::uint32_t> closed_by_execve_;         ///< descriptors; nobody who starts has them anyway
  FileTimes own_times_;                              ///< where the request has none
  FileTimes* times_;
  std::uint64_t grown_ = 0;  ///< bytes that files grew by, all together
  std::uint64_t heap_begin_ = 0;
  std::uint64_t heap_end_ = 0;      ///< when the call is made
  std::uint64_t call_address_ = 0;  ///< of the call that is made
  unsigned children_ = 0;           ///< that run: each is the child of the one before
  bool child_ended_ = false;
  int child_status_ = 0;
  std::optional<Halted> child_halted_;      ///< why one of them did not end by itself
  std::vector<std::pair<int, int>> ended_;  ///< children not waited for: number, wait status
  int next_number_ = kOwnNumber + 1;
  bool over_ = false;
  Outcome outcome_;
  Output output_;  ///< of the file that a byte was written to last
  Input input_;
  Bytes streamed_;  ///< what output_ gets
};

}  // namespace assay::exec
