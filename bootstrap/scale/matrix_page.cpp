// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "bootstrap/finding/finding.h"
#include "bootstrap/report/markup.h"
#include "bootstrap/scale/matrix_columns.h"

namespace assay::bootstrap {
namespace {

std::string html(std::string_view text) { return markup(printable(text)); }

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>assay matrix</title>
<style>
body { font: 15px/1.4 sans-serif; margin: 2em; color: #222; background: #fff }
table { border-collapse: collapse }
th, td { border: 1px solid #ccc; padding: .3em .7em; text-align: left }
.pass { background: #d9f2d9 } .fail { background: #f7c9c9; font-weight: bold } .incomplete, .nothing-checked { background: #faedc4 }
</style>
</head>
<body>
)";

}  // namespace

std::string matrix_page(std::span<const MatrixRow> rows, const Overall& overall) {
  const std::vector<std::string_view> columns = matrix_columns(rows);
  std::string text(kHead);
  text += fmt::format("<h1>{} trees: <span class=\"{}\">{}</span></h1>\n<ul>\n", rows.size(),
                      name_of(overall.verdict), name_of(overall.verdict));
  for (const std::string& reason : overall.reasons) text += fmt::format("<li>{}</li>\n", html(reason));
  text += "</ul>\n<table>\n<tr><th>tree</th>";
  for (const std::string_view column : columns) text += fmt::format("<th>{}</th>", column);
  text += "<th>known as</th></tr>\n";
  for (const MatrixRow& row : rows) {
    text += fmt::format("<tr><td title=\"{}\">{}</td>", html(row.path), html(row.label));
    for (const std::string_view column : columns) {
      const MatrixCell* const cell = row.cell(column);
      text += cell == nullptr ? "<td>-</td>"
                              : fmt::format("<td class=\"{0}\" title=\"{1}\">{0}</td>",
                                            name_of(cell->verdict), html(cell->reason));
    }
    text += fmt::format("<td>{}</td></tr>\n", html(row.standing));
  }
  return text + "</table>\n</body>\n</html>\n";
}

}  // namespace assay::bootstrap
