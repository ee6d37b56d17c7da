// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/seed_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "command/architecture_names.h"
#include "command/diagnostic_printer.h"
#include "command/host_files.h"
#include "command/input_bytes.h"
#include "command/listing.h"
#include "command/nearest_word.h"
#include "command/print.h"
#include "command/program.h"
#include "command/warnings.h"
#include "core/host_descriptor.h"

namespace assay {
namespace {

// Spans of diagnostics about a whole file: sources without text, after the input itself.
constexpr Span kWholeInput{1, 0, 0};
constexpr Span kWholeOutput{2, 0, 0};

struct Arguments {
  std::optional<std::string> input;
  std::optional<std::string> output;
  std::vector<std::string> ignored;
  std::string dialect;
  std::vector<std::string> warnings;
  std::string diagnostics = default_diagnostic_form() == DiagnosticForm::json ? "json" : "text";
  std::string listing;
  std::string symbols;
  std::optional<std::uint64_t> base;
  std::string map;
};

class Run {
 public:
  Run(const SeedTool& tool, const Arguments& arguments, const WarningPolicy& policy, std::size_t dialect)
      : tool_(tool),
        arguments_(arguments),
        dialect_(dialect),
        rules_(tool.dialects[dialect].files),
        sources_{{{*arguments.input, {}},
                  {*arguments.input, {}},
                  {arguments.output.value_or("standard output"), {}}}},
        source_(sources_[0]),
        printer_(sources_, find_diagnostic_form(arguments.diagnostics).value_or(DiagnosticForm::text)),
        filter_(policy, printer_) {}

  int run() {
    const int status = assemble();
    printer_.finish();
    return status == 0 && (filter_.raised_error() || reports_failed_) ? kStatusFailed : status;
  }

 private:
  int assemble() {
    const HostDescriptor input(::open(source_.name.c_str(), O_RDONLY | O_CLOEXEC));
    const int input_error = errno;
    if (input.number() < 0 && rules_.missing_input == NoInput::fails) {
      return without_input(rules_.missing_input, *tool_.files.missing_input, "open", input_error);
    }
    open_output();
    if (input.number() < 0) {
      return without_input(rules_.missing_input, *tool_.files.missing_input, "open", input_error);
    }
    const bool rewinds = ::lseek(input.number(), 0, SEEK_CUR) >= 0;
    InputRead read = read_input(input.number(), kMaxInputBytes);
    if (read.error != 0) {
      return without_input(rules_.unreadable_input, *tool_.files.unreadable_input, "read", read.error);
    }
    if (read.too_large) {
      filter_.report(*tool_.files.input_too_large, kWholeInput,
                     fmt::format("the input has more than {} bytes", kMaxInputBytes));
      return kStatusFailed;
    }
    input_ = std::move(read.bytes);
    // A dialect that does not truncate may be about to write over its input.
    if (output_.number() >= 0 && !input_.keep_if_file(output_.number())) return kStatusFailed;
    return translate(rewinds);
  }

  int translate(bool rewinds) {
    source_.bytes = input_.view();
    const bool wants_map =
        !arguments_.listing.empty() || !arguments_.map.empty() || !arguments_.symbols.empty();
    const SeedRequest request{source_, dialect_, wants_map,      !arguments_.warnings.empty(),
                              rewinds, late_,    arguments_.base};
    const Output output = tool_.assemble(request, filter_);
    write_output(output);
    if (!write_all(STDOUT_FILENO, as_bytes(output.standard_output))) {
      filter_.report_always(*tool_.files.lost_output, kWholeOutput,
                            fmt::format("cannot write to standard output ({}); the real tool does not notice",
                                        std::strerror(errno)));
    }
    write_all(STDERR_FILENO, as_bytes(output.standard_error));
    if (wants_map) write_reports(output);
    return exit_status_of(output);
  }

  int without_input(NoInput rule, const DiagnosticKind& kind, std::string_view what, int error) {
    static constexpr std::string_view kEffects[] = {"never ends", "exits 1", "writes nothing and exits 0",
                                                    "goes on with an empty input", "crashes"};
    filter_.report(
        rule == NoInput::ends ? *tool_.files.ignored_input : kind, kWholeInput,
        fmt::format("cannot {} the input ({}); the real {} of {} {}", what, std::strerror(error), tool_.name,
                    tool_.dialects[dialect_].name, kEffects[static_cast<std::size_t>(rule)]));
    switch (rule) {
      case NoInput::hangs: return kStatusWouldHang;
      case NoInput::fails: return kStatusFailed;
      case NoInput::ends: return 0;
      case NoInput::counts_empty: return translate(true);
      case NoInput::crashes: return kStatusWouldCrash;
    }
    return kStatusFailed;
  }

  void open_output() {
    if (!arguments_.output) {
      use_fallback(rules_.unnamed_output, 0);
      return;
    }
    const std::string& name = *arguments_.output;
    const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (rules_.truncates ? O_TRUNC : 0);
    output_ = HostDescriptor(::open(name.c_str(), flags, rules_.creation_mode));
    if (output_.number() >= 0) {
      if (rules_.forces_mode) ::fchmod(output_.number(), rules_.creation_mode);
      return;
    }
    const int error = errno;
    filter_.report_always(
        *tool_.files.lost_output, kWholeOutput,
        fmt::format("cannot create the output ({}); the real tool does not notice", std::strerror(error)));
    use_fallback(rules_.uncreatable_output, error);
  }

  void use_fallback(NoOutput rule, int error) {
    late_ = rule == NoOutput::errno_descriptor;
    if (rule == NoOutput::standard_output) output_ = HostDescriptor(STDOUT_FILENO);
    // Only the standard streams are open in the seed; all our other descriptors are our own.
    if (late_ && error > 0 && error <= STDERR_FILENO) output_ = HostDescriptor(error);
  }

