// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/memory_tree.h"
#include "mes/world.h"

namespace assay::mes {

/// A file tree in memory: for the reference road, and for tests.
class TreeWorld final : public World {
 public:
  /// Another program that is to run: its path as resolve_path gives it.
  struct Start {
    std::string program;
    std::vector<std::string> arguments;
    Environment environment;
  };
  /// Its status as waitpid(2) tells it; nothing: it cannot be started.
  using Run = std::function<std::optional<int>(const Start& start)>;

  /// `current_directory`: a normal path. `umask`: bits that new files do not get.
  TreeWorld(MemoryTree& tree, std::string current_directory, std::uint32_t umask = 022, Run run = {});

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

  void set_standard_input(Bytes bytes) { input_ = std::make_shared<const Bytes>(std::move(bytes)); }
  [[nodiscard]] const std::string& written() const { return output_.text; }
  [[nodiscard]] const std::string& errors() const { return errors_.text; }
  /// Normal paths of the files that were opened to be read, and to be written, in order.
  [[nodiscard]] const std::vector<std::string>& opened() const { return opened_; }
  [[nodiscard]] const std::vector<std::string>& outputs() const { return outputs_; }

 private:
  struct Text final : Writer {
    bool write(std::string_view bytes) override {
      text += bytes;
      return true;
    }
    std::string text;
  };
  [[nodiscard]] std::shared_ptr<Node> find(const std::string& path, std::string* place = nullptr) const;

  MemoryTree& tree_;
  std::string current_;
  std::uint32_t umask_;
  Run run_;
  std::shared_ptr<const Bytes> input_ = std::make_shared<const Bytes>();
  Text output_;
  Text errors_;
  std::vector<std::string> opened_;
  std::vector<std::string> outputs_;
};

}  // namespace assay::mes
