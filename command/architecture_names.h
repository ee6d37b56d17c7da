// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The many spellings of an architecture.
#pragma once

#include <string>
#include <string_view>

namespace assay {

/// One spelling for all of an architecture, in any letter case: "amd64" for AMD64, x86_64, x86-64, x64; "x86"
/// for i386 to i686 and ia32; "aarch64" for arm64; "armv7l" for arm, armv7 and armhf; "riscv32" and "riscv64"
/// for rv32 and rv64. Other words come back in lower case.
std::string common_name(std::string_view word);

/// The row whose `name` means the same as `word`; nothing if there is none.
template <class Rows>
auto find_named(const Rows& rows, std::string_view word) -> decltype(&*rows.begin()) {
  const std::string wanted = common_name(word);
  for (const auto& row : rows) {
    if (common_name(row.name) == wanted) return &row;
  }
  return nullptr;
}

}  // namespace assay
