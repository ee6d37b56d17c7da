// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fixed points of a tree: its list of expected digests, and its seeds.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "bootstrap/chain/verdict.h"

namespace assay::bootstrap {

/// One line of a list of answers.
struct AnswerLine {
  std::string_view digest;  ///< empty: the tree's own sha256sum refuses the line
  std::string_view path;
};
/// Takes the first line off a list.
AnswerLine next_answer(std::string_view& list);

/// A file as the last step that wrote it left it.
struct MadeFile {
  std::string sha256;
  Verdict verdict = Verdict::not_run;  ///< of that step
};
using MadeFiles = std::map<std::string, MadeFile, std::less<>>;
MadeFiles made_files(const ChainResult& result);

/// Compares the tree's answers file with what a road left. A missing or malformed list, a wrong
/// digest and a listed file that nobody made are findings. A tree without the file has no answers.
/// `result`: what is known of the steps, so that a finding can say who made the file; may be null. Where a
/// step stopped the chain before its list was looked at, what was not made is no news.
Answers check_answers(const Tree& tree, const Architecture& arch, const FileTree& files,
                      const ChainResult* result, std::vector<Finding>& findings);

/// A seed must be what its own source assembles to: compares every program that a step built from the source
/// of hex0 or kaem-minimal with the seed it stands for.
void check_seeds(const Tree& tree, const Architecture& arch, const Chain& chain, const FileTree& files,
                 std::vector<Finding>& findings);

/// The files of which a description says that they must be the same.
void check_equal_files(const Tree& tree, const Architecture& arch, const FileTree& files,
                       std::vector<Finding>& findings);

}  // namespace assay::bootstrap
