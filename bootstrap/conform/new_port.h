// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The skeleton of a port to a new machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"

namespace assay::conform {

struct Port {
  std::string name;    ///< "loongarch64": letters, digits, '_' and '-'
  unsigned bits = 64;  ///< 32 or 64
  bool big_endian = false;
  std::uint16_t machine = 0;  ///< e_machine
  std::uint64_t base = 0x600000;
};

struct PortFile {
  std::string path;  ///< seen from the port's directory
  std::string text;
};

/// A readme of the way rung by rung, a hex0 source that has its header, and the cases of each rung. Errors:
/// "bad-port".
Result<std::vector<PortFile>> new_port(const Port& port);

}  // namespace assay::conform
