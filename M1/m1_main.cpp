// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "M1/m1.h"
#include "M1/m1_diagnostics.h"
#include "M1/m1_options.h"
#include "command/mescc_command.h"
#include "command/program.h"
#include "command/seed_command.h"

namespace {

using namespace assay;

constexpr std::string_view kUsage =
    " --file FILENAME1 {-f FILENAME2} (--big-endian|--little-endian) [--architecture name]\n"
    "Architectures: knight-native, knight-posix, x86, amd64, armv7, riscv32 and riscv64\n"
    "To leverage octal or binary output: --octal, --binary\n";

int run(MesccCommand& command) {
  const MesccDialect& dialect = command.dialect();
  m1::Options options{
      .dialect = &dialect, .want_map = command.wants_map(), .want_warnings = command.wants_warnings()};
  m1::Assembly assembly;
  std::vector<Source> sources;
  const std::vector<std::string>& words = command.words();
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    switch (m1::read_option(words, at, options)) {
      case m1::Word::option: break;
      case m1::Word::notice: command.print_error(m1::notice_of(word)); break;
      case m1::Word::missing_argument: return command.missing_argument(word);
      case m1::Word::unknown: return command.fail("Unknown option\n");
      case m1::Word::unknown_architecture:
        return command.fail(fmt::format(
            "Unknown architecture: {} know values are: knight-native, knight-posix, x86, amd64, armv7l, "
            "aarch64, ppc64le, riscv32 and riscv64",
            words[at]));
      case m1::Word::help: command.print_error("Usage: " + command.program() + std::string(kUsage)); return 0;
      case m1::Word::version: command.print(dialect.is_1_4 ? "M1 1.4.0\n" : "M1 1.7.0\n"); return 0;
      case m1::Word::output:
        if (!command.open_output(words[at])) {
          return command.fail(fmt::format("The file: {} can not be opened!\n", words[at]));
        }
        break;
      case m1::Word::file: {
        const MesccInput input = command.read(words[at]);
        if (input.state == MesccInput::State::missing) {
          return command.fail(fmt::format("The file: {} can not be opened!\n", words[at]));
        }
        if (input.state != MesccInput::State::read) return command.bad_input(words[at], input.state);
        sources.push_back({words[at], input.bytes});
        if (!assembly.add(sources.back(), command.diagnostics()))
          return command.finish(assembly.failure(), sources);
        break;
      }
    }
  }
  options.sink = command.sink();
  return command.finish(assembly.finish(options, command.diagnostics()), sources);
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("M1", kStatusFailed, [&] {
    const std::span<const DiagnosticKind> kinds[] = {m1::kKinds};
    MesccCommand command({.name = "M1",
                          .summary = "Assembles M1 text to hex2 text, as the M1 of mescc-tools does.\n",
                          .kinds = kinds},
                         argc, argv);
    return command.early_status() ? *command.early_status() : run(command);
  });
}
