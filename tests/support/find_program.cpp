// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/find_program.h"

#include <fmt/format.h>
#include <unistd.h>

namespace assay::test {

std::optional<std::string> find_program(std::string_view name) {
  for (const std::string_view directory : {"/usr/bin", "/usr/local/bin", "/bin"}) {
    std::string path = fmt::format("{}/{}", directory, name);
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return std::nullopt;
}

}  // namespace assay::test
