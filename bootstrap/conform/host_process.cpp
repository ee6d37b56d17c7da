// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/host_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "bootstrap/conform/child.h"
#include "bootstrap/conform/own_devices.h"
#include "command/held_signals.h"

namespace assay::conform {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kPart = std::size_t{64} << 10U;
constexpr std::size_t kMostOutput = std::size_t{64} << 20U;  // of a stream, or a file
constexpr auto kSlice = std::chrono::milliseconds(100);      // after which somebody may have interrupted us

/// A program cannot be started while anybody has it open for writing, not even a child that was forked
/// meanwhile and has not closed it yet: files are written, and processes forked, one at a time.
std::mutex& one_at_a_time() {
  static std::mutex mutex;
  return mutex;
}

class Directory {
 public:
  Directory() {
    std::string name = (fs::temp_directory_path() / "assay-conform-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return;
    path_ = name;
    std::error_code error;
    fs::create_directory(here(), error);
  }
  ~Directory() {
    std::error_code error;
    if (path_.empty()) return;
    for (fs::recursive_directory_iterator at(path_, fs::directory_options::skip_permission_denied, error),
         end;
         !error && at != end; at.increment(error)) {
      std::error_code ignored;
      if (at->is_directory(ignored) && !at->is_symlink(ignored))
        fs::permissions(at->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
    }
    // What was killed may still be going.
    for (int tries = 0; tries < 50; ++tries) {
      fs::remove_all(path_, error);
      if (!error) return;
      ::usleep(10'000);
    }
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  /// Where it runs: what is above is ours, too.
  [[nodiscard]] fs::path here() const { return path_ / "here"; }
  [[nodiscard]] bool is_there() const { return !path_.empty(); }

 private:
  fs::path path_;
};

bool put_file(const fs::path& path, ByteView bytes, std::uint32_t mode) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  bool whole = true;
  while (!bytes.empty() && whole) {
    const ssize_t put = ::write(file, bytes.data(), bytes.size());
    whole = put > 0;
    if (whole) bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  whole = ::fchmod(file, mode) == 0 && whole;
  return ::close(file) == 0 && whole;
}

bool put_all(const fs::path& directory, const Situation& situation) {
  for (const Given& given : situation.given) {
    const fs::path path = directory / given.name;
    bool done = true;
    switch (given.what) {
      case Given::What::directory: done = fs::create_directories(path); break;
      case Given::What::file: done = put_file(path, given.bytes, given.mode); break;
      case Given::What::program: done = put_file(path, as_bytes(child_script(given)), given.mode); break;
    }
    if (!done) return false;
  }
  return true;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  for (const std::string& word : words)
    list.push_back(const_cast<char*>(word.c_str()));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  list.push_back(nullptr);
  return list;
}

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() { (void)!::pipe2(ends.data(), O_CLOEXEC); }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) ::close(end);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_end(std::size_t which) {
    ::close(ends.at(which));
    ends.at(which) = -1;
  }
};

/// What the child says if the program cannot be started.
struct NotStarted {
  int number = 0;  ///< errno
  bool own_devices = true;
};

struct Start {
  const char* directory;
  unsigned umask;
  std::array<int, 3> streams;
  int report;
  bool own_devices;
  char** argv;
  char** env;
};

/// In the child: only what is allowed between fork and exec.
[[noreturn]] void become(const Start& start) {
  ::setpgid(0, 0);
  const rlimit most{kMostOutput, kMostOutput};
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_FSIZE, &most);
  ::setrlimit(RLIMIT_CORE, &none);
  NotStarted said;
  if (start.own_devices) said.own_devices = make_own_devices();
  ::umask(start.umask);
  for (const int signal : {SIGPIPE, SIGINT, SIGXFSZ}) ::signal(signal, SIG_DFL);
  sigset_t all;
  ::sigemptyset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  for (int at = 0; at < 3; ++at) ::dup2(start.streams[static_cast<std::size_t>(at)], at);
  if (said.own_devices && ::chdir(start.directory) == 0) ::execve(start.argv[0], start.argv, start.env);
  said.number = errno;
  (void)!::write(start.report, &said, sizeof said);
  ::_exit(1);
}

enum class Talk : std::uint8_t { done, too_long, interrupted };

/// Feeds and reads the pipes of a process until all are closed.
Talk talk(Pipe& input, ByteView text, Pipe& output, Pipe& error, Observed& seen, Clock::time_point until) {
  std::vector<Byte> part(kPart);
  while (output.ends[0] >= 0 || error.ends[0] >= 0) {
    if (text.empty() && input.ends[1] >= 0) input.close_end(1);
    std::array<pollfd, 3> wait{pollfd{output.ends[0], POLLIN, 0}, pollfd{error.ends[0], POLLIN, 0},
                               pollfd{input.ends[1], POLLOUT, 0}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() <= 0) return Talk::too_long;
    if (::poll(wait.data(), wait.size(), static_cast<int>(std::min(left, kSlice).count())) < 0 &&
        errno != EINTR)
      return Talk::too_long;
    if (HeldSignals::pending()) return Talk::interrupted;
    for (std::size_t i = 0; i < 2; ++i) {
      Pipe& pipe = i == 0 ? output : error;
      Bytes& bytes = i == 0 ? seen.standard_output : seen.standard_error;
      if (pipe.ends[0] < 0 || wait.at(i).revents == 0) continue;
      const ssize_t got = ::read(pipe.ends[0], part.data(), part.size());
      if (got > 0) bytes.insert(bytes.end(), part.begin(), part.begin() + got);
      if (got == 0 || (got < 0 && errno != EINTR)) pipe.close_end(0);
      if (bytes.size() > kMostOutput) return Talk::too_long;
    }
    if (input.ends[1] >= 0 && wait[2].revents != 0) {
      const ssize_t put = ::write(input.ends[1], text.data(), text.size());
      text = put > 0 ? text.subspan(static_cast<std::size_t>(put)) : ByteView{};
    }
  }
  return Talk::done;
}

/// Waits for the process itself.
Talk wait_for(pid_t child, int& status, Clock::time_point until) {
  unsigned pause = 20;  // microseconds
  for (;;) {
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return Talk::done;
    if (ended < 0 && errno != EINTR) return Talk::too_long;
    if (HeldSignals::pending()) return Talk::interrupted;
    if (Clock::now() > until) return Talk::too_long;
    ::usleep(pause);
    pause = std::min(pause * 2, 2000U);
  }
}

std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISLNK(mode)) return "a symbolic link";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

void look_at_files(const fs::path& directory, Observed& seen) {
  std::error_code error;
  for (fs::recursive_directory_iterator at(directory, fs::directory_options::skip_permission_denied, error),
       end;
       !error && at != end; at.increment(error)) {
    struct stat info {};
    if (::lstat(at->path().c_str(), &info) != 0) continue;
    const std::string name = at->path().lexically_relative(directory).string();
    if (!S_ISREG(info.st_mode)) {
      seen.others[name] = kind_of(info.st_mode);
      continue;
    }
    std::ifstream file(at->path(), std::ios::binary);
    Bytes bytes{std::istreambuf_iterator<char>(file), {}};
    seen.files[name] = {std::move(bytes), info.st_mode & 07777U};
  }
}

/// Why a program that is there could not be started.
tl::unexpected<Error> not_started(const std::string& program, const NotStarted& said) {
  if (!said.own_devices)
    return fail("bad-command",
                fmt::format("cannot give '{}' a /dev of its own: {}", program, std::strerror(said.number)));
  const char* hint = "";
  switch (said.number) {
    case EACCES: hint = ": is it executable, and may you enter the folders above it?"; break;
    case ENOEXEC: hint = ": it is no program of this machine, and no script that begins with #!"; break;
    case ENOENT: hint = ": its interpreter, or its dynamic loader, is not there"; break;
    default: break;
  }
  return fail("bad-command",
              fmt::format("cannot start '{}': {}{}", program, std::strerror(said.number), hint));
}

}  // namespace

