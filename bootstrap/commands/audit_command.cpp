// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// assay audit: what in a tree is not source.
#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "bootstrap/check/audit_tree.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/page_texts.h"
#include "bootstrap/finding/finding.h"
#include "bootstrap/report/audit_report.h"
#include "bootstrap/report/html.h"
#include "bootstrap/report/opened_files.h"
#include "bootstrap/report/overall.h"
#include "bootstrap/report/report.h"
#include "command/host_files.h"
#include "command/print.h"

namespace assay::bootstrap {
namespace {

struct Settings {
  std::string path;
  std::string script;
  std::string distfiles;
  std::string run;
  bool profile = false;
  std::string tag;
  std::vector<std::string> known;
  std::string accept;
  std::string baseline;
  std::string json;
  std::string sarif;
  std::string html;
  std::string least_severity = "warning";
  std::string fail_on = "error";
  double least_confidence = 0.6;
};

Severity severity_of(std::string_view word) {
  return word == "note" ? Severity::note : word == "warning" ? Severity::warning : Severity::error;
}

std::string errors_of(std::size_t errors, std::size_t warnings) {
  return fmt::format("{} errors and {} warnings; a file without evidence is not proved to be source", errors,
                     warnings);
}

Result<std::string> text_of(const std::string& path) {
  const Result<Bytes> bytes = read_host_file(path);
  if (!bytes) return tl::unexpected(bytes.error());
  return std::string(as_text(*bytes));
}

class Run {
 public:
  explicit Run(const Settings& settings) : settings_(settings) {
    request_.least_confidence = settings.least_confidence;
    request_.threads = std::max(1U, std::thread::hardware_concurrency());
  }

  int all() {
    if (const Result<void> good = prepare(); !good) return cannot_run(good.error());
    if (const Result<void> good = settings_.distfiles.empty() ? one() : recipes(); !good)
      return cannot_run(good.error());
    tell_unused_lines();
    if (!settings_.sarif.empty()) {
      std::vector<const audit::Audit*> all;
      for (const auto& one : audits_) all.push_back(&one);
      const std::string text = audit::report_sarif(all, page_texts()).dump(2) + "\n";
      if (auto written = write_report_text(settings_.sarif, text); !written)
        return cannot_run(written.error());
    }
    if (!settings_.html.empty()) {
      if (auto written = write_report_text(settings_.html, page()); !written)
        return cannot_run(written.error());
    }
    if (!settings_.json.empty()) {
      const std::string text =
          (settings_.distfiles.empty()
               ? reports_.at(0)
               : nlohmann::json{{"format", "assay-audit-recipes 1"}, {"audits", reports_}})
              .dump(1) +
          "\n";
      if (auto written = write_report_text(settings_.json, text); !written)
        return cannot_run(written.error());
    }
    return failed_ ? kStatusFail : unreadable_ ? kStatusCannotRun : kStatusPass;
  }

 private:
  Result<void> prepare() {
    std::set<std::string> outputs;
    for (const std::string& path : {settings_.json, settings_.sarif, settings_.html}) {
      if (!path.empty() && !outputs.insert(path).second)
        return fail("reports-share-a-file", fmt::format("two reports cannot both go to '{}'", path));
    }
    if (!settings_.accept.empty()) {
      const Result<std::string> text = text_of(settings_.accept);
      if (!text) return tl::unexpected(text.error());
      Result<std::vector<audit::AcceptLine>> lines = audit::read_accept_file(*text);
      if (!lines) return tl::unexpected(lines.error());
      request_.accepted = std::move(*lines);
    }
    if (!settings_.script.empty()) {
      Result<audit::BuildScript> script = read_build_script(settings_.script);
      if (!script) return tl::unexpected(script.error());
      request_.script = std::move(*script);
    }
    if (!settings_.run.empty()) {
      const Result<std::string> text = text_of(settings_.run);
      if (!text) return tl::unexpected(text.error());
      Result<audit::RunFiles> run = opened_files(nlohmann::json::parse(*text, nullptr, false));
      if (!run) return tl::unexpected(run.error());
      request_.run = std::move(*run);
    }
    request_.profile = settings_.profile;
    if (!settings_.tag.empty()) {
      Result<audit::Tagged> tagged = audit::read_tag(settings_.tag);
      if (!tagged) return tl::unexpected(tagged.error());
      request_.tagged = std::move(*tagged);
    }
    for (const std::string& directory : settings_.known) {
      Result<audit::KnownProject> project = audit::read_project(directory);
      if (!project) return tl::unexpected(project.error());
      request_.projects.push_back(std::move(*project));
    }
    return {};
  }

  Result<void> one() {
    Result<audit::Audit> audit = audit_path(settings_.path, request_);
    if (!audit) return tl::unexpected(audit.error());
    if (!settings_.baseline.empty()) {
      const Result<std::string> text = text_of(settings_.baseline);
      if (!text) return tl::unexpected(text.error());
      if (Result<void> marked = audit::mark_baseline(*text, *audit); !marked) return marked;
    }
    tell(*std::move(audit));
    return {};
  }

  Result<void> recipes() {
    const auto told = [this](audit::Audit audit) {
      if (!quiet()) assay::print("== {}, {}\n", printable(audit.script), printable(audit.path));
      tell(std::move(audit));
    };
    const Result<std::size_t> missing = audit_recipes(settings_.path, settings_.distfiles, request_, told);
    if (!missing) return tl::unexpected(missing.error());
    if (!quiet())
      assay::print("{} steps audited; the distfiles of {} are not there\n", reports_.size(), *missing);
    return {};
  }

