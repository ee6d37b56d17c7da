// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The seeds of stage0-posix, by digest: a file is a seed only if its bytes are.
#pragma once

#include <span>
#include <string_view>

namespace assay::audit {

struct KnownSeed {
  std::string_view digest;  ///< SHA-256
  std::string_view name;    ///< in bootstrap-seeds
};

/// Of all releases.
std::span<const KnownSeed> known_seeds();
/// Empty: no seed has this digest.
std::string_view seed_name(std::string_view digest);

}  // namespace assay::audit
