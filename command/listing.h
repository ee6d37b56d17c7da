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

/// A row for what a source line made, tab-free columns:
///   OFFSET ADDRESS BYTES  FILE:LINE: SOURCE LINE
/// Offsets and addresses are eight or more hexadecimal digits. More than eight bytes continue on
/// rows of their own.
std::string listing(const Output& output, std::span<const Source> sources);

/// {"base": N, "size": N, "entries": [{"offset","address","bytes","file","line","column","source_offset",
/// "source_length","text"}], "labels": [{"name","address","file","line"}], "sources": [{"file","lines"}]};
/// "text" is the span's own text; bytes over 0x7e and below 0x20 are shown as '.' in it and in the lines.
nlohmann::json map_json(const Output& output, std::span<const Source> sources);

/// "ADDRESS NAME" a line, by address: the labels of the sources (command/labels.h), each with the address of
/// the first byte made behind it.
std::string symbols(const Output& output, std::span<const Source> sources);

}  // namespace assay
