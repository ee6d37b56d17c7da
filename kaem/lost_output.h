// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <unistd.h>
#include <cstring>
#include <string>

#include "command/diagnostic_printer.h"
#include "command/print.h"
#include "kaem/diagnostics.h"
#include "kaem/process_host.h"

namespace assay::kaem {

/// Says on standard error that output was lost, as the real interpreters do not.
inline void tell_lost_output(const ProcessHost& host, const Source& script, DiagnosticForm form) {
  if (host.write_error_number() == 0) return;
  const Diagnostic told{
      &kLostOutput,
      kLostOutput.severity,
      {},
      std::string("cannot write to standard output: ") + std::strerror(host.write_error_number()),
      {}};
  const Source whole{script.name, {}};
  print_text(stderr, shown(told, {&whole, 1}, form, STDERR_FILENO));
}

}  // namespace assay::kaem