  void write_output(const Output& output) {
    if (output_.number() < 0 || write_all(output_.number(), output.bytes)) return;
    filter_.report_always(
        *tool_.files.lost_output, kWholeOutput,
        fmt::format("cannot write the output ({}); the real tool does not notice", std::strerror(errno)));
  }

  void write_reports(const Output& output) {
    const std::span<const Source> sources(&source_, 1);
    if (!arguments_.listing.empty()) write_report(arguments_.listing, listing(output, sources));
    if (!arguments_.map.empty()) write_report(arguments_.map, map_json(output, sources).dump(1) + "\n");
    if (!arguments_.symbols.empty()) write_report(arguments_.symbols, symbols(output, sources));
  }

  void write_report(const std::string& path, const std::string& text) {
    const Result<void> written = write_host_file(path, as_bytes(text));
    if (written) return;
    assay::print_error("{}: {} [{}]\n", tool_.name, written.error().message, written.error().id);
    reports_failed_ = true;
  }

  const SeedTool& tool_;
  const Arguments& arguments_;
  std::size_t dialect_;
  const FileRules& rules_;
  InputBytes input_;
  std::array<Source, 3> sources_;
  Source& source_;
  DiagnosticPrinter printer_;
  FilteredDiagnostics filter_;
  HostDescriptor output_;
  bool late_ = false;
  bool reports_failed_ = false;
};

/// Takes any spelling of a name for it.
CLI::Validator one_of(const std::vector<std::string>& names) {
  const auto check = [names](std::string& word) {
    for (const std::string& name : names) {
      if (common_name(name) != common_name(word)) continue;
      word = name;
      return std::string();
    }
    return fmt::format("no '{}': {}", word, known_words(word, names));
  };
  return {check, fmt::format("{{{}}}", fmt::join(names, ","))};
}

void declare_options(CLI::App& app, const SeedTool& tool, Arguments& arguments) {
  std::vector<std::string> names;
  for (const SeedDialect& dialect : tool.dialects) names.emplace_back(dialect.name);
  app.footer(
      "Exit status: that of the real tool, where it ends; 70 where it never ends, 71 where it crashes, 72 "
      "where\n"
      "its result depends on what lies in memory; 1 for warnings raised by -Werror; 64 for a wrong command "
      "line.\n"
      "The output file is left as the real tool leaves it in every case.");
  app.set_version_flag("--version", fmt::format("{} (assay) {}", tool.name, ASSAY_VERSION));
  app.add_option("input", arguments.input, "Text to read")->type_name("");
  app.add_option("output", arguments.output, "File to write; the dialect says what happens without one")
      ->type_name("");
  app.add_option("ignored", arguments.ignored, "Further names are ignored, as the seeds do")->type_name("");
  app.add_option("--dialect", arguments.dialect, "Whose behaviour, to the byte")
      ->type_name("NAME")
      ->transform(one_of(names))
      ->capture_default_str();
  app.add_option("-W", arguments.warnings,
                 "Strict warnings: all, none, ID, no-ID, error, error=ID; later ones win")
      ->allow_extra_args(false)
      ->type_name("WHAT");
  app.add_option("--listing", arguments.listing, "Write every byte with the source line that made it")
      ->type_name("FILE");
  app.add_option("--map", arguments.map, "The same as JSON")->type_name("FILE");
  if (tool.has_base)
    app.add_option("--base", arguments.base, "Address of the first byte; that of the dialect if left out")
        ->type_name("ADDRESS");
  if (tool.makes_bytes)
    app.add_option("--symbols", arguments.symbols, "Write address and name of every label")
        ->type_name("FILE");
  app.add_option("--diagnostics,--assay-diagnostics", arguments.diagnostics,
                 "Form of the messages on standard error; ASSAY_DIAGNOSTICS of the environment, else text")
      ->type_name("FORM")
      ->check(CLI::IsMember({"text", "json"}));
}

}  // namespace

int exit_status_of(const Output& output) {
  switch (output.ending) {
    case Ending::exits: return output.status;
    case Ending::hangs: return kStatusWouldHang;
    case Ending::crashes: return output.status != 0 ? output.status : kStatusWouldCrash;
    case Ending::undefined: return kStatusUndefined;
  }
  return kStatusFailed;
}

namespace {

int run_tool(const SeedTool& tool, int argc, const char* const* argv) {
  Arguments arguments;
  arguments.dialect = tool.default_dialect;
  CLI::App app{std::string(tool.summary), std::string(tool.name)};
  declare_options(app, tool, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kStatusUsage;
  }
  WarningPolicy policy;
  for (const std::string& option : arguments.warnings) {
    const Result<void> applied = policy.apply(option, tool.kinds);
    if (applied) continue;
    assay::print_error("{}: {} [{}]\n", tool.name, applied.error().message, applied.error().id);
    return kStatusUsage;
  }
  if (!arguments.input) {
    assay::print_error("{}: no input named; see --help\n", tool.name);
    return kStatusFailed;
  }
  const auto row = std::find_if(tool.dialects.begin(), tool.dialects.end(), [&](const SeedDialect& dialect) {
    return dialect.name == arguments.dialect;
  });
  return Run(tool, arguments, policy, static_cast<std::size_t>(row - tool.dialects.begin())).run();
}

}  // namespace

int run_seed_command(const SeedTool& tool, int argc, const char* const* argv) {
  return run_program(tool.name, kStatusFailed, [&] { return run_tool(tool, argc, argv); });
}

}  // namespace assay
