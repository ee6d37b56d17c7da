// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a stream of this process can show.
#pragma once

namespace assay {

/// The stream is a terminal whose user wants colours: NO_COLOR is empty or not set, TERM is not "dumb".
bool shows_colour(int descriptor);

/// The stream is a terminal on which a line can be written again.
bool rewrites_lines(int descriptor);

/// Columns of the terminal; 80 where nobody knows.
unsigned columns_of(int descriptor);

}  // namespace assay
