// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Known good states: which bytes the sources and products of a release have. Those of upstream's releases are
// built in, a file a release (bootstrap/releases/states); contrib/known_state.py makes one from a report.
//
//   state NAME                     what it is called: "stage0-posix 1.9.1"
//   sources ARCH...                files that these architectures' chains read and do not make: lines follow
//   products ARCH                  files that the steps of its chain write, in their order: lines follow
//   others [like NAME]             all other files of the tree: those of the state NAME, but for these lines
//   lines                          of texts among the sources: DIGEST CODES (line_changes.h)
//   DIGEST PATH                    the first 32 digits of the SHA-256
//   - PATH                         among the others: not there
//
// Lines that begin with "#", and empty ones, say nothing.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bootstrap/chain/verdict.h"

namespace assay::bootstrap {

using Digests = std::map<std::string, std::string, std::less<>>;  ///< by path

struct KnownChain {
  std::string architecture;
  Digests sources;
  /// By path: the digests that the file has had, one behind the other.
  std::map<std::string, std::vector<std::string>, std::less<>> products;
};

struct KnownState {
  std::string name;
  std::vector<KnownChain> chains;
  /// Files of the tree that are no sources of a chain. Empty: nothing is known of them.
  Digests others;
  std::string others_like;  ///< where they are those of another state, but for `others`: its name
  Digests line_codes;       ///< of texts, by digest

  [[nodiscard]] const KnownChain* chain(std::string_view architecture) const;
};

/// Reads the format above. Errors: "known-state-malformed".
Result<KnownState> read_known_state(std::string_view text);
/// Fills in the others of states that are like another one's.
void complete_others(std::vector<KnownState>& states);
/// The releases that are built in, the newest first.
std::vector<KnownState> built_in_states();

/// Whether one of the states has a file with this digest among its sources, or its other files.
bool is_known_file(const std::vector<KnownState>& states, const std::string& path, std::string_view sha256);

/// SHA-256 of the files of a tree, each computed once.
class TreeDigests {
 public:
  explicit TreeDigests(const FileTree& files) : files_(files) {}
  /// Empty if there is no such file.
  const std::string& of(const std::string& path);
  [[nodiscard]] const FileTree& files() const { return files_; }

 private:
  const FileTree& files_;
  std::map<std::string, std::string> digests_;
};

/// The files that a chain reads and does not make, scripts and seeds included.
Digests sources_of(const ChainResult& result, TreeDigests& files);
/// A state of the user's own: what these chains read and made. Chains that failed are left out.
KnownState state_of(std::string name, std::span<const ChainResult> results, const FileTree& files);
/// The same from a report of `preflight --json`. Errors: "known-state-malformed".
Result<KnownState> state_of_report(std::string name, std::string_view json);

/// Whether a SHA-256 is the one that a state has, of which it may have the beginning only.
bool is_digest_of(std::string_view known, std::string_view sha256);

}  // namespace assay::bootstrap
