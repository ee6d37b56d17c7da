// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files of the host: whole outputs, and whole inputs (core/host_read.h). The streaming outputs of drop-in
// tools are in command/seed_command.h.
#pragma once

#include <string>

#include "command/output_file.h"
#include "core/bytes.h"
#include "core/host_read.h"
#include "core/result.h"

namespace assay {

/// Writes a whole file or nothing (command/output_file.h). Errors: "file-unwritable", "write-failed".
Result<void> write_host_file(const std::string& path, ByteView bytes, OutputOptions options = {});

}  // namespace assay
