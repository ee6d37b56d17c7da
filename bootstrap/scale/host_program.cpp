// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/scale/host_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>

namespace assay::bootstrap {
namespace {

constexpr std::size_t kPart = std::size_t{64} << 10U;

/// Reads both pipes to their ends.
void read_all(std::array<pollfd, 2> pipes, const std::array<std::string*, 2>& texts) {
  std::string part(kPart, '\0');
  while (pipes[0].fd >= 0 || pipes[1].fd >= 0) {
    if (::poll(pipes.data(), pipes.size(), -1) < 0 && errno != EINTR) break;
    for (std::size_t at = 0; at < pipes.size(); ++at) {
      if (pipes[at].fd < 0 || pipes[at].revents == 0) continue;
      const ssize_t got = ::read(pipes[at].fd, part.data(), part.size());
      if (got > 0) {
        texts[at]->append(part, 0, static_cast<std::size_t>(got));
      } else if (got == 0 || errno != EINTR) {
        ::close(pipes[at].fd);
        pipes[at].fd = -1;
      }
    }
  }
}

}  // namespace

Result<HostRun> run_host_program(const std::vector<std::string>& argv, bool shows_error) {
  std::vector<char*> words;
  for (const std::string& word : argv)
    words.push_back(const_cast<char*>(word.c_str()));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  words.push_back(nullptr);
  std::array<int, 2> output{-1, -1};
  std::array<int, 2> error{-1, -1};
  if (::pipe2(output.data(), O_CLOEXEC) != 0) return fail("program-not-found", std::strerror(errno));
  if (!shows_error && ::pipe2(error.data(), O_CLOEXEC) != 0) {
    for (const int end : output) ::close(end);
    return fail("program-not-found", std::strerror(errno));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  if (!shows_error) posix_spawn_file_actions_adddup2(&actions, error[1], STDERR_FILENO);
  pid_t child = -1;
  const int trouble = ::posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(output[1]);
  if (!shows_error) ::close(error[1]);
  HostRun run;
  read_all({pollfd{output[0], POLLIN, 0}, pollfd{error[0], POLLIN, 0}}, {&run.output, &run.error});
  if (trouble != 0)
    return fail("program-not-found", fmt::format("cannot run '{}': {}", argv[0], std::strerror(trouble)));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  run.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return run;
}

}  // namespace assay::bootstrap
