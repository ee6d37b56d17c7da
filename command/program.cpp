// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/program.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <new>
#include <system_error>

#include "command/print.h"

namespace assay {
namespace {

/// Opened so that using one fails as if it were closed; programs that are started find it closed.
void reserve_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is this one.
    if (::open("/dev/null", (stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC) < 0) return;
  }
}

/// Needs no memory.
void say(std::string_view name, std::string_view what) {
  for (const std::string_view part : {name, std::string_view(": cannot run: "), what, std::string_view("\n")})
    (void)!::write(STDERR_FILENO, part.data(), part.size());
}

/// Of the exception that is being handled.
void tell_exception(std::string_view name) {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    say(name, "not enough memory [no-memory]");
  } catch (const std::system_error& error) {
    say(name, std::strerror(error.code().value()));
  } catch (const std::exception&) {
    // The texts of libraries are for their programmers.
    say(name, "an error inside of this program [internal-error]");
  }
}

}  // namespace

int run_program(std::string_view name, int cannot_run, const std::function<int()>& body) {
  reserve_standard_streams();
  try {
    return body();
  } catch (...) {
    tell_exception(name);
    return cannot_run;
  }
}

void end_program(std::string_view name, int status) {
  tell_exception(name);
  ::_exit(status);
}

void ignore_output_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

bool standard_streams_whole(std::string_view name) {
  errno = 0;
  const bool output = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (!output) {
    print_error("{}: standard output is incomplete{}{} [write-failed]\n", name, errno == 0 ? "" : ": ",
                errno == 0 ? "" : std::strerror(errno));
  }
  return std::fflush(stderr) == 0 && std::ferror(stderr) == 0 && output;
}

}  // namespace assay
