// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mes/world.h"

namespace assay::mes {

/// The machine this process runs on, seen from its current directory, with its umask. What is written is kept
/// until there is much of it, another program runs, or flush() is called.
class HostWorld final : public World {
 public:
  HostWorld();
  ~HostWorld() override;
  std::shared_ptr<const Bytes> read(const std::string& path) override;
  std::shared_ptr<const Bytes> read_standard_input() override;
  std::unique_ptr<Writer> open_for_writing(const std::string& path, bool create, bool truncate,
                                           std::uint32_t mode) override;
  Writer& standard_output() override;
  Writer& standard_error() override;
  bool access(const std::string& path, unsigned wanted) override;
  bool remove(const std::string& path) override;
  bool set_mode(const std::string& path, std::uint32_t mode) override;
  std::string current_directory() override;
  std::optional<int> run(const std::string& path, const std::vector<std::string>& arguments,
                         const Environment& environment) override;

  /// Writes what was kept; false if something could not be written, now or before.
  bool flush();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace assay::mes
