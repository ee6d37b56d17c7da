// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/scale/matrix.h"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bootstrap/finding/finding_json.h"
#include "bootstrap/scale/matrix_columns.h"

namespace assay::bootstrap {
namespace {

/// A reason, and the labels of the rows that have it.
struct Shared {
  OverallVerdict verdict;
  std::string reason;
  std::vector<std::string> labels;
};

/// Why a tree does not pass; what is the same for several architectures once.
std::vector<std::string> reasons_of(const MatrixRow& row) {
  if (row.cells.empty()) return row.overall.reasons;
  std::vector<std::pair<std::string, std::string>> found;  // what, and for which
  for (const MatrixCell& cell : row.cells) {
    if (cell.verdict == ChainVerdict::pass) continue;
    const std::string what = cell.reason.substr(cell.architecture.size());
    const auto known =
        std::find_if(found.begin(), found.end(), [&](const auto& one) { return one.first == what; });
    if (known == found.end()) {
      found.emplace_back(what, cell.architecture);
    } else {
      known->second += fmt::format(", {}", cell.architecture);
    }
  }
  std::vector<std::string> reasons;
  for (const auto& [what, architectures] : found) reasons.push_back(architectures + what);
  return reasons;
}

std::vector<Shared> shared_reasons(std::span<const MatrixRow> rows) {
  std::vector<Shared> all;
  for (const MatrixRow& row : rows) {
    if (row.overall.verdict == OverallVerdict::pass) continue;
    for (const std::string& reason : reasons_of(row)) {
      const auto known =
          std::find_if(all.begin(), all.end(), [&](const Shared& one) { return one.reason == reason; });
      if (known == all.end()) {
        all.push_back({row.overall.verdict, reason, {row.label}});
      } else {
        known->labels.push_back(row.label);
      }
    }
  }
  return all;
}

/// Which known state a tree is, or how far it is from the nearest one.
std::string short_text(const Standing& standing) {
  std::string text = standing.alike ? standing.state : "nearest to " + standing.state;
  const auto add = [&text](std::size_t count, std::string_view what) {
    if (count != 0) text += fmt::format(", {} {}", count, what);
  };
  add(standing.changed.size(), "changed");
  add(standing.missing.size(), "missing");
  add(standing.added.size(), "added");
  return text;
}

std::string labels_text(const std::vector<std::string>& labels) {
  if (labels.size() == 1) return labels.front();
  return fmt::format("{} trees, {} to {}", labels.size(), labels.front(), labels.back());
}

std::string_view tint_of(std::string_view verdict) {
  if (verdict == "pass") return "\x1b[32m";
  return verdict == "fail" ? "\x1b[1;31m" : "\x1b[33m";
}

}  // namespace

std::vector<std::string_view> matrix_columns(std::span<const MatrixRow> rows) {
  std::vector<std::string_view> columns;
  for (const Architecture& arch : architectures()) {
    if (std::any_of(rows.begin(), rows.end(),
                    [&](const MatrixRow& row) { return row.cell(arch.name) != nullptr; }))
      columns.push_back(arch.name);
  }
  return columns;
}

const MatrixCell* MatrixRow::cell(std::string_view architecture) const {
  const auto found = std::find_if(cells.begin(), cells.end(),
                                  [&](const MatrixCell& one) { return one.architecture == architecture; });
  return found == cells.end() ? nullptr : &*found;
}

MatrixRow matrix_row(std::string label, std::string path, std::span<const ChainResult> results,
                     const Comparison* known) {
  MatrixRow row{std::move(label), std::move(path), "", overall_of(results), {}};
  if (known != nullptr) row.standing = short_text(known->standing);
  for (const ChainResult& result : results) {
    row.cells.push_back({result.chain.architecture->name, result.verdict, result.steps.size(),
                         result.count(Verdict::equal), result.answers,
                         overall_of(std::span(&result, 1)).reasons.front()});
  }
  return row;
}

MatrixRow matrix_row(std::string label, std::string path, const Error& error) {
  MatrixRow row{std::move(label), std::move(path), "", {}, {}};
  row.overall.add(OverallVerdict::nothing_checked, fmt::format("{} [{}]", error.message, error.id));
  return row;
}

Overall overall_of(std::span<const MatrixRow> rows) {
  Overall overall;
  if (rows.empty()) overall.add(OverallVerdict::nothing_checked, "the list names no tree");
  for (const Shared& one : shared_reasons(rows))
    overall.add(one.verdict, fmt::format("{}: {}", labels_text(one.labels), one.reason));
  if (overall.verdict == OverallVerdict::pass) {
    std::size_t cells = 0;
    for (const MatrixRow& row : rows) cells += row.cells.size();
    overall.add(OverallVerdict::pass, fmt::format("{} chains of {} trees pass", cells, rows.size()));
  }
  return overall;
}

std::string matrix_text(std::span<const MatrixRow> rows, const Overall& overall, bool colour) {
  const std::vector<std::string_view> columns = matrix_columns(rows);
  std::size_t width = 4;
  for (const MatrixRow& row : rows) width = std::max(width, printable(row.label).size());
  std::string text = fmt::format("{:<{}}", "tree", width);
  for (const std::string_view column : columns) text += fmt::format(" {:<10}", column);
  text += columns.empty() ? "\n" : " known as\n";
  for (const MatrixRow& row : rows) {
    text += fmt::format("{:<{}}", printable(row.label), width);
    for (const std::string_view column : columns) {
      const MatrixCell* const cell = row.cell(column);
      const std::string_view verdict = cell == nullptr ? "-" : name_of(cell->verdict);
      text += colour ? fmt::format(" {}{:<10}\x1b[0m", tint_of(verdict), verdict)
                     : fmt::format(" {:<10}", verdict);
    }
    text += columns.empty() ? "\n" : fmt::format(" {}\n", row.standing);
  }
  return text + "\n" + overall_text(overall, fmt::format("{} trees", rows.size()), "matrix", "", colour);
}

nlohmann::json matrix_json(std::span<const MatrixRow> rows, const Overall& overall) {
  nlohmann::json trees = nlohmann::json::array();
  for (const MatrixRow& row : rows) {
    nlohmann::json chains = nlohmann::json::array();
    for (const MatrixCell& cell : row.cells)
      chains.push_back({{"arch", cell.architecture},
                        {"verdict", name_of(cell.verdict)},
                        {"steps", cell.steps},
                        {"equal", cell.equal},
                        {"answers", {{"ok", cell.answers.ok}, {"total", cell.answers.total}}},
                        {"reason", utf8(cell.reason)}});
    nlohmann::json tree{{"label", utf8(row.label)},
                        {"path", utf8(row.path)},
                        {"known_as", utf8(row.standing)},
                        {"chains", std::move(chains)}};
    add_overall(tree, row.overall);
    trees.push_back(std::move(tree));
  }
  nlohmann::json document{{"tool", "assay"}, {"version", ASSAY_VERSION}, {"trees", std::move(trees)}};
  add_overall(document, overall);
  return document;
}

}  // namespace assay::bootstrap
