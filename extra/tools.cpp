// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "extra/tools.h"

#include <algorithm>
#include <array>

namespace assay::extra {
namespace {

constexpr std::array<Tool, 11> kTools{{
    {"chmod", chmod},
    {"cp", cp},
    {"match", match},
    {"mkdir", mkdir},
    {"replace", replace},
    {"rm", rm},
    {"sha256sum", sha256sum},
    {"unbz2", unbz2},
    {"ungz", ungz},
    {"untar", untar},
    {"unxz", unxz},
}};

}  // namespace

std::span<const Tool> tools() { return kTools; }

const Tool* find_tool(std::string_view name) {
  const auto* const row =
      std::find_if(kTools.begin(), kTools.end(), [name](const Tool& tool) { return tool.name == name; });
  return row == kTools.end() ? nullptr : row;
}

}  // namespace assay::extra
