// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every file that a chain makes, as the reference road has it, with what each was made of. A path that is
// written again is another product.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bootstrap/chain/chain.h"
#include "bootstrap/roads/step_cache.h"
#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

/// Number of a product.
using FileId = std::uint32_t;
inline constexpr FileId kNoFile = 0xFFFFFFFF;

/// A file of the tree, or one that a command left.
struct Product {
  std::string path;
  std::shared_ptr<const Bytes> bytes;
  std::optional<std::size_t> maker;  ///< number of its Making; nothing: it lies in the tree
};

/// A command that made something.
struct Making {
  Command command;
  FileId program = kNoFile;
  std::vector<FileId> inputs = {};  ///< those that its command line names
};

class Products {
 public:
  /// Derives all that the chain makes. `cache` may be null. What the road cannot derive, and all behind it,
  /// is missing.
  static Products of(const Tree& tree, const Architecture& arch, StepCache* cache);

  [[nodiscard]] const Architecture& architecture() const { return *architecture_; }
  /// The last product of a path, or the tree's file; kNoFile: there is none.
  FileId find(std::string_view path);
  [[nodiscard]] const Product& operator[](FileId file) const { return files_[file]; }
  [[nodiscard]] const Making& making(std::size_t number) const { return makings_[number]; }
  /// The command that made a product; null for a file of the tree.
  [[nodiscard]] const Making* maker(FileId file) const {
    const Product& product = files_[file];
    return product.maker ? &makings_[*product.maker] : nullptr;
  }
  /// Last products of all paths that the chain writes, in order of their making.
  [[nodiscard]] std::vector<FileId> made() const;
  [[nodiscard]] const std::shared_ptr<const FileTree>& tree() const { return tree_; }

 private:
  class Collector;
  FileId add(std::string path, std::shared_ptr<const Bytes> bytes, std::optional<std::size_t> maker);
  /// A command reads a file that has these bytes now; who wrote it if no command is known to have.
  FileId read(const std::string& path, const std::shared_ptr<const Bytes>& bytes,
              std::optional<std::size_t> writer);
  void wrote(const std::string& path, const std::shared_ptr<const Bytes>& bytes, std::size_t maker);

  const Architecture* architecture_ = nullptr;
  std::shared_ptr<const FileTree> tree_;
  std::vector<Product> files_;
  std::vector<Making> makings_;
  std::map<std::string, FileId, std::less<>> last_;
};

}  // namespace assay::bootstrap
