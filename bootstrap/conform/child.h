// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the programs do that a case puts beside a tool that starts others.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bootstrap/conform/case.h"

namespace assay::conform {

struct ChildRun {
  int status = 0;
  std::string output;     ///< on standard output
  std::string complaint;  ///< on standard error
  /// The path of a file that it writes, as it was told, and its bytes.
  std::optional<std::pair<std::string, std::shared_ptr<const Bytes>>> copy;
};

using ReadFile = std::function<Result<std::shared_ptr<const Bytes>>(const std::string& path)>;

/// Runs one that is not Does::killed.
ChildRun run_child(const Given& program, const Situation& situation, const std::vector<std::string>& argv,
                   const std::vector<std::string>& env, const ReadFile& read);

/// The same as a script of the host's shell.
std::string child_script(const Given& program);

/// The program of a situation at this path, which may begin with "./"; nothing if there is none.
const Given* program_named(const Situation& situation, std::string_view path);

}  // namespace assay::conform
