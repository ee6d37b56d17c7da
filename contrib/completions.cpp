// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "contrib/completions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <utility>

namespace assay::pages {
namespace {

const std::string kArchitectures = "x86,AMD64,AArch64,riscv32,riscv64";

/// What an option takes whose help names it so, where the help does not list it.
const std::map<std::string, std::string>& values_by_name() {
  static const std::map<std::string, std::string> values = {
      {"--arch NAME", kArchitectures},
      {"--architecture name", "knight-native,knight-posix,x86,amd64,armv7l,aarch64,riscv32,riscv64"},
      {"--trace KIND", "insn,block,syscall"},
      {"--trace-format FORMAT", "text,json"},
  };
  return values;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : text + ",") {
    if (c != ',') {
      part += c;
    } else if (!part.empty()) {
      parts.push_back(std::exchange(part, ""));
    }
  }
  return parts;
}

/// All words of a help text that are options, in order, each once.
std::vector<std::string> options_of(const std::string& help) {
  std::vector<std::string> options;
  const auto is_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
  };
  for (std::size_t at = 0; at < help.size(); ++at) {
    if (help[at] != '-' || (at > 0 && (is_name(help[at - 1]) || help[at - 1] == '/'))) continue;
    std::size_t end = at;
    while (end < help.size() && is_name(help[end])) ++end;
    std::string word = help.substr(at, end - at);
    const std::size_t letter = word.find_first_not_of('-');
    if (letter != std::string::npos && letter <= 2 &&
        std::isalpha(static_cast<unsigned char>(word[letter])) != 0 &&
        std::find(options.begin(), options.end(), word) == options.end()) {
      options.push_back(word);
    }
    at = end;
  }
  return options;
}

/// "--kind TEXT:{a,b}" or "-o,--output FILE" in the list of options, or "--architecture name" in a line of
/// usage.
void find_values(const std::string& help, CompletionOption& option) {
  const std::regex listed(
      "(^|\n)  (?:-[^ \n]*,)?" + option.name +
      "(?:,-[^ \n]*)? (REQUIRED )?([A-Za-z\\[][^ :{\n]*)?(?::\\{([^}]*)\\})?(  |[ =\n]|$)");
  std::smatch found;
  if (std::regex_search(help, found, listed) && (found[2].matched || found[3].matched || found[4].matched)) {
    option.takes_value = true;
    option.values = split(found[4]);
  }
  for (const auto& [named, values] : values_by_name()) {
    const std::string name = named.substr(0, named.find(' '));
    if (name != option.name || help.find(named) == std::string::npos) continue;
    option.takes_value = true;
    option.values = split(values);
  }
}

/// Commands are listed a line each; topics behind "or about: ".
std::vector<std::string> words_of(const std::string& help) {
  std::vector<std::string> words;
  const std::size_t from = help.find("\nSubcommands:");
  if (from == std::string::npos) return words;
  const std::string list = help.substr(from);
  const std::regex row("\n  ([a-z]+)  ");
  for (std::sregex_iterator at(list.begin(), list.end(), row), end; at != end; ++at)
    words.push_back((*at)[1]);
  return words;
}

std::vector<std::string> topics_of(const std::string& help) {
  std::smatch found;
  if (!std::regex_search(help, found, std::regex("or about: ([a-z, ]+)\n"))) return {};
  std::string list = found[1];
  std::erase(list, ' ');
  return split(list);
}

std::vector<std::string> names_of(const CompletionCommand& command) {
  std::vector<std::string> names;
  for (const CompletionOption& option : command.options) names.push_back(option.name);
  return names;
}

/// Walks from the program to the command that the cursor is in: a case a step.
std::string walk(const std::vector<CompletionCommand>& commands) {
  std::string text;
  for (const CompletionCommand& command : commands) {
    if (!command.path.empty()) text += fmt::format("      ('{0}') at='{0}' ;;\n", command.path);
  }
  return text;
}

/// `help` answers to the names of commands and topics.
std::vector<CompletionCommand> with_help(const std::vector<CompletionCommand>& commands) {
  std::vector<CompletionCommand> all = commands;
  CompletionCommand& program = all.front();
  const auto at = std::find(program.words.begin(), program.words.end(), "|");
  if (at == program.words.end()) return all;
  CompletionCommand help{" help", {}, {at + 1, program.words.end()}};
  program.words.erase(at, program.words.end());
  help.words.insert(help.words.begin(), program.words.begin(), program.words.end());
  all.push_back(std::move(help));
  return all;
}

}  // namespace

