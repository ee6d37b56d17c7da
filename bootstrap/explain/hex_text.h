// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Labels and references of the hex texts that a binary was assembled from, and what a reference came to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bootstrap/explain/made_from.h"

namespace assay::bootstrap {

struct HexLabel {
  std::string_view name;      ///< in the text of `file`
  std::uint64_t at = 0;       ///< offset in the output
  std::uint64_t address = 0;  ///< as the assembler has it
  FileId file = kNoFile;
  std::uint64_t offset = 0;  ///< of its ':'
};

/// A reference, or on RISC-V bits for the instruction word behind it.
struct HexReference {
  char sigil = 0;
  unsigned bytes = 0;  ///< of the output; 0: for the next four
  std::string_view name = {};
  std::string_view base = {};  ///< of NAME>BASE
  std::uint64_t at = 0;        ///< offset in the output of what it makes, or of the instruction word
  std::uint64_t address = 0;   ///< of that
  FileId file = kNoFile;
  std::uint64_t offset = 0;  ///< of its sigil
};

class HexText {
 public:
  /// Of a file that hex1, hex2-0 or hex2 made; empty for others. `products` must outlive it.
  static HexText of(const Products& products, FileId file, const MadeFrom& made);

  [[nodiscard]] const std::vector<HexLabel>& labels() const { return labels_; }  ///< by address
  /// The definition that counts: the last one.
  [[nodiscard]] const HexLabel* find(std::string_view name) const;
  /// The last label at or before an offset of the output; null if there is none.
  [[nodiscard]] const HexLabel* before(std::uint64_t offset) const;
  /// The reference that made the byte at an offset of the output, or those that changed bits of the
  /// instruction word that it belongs to.
  [[nodiscard]] std::vector<HexReference> references(std::uint64_t offset) const;
  /// "4 bytes: 0x600123 (puts) - 0x600456 (behind the field) = -0x333"; `bytes`: the whole output.
  [[nodiscard]] std::string value_of(const HexReference& reference, ByteView bytes) const;

 private:
  class Reader;
  std::vector<HexLabel> labels_;
  std::vector<std::size_t> by_name_;      ///< of labels_, sorted by name, those that count
  std::vector<HexReference> references_;  ///< in order of the texts
};

}  // namespace assay::bootstrap
