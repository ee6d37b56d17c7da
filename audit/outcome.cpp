// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/outcome.h"

namespace assay::audit {

Outcome outcome_of(const FileVerdict& file) {
  if (file.lapsed != 0) return {"audit-accept-lapsed", Severity::error};
  if (!file.accepted.empty() || file.in_baseline) return {};
  return unaccepted_outcome_of(file);
}

Outcome unaccepted_outcome_of(const FileVerdict& file) {
  const Tier tier = file.kind->tier;
  if (tier == 0) return {"audit-review", Severity::note};
  const auto by_tier = [&](Severity first) {
    return tier == 1 ? first : tier == 2 ? Severity::warning : Severity::note;
  };
  switch (file.disposition.fate) {
    case Fate::removed:
    case Fate::removed_and_regenerated:
    case Fate::regenerated:
    case Fate::replaced:
    case Fate::never_read: return {};
    case Fate::used_as_shipped: return {"audit-used-as-shipped", by_tier(Severity::error)};
    case Fate::installed_as_shipped: return {"audit-installed-as-shipped", by_tier(Severity::warning)};
    case Fate::unknown: break;
  }
  return {"audit-not-source", by_tier(Severity::error)};
}

Counts count(const Audit& audit) {
  Counts counts;
  counts.files = audit.scan.files.size();
  for (const ScriptFinding& finding : audit.findings) {
    if (finding.in_baseline) continue;
    counts.errors += finding.severity == Severity::error ? 1U : 0U;
    counts.warnings += finding.severity == Severity::warning ? 1U : 0U;
  }
  for (const FileVerdict& file : audit.scan.files) {
    if (file.kind == nullptr) continue;
    const Outcome outcome = outcome_of(file);
    if (!outcome.id.empty() && outcome.severity == Severity::error) ++counts.errors;
    if (!outcome.id.empty() && outcome.severity == Severity::warning) ++counts.warnings;
    if (file.kind->tier == 0) {
      ++counts.review;
      continue;
    }
    ++counts.not_source;
    if (!file.accepted.empty()) {
      ++counts.accepted;
      continue;
    }
    if (file.in_baseline) {
      ++counts.before;
      continue;
    }
    switch (file.disposition.fate) {
      case Fate::removed: ++counts.removed; break;
      case Fate::removed_and_regenerated:
      case Fate::regenerated:
      case Fate::replaced: ++counts.regenerated; break;
      case Fate::never_read: ++counts.never_read; break;
      case Fate::used_as_shipped: ++counts.used; break;
      case Fate::installed_as_shipped: ++counts.installed; break;
      case Fate::unknown: ++counts.unknown; break;
    }
  }
  return counts;
}

}  // namespace assay::audit