CompletionCommand completion_command(std::string path, const std::string& help) {
  CompletionCommand command{std::move(path), {}, words_of(help)};
  for (const std::string& name : options_of(help)) {
    CompletionOption option{name, false, {}};
    find_values(help, option);
    command.options.push_back(std::move(option));
  }
  const std::vector<std::string> topics = topics_of(help);
  if (!topics.empty()) {
    command.words.emplace_back("|");
    command.words.insert(command.words.end(), topics.begin(), topics.end());
  }
  return command;
}

std::string bash_completion(const std::string& program, const std::vector<CompletionCommand>& given) {
  const std::vector<CompletionCommand> commands = with_help(given);
  std::string name = "_" + program;
  std::replace(name.begin(), name.end(), '-', '_');
  std::string values;
  std::string words;
  for (const CompletionCommand& command : commands) {
    for (const CompletionOption& option : command.options) {
      if (!option.takes_value) continue;
      values += option.values.empty() ? fmt::format("    ('{} {}') return ;;\n", command.path, option.name)
                                      : fmt::format("    ('{} {}') words='{}' ;;\n", command.path,
                                                    option.name, fmt::join(option.values, " "));
    }
    words += fmt::format("    ('{}')\n      words='{}'\n      [[ $cur == -* ]] && words+=' {} '\n      ;;\n",
                         command.path, fmt::join(command.words, " "), fmt::join(names_of(command), " "));
  }
  return fmt::format(R"(# Completions of {1} for bash. What is no word of it is a file.
{0}() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} at= words= word
  COMPREPLY=()
  if [[ $cur == '=' ]]; then cur=; elif [[ $prev == '=' ]]; then prev=${{COMP_WORDS[COMP_CWORD-2]}}; fi
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$at $word" in
{2}      (*) ;;
    esac
  done
  case "$at $prev" in
{3}    (*) ;;
  esac
  [[ -n $words ]] || case $at in
{4}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}}
complete -o default -F {0} {1}
)",
                     name, program, walk(commands), values, words);
}

std::string zsh_completion(const std::string& program, const std::vector<CompletionCommand>& given) {
  const std::vector<CompletionCommand> commands = with_help(given);
  std::string values;
  std::string words;
  for (const CompletionCommand& command : commands) {
    for (const CompletionOption& option : command.options) {
      if (!option.takes_value) continue;
      values += fmt::format(
          "  ('{} {}') {}; return ;;\n", command.path, option.name,
          option.values.empty() ? "_files" : fmt::format("compadd -- {}", fmt::join(option.values, " ")));
    }
    std::string quoted;
    for (const std::string& option : names_of(command)) quoted += fmt::format(" '{}'", option);
    words += fmt::format("  ('{}')\n    known=({})\n    options=({})\n    ;;\n", command.path,
                         fmt::join(command.words, " "), quoted);
  }
  return fmt::format(R"(#compdef {0}
# Completions of {0} for zsh. What is no word of it is a file.
local at= word previous=${{words[CURRENT-1]}}
local -a known options
for word in ${{words[2,CURRENT-1]}}; do
  case "$at $word" in
{1}  esac
done
case "$at $previous" in
{2}esac
case $at in
{3}esac
if [[ ${{words[CURRENT]}} == -* ]]; then
  compadd -- $options
elif (( $#known )); then
  compadd -- $known
else
  _files
fi
)",
                     program, walk(commands), values, words);
}

std::string fish_completion(const std::string& program, const std::vector<CompletionCommand>& given) {
  const std::vector<CompletionCommand> commands = with_help(given);
  std::string text;
  for (const CompletionCommand& command : commands) {
    std::string seen;
    std::string path = command.path;
    for (std::size_t at = 0; (at = path.find(' ')) != std::string::npos;) {
      path.erase(0, at + 1);
      seen += fmt::format("{}__fish_seen_subcommand_from {}", seen.empty() ? "" : "; and ",
                          path.substr(0, path.find(' ')));
    }
    if (seen.empty() && commands.size() > 1) seen = "__fish_use_subcommand";
    const std::string head =
        fmt::format("complete -c {}{}", program, seen.empty() ? "" : fmt::format(" -n '{}'", seen));
    if (!command.words.empty()) text += fmt::format("{} -f -a '{}'\n", head, fmt::join(command.words, " "));
    for (const CompletionOption& option : command.options) {
      const bool is_long = option.name.starts_with("--");
      const std::string_view kind = is_long ? "-l" : option.name.size() == 2 ? "-s" : "-o";
      const std::string value = !option.takes_value ? ""
                                : option.values.empty()
                                    ? " -r"
                                    : fmt::format(" -x -a '{}'", fmt::join(option.values, " "));
      text += fmt::format("{}{} {} {}\n", head, value, kind, option.name.substr(is_long ? 2 : 1));
    }
  }
  return text.empty() ? fmt::format("complete -c {}\n", program) : text;
}

}  // namespace assay::pages
