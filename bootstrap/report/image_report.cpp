// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/image_report.h"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bootstrap/finding/finding_json.h"
#include "bootstrap/report/cause_text.h"
#include "bootstrap/report/replay_report.h"
#include "bootstrap/report/report.h"

namespace assay::image {
namespace {

using bootstrap::Overall;
using bootstrap::OverallVerdict;
using bootstrap::printable;
using bootstrap::utf8;
using nlohmann::json;

constexpr std::size_t kMostReasons = 5;  // errors that are told as such

/// The first errors, one line each.
void add_errors(const std::vector<Finding>& findings, Overall& overall) {
  std::size_t told = 0;
  std::size_t all = 0;
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::error || ++all > kMostReasons) continue;
    ++told;
    const std::string line = finding.line == 0 ? "" : fmt::format(":{}", finding.line);
    overall.add(OverallVerdict::fail,
                fmt::format("{}{}{}{} [{}]", finding.file, line, finding.file.empty() ? "" : ": ",
                            finding.message, finding.id));
  }
  if (all > told) overall.add(OverallVerdict::fail, fmt::format("and {} more errors", all - told));
}

json trees_json(const ImageReport& report) {
  json trees = json::array();
  for (const bootstrap::PackedTree& tree : report.trees) {
    json architectures = json::array();
    for (const bootstrap::Architecture* arch : tree.tree.architectures) architectures.push_back(arch->name);
    trees.push_back({{"root", utf8(tree.found.root)},
                     {"live_bootstrap", is_live_bootstrap(tree.found.family)},
                     {"architectures", std::move(architectures)}});
  }
  return trees;
}

}  // namespace

void compare_with_known(ImageRun& run, const std::vector<bootstrap::KnownState>& states) {
  const bool one_tree = !run.chains.empty() && std::ranges::count(run.tree_of, run.tree_of.front()) ==
                                                   static_cast<std::ptrdiff_t>(run.tree_of.size());
  if (one_tree) run.known = bootstrap::compare_with_known(run.ran.front(), run.chains, states, nullptr);
  if (run.known && !run.known->standing.alike) run.known.reset();
  bootstrap::drop_known_warnings(run.chains, run.known ? run.known->standing : bootstrap::Standing{});
}

Overall overall_of(const ImageRun& run) {
  Overall overall;
  for (const std::string& reason : run.report.unchecked)
    overall.add(run.report.checked ? OverallVerdict::incomplete : OverallVerdict::nothing_checked, reason);
  if (run.looked_at) add_errors(run.report.findings, overall);
  if (!run.chains.empty()) {
    const Overall chains = bootstrap::overall_of(run.chains);
    for (const std::string& reason : chains.reasons) overall.add(chains.verdict, reason);
  }
  if (run.replay) {
    const Overall replay = bootstrap::overall_of(*run.replay);
    for (const std::string& reason : replay.reasons) overall.add(replay.verdict, reason);
  }
  if (overall.reasons.empty()) overall.add(OverallVerdict::pass, "only looked at: nothing of it was run");
  return overall;
}

std::string report_text(const ImageReport& report) {
  std::string text;
  std::vector<Finding> findings = report.findings;
  std::ranges::stable_sort(findings, {}, [](const Finding& one) {
    return one.severity == Severity::error ? 0 : one.severity == Severity::warning ? 1 : 2;
  });
  for (const Finding& finding : findings) {
    const std::string line = finding.line == 0 ? "" : fmt::format(":{}", finding.line);
    const std::string where =
        finding.file.empty() ? "" : fmt::format("{}{}: ", printable(finding.file), line);
    text += fmt::format("{}{}: {} [{}]\n", where, name_of(finding.severity), printable(finding.message),
                        finding.id);
    if (!finding.help.empty() && finding.severity != Severity::note)
      text += fmt::format("  help: {}\n", finding.help);
  }
  if (!report.findings.empty()) text += "\n";
  if (report.size && report.accounting.size() != 0) text += report.accounting.table() + "\n";
  return text;
}

std::string counts_text(const ImageReport& report) {
  return fmt::format("{} errors, {} warnings, {} notes", report.count(Severity::error),
                     report.count(Severity::warning), report.count(Severity::note));
}

json report_json(const ImageRun& run, const Overall& overall) {
  const ImageReport& report = run.report;
  json findings = json::array();
  for (const Finding& finding : report.findings) findings.push_back(bootstrap::finding_json(finding, ""));
  json totals = json::object();
  for (const Content content : kContents)
    totals[std::string(name_of(content))] = report.accounting.bytes(content);
  json parts = json::array();
  for (const Part& part : report.accounting.parts()) {
    parts.push_back({{"offset", part.extent.begin},
                     {"size", part.extent.size()},
                     {"content", name_of(part.content)},
                     {"what", utf8(part.what)}});
  }
  json image{{"size", report.size ? json(*report.size) : json(nullptr)},
             {"passed", report.passed()},
             {"trees", trees_json(report)},
             {"accounting", {{"bytes", std::move(totals)}, {"parts", std::move(parts)}}}};
  json document = bootstrap::empty_report(report.path, name_of(report.kind));
  document["image"] = std::move(image);
  document["findings"] = std::move(findings);
  for (std::size_t index = 0; index < run.chains.size(); ++index) {
    const bootstrap::ChainResult& result = run.chains[index];
    const bootstrap::PackedTree& packed = report.trees[run.tree_of[index]];
    bootstrap::TreeDigests digests(*run.ran[index].files);
    json chain = bootstrap::chain_json(result, packed.tree.chain_of(*result.chain.architecture), digests);
    chain["root"] = utf8(packed.found.root);
    bootstrap::add_known(run.known, index, chain);
    document["chains"].push_back(std::move(chain));
    for (const Finding& finding : result.findings)
      document["findings"].push_back(bootstrap::finding_json(finding, result.chain.architecture->name));
  }
  if (run.known) document["tree"]["known"] = bootstrap::standing_json(run.known->standing);
  if (run.replay) add_replay(document, *run.replay);
  add_overall(document, overall);
  return document;
}

}  // namespace assay::image
