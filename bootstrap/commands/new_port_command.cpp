// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// assay new-port NAME: where a port to a new machine begins.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "bootstrap/commands/commands.h"
#include "bootstrap/conform/new_port.h"
#include "command/host_files.h"
#include "command/print.h"

namespace assay::bootstrap {
namespace {

struct Settings {
  conform::Port port;
  std::string directory;
};

int run(const Settings& settings) {
  const Result<std::vector<conform::PortFile>> files = conform::new_port(settings.port);
  if (!files) return cannot_run(files.error());
  const std::filesystem::path directory =
      settings.directory.empty() ? settings.port.name : settings.directory;
  std::error_code error;
  if (std::filesystem::exists(directory, error))
    return cannot_run({"file-exists", fmt::format("'{}' is there already", directory.string())});
  std::filesystem::create_directories(directory, error);
  if (error)
    return cannot_run(
        {"file-unwritable", fmt::format("cannot make '{}': {}", directory.string(), error.message())});
  for (const conform::PortFile& file : *files) {
    const std::string path = (directory / file.path).string();
    if (const Result<void> written = write_host_file(path, as_bytes(file.text)); !written)
      return cannot_run(written.error());
    assay::print("{}\n", path);
  }
  return kStatusPass;
}

}  // namespace

void add_new_port_command(CLI::App& app, int& status) {
  CLI::App& command = *app.add_subcommand("new-port", "Lays out where a port to a new machine begins");
  auto settings = std::make_shared<Settings>();
  command.add_option("NAME", settings->port.name, "The machine, as qemu-user calls it: loongarch64")
      ->required();
  command.add_option("--bits", settings->port.bits, "32 or 64 (64)")->type_name("N");
  command.add_flag("--big-endian", settings->port.big_endian, "The highest byte of a word comes first");
  command.add_option("--machine", settings->port.machine, "Its number in ELF files (e_machine)")
      ->type_name("N");
  command.add_option("--base", settings->port.base, "Where programs are loaded (0x600000)")
      ->type_name("ADDRESS");
  command.add_option("--directory", settings->directory, "Where to lay it out; must not exist (NAME)")
      ->type_name("DIR");
  command.callback([settings, &status] { status = run(*settings); });
}

}  // namespace assay::bootstrap
