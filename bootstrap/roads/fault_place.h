// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.h"

namespace assay::bootstrap {

/// The offset in an ELF program's file of the byte that is loaded at `address`; nothing if the
/// file does not hold it.
std::optional<std::uint64_t> file_offset_of(ByteView program, std::uint64_t address);

}  // namespace assay::bootstrap
