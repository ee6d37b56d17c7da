// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names in a hex2-0 text, and the labels they define.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/source.h"
#include "hex2/dialects.h"

namespace assay::hex2 {

/// A name as it stands in the text, without the byte that ended it.
struct Token {
  std::string_view text;
  std::size_t start = 0;
  /// The first byte after the token and its terminator.
  std::size_t next = 0;
  /// Ended by '>'.
  bool greater = false;
  /// Ended by the end of the text.
  bool open = false;

  /// What is compared: everything before a zero byte.
  [[nodiscard]] std::string_view name() const { return text.substr(0, text.find('\0')); }
  [[nodiscard]] std::size_t end() const { return start + text.size(); }
};

/// Reads tokens under the rules of one dialect.
class TokenReader {
 public:
  explicit TokenReader(const Dialect& dialect);
  [[nodiscard]] Token read(ByteView text, std::size_t start) const;

 private:
  std::array<bool, 256> ends_{};
};

struct Label {
  std::int64_t address = 0;
  Span span;
};

class Labels {
 public:
  explicit Labels(const LabelHeap& heap) : heap_(heap) {}

  /// Defines or redefines; the label before, if there was one. The name must outlive the table.
  std::optional<Label> define(std::string_view name, const Label& label);
  [[nodiscard]] const Label* find(std::string_view name) const;
  [[nodiscard]] bool empty() const { return labels_.empty(); }
  [[nodiscard]] std::vector<std::string_view> names() const;
  /// Whether the real tool's memory for labels is used up.
  [[nodiscard]] bool overflows() const { return heap_.bytes != 0 && used_ > heap_.bytes; }

 private:
  LabelHeap heap_;
  std::uint64_t used_ = 0;
  std::unordered_map<std::string_view, Label> labels_;
};

}  // namespace assay::hex2
