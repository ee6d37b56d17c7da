// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines of C behind what M2-Planet writes. No room stands for that compiler: the reference road runs the one
// that it derived. So it is run once more and watched: each time it adds a text to its output lists, the
// token that it read last is noted. In the end its lists, as they lie in its memory, are what it writes.
#pragma once

#include "bootstrap/explain/made_from.h"

namespace assay::bootstrap {

/// Pieces of one token each, a place in the C source that it names.
MadeFrom compiled_by_m2_planet(Products& products, const Making& making, const Product& product);

/// The text that M2-Mesoplanet leaves for M2-Planet: its `#FILENAME` lines say where it is from.
MadeFrom joined_by_mesoplanet(Products& products, const Making& making, const Product& product);

}  // namespace assay::bootstrap
