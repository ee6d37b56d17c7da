// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/lint/claim.h"

#include <array>
#include <utility>

namespace assay::bootstrap::lint {

Judge find_judge(std::string_view architecture) {
  static constexpr std::array<std::pair<std::string_view, Judge>, 5> kJudges{{{"x86", judge_x86},
                                                                              {"AMD64", judge_x86},
                                                                              {"AArch64", judge_aarch64},
                                                                              {"riscv32", judge_riscv},
                                                                              {"riscv64", judge_riscv}}};
  for (const auto& [name, judge] : kJudges) {
    if (name == architecture) return judge;
  }
  return nullptr;
}

}  // namespace assay::bootstrap::lint
