// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/image_report.h"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bootstrap/finding_json.h"
#include "bootstrap/image/live_bootstrap_check.h"

namespace assay::image {
namespace {

using bootstrap::printable;
using bootstrap::utf8;
using nlohmann::json;

std::size_t count(const ImageReport& report, Severity severity) {
  return static_cast<std::size_t>(
      std::count_if(report.findings.begin(), report.findings.end(),
                    [&](const Finding& finding) { return finding.severity == severity; }));
}

}  // namespace

bool ImageReport::passed() const { return count(*this, Severity::error) == 0; }

ImageReport ImageReport::of(Image image) {
  ImageReport report;
  report.path = std::move(image.path);
  report.kind = image.kind;
  if (image.medium) report.size = image.medium->size();
  report.accounting = std::move(image.accounting);
  report.findings = std::move(image.findings).finish();
  return report;
}

ImageReport examine(Image image, const StageSources& sources) {
  Findings& findings = image.findings;
  if (image.builder_hex0) {
    check_builder_hex0(*image.builder_hex0, sources, findings);
    image.accounting = account_builder_hex0(*image.builder_hex0, findings);
  }
  check_live_bootstrap(*image.files, image.kind, findings);
  if (image.builder_hex0) check_entries(*image.builder_hex0, image.files, findings);
  return ImageReport::of(std::move(image));
}

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
                            count(report, Severity::error), count(report, Severity::warning),
                            count(report, Severity::note));
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
