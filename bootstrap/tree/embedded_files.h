// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files of bootstrap/embedded and the seeds of the rooms, put into the program by the build
// (cmake/EmbedFiles.cmake).
#pragma once

#include <span>
#include <string_view>

#include "core/bytes.h"

namespace assay::bootstrap {

struct EmbeddedFile {
  std::string_view path;  ///< in assay's sources
  ByteView bytes;
};

std::span<const EmbeddedFile> embedded_files();

}  // namespace assay::bootstrap
