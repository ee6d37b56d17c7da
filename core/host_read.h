// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading whole files of the host. Whole outputs are in command/host_files.h.
#pragma once

#include <string>

#include "core/bytes.h"
#include "core/result.h"

namespace assay {

/// A whole file (or pipe, to its end). Errors: "file-not-found", "file-unreadable".
Result<Bytes> read_host_file(const std::string& path);

}  // namespace assay
