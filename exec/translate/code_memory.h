// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Memory for translated code, mapped twice: to write and to run. No page is both.
#pragma once

#include <cstdint>
#include <memory>

#include "core/bytes.h"

namespace assay::exec {

class CodeMemory {
 public:
  /// Null if the host refuses.
  static std::unique_ptr<CodeMemory> make(std::size_t bytes);
  CodeMemory(const CodeMemory&) = delete;
  CodeMemory& operator=(const CodeMemory&) = delete;
  ~CodeMemory();

  [[nodiscard]] std::size_t used() const { return used_; }
  [[nodiscard]] bool fits(std::size_t bytes) const { return bytes <= size_ - used_; }
  /// Appends, and returns where the code is to run.
  const Byte* append(ByteView code);
  /// Changes four bytes of code written before.
  void patch(const Byte* at, std::uint32_t value);
  /// Those four bytes.
  [[nodiscard]] std::uint32_t number(const Byte* at) const;
  [[nodiscard]] const Byte* start() const { return run_; }

 private:
  CodeMemory(Byte* write, Byte* run, std::size_t size) : write_(write), run_(run), size_(size) {}
  Byte* write_;
  Byte* run_;
  std::size_t size_;
  std::size_t used_ = 0;
};

}  // namespace assay::exec
