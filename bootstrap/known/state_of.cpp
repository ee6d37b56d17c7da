// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/known/state_of.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>

#include "core/digest.h"

namespace assay::bootstrap {
namespace {

/// All files below a directory of a tree, but for what version control keeps there.
void add_others(const FileTree& files, const std::string& directory, TreeDigests& digests, Digests& others) {
  const Result<std::vector<std::string>> names = files.list(directory);
  if (!names) return;
  for (const std::string& name : *names) {
    if (name == ".git") continue;
    const std::string path = directory.empty() ? name : directory + "/" + name;
    const Result<NodeInfo> info = files.info(path);
    if (info && info->kind == NodeKind::directory) add_others(files, path, digests, others);
    if (info && info->kind == NodeKind::file) others[path] = digests.of(path);
  }
}

/// What a command reads, as far as its run or its words tell.
std::vector<std::string> read_by(const Command& command) {
  std::vector<std::string> paths = command.inputs;
  paths.push_back(command.program);
  if (!command.script.empty()) paths.push_back(command.script);
  return paths;
}

}  // namespace

const std::string& TreeDigests::of(const std::string& path) {
  const auto [found, is_new] = digests_.try_emplace(path);
  if (is_new) {
    if (const auto bytes = files_.read(path)) found->second = sha256(**bytes);
  }
  return found->second;
}

Digests sources_of(const ChainResult& result, TreeDigests& files) {
  std::set<std::string, std::less<>> made;
  Digests sources;
  const auto reads = [&](const std::string& path) {
    if (made.contains(path) || sources.contains(path)) return;
    if (const std::string& digest = files.of(path); !digest.empty()) sources[path] = digest;
  };
  for (const StepResult& step : result.steps) {
    const Command& command = result.chain.commands[step.command];
    for (const std::string& path : read_by(command)) reads(path);
    for (const FileDigest& file : step.inputs) reads(file.path);
    made.insert(command.outputs.begin(), command.outputs.end());
    for (const FileDigest& file : step.outputs) made.insert(file.path);
  }
  // Interpreters are no steps: their scripts.
  for (const Command& command : result.chain.commands)
    for (const std::string& path : read_by(command)) reads(path);
  return sources;
}

KnownState state_of(std::string name, std::span<const ChainResult> results, const FileTree& files) {
  KnownState state;
  state.name = std::move(name);
  TreeDigests digests(files);
  for (const ChainResult& result : results) {
    if (result.verdict == ChainVerdict::fail) continue;
    KnownChain& chain = state.chain_for(result.chain.architecture->name);
    chain.sources = sources_of(result, digests);
    for (const StepResult& step : result.steps)
      for (const FileDigest& file : step.outputs) chain.products[file.path].push_back(file.sha256);
  }
  add_others(files, "", digests, state.others);
  return state;
}

Result<KnownState> state_of_report(std::string name, std::string_view text) {
  KnownState state;
  state.name = std::move(name);
  try {
    const nlohmann::json report = nlohmann::json::parse(text);
    for (const nlohmann::json& one : report.at("chains")) {
      if (one.at("verdict") == "fail" || !one.contains("sources")) continue;
      KnownChain& chain = state.chain_for(one.at("arch").get<std::string>());
      for (const nlohmann::json& file : one.at("sources")) chain.sources[file.at("path")] = file.at("sha256");
      for (const nlohmann::json& step : one.at("steps"))
        for (const nlohmann::json& file : step.at("outputs"))
          chain.products[file.at("path")].push_back(file.at("sha256"));
    }
  } catch (const nlohmann::json::exception& trouble) {
    return fail("known-state-malformed",
                fmt::format("'{}' is no report of assay preflight --json", state.name));
  }
  if (state.chains.empty())
    return fail("known-state-malformed", fmt::format("no chain of '{}' is good", state.name));
  return state;
}

}  // namespace assay::bootstrap
