// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading whole files of the host. Whole outputs are in command/host_files.h.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "core/result.h"

namespace assay {

/// What a source file may have; a hole of terabytes costs nothing on disk.
inline constexpr std::uint64_t kMostHostBytes = std::uint64_t{1} << 30;

/// A whole file (or pipe, to its end). Errors: "file-not-found", "file-unreadable", "file-too-large" (before
/// anything is read of a plain file), "file-changed" (while it was read).
Result<Bytes> read_host_file(const std::string& path, std::uint64_t most = kMostHostBytes);

/// The same of a plain file; links and all other kinds are "file-unreadable" and not waited for.
Result<Bytes> read_plain_file(const std::string& path, std::uint64_t most = kMostHostBytes);

}  // namespace assay
