// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/sarif.h"

#include <fmt/format.h>
#include <string_view>
#include <utility>

#include "bootstrap/report/bad_step.h"
#include "bootstrap/report/rules.h"

namespace assay::bootstrap {
namespace {

using nlohmann::json;

/// A path of the tree as a relative URI reference: what is not unreserved is written %XX.
std::string uri_of(const std::string& path) {
  std::string uri;
  for (const char c : path) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       std::string_view("/._-~").find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

json place_of(const std::string& path, std::uint64_t line, std::uint64_t column, bool in_tree = true) {
  json place{{"artifactLocation", {{"uri", uri_of(path)}}}};
  if (in_tree) place["artifactLocation"]["uriBaseId"] = "TREE";
  if (line != 0) place["region"]["startLine"] = line;
  if (line != 0 && column != 0) place["region"]["startColumn"] = column;
  return place;
}

}  // namespace

void SarifLog::add(const SarifResult& added) {
  json result{
      {"ruleId", added.id},
      {"ruleIndex", index_of(added.id)},
      {"level", added.severity},
      {"message",
       {{"text", added.arch.empty() ? added.message : fmt::format("{}: {}", added.arch, added.message)}}}};
  // A result about the tree as a whole has no place of its own.
  json place;
  if (!added.file.empty()) {
    place = place_of(added.file, added.line, added.column);
    result["locations"] = json::array({{{"physicalLocation", place}}});
  }
  // Who runs it again sees which results are new.
  result["partialFingerprints"]["assayFinding/v1"] =
      fmt::format("{}|{}|{}", added.id, added.arch, place.dump());
  if (!added.digest.empty()) result["partialFingerprints"]["assayBytes/v1"] = added.digest;
  if (!added.properties.is_null()) result["properties"] = added.properties;
  if (!added.accepted.empty())
    result["suppressions"] = json::array({{{"kind", "external"}, {"justification", added.accepted}}});
  if (!added.baseline.empty()) result["baselineState"] = added.baseline;
  for (const SarifRelated& related : added.related) {
    result["relatedLocations"].push_back(
        {{"physicalLocation", place_of(related.file, related.line, 0, related.in_tree)},
         {"message", {{"text", related.message}}}});
  }
  results_.push_back(std::move(result));
}

json SarifLog::finish(const json& version, bool successful, json properties) {
  json run{{"tool",
            {{"driver",
              {{"name", "assay"},
               {"version", version},
               {"semanticVersion", version},
               {"rules", std::move(rules_)}}}}},
           {"originalUriBaseIds",
            {{"TREE", {{"description", {{"text", "the root of the tree that was checked"}}}}}}},
           {"invocations", json::array({{{"executionSuccessful", successful}}})},
           {"columnKind", "utf16CodeUnits"},
           {"results", std::move(results_)},
           {"properties", std::move(properties)}};
  return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
          {"version", "2.1.0"},
          {"runs", json::array({std::move(run)})}};
}

std::size_t SarifLog::index_of(const std::string& id) {
  const auto [found, is_new] = indices_.try_emplace(id, rules_.size());
  if (is_new) {
    const Rule rule = rule_of(pages_, id);
    rules_.push_back(
        {{"id", id},
         {"shortDescription", {{"text", rule.help.empty() ? id : rule.help}}},
         {"help", {{"text", rule.help.empty() ? id : rule.help}}},
         {"defaultConfiguration", {{"level", rule.severity.empty() ? "error" : rule.severity}}}});
  }
  return found->second;
}

json sarif_of(const json& report, std::span<const std::string_view> pages) {
  SarifLog log(pages);
  for (const json& chain : report.at("chains")) {
    for (const json& step : chain.at("steps")) {
      const std::string id = bad_step_id(step);
      if (id.empty()) continue;
      const json source = bad_step_source(step);
      const bool traced = source.is_object();
      log.add({id, "error", chain.at("arch"), bad_step_message(chain, step),
               traced ? source.at("file") : step.at("script"), traced ? source.at("line") : step.at("line"),
               traced ? source.at("column").get<std::uint64_t>() : 0});
    }
  }
  for (const json& finding : report.at("findings")) {
    const std::string message = finding.at("message");
    const std::string help = finding.at("help");
    log.add({finding.at("id"), finding.at("severity"), finding.at("arch"),
             help.empty() ? message : fmt::format("{} (help: {})", message, help), finding.at("file"),
             finding.at("line"), finding.at("column")});
  }
  return log.finish(report.at("version"), report.at("verdict") != "nothing-checked",
                    {{"verdict", report.at("verdict")}, {"reasons", report.at("reasons")}});
}

}  // namespace assay::bootstrap
