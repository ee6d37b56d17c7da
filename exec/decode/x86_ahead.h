// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looking ahead in x86 code: whether anybody will ask for the flags as they are. Most of them are set for
// nobody, and what nobody asks for need not be kept.
#pragma once

#include "exec/state/image.h"

namespace assay::exec {

/// What happens to the flags from an address on, as far as can be seen from there.
struct FlagsAhead {
  bool are_used = true;       ///< or may be; false: sure not to be, as far as the code goes on by itself
  bool are_read = false;      ///< sure to be used
  bool used_at_once = false;  ///< the first instruction is a conditional jump or sets a byte by them
  std::uint64_t behind = 0;   ///< used at once: the address behind that one
  std::uint64_t target = 0;   ///< and where it may jump to; 0 if it is no jump
};

/// `past_ends`: what is called, and what is returned to, may ask for them, too.
FlagsAhead look_ahead(const Image& image, std::uint64_t address, bool past_ends);

}  // namespace assay::exec
