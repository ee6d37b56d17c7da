// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the steps of a run opened. A script that is read says what ought to become of a file, a run proves it:
// where no step opened a file with its bytes, it was not read. Files are told by their bytes, so one that was
// copied or unpacked before it was opened counts.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "audit/disposition.h"
#include "core/result.h"

namespace assay::audit {

using PlaceByDigest = std::map<std::string, std::string, std::less<>>;

struct RunFiles {
  std::string scope;       ///< "x86 up to mes-0.27.1, AMD64"
  std::string unproved;    ///< why steps may have opened more than is told; empty: they have not
  bool to_the_end = true;  ///< of the tree's scripts; else what no step opened may be for later ones
  PlaceByDigest opened;    ///< by SHA-256: "x86 x86/mini.kaem:12", the first step that opened it
  std::map<std::string, std::string, std::less<>> sources;  ///< SHA-256 of the tree's files, by path
};

/// What a run says of a scan.
struct RunWitness {
  std::string scope;
  std::string unproved;  ///< why nothing is proved never read; empty: it is
  std::size_t opened = 0;
  std::size_t not_opened = 0;
};

/// What the scan is of: the tree that ran, or an archive that a step of it unpacked. Of that, steps behind
/// its own know nothing.
enum class RunOf { tree, archive };

/// Says of each file of `scan`, whose digests are all known, whether a step opened it. That is what becomes
/// of it, where no script says; where one says otherwise, that is a finding: "audit-run-disagrees". Never
/// read is proved only if every file that the run opened of its tree is in this one, at its path, with its
/// bytes. Errors: "audit-other-run".
Result<RunWitness> witness(const RunFiles& run, RunOf what, Scan& scan, std::vector<ScriptFinding>& findings);

}  // namespace assay::audit
