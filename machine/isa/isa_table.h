// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows that the decoder files define. Outside machine/ use isa.h.
#pragma once

#include "machine/isa/isa.h"

namespace assay::machine {

extern const Isa kRiscv64;
extern const Isa kRiscv32;
extern const Isa kAmd64;
extern const Isa kX86;
extern const Isa kAarch64;
extern const Isa kArmv7l;

}  // namespace assay::machine
