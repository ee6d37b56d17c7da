// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/report_files.h"

#include <algorithm>

#include "bootstrap/known/state_of.h"
#include "core/digest.h"

namespace assay::bootstrap {
namespace {

void add_products(const StepResult& step, FilesByDigest& files) {
  for (const RoadFile& file : step.seed_files) {
    const auto digest = std::find_if(step.outputs.begin(), step.outputs.end(),
                                     [&](const FileDigest& one) { return one.path == file.path; });
    if (digest != step.outputs.end()) files.try_emplace(digest->sha256, file.bytes);
  }
  for (const RoadFile& file : step.reference_files) {
    // Where both roads left the same, they share the bytes.
    const bool shared = std::any_of(step.seed_files.begin(), step.seed_files.end(),
                                    [&](const RoadFile& one) { return one.bytes == file.bytes; });
    if (!shared && file.bytes != nullptr) files.try_emplace(sha256(*file.bytes), file.bytes);
  }
}

}  // namespace

FilesByDigest files_of(std::span<const ReportedChain> chains) {
  FilesByDigest files;
  for (const ReportedChain& chain : chains) {
    for (const StepResult& step : chain.result->steps) add_products(step, files);
    TreeDigests digests(*chain.tree.files);
    for (const auto& [path, digest] : sources_of(*chain.result, digests)) {
      if (files.contains(digest)) continue;
      if (const auto bytes = chain.tree.files->read(path)) files.emplace(digest, *bytes);
    }
  }
  return files;
}

}  // namespace assay::bootstrap
