// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Linux as static programs see it: the calls of machine/linux/linux_abi.h, running as root (no permission
// checks but the execute bit), one process at a time, a clock of its own. Divergences from a real kernel are
// only these: process numbers start at 1, a child runs to its end before its parent goes on, no signal comes
// from outside, and calls that are not modelled are told to the user as findings besides returning ENOSYS.
// Where a real kernel could answer otherwise, the image's record says that the program relies on it
// (machine::Reliance).
#pragma once

#include <array>
#include <initializer_list>
#include <optional>

#include "machine/linux/errno.h"
#include "machine/linux/linux_abi.h"
#include "machine/linux/linux_path.h"
#include "machine/linux/linux_state.h"
#include "machine/process/runner.h"

namespace assay::machine {

class Linux final : public Personality {
 public:
  Result<Loaded> load(const Program& program, Memory& memory) override;
  void system_call(Runner& runner, Process& process) override;
  CallUse call_use(const Process& process) override;
  void child_ended(Runner& runner, Process& process) override;
  bool jumped_nowhere(Process& process) override;

 private:
  LinuxState state_;
};

/// Puts the registers back as they were when a signal's handler was entered; false if none was.
bool return_from_handler(Process& process);

/// Times to set; nanoseconds, or one of the two marks.
struct FileTimes {
  static constexpr std::int64_t kNow = INT64_MIN;
  static constexpr std::int64_t kKeep = INT64_MIN + 1;
  std::int64_t accessed = kNow;
  std::int64_t modified = kNow;
  bool wrong = false;  ///< a fraction is no fraction of a second
};

/// One system call being served. Results are as in registers: -errno for errors.
class LinuxCall {
 public:
  LinuxCall(Runner& runner, Process& process, LinuxState& state);
  /// Serves it; false if the process is gone or has another program: then there is nothing to return to.
  bool serve();
  /// Lets signals that wait reach the process; false if one ends it.
  bool deliver();
  /// Notes a call that a real kernel may carry out while a child that has ended here still runs.
  void note_running_children();
  [[nodiscard]] std::int64_t result() const { return result_; }
  /// "read(3, 0x1000, 1)"; only meaningful before serve().
  [[nodiscard]] std::string text();

 private:
  [[nodiscard]] std::uint64_t argument(unsigned index) const { return arguments_[index]; }
  [[nodiscard]] int int_argument(unsigned index) const { return static_cast<int>(arguments_[index]); }
  Memory& memory() { return *process_.space->memory; }
  [[nodiscard]] unsigned word() const { return isa_.address_bits / 8U; }

  std::int64_t dispatch();
  std::int64_t dispatch_names();
  std::int64_t dispatch_process();
  std::int64_t dispatch_more();
  std::int64_t dispatch_status();
  std::int64_t dispatch_memory_and_signals();

  // linux_process.cpp
  std::int64_t fork();
  std::int64_t clone();
  std::int64_t execve();
  std::int64_t wait(std::int64_t pid, std::uint64_t status_at, std::uint64_t options, std::uint64_t usage_at);
  std::int64_t waitid();
  std::int64_t waitid_child(Ended& ended);
  std::int64_t brk();
  std::int64_t uname();
  bool take_ended(std::int64_t pid, bool keep, Ended& ended);
  bool string_list(std::uint64_t at, std::vector<std::string>& texts);
  std::int64_t unknown();

  // linux_files.cpp: open files.
  std::int64_t read();
  std::int64_t read_from(OpenFile& from, std::uint64_t at, std::uint64_t size);
  std::int64_t write();
  std::int64_t write_to(OpenFile& to, std::uint64_t at, std::uint64_t size);
  std::int64_t write_file(OpenFile& file, ByteView bytes);
  std::int64_t write_device(OpenFile& file, ByteView bytes);
  std::int64_t seek(OpenFile& sought, std::int64_t offset, unsigned whence);
  std::int64_t lseek();
  std::int64_t llseek();
  std::int64_t close();
  std::int64_t dup(int from, int lowest, bool close_on_exec);
  std::int64_t dup_to(int from, int to, bool close_on_exec);
  std::int64_t dup3();
  std::int64_t fcntl();
  std::int64_t ioctl();
  std::int64_t fchmod(int fd, std::uint32_t mode);
  std::int64_t fchdir(int fd);

