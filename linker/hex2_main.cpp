// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "command/mescc_command.h"
#include "command/program.h"
#include "command/seed_command.h"
#include "linker/diagnostics.h"
#include "linker/options.h"

namespace {

using namespace assay;

constexpr std::uint32_t kExecutableMode = 0750;

constexpr std::string_view kUsage =
    " --file FILENAME1 {-f FILENAME2} (--big-endian|--little-endian) [--base-address 0x12345] "
    "[--architecture name]\n"
    "Architecture: knight-native, knight-posix, x86, amd64, armv7l, aarch64, riscv32 and riscv64\n"
    "To leverage octal or binary input: --octal, --binary\n";

struct Settings {
  linker::Options options;
  std::vector<std::string> files = {};
  bool executable = true;
};

/// A status to exit with, or -1 to go on.
int parse(MesccCommand& command, Settings& settings) {
  const std::vector<std::string>& words = command.words();
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    switch (linker::read_option(words, at, settings.options)) {
      case linker::Word::option: break;
      case linker::Word::notice:
      case linker::Word::executable: command.print_error(linker::notice_of(word)); break;
      case linker::Word::file: settings.files.push_back(words[at]); break;
      case linker::Word::output:
        if (!command.open_output(words[at])) {
          return command.fail(fmt::format("The file: {} can not be opened!\n", words[at]));
        }
        break;
      case linker::Word::non_executable: settings.executable = false; break;
      case linker::Word::help:
        command.print_error("Usage: " + command.program() + std::string(kUsage));
        return 0;
      case linker::Word::version:
        command.print(command.dialect().is_1_4 ? "hex2 1.4.0\n" : "hex2 1.7.0\n");
        return 0;
      case linker::Word::missing_argument: return command.missing_argument(word);
      case linker::Word::unknown_architecture:
        command.print_error(fmt::format(
            "Unknown architecture: {} know values are: knight-native, knight-posix, x86, amd64, armv7l, "
            "riscv32 and riscv64",
            words[at]));
        break;
      case linker::Word::unknown: return command.fail("Unknown option\n");
    }
  }
  return -1;
}

int run(MesccCommand& command) {
  Settings settings{.options = {.dialect = &command.dialect(),
                                .want_map = command.wants_map(),
                                .want_warnings = command.wants_warnings(),
                                .sink = command.sink()}};
  if (const int status = parse(command, settings); status >= 0) return status;
  command.print_error(linker::warnings_about(settings.options));
  if (settings.files.empty()) return 1;
  linker::Link link(settings.options);
  std::vector<Source> sources;
  for (const std::string& name : settings.files) {
    const MesccInput input = command.read(name);
    if (input.state == MesccInput::State::missing) {
      return command.fail(fmt::format("The file: {} can not be opened!\n", name));
    }
    if (input.state != MesccInput::State::read) return command.bad_input(name, input.state);
    sources.push_back({name, input.bytes});
    if (!link.add(sources.back(), input.rewinds, command.diagnostics())) {
      return command.finish(link.failure(), sources);
    }
  }
  const Output output = link.finish(command.diagnostics());
  const int status = command.finish(output, sources);
  if (output.succeeded() && settings.executable) command.set_output_mode(kExecutableMode);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("hex2", kStatusFailed, [&] {
    const std::span<const DiagnosticKind> kinds[] = {linker::kKinds};
    MesccCommand command({.name = "hex2",
                          .summary = "Links hex2 texts to a binary, as the hex2 of mescc-tools does.\n",
                          .kinds = kinds},
                         argc, argv);
    return command.early_status() ? *command.early_status() : run(command);
  });
}
