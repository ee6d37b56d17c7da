// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes as a page carries them: compressed, in base64. data.js reads them.
#pragma once

#include <string>

#include "bootstrap/explain/made_from.h"

namespace assay::bootstrap {

/// gzip, then base64.
std::string encoded(ByteView bytes);
/// One step back of all bytes of a file: for each piece its length, the file it is from plus 1 (0: none),
/// what offset and length it has there, and whether it is copied byte by byte. Five columns, one behind the
/// other; numbers of seven bits a byte, files and offsets as differences.
Bytes packed(const MadeFrom& made);
std::string base64(ByteView bytes);

}  // namespace assay::bootstrap
