// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The measured cases in tests/cases: what the real programs did. One row a line, columns by name.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace assay::test {

/// A row: column name -> cell.
using Row = std::map<std::string, std::string, std::less<>>;

/// All rows of tests/cases/NAME; the first line names the columns (text after a blank in a name is
/// dropped). Throws std::runtime_error if the file is missing or a row has too few cells.
std::vector<Row> read_cases(std::string_view name);

/// How many lines of the file start with this cell: for checks that no row was left out.
std::size_t count_lines(std::string_view name, std::string_view first_cell);

/// The bytes of a cell of hexadecimal digits; "(empty)", "empty" and "-" are no bytes. Throws on other text.
Bytes bytes_of_cell(std::string_view cell);

/// Whether `bytes` are what a cell says: digits, "(empty)", or "len=N;sha256=H;head=..;tail=.." for long
/// ones.
bool cell_matches(std::string_view cell, ByteView bytes);

/// The input of a row of seed-cases.tsv, which is there or in seed-inputs.tsv.
Bytes input_of(const Row& row);

/// Rows of `rows` whose columns have these values.
std::vector<Row> rows_where(const std::vector<Row>& rows,
                            std::initializer_list<std::pair<std::string_view, std::string_view>> values);

}  // namespace assay::test
