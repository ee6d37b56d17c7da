// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A descriptor of the host that is closed when its owner goes, unless it is a stream of the program's own.
#pragma once

#include <unistd.h>
#include <utility>

#include "core/bytes.h"

namespace assay {

class HostDescriptor {
 public:
  /// `number`: what open() gave; negative if there is none.
  explicit HostDescriptor(int number = -1) : number_(number) {}
  HostDescriptor(const HostDescriptor&) = delete;
  HostDescriptor& operator=(const HostDescriptor&) = delete;
  HostDescriptor(HostDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  HostDescriptor& operator=(HostDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~HostDescriptor() { close(); }
  [[nodiscard]] int number() const { return number_; }
  /// What close() gives: an error may mean that what was written is lost.
  int close() {
    const int number = std::exchange(number_, -1);
    return number > STDERR_FILENO ? ::close(number) : 0;
  }

 private:
  int number_;
};

/// Writes all of `bytes`; false, with errno, if some of it is lost.
bool write_all(int descriptor, ByteView bytes);

}  // namespace assay
