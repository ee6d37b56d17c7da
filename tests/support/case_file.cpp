// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/case_file.h"

#include <fmt/format.h>
#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "core/digest.h"

namespace assay::test {
namespace {

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (true) {
    const std::size_t end = line.find(separator, start);
    parts.push_back(line.substr(start, end - start));
    if (end == std::string::npos) return parts;
    start = end + 1;
  }
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  throw std::runtime_error(fmt::format("not a hexadecimal digit: '{}'", c));
}

}  // namespace

std::vector<Row> read_cases(std::string_view name) {
  const std::string path = fmt::format("{}/tests/cases/{}", ASSAY_SOURCE_DIR, name);
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) throw std::runtime_error("cannot read " + path);
  std::vector<std::string> names = split(line, '\t');
  for (std::string& column : names) column = column.substr(0, column.find(' '));
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = split(line, '\t');
    if (cells.size() < names.size()) throw std::runtime_error(fmt::format("short row in {}: {}", path, line));
    Row row;
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = cells[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

std::size_t count_lines(std::string_view name, std::string_view first_cell) {
  std::ifstream file(fmt::format("{}/tests/cases/{}", ASSAY_SOURCE_DIR, name));
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);)
    count += line.starts_with(fmt::format("{}\t", first_cell)) ? 1 : 0;
  return count;
}

Bytes bytes_of_cell(std::string_view cell) {
  Bytes bytes;
  if (cell == "(empty)" || cell == "empty" || cell == "-" || cell == "(none)") return bytes;
  if (cell.size() % 2 != 0) throw std::runtime_error(fmt::format("odd cell: {}", cell));
  for (std::size_t i = 0; i < cell.size(); i += 2) {
    bytes.push_back(static_cast<Byte>(16 * digit(cell[i]) + digit(cell[i + 1])));
  }
  return bytes;
}

bool cell_matches(std::string_view cell, ByteView bytes) {
  if (!cell.starts_with("len=")) {
    const Bytes expected = bytes_of_cell(cell);
    return std::equal(expected.begin(), expected.end(), bytes.begin(), bytes.end());
  }
  const std::string start = fmt::format("len={};sha256={};", bytes.size(), sha256(bytes));
  return cell.starts_with(start);
}

Bytes input_of(const Row& row) {
  static const std::vector<Row> inputs = read_cases("seed-inputs.tsv");
  for (const Row& input : inputs) {
    if (input.at("tool") == row.at("tool") && input.at("case") == row.at("case")) {
      return bytes_of_cell(input.at("input_hex"));
    }
  }
  return bytes_of_cell(row.at("input_hex"));
}

std::vector<Row> rows_where(const std::vector<Row>& rows,
                            std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  std::vector<Row> chosen;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(chosen), [&](const Row& row) {
    return std::all_of(values.begin(), values.end(),
                       [&](const auto& value) { return row.find(value.first)->second == value.second; });
  });
  return chosen;
}

}  // namespace assay::test
