// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A descriptor of the host that is closed when its owner goes.
#pragma once

#include <unistd.h>

namespace assay {

class HostDescriptor {
 public:
  /// `number`: what open() gave; negative if there is none.
  explicit HostDescriptor(int number) : number_(number) {}
  HostDescriptor(const HostDescriptor&) = delete;
  HostDescriptor& operator=(const HostDescriptor&) = delete;
  ~HostDescriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

}  // namespace assay
