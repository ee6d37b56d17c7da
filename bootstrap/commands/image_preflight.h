// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `assay preflight` of what is no plain stage0-posix tree.
#pragma once

#include <string>
#include <vector>

#include "bootstrap/check/preflight.h"
#include "bootstrap/commands/report_outputs.h"
#include "bootstrap/releases/known_state.h"
#include "bootstrap/report/progress_lines.h"

namespace assay::bootstrap {

struct ImageSettings {
  std::string path;
  std::string sources;  ///< a checkout whose builder-hex0/ the boot sector must come from; may be empty
  ReportOutputs& outputs;
  bool quiet = false;
  std::string level = "both";  ///< "static", "replay", or "both": run what the static checks pass
  /// "answers", "end", "STEP" or "STEP/FILE" of live-bootstrap; empty: images as far as they go, trees up to
  /// the answers.
  std::string until;
  /// Check the chains of these only; empty: of all that a tree is for.
  std::vector<std::string> architectures;
  PreflightOptions roads;  ///< how trees are run; its architectures are not used
  ProgressLines& lines;
  const std::vector<KnownState>& states;  ///< that the trees in it are compared with
};

/// Whether `assay preflight PATH` is about an image or a live-bootstrap tree.
bool is_image(const std::string& path);

/// Whether the word means a step of live-bootstrap.
bool names_step(const std::string& until);

/// Checks and reports; returns the exit status.
int preflight_image(const ImageSettings& settings);

/// Says that nothing could be checked and why, also in the reports that are asked for; returns the exit
/// status.
int nothing_checked(const std::string& path, ReportOutputs& outputs, const Error& error);

}  // namespace assay::bootstrap
