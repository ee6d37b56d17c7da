// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/backend_options.h"

#include <filesystem>

#include "command/host_files.h"
#include "command/print.h"

namespace assay::bootstrap {
namespace {

namespace fs = std::filesystem;

/// Where a program names its dynamic linker, that stands behind its headers.
constexpr std::size_t kInterpreterWithin = 4096;

bool is_static(ByteView program) {
  return as_text(program).substr(0, kInterpreterWithin).find("/ld-linux") == std::string_view::npos;
}

}  // namespace

void add_program_option(CLI::App& command, std::string& program) {
  command
      .add_option("--program", program,
                  "Nix: the assay that builders run; one that needs no libraries (default: this one)")
      ->type_name("FILE");
}

void add_backend_options(CLI::App& command, BackendSettings& settings) {
  command.add_option("--backend", settings.backend, "Who computes: this process, or nix and its builders")
      ->check(CLI::IsMember({"local", "nix"}))
      ->capture_default_str();
  command.add_flag("--twice", settings.twice,
                   "Nix: compute everything two times, on other builders where there are some, and compare");
  add_program_option(command, settings.program);
}

Result<std::string> builders_program(const std::string& named) {
  std::error_code error;
  const fs::path path =
      named.empty() ? fs::read_symlink("/proc/self/exe", error) : fs::absolute(named, error);
  const Result<Bytes> program = read_host_file(path);
  if (!program) return tl::unexpected(program.error());
  if (!is_static(*program))
    assay::print_error(
        "assay: note: '{}' needs libraries of its machine: builders that have others fail "
        "[program-not-static]\n",
        path.string());
  return path.lexically_normal().string();
}

std::vector<Job> jobs_of(const std::string& label, const std::string& tree,
                         std::span<const Architecture* const> architectures) {
  std::error_code error;
  fs::path path = fs::absolute(tree, error).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  std::vector<Job> jobs;
  for (const Architecture* arch : architectures) jobs.push_back({label, path, std::string(arch->name)});
  return jobs;
}

Result<std::vector<ChainRecord>> run_jobs(std::span<const Job> jobs, const BackendSettings& settings,
                                          bool quiet) {
  Result<std::string> program = builders_program(settings.program);
  if (!program) return tl::unexpected(program.error());
  return run_with_nix(jobs, {std::move(*program), settings.twice, !quiet});
}

}  // namespace assay::bootstrap
