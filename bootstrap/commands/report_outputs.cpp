// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/report_outputs.h"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "bootstrap/check/audit_tree.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/page_texts.h"
#include "bootstrap/report/artifacts.h"
#include "bootstrap/report/audit_report.h"
#include "bootstrap/report/dot.h"
#include "bootstrap/report/html.h"
#include "bootstrap/report/in_toto.h"
#include "bootstrap/report/junit.h"
#include "bootstrap/report/opened_files.h"
#include "bootstrap/report/sarif.h"
#include "command/host_files.h"

namespace assay::bootstrap {
namespace {

namespace fs = std::filesystem;

/// The files of all formats.
std::vector<std::string> files_of(const ReportPaths& paths) {
  std::vector<std::string> files;
  for (const std::string* path :
       {&paths.json, &paths.sarif, &paths.junit, &paths.in_toto, &paths.dot, &paths.html})
    if (!path->empty()) files.push_back(*path);
  return files;
}

/// Whether a path leads into a directory, or to it.
bool is_within(const std::string& path, const std::string& directory) {
  std::error_code none;
  const fs::path inner = fs::weakly_canonical(path, none);
  const fs::path outer = fs::canonical(directory, none);
  if (none) return false;  // there is no such directory
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

Result<void> make_directory(const std::string& path, const std::vector<std::string>& sources) {
  for (const std::string& source : sources)
    if (!source.empty() && source != "-" && is_within(path, source))
      return fail("artifacts-in-tree",
                  fmt::format("'{}' lies in '{}', where nothing is written", path, source));
  std::error_code trouble;
  fs::create_directories(path, trouble);
  if (trouble) return fail("file-unwritable", fmt::format("cannot make '{}': {}", path, trouble.message()));
  if (!fs::is_empty(path, trouble) || trouble)
    return fail("extract-target", fmt::format("'{}' is no empty directory", path));
  return {};
}

/// The report, with what of the tree is not source and which of that the steps opened. What cannot be read
/// again (standard input, the tree inside) is not looked at.
nlohmann::json with_audit(nlohmann::json report) {
  const std::string path = report.at("tree").at("path");
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return report;
  AuditRequest request;
  request.unpack = false;  // distfiles are the audit command's: there may be gigabytes
  if (Result<audit::RunFiles> run = opened_files(report)) request.run = std::move(*run);
  Result<audit::Audit> audit = audit_path(path, request);
  if (!audit && request.run) {
    request.run.reset();
    audit = audit_path(path, request);
  }
  if (!audit) return report;
  report["audits"] = {audit::report_json(*audit)};
  report["kinds"] = audit::kinds_json();
  return report;
}

Result<void> write_artifacts(const std::string& directory, const std::vector<Artifact>& artifacts) {
  for (const Artifact& artifact : artifacts) {
    const fs::path path = fs::path(directory) / artifact.name;
    std::error_code trouble;
    fs::create_directories(path.parent_path(), trouble);
    if (auto written = write_host_file(path.string(), *artifact.bytes, {.replaces = true}); !written)
      return written;
  }
  return {};
}

}  // namespace

bool ReportPaths::any() const { return !files_of(*this).empty() || !artifacts.empty(); }

bool ReportPaths::use_standard_output() const {
  const std::vector<std::string> files = files_of(*this);
  return std::find(files.begin(), files.end(), "-") != files.end();
}

void add_report_options(CLI::App& command, ReportPaths& paths) {
  const auto file = [&](const char* name, std::string& path, const char* what) {
    command.add_option(name, path, what)->type_name("FILE");
  };
  file("--json", paths.json, "Write the report as JSON to FILE ('-', here and below: standard output)");
  file("--html", paths.html, "Write it as one page for a browser: steps, files, where each byte comes from");
  file("--sarif", paths.sarif, "Write it as SARIF 2.1.0, for code scanning");
  file("--junit", paths.junit, "Write it as JUnit XML, for CI servers");
  file("--in-toto", paths.in_toto, "Write SLSA provenance of every product, a statement a line");
  file("--dot", paths.dot, "Write the chains as a graph for graphviz");
  command
      .add_option("--artifacts", paths.artifacts,
                  "Write the files that the report cites into DIR, which is new or empty")
      ->type_name("DIR");
}

Result<ReportOutputs> ReportOutputs::open(const ReportPaths& paths, const std::vector<std::string>& sources) {
  ReportOutputs outputs(paths);
  std::set<std::string> seen;
  for (const std::string& path : files_of(paths)) {
    if (!seen.insert(path).second)
      return fail("reports-share-a-file", fmt::format("two reports cannot both go to '{}'", path));
    if (path == "-") continue;
    Result<OutputFile> file = OutputFile::create(path);
    if (!file) return tl::unexpected<Error>(file.error());
    if (file->may_wait()) outputs.files_.emplace(path, std::move(*file));
  }
  if (!paths.artifacts.empty())
    if (auto made = make_directory(paths.artifacts, sources); !made)
      return tl::unexpected<Error>(made.error());
  return outputs;
}

Result<void> ReportOutputs::write_one(const std::string& path, const std::string& text) {
  if (path.empty()) return {};
  const auto open = files_.find(path);
  if (open == files_.end()) return write_report_text(path, text);
  open->second.write(as_bytes(text));
  return open->second.commit();
}

Result<void> ReportOutputs::write(nlohmann::json& report, std::span<const ReportedChain> chains,
                                  const std::string& text, StepCache* cache) {
  const FilesByDigest files = paths_.keep_files() ? bootstrap::files_of(chains) : FilesByDigest{};
  if (!paths_.artifacts.empty()) {
    const std::vector<Artifact> artifacts = artifacts_of(report, chains, files);
    report["artifacts"] = artifacts_json(artifacts);
    if (auto written = write_artifacts(paths_.artifacts, artifacts); !written) return written;
  }
  const std::pair<const std::string&, std::function<std::string()>> formats[] = {
      {paths_.json, [&] { return report.dump(2) + "\n"; }},
      {paths_.sarif, [&] { return sarif_of(report, page_texts()).dump(2) + "\n"; }},
      {paths_.junit, [&] { return junit_of(report); }},
      {paths_.in_toto, [&] { return in_toto_of(report); }},
      {paths_.dot, [&] { return dot_of(report); }},
      {paths_.html, [&] {
         return html_of(with_audit(report), {chains, files, text, cache});
       }}};
  for (const auto& [path, format] : formats) {
    if (path.empty()) continue;
    if (auto written = write_one(path, format()); !written) return written;
  }
  return {};
}

}  // namespace assay::bootstrap
