// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Jobs done by Nix, on whatever builders the user's nix.conf names.
#pragma once

#include "bootstrap/scale/chain_record.h"
#include "bootstrap/scale/plan.h"

namespace assay::bootstrap {

struct NixOptions {
  std::string program;  ///< an assay that runs on any builder, by its absolute path
  bool twice = false;   ///< do everything by two derivations, on other builders if Nix likes, and compare
  bool shows_build = false;  ///< on standard error, as Nix writes it
};

/// A record a job, in their order. What a builder that went away left undone is asked for again. No trouble
/// of Nix or of a builder ever becomes a verdict. Errors: "nix-failed", "nix-store-corrupt",
/// "nix-not-deterministic", "record-malformed", "record-of-other-tree", "program-not-found".
Result<std::vector<ChainRecord>> run_with_nix(std::span<const Job> jobs, const NixOptions& options);

}  // namespace assay::bootstrap
