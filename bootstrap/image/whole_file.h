// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A large output file that appears whole or not at all: a temporary file next to the target, then a rename.
#pragma once

#include <string>

#include "core/bytes.h"
#include "core/result.h"

namespace assay::image {

class WholeFile {
 public:
  /// Errors: "file-unwritable".
  static Result<WholeFile> create(std::string path);
  WholeFile(WholeFile&& other) noexcept;
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  WholeFile& operator=(WholeFile&&) = delete;
  /// Removes the temporary file unless it was committed.
  ~WholeFile();

  /// Appends. The first error is kept and told by commit.
  void write(ByteView bytes);
  /// Lengthens the file with a hole.
  void extend_to(std::uint64_t size);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] const std::string& temporary_path() const { return temporary_; }
  /// Mode 0644, then the rename. Errors: "write-failed".
  Result<void> commit();

 private:
  WholeFile() = default;
  std::string path_;
  std::string temporary_;
  int descriptor_ = -1;
  int error_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace assay::image
