// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// kaem-minimal: drop-in for the kaem-optional-seed of an architecture.
//   kaem-minimal [--assay-diagnostics=FORM] [--dialect ARCH] [SCRIPT]
// The options are ours and only count in front of everything else, in this order.
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "command/architecture_names.h"
#include "command/diagnostic_printer.h"
#include "command/host_files.h"
#include "command/nearest_word.h"
#include "command/print.h"
#include "command/program.h"
#include "command/seed_command.h"
#include "kaem/diagnostics.h"
#include "kaem/lost_output.h"
#include "kaem/minimal_run.h"
#include "kaem/process_host.h"

extern char** environ;

namespace {

using namespace assay;

/// With a second argument the real seeds (but those of RISC-V) take the arguments from the third on for
/// their environment.
std::vector<std::string> environment_of(std::span<char* const> arguments) {
  std::vector<std::string> environment;
  if (arguments.size() > 1) {
    for (const char* entry : arguments.subspan(2)) environment.emplace_back(entry);
    return environment;
  }
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  return environment;
}

int run(int argc, char** argv) {
  std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
  if (!arguments.empty()) arguments = arguments.subspan(1);
  DiagnosticForm form = default_diagnostic_form();
  constexpr std::string_view kFormOption = "--assay-diagnostics=";
  if (!arguments.empty() && std::string_view(arguments[0]).starts_with(kFormOption)) {
    const std::string_view name = std::string_view(arguments[0]).substr(kFormOption.size());
    const std::optional<DiagnosticForm> found = find_diagnostic_form(name);
    if (!found) {
      assay::print_error("kaem-minimal: no such form of diagnostics: '{}'\n", name);
      return kStatusUsage;
    }
    form = *found;
    arguments = arguments.subspan(1);
  }
  std::string_view arch = "AMD64";
  if (!arguments.empty() && std::string_view(arguments[0]) == "--dialect") {
    arch = arguments.size() > 1 ? arguments[1] : "";
    arguments = arguments.subspan(std::min<std::size_t>(2, arguments.size()));
  }
  const kaem::MinimalDialect* dialect = nullptr;
  std::vector<std::string> known;
  for (const kaem::MinimalDialect& row : kaem::minimal_dialects()) {
    known.emplace_back(row.arch);
    if (common_name(row.arch) == common_name(arch)) dialect = &row;
  }
  if (dialect == nullptr) {
    assay::print_error("kaem-minimal: no dialect '{}': {}\n", arch, known_words(arch, known));
    return kStatusUsage;
  }
  const std::string path(arguments.empty() ? dialect->default_script : arguments[0]);
  const Source source{path, {}};
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    // Reading a directory fails at once: the end of the file, or not noticed.
    if (dialect->passes_environment) return EXIT_SUCCESS;
    const Diagnostic crash{&kaem::kCrash, Severity::error, {}, "the script is a directory", {}};
    assay::print_error("{}", shown(crash, {&source, 1}, form, STDERR_FILENO));
    return kStatusWouldCrash;
  }
  Result<Bytes> read = read_host_file(path);
  if (!read) return dialect->status_no_script;
  const Source text{path, *read};
  kaem::ProcessHost host;
  DiagnosticList list;
  const kaem::Finish finish = kaem::run_minimal(*read, *dialect, environment_of(arguments), host, list);
  kaem::tell_lost_output(host, text, form);
  for (const Diagnostic& diagnostic : list.all)
    assay::print_error("{}", shown(diagnostic, {&text, 1}, form, STDERR_FILENO));
  return finish.ending == Ending::crashes ? kStatusWouldCrash : finish.status;
}

}  // namespace

int main(int argc, char** argv) {
  return assay::run_program("kaem-minimal", EXIT_FAILURE, [&] { return run(argc, argv); });
}
