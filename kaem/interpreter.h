// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The full kaem (mescc-tools 1.7.0): interprets a script against a Host. With a host that starts
// processes it is a drop-in kaem; with a host that only records, it is the static model from which
// chains are computed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/output.h"
#include "kaem/expand.h"

namespace assay::kaem {

/// One program that the script starts.
struct Launch {
  std::string program;  ///< path as found: a PATH element in front, or the word itself
  std::vector<std::string> argv;
  std::vector<std::string> env;
  Span span;
  bool replaces = false;  ///< `exec`: the script ends here with the program's own ending
  bool asks = false;      ///< the condition of an `if`: its status is an answer
};

/// How a launched program ended.
struct ChildEnd {
  int status = 0;
  int signal = 0;  ///< non-zero: killed by it
};

enum class Found { nothing, file, directory };

/// The world of a script. Paths are relative to the host's current directory.
class Host {
 public:
  virtual ~Host() = default;
  virtual ChildEnd launch(const Launch& launch) = 0;
  /// What opening `path` for reading finds (the only test of the PATH search).
  virtual Found find(const std::string& path) = 0;
  /// Changes the current directory; false if impossible.
  virtual bool enter(const std::string& directory) = 0;
  virtual std::string current_directory() = 0;
  virtual void write_output(std::string_view text) = 0;
  virtual void write_error(std::string_view text) = 0;
};

struct Settings {
  std::string script = "kaem.run";
  bool verbose = false;
  bool strict = true;
  bool init_mode = false;
  bool show_exit_codes = false;
  bool warn = false;
  bool fuzz = false;
  /// The words from "--" on, joined by blanks, "--" included.
  std::string rest_of_command_line;
};

/// What the command line asks for: settings, or an early end with text.
struct CommandLine {
  Settings settings;
  std::optional<int> status;  ///< set: print `text` on stdout and exit with it
  std::string text;
};
CommandLine parse_command_line(const std::vector<std::string>& argv);

/// What kaem says on standard error where there is no such script; its status is 1.
std::string missing_script_text(std::string_view script);

/// The environment that a kaem started as `name` with these entries works with.
Environment initial_environment(std::vector<std::string> inherited, std::string_view name, bool init_mode);

struct Finish {
  Ending ending = Ending::exits;
  int status = 0;
};

/// Runs a whole script. `source` is the index used in spans.
Finish interpret(ByteView text, std::uint32_t source, const Settings& settings, Environment environment,
                 Host& host, DiagnosticSink& sink);

}  // namespace assay::kaem
