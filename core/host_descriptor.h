// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A descriptor of the host that is closed when its owner goes.
#pragma once

#include <unistd.h>
#include <utility>

namespace assay {

class HostDescriptor {
 public:
  /// `number`: what open() gave; negative if there is none.
  explicit HostDescriptor(int number) : number_(number) {}
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
  int close() { return number_ >= 0 ? ::close(std::exchange(number_, -1)) : 0; }

 private:
  int number_;
};

}  // namespace assay
