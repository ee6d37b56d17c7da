// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Constants and transcendental functions of the x87, private to machine/x87.
#pragma once

#include "machine/x87/float80.h"
#include "machine/x87/unit.h"

namespace assay::machine::x87 {

/// fld1 fldl2t fldl2e fldpi fldlg2 fldln2 fldz, by number.
Float80 constant(Rounding rounding, unsigned which);

struct FunctionResult {
  Float80 value;
  Float80 pushed;             ///< of those with two results: the second
  bool out_of_range = false;  ///< nothing is done but to say so
};

/// `x` is ST(0), `y` ST(1). False where the manuals leave the last bits to the processor: no result.
bool compute(Context& context, Function function, const Number& x, const Number& y, FunctionResult& result);

}  // namespace assay::machine::x87
