// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/chain_export.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "bootstrap/finding/finding_json.h"

namespace assay::bootstrap {
namespace {

using nlohmann::json;

/// Whether a driver is to run it: no part of a step that somebody knows, and nothing that only starts others.
bool is_leaf(const ChainResult& result, const StepResult& step) {
  const std::vector<Command>& commands = result.chain.commands;
  const auto starts_known = [&](std::size_t whole) { return commands[whole].role != Role::unknown; };
  for (std::optional<std::size_t> at = commands[step.command].part_of; at; at = commands[*at].part_of) {
    if (starts_known(*at)) return false;
  }
  const bool has_parts =
      std::ranges::any_of(commands, [&](const Command& one) { return one.part_of == step.command; });
  return !has_parts || starts_known(step.command);
}

}  // namespace

std::vector<ExportStep> export_steps(const ChainResult& result, const FileTree& tree) {
  std::vector<ExportStep> steps;
  std::map<std::string, std::size_t, std::less<>> maker;
  std::map<std::string, std::set<std::size_t>, std::less<>> readers;  // since then
  for (const StepResult& step : result.steps) {
    if (!is_leaf(result, step)) continue;
    ExportStep one;
    one.number = steps.size() + 1;
    one.command = &result.chain.commands[step.command];
    one.outputs = step.outputs;
    std::set<std::size_t> after;
    const auto read = [&](const std::string& path) {
      const auto same = [&](const ExportInput& input) { return input.path == path; };
      if (std::ranges::any_of(one.inputs, same)) return;
      const auto made = maker.find(path);
      // What it made for its own parts is no input.
      if (made == maker.end() && !tree.info(path)) return;
      one.inputs.push_back({path, made == maker.end() ? std::nullopt : std::optional(made->second)});
      if (made != maker.end()) after.insert(made->second);
      readers[path].insert(one.number);
    };
    read(one.command->program);
    // With what its parts read, that they did not make themselves: they come before it.
    std::set<std::string_view> own;
    for (const StepResult& part : result.steps) {
      if (!result.chain.is_within(part.command, step.command)) continue;
      const Command& command = result.chain.commands[part.command];
      const auto read_other = [&](const std::string& path) {
        if (!own.contains(path)) read(path);
      };
      read_other(command.program);
      if (part.command != step.command) {
        for (const FileDigest& file : part.outputs) own.insert(file.path);
      }
      for (const std::string& path : command.inputs) read_other(path);
      for (const FileDigest& file : part.inputs) read_other(file.path);
    }
    for (const FileDigest& file : step.outputs) {
      if (const auto made = maker.find(file.path); made != maker.end()) after.insert(made->second);
      after.merge(readers[file.path]);
      readers.erase(file.path);
      maker[file.path] = one.number;
    }
    after.erase(one.number);
    one.after.assign(after.begin(), after.end());
    steps.push_back(std::move(one));
  }
  return steps;
}

std::string chain_text(const ChainResult& result, const FileTree& tree) {
  std::string text;
  for (const ExportStep& step : export_steps(result, tree)) {
    const Command& command = *step.command;
    const std::string place =
        command.script.empty() ? "" : fmt::format("{}:{}", command.script, command.line);
    text += fmt::format("{:>4} {:<13} {:<44} {}{}\n", step.number, name_of(command.role), printable(place),
                        command.cwd.empty() ? "" : fmt::format("cd {} && ", printable(command.cwd)),
                        printable(fmt::format("{}", fmt::join(command.argv, " "))));
  }
  return text;
}

json chain_export_json(const ChainResult& result, const FileTree& tree) {
  json steps = json::array();
  const auto words = [](const std::vector<std::string>& texts) {
    json list = json::array();
    for (const std::string& text : texts) list.push_back(utf8(text));
    return list;
  };
  for (const ExportStep& step : export_steps(result, tree)) {
    json inputs = json::array();
    for (const ExportInput& input : step.inputs)
      inputs.push_back(
          {{"path", utf8(input.path)}, {"from", input.from ? json(*input.from) : json(nullptr)}});
    json outputs = json::array();
    for (const FileDigest& file : step.outputs)
      outputs.push_back({{"path", utf8(file.path)}, {"sha256", file.sha256}, {"size", file.size}});
    const Command& command = *step.command;
    steps.push_back({{"number", step.number},
                     {"role", name_of(command.role)},
                     {"script", utf8(command.script)},
                     {"line", command.line},
                     {"argv", words(command.argv)},
                     {"env", words(command.env)},
                     {"cwd", utf8(command.cwd)},
                     {"inputs", std::move(inputs)},
                     {"outputs", std::move(outputs)}});
  }
  return {{"arch", result.chain.architecture->name}, {"steps", std::move(steps)}};
}

}  // namespace assay::bootstrap
