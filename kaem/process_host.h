// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kaem/interpreter.h"

namespace assay::kaem {

/// The host that starts real processes of this machine, for the drop-in programs.
class ProcessHost final : public Host {
 public:
  ChildEnd launch(const Launch& launch) override;
  Found find(const std::string& path) override;
  bool enter(const std::string& directory) override;
  std::string current_directory() override;
  void write_output(std::string_view text) override;
  void write_error(std::string_view text) override;
  /// errno of the first output that was lost; 0 if none.
  [[nodiscard]] int write_error_number() const { return write_error_; }

 private:
  int write_error_ = 0;
};

}  // namespace assay::kaem
