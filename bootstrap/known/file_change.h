// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is different about a file that is not as a known state has it.
#pragma once

#include <string>
#include <vector>

#include "bootstrap/known/line_changes.h"
#include "bootstrap/known/state_of.h"

namespace assay::bootstrap {

struct FileChange {
  std::string path;
  /// In words, where the file as a whole is something that is known: "it is AMD64/hex1_AMD64.hex0",
  /// "as in stage0-posix 1.8.1", "its lines end with CR LF", "it is empty". Else empty.
  std::string what;
  std::uint64_t size = 0;          ///< lines that it has here; of texts whose lines are known
  std::vector<LineChange> places;  ///< likewise; none where `what` says all
  /// All places are of comments and empty lines: as far as is known, since of a text that is not at hand
  /// nobody knows what a line was before.
  bool words_only = false;
};

/// A digest that a state has for a path; empty if it has none.
std::string digest_in(const KnownState& state, const std::string& path);
/// The line codes of a text with that digest, if one of the states has them.
const std::string* codes_of(const std::vector<KnownState>& states, const std::string& digest);

/// `digest`: of the file here. `state`: one of `states`. `known_tree`: the files of that state; may be null.
FileChange change_of(const std::string& path, const std::string& digest, const FileTree& here,
                     const KnownState& state, const std::vector<KnownState>& states,
                     const FileTree* known_tree);

/// "PATH:12", "PATH:12 (a line is missing)", "PATH:12, 40 and 3 more places", "PATH (its lines end with CR
/// LF)": printable.
std::string place_text(const FileChange& change);

}  // namespace assay::bootstrap
