// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// builder-hex0 as a second kernel of the machine: boots the command stream of a disk, from memory to
// "Build finished.", with that kernel's own rules (docs/machine/builder-hex0.md): files that are never freed,
// one live child, no protection, no modes, most system calls ignored. Source of the facts: the kernel's own
// hex2 source, revision b8a2047.
//
// What that kernel would do by accident (run into its own tables, jump to nowhere, loop for ever) ends
// the run with a named stop; what programs rely on and it does not do is counted as a reliance.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "machine/machine.h"

namespace assay::machine {

/// The kernel's own limits.
inline constexpr std::uint32_t kHex0FirstName = 4;  ///< 0 to 2 are the console and the stream, 3 is /e820
inline constexpr std::uint32_t kHex0NameEnd = 14'336;
inline constexpr std::uint32_t kHex0Names = kHex0NameEnd - kHex0FirstName;  ///< 14,332
inline constexpr std::uint32_t kHex0NameBytes = 1024;                       ///< with the zero
inline constexpr std::uint32_t kHex0ArgumentBytes = 256;                    ///< with the zero
inline constexpr std::uint32_t kHex0Descriptors = 448;  ///< of a process; the first four never
inline constexpr std::uint32_t kHex0CwdBytes = 256;
inline constexpr std::uint32_t kHex0ProcessLow = 0x0804'8000;
inline constexpr std::uint32_t kHex0ProcessEnd = 0x3000'0000;
inline constexpr std::uint32_t kHex0SavedLow = kHex0ProcessEnd;
inline constexpr std::uint32_t kHex0FileLow = 0x5400'0000;
inline constexpr std::uint32_t kHex0FileEnd = 0xBC00'0000;
inline constexpr std::uint32_t kHex0SavedBytes = kHex0FileLow - kHex0SavedLow;  ///< 603,979,776
inline constexpr std::uint32_t kHex0FileBytes = kHex0FileEnd - kHex0FileLow;    ///< 1,744,830,464
inline constexpr std::uint64_t kHex0StreamSector = 175;                         ///< in the two-stage kernel

/// How a boot ends.
enum class Hex0Stop : std::uint8_t {
  finished,  ///< the stream's end was reached: the only good one
  // What programs did to themselves; there are no exception handlers.
  memory_fault,
  unknown_instruction,
  arithmetic_fault,
  breakpoint,
  // Where that kernel hangs, jumps to nowhere or overwrites itself.
  missing_program,
  bad_program,
  process_area,      ///< a heap beyond 2FFFFFFF
  heap_shrinks,      ///< brk below the last one: it clears all memory
  no_arguments,      ///< execve without argv[0]
  no_environment,    ///< execve with a null pointer for the environment
  fork_twice,        ///< a second fork before execve
  execve_in_place,   ///< execve without a fork, where that resets the stack
  unopened_write,    ///< to a descriptor that is not open: into the kernel's memory
  file_area_low,     ///< reading or writing below the files, after a negative seek
  command_too_long,  ///< a name in the stream that leaves its buffer
  path_too_long,     ///< a path or directory that leaves its buffer
  endless_comment,   ///< hex0: a comment that the file ends in
  disk_end,          ///< a read of 64 sectors runs past the end of the medium: endless retries
  // Its limits.
  limit_names,
  limit_file_bytes,
  limit_saved_bytes,
  limit_descriptors,
  limit_processes,  ///< nested deeper than its descriptors allow
  // Limits of the run.
  limit_instructions,
  limit_programs,
  limit_console,
  limit_file_memory,
  cancelled,
};

/// Stable name: "finished", "missing-program", "limit-names", ...
std::string_view name_of(Hex0Stop stop);

/// Something a program leans on and this kernel does not do, or does otherwise.
struct Hex0Reliance {
  std::string_view id;  ///< "ignored-call", "wait4-status", "older-file-grows", ...
  std::string what;     ///< "unlink", "waits that always report success", ...
  std::uint64_t count = 0;
  std::string first;  ///< the program that did it first, with a detail
};

struct Hex0Peaks {
  std::uint32_t names = 0;  ///< of kHex0Names
  std::uint64_t file_bytes = 0;
  std::uint64_t saved_bytes = 0;
  std::uint32_t longest_path = 0;      ///< bytes without the zero
  std::uint32_t longest_argument = 0;  ///< arguments and environment, bytes without the zero
  std::uint32_t descriptors = 0;       ///< of one process, the four that are never given included
  std::uint32_t processes = 0;         ///< nested
  std::uint64_t process_bytes = 0;     ///< end of the heap less start of the area
};

enum class Hex0CommandKind : std::uint8_t { source, assemble, program, flush };

/// A command of the stream that was carried out.
struct Hex0Command {
  Hex0CommandKind kind = Hex0CommandKind::source;
  std::uint64_t offset = 0;            ///< in the stream
  std::vector<std::string> words;      ///< source: {path}; assemble: {in, out}; program: {program, argument}
  std::string path;                    ///< source, assemble: of the file it made, without the leading '/'
  std::shared_ptr<const Bytes> bytes;  ///< source, assemble: what it made; null if it could not
};

struct Hex0Request {
  /// Fills `to` from an offset of the disk; false if it cannot. Not asked beyond disk_bytes.
  std::function<bool(std::uint64_t offset, std::span<Byte> to)> read_disk;
  std::uint64_t disk_bytes = 0;  ///< the medium's size
  std::uint64_t stream_sector = kHex0StreamSector;
  /// Until revision e134ac7 the stack was reset by an execve without a fork; what follows runs on ruins.
  bool execve_keeps_stack = true;
  std::uint64_t instructions = 1'000'000'000'000;  ///< all programs together
  std::uint32_t programs = 100'000;                ///< execve calls
  std::uint64_t console_bytes = std::uint64_t{64} << 20;
  std::uint64_t file_memory = std::uint64_t{1} << 31;  ///< host bytes for the files
  EngineKind engine = EngineKind::automatic;
  /// As in Request. Paths are without the leading '/'; the environment is in the order given to execve.
  std::function<void(const ImageRecord&)> on_start;
  std::function<void(const ImageRecord&)> on_end;
  std::function<void(const Hex0Command&)> on_command;
  std::stop_token cancel;
};

/// A file as the kernel has it at the end; a name that was made again has several, the last one counts.
struct Hex0File {
  std::string path;  ///< without the leading '/'
  std::uint32_t address = 0;
  std::uint32_t length = 0;
  std::shared_ptr<const Bytes> bytes;
};

struct Hex0Outcome {
  Hex0Stop stop = Hex0Stop::finished;
  std::string message;
  std::uint64_t stream_offset = 0;  ///< bytes of the stream consumed
  std::string console;              ///< as the kernel gives it to the BIOS, without carriage returns
  Bytes written;                    ///< what was written to the disk, from its first sector
  std::vector<Hex0Reliance> reliances;
  Hex0Peaks peaks;
  std::uint64_t commands = 0;
  std::uint64_t programs = 0;
  std::uint64_t instructions = 0;
  std::uint64_t system_calls = 0;
  std::vector<Hex0File> files;  ///< newest entry of each name, sorted by path
};

/// Boots a disk. Errors: "no-memory".
Result<Hex0Outcome> run_builder_hex0(const Hex0Request& request);

}  // namespace assay::machine
