// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mes/vm.h"

namespace assay::mes {

/// Reads forms from the current input.
class Reader {
 public:
  explicit Reader(Vm& vm) : vm_(vm) {}

  /// The form that begins with character `c`, which was read. The end, and a lone ")", read as ().
  Value read(int c);
  Value read_character();
  /// Digits of 1, 3 or 4 bits.
  Value read_digits(unsigned shift);
  Value read_string();

 private:
  Value read_list();
  Value read_hash(int c);
  Value read_prefixed(Value name);
  Value read_word(int c);
  Value make_keyword(Value name);
  void skip_line(int c);
  void skip_block(int mark);
  int skip_space(int c);

  Vm& vm_;
};

Value list_to_vector(Vm& vm, Value list);
/// What mes does with a string that is longer than MES_MAX_STRING; returns if it is not.
void check_string_length(Vm& vm, std::size_t length, std::string_view who, std::string_view text);

}  // namespace assay::mes
