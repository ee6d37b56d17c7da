// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An implementation of a tool: a program that is run in the machine, a command of the host, or our own
// library.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bootstrap/conform/tools.h"
#include "core/result.h"

namespace assay::conform {

/// What a run left, as anybody could see it.
struct Observed {
  End end = End::exits;  ///< exits, crashes or hangs
  int status = 0;
  bool undefined = false;  ///< of our libraries: what the real program does depends on what lies in memory
  std::string how;         ///< for people, where it does not exit: "signal 11", "unknown instruction ..."
  struct Left {
    Bytes bytes;
    std::uint32_t mode = 0;
    friend bool operator==(const Left&, const Left&) = default;
  };
  std::map<std::string, Left> files;  ///< regular files, those of the situation included
  std::map<std::string, std::string, std::less<>>
      others;  ///< what is no regular file: "a FIFO", "a directory", ...
  Bytes standard_output;
  Bytes standard_error;
  std::uint64_t instructions = 0;  ///< 0 where nobody counts
  std::uint64_t system_calls = 0;

  /// All that a wish can name is the same.
  [[nodiscard]] bool same_effect(const Observed& other) const;
};

class Target {
 public:
  virtual ~Target() = default;
  /// Runs it once. Errors: what keeps it from running at all ("program-not-found", "bad-program"), and
  /// "not-applicable" for a situation that it cannot be put into.
  [[nodiscard]] virtual Result<Observed> run(const Situation& situation) const = 0;
  /// Runs it on many inputs: as run() with each for the text of the usual arguments, one after the other, but
  /// faster where that is possible.
  [[nodiscard]] virtual Result<std::vector<Observed>> run_all(const ToolRow& tool,
                                                              const std::vector<Bytes>& inputs) const;
};

/// The usual arguments, with this text to read. For kaem and kaem-minimal there are programs: `./o`, which
/// prints its arguments, and `./w`, which fails; PATH is an empty directory.
Situation usual_situation(const ToolRow& tool, Bytes input);

/// A static ELF program of an architecture of the machine. Errors: "bad-program".
Result<std::unique_ptr<Target>> machine_target(Bytes program, std::uint64_t most_instructions);

/// A command of the host: words with {in} and {out} in the places of what the tool reads and writes, or
/// {args} for all of its arguments (the default, behind the words). A word that names a file here names it
/// wherever the command runs; a program without '/' is looked for in `search`. Errors: "bad-command".
Result<std::unique_ptr<Target>> host_target(const ToolRow& tool, const std::string& command,
                                            const std::vector<std::string>& search, double seconds);

/// Our own libraries, for usual arguments with a text that can be read. Errors: "unknown-dialect".
Result<std::unique_ptr<Target>> reference_target(const ToolRow& tool, std::string_view dialect);

}  // namespace assay::conform
