// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bytes of an input file of a program, mapped where that can be done and read where not.
#pragma once

#include <cstdint>

#include "core/bytes.h"

namespace assay {

struct InputRead;

/// Bytes of a file. They stay where they are when this is moved.
class InputBytes {
 public:
  InputBytes() = default;
  InputBytes(InputBytes&& other) noexcept;
  InputBytes& operator=(InputBytes&& other) noexcept;
  InputBytes(const InputBytes&) = delete;
  InputBytes& operator=(const InputBytes&) = delete;
  ~InputBytes();

  [[nodiscard]] ByteView view() const {
    return mapping_ != nullptr ? ByteView(mapping_, mapped_size_) : ByteView(read_);
  }

  /// Copies a mapping of the file that `descriptor` is open on, at the same address: to be called
  /// before that file is truncated or written. False: no memory for it.
  bool keep_if_file(int descriptor);

 private:
  friend InputRead read_input(int descriptor, std::uint64_t most);

  Bytes read_;
  Byte* mapping_ = nullptr;
  std::size_t mapped_size_ = 0;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
};

struct InputRead {
  InputBytes bytes;
  int error = 0;  ///< errno of a failed read; the bytes before it are there
  bool too_large = false;
};

/// Everything from the current place of `descriptor` to its end; if it is more than `most` bytes, that
/// is reported and the bytes are not to be used. Regular files are mapped: who shortens one while the
/// program runs kills the program.
InputRead read_input(int descriptor, std::uint64_t most);

}  // namespace assay
