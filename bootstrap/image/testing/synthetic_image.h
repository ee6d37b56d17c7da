// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Small images for tests and fuzzers, made in memory with stage texts of our own: a boot sector with all
// the marks a BIOS wants and a stage2 of a few bytes. They boot nothing.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"

namespace assay::image {

struct SyntheticImage {
  /// hex0 text of stage2; "@K@" is replaced by the four bytes of the sector constant.
  std::string stage2_text = "90 # nop\nC7 05 00 00 00 01 @K@ # where the stream begins\n";
  /// Sector of the stream; -1: the right one.
  long stream_sector = -1;
  std::string stream;
  /// Bytes of the whole image; 0: up to the MiB after the stream.
  std::size_t total_bytes = 0;

  [[nodiscard]] Bytes bytes() const;
};

/// "src SIZE PATH\n" and the bytes.
std::string source_command(std::string_view path, std::string_view payload);

}  // namespace assay::image
