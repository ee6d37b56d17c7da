// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tools of this room have in common: a run in progress, their C library's numbers, and the
// recursive mkdir of mkdir and untar.
#pragma once

#include <functional>
#include <optional>

#include "extra/diagnostics.h"
#include "extra/tools.h"

namespace assay::extra {

/// One run of a tool. A function that ends the run returns true or an Output; see each.
class Run {
 public:
  Run(const Arguments& arguments, World& world_in, DiagnosticSink& sink_in)
      : world(world_in), sink(sink_in), arguments_(arguments) {}

  World& world;
  DiagnosticSink& sink;

  void out(std::string_view text) { output_.standard_output += text; }
  void err(std::string_view text) { output_.standard_error += text; }

  /// The program's own name, and its arguments without it.
  [[nodiscard]] std::string_view name() const {
    return arguments_.empty() ? std::string_view() : std::string_view(arguments_.front());
  }
  [[nodiscard]] std::span<const std::string> words() const {
    return std::span(arguments_).subspan(arguments_.empty() ? 0 : 1);
  }

  /// The result so far, ending with this status.
  Output exit(int status);
  /// As `exit(1)` after printing `text` on standard error.
  Output fail(std::string_view text);
  /// The real tool is killed by a signal here.
  Output crash(const DiagnosticKind& kind, std::string message);
  /// Something that only this implementation refuses; status 1.
  Output refuse(const DiagnosticKind& kind, std::string message);

  /// An input that is no file and no stream, after the tool's own handling of missing ones.
  std::optional<Output> unusable(const Input& input, const std::string& path,
                                 const DiagnosticKind& crash_kind);

 private:
  const Arguments& arguments_;
  Output output_;
};

/// A number as the tools' C library reads it: "0b", "0x", "0" (octal) or decimal, then perhaps '-';
/// '_' is skipped, and anything malformed is 0.
std::int64_t number(std::string_view text);

/// The recursive mkdir of mkdir and untar. A single trailing '/' is dropped. If `path` cannot be made
/// and `parents` is set, the part before the last '/' is made in the same way, with `parent_mode`, and
/// `path` tried again. A slash that ends a part on the way ("a//b") is lost, and with it the rest
/// of the path. `failed` is called with each path that could not be made, innermost first.
void make_directories(World& world, std::string path, std::uint32_t mode, bool parents,
                      std::uint32_t parent_mode, const std::function<void(const std::string&)>& failed);

/// Options with a value, as replace and the decompressors read them: the word must be followed by
/// another one, or the tool ends with the message in `missing`.
struct ValueOption {
  std::string_view short_name;
  std::string_view long_name;
  std::optional<std::string>* value;
  std::string_view missing;
};

struct SwitchOption {
  std::vector<std::string_view> names;
  bool* value;
  std::string_view message;  ///< printed on standard error
};

/// The option parser of replace, ungz, unbz2 and unxz: strictly left to right; -h and --help print
/// `usage` (with the program's name between "Usage: " and it) on standard error and end with status 0; any
/// other word is an error. Nothing if parsing went to the end.
std::optional<Output> parse_options(Run& run, std::span<const ValueOption> values,
                                    std::span<const SwitchOption> switches, std::string_view usage);

}  // namespace assay::extra
