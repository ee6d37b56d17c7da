// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/builder_hex0/kernel.h"

namespace assay::machine {
namespace {

int digit(Byte c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Hex0Assembled builder_hex0_assemble(ByteView source) {
  Hex0Assembled result;
  int high = -1;
  bool comment = false;
  for (const Byte c : source) {
    if (comment) {
      comment = c != '\n';
      continue;
    }
    comment = c == '#' || c == ';';
    const int value = digit(c);
    if (comment || value < 0) continue;
    if (high >= 0) result.bytes.push_back(static_cast<Byte>(high << 4 | value));
    high = high < 0 ? value : -1;
  }
  result.ends = !comment;
  return result;
}

}  // namespace assay::machine
