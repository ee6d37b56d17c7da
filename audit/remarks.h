// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What source may say and a bootstrap does not want: downloads inside a build, and terms that are not free.
// A file with a remark is source all the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"

namespace assay::audit {

struct Remark {
  std::string_view id;     ///< "audit-download", "audit-licence"; lives for ever
  std::uint32_t line = 0;  ///< from 1
  std::string message = {};
  Severity severity = Severity::note;
};

/// Remarks a file, at most.
inline constexpr std::size_t kMostRemarks = 20;

/// Lines of a script that fetch something (a note: whether the build runs it, nobody looks), calls of CMake,
/// Meson and Bazel that do (a warning where no digest pins it), and lines of any text that give terms of a
/// licence that is not free. `path`: tells what kind of text it is.
std::vector<Remark> find_remarks(std::string_view path, std::string_view text);

}  // namespace assay::audit
