// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/finding_pages.h"

#include <fmt/format.h>

namespace assay::bootstrap {
namespace {

constexpr std::string_view kListTitle = "# All diagnostics\n";

std::vector<std::string_view> lines_of(std::string_view page) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < page.size();) {
    const std::size_t end = std::min(page.find('\n', at), page.size());
    lines.push_back(page.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// Cells of a row of a table, `\|` in them included.
std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  std::string cell;
  for (std::size_t at = 1; at < row.size(); ++at) {
    if (row[at] == '\\' && at + 1 < row.size() && row[at + 1] == '|') {
      cell += row[++at];
    } else if (row[at] == '|') {
      const std::size_t first = cell.find_first_not_of(' ');
      const std::size_t last = cell.find_last_not_of(' ');
      cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
      cell.clear();
    } else {
      cell += row[at];
    }
  }
  return cells;
}

/// The id of a row of the list; empty for other lines.
std::string id_of(std::string_view line) {
  if (!line.starts_with("| `")) return {};
  return std::string(line.substr(3, line.find('`', 3) - 3));
}

/// Paragraphs and rows of a page in which a mark stands.
std::string mentions(std::string_view page, const std::string& mark) {
  std::string found;
  std::string paragraph;
  std::string title;
  const auto end = [&] {
    if (paragraph.find(mark) != std::string::npos) found += fmt::format("\n{}", paragraph);
    paragraph.clear();
  };
  for (const std::string_view line : lines_of(page)) {
    if (title.empty() && line.starts_with("# ")) title = line.substr(2);
    const bool alone =
        line.starts_with('|') || line.starts_with('#') || line.starts_with("* ") || line.starts_with("- ");
    if (line.empty() || alone) end();
    if (line.starts_with('|')) {
      if (line.find(mark) == std::string_view::npos) continue;
      std::string row;
      for (const std::string& cell : cells_of(line)) row += (row.empty() ? "" : ": ") + cell;
      found += fmt::format("\n{}\n", row);
    } else if (!line.empty() && !line.starts_with('#')) {
      paragraph += fmt::format("{}\n", line);
    }
  }
  end();
  return found.empty() ? "" : fmt::format("\nFrom \"{}\":\n{}", title, found);
}

}  // namespace

std::optional<std::string> finding_page(std::span<const std::string_view> pages, std::string_view id) {
  const std::string mark = fmt::format("`{}`", id);
  std::optional<std::string> text;
  std::string more;
  for (const std::string_view page : pages) {
    if (page.find(kListTitle) == std::string_view::npos) {
      more += mentions(page, mark);
      continue;
    }
    std::string_view room;
    for (const std::string_view line : lines_of(page)) {
      if (line.starts_with("## ")) room = line.substr(3);
      if (id_of(line) != id) continue;
      const std::vector<std::string> cells = cells_of(line);
      if (cells.size() == 3) text = fmt::format("{}: {} of {}\n\n  {}\n", id, cells[1], room, cells[2]);
    }
  }
  if (text) *text += more;
  return text;
}

std::vector<std::string> finding_ids(std::span<const std::string_view> pages) {
  std::vector<std::string> ids;
  for (const std::string_view page : pages) {
    if (page.find(kListTitle) == std::string_view::npos) continue;
    for (const std::string_view line : lines_of(page)) {
      if (std::string id = id_of(line); !id.empty()) ids.push_back(std::move(id));
    }
  }
  return ids;
}

}  // namespace assay::bootstrap
