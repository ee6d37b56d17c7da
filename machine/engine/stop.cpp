// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/machine.h"

namespace assay::machine {

std::string_view name_of(Stop stop) {
  switch (stop) {
    case Stop::exited: return "exited";
    case Stop::memory_fault: return "memory-fault";
    case Stop::unknown_instruction: return "unknown-instruction";
    case Stop::arithmetic_fault: return "arithmetic-fault";
    case Stop::breakpoint: return "breakpoint";
    case Stop::device_fault: return "device-fault";
    case Stop::limit_instructions: return "limit-instructions";
    case Stop::limit_memory: return "limit-memory";
    case Stop::limit_processes: return "limit-processes";
    case Stop::limit_open_files: return "limit-open-files";
    case Stop::limit_output: return "limit-output";
    case Stop::cancelled: return "cancelled";
    case Stop::bad_program: return "bad-program";
  }
  return "unknown";
}

}  // namespace assay::machine
