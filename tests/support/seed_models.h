// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A second implementation of hex0, hex1 and hex2-0, only to test the first one against it: one
// byte at a time, no tables, the differences between machines written out where they happen.
// It shares no code with the libraries.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"

namespace assay::test {

struct Modelled {
  /// "exit:0", "exit:1", "hangs", "crashes" or "undefined".
  std::string status = "exit:0";
  Bytes bytes;
};

/// `tool` is "hex0", "hex1" or "hex2-0"; texts without over-long names only.
Modelled model(std::string_view tool, std::string_view dialect, ByteView text);

}  // namespace assay::test
