// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/bytes.h"

namespace assay::machine {

/// Memory for generated code, mapped twice: where it is written it cannot be executed, where it is
/// executed it cannot be written.
class CodeBuffer {
 public:
  /// nullptr if the host does not allow it.
  static std::unique_ptr<CodeBuffer> create(std::size_t size);
  ~CodeBuffer();
  CodeBuffer(const CodeBuffer&) = delete;
  CodeBuffer& operator=(const CodeBuffer&) = delete;

  [[nodiscard]] Byte* writable() { return writable_; }
  [[nodiscard]] const Byte* executable() const { return executable_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  CodeBuffer() = default;
  Byte* writable_ = nullptr;
  Byte* executable_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace assay::machine
