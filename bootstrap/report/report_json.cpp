// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bootstrap/check/compare.h"
#include "bootstrap/finding/finding_json.h"
#include "bootstrap/known/state_of.h"
#include "bootstrap/report/cause_text.h"
#include "bootstrap/report/report.h"
#include "bootstrap/tree/program_check.h"

namespace assay::bootstrap {
namespace {

using nlohmann::json;

json files_json(const std::vector<FileDigest>& files, bool with_mode) {
  json list = json::array();
  for (const FileDigest& file : files) {
    json entry{{"path", utf8(file.path)}, {"sha256", file.sha256}, {"size", file.size}};
    if (with_mode) entry["mode"] = fmt::format("{:04o}", file.mode);
    list.push_back(std::move(entry));
  }
  return list;
}

json byte_json(const std::optional<Byte>& byte) { return byte ? json(*byte) : json(nullptr); }

json place_json(const std::string& path, Position position, const std::string& text) {
  if (path.empty()) return nullptr;
  return {{"file", utf8(path)}, {"line", position.line}, {"column", position.column}, {"text", utf8(text)}};
}

/// A program may print without end: the last of it says why it failed.
json printed_json(std::string_view printed) {
  constexpr std::size_t kMostBytes = std::size_t{64} << 10U;
  return utf8(printed.substr(printed.size() - std::min(printed.size(), kMostBytes)));
}

json divergence_json(const Divergence& divergence) {
  json entry{
      {"path", utf8(divergence.path)},
      {"offset", divergence.offset},
      {"address", divergence.address},
      {"seed", byte_json(divergence.seed)},
      {"reference", byte_json(divergence.reference)},
      {"source", place_json(divergence.source_path, divergence.source_position, divergence.source_line)}};
  if (divergence.seed_mode) entry["seed_mode"] = fmt::format("{:04o}", *divergence.seed_mode);
  if (divergence.reference_mode) entry["reference_mode"] = fmt::format("{:04o}", *divergence.reference_mode);
  if (!divergence.seed_state.empty()) {
    entry["seed_state"] = utf8(divergence.seed_state);
    entry["reference_state"] = utf8(divergence.reference_state);
  }
  return entry;
}

/// The index of the step that a command is.
json step_of(const ChainResult& result, std::optional<std::size_t> command) {
  const auto found = std::find_if(result.steps.begin(), result.steps.end(),
                                  [&](const StepResult& step) { return command == step.command; });
  return found == result.steps.end() ? json(nullptr) : json(found - result.steps.begin());
}

std::vector<FileDigest> digests_of(const std::vector<RoadFile>& files) {
  std::vector<FileDigest> digests;
  for (const RoadFile& file : files) digests.push_back(digest_of(file));
  return digests;
}

/// A seed, another binary that somebody brought along, or text that a person can read.
std::string_view kind_of(const std::string& path, const ChainDescription& chain, const FileTree& files) {
  if (chain.seed(path) != nullptr) return "seed";
  const auto bytes = files.read(path);
  return bytes && is_binary(**bytes) ? "binary" : "text";
}

json sources_json(const ChainResult& result, const ChainDescription& chain, TreeDigests& tree) {
  json sources = json::array();
  for (const auto& [path, digest] : sources_of(result, tree))
    sources.push_back(
        {{"path", utf8(path)}, {"sha256", digest}, {"kind", kind_of(path, chain, tree.files())}});
  return sources;
}

json step_json(const ChainResult& result, const StepResult& step, std::size_t index) {
  const Command& command = result.chain.commands[step.command];
  json argv = json::array();
  for (const std::string& word : command.argv) argv.push_back(utf8(word));
  json entry{{"index", index},
             {"script", utf8(command.script)},
             {"line", command.line},
             {"role", name_of(command.role)},
             {"program", utf8(command.program)},
             {"argv", std::move(argv)},
             {"cwd", utf8(command.cwd)},
             {"verdict", name_of(step.verdict)},
             {"inputs", files_json(step.inputs, false)},
             {"outputs", files_json(step.outputs, true)},
             {"instructions", step.instructions},
             {"seconds", step.seconds}};
  entry["built_by"] = step_of(result, command.built_by);
  entry["part_of"] = step_of(result, command.part_of);
  const bool parted = step.verdict == Verdict::differ || step.verdict == Verdict::failed;
  if (parted && !step.reference_files.empty())
    entry["reference_outputs"] = files_json(digests_of(step.reference_files), true);
  if (step.by) entry["derived_by"] = name_of(*step.by);
  if (!command.sources.empty()) entry["program_sources"] = command.sources;
  if (step.divergence) entry["divergence"] = divergence_json(*step.divergence);
  if (!step.failure.empty()) {
    entry["failure"] = {{"message", utf8(step.failure)},
                        {"source", place_json(step.fault_path, step.fault_position, step.fault_line)},
                        {"standard_output", printed_json(step.standard_output)},
                        {"standard_error", printed_json(step.standard_error)}};
  }
  return entry;
}

json pins_json(const Pins& pins) {
  json rows = json::array();
  const auto digest = [](const std::string& text) { return text.empty() ? json(nullptr) : json(text); };
  for (const Pin& pin : pins.rows)
    rows.push_back({{"list", utf8(pin.list)},
                    {"line", pin.line},
                    {"path", utf8(pin.path)},
                    {"wanted", pin.wanted},
                    {"seed", digest(pin.seed)},
                    {"reference", digest(pin.reference)},
                    {"verdict", name_of(pin.verdict)},
                    {"step", pin.step ? json(*pin.step) : json(nullptr)}});
  return {{"rows", std::move(rows)}, {"later", pins.later}, {"unpinned", pins.unpinned}};
}

}  // namespace

json chain_json(const ChainResult& result, const ChainDescription& described, TreeDigests& tree) {
  json steps = json::array();
  for (std::size_t index = 0; index < result.steps.size(); ++index)
    steps.push_back(step_json(result, result.steps[index], index));
  json chain{{"arch", result.chain.architecture->name},
             {"verdict", name_of(result.verdict)},
             {"answers", {{"ok", result.answers.ok}, {"total", result.answers.total}}},
             {"seconds", result.seconds},
             {"instructions", result.instructions},
             {"sources", sources_json(result, described, tree)},
             {"pins", pins_json(result.pins)},
             {"steps", std::move(steps)}};
  if (result.chain.ended) chain["until"] = utf8(result.until);
  return chain;
}

json empty_report(const std::string& path, std::string_view kind) {
  return {{"tool", "assay"},         {"version", ASSAY_VERSION},
          {"schema", kSchema},       {"tree", {{"path", utf8(path)}, {"kind", kind}}},
          {"chains", json::array()}, {"findings", json::array()}};
}

json report_json(const Tree& tree, std::span<const ChainResult> results, const Overall& overall,
                 const Comparison* known) {
  json chains = json::array();
  json findings = json::array();
  TreeDigests digests(*tree.files);
  for (std::size_t index = 0; index < results.size(); ++index) {
    const ChainResult& result = results[index];
    json chain = chain_json(result, tree.chain_of(*result.chain.architecture), digests);
    if (known != nullptr) add_known(*known, index, chain);
    chains.push_back(std::move(chain));
    for (const Finding& finding : result.findings)
      findings.push_back(finding_json(finding, result.chain.architecture->name));
  }
  json report = empty_report(tree.path, name_of(tree.kind));
  report["chains"] = std::move(chains);
  report["findings"] = std::move(findings);
  if (known != nullptr) report["tree"]["known"] = standing_json(known->standing);
  add_overall(report, overall);
  return report;
}

}  // namespace assay::bootstrap
