// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a tree, and what its chains make, is not as a known state has it. Both roads may agree on wrong
// bytes: the step that fails, or the answer that is wrong, is then a late consequence of the first product
// that is not the known one.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bootstrap/known/file_change.h"

namespace assay::bootstrap {

/// What a tree is, by the sources of the chains that were looked at.
struct Standing {
  std::string state;  ///< name of the known state that it is nearest to
  /// At least half of the sources are the state's; or, where no state has half of them, have at least half of
  /// its lines (`by_lines`).
  bool alike = false;
  bool by_lines = false;
  std::vector<std::string> changed;  ///< paths, sorted
  std::vector<std::string> missing;
  std::vector<std::string> added;     ///< read here, and not there
  std::vector<FileChange> changes{};  ///< what is different about the changed ones, in their order
  std::vector<FileChange> unread{};   ///< files that no chain reads which are not as in the state
  /// The change of a file; null for one that is not changed.
  [[nodiscard]] const FileChange* change(std::string_view path) const;
};

/// Why something is wrong in a chain.
struct Cause {
  /// Index into ChainResult::steps of the first step, of those that what is wrong comes from, whose product
  /// is not the known one; nothing if all that it comes from is as known.
  std::optional<std::size_t> step;
  std::string product;
  /// Sources that are not as known, which what is wrong was made from, or the scripts that said how: in the
  /// order in which the steps come to them, those that differ in words only behind all others.
  std::vector<std::string> changed;
  /// Of the first of them, where the other tree is at hand.
  struct Line {
    std::string path;
    std::uint64_t line = 0;  ///< from 1
    std::string known;       ///< its text there; empty: nothing
    std::string here;
  };
  std::vector<Line> lines;
};

/// A product that is not the known one.
struct Departure {
  std::size_t step = 0;  ///< index into ChainResult::steps
  std::string product;
};

struct Comparison {
  Standing standing;
  /// For each chain; nothing where nothing is wrong, or the state says nothing of the architecture.
  std::vector<std::optional<Cause>> causes;
  /// For each chain that passes: the first product that is not the known one.
  std::vector<std::optional<Departure>> departures;
};

/// Compares with the nearest of the states, of equally near ones the first; nothing if none of them knows one
/// of the architectures. `known_tree`: the files of that state; may be null.
std::optional<Comparison> compare_with_known(const Tree& tree, std::span<const ChainResult> results,
                                             const std::vector<KnownState>& states,
                                             const FileTree* known_tree);

/// Takes strict warnings out that are no news: those about texts that are as in the known state, but for
/// names that are no longer defined; those about the C of this family in lines that nobody changed, and all
/// of these where nothing is wrong.
void drop_known_warnings(std::span<ChainResult> results, const Standing& standing);

/// Where two texts are not alike, line by line, at most `most` of them.
std::vector<Cause::Line> changed_lines(const std::string& path, std::string_view known, std::string_view here,
                                       std::size_t most);

}  // namespace assay::bootstrap
