// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "M1/blood_elf_options.h"
#include "command/mescc_command.h"
#include "command/program.h"
#include "command/seed_command.h"

namespace {

using namespace assay;

constexpr std::string_view kUsage = " --file FILENAME1 {--file FILENAME2} --output FILENAME\n";

struct Settings {
  blood_elf::Options options;
  std::vector<std::string> files = {};
  bool endian_set = false;
};

/// A status to exit with, or -1 to go on.
int parse(MesccCommand& command, Settings& settings) {
  const std::vector<std::string>& words = command.words();
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    switch (blood_elf::read_option(words, at, settings.options)) {
      case blood_elf::Word::option: break;
      case blood_elf::Word::endianness: settings.endian_set = true; break;
      case blood_elf::Word::file: settings.files.push_back(words[at]); break;
      case blood_elf::Word::output:
        if (command.open_output(words[at])) break;
        // The message names the wrong file; without one, the real tool crashes.
        if (settings.files.empty()) return command.bad_input(words[at], MesccInput::State::crashes);
        return command.fail(fmt::format("The file: {} can not be opened!\n", settings.files.back()));
      case blood_elf::Word::help:
        command.print_error("Usage: " + command.program() + std::string(kUsage));
        return 0;
      case blood_elf::Word::version:
        command.print(fmt::format("blood-elf 2.0.{}\n(Basically Launches Odd Object Dump ExecutabLe Files\n",
                                  command.dialect().is_1_4 ? 0 : 1));
        return 0;
      case blood_elf::Word::missing_argument: return command.missing_argument(word);
      case blood_elf::Word::unknown: return command.fail("Unknown option\n");
    }
  }
  return -1;
}

int run(MesccCommand& command) {
  Settings settings{.options = {.want_map = command.wants_map()}};
  if (const int status = parse(command, settings); status >= 0) return status;
  if (settings.files.empty()) return 1;
  if (!settings.endian_set) return command.fail("either --little-endian or --big-endian MUST be set\n");
  blood_elf::Footer footer(settings.options);
  std::vector<Source> sources;
  for (const std::string& name : settings.files) {
    const MesccInput input = command.read(name);
    if (input.state == MesccInput::State::missing) {
      return command.fail(fmt::format("The file: {} can not be opened!\n", name));
    }
    if (input.state != MesccInput::State::read) return command.bad_input(name, input.state);
    sources.push_back({name, input.bytes});
    if (!footer.add(sources.back(), command.diagnostics())) return command.finish(footer.failure(), sources);
  }
  return command.finish(footer.finish(), sources);
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("blood-elf", kStatusFailed, [&] {
    const std::span<const DiagnosticKind> kinds[] = {blood_elf::kKinds};
    MesccCommand command(
        {.name = "blood-elf",
         .summary = "Writes an ELF footer for the labels of M1 texts, as mescc-tools' blood-elf does.\n",
         .kinds = kinds},
        argc, argv);
    return command.early_status() ? *command.early_status() : run(command);
  });
}
