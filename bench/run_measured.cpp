// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// run_measured PROGRAM WORD...: runs a program with /dev/null for its streams and prints its CPU time in
// microseconds and its largest resident set in KiB. A program of its own, because a child counts the memory
// of its parent until it executes something: the parent must be small.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <initializer_list>

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, stream);
    ::execv(argv[1], argv + 1);
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || ::wait4(child, &status, 0, &usage) != child) return 1;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return 1;
  const long long user = usage.ru_utime.tv_sec * 1'000'000LL + usage.ru_utime.tv_usec;
  const long long system = usage.ru_stime.tv_sec * 1'000'000LL + usage.ru_stime.tv_usec;
  std::printf("%lld %ld\n", user + system, usage.ru_maxrss);
  return 0;
}
