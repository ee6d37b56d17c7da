// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/sarif.h"

#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

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

json location_of(const std::string& path, std::uint64_t line, std::uint64_t column) {
  json place{{"artifactLocation", {{"uri", uri_of(path)}, {"uriBaseId", "TREE"}}}};
  if (line != 0) place["region"]["startLine"] = line;
  if (line != 0 && column != 0) place["region"]["startColumn"] = column;
  return {{"physicalLocation", std::move(place)}};
}

class Run {
 public:
  explicit Run(std::span<const std::string_view> pages) : pages_(pages) {}

  void add(const std::string& id, const std::string& severity, const std::string& arch,
           const std::string& message, json location) {
    json result{{"ruleId", id},
                {"ruleIndex", index_of(id)},
                {"level", severity},
                {"message", {{"text", arch.empty() ? message : fmt::format("{}: {}", arch, message)}}}};
    // A result about the tree as a whole has no place of its own.
    if (!location.is_null()) result["locations"] = json::array({std::move(location)});
    // Who runs it again sees which results are new.
    result["partialFingerprints"]["assayFinding/v1"] = fmt::format(
        "{}|{}|{}", id, arch, result.value("/locations/0/physicalLocation"_json_pointer, json()).dump());
    results_.push_back(std::move(result));
  }

  json finish(const json& report) {
    json run{
        {"tool",
         {{"driver",
           {{"name", "assay"},
            {"version", report.at("version")},
            {"semanticVersion", report.at("version")},
            {"rules", std::move(rules_)}}}}},
        {"originalUriBaseIds",
         {{"TREE", {{"description", {{"text", "the root of the tree that was checked"}}}}}}},
        {"invocations", json::array({{{"executionSuccessful", report.at("verdict") != "nothing-checked"}}})},
        {"columnKind", "utf16CodeUnits"},
        {"results", std::move(results_)},
        {"properties", {{"verdict", report.at("verdict")}, {"reasons", report.at("reasons")}}}};
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", json::array({std::move(run)})}};
  }

 private:
  std::size_t index_of(const std::string& id) {
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

  std::span<const std::string_view> pages_;
  std::map<std::string, std::size_t> indices_;
  json rules_ = json::array();
  json results_ = json::array();
};

}  // namespace

json sarif_of(const json& report, std::span<const std::string_view> pages) {
  Run run(pages);
  for (const json& chain : report.at("chains")) {
    for (const json& step : chain.at("steps")) {
      const std::string id = bad_step_id(step);
      if (id.empty()) continue;
      const json source = bad_step_source(step);
      run.add(id, "error", chain.at("arch"), bad_step_message(chain, step),
              source.is_object() ? location_of(source.at("file"), source.at("line"), source.at("column"))
                                 : location_of(step.at("script"), step.at("line"), 0));
    }
  }
  for (const json& finding : report.at("findings")) {
    const std::string message = finding.at("message");
    const std::string help = finding.at("help");
    const std::string file = finding.at("file");
    run.add(finding.at("id"), finding.at("severity"), finding.at("arch"),
            help.empty() ? message : fmt::format("{} (help: {})", message, help),
            file.empty() ? json() : location_of(file, finding.at("line"), finding.at("column")));
  }
  return run.finish(report);
}

}  // namespace assay::bootstrap
