// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many trees and their architectures as one table: the commits of a project, say.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "bootstrap/known/cause.h"
#include "bootstrap/report/overall.h"

namespace assay::bootstrap {

struct MatrixCell {
  std::string_view architecture;
  ChainVerdict verdict = ChainVerdict::incomplete;
  std::size_t steps = 0;
  std::size_t equal = 0;
  Answers answers;
  std::string reason;  ///< one line: why it is no pass, or what the pass rests on
};

struct MatrixRow {
  std::string label;
  std::string path;
  std::string standing;  ///< which known state it is, or is near to; may be empty
  Overall overall;
  std::vector<MatrixCell> cells;  ///< of the architectures that were looked at

  [[nodiscard]] const MatrixCell* cell(std::string_view architecture) const;
};

/// `known` may be null.
MatrixRow matrix_row(std::string label, std::string path, std::span<const ChainResult> results,
                     const Comparison* known);
/// Of what is no tree, or of none of the architectures.
MatrixRow matrix_row(std::string label, std::string path, const Error& error);

/// The worst verdict of all rows, and a line a reason, with the rows that it holds for.
Overall overall_of(std::span<const MatrixRow> rows);

/// A line a tree, a column an architecture; then what is wrong, each with the rows that have it.
std::string matrix_text(std::span<const MatrixRow> rows, const Overall& overall, bool colour);
nlohmann::json matrix_json(std::span<const MatrixRow> rows, const Overall& overall);
/// A page that needs nothing beside itself.
std::string matrix_page(std::span<const MatrixRow> rows, const Overall& overall);

}  // namespace assay::bootstrap
