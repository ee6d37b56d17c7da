// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs that make a list of system calls and keep what each returned, as hex0 text; and disks that
// carry them in builder-hex0's command stream.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace assay::test {

class Hex0Probe {
 public:
  static constexpr std::uint32_t kBase = 0x0804'8000;
  /// Four words a call: eax, ebx, esi (0x11111111 before the call) and ecx after it.
  static constexpr std::uint32_t kLog = 0x0805'0000;
  /// Free memory.
  static constexpr std::uint32_t kBuffer = 0x0805'8000;
  /// As ecx of a call: the stack pointer at the start; the address of argv[0]'s text.
  static constexpr std::uint32_t kStackPointer = 0xFFFF'FFF0;
  static constexpr std::uint32_t kFirstArgument = 0xFFFF'FFF1;

  /// The address of a zero-terminated text; of words.
  std::uint32_t text(std::string_view text);
  std::uint32_t words(const std::vector<std::uint32_t>& words);
  /// Returns the index of the call. After a fork (2), the parent leaves out the next call.
  std::size_t call(std::uint32_t number, std::uint32_t b = 0, std::uint32_t c = 0, std::uint32_t d = 0);
  std::size_t open(std::string_view path, std::uint32_t flags) { return call(5, text(path), flags); }
  std::size_t write(std::uint32_t fd, std::string_view bytes);
  std::size_t exit(std::uint32_t code) { return call(1, code); }

  [[nodiscard]] Bytes program() const;
  /// program() as hex0 text.
  [[nodiscard]] std::string hex0() const;

 private:
  std::vector<std::uint32_t> calls_;
  Bytes data_;
};

/// O_WRONLY | O_CREAT | O_TRUNC
inline constexpr std::uint32_t kMakeFile = 0x241;

/// "src SIZE PATH\n" and the bytes.
std::string stream_file(std::string_view path, std::string_view bytes);
/// "src 0 PATH\n"
std::string stream_directory(std::string_view path);
/// The probe's text as a file, and its assembling to `path`.
std::string stream_probe(std::string_view path, const Hex0Probe& probe);

}  // namespace assay::test
