// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/audit_report.h"

#include <fmt/format.h>
#include <array>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <vector>

#include "bootstrap/finding/finding_json.h"
#include "bootstrap/report/profile_report.h"
#include "bootstrap/report/sarif.h"

namespace assay::audit {
namespace {

using bootstrap::printable;
using bootstrap::utf8;
using nlohmann::json;

constexpr std::string_view kInBaseline{"in the baseline"};

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

json file_json(const FileVerdict& file) {
  json evidence = json::array();
  for (const Evidence& one : file.evidence) evidence.push_back(evidence_json(one));
  json row{{"path", utf8(file.path)},        {"kind", file.kind->id}, {"tier", file.kind->tier},
           {"confidence", file.confidence},  {"size", file.size},     {"sha256", file.digest},
           {"evidence", std::move(evidence)}};
  if (!file.source.empty()) row["source"] = {{"name", utf8(file.source)}, {"here", file.source_is_here}};
  if (!file.detail.empty()) row["magic"] = utf8(file.detail);
  if (!file.kind->regenerate.empty()) row["regenerate"] = file.kind->regenerate;
  row["disposition"] = {{"fate", name_of(file.disposition.fate)}};
  if (!file.disposition.where.empty()) row["disposition"]["where"] = utf8(file.disposition.where);
  if (!file.disposition.how.empty()) row["disposition"]["how"] = utf8(file.disposition.how);
  if (file.in_run != InRun::not_asked) row["run"] = name_of(file.in_run);
  if (file.origin != Origin::not_asked) row["origin"] = name_of(file.origin);
  if (!file.copied_from.empty()) row["copied_from"] = utf8(file.copied_from);
  if (!file.accepted.empty()) row["accepted"] = utf8(file.accepted);
  if (file.in_baseline) row["in_baseline"] = true;
  const Outcome outcome = outcome_of(file);
  if (!outcome.id.empty()) row["finding"] = {{"id", outcome.id}, {"severity", name_of(outcome.severity)}};
  return row;
}

/// "autoconf-configure   3  regenerated 2, never-read 1  configure, made by autoconf"
std::string kinds_text(const Scan& scan, bool judged) {
  std::map<std::string_view, std::map<std::string_view, std::size_t>> fates;
  for (const FileVerdict& file : scan.files) {
    if (file.kind != nullptr)
      ++fates[file.kind->id][file.accepted.empty() ? name_of(file.disposition.fate) : "accepted"];
  }
  std::string text;
  for (const Kind& kind : kinds()) {
    const auto found = fates.find(kind.id);
    if (found == fates.end()) continue;
    std::size_t all = 0;
    std::string parts;
    for (const auto& [fate, number] : found->second) {
      all += number;
      parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", fate, number);
    }
    const bool tell = judged || found->second.contains("accepted");
    text += fmt::format("  {:23}{:>6}  {}\n", kind.id, all, tell ? parts : std::string(kind.what));
  }
  return text;
}

/// "configure, made by autoconf; made of configure.ac; used-as-shipped"
std::string what_text(const FileVerdict& file) {
  std::string text(file.kind->what);
  if (!file.source.empty())
    text += fmt::format("; made of {}{}", printable(file.source),
                        file.source_is_here ? "" : ", which is not here");
  if (file.disposition.fate != Fate::unknown || !file.disposition.how.empty()) {
    text += fmt::format("; {}", name_of(file.disposition.fate));
    if (!file.disposition.how.empty()) text += fmt::format(" ({})", printable(file.disposition.how));
    if (!file.disposition.where.empty()) text += fmt::format(", {}", printable(file.disposition.where));
  }
  if (file.origin == Origin::nowhere && !file.copied_from.empty())
    text += fmt::format("; has its name in {}", printable(file.copied_from));
  if (file.lapsed != 0) text += fmt::format("; line {} of the accept file is about other bytes", file.lapsed);
  return text;
}

std::string file_text(const FileVerdict& file, const Outcome& outcome) {
  const std::uint32_t line = file.evidence.empty() ? 0 : file.evidence.front().line;
  return fmt::format("{}{}: {}: {} [{}]\n", printable(file.path), line == 0 ? "" : fmt::format(":{}", line),
                     name_of(outcome.severity), what_text(file), outcome.id);
}

/// What is in no repository, and of what there is no other evidence.
std::string origins_text(const Scan& scan) {
  std::size_t asked = 0;
  std::size_t nowhere = 0;
  std::string text;
  for (const FileVerdict& file : scan.files) {
    asked += file.origin == Origin::not_asked ? 0 : 1;
    if (file.origin != Origin::nowhere) continue;
    ++nowhere;
    if (file.kind == nullptr || file.kind->tier == 0)
      text += fmt::format("{}: note: in no repository, and nothing says that it is made [audit-not-in-tag]\n",
                          printable(file.path));
  }
  return asked == 0
             ? ""
             : text + fmt::format("{} of {} files are in no repository that was given\n", nowhere, asked);
}

std::string run_text(const RunWitness& run) {
  const std::string others = run.unproved.empty()
                                 ? "were not read in it"
                                 : fmt::format("may be read all the same: {}", printable(run.unproved));
  return fmt::format("steps of {} opened {} of {} files; the others {}\n", printable(run.scope), run.opened,
                     run.opened + run.not_opened, others);
}

std::string counts_text(const Counts& counts) {
  std::string text = fmt::format("{} files, {} not source", counts.files, counts.not_source);
  std::string parts;
  const auto add = [&](std::size_t number, std::string_view what) {
    if (number != 0) parts += fmt::format("{}{} {}", parts.empty() ? ": " : ", ", number, what);
  };
  add(counts.removed, "removed");
  add(counts.regenerated, "made again");
  add(counts.never_read, "never read");
  add(counts.accepted, "accepted");
  add(counts.before, kInBaseline);
  add(counts.installed, "installed as shipped");
  add(counts.used, "used as shipped");
  add(counts.unknown, "of unknown use");
  text += parts;
  if (counts.review != 0) text += fmt::format("; {} to review", counts.review);
  return text + "; of the rest there is no evidence\n";
}

/// What a file was made of, and the line of the script that says what becomes of it.
std::vector<bootstrap::SarifRelated> related_of(const FileVerdict& file) {
  std::vector<bootstrap::SarifRelated> related;
  if (file.source_is_here) related.push_back({"made of this", utf8(file.source)});
  const std::string& where = file.disposition.where;
  const std::size_t colon = where.rfind(':');
  std::uint64_t line = 0;
  if (colon == std::string::npos) return related;
  const auto [end, wrong] = std::from_chars(where.data() + colon + 1, where.data() + where.size(), line);
  if (wrong == std::errc() && end == where.data() + where.size())
    related.push_back(
        {std::string(name_of(file.disposition.fate)), utf8(where.substr(0, colon)), line, false});
  return related;
}

}  // namespace

std::string report_text(const Audit& audit, Severity least) {
  std::string text = kinds_text(audit.scan, !audit.script.empty() || audit.run);
  for (const Error& trouble : audit.scan.troubles)
    text += fmt::format("error: {} [{}]\n", printable(trouble.message), trouble.id);
  for (const FileVerdict& file : audit.scan.files) {
    if (file.kind == nullptr) continue;
    const Outcome outcome = outcome_of(file);
    if (!outcome.id.empty() && outcome.severity >= least) text += file_text(file, outcome);
  }
  for (const ScriptFinding& finding : audit.findings) {
    if (finding.severity < least || finding.in_baseline) continue;
    const bool is_there = finding.where.starts_with(finding.path + ':');
    text +=
        fmt::format("{}: {}: {}{} [{}]\n", printable(finding.where), name_of(finding.severity),
                    is_there ? "" : printable(finding.path) + ": ", printable(finding.message), finding.id);
  }
  if (audit.profile) text += profile_text(*audit.profile);
  if (audit.run) text += run_text(*audit.run);
  return text + origins_text(audit.scan) + counts_text(count(audit));
}

json finding_json(const ScriptFinding& finding) {
  return {{"id", finding.id},
          {"path", utf8(finding.path)},
          {"where", utf8(finding.where)},
          {"severity", name_of(finding.severity)},
          {"message", utf8(finding.message)}};
}

json report_json(const Audit& audit) {
  json files = json::array();
  json nowhere = json::array();
  for (const FileVerdict& file : audit.scan.files) {
    if (file.kind != nullptr) files.push_back(file_json(file));
    if (file.kind == nullptr && file.origin == Origin::nowhere) nowhere.push_back(utf8(file.path));
  }
  json findings = json::array();
  for (const ScriptFinding& finding : audit.findings) findings.push_back(finding_json(finding));
  json troubles = json::array();
  for (const Error& trouble : audit.scan.troubles)
    troubles.push_back({{"id", trouble.id}, {"message", utf8(trouble.message)}});
  const Counts counts = count(audit);
  json result{{"format", "assay-audit 1"},
              {"path", utf8(audit.path)},
              {"counts",
               {{"files", counts.files},
                {"not_source", counts.not_source},
                {"review", counts.review},
                {"removed", counts.removed},
                {"made_again", counts.regenerated},
                {"never_read", counts.never_read},
                {"accepted", counts.accepted},
                {"in_baseline", counts.before},
                {"installed_as_shipped", counts.installed},
                {"used_as_shipped", counts.used},
                {"unknown", counts.unknown},
                {"errors", counts.errors},
                {"warnings", counts.warnings}}},
              {"files", std::move(files)},
              {"findings", std::move(findings)},
              {"troubles", std::move(troubles)}};
  if (audit.run) {
    result["run"] = {{"scope", utf8(audit.run->scope)},
                     {"opened", audit.run->opened},
                     {"not_opened", audit.run->not_opened}};
    if (!audit.run->unproved.empty()) result["run"]["unproved"] = utf8(audit.run->unproved);
  }
  if (audit.profile) result["profile"] = profile_json(*audit.profile);
  if (!nowhere.empty()) result["in_no_repository"] = std::move(nowhere);
  if (!audit.script.empty()) result["script"] = utf8(audit.script);
  return result;
}

std::string kind_text(const Kind& kind) {
  constexpr std::array<std::string_view, 4> kTiers = {
      "what it is cannot be told by looking", "executed, compiled, interpreted, or opaque",
      "generated, and installed or shown", "follows from other files"};
  std::string text = fmt::format("{}: a kind of file that is not source: {}\n\n", kind.id, kind.what);
  text += fmt::format("  tier {}: {}\n  why it matters: {}\n", kind.tier,
                      kTiers.at(static_cast<std::size_t>(kind.tier)), kind.why);
  if (!kind.regenerate.empty()) text += fmt::format("  how to make it again: {}\n", kind.regenerate);
  if (!kind.sources.empty())
    text +=
        fmt::format("  made of, where it is beside it: {} (%: its name without extension)\n", kind.sources);
  return text + fmt::format("  a line that accepts it: {} PATH {} REASON\n",
                            needs_digest(kind) ? "SHA256" : "SHA256|-", kind.id);
}

json kinds_json() {
  json result = json::object();
  for (const Kind& kind : kinds())
    result[std::string(kind.id)] = {{"what", kind.what}, {"why", kind.why}, {"regenerate", kind.regenerate}};
  return result;
}

json report_sarif(std::span<const Audit* const> audits, std::span<const std::string_view> pages) {
  bootstrap::SarifLog log(pages);
  bool whole = true;
  for (const Audit* audit : audits) {
    whole = whole && audit->scan.troubles.empty();
    const auto baseline = [audit](bool known) {
      return std::string(!audit->has_baseline ? "" : known ? "unchanged" : "new");
    };
    for (const FileVerdict& file : audit->scan.files) {
      if (file.kind == nullptr) continue;
      const bool accepted = file.lapsed == 0 && (!file.accepted.empty() || file.in_baseline);
      const Outcome outcome = accepted ? unaccepted_outcome_of(file) : outcome_of(file);
      if (outcome.id.empty()) continue;
      const std::uint32_t line = file.evidence.empty() ? 0 : file.evidence.front().line;
      const json all = file_json(file);
      json properties{{"kind", all["kind"]},
                      {"tier", all["tier"]},
                      {"confidence", all["confidence"]},
                      {"disposition", all["disposition"]}};
      log.add({.id = std::string(outcome.id),
               .severity = std::string(name_of(outcome.severity)),
               .message = what_text(file),
               .file = utf8(file.path),
               .line = line,
               .digest = file.digest,
               .properties = std::move(properties),
               .accepted = !accepted                ? ""
                           : !file.accepted.empty() ? utf8(file.accepted)
                                                    : std::string(kInBaseline),
               .baseline = baseline(file.in_baseline),
               .related = related_of(file)});
    }
    for (const ScriptFinding& finding : audit->findings)
      log.add({.id = finding.id,
               .severity = std::string(name_of(finding.severity)),
               .message = utf8(fmt::format("{}: {}", finding.where, finding.message)),
               .file = utf8(finding.path),
               .accepted = finding.in_baseline ? std::string(kInBaseline) : "",
               .baseline = baseline(finding.in_baseline)});
    for (const Error& trouble : audit->scan.troubles)
      log.add({.id = std::string(trouble.id),
               .severity = "error",
               .message = utf8(trouble.message),
               .baseline = baseline(false)});
  }
  return log.finish(ASSAY_VERSION, whole, {{"format", "assay-audit 1"}});
}

Result<void> mark_baseline(std::string_view report, Audit& audit) {
  const json earlier = json::parse(report, nullptr, false);
  const auto files = earlier.find("files");
  if (!earlier.is_object() || files == earlier.end() || !files->is_array())
    return fail("audit-baseline", "the baseline is no report of assay audit");
  std::set<std::tuple<std::string, std::string, std::string>> known;
  for (const json& file : *files) {
    if (file.is_object() && file.contains("path") && file["path"].is_string())
      known.insert({file["path"], file.value("sha256", std::string()), file.value("kind", std::string())});
  }
  std::set<std::tuple<std::string, std::string, std::string>> said;
  if (const auto findings = earlier.find("findings"); findings != earlier.end() && findings->is_array()) {
    for (const json& finding : *findings) {
      if (finding.is_object())
        said.insert({finding.value("id", std::string()), finding.value("path", std::string()),
                     finding.value("message", std::string())});
    }
  }
  audit.has_baseline = true;
  for (ScriptFinding& finding : audit.findings)
    finding.in_baseline = said.contains({finding.id, utf8(finding.path), utf8(finding.message)});
  for (FileVerdict& file : audit.scan.files) {
    if (file.kind != nullptr)
      file.in_baseline = known.contains({utf8(file.path), file.digest, std::string(file.kind->id)});
  }
  return {};
}

}  // namespace assay::audit
