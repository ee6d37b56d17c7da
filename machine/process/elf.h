// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Static ELF files: what of them a loader needs, checked, and putting them into a Memory the way
// Linux does.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "machine/engine/memory.h"
#include "machine/isa/isa.h"
#include "machine/machine.h"
#include "machine/process/surrounding.h"

namespace assay::machine {

struct ElfSegment {
  std::uint64_t offset = 0;
  std::uint64_t address = 0;
  std::uint64_t file_size = 0;
  std::uint64_t memory_size = 0;
  std::uint32_t flags = 0;  ///< PF_X 1, PF_W 2, PF_R 4
};

struct ElfFile {
  const Isa* isa = nullptr;
  std::uint64_t entry = 0;
  std::vector<ElfSegment> segments;  ///< PT_LOAD with a memory size, in file order
  std::uint64_t header_address = 0;  ///< of the program headers in memory, 0 if not loaded
  std::uint16_t header_size = 0;
  std::uint16_t header_count = 0;
  bool executable_stack = true;  ///< no PT_GNU_STACK, or one that says so
  bool has_stack_header = false;
};

/// Reads the headers. Errors: "bad-program" with the reason, for anything that Linux would not start
/// and for what this machine does not do (dynamic linking, big endian, addresses over 4 GiB).
Result<ElfFile> parse_elf(ByteView file);

struct LoadOptions {
  std::uint64_t memory_limit = 0;  ///< bytes: image + stack limit
  StackPlace stack = StackPlace::high;
  std::string program;                          ///< AT_EXECFN
  const Surrounding* surrounding = &kFriendly;  ///< must outlive the loading
};

struct Loaded {
  const Isa* isa = nullptr;
  std::uint64_t entry = 0;
  std::uint64_t stack_pointer = 0;
};

inline constexpr std::uint64_t kStackLimit = std::uint64_t{8} << 20;

/// Lays out `memory` (cleared) with the program, its stack with arguments, environment and auxiliary
/// vector, and an empty heap. Errors: "bad-program", "argument-list-too-long", "limit-memory".
Result<Loaded> load_elf(const ElfFile& elf, ByteView file, std::span<const std::string> argv,
                        std::span<const std::string> env, const LoadOptions& options, Memory& memory);

}  // namespace assay::machine
