// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "extra/world.h"

namespace assay::extra {

/// The machine this process runs on, seen from its current directory, with its umask.
class HostWorld final : public World {
 public:
  HostWorld();
  Input open(const std::string& path) override;
  std::unique_ptr<Reader> open_stream(const std::string& path) override;
  std::unique_ptr<Writer> create(const std::string& path, std::uint32_t mode) override;
  Reader& standard_input() override { return *input_; }
  Writer& standard_output() override { return *output_; }
  bool make_directory(const std::string& path, std::uint32_t mode) override;
  bool make_link(const std::string& target, const std::string& path) override;
  bool remove(const std::string& path) override;
  bool exists(const std::string& path) override;
  bool set_mode(const std::string& path, std::uint32_t mode) override;
  bool is_other_directory(const std::string& path) override;
  bool stays_inside(const std::string& path, LastLink last) override;

 private:
  std::unique_ptr<Reader> input_;
  std::unique_ptr<Writer> output_;
};

}  // namespace assay::extra
