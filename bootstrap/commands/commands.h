// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The subcommands of the program `assay`. Each adds itself to the command line; what its action
// leaves in `status` is the exit status: 0 fine, 1 the tree or program fails, 2 cannot run.
#pragma once

#include <CLI/CLI.hpp>

#include "core/result.h"

namespace assay::bootstrap {

inline constexpr int kStatusPass = 0;
inline constexpr int kStatusFail = 1;
inline constexpr int kStatusCannotRun = 2;

/// Where steps are kept unless the user says otherwise: ${XDG_CACHE_HOME:-~/.cache}/assay/steps; empty:
/// nowhere.
std::string default_cache_directory();

/// What keeps a command from running, on standard error; its exit status.
int cannot_run(const Error& error);

/// Writes a report to a file, or prints it for "-": whether all of that could be written is asked at the end
/// of the program. Errors: those of write_host_file.
Result<void> write_report_text(const std::string& path, const std::string& text);

void add_audit_command(CLI::App& app, int& status);
void add_cache_command(CLI::App& app, int& status);
void add_chain_command(CLI::App& app, int& status);
void add_conform_command(CLI::App& app, int& status);
void add_diff_command(CLI::App& app, int& status);
void add_explain_command(CLI::App& app, int& status);
void add_image_command(CLI::App& app, int& status);
void add_init_command(CLI::App& app, int& status);
void add_lint_command(CLI::App& app, int& status);
void add_matrix_command(CLI::App& app, int& status);
void add_new_port_command(CLI::App& app, int& status);
void add_plan_command(CLI::App& app, int& status);
void add_preflight_command(CLI::App& app, int& status);
void add_record_command(CLI::App& app, int& status);
void add_run_command(CLI::App& app, int& status);
void add_sources_command(CLI::App& app, int& status);

}  // namespace assay::bootstrap
