// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/image_check.h"

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <tuple>

#include "bootstrap/chain/chain.h"
#include "bootstrap/check/submodules.h"
#include "bootstrap/live_bootstrap/boot_walk.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "bootstrap/tree/sub_tree.h"
#include "core/paths.h"

namespace assay::image {
namespace {

using bootstrap::Family;
using bootstrap::PackedTree;

/// Where the checks of live-bootstrap look for its parts.
ImageKind kind_of(const PackedTree& tree, ImageKind image) {
  if (tree.found.family == Family::live_bootstrap_checkout) return ImageKind::live_bootstrap_checkout;
  return image;
}

/// What the scripts of its chains say, for all architectures once; nothing of those that lack a submodule.
void check_chains(const PackedTree& tree, std::vector<Finding>& findings) {
  std::set<std::tuple<std::string, std::string, std::uint64_t, std::string>> seen;
  for (const bootstrap::Architecture* arch : tree.tree.architectures) {
    if (bootstrap::lacking_submodules(tree.tree, *arch)) continue;
    for (Finding& finding : bootstrap::compute_chain(tree.tree, *arch).findings) {
      if (seen.emplace(finding.id, finding.file, finding.line, finding.message).second)
        findings.push_back(std::move(finding));
    }
  }
}

/// What kaem does behind the chain; what is said of these lines already is left out.
void walk(const PackedTree& tree, std::vector<Finding>& findings) {
  Findings told;
  const auto manifest = tree.files->read("steps/manifest");
  const auto config_text = tree.files->read("steps/bootstrap.cfg");
  if (!manifest || !config_text || !tree.found.empty.empty()) return;
  const Manifest parsed = parse_manifest(as_text(**manifest), "", told);
  const Config config = parse_config(as_text(**config_text), "", told);
  Findings walked;
  walk_boot_scripts(tree.files, config, plan(parsed, config), walked);
  const bool checkout = tree.found.family == Family::live_bootstrap_checkout;
  for (Finding& finding : std::move(walked).finish()) {
    // A checkout keeps these in seed/.
    if (checkout && !finding.file.empty() && finding.file.find('/') == std::string::npos)
      finding.file = "seed/" + finding.file;
    const bool told_already = std::any_of(findings.begin(), findings.end(), [&](const Finding& one) {
      return one.id == finding.id && one.file == finding.file && one.line == finding.line;
    });
    if (!told_already) findings.push_back(std::move(finding));
  }
}

void check_tree(const std::shared_ptr<const FileTree>& files, const PackedTree& tree, ImageKind image,
                std::vector<Finding>& findings) {
  std::vector<Finding> found;
  if (is_live_bootstrap(tree.found.family)) {
    Findings lines;
    check_live_bootstrap(*bootstrap::sub_tree(files, tree.found.root), kind_of(tree, image), lines);
    found = std::move(lines).finish();
    walk(tree, found);
    // The seeds of a builder-hex0 image are made when it boots.
    if (tree.tree.architectures.empty() && image != ImageKind::builder_hex0) {
      Findings one;
      one.add("lb-no-seeds", "", 0, fmt::format("it {}", tree.why_not));
      found.push_back(std::move(one).finish().front());
    }
  }
  if (image != ImageKind::builder_hex0) {
    check_chains(tree, found);
    const bool lacks = std::any_of(tree.tree.architectures.begin(), tree.tree.architectures.end(),
                                   [&](const bootstrap::Architecture* arch) {
                                     return lacking_submodules(tree.tree, *arch).has_value();
                                   });
    // A checkout of live-bootstrap is packed as a whole; a stage0-posix tree may do without what nobody
    // needs.
    const bool whole = tree.found.family == Family::live_bootstrap_checkout;
    const Severity severity = lacks || whole ? Severity::error : Severity::note;
    bootstrap::fold_under_submodules(tree.found.empty, tree.tree.path, severity, found);
  }
  for (Finding& finding : found) {
    if (!finding.file.empty()) finding.file = join_path(tree.found.root, finding.file);
    findings.push_back(std::move(finding));
  }
}

}  // namespace

std::size_t ImageReport::count(Severity severity) const {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [&](const Finding& finding) { return finding.severity == severity; }));
}

bool ImageReport::passed() const { return count(Severity::error) == 0; }

ImageReport ImageReport::of(Image image) {
  ImageReport report;
  report.path = std::move(image.path);
  report.kind = image.kind;
  if (image.medium) report.size = image.medium->size();
  report.accounting = std::move(image.accounting);
  const bool goes_on = image.findings.has("image-behind-end");
  report.findings = std::move(image.findings).finish();
  report.trees = bootstrap::packed_trees(report.path, image.files);
  report.checked = image.builder_hex0.has_value();
  for (const PackedTree& tree : report.trees) {
    const bool known = is_live_bootstrap(tree.found.family) || !tree.tree.architectures.empty();
    report.checked = report.checked || known;
    // The seeds of a builder-hex0 image are made when it boots.
    if (!known && !image.builder_hex0)
      report.unchecked.push_back(fmt::format("'{}' {}", tree.tree.path, tree.why_not));
  }
  if (goes_on) report.unchecked.emplace_back("what stands behind the end of the archive was not looked at");
  if (!report.checked && report.unchecked.empty())
    report.unchecked.push_back(fmt::format(
        "'{}' {}", report.path, bootstrap::why_no_stage0(*image.files, bootstrap::recognise(*image.files))));
  return report;
}

ImageReport examine(Image image, const StageSources& sources) {
  Findings& findings = image.findings;
  if (image.builder_hex0) {
    check_builder_hex0(*image.builder_hex0, sources, findings);
    image.accounting = account_builder_hex0(*image.builder_hex0, findings);
    check_entries(*image.builder_hex0, image.files, findings);
  }
  const std::shared_ptr<const FileTree> files = image.files;
  ImageReport report = ImageReport::of(std::move(image));
  for (const PackedTree& tree : report.trees) check_tree(files, tree, report.kind, report.findings);
  return report;
}

}  // namespace assay::image
