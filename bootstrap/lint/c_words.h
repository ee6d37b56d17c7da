// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of a C text, and the variables that it declares.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"

namespace assay::bootstrap::lint {

struct CWord {
  std::string_view text;
  bool is_name = false;  ///< or a keyword
};

/// Without comments and preprocessor lines; strings and characters are one word each.
std::vector<CWord> read_c_words(ByteView source);

struct CVariable {
  std::string_view type;
  unsigned stars = 0;
};

/// The variables in sight while the words go by, front to back.
class CVariables {
 public:
  explicit CVariables(const std::vector<CWord>& words) : words_(words) {}

  /// To be called for each word in turn.
  void pass(std::size_t at);
  /// Nothing for names whose declaration was not seen.
  [[nodiscard]] const CVariable* find(std::string_view name) const;

 private:
  void declare(std::size_t at);

  const std::vector<CWord>& words_;
  unsigned braces_ = 0;
  unsigned brackets_ = 0;  ///< round ones
  std::map<std::string_view, CVariable> globals_;
  std::map<std::string_view, CVariable> locals_;
};

}  // namespace assay::bootstrap::lint
