// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <deque>

#include "M1/blood_elf.h"
#include "core/mescc_command.h"

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
  blood_elf::Options& options = settings.options;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    const bool takes_file = word == "-f" || word == "--file";
    const bool takes_output = word == "-o" || word == "--output";
    if (takes_file || takes_output || word == "--entry") {
      if (at + 1 == words.size()) return command.missing_argument(word);
      const std::string& value = words[++at];
      if (takes_file) {
        settings.files.push_back(value);
      } else if (!takes_output) {
        options.entries.push_back(value);
      } else if (!command.open_output(value)) {
        // The message names the wrong file; without one, the real tool crashes.
        if (settings.files.empty()) return command.bad_input(value, MesccInput::State::crashes);
        return command.fail(fmt::format("The file: {} can not be opened!\n", settings.files.back()));
      }
    } else if (word == "-h" || word == "--help") {
      command.print_error("Usage: " + command.program() + std::string(kUsage));
      return 0;
    } else if (word == "--64") {
      options.wide = true;
    } else if (word == "-b" || word == "--binary") {
      options.base = DigitBase::binary;
    } else if (word == "-O" || word == "--octal") {
      options.base = DigitBase::octal;
    } else if (word == "-X" || word == "--hex") {
      options.base = DigitBase::hexadecimal;
    } else if (word == "--big-endian" || word == "--little-endian") {
      options.big_endian = word == "--big-endian";
      settings.endian_set = true;
    } else if (word == "-V" || word == "--version") {
      command.print(fmt::format("blood-elf 2.0.{}\n(Basically Launches Odd Object Dump ExecutabLe Files\n",
                                command.dialect().is_1_4 ? 0 : 1));
      return 0;
    } else {
      return command.fail("Unknown option\n");
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
  std::deque<Bytes> inputs;
  std::vector<Source> sources;
  for (const std::string& name : settings.files) {
    MesccInput input = command.read(name);
    if (input.state == MesccInput::State::missing) {
      return command.fail(fmt::format("The file: {} can not be opened!\n", name));
    }
    if (input.state != MesccInput::State::read) return command.bad_input(name, input.state);
    sources.push_back({name, inputs.emplace_back(std::move(input.bytes))});
    if (!footer.add(sources.back(), command.diagnostics())) return command.finish(footer.failure(), sources);
  }
  return command.finish(footer.finish(), sources);
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const DiagnosticKind> kinds[] = {blood_elf::kKinds};
  MesccCommand command(
      {.name = "blood-elf",
       .summary = "Writes an ELF footer for the labels of M1 texts, as mescc-tools' blood-elf does.\n",
       .kinds = kinds},
      argc, argv);
  return command.early_status() ? *command.early_status() : run(command);
}
