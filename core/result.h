// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Errors are values. `Error` is for what went wrong outside any source text (a file, an option, a
// limit); trouble with a place in a source text is a Diagnostic (core/diagnostic.h).
#pragma once

#include <new>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace assay {

struct Error {
  /// Stable name, e.g. "file-not-found".
  std::string_view id;
  /// One line, no final period, names the file or value.
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string_view id, std::string message) {
  return tl::unexpected<Error>(Error{id, std::move(message)});
}

/// That the host lacks memory is no guest's and no tree's doing: it goes up to the program as std::bad_alloc,
/// past all who judge.
inline void pass_on_no_memory(const Error& error) {
  if (error.id == "no-memory") throw std::bad_alloc();
}

}  // namespace assay
