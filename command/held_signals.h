// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The signals with which users and systems end programs wait in this thread, so that temporary files can be
// removed before they come.
#pragma once

#include <csignal>
#include <utility>

namespace assay {

class HeldSignals {
 public:
  HeldSignals() = default;
  HeldSignals(HeldSignals&& other) noexcept
      : holds_(std::exchange(other.holds_, false)), before_(other.before_) {}
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  HeldSignals& operator=(HeldSignals&&) = delete;
  ~HeldSignals() { release(); }

  void hold();
  /// Those that came meanwhile come now.
  void release();
  /// Whether one waits.
  [[nodiscard]] static bool pending();

 private:
  bool holds_ = false;
  sigset_t before_{};
};

}  // namespace assay
