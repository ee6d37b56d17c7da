// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Small static ELF programs for tests and fuzzers.
#pragma once

#include "core/bytes.h"
#include "machine/isa/isa.h"
#include "machine/process/elf_program.h"

namespace assay::machine::testing {

inline constexpr std::uint64_t kGuestBase = 0x100000;  ///< where the file is mapped
inline constexpr std::uint64_t kGuestCode = kGuestBase + 0x1000;
/// Scratch memory of snippets: kScratchBytes on both sides of this address, then the registers.
inline constexpr std::uint64_t kScratch = 0x400000;

using machine::put;

/// A static ELF file for `isa`: one segment, all permissions, with `code` at kGuestCode (the entry) and
/// zeros up to a page behind kScratch.
Bytes make_elf(const Isa& isa, ByteView code);

}  // namespace assay::machine::testing
