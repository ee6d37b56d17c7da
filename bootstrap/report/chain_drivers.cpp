// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A chain as ninja, Nix and Bazel run it.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <set>

#include "bootstrap/report/chain_export.h"
#include "core/paths.h"

namespace assay::bootstrap {
namespace {

/// One word of a shell.
std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain{
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+./,:@%="};
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

/// "cd DIRECTORY && env -i NAME=VALUE... PROGRAM ARGUMENT..."; the program by its name in the command.
std::string command_line(const Command& command) {
  std::string line = command.cwd.empty() ? "" : fmt::format("cd {} && ", shell_word(command.cwd));
  line += "env -i";
  for (const std::string& entry : command.env) line += " " + shell_word(entry);
  // A bare name was found in PATH: the program is named from here.
  const std::string& first = command.argv.front();
  std::string up;
  for (std::size_t part = path_parts(command.cwd).size(); part > 0; --part) up += "../";
  const bool is_bare = first.find('/') == std::string::npos;
  line += " " + shell_word(is_bare ? (up.empty() ? "./" : up) + command.program : first);
  for (auto word = command.argv.begin() + 1; word != command.argv.end(); ++word)
    line += " " + shell_word(*word);
  return line;
}

/// Directories that must be there before the command runs.
std::set<std::string> directories_of(const ExportStep& step) {
  std::set<std::string> directories;
  const auto add = [&](std::string_view path) {
    if (!path.empty()) directories.emplace(path);
  };
  add(step.command->cwd);
  for (const FileDigest& file : step.outputs) add(parent_path(file.path));
  for (const std::string& entry : step.command->env) {
    constexpr std::string_view kTemporary{"TMPDIR="};
    if (entry.starts_with(kTemporary) && entry.size() > kTemporary.size() && entry[kTemporary.size()] != '/')
      add(join_path(step.command->cwd, entry.substr(kTemporary.size())));
  }
  return directories;
}

std::string ninja_path(std::string_view path) {
  std::string result;
  for (const char c : path) {
    if (c == '$' || c == ':' || c == ' ') result += '$';
    result += c;
  }
  return result;
}

std::string stamp_of(std::size_t step) { return fmt::format("assay-steps/{:04}", step); }

/// Where a step's copy of a file comes from and goes to, in a folder of its own: for drivers that show a step
/// nothing else.
std::string in_folder(const ExportStep& step, const std::vector<std::string>& given, std::string_view dollar,
                      const std::vector<std::string>& wanted) {
  std::string text;
  for (std::size_t input = 0; input < step.inputs.size(); ++input) {
    const std::string& path = step.inputs[input].path;
    if (!parent_path(path).empty()) text += fmt::format("mkdir -p {}\n", shell_word(parent_path(path)));
    text += fmt::format("cp -L {} {}\n", given[input], shell_word(path));
  }
  text += fmt::format("chmod u+wx {}\n", shell_word(step.inputs.front().path));
  for (const std::string& directory : directories_of(step))
    text += fmt::format("mkdir -p {}\n", shell_word(directory));
  std::string line = command_line(*step.command);
  for (std::size_t at = 0; (at = line.find('$', at)) != std::string::npos; at += dollar.size())
    line.replace(at, 1, dollar);
  text += fmt::format("({})\n", line);
  for (std::size_t output = 0; output < step.outputs.size(); ++output)
    text += fmt::format("cp -p {} {}\n", shell_word(step.outputs[output].path), wanted[output]);
  return text;
}

}  // namespace

std::string ninja_of(const ChainResult& result, const FileTree& tree) {
  const std::vector<ExportStep> steps = export_steps(result, tree);
  std::map<std::string, std::size_t, std::less<>> writers;
  for (const ExportStep& step : steps) {
    for (const FileDigest& file : step.outputs) ++writers[file.path];
  }
  std::string text = fmt::format(
      "# {} steps of {}, for a copy of the tree: each leaves a stamp in assay-steps.\n"
      "rule step\n  command = mkdir -p assay-steps $directories && ($line) && touch $stamp\n"
      "  description = $stamp $role\n"
      "# M2-Mesoplanet's temporary files have the same names in each run.\npool alone\n  depth = 1\n",
      steps.size(), result.chain.architecture->name);
  for (const ExportStep& step : steps) {
    text += fmt::format("\nbuild {}", stamp_of(step.number));
    std::string made;
    for (const FileDigest& file : step.outputs) {
      if (writers[file.path] == 1) made += " " + ninja_path(file.path);
    }
    if (!made.empty()) text += " |" + made;
    text += ": step";
    for (const ExportInput& input : step.inputs) {
      if (!input.from) text += " " + ninja_path(input.path);
    }
    if (!step.after.empty()) text += " |";
    for (const std::size_t before : step.after) text += " " + stamp_of(before);
    std::string line = command_line(*step.command);
    for (std::size_t at = 0; (at = line.find('$', at)) != std::string::npos; at += 2) line.insert(at, "$");
    std::string directories;
    for (const std::string& directory : directories_of(step)) directories += " " + shell_word(directory);
    text += fmt::format("\n  line = {}\n  stamp = {}\n  role = {}\n", line, stamp_of(step.number),
                        name_of(step.command->role));
    if (!directories.empty()) text += fmt::format("  directories ={}\n", directories);
    if (step.command->role == Role::m2_mesoplanet) text += "  pool = alone\n";
  }
  return text;
}

std::string nix_of(const ChainResult& result, const FileTree& tree) {
  const std::vector<ExportStep> steps = export_steps(result, tree);
  std::string text = fmt::format(
      "# {} steps of {}. src: the tree.\n"
      "{{ pkgs ? import <nixpkgs> {{ }}, src ? ./. }}:\n"
      "let\n  step = name: script: pkgs.runCommandLocal name {{ }} \"mkdir -p $out work; cd "
      "work\\n${{script}}\";\n"
      "in rec {{\n",
      steps.size(), result.chain.architecture->name);
  const auto nix_text = [](std::string_view plain) {  // inside ''...''
    std::string escaped;
    for (std::size_t at = 0; at < plain.size(); ++at) {
      if (plain.substr(at, 2) == "''") {
        escaped += "'''";
        ++at;
      } else if (plain.substr(at, 2) == "${") {
        escaped += "''${";
        ++at;
      } else {
        escaped += plain[at];
      }
    }
    return escaped;
  };
  // Marks that no script has stand for what Nix puts in.
  for (const ExportStep& step : steps) {
    std::vector<std::string> given;
    for (const ExportInput& input : step.inputs) {
      const std::string from = input.from ? fmt::format("step{}", *input.from) : "src";
      given.push_back(fmt::format("\x01{}\x02/{}", from, shell_word(input.path)));
    }
    std::vector<std::string> wanted;
    std::string folders;
    for (const FileDigest& file : step.outputs) {
      folders += fmt::format("mkdir -p \"$out\"/{}\n", shell_word(parent_path("./" + file.path)));
      wanted.push_back(fmt::format("\"$out\"/{}", shell_word(file.path)));
    }
    std::string script = nix_text(folders + in_folder(step, given, "$", wanted));
    for (const auto& [mark, put] : {std::pair{"\x01", "${"}, {"\x02", "}"}}) {
      for (std::size_t at = 0; (at = script.find(mark, at)) != std::string::npos;) script.replace(at, 1, put);
    }
    text += fmt::format("  step{} = step \"{:04}-{}\" ''\n{}'';\n", step.number, step.number,
                        name_of(step.command->role), script);
  }
  return text + "}\n";
}

std::string bazel_of(const ChainResult& result, const FileTree& tree) {
  const std::vector<ExportStep> steps = export_steps(result, tree);
  std::string text = fmt::format("# {} steps of {}, for the root of the tree.\n", steps.size(),
                                 result.chain.architecture->name);
  const auto label = [](std::size_t step, const std::string& path) {
    return fmt::format("assay-steps/{:04}/{}", step, path);
  };
  const auto in_quotes = [](std::string_view plain) {
    std::string quoted = "\"";
    for (const char c : plain) {
      if (c == '"' || c == '\\') quoted += '\\';
      if (c == '\n')
        quoted += "\\n";
      else
        quoted += c;
    }
    return quoted + "\"";
  };
  for (const ExportStep& step : steps) {
    std::vector<std::string> sources;
    std::vector<std::string> given;
    for (const ExportInput& input : step.inputs) {
      sources.push_back(in_quotes(input.from ? label(*input.from, input.path) : input.path));
      given.push_back(
          fmt::format("\"$$root/$(execpath {})\"", input.from ? label(*input.from, input.path) : input.path));
    }
    std::vector<std::string> outputs;
    std::vector<std::string> wanted;
    for (const FileDigest& file : step.outputs) {
      outputs.push_back(in_quotes(label(step.number, file.path)));
      wanted.push_back(fmt::format("\"$$root/$(execpath {})\"", label(step.number, file.path)));
    }
    if (outputs.empty()) {  // a rule makes something
      const std::string stamp = label(step.number, "done");
      outputs.push_back(in_quotes(stamp));
    }
    std::string script = "set -e\nroot=$$PWD\nwork=$$(mktemp -d)\ncd $$work\n";
    script += in_folder(step, given, "$$", wanted);
    if (step.outputs.empty())
      script += fmt::format("touch \"$$root/$(execpath {})\"\n", label(step.number, "done"));
    text += fmt::format(
        "\ngenrule(\n    name = \"step_{:04}\",\n    srcs = [{}],\n    outs = [{}],\n    cmd = {},\n)\n",
        step.number, fmt::join(sources, ", "), fmt::join(outputs, ", "), in_quotes(script));
  }
  return text;
}

}  // namespace assay::bootstrap
