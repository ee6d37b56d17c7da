// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows of tests/cases/mescc-cases.tsv: runs of the programs of mescc-tools.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/case_file.h"

namespace assay::test {

struct MesccFile {
  std::string data;  ///< of an output perhaps "sha256:HEX:len=N"
  std::string mode = "0644";
  bool is_directory = false;  ///< its name ends in '/'; it has a mode only
  std::string link;           ///< of a symbolic link: its target, and nothing else
  bool removed = false;
};

struct MesccExpectation {
  std::string exit;  ///< a status, "-11" for a crash, or "TIMEOUT"
  std::string standard_output;
  std::string standard_error;
  std::map<std::string, MesccFile> created;  ///< or changed
};

struct MesccRow {
  std::string id;
  std::string tool;
  std::vector<std::string> argv;  ///< without the program's name
  std::vector<std::string> env;   ///< in the order in which it was given to the program
  std::string standard_input;
  std::map<std::string, MesccFile> files;
  std::map<std::string, MesccExpectation, std::less<>> builds;

  /// What this build does; nothing if the row does not say.
  [[nodiscard]] std::optional<MesccExpectation> expectation(std::string_view build) const {
    const auto found = builds.find(build);
    return found == builds.end() ? std::nullopt : std::optional(found->second);
  }
};

/// Reads the cells. Throws std::runtime_error (or a JSON error) if they are not as they should be.
MesccRow mescc_row(const Row& cells);

}  // namespace assay::test
