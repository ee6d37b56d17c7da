// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "bootstrap/chain/chain.h"
#include "core/bytes.h"
#include "core/file_tree.h"

namespace assay::bootstrap {

/// True of the programs of known releases that count on registers being cleared at their start, as every
/// Linux does: nobody need be alarmed by them.
bool is_known_reliance(const Bytes& program);

/// True where a program asks for something and nothing that it leaves depends on the answer: by its role, or
/// as one of a known release.
bool is_idle_reliance(const Command& command, std::string_view what);
bool is_idle_reliance(const Bytes& program, std::string_view what);

}  // namespace assay::bootstrap