  // linux_vector.cpp
  struct Piece {
    std::uint64_t at = 0;
    std::uint64_t size = 0;
  };
  std::int64_t pieces(std::uint64_t at, std::uint64_t count, std::vector<Piece>& all);
  std::int64_t vector(bool reads);
  std::int64_t at_offset(bool reads);
  [[nodiscard]] std::int64_t wide_argument(unsigned index) const;
  std::int64_t set_size(const std::string& path, const std::shared_ptr<Node>& node, std::int64_t size);
  std::int64_t truncate(std::int64_t size);
  std::int64_t ftruncate(std::int64_t size);
  std::int64_t pipe(std::uint64_t at, std::uint64_t flags);
  std::int64_t read_pipe(OpenFile& from, std::uint64_t at, std::uint64_t size);
  std::int64_t write_pipe(OpenFile& to, ByteView bytes);

  // linux_status.cpp
  struct Status;
  /// Which structure: that of the machine's word, or stat64 of 32-bit architectures.
  enum class StatusForm : std::uint8_t { native, wide32 };
  Status status_of(const std::string& path, const std::shared_ptr<Node>& node);
  static Status status_of_device(FileKind kind);
  std::int64_t put_status(const Status& status, std::uint64_t to, StatusForm form);
  std::int64_t stat(int directory, std::uint64_t path_at, std::uint64_t to, std::uint64_t flags,
                    StatusForm form);
  std::int64_t fstat(int fd, std::uint64_t to, StatusForm form);
  std::int64_t getdents(bool wide);
  std::int64_t own(const std::shared_ptr<Node>& node, std::uint64_t user, std::uint64_t group,
                   std::uint64_t nobody);
  std::int64_t chown(int directory, std::uint64_t path_at, std::uint64_t user, std::uint64_t group,
                     std::uint64_t flags, std::uint64_t nobody);
  std::int64_t fchown(int fd, std::uint64_t user, std::uint64_t group, std::uint64_t nobody);
  std::int64_t set_times(int directory, std::uint64_t path_at, std::uint64_t flags,
                         const std::optional<FileTimes>& times);
  /// `unit`: nanoseconds of a fraction; kSecond: there is none.
  std::int64_t read_times(std::uint64_t at, std::int64_t unit, std::optional<FileTimes>& times);

  // linux_time.cpp
  bool read_word(std::uint64_t at, std::int64_t& value);
  bool write_words(std::uint64_t at, std::initializer_list<std::int64_t> values);
  std::int64_t gettimeofday();
  std::int64_t time();
  std::int64_t clock_gettime(bool resolution);
  std::int64_t sleep(std::uint64_t wanted_at, bool until);
  std::int64_t times();
  std::int64_t getrusage();
  std::int64_t limits(std::uint64_t which, std::uint64_t new_at, std::uint64_t old_at, bool wide);

  // linux_memory.cpp
  std::int64_t mmap_old();
  std::int64_t mmap(std::uint64_t offset);
  std::int64_t munmap();
  std::int64_t mprotect();
  std::int64_t mremap();

  // linux_signal.cpp
  std::int64_t sigaction(bool oldest);
  std::int64_t signal();
  std::int64_t sigprocmask(unsigned bytes);
  std::int64_t sigreturn();
  std::int64_t kill(std::int64_t pid, int signal);

  // linux_open.cpp
  std::int64_t open(int directory, std::uint64_t path_at, std::uint64_t flags, std::uint32_t mode);
  std::int64_t open_place(const WalkedPath& place, std::uint64_t flags, std::uint32_t mode);
  std::int64_t open_nameless(const WalkedPath& place, std::uint64_t flags, std::uint32_t mode);
  std::int64_t open_device(const WalkedPath& place, FileKind kind, std::uint64_t flags);