Result<Observed> run_host_process(const std::vector<std::string>& argv, const Situation& situation,
                                  double seconds) {
  const bool own_devices = !devices_are_safe() && can_have_own_devices();
  const Directory directory;
  const fs::path here = directory.here();
  if (!directory.is_there()) return fail("no-directory", "cannot make a directory to run it in");
  std::vector<char*> words = pointers(argv);
  std::vector<char*> env = pointers(situation.environment);
  std::unique_lock lock(one_at_a_time());
  if (!put_all(here, situation)) return fail("no-directory", "cannot write the files of a case");
  Pipe input;
  Pipe output;
  Pipe error;
  Pipe report;
  if (input.ends[0] < 0 || output.ends[0] < 0 || error.ends[0] < 0 || report.ends[0] < 0)
    return fail("no-directory", std::strerror(errno));
  const pid_t child = ::fork();
  if (child == 0)
    become({here.c_str(),
            situation.umask,
            {input.ends[0], output.ends[1], error.ends[1]},
            report.ends[1],
            own_devices,
            words.data(),
            env.data()});
  lock.unlock();
  if (child < 0)
    return fail("program-not-found", fmt::format("cannot start '{}': {}", argv[0], std::strerror(errno)));
  ::setpgid(child, child);
  input.close_end(0);
  output.close_end(1);
  error.close_end(1);
  report.close_end(1);
  int status = 0;
  NotStarted said;
  if (::read(report.ends[0], &said, sizeof said) == static_cast<ssize_t>(sizeof said)) {
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return not_started(argv[0], said);
  }
  const auto until = Clock::now() + std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6));
  Observed seen;
  Talk talked = talk(input, situation.standard_input, output, error, seen, until);
  bool ended = false;
  if (talked == Talk::done) {
    talked = wait_for(child, status, until);
    ended = talked == Talk::done;
  } else {
    ended = ::waitpid(child, &status, WNOHANG) == child;
  }
  ::kill(-child, SIGKILL);
  while (!ended && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (talked == Talk::interrupted) return fail("interrupted", "the rest was not tried");
  if (talked == Talk::too_long) {
    seen.end = End::hangs;
    seen.how = ended ? fmt::format("it ended, but what it started still holds its output after {} s", seconds)
                     : fmt::format("still running after {} s; --timeout gives it longer", seconds);
  } else if (WIFSIGNALED(status)) {
    seen.end = End::crashes;
    seen.how = fmt::format("killed by signal {}", WTERMSIG(status));
  } else {
    seen.status = WEXITSTATUS(status);
  }
  look_at_files(here, seen);
  return seen;
}

}  // namespace assay::conform
