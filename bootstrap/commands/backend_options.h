// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Options of all commands that can let others compute.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "bootstrap/scale/nix_backend.h"

namespace assay::bootstrap {

struct BackendSettings {
  std::string backend = "local";
  std::string program;
  bool twice = false;

  [[nodiscard]] bool is_nix() const { return backend == "nix"; }
};

void add_backend_options(CLI::App& command, BackendSettings& settings);
void add_program_option(CLI::App& command, std::string& program);

/// The program that builders run: the one that was named, else this one. Says so where it needs libraries
/// that other machines may not have. Errors: "file-not-found" and the like.
Result<std::string> builders_program(const std::string& named);

/// The chains of one tree each, by Nix.
Result<std::vector<ChainRecord>> run_jobs(std::span<const Job> jobs, const BackendSettings& settings,
                                          bool quiet);

/// A job an architecture. The path is made absolute.
std::vector<Job> jobs_of(const std::string& label, const std::string& tree,
                         std::span<const Architecture* const> architectures);

}  // namespace assay::bootstrap
