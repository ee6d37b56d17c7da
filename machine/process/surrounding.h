// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a kernel leaves open, as data: values that a program finds at its start or gets from a call, and that
// differ between kernels, or between two runs on one kernel. A program that does another thing in another
// surrounding counts on what nobody promised it, or looks where it is.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "core/result.h"

namespace assay::machine {

/// What registers hold at the start, but for the stack pointer.
enum class RegisterFill : std::uint8_t {
  zero,      ///< as Linux 6 has it on every architecture
  noise,     ///< large numbers without a pattern
  ones,      ///< -1
  small,     ///< 1, 2, 3, ...: good for a descriptor or a count
  pointers,  ///< addresses of the stack
};

enum class HeapPlace : std::uint8_t {
  next_page,     ///< the page behind the image
  behind_image,  ///< the byte behind p_memsz, as old kernels and emulators have it
  far,           ///< some pages away, as kernels that make it random have it
};

/// The auxiliary vector.
enum class Auxiliary : std::uint8_t {
  current,  ///< of Linux 6.3 and later
  old,      ///< of Linux 2.6.20: less in it, and no vdso
};

/// The bytes of an image's last page that lie behind p_memsz.
enum class PageTail : std::uint8_t {
  file,   ///< what follows in the file, or zeros: it is mapped
  noise,  ///< a loader that copies p_filesz bytes into memory which is not cleared
};

inline constexpr std::uint64_t kWhole = std::numeric_limits<std::uint64_t>::max();

struct Surrounding {
  std::string_view name = "linux";
  /// False: no Linux is like that, though another loader or kernel may be.
  bool of_linux = true;
  RegisterFill registers = RegisterFill::zero;
  std::uint64_t flags = 0;        ///< a flags word of machine/ir/ir.h
  bool dirty_stack = false;       ///< noise below the stack pointer
  std::uint64_t stack_shift = 0;  ///< bytes, a multiple of 16, by which the stack begins lower
  bool kernel_stack = false;      ///< where 64-bit kernels have it, far above 4 GiB; slow
  std::uint64_t string_gap = 0;   ///< bytes between the argument strings
  Auxiliary auxiliary = Auxiliary::current;
  std::uint8_t random = 0;             ///< chooses the 16 random bytes
  std::uint32_t first_descriptor = 3;  ///< those from 3 to below it are taken by others
  HeapPlace heap = HeapPlace::next_page;
  std::uint64_t heap_distance = 0;  ///< bytes behind the next page, for `far`
  PageTail tail = PageTail::file;
  std::uint64_t most_read = kWhole;   ///< bytes of a file that one read gives
  std::uint64_t most_write = kWhole;  ///< the same of one write
  std::uint32_t first_process = 1;
  std::uint32_t user = 0;  ///< as the auxiliary vector tells it, and the group
};

/// The one of every run that asks for no other.
inline constexpr Surrounding kFriendly{};

/// What Linux gives by default and the friendly one does not: a stack far above 4 GiB on 64-bit machines, a
/// heap at some distance from the program, a user. Another number, other places.
Surrounding linux_of_today(std::uint64_t number);

/// The fixed ones that hand-written programs are tried in.
std::span<const Surrounding> adverse_surroundings();

/// The friendly one with something changed: `what` is the name of an adverse one ("noise"), or of what is
/// to be adverse, separated by commas: "registers", "stack", "arguments", "descriptors", "heap", "old-heap",
/// "tail", "reads", "writes", "processes". Error: "unknown-surrounding".
Result<Surrounding> make_surrounding(std::string_view what);

/// The value of noise at a place.
constexpr std::uint64_t noise(std::uint64_t place) {
  std::uint64_t x = (place + 1) * 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  return (x ^ (x >> 31)) | 0x8000'0000'8000'0001U;  // never small, as 32 bits neither
}

}  // namespace assay::machine
