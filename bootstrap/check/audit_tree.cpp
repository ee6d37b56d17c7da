// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/audit_tree.h"

#include <fmt/format.h>
#include <filesystem>
#include <set>

#include "bootstrap/image/archive_image.h"
#include "bootstrap/image/open_image.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "bootstrap/tree/sub_tree.h"
#include "core/digest.h"
#include "core/host_read.h"
#include "core/host_tree.h"

namespace assay::bootstrap {
namespace {

namespace fs = std::filesystem;

/// What an archive holds is in one folder, as a rule.
std::shared_ptr<const FileTree> without_top(std::shared_ptr<const FileTree> files) {
  const auto names = files->list("");
  if (!names || names->size() != 1) return files;
  const auto info = files->info(names->front());
  if (!info || info->kind != NodeKind::directory) return files;
  return sub_tree(std::move(files), names->front());
}

Result<std::shared_ptr<const FileTree>> files_of(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return std::make_shared<const HostTree>(path, kMostHostBytes);
  Result<image::Image> opened = image::open_image(path);
  if (!opened) return tl::unexpected(opened.error());
  return opened->kind == image::ImageKind::archive ? without_top(opened->files) : opened->files;
}

std::shared_ptr<const FileTree> open_inner(const std::shared_ptr<const Bytes>& bytes) {
  image::Findings findings;
  auto opened = image::open_archive(image::memory_medium(*bytes), findings);
  return opened ? *opened : nullptr;
}

/// Whether the steps of the run opened this archive, to unpack it.
bool opened_whole(const audit::RunFiles& run, const std::string& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return false;
  const Result<Bytes> bytes = read_host_file(path);
  return bytes && run.opened.contains(sha256(*bytes));
}

Result<void> ask_run(const audit::RunFiles& run, audit::Audit& audit) {
  const auto what = opened_whole(run, audit.path) ? audit::RunOf::archive : audit::RunOf::tree;
  Result<audit::RunWitness> said = audit::witness(run, what, audit.scan, audit.findings);
  if (!said) return tl::unexpected(said.error());
  audit.run = std::move(*said);
  return {};
}

}  // namespace

Result<audit::Audit> audit_path(const std::string& path, AuditRequest& request) {
  const auto files = files_of(path);
  if (!files) return tl::unexpected(files.error());
  Result<audit::Scan> scan =
      audit::scan(**files, {.least_confidence = request.least_confidence,
                            .threads = request.threads,
                            .open_archive = request.unpack ? audit::OpenArchive(open_inner) : nullptr,
                            .digest_all = request.run.has_value()});
  if (!scan) return tl::unexpected(scan.error());
  audit::Audit result;
  result.path = path;
  result.scan = std::move(*scan);
  if (request.tagged || !request.projects.empty())
    audit::trace_origins(result.scan, **files, request.tagged ? &*request.tagged : nullptr, request.projects);
  if (request.script) {
    result.script = request.script->name;
    result.findings = audit::judge(*request.script, result.scan);
  }
  for (const audit::FileVerdict& file : result.scan.files) {
    for (const audit::Remark& remark : file.remarks)
      result.findings.push_back({std::string(remark.id), file.path,
                                 fmt::format("{}:{}", file.path, remark.line), remark.message,
                                 remark.severity});
  }
  if (request.run) {
    if (const Result<void> good = ask_run(*request.run, result); !good) return tl::unexpected(good.error());
  }
  audit::accept(result.scan, request.accepted);
  if (request.profile) result.profile = audit::profile(**files, result.scan);
  return result;
}

Result<audit::BuildScript> read_build_script(const std::string& path) {
  const Result<Bytes> text = read_host_file(path, audit::kMostShellBytes);
  if (!text) return tl::unexpected(text.error());
  const fs::path folder = fs::path(path).parent_path();
  audit::BuildScript script{.name = path, .script = audit::read_shell(as_text(*text))};
  std::error_code ignored;
  script.own_makefile =
      fs::exists(folder / "mk" / "main.mk", ignored) || fs::exists(folder / "files" / "Makefile", ignored);
  return script;
}

Result<std::size_t> audit_recipes(const std::string& checkout, const std::string& distfiles,
                                  AuditRequest& request, const std::function<void(audit::Audit)>& done) {
  const HostTree tree(checkout, kMostHostBytes);
  const auto text = tree.read("steps/manifest");
  if (!text) return fail("tree-not-found", fmt::format("'{}' is no checkout of live-bootstrap", checkout));
  image::Findings ignored;
  const image::Manifest manifest = image::parse_manifest(as_text(**text), "steps/manifest", ignored);
  const image::SourcesGrammar grammar = image::sources_grammar(tree);
  std::size_t missing = 0;
  std::set<std::string> seen;
  const std::optional<audit::RunFiles> run = request.run;
  for (const image::PlannedDirective& step : image::plan_all(manifest)) {
    if (step.directive->kind != image::DirectiveKind::build) continue;
    const std::string folder = "steps/" + step.directive->argument;
    const std::string script = fmt::format("{}/pass{}.sh", folder, step.pass);
    const auto sources = tree.read(folder + "/sources");
    if (!sources || !tree.info(script) || !seen.insert(script).second) continue;
    const std::vector<image::SourceEntry> entries =
        image::parse_sources(as_text(**sources), folder + "/sources", ignored, grammar);
    const fs::path archive = entries.empty() ? fs::path() : fs::path(distfiles) / entries.front().name;
    std::error_code error;
    if (entries.empty() || !fs::is_regular_file(archive, error)) {
      ++missing;
      continue;
    }
    Result<audit::BuildScript> build = read_build_script((fs::path(checkout) / script).string());
    if (!build) return tl::unexpected(build.error());
    build->name = script;
    request.script = std::move(*build);
    if (run && !opened_whole(*run, archive.string())) request.run.reset();
    Result<audit::Audit> audit = audit_path(archive.string(), request);
    request.script.reset();
    request.run = run;
    if (!audit) return tl::unexpected(audit.error());
    done(*std::move(audit));
  }
  return missing;
}

}  // namespace assay::bootstrap
