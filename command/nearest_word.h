// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a user may have meant by a word that is none.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace assay {

/// The word of `known` that is nearest to `word`, by letters that were left out, put in, changed or
/// exchanged; empty where none is near.
std::string nearest_word(std::string_view word, std::span<const std::string> known);

/// "did you mean 'WORD'?", whatever the letter case, or all that there are.
std::string known_words(std::string_view word, std::span<const std::string> known);

}  // namespace assay
