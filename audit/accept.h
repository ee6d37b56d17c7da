// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What people looked at and accept, with their reason: a line a file, reviewed like code.
//
//   # digest, path (with * and ?), kind, reason
//   8ca9745e...  POSIX/AArch64/hex0-seed  bin-elf  the seed: hex0_AArch64.hex0 says what its bytes are
//
// "-" for a digest accepts whatever the file's bytes are; files that nobody can read want a digest. Where the
// digest is another one, the acceptance lapses.
#pragma once

#include <string>
#include <vector>

#include "audit/scan.h"
#include "core/result.h"

namespace assay::audit {

struct AcceptLine {
  std::string digest;  ///< "-": any
  std::string path;
  std::string kind;
  std::string reason;
  std::uint64_t line = 0;
  bool used = false;
};

/// Nobody can review another version of these by reading it.
bool needs_digest(const Kind& kind);

/// Errors: "audit-accept-line".
Result<std::vector<AcceptLine>> read_accept_file(std::string_view text);

/// Marks what lines and known seeds accept; marks lines as used. A file whose line has another digest is no
/// longer accepted, and says so in `lapsed`.
void accept(Scan& scan, std::vector<AcceptLine>& lines);

}  // namespace assay::audit
