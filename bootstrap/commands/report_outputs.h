// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reports that the user wants besides the text, and their files. Each is written whole or not at all.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bootstrap/report/report_files.h"
#include "command/output_file.h"

namespace assay::bootstrap {

class StepCache;

/// Paths of the host; empty: not wanted.
struct ReportPaths {
  std::string json, sarif, junit, in_toto, dot, html;
  std::string artifacts;  ///< a directory

  [[nodiscard]] bool any() const;
  /// Standard output is a report's.
  [[nodiscard]] bool use_standard_output() const;
  /// The bytes of all steps' files are wanted.
  [[nodiscard]] bool keep_files() const { return !artifacts.empty() || !html.empty(); }
};

void add_report_options(CLI::App& command, ReportPaths& paths);

class ReportOutputs {
 public:
  /// Opens the files before anything runs, so that a path that cannot be written to is told at once.
  /// `sources`: directories and files that are checked, into which no artifact is written. Errors:
  /// "file-unwritable", "reports-share-a-file", "artifacts-in-tree", "extract-target".
  static Result<ReportOutputs> open(const ReportPaths& paths, const std::vector<std::string>& sources);

  [[nodiscard]] const ReportPaths& paths() const { return paths_; }
  /// `text`: the report for people, without colours. `cache`: may be null. Errors: "file-unwritable",
  /// "write-failed".
  Result<void> write(nlohmann::json& report, std::span<const ReportedChain> chains, const std::string& text,
                     StepCache* cache);

 private:
  explicit ReportOutputs(ReportPaths paths) : paths_(std::move(paths)) {}
  Result<void> write_one(const std::string& path, const std::string& text);

  ReportPaths paths_;
  std::map<std::string, OutputFile> files_;  ///< by path: those that could be kept open
};

}  // namespace assay::bootstrap
