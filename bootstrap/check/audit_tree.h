// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Trees, archives and recipes for `assay audit`.
#pragma once

#include <functional>
#include <optional>

#include "audit/outcome.h"
#include "audit/version_control.h"

namespace assay::bootstrap {

struct AuditRequest {
  double least_confidence = 0.6;
  unsigned threads = 1;
  bool unpack = true;  ///< archives inside are looked into
  std::vector<audit::AcceptLine> accepted;
  std::optional<audit::BuildScript> script;
  std::optional<audit::RunFiles> run;         ///< what the steps of a run opened
  bool profile = false;                       ///< a tree of recipes: what it says of itself
  std::optional<audit::Tagged> tagged;        ///< the project's own repository at a tag
  std::vector<audit::KnownProject> projects;  ///< those that it copies from
};

/// Errors: those of open_image and audit::witness, "audit-no-magic". Marks the lines of request.accepted that
/// are used.
Result<audit::Audit> audit_path(const std::string& path, AuditRequest& request);

/// A build script on the host, and whether a makefile beside it replaces the archive's (mk/main.mk,
/// files/Makefile).
Result<audit::BuildScript> read_build_script(const std::string& path);

/// Every step of a checkout of live-bootstrap that has a distfile in `distfiles`: that archive, judged by the
/// step's script. Each is told as it is done; the result says how many steps' distfiles are not there.
/// Errors: "tree-not-found".
Result<std::size_t> audit_recipes(const std::string& checkout, const std::string& distfiles,
                                  AuditRequest& request, const std::function<void(audit::Audit)>& done);

}  // namespace assay::bootstrap
