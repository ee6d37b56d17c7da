// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words that follow `assay`, before CLI11 reads them.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace assay::bootstrap {

/// Names commands that are read here alone, for the help.
void add_spoken_commands(CLI::App& app);

/// Answers `help TOPIC` and words that are no commands, and puts options in the place of `help` and
/// `version`. The exit status, if that was all.
std::optional<int> answer_words(const CLI::App& app, std::vector<std::string>& words);

/// Tells what CLI11 does not accept; returns the exit status.
int tell_parse_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace assay::bootstrap
