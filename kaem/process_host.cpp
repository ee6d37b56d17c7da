// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kaem/process_host.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

#include <filesystem>

#include "core/host_descriptor.h"

namespace assay::kaem {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

}  // namespace

ChildEnd ProcessHost::launch(const Launch& launch) {
  std::vector<char*> argv = pointers(launch.argv);
  std::vector<char*> env = pointers(launch.env);
  if (launch.replaces) {
    ::execve(launch.program.c_str(), argv.data(), env.data());
    return {1, 0};
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::execve(launch.program.c_str(), argv.data(), env.data());
    ::_exit(1);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) return {1, 0};
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

Found ProcessHost::find(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Found::nothing;
  struct stat status {};
  const bool directory = ::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
  ::close(descriptor);
  return directory ? Found::directory : Found::file;
}

bool ProcessHost::enter(const std::string& directory) { return ::chdir(directory.c_str()) == 0; }

std::string ProcessHost::current_directory() {
  std::error_code error;
  return std::filesystem::current_path(error).string();
}

void ProcessHost::write_output(std::string_view text) {
  if (!write_all(STDOUT_FILENO, as_bytes(text)) && write_error_ == 0) write_error_ = errno;
}

void ProcessHost::write_error(std::string_view text) { write_all(STDERR_FILENO, as_bytes(text)); }

}  // namespace assay::kaem
