// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// kaem: drop-in for the script interpreter of mescc-tools 1.7.0. Besides, as its first word,
// `--assay-diagnostics=FORM` says in which form diagnostics are shown, and then
// `--check FILE [--minimal ARCH]` reads a script and reports what does not do what it looks like.
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "command/diagnostic_printer.h"
#include "command/host_files.h"
#include "command/print.h"
#include "command/program.h"
#include "kaem/check.h"
#include "kaem/interpreter.h"
#include "kaem/lost_output.h"
#include "kaem/process_host.h"

extern char** environ;

namespace {

constexpr std::string_view kFormOption = "--assay-diagnostics=";  // as the first word
constexpr int kStatusCrash = 71;                                  // where the real kaem dies of a signal

/// Prints errors that the real kaem does not explain: its crashes.
class CrashNotes final : public assay::DiagnosticSink {
 public:
  CrashNotes(const assay::Source& script, assay::DiagnosticForm form) : script_(script), form_(form) {}
  using DiagnosticSink::report;
  void report(assay::Diagnostic diagnostic) override { last_ = std::move(diagnostic); }
  void print() const {
    if (last_.kind != nullptr)
      assay::print_error("{}", assay::shown(last_, {&script_, 1}, form_, STDERR_FILENO));
  }

 private:
  const assay::Source& script_;
  assay::DiagnosticForm form_;
  assay::Diagnostic last_;
};

/// Exit status: 0 nothing but notes, 1 warnings or errors, 2 cannot check.
int check(const std::vector<std::string>& words, assay::DiagnosticForm form) {
  using namespace assay;
  const bool minimal = words.size() == 5 && words[3] == "--minimal";
  const kaem::MinimalDialect* dialect = minimal ? kaem::minimal_dialect(words[4]) : nullptr;
  if ((words.size() != 3 && !minimal) || (minimal && dialect == nullptr)) {
    assay::print_error("usage: kaem --check FILE [--minimal x86|AMD64|AArch64|riscv32|riscv64]\n");
    return 2;
  }
  const Result<Bytes> script = read_host_file(words[2]);
  if (!script) {
    assay::print_error("kaem: {}\n", script.error().message);
    return 2;
  }
  const Source source{words[2], *script};
  DiagnosticList list;
  kaem::check_script(*script, 0, dialect, list);
  for (const Diagnostic& one : list.all) assay::print("{}", shown(one, {&source, 1}, form, STDOUT_FILENO));
  const bool clean = std::all_of(list.all.begin(), list.all.end(),
                                 [](const Diagnostic& one) { return one.severity == Severity::note; });
  if (!standard_streams_whole("kaem")) return 2;
  return clean ? 0 : 1;
}

int run(int argc, char** argv) {
  using namespace assay;
  std::vector<std::string> words(argv, argv + argc);
  DiagnosticForm form = default_diagnostic_form();
  if (words.size() > 1 && words[1].starts_with(kFormOption)) {
    const std::optional<DiagnosticForm> found = find_diagnostic_form(words[1].substr(kFormOption.size()));
    if (!found) {
      assay::print_error("kaem: no such form of diagnostics: '{}'\n", words[1].substr(kFormOption.size()));
      return EXIT_FAILURE;
    }
    form = *found;
    words.erase(words.begin() + 1);
  }
  if (words.size() > 1 && words[1] == "--check") return check(words, form);
  const kaem::CommandLine line = kaem::parse_command_line(words);
  kaem::ProcessHost host;
  if (line.status) {
    host.write_output(line.text);
    return *line.status;
  }
  // The real kaem measures its script by seeking to the end, which a pipe refuses: it dies silently.
  std::error_code error;
  const std::filesystem::file_type type = std::filesystem::status(line.settings.script, error).type();
  if (type == std::filesystem::file_type::fifo || type == std::filesystem::file_type::socket)
    return EXIT_FAILURE;
  const Result<Bytes> script = read_host_file(line.settings.script);
  if (!script) {
    host.write_error(kaem::missing_script_text(line.settings.script));
    return EXIT_FAILURE;
  }
  std::vector<std::string> inherited;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    inherited.emplace_back(*entry);
    if (inherited.back().size() >= kaem::kMaxString) {
      host.write_error("Environment variable exceeds length restriction\n");
      return EXIT_FAILURE;
    }
  }
  const Source source{line.settings.script, *script};
  CrashNotes notes(source, form);
  const kaem::Finish finish =
      kaem::interpret(*script, 0, line.settings,
                      kaem::initial_environment(std::move(inherited), words.empty() ? "kaem" : words[0],
                                                line.settings.init_mode),
                      host, notes);
  kaem::tell_lost_output(host, source, form);
  if (finish.ending == Ending::exits) return finish.status;
  notes.print();
  return kStatusCrash;
}

}  // namespace

int main(int argc, char** argv) {
  return assay::run_program("kaem", EXIT_FAILURE, [&] { return run(argc, argv); });
}
