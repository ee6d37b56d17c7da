// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs a program that the reference road derived from its sources: compiled, assembled and linked by our own
// rooms. This is not the machine of the seed road and shares nothing with it: it knows only the instructions
// that the bootstrap's compilers write and its programs written by hand use, has a memory of one piece,
// starts no second process (what the program starts is the caller's to compute), and stops with its reason at
// anything else.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/memory_tree.h"
#include "core/output.h"

namespace assay::exec {

/// What a program wants to start.
struct Start {
  std::string program;  ///< normal path
  std::vector<std::string> argv;
  std::vector<std::string> env;
  std::string cwd;
};

/// How it ended: with an exit status, or by a signal if that is not 0. An int is an exit status.
struct Ended {
  Ended(int exit_status, int by_signal = 0) : status(exit_status), signal(by_signal) {}
  int status = 0;
  int signal = 0;
};

/// What a kernel gives a program at its start and no tree determines.
struct Surroundings {
  /// 0: as little as possible: a stack below 2 GiB, no auxiliary vector. Another number stands for a Linux of
  /// today that has put stack, heap and random bytes somewhere else.
  std::uint64_t number = 0;
  /// Variables besides those given, NAME=VALUE, where none of that name is given; the program passes them on
  /// to none that it starts.
  std::vector<std::string> variables = {};
  /// Where the tree lies, as getcwd says it: the root of all files, or an absolute path without '/' at its
  /// end. Names that begin with it lie in the tree.
  std::string directory = {};
};

class FileTimes;
class Image;
class KeptPrograms;

enum class Engine {
  automatic,  ///< translate where the host can
  interpret,
  translate,
};

struct Request {
  ByteView program;
  std::vector<std::string> argv;
  std::vector<std::string> env;
  std::string cwd;  ///< normal path
  /// If it is not null, what is there to read from standard input; a program that reads it relies on nothing.
  const Bytes* standard_input = nullptr;
  /// Normal paths of the programs that run meanwhile, its own among them: they cannot be written.
  std::vector<std::string> running = {};
  /// Read and written.
  MemoryTree* files = nullptr;
  /// Does what a started program does, on `files`, and returns how it ended. Nothing: it cannot be started,
  /// and the run ends there.
  std::function<std::optional<Ended>(const Start& start)> start;
  /// Jumps until a program counts as hanging.
  std::uint64_t jumps = std::uint64_t{20} << 30;
  Engine engine = Engine::automatic;
  Surroundings surroundings = {};
  /// Whether loops are filled at once (loops.h) or become traces (trace.h); only the number of jumps depends
  /// on it.
  bool shortcuts = true;
  /// When files were written, of what runs one after the other; null: nothing is known of files yet.
  FileTimes* times = nullptr;
  /// If there are some, the program is taken from there and goes there.
  KeptPrograms* kept = nullptr;
  /// Addresses of functions whose calls are told of, with the memory as it is then. Such a run is
  /// interpreted, and nothing of it is kept.
  std::vector<std::uint64_t> watched = {};
  std::function<void(std::uint64_t address, const Image& memory)> reached = {};
};

/// Something that no tree determines and that a program asked for; see docs/machine/linux.md.
struct Reliance {
  std::string what;           ///< "process-number", "system-name", ...
  std::uint64_t address = 0;  ///< of the call
};

struct Outcome {
  Ending ending = Ending::exits;
  int status = 0;
  std::string standard_output;
  std::string standard_error;
  std::vector<std::string>
      outputs;  ///< normal paths: created, truncated or written, in order, and there still
  /// Normal paths of files that it opened while they had the bytes of before: what it leaves may be made of
  /// them.
  std::set<std::string, std::less<>> opened;
  std::vector<Reliance> reliances;  ///< in order, each once
  std::uint64_t jumps = 0;          ///< that it took, as Request::jumps counts them, with its children's
  /// Why it did not exit, in words: "unknown instruction at 0x600123".
  std::string reason;
  /// The program that took its place, which has not been started: execve without a fork. Its end is the
  /// process's; `status` is 0.
  std::optional<Start> replaced_by;
};

/// Errors: "not-a-program", "exec-no-instruction-set". Throws std::bad_alloc where the host gives no memory.
Result<Outcome> run(const Request& request);

}  // namespace assay::exec
