// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the static checks of an image found, as text and as JSON (docs/report.schema.json).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "bootstrap/check/image_check.h"
#include "bootstrap/known/cause.h"
#include "bootstrap/replay/replay.h"
#include "bootstrap/report/overall.h"

namespace assay::image {

/// All that was done with an image or a checkout.
struct ImageRun {
  ImageReport report;
  bool looked_at = true;  ///< the static checks were made
  /// Chains of the trees in it, checked by the roads, and the index of each one's tree.
  std::vector<bootstrap::ChainResult> chains;
  std::vector<std::size_t> tree_of;
  std::vector<bootstrap::Tree> ran;  ///< the files that each one was run on
  /// What the releases say of the chains, where all are of one tree that is like one of these.
  std::optional<bootstrap::Comparison> known;
  std::optional<bootstrap::Replay> replay;
};

/// Fills in `known`, and takes out what it says is no news.
void compare_with_known(ImageRun& run, const std::vector<bootstrap::KnownState>& states);

bootstrap::Overall overall_of(const ImageRun& run);

/// The findings of the static checks and the table of the accounting.
std::string report_text(const ImageReport& report);
/// "2 errors, 1 warnings, 0 notes"
std::string counts_text(const ImageReport& report);
/// The whole report; what the roads and the replay found included.
nlohmann::json report_json(const ImageRun& run, const bootstrap::Overall& overall);

}  // namespace assay::image
