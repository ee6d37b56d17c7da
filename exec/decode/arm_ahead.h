// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looking through a program of Arm's instructions, before it runs, for flags that are set before a jump or
// return and asked for behind it. What is taken for an instruction here may be none: texts and symbols have
// words like a jump's, but seldom between others that are.
#pragma once

#include "exec/decode/instruction_set.h"

namespace assay::exec {

/// What an instruction does with flags, and where the program goes on.
struct FlagUse {
  enum class Sets : std::uint8_t { nothing, difference, others };
  enum class Goes : std::uint8_t {
    on,
    skips,      ///< over one that jumps: the block goes on there
    leads,      ///< to `distance` if a condition holds
    tests,      ///< leads on what a register holds
    elsewhere,  ///< to an address that is in a register
    jumps,      ///< to `distance`
    calls,
  };
  bool is_code = true;  ///< false: of texts and small numbers, rather
  bool asks = false;    ///< before it sets any
  Sets sets = Sets::nothing;
  Goes goes = Goes::on;
  std::int64_t distance = 0;
};

/// `use` says it of the instruction of four bytes.
FlagsKept flags_kept(const Image& image, FlagUse (*use)(std::uint32_t code));

}  // namespace assay::exec
