// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every file of a tree in exactly one class: of a kind that is not source, or without evidence for one. "No
// evidence" is not "source": some things leave no mark.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "audit/evidence.h"
#include "audit/remarks.h"
#include "core/bytes.h"
#include "core/file_tree.h"

namespace assay::audit {

/// What becomes of a file before something is built or installed.
enum class Fate {
  unknown,
  removed,
  removed_and_regenerated,
  regenerated,
  replaced,
  never_read,
  used_as_shipped,
  installed_as_shipped,
};
std::string_view name_of(Fate fate);

struct Disposition {
  Fate fate = Fate::unknown;
  std::string where = {};  ///< "steps/m4-1.4.19/pass1.sh:8"; empty: no line says so
  std::string how = {};    ///< in words
};

/// Whether a step of a run opened a file with these bytes (run_files.h).
enum class InRun { not_asked, opened, not_opened };
std::string_view name_of(InRun in_run);

/// Where an archive's file is in version control (version_control.h).
enum class Origin { not_asked, same_path, elsewhere, copied, copied_but_for_licence, nowhere };
std::string_view name_of(Origin origin);

struct FileVerdict {
  std::string path;  ///< in its tree; of what is in an archive: "archive!path"
  std::uint64_t size = 0;
  const Kind* kind = nullptr;  ///< null: no evidence
  double confidence = 0;
  std::vector<Evidence> evidence = {};  ///< strongest first; may be weaker than what makes a verdict
  std::vector<Remark> remarks = {};     ///< of a text, whatever its kind
  std::string source = {};  ///< what it was made of: a path in the tree where that is there, else a name
  bool source_is_here = false;
  std::string digest = {};  ///< SHA-256, of what has a kind (ScanOptions::digest_all)
  std::string detail = {};  ///< what libmagic says of an opaque file
  Disposition disposition = {};
  InRun in_run = InRun::not_asked;
  Origin origin = Origin::not_asked;
  std::string copied_from = {};  ///< a known project; of Origin::nowhere: the one whose name it claims
  std::string accepted = {};     ///< the reason; empty: it is not
  bool in_baseline = false;      ///< an earlier report had it, with these bytes
  std::uint64_t lapsed = 0;      ///< a line of the accept file with another digest
};

/// Opens an archive in memory; null: it cannot be opened.
using OpenArchive = std::function<std::shared_ptr<const FileTree>(std::shared_ptr<const Bytes> bytes)>;

struct ScanOptions {
  double least_confidence = 0.6;
  unsigned threads = 1;
  OpenArchive open_archive = {};  ///< empty: archives inside are not looked into
  bool only_opaque = false;       ///< texts are left out
  bool digest_all = false;        ///< of files without evidence too
  std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();  ///< of files that are looked at
};

inline constexpr int kMostArchiveDepth = 4;
/// Bytes of archives inside the tree that are unpacked, all together.
inline constexpr std::uint64_t kMostNestedBytes = std::uint64_t{1} << 32U;
/// Of a file, that content rules look at.
inline constexpr std::size_t kMostLookedAt = 1U << 20U;

struct Scan {
  std::vector<FileVerdict> files;  ///< by path; those of an archive follow it
  std::vector<Error> troubles;     ///< "audit-unreadable": a file that could not be looked at
};

/// Errors: "audit-no-magic". Folders of version control are left out.
Result<Scan> scan(const FileTree& tree, const ScanOptions& options);

}  // namespace assay::audit
