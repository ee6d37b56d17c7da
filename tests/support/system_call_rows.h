// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lists of system calls with arguments that nobody means well: sizes, pointers, descriptors, flags, offsets,
// paths.
#pragma once

#include <vector>

#include "tests/support/system_call_guest.h"

namespace assay::test {

struct ListOptions {
  /// Leave out what an emulator does otherwise than a kernel: it asks whether the whole of a buffer is there
  /// before it calls its host's kernel, and its root directory is the host's.
  bool emulated = false;
  /// Only the calls, and the flags of open, that the reference road's engine has too.
  bool common = false;
};

/// Lists written by hand: each is about one thing that programs were found to see.
std::vector<CallList> chosen_lists(const machine::Isa& isa, const ListOptions& options);

/// The same about calls that C libraries and ordinary programs make.
std::vector<CallList> more_lists(const machine::Isa& isa, const ListOptions& options);

/// Of a structure of stat at `at` what a file system chooses is not compared: numbers, blocks, times; of a
/// directory the size and the links. `wide32`: stat64 of a 32-bit architecture.
void hide_status(CallList& list, std::uint64_t at, bool wide32, bool of_file, bool keep_times = false);

/// `count` lists of random calls; the same for the same seed.
std::vector<CallList> random_lists(const machine::Isa& isa, const ListOptions& options, unsigned count,
                                   std::uint64_t seed);

}  // namespace assay::test
