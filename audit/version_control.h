// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What repositories of git know of an archive's files: the project's own at a tag, and those of projects that
// it copies from. Compared by blob ids; nothing is checked out.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "audit/scan.h"
#include "core/result.h"

namespace assay::audit {

/// The id that git gives to these bytes, as 40 hexadecimal digits.
std::string blob_id(ByteView bytes);

/// A commit's files.
struct Tagged {
  std::map<std::string, std::string, std::less<>> blobs;  ///< id by path
};
/// `place`: "DIR@TAG"; without a tag HEAD. Errors: "audit-no-repository".
Result<Tagged> read_tag(const std::string& place);

/// A project that others copy from.
struct KnownProject {
  std::string name;                          ///< of the repository's folder
  std::set<std::string, std::less<>> ids;    ///< of all its objects, in all its history
  std::set<std::string, std::less<>> names;  ///< of its files at HEAD, without folders
};
/// Errors: "audit-no-repository".
Result<KnownProject> read_project(const std::string& directory);

/// Says of every file of `scan` where it is. A macro that claims to be a known project's (its name, its
/// serial number) and equals none of its versions becomes of kind "copy-unknown". `tagged` may be null.
void trace_origins(Scan& scan, const FileTree& tree, const Tagged* tagged,
                   const std::vector<KnownProject>& projects);

}  // namespace assay::audit
