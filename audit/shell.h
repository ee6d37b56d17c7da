// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small subset of the shell, enough for build scripts: what commands a script runs in its functions, in
// order, with variables, braces and loops over words expanded. Nothing is run. What is inside of if, case or
// while is marked.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay::audit {

struct ShellCommand {
  std::vector<std::string> words = {};  ///< quotes undone; globs as they are; "(" and ")" of subshells alone
  std::string output = {};              ///< of ">": where to; empty: nowhere
  std::uint32_t line = 0;
  bool maybe = false;  ///< inside of a condition or a loop that is not over words
};

struct ShellScript {
  std::vector<ShellCommand> top;
  std::map<std::string, std::vector<ShellCommand>, std::less<>> functions;
};

inline constexpr std::size_t kMostShellBytes = 1U << 20U;
inline constexpr std::size_t kMostShellCommands = 1U << 14U;
inline constexpr std::size_t kMostShellWords = 4096;  ///< of one command, expanded

ShellScript read_shell(std::string_view text);

/// "a{b,c}d": "abd", "acd".
std::vector<std::string> expand_braces(const std::string& word);

}  // namespace assay::audit