  // linux_names.cpp: calls on names.
  std::int64_t access(int directory, std::uint64_t path_at, int mode);
  std::int64_t chmod(int directory, std::uint64_t path_at, std::uint32_t mode);
  std::int64_t chdir(std::uint64_t path_at);
  std::int64_t mkdir(int directory, std::uint64_t path_at, std::uint32_t mode);
  std::int64_t mknod(int directory, std::uint64_t path_at, std::uint32_t mode);
  std::int64_t unlink(int directory, std::uint64_t path_at);
  std::int64_t rmdir(int directory, std::uint64_t path_at);
  std::int64_t symlink(std::uint64_t target_at, int directory, std::uint64_t path_at);
  std::int64_t readlink(int directory, std::uint64_t path_at, std::uint64_t to, std::uint64_t size);
  std::int64_t link(int from_directory, std::uint64_t from_at, int to_directory, std::uint64_t to_at,
                    std::uint64_t flags);
  std::int64_t rename(int from_directory, std::uint64_t from_at, int to_directory, std::uint64_t to_at,
                      bool only_free = false);
  std::int64_t replace(const WalkedPath& from, const WalkedPath& to);
  std::int64_t getcwd();
  void note_moved(const std::string& path);
  /// A free name: EEXIST, or ENOENT for a '/' behind what is to be no directory.
  std::int64_t free_name(int directory, std::uint64_t path_at, bool for_directory, WalkedPath& place);

  /// The open file behind a descriptor, or nullptr.
  OpenFile* file(int fd);
  /// The same, but one that was opened with O_PATH is none: what reads, writes and seeks takes this.
  OpenFile* usable_file(int fd);
  /// The lowest free descriptor from `lowest` on; -EMFILE stops the run as the limit says.
  std::int64_t place(std::shared_ptr<OpenFile> file, int lowest, bool close_on_exec);
  /// Reads a path of the guest; nonzero is -errno.
  std::int64_t path_text(std::uint64_t at, std::string& text);
  /// Reads and walks it.
  std::int64_t find(int directory, std::uint64_t at, Last last, WalkedPath& place,
                    std::string* text = nullptr);
  /// The same, and something must be there, a directory if there is a '/' at the end.
  std::int64_t look_up(int directory, std::uint64_t at, Last last, WalkedPath& place,
                       std::string* text = nullptr);
  /// Notes that the program asks for something that no tree determines.
  void rely(std::string_view what);
  [[nodiscard]] std::uint64_t call_address() const;
  /// How much of [at, at + size) a call may touch at all; what is not mapped there is another question.
  /// Nothing: the range goes beyond a program's addresses, which is EFAULT at once.
  [[nodiscard]] bool in_user_range(std::uint64_t at, std::uint64_t size) const;
  /// Writes what there is room for; false if that is not all.
  bool copy_out(std::uint64_t at, ByteView bytes);
  /// How many bytes from there on can be written.
  std::uint64_t writable(std::uint64_t at, std::uint64_t size);

  Runner& runner_;
  Process& process_;
  LinuxState& state_;
  const Isa& isa_;
  Call call_;
  std::array<std::uint64_t, 6> arguments_{};
  std::uint64_t number_ = 0;
  std::int64_t result_ = 0;
  bool gone_ = false;
};

inline constexpr int kAtCwd = -100;

// Flags of open. O_DIRECTORY and O_NOFOLLOW have other numbers on the ARM architectures.
inline constexpr std::uint64_t kAccessMode = 3;
inline constexpr std::uint64_t kWriteOnly = 1;
inline constexpr std::uint64_t kReadWrite = 2;
inline constexpr std::uint64_t kCreate = 0100;
inline constexpr std::uint64_t kExclusive = 0200;
inline constexpr std::uint64_t kTruncate = 01000;
inline constexpr std::uint64_t kAppend = 02000;
inline constexpr std::uint64_t kNonBlocking = 04000;
inline constexpr std::uint64_t kCloseOnExec = 02000000;
inline constexpr std::uint64_t kPathOnly = 010000000;
inline constexpr std::uint64_t kNameless = 020000000;  ///< O_TMPFILE without its O_DIRECTORY
std::uint64_t directory_flag(const Isa& isa);
std::uint64_t no_follow_flag(const Isa& isa);

/// The devices that programs expect, where the tree has nothing of that name.
bool device(std::string_view path, FileKind& kind);

/// What an error of a tree is.
int errno_of(const Error& error);

}  // namespace assay::machine
