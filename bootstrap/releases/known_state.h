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
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace assay::bootstrap {

/// Hexadecimal digits of a SHA-256 that a state has of a file.
inline constexpr std::size_t kStateDigits = 32;

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
  /// The same, made where there is none yet.
  KnownChain& chain_for(std::string_view architecture);
};

/// Reads the format above. Errors: "known-state-malformed".
Result<KnownState> read_known_state(std::string_view text);
/// Fills in the others of states that are like another one's.
void complete_others(std::vector<KnownState>& states);
/// The releases that are built in, the newest first.
const std::vector<KnownState>& built_in_states();

/// Whether one of the states has a file with this digest among its sources, or its other files.
bool is_known_file(const std::vector<KnownState>& states, const std::string& path, std::string_view sha256);

/// Whether a SHA-256 is the one that a state has, of which it may have the beginning only.
bool is_digest_of(std::string_view known, std::string_view sha256);

}  // namespace assay::bootstrap
