// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/image_check.h"

#include <algorithm>

#include "bootstrap/live_bootstrap/live_bootstrap_check.h"

namespace assay::image {

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

}  // namespace assay::image
