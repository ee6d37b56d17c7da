// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs a row of the mescc-tools cases: a program under its bare name in a fresh directory, umask 022,
// standard input a pipe.
#pragma once

#include <string>
#include <vector>

#include "tests/support/mescc_rows.h"

namespace assay::test {

/// Runs `program` on the row, `options` before the row's arguments, and checks everything that is expected
/// of it: status, both streams ("<CWD>" is the directory), files, links, directories, and that nothing
/// else was made or changed. Where the real program crashes or hangs, ours must say so: a diagnostic, and
/// a status that is not 0.
void check_mescc_row(const MesccRow& row, const MesccExpectation& expected, const std::string& program,
                     const std::vector<std::string>& options = {});

}  // namespace assay::test
