// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a build script does with the files of an archive that are not source: are they gone before the build,
// made again, never read, or used as they were shipped? Read from the script, not run. Written for the
// scripts of live-bootstrap: src_prepare, src_configure, src_compile, src_install, each with a default.
#pragma once

#include <string>
#include <vector>

#include "audit/scan.h"
#include "audit/shell.h"

namespace assay::audit {

struct BuildScript {
  std::string name;  ///< as it is told: "steps/gawk-5.3.0/pass1.sh"
  ShellScript script;
  bool own_makefile = false;  ///< the recipe brings a makefile of its own, that replaces the archive's
};

/// Something about the script itself, or about a file whatever its kind.
struct ScriptFinding {
  std::string id;  ///< "audit-glob-misses", "audit-download", ...
  std::string path;
  std::string where;
  std::string message;
  Severity severity = Severity::warning;
  bool in_baseline = false;  ///< an earlier report had it
};

/// Gives each file that has a kind its disposition. Paths of `scan` are those below the archive's one folder.
std::vector<ScriptFinding> judge(const BuildScript& build, Scan& scan);

}  // namespace assay::audit
