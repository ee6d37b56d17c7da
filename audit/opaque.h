// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files that are no text: what libmagic calls them.
#pragma once

#include <memory>
#include <optional>

#include "audit/evidence.h"
#include "core/bytes.h"
#include "core/result.h"

namespace assay::audit {

/// What is looked at to tell text from other bytes.
inline constexpr std::size_t kOpaqueBytes = 65536;

/// NUL bytes that are no UTF-16, or many control characters. Text of any 8-bit encoding is text.
bool is_opaque(ByteView bytes);

/// libmagic's database, loaded once; one for each thread.
class Magic {
 public:
  /// Errors: "audit-no-magic".
  static Result<Magic> open();
  /// The kind of a file that is_opaque, or whose first bytes say that it is an archive.
  [[nodiscard]] Evidence kind_of(std::string_view path, ByteView bytes) const;
  /// What libmagic says of it: "ELF 64-bit LSB executable, x86-64, ...".
  [[nodiscard]] std::string describe(ByteView bytes) const;

 private:
  struct Closer {
    void operator()(void* cookie) const;
  };
  explicit Magic(void* cookie) : cookie_(cookie) {}
  std::unique_ptr<void, Closer> cookie_;
};

/// Whether a part of the path says that it belongs to tests.
bool is_test_path(std::string_view path);

}  // namespace assay::audit
