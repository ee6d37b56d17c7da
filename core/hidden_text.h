// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text that people are not shown as programs read it: an editor or terminal reorders it or writes over it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace assay {

struct HiddenText {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  ///< bytes
  std::string what;          ///< "U+202E, which changes the order in which text is shown"
};

/// The first `most` places: controls of the direction of writing, characters without width, and carriage
/// returns in the middle of a line.
std::vector<HiddenText> find_hidden_text(ByteView text, std::size_t most);

/// For a terminal: each control of any kind, the above included, is a '?'.
std::string without_controls(std::string_view text);

}  // namespace assay
