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

/// For names that programs define: ": did you mean 'after_open'?", of the nearest one, or of one that goes on
/// where the other ends ("after_open_gone"); empty where none is near.
std::string near_miss(std::string_view word, std::span<const std::string_view> known);

}  // namespace assay
