// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lists of answers made anew after a change of the sources, as upstream's authors make them by hand.
#pragma once

#include <string>
#include <vector>

#include "bootstrap/check/preflight.h"

namespace assay::bootstrap {

struct NewAnswers {
  std::string path;  ///< of the list in the tree
  std::string text;
  std::size_t changed = 0;  ///< lines
};

/// The list of an architecture with the digests of what both roads made: the same files in the same order;
/// where there is no list, all that the steps left in ARCH/bin. Errors: "answers-not-written", where a line
/// names no file that both roads made.
Result<NewAnswers> new_answers(const Tree& tree, const ChainResult& result);

/// New lists for the architectures whose own is not right, which are then checked again with it: `results`
/// becomes what that says. Errors: "answers-not-written", if one of them does not pass then: something else
/// is wrong.
Result<std::vector<NewAnswers>> renew_answers(const Tree& tree, const PreflightOptions& options,
                                              std::vector<ChainResult>& results);

}  // namespace assay::bootstrap
