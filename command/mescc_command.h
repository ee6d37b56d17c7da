// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the drop-in programs for mescc-tools (M1, hex2, blood-elf, get_machine) share. The real tools
// act on each word of the command line as they meet it, and so do ours: each has its own loop, over
// the words that are left when ours are taken out. Ours start with "--assay-":
//
//   --assay-dialect=NAME  which build to stand in for (command/mescc_dialects.h); default m2-64
//   --assay-explain       show our diagnostics also where the real tool says something itself
//   --assay-W=WHAT        strict warnings, as in -W of the seed tools
//   --assay-diagnostics=FORM  text or json (command/diagnostic_printer.h); json explains too
//   --assay-listing=FILE  every output byte with its source line
//   --assay-map=FILE      the same as JSON
//   --assay-help, --assay-version
//
// Standard output and standard error are those of the real tool, to the byte; diagnostics follow
// only where it hangs or crashes, for our own limits, and where they are asked for.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "command/diagnostic_printer.h"
#include "command/input_bytes.h"
#include "command/mescc_dialects.h"
#include "command/warnings.h"
#include "core/bytes.h"
#include "core/diagnostic.h"
#include "core/output.h"

namespace assay {

/// Inputs over this many bytes are refused ("mescc-input-too-large"), so that an endless one ends.
inline constexpr std::uint64_t kMaxMesccInputBytes = std::uint64_t{1} << 33;

struct MesccTool {
  std::string_view name;
  std::string_view summary;
  /// Tables of what its library reports.
  std::span<const std::span<const DiagnosticKind>> kinds;
};

/// What the shared part itself reports, for every tool.
std::span<const DiagnosticKind> mescc_kinds();

/// An input as the dialect reads it.
struct MesccInput {
  enum class State : std::uint8_t {
    read,
    missing,  ///< cannot be opened
    stops,    ///< the tool ends with status 1, silently
    crashes,
    too_large,  ///< a limit of ours
  };
  State state = State::read;
  ByteView bytes;  ///< live as long as the command
  /// Reading it once more gives the same bytes; if not, it gives none.
  bool rewinds = true;
};

class MesccCommand {
 public:
  MesccCommand(const MesccTool& tool, int argc, char** argv);
  ~MesccCommand();
  MesccCommand(const MesccCommand&) = delete;
  MesccCommand& operator=(const MesccCommand&) = delete;

  /// Set when our own options ended the run.
  [[nodiscard]] std::optional<int> early_status() const { return early_status_; }
  [[nodiscard]] const MesccDialect& dialect() const { return *dialect_; }
  /// The real tool's words, without the program's name.
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
  [[nodiscard]] const std::string& program() const { return program_; }
  [[nodiscard]] bool wants_map() const { return !listing_.empty() || !map_.empty() || !symbols_.empty(); }
  [[nodiscard]] bool wants_warnings() const { return wants_warnings_; }
  /// Where the library reports to; shown at the end.
  [[nodiscard]] DiagnosticSink& diagnostics() { return diagnostics_; }

  [[nodiscard]] MesccInput read(const std::string& name);
  /// Creates or truncates the output; an earlier one stays as it is. False: it cannot be opened.
  bool open_output(const std::string& name);
  /// Sets the mode of the output, if it is a regular file (the real tools would take /dev/null too).
  void set_output_mode(std::uint32_t mode) const;

  void print(std::string_view text) const;        ///< to standard output
  void print_error(std::string_view text) const;  ///< to standard error

  /// Writes to the output; none if the reports need all of it.
  [[nodiscard]] OutputSink sink();

  // ---- ends of the run; each returns the exit status ----
  /// Writes everything and shows the diagnostics.
  int finish(const Output& output, std::span<const Source> sources);
  /// Status 1 after a message of the real tool.
  int fail(std::string_view message);
  /// The last word needs another one after it: the real tool crashes.
  int missing_argument(std::string_view word);
  /// An input that is not `read` and not `missing`.
  int bad_input(const std::string& name, MesccInput::State state);

 private:
  int parse_compat(int argc, char** argv);  ///< the index of the first word behind --compat
  bool parse_own(std::string_view word);
  void stop(int status) { early_status_ = status; }
  /// Programs read only JSON.
  [[nodiscard]] bool explains() const { return explains_ || form_ == DiagnosticForm::json; }
  void show(std::span<Diagnostic> diagnostics, bool shows_errors, std::span<const Source> sources);
  void write_reports(const Output& output, std::span<const Source> sources);
  void write(ByteView bytes);
  int report(const DiagnosticKind& kind, std::string_view name, std::string message, int status,
             std::optional<Severity> severity = std::nullopt) const;

  MesccTool tool_;
  std::string program_;
  std::vector<std::string> words_;
  const MesccDialect* dialect_ = &kMesccDialects[0];
  std::optional<int> early_status_;
  WarningPolicy policy_;
  bool wants_warnings_ = false;
  bool explains_ = false;
  DiagnosticForm form_ = default_diagnostic_form();
  bool failed_ = false;
  int write_error_ = 0;  ///< errno of the first piece of the output that is lost
  std::string listing_;
  std::string map_;
  std::string symbols_;
  DiagnosticList diagnostics_;
  std::vector<InputBytes> inputs_;
  int output_ = -1;
  std::string output_name_ = "standard output";
};

}  // namespace assay
