// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/memory_tree.h"
#include "extra/world.h"

namespace assay::extra {

/// A world that is a file tree. Absolute paths start at the root of the tree; "/dev/stdout" is the
/// standard output, "/dev/null" takes everything.
class TreeWorld final : public World {
 public:
  /// `tree` must outlive the world. `current_directory` is a normal path of the tree.
  explicit TreeWorld(MemoryTree& tree, std::string current_directory = "", std::uint32_t umask = 022);

  /// What was written to the standard output piece by piece (not the texts in Output).
  [[nodiscard]] const Bytes& written() const { return written_; }
  void set_standard_input(Bytes bytes);

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
  [[nodiscard]] std::shared_ptr<Node> find(const std::string& path) const;

  MemoryTree& tree_;
  std::string cwd_;
  std::uint32_t umask_;
  Bytes written_;
  std::unique_ptr<Reader> input_;
  std::unique_ptr<Writer> output_;
};

}  // namespace assay::extra
