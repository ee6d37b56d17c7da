// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every byte of an output with the source text that made it, for people (listing) and for
// programs (JSON). Both need an Output whose source map was asked for.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "core/output.h"
#include "core/source.h"

namespace assay {

/// One row a map entry, tab-free columns:
///   OFFSET ADDRESS BYTES  FILE:LINE: SOURCE LINE
/// Offsets and addresses are eight or more hexadecimal digits. More than eight bytes continue on
/// rows of their own. A source line is printed once for the entries that follow each other on it.
std::string listing(const Output& output, std::span<const Source> sources);

/// {"base": N, "size": N, "entries": [{"offset","address","bytes","file","line","column","source_offset",
/// "source_length","text"}]}; "text" is the span's own text, bytes over 0x7e and below 0x20 shown as '.'.
nlohmann::json map_json(const Output& output, std::span<const Source> sources);

}  // namespace assay
