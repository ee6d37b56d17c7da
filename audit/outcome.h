// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a verdict comes to: an error, a warning, a note, or nothing.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "audit/accept.h"
#include "audit/disposition.h"
#include "audit/profile.h"
#include "audit/run_files.h"
#include "audit/scan.h"
#include "core/diagnostic.h"

namespace assay::audit {

struct Outcome {
  std::string_view id;  ///< "audit-used-as-shipped", ...; empty: nothing to say
  Severity severity = Severity::note;
};

/// Of a file that has a kind.
Outcome outcome_of(const FileVerdict& file);

/// The same, as if nobody had accepted it and no baseline had it.
Outcome unaccepted_outcome_of(const FileVerdict& file);

/// One tree or archive, looked at and judged.
struct Audit {
  std::string path;    ///< as the user named it
  std::string script;  ///< the build script that was read; empty: none
  Scan scan;
  std::vector<ScriptFinding> findings;
  std::optional<RunWitness> run;   ///< of a run, where one was given
  std::optional<Profile> profile;  ///< of a tree of recipes, where it was asked for
  bool has_baseline = false;       ///< what an earlier report had is marked
};

struct Counts {
  std::size_t files = 0;
  std::size_t not_source = 0;  ///< of tiers 1 to 3
  std::size_t review = 0;
  std::size_t accepted = 0;
  std::size_t before = 0;  ///< in the baseline
  std::size_t removed = 0;
  std::size_t regenerated = 0;
  std::size_t never_read = 0;
  std::size_t installed = 0;
  std::size_t used = 0;
  std::size_t unknown = 0;
  std::size_t errors = 0;
  std::size_t warnings = 0;
};
Counts count(const Audit& audit);

}  // namespace assay::audit
