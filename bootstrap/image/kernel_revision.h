// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which revision of builder-hex0's kernel an image holds, told by the digest of its assembled bytes.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"

namespace assay::image {

struct KernelRevision {
  std::string_view digest;    ///< sha256 of the binary
  std::string_view revision;  ///< of builder-hex0 that first has it
  std::string_view date;
  /// How it differs from the one that the machine plays, in words; empty: not at all.
  std::string_view differs;
  /// execve without a fork before it leaves the stack where it was. Until e134ac7 it was reset, which
  /// destroys what the parents have on it.
  bool execve_keeps_stack = true;

  [[nodiscard]] bool is_played() const { return differs.empty(); }
};

/// Null for a kernel of no known revision.
const KernelRevision* kernel_revision(std::string_view digest);
/// Of the binary that stage1 makes of a stage2 text.
const KernelRevision* kernel_revision(ByteView stage2);

/// Whether the digest is that of stage1 of a known revision.
bool is_known_stage1(std::string_view digest);

}  // namespace assay::image
