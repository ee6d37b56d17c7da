// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A report as one page for a browser, which fetches nothing: the verdict and the report as text, which any
// browser shows; the report's JSON, every file of the chains and what each byte was made from, which the
// page's script (bootstrap/report/page) shows. Trees are hostile: what they say stands in the page escaped or
// encoded, and the browser is told to run no script but ours.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "bootstrap/report/report_files.h"

namespace assay::bootstrap {

class StepCache;

struct PageSources {
  std::span<const ReportedChain> chains;
  const FilesByDigest& files;
  const std::string& text;  ///< the report for people, without colours
  StepCache* cache;         ///< for the trails; may be null
};

std::string html_of(const nlohmann::json& report, const PageSources& sources);

}  // namespace assay::bootstrap
