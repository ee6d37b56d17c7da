// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inside of unxz: .xz files (LZMA2 only) and .lzma files, read as the real tool reads them. liblzma
// decodes; the framing is read here, because the real tool's reading of it shows:
//   - check values, the index and CRCs are skipped, never verified;
//   - after its end the input goes on with 0xFF bytes for ever (the tool built for 64-bit machines never
//     notices the end), so a cut-off file fails as broken data;
//   - the output comes block by block: an error loses what its block had so far.
// Broken LZMA data are found by liblzma; the real tool may find them later, under another code (16 or
// 17), or with a check value of its own wrong. It then says what is said here most of the time.
#pragma once

#include <string>
#include <string_view>

#include "extra/world.h"

namespace assay::extra {

/// How a decompression ends.
struct XzEnd {
  /// The real tool's code; its exit status, except that it exits with 1 while it has no dictionary.
  int code = 0;
  bool has_dictionary = false;
  /// What an internal check of the real tool prints, without a newline; its status is 1 then.
  std::string_view message;
  bool unwritten = false;  ///< the output could not be written
};

/// Output of a block that is held back until the block is known to be good, as the real tool does. Beyond
/// this much it is written all the same, so that memory stays bounded.
inline constexpr std::size_t kMaxHeldOutput = std::size_t{96} << 20;

XzEnd decode_xz(Reader& input, Writer& output);

}  // namespace assay::extra
