// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/in_toto.h"

#include <map>
#include <nlohmann/json.hpp>

namespace assay::bootstrap {
namespace {

using nlohmann::json;

constexpr const char* kStatement = "https://in-toto.io/Statement/v1";
constexpr const char* kProvenance = "https://slsa.dev/provenance/v1";
// Names of our own: docs/reports.md says what they mean.
constexpr const char* kTree = "urn:assay:tree:v1";
constexpr const char* kStep = "urn:assay:step:v1";
constexpr const char* kBuilder = "urn:assay:preflight";

json descriptor(const json& path, const json& digest) {
  return {{"name", path}, {"digest", {{"sha256", digest}}}};
}

json statement(json subject, const char* type, json predicate) {
  return {{"_type", kStatement},
          {"subject", std::move(subject)},
          {"predicateType", type},
          {"predicate", std::move(predicate)}};
}

json provenance(const json& report, const json& chain, const json& step, json materials) {
  return {{"buildDefinition",
           {{"buildType", kStep},
            {"externalParameters",
             {{"tree", report.at("tree").at("path")},
              {"arch", chain.at("arch")},
              {"script", step.at("script")},
              {"line", step.at("line")},
              {"program", step.at("program")},
              {"argv", step.at("argv")},
              {"cwd", step.at("cwd")}}},
            {"internalParameters", {{"role", step.at("role")}}},
            {"resolvedDependencies", std::move(materials)}}},
          {"runDetails", {{"builder", {{"id", kBuilder}, {"version", {{"assay", report.at("version")}}}}}}},
          {"assay_verdict", step.at("verdict")}};
}

/// Seeds and binaries by name, all else as the statement's subject.
json tree_statement(const json& report, const json& chain) {
  json subject = json::array();
  json seeds = json::array();
  json binaries = json::array();
  for (const json& source : chain.at("sources")) {
    subject.push_back(descriptor(source.at("path"), source.at("sha256")));
    if (source.at("kind") == "seed") seeds.push_back(source.at("path"));
    if (source.at("kind") != "text") binaries.push_back(source.at("path"));
  }
  return statement(std::move(subject), kTree,
                   {{"tree", report.at("tree")},
                    {"arch", chain.at("arch")},
                    {"verdict", chain.at("verdict")},
                    {"answers", chain.at("answers")},
                    {"seeds", std::move(seeds)},
                    {"binaries", std::move(binaries)},
                    {"builder", {{"id", kBuilder}, {"version", {{"assay", report.at("version")}}}}}});
}

void add_chain(const json& report, const json& chain, std::string& lines) {
  if (!chain.at("sources").empty()) lines += tree_statement(report, chain).dump() + "\n";
  std::map<std::string, json> digests;  // of files as they are now
  for (const json& source : chain.at("sources")) digests[source.at("path")] = source.at("sha256");
  for (const json& step : chain.at("steps")) {
    const bool derived = step.at("verdict") == "equal" || step.at("verdict") == "one-road-only";
    // What a step starts by itself makes temporary files; its products are the whole's.
    if (derived && step.at("part_of").is_null()) {
      json materials = json::array();
      const json& program = step.at("program");
      if (const auto found = digests.find(program); found != digests.end())
        materials.push_back(descriptor(program, found->second));
      for (const json& input : step.at("inputs"))
        if (input.at("path") != program)
          materials.push_back(descriptor(input.at("path"), input.at("sha256")));
      for (const json& output : step.at("outputs"))
        lines += statement(json::array({descriptor(output.at("path"), output.at("sha256"))}), kProvenance,
                           provenance(report, chain, step, materials))
                     .dump() +
                 "\n";
    }
    for (const json& output : step.at("outputs")) digests[output.at("path")] = output.at("sha256");
  }
}

}  // namespace

std::string in_toto_of(const json& report) {
  std::string lines;
  for (const json& chain : report.at("chains")) add_chain(report, chain, lines);
  return lines;
}

}  // namespace assay::bootstrap
