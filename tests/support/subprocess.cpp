// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/subprocess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "command/host_files.h"

namespace assay::test {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

std::string status_text(int status) {
  if (WIFEXITED(status)) return fmt::format("exit:{}", WEXITSTATUS(status));
  if (WTERMSIG(status) == SIGALRM) return "timeout";
  return fmt::format("signal:{}", WTERMSIG(status));
}

std::string slurp(int descriptor) {
  std::string text;
  ::lseek(descriptor, 0, SEEK_SET);
  std::array<char, 65536> piece;
  for (ssize_t got = 0; (got = ::read(descriptor, piece.data(), piece.size())) > 0;) {
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  ::close(descriptor);
  return text;
}

int temporary_file() {
  std::string name = (std::filesystem::temp_directory_path() / "assay-test-XXXXXX").string();
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) throw std::runtime_error("cannot create a temporary file");
  ::unlink(name.c_str());
  return descriptor;
}

[[noreturn]] void become(const Command& command, int input, int output, int error, char** argv, char** env) {
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(error, STDERR_FILENO);
  if (::chdir(command.cwd.c_str()) != 0) ::_exit(126);
  ::umask(command.umask);
  ::alarm(command.seconds);
  ::execve(command.program.empty() ? argv[0] : command.program.c_str(), argv, env);
  ::_exit(127);
}

}  // namespace

Finished run(const Command& command) {
  const std::vector<char*> argv = pointers(command.argv);
  const std::vector<char*> env = pointers(command.env);
  std::array<int, 2> pipe{-1, -1};
  int input = -1;
  if (command.piped_input) {
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    input = pipe[0];
  } else {
    input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  }
  const int output = temporary_file();
  const int error = temporary_file();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0)
    become(command, input, output, error, const_cast<char**>(argv.data()), const_cast<char**>(env.data()));
  ::close(input);
  if (command.piped_input) {
    ::signal(SIGPIPE, SIG_IGN);  // the child may end before it reads
    const Bytes& bytes = *command.piped_input;
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t written = ::write(pipe[1], bytes.data() + at, bytes.size() - at);
      if (written <= 0) break;
      at += static_cast<std::size_t>(written);
    }
    ::close(pipe[1]);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return {status_text(status), slurp(output), slurp(error)};
}

Scratch::Scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "assay-scratch-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot create a scratch directory");
  path_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Scratch::write(std::string_view name, ByteView bytes, unsigned mode) const {
  const std::string path = file(name);
  std::ofstream(path, std::ios::binary) << as_text(bytes);
  ::chmod(path.c_str(), mode);
}

std::optional<Bytes> Scratch::read(std::string_view name) const {
  Result<Bytes> bytes = read_host_file(file(name));
  if (!bytes) return std::nullopt;
  return std::move(*bytes);
}

std::string Scratch::mode(std::string_view name) const {
  struct stat status {};
  if (::stat(file(name).c_str(), &status) != 0) return "none";
  return fmt::format("{:04o}", status.st_mode & 07777U);
}

std::optional<std::filesystem::path> find_tree(std::string_view name) {
  const auto directory = [](const char* variable) {
    const char* const value = std::getenv(variable);
    return std::filesystem::path(value == nullptr ? "" : value);
  };
  std::filesystem::path base = directory("ASSAY_TREES");
  if (base.empty()) {
    const std::filesystem::path cache = directory("XDG_CACHE_HOME");
    base = (cache.empty() ? directory("HOME") / ".cache" : cache) / "assay";
  }
  if (!std::filesystem::is_directory(base / name)) return std::nullopt;
  return base / name;
}

bool long_tests() { return std::getenv("ASSAY_LONG_TESTS") != nullptr; }

std::string without_lost_output(std::string_view standard_error) {
  std::string rest;
  while (!standard_error.empty()) {
    const std::string_view line = standard_error.substr(0, standard_error.find('\n') + 1);
    const std::string_view taken = line.empty() ? standard_error : line;
    standard_error.remove_prefix(taken.size());
    if (!taken.ends_with("-lost-output]\n")) {
      rest += taken;
    } else if (standard_error.starts_with("  help: ")) {
      standard_error.remove_prefix(std::min(standard_error.size(), standard_error.find('\n') + 1));
    }
  }
  return rest;
}

}  // namespace assay::test
