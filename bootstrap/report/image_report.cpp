// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/image_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bootstrap/finding/finding_json.h"

namespace assay::image {
namespace {

using bootstrap::printable;
using bootstrap::utf8;
using nlohmann::json;

}  // namespace

std::string report_text(const ImageReport& report) {
  std::string text;
  for (const Finding& finding : report.findings) {
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
  return text + fmt::format("{}: {} ({}): {} errors, {} warnings, {} notes\n",
                            report.passed() ? "PASS" : "FAIL", printable(report.path), name_of(report.kind),
                            report.count(Severity::error), report.count(Severity::warning),
                            report.count(Severity::note));
}

json report_json(const ImageReport& report) {
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
             {"accounting", {{"bytes", std::move(totals)}, {"parts", std::move(parts)}}}};
  return {{"tool", "assay"},
          {"version", ASSAY_VERSION},
          {"tree", {{"path", utf8(report.path)}, {"kind", name_of(report.kind)}}},
          {"image", std::move(image)},
          {"chains", json::array()},
          {"findings", std::move(findings)}};
}

}  // namespace assay::image
