// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/audit_report.h"

#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

#include "bootstrap/finding/finding_json.h"

namespace assay::audit {
namespace {

using bootstrap::printable;
using bootstrap::utf8;
using nlohmann::json;

json evidence_json(const Evidence& evidence) {
  json result{{"rule", evidence.rule},
              {"class", name_of(evidence.from)},
              {"kind", evidence.kind->id},
              {"confidence", evidence.confidence}};
  if (evidence.line != 0) result["line"] = evidence.line;
  if (!evidence.where.empty()) result["where"] = utf8(evidence.where);
  if (!evidence.source.empty()) result["names"] = utf8(evidence.source);
  return result;
}

}  // namespace

std::string report_text(const Scan& scan, Tier most_tier) {
  std::map<std::string_view, std::size_t> counts;
  for (const FileVerdict& file : scan.files) {
    if (file.kind != nullptr) ++counts[file.kind->id];
  }
  std::string text;
  for (const Kind& kind : kinds()) {
    const auto found = counts.find(kind.id);
    if (found != counts.end()) text += fmt::format("  {:24}{:>7}  {}\n", kind.id, found->second, kind.what);
  }
  for (const FileVerdict& file : scan.files) {
    if (file.kind == nullptr || file.kind->tier == 0 || file.kind->tier > most_tier) continue;
    text += fmt::format("{}: {}", printable(file.path), file.kind->id);
    if (!file.source.empty())
      text += fmt::format(", of {}{}", printable(file.source), file.source_is_here ? "" : " (not here)");
    text += '\n';
  }
  return text;
}

json report_json(const Scan& scan) {
  json files = json::array();
  for (const FileVerdict& file : scan.files) {
    if (file.kind == nullptr) continue;
    json evidence = json::array();
    for (const Evidence& one : file.evidence) evidence.push_back(evidence_json(one));
    json row{{"path", utf8(file.path)},        {"kind", file.kind->id}, {"tier", file.kind->tier},
             {"confidence", file.confidence},  {"size", file.size},     {"sha256", file.digest},
             {"evidence", std::move(evidence)}};
    if (!file.source.empty()) row["source"] = {{"name", utf8(file.source)}, {"here", file.source_is_here}};
    if (!file.detail.empty()) row["magic"] = utf8(file.detail);
    if (!file.kind->regenerate.empty()) row["regenerate"] = file.kind->regenerate;
    files.push_back(std::move(row));
  }
  return {{"format", "assay-audit 1"}, {"files_looked_at", scan.files.size()}, {"files", std::move(files)}};
}

}  // namespace assay::audit
