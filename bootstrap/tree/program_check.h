// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be said about files of a tree before anything runs: programs that no kernel would start, and
// names that are nearly right.
#pragma once

#include <optional>
#include <string>

#include "bootstrap/tree/architecture.h"
#include "core/file_tree.h"

namespace assay::bootstrap {

/// Whether contents begin as an ELF file's do.
bool is_elf(ByteView contents);

/// Whether contents have control characters that texts do not have.
bool is_binary(ByteView contents);

/// Whether contents are those of a file that stands for another one, which Git LFS has elsewhere.
bool is_lfs_pointer(ByteView contents);

/// Why a kernel of this architecture would not execute a file with these contents: no ELF header (a file
/// that names its interpreter with "#!" is not judged), another class or byte order, another machine.
/// Nothing if it would, if the file is empty, or if there is no kernel.
std::optional<std::string> program_fault(ByteView contents, const Architecture& arch);

/// The existing path that differs from `path` (normal) in the case of its letters only; nothing if there is
/// none.
std::optional<std::string> near_miss(const FileTree& tree, std::string_view path);

}  // namespace assay::bootstrap
