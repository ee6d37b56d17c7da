// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One run: its processes, its images, its limits. A forked child runs to its end, in its parent's
// memory under a snapshot, before the parent goes on: the order of everything is fixed.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "machine/engine/definedness.h"
#include "machine/engine/engine.h"
#include "machine/machine.h"
#include "machine/process/elf.h"
#include "machine/process/personality.h"

namespace assay::machine {

enum class FileKind : std::uint8_t { file, directory, input, output, error, null, full, zero, pipe };

struct OpenFile;

/// Holds any number of bytes: who reads runs after who writes has ended.
struct Pipe {
  Bytes bytes;
  std::size_t taken = 0;  ///< of them, from the front
  std::weak_ptr<OpenFile> reader;
  std::weak_ptr<OpenFile> writer;
};

/// What open made: shared by the descriptors that dup and fork made of it.
struct OpenFile {
  FileKind kind = FileKind::file;
  std::shared_ptr<Node> node;
  std::string path;  ///< normal
  std::uint64_t offset = 0;
  bool reads = false;
  bool writes = false;
  bool appends = false;
  bool path_only = false;                      ///< O_PATH: neither read nor written, whatever it is
  std::uint64_t flags = 0;                     ///< as F_GETFL gives them, appending aside
  std::uint32_t noted_by = ~std::uint32_t{0};  ///< the image whose outputs have it already
  std::shared_ptr<Pipe> pipe;
  std::vector<std::string> names;  ///< of a directory that is being read

  /// Whether it is one of the streams that every program begins with.
  [[nodiscard]] bool is_console() const {
    return kind == FileKind::input || kind == FileKind::output || kind == FileKind::error;
  }
};

struct Descriptor {
  std::shared_ptr<OpenFile> file;
  bool close_on_exec = false;
};

/// The memory of a program and what runs it: shared with the forked children that have not executed
/// anything yet.
struct Space {
  const Isa* isa = nullptr;
  std::unique_ptr<Memory> memory;
  std::unique_ptr<Engine> engine;
  bool observed = false;               ///< the engine is a Stepper
  Definedness* definedness = nullptr;  ///< the engine, if it is one
};

struct Ended {
  std::uint32_t pid = 0;
  int wait_status = 0;  ///< as wait4 gives it
};

/// What a process has said of its signals; kept for personalities that have any.
struct Signals {
  static constexpr unsigned kCount = 64;
  struct Action {
    std::uint64_t handler = 0;  ///< 0: what is usual; 1: ignored
    std::uint64_t flags = 0;
    std::uint64_t restorer = 0;
    std::uint64_t blocks = 0;
  };
  /// What a handler has interrupted.
  struct Interrupted {
    Cpu cpu;
    std::uint64_t blocked = 0;
  };
  std::array<Action, kCount + 1> actions{};
  std::uint64_t blocked = 0;  ///< bit n - 1: signal n
  std::uint64_t pending = 0;
  std::vector<Interrupted> interrupted;
};

struct Process {
  std::uint32_t pid = 0;
  std::uint32_t parent_pid = 0;
  std::uint32_t image = 0;   ///< index of the record it counts for
  bool owns_image = false;   ///< started it by execve
  bool in_snapshot = false;  ///< runs in its parent's memory
  std::shared_ptr<Space> space;
  std::shared_ptr<Node> program;  ///< the file that it runs
  Cpu cpu;
  std::vector<Descriptor> files;
  std::string cwd;
  std::uint32_t umask = 0;
  std::vector<Ended> ended;  ///< children not yet waited for, oldest first
  Signals signals;
};

class Runner {
 public:
  Runner(MemoryTree& tree, const Request& request, std::unique_ptr<Personality> personality);
  Result<Outcome> run();

  // For personalities.
  [[nodiscard]] MemoryTree& tree() { return tree_; }
  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] const Limits& limits() const { return request_.limits; }
  [[nodiscard]] const Surrounding& surrounding() const {
    return request_.surrounding != nullptr ? *request_.surrounding : kFriendly;
  }
  [[nodiscard]] ImageRecord& record(const Process& process) { return outcome_.images[process.image]; }
  [[nodiscard]] const ImageRecord& image(std::uint32_t index) const { return outcome_.images[index]; }