  /// Lines of the accept file that accept nothing; in reports they stand with the last archive.
  void tell_unused_lines() {
    for (const audit::AcceptLine& line : request_.accepted) {
      if (line.used || reports_.empty()) continue;
      const audit::ScriptFinding finding{"audit-accept-unused", settings_.accept,
                                         fmt::format("{}:{}", settings_.accept, line.line),
                                         fmt::format("it accepts nothing: '{}'", line.path)};
      const std::string text = fmt::format("{}: warning: {} [{}]\n", printable(finding.where),
                                           printable(finding.message), finding.id);
      if (!quiet()) assay::print("{}", text);
      text_ += text;
      ++warnings_;
      failed_ = failed_ || settings_.fail_on == "warning";
      if (reports_.back().is_object()) reports_.back()["findings"].push_back(audit::finding_json(finding));
      if (!audits_.empty()) audits_.back().findings.push_back(finding);
    }
  }

  /// Standard output is a report's.
  [[nodiscard]] bool quiet() const {
    return settings_.json == "-" || settings_.sarif == "-" || settings_.html == "-";
  }

  /// The page of `assay preflight --html`, with the files alone.
  std::string page() const {
    nlohmann::json report = empty_report(settings_.path, "audit");
    Overall overall;
    if (failed_)
      overall.add(OverallVerdict::fail, errors_of(errors_, warnings_));
    else if (unreadable_)
      overall.add(OverallVerdict::incomplete, "not all could be read");
    else
      overall.add(OverallVerdict::pass, errors_of(errors_, warnings_));
    add_overall(report, overall);
    report["audits"] = reports_;
    report["kinds"] = audit::kinds_json();
    return html_of(report, {{}, {}, text_, nullptr});
  }

  void tell(audit::Audit audit) {
    const audit::Counts counts = audit::count(audit);
    failed_ = failed_ || (settings_.fail_on == "error" && counts.errors > 0) ||
              (settings_.fail_on == "warning" && counts.errors + counts.warnings > 0);
    unreadable_ = unreadable_ || !audit.scan.troubles.empty();
    errors_ += counts.errors;
    warnings_ += counts.warnings;
    const std::string text = audit::report_text(audit, severity_of(settings_.least_severity));
    if (!quiet()) assay::print("{}", text);
    if (!settings_.html.empty())
      text_ += audit.script.empty() ? text : fmt::format("== {}, {}\n{}", audit.script, audit.path, text);
    const bool kept = !settings_.json.empty() || !settings_.html.empty();
    reports_.push_back(kept ? audit::report_json(audit) : nlohmann::json());
    if (!settings_.sarif.empty()) audits_.push_back(std::move(audit));
  }

  const Settings& settings_;
  AuditRequest request_;
  std::vector<nlohmann::json> reports_;
  std::vector<audit::Audit> audits_;  ///< where a SARIF log is wanted
  std::string text_;                  ///< where a page is wanted
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
  bool failed_ = false;
  bool unreadable_ = false;
};

}  // namespace

void add_audit_command(CLI::App& app, int& status) {
  auto settings = std::make_shared<Settings>();
  CLI::App& command = *app.add_subcommand("audit", "Says what in a tree, archive or image is not source");
  command.add_option("path", settings->path, "A directory, an archive or an image")
      ->required()
      ->type_name("PATH");
  CLI::Option* script = command
                            .add_option("--script", settings->script,
                                        "The script that builds it: say what becomes of each file")
                            ->type_name("FILE");
  CLI::Option* distfiles = command
                               .add_option("--distfiles", settings->distfiles,
                                           "PATH is a checkout of live-bootstrap: audit the archives of its "
                                           "steps that are in DIR, each by the step's script")
                               ->type_name("DIR");
  distfiles->excludes(script);
  command
      .add_option("--run", settings->run,
                  "A report of 'assay preflight --json' of the tree, or of one that unpacks the archive: say "
                  "which files its steps opened")
      ->type_name("REPORT");
  command.add_flag("--profile", settings->profile,
                   "PATH is a tree of recipes: what it says of pins, seeds and bootstrap binaries");
  command
      .add_option("--vcs", settings->tag,
                  "Say what is not in the project's repository of git DIR at TAG (default: HEAD)")
      ->type_name("DIR@TAG")
      ->excludes(distfiles);
  command
      .add_option("--known", settings->known,
                  "A repository of git that the project copies from, as gnulib (may be repeated)")
      ->type_name("DIR");
  command.add_option("--accept", settings->accept, "What is accepted: lines of digest, path, kind, reason")
      ->type_name("FILE");
  command
      .add_option("--baseline", settings->baseline, "Say nothing of what this earlier report (--json) has")
      ->type_name("FILE")
      ->excludes(distfiles);
  command.add_option("--json", settings->json, "Write the report as JSON to FILE ('-': standard output)")
      ->type_name("FILE");
  command
      .add_option("--sarif", settings->sarif,
                  "Write it as SARIF 2.1.0 to FILE; what is accepted is there, suppressed")
      ->type_name("FILE");
  command.add_option("--html", settings->html, "Write it as one page for a browser")->type_name("FILE");
  command.add_option("--level", settings->least_severity, "List files from this severity on")
      ->check(CLI::IsMember({"error", "warning", "note"}))
      ->capture_default_str();
  command.add_option("--fail-on", settings->fail_on, "Exit with 1 from this severity on")
      ->check(CLI::IsMember({"error", "warning", "never"}))
      ->capture_default_str();
  command
      .add_option("--min-confidence", settings->least_confidence, "Evidence below this is for review only")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.callback([settings, &status] { status = Run(*settings).all(); });
}

}  // namespace assay::bootstrap
