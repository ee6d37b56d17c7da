// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that was found out about the chain of one architecture, as bytes: what another machine computed
// is reported here as if it had been computed here. Equal trees give equal bytes: times are left out.
#pragma once

#include "bootstrap/known/state_of.h"

namespace assay::bootstrap {

struct ChainRecord {
  ChainResult result;
  /// The files that the chain read, as the machine that computed it saw them.
  Digests sources;
};

/// What a tree is called where a record is made; read_record() is told what it is called here.
inline constexpr std::string_view kRecordedTree = "@tree@";

Bytes write_record(const ChainRecord& record);
/// Errors: "record-malformed", also where another version of this program wrote it.
Result<ChainRecord> read_record(ByteView bytes, const std::string& tree_path);

/// Whether `record` is of this very tree. Errors: "record-of-other-tree".
Result<void> check_sources(const ChainRecord& record, const FileTree& tree);

}  // namespace assay::bootstrap
