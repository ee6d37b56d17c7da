// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Completions for bash, zsh and fish, of what programs say to --help.
#pragma once

#include <string>
#include <vector>

namespace assay::pages {

struct CompletionOption {
  std::string name;  ///< with its hyphens
  bool takes_value = false;
  std::vector<std::string> values;  ///< all there are; empty: a file, where it takes a value
};

/// A program, or a command of it.
struct CompletionCommand {
  std::string path;  ///< " image build"; empty for the program itself
  std::vector<CompletionOption> options;
  std::vector<std::string> words;  ///< that may stand there: commands, topics
};

/// `help`: what it says, and behind it options that it does not name.
CompletionCommand completion_command(std::string path, const std::string& help);

/// The first is the program itself.
std::string bash_completion(const std::string& program, const std::vector<CompletionCommand>& commands);
std::string zsh_completion(const std::string& program, const std::vector<CompletionCommand>& commands);
std::string fish_completion(const std::string& program, const std::vector<CompletionCommand>& commands);

}  // namespace assay::pages
