// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How builder-hex0's kernel makes an absolute path of what it is given (stage2, absolute_path).
#pragma once

#include <string>
#include <string_view>

namespace assay::image {

/// The absolute path as seen from "/". Faithful: of a part that begins with a dot the dot and the letter
/// behind it vanish ("/a/.keep" becomes "/a/eep"), and a part that begins with ".." removes the one before
/// it.
std::string kernel_path(std::string_view path);

/// Whether a part of the path begins with a dot and is neither "." nor "..".
bool has_dot_name(std::string_view path);

}  // namespace assay::image
