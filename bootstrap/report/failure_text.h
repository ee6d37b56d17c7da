// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The first bad step of a chain, for people.
#pragma once

#include <string>

#include "bootstrap/chain/verdict.h"

namespace assay::bootstrap {

/// Which step differs or fails, what it ran, where the roads part or how the program ended and what it had
/// printed. Empty if no step is bad. One line if the step only checks the list of answers, and that is wrong.
/// Its first line ends with "fails" or "differs" and the script's line.
std::string failure_text(const ChainResult& result, bool colour);

/// Whether a finding says that a list of digests is wrong.
bool is_of_list(const Finding& finding);

/// What is wrong with the list of answers that a failed step checked, by which it fails; null if it is not
/// that.
const Finding* wrong_list(const ChainResult& result, const StepResult& step);

/// The last lines of what a program printed, each behind `indent`; what is left out is counted.
std::string last_lines(std::string_view printed, std::string_view indent);

}  // namespace assay::bootstrap