  /// A copy of the process, which runs next; its registers are for the caller to complete. Nothing if
  /// a limit stopped the run.
  Process* fork(Process& process);
  /// Replaces the program of a process. An Error leaves it as it was.
  Result<void> execute(Process& process, const std::string& path, std::vector<std::string> argv,
                       std::vector<std::string> env);
  void end_process(Process& process, int exit_status);
  void end_by_signal(Process& process, int signal);
  /// Ends the whole run.
  void stop(Stop stop, std::string message);
  [[nodiscard]] bool stopped() const { return stopped_; }
  /// Each text once, at most kMostFindings.
  void finding(std::string text);
  void note(std::string text);

  /// Notes, once, that the program of a process asked at `address` for what no tree determines.
  void rely(const Process& process, std::string_view what, std::uint64_t address);

  // The files of all processes.
  /// Whether a file is a program that runs.
  [[nodiscard]] bool is_running(const Node& node) const;
  [[nodiscard]] bool is_open_for_writing(const Node& node) const;
  /// What lay at `from` lies at `to`: open directories and working directories go with it.
  void moved(const std::string& from, const std::string& to);

  // Bookkeeping of files.
  void note_input(const Process& process, const std::string& path, Node& node);
  void note_output(const Process& process, OpenFile& file);
  void note_missing(const Process& process, std::string_view path);
  /// Counts bytes written; false if that stopped the run.
  bool count_output(std::uint64_t bytes);
  /// Counts bytes of host memory that the run holds from now on (Limits::host_memory), or no longer; false if
  /// that stopped the run.
  bool hold(std::uint64_t bytes);
  void let_go(std::uint64_t bytes) { held_ -= std::min(held_, bytes); }
  /// The contents of a file for writing, at least `end` bytes; nullptr if what that costs stopped the run.
  Bytes* contents_for(Node& node, std::uint64_t end);
  /// Truncates a file.
  void empty(Node& node);
  /// Counts a file, directory or link that was made; false if that stopped the run.
  bool hold_node(std::string_view path);
  /// Appends to the output or error of the run and of the image.
  void console(const Process& process, FileKind kind, ByteView bytes);
  void note_memory(const Process& process);
  /// How far the standard input has been read.
  std::uint64_t& input_offset() { return input_offset_; }

 private:
  struct Notes {
    std::set<std::string, std::less<>> inputs;
    std::set<std::string, std::less<>> outputs;
    std::set<std::string, std::less<>> missing;
    std::uint64_t budget = 0;
  };

  Result<void> start_image(Process& process, const std::string& path, std::vector<std::string> argv,
                           std::vector<std::string> env, std::uint32_t parent, std::uint32_t depth);
  Result<std::shared_ptr<Space>> new_space(const std::shared_ptr<const Bytes>& program);
  void give_back(std::shared_ptr<Space> space, std::shared_ptr<const Bytes> program);
  void leave_space(Process& process);
  void end_image(Process& process, Stop stop, int status, std::uint64_t address, std::string message);
  void leave(Process& process, int wait_status);
  void end_if_known(Process& process);
  void note_state(const Process& process, Stop stop);
  /// Counts anew what the guests' memories and translated code hold. False if that stopped the run.
  bool measure();
  void check_room();
  [[nodiscard]] std::uint64_t guests_hold() const;
  /// What the limit leaves.
  [[nodiscard]] std::uint64_t room() const;
  void watch_definedness(Process& process);
  void serve(Process& process);
  std::uint64_t choose_engine(Process& process);
  void slice(Process& process);
  void fault(Process& process, Exit exit);
  void finish_all();
  std::string fault_message(Process& process, Exit exit);

  MemoryTree& tree_;
  const Request& request_;
  Outcome outcome_;
  std::unique_ptr<Personality> personality_;
  std::vector<Notes> notes_;  ///< by image
  std::vector<std::unique_ptr<Process>> processes_;
  /// Spaces that nobody is in, the latest last: memory cleared, with an engine if that knows the program.
  struct Idle {
    std::shared_ptr<const Bytes> program;
    std::shared_ptr<Space> space;
  };
  std::vector<Idle> idle_;
  std::uint32_t next_pid_ = surrounding().first_process;
  std::uint32_t started_ = 1;  ///< processes
  std::uint64_t output_bytes_ = 0;
  std::uint64_t held_ = 0;    ///< bytes of host memory: records, texts, files
  std::uint64_t guests_ = 0;  ///< the same: memories and code, when they were measured last
  std::uint64_t input_offset_ = 0;
  bool stopped_ = false;
};

}  // namespace assay::machine
