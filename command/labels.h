// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The names that a source gives to places: `:name` in the languages that have labels, and `#:name` or `#
// :name` at the start of a comment in those that have none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace assay {

struct NamedPlace {
  std::string_view name;     ///< a part of the text
  std::uint64_t offset = 0;  ///< bytes, of the name
};

/// In order; a label begins a word. Comments begin with '#' or ';'; what stands in quotation marks has no
/// labels.
std::vector<NamedPlace> named_places(ByteView text);

}  // namespace assay
