// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstring>
#include <string>

#include "command/print.h"
#include "command/render.h"
#include "kaem/diagnostics.h"
#include "kaem/process_host.h"

namespace assay::kaem {

/// Says on standard error that output was lost, as the real interpreters do not.
inline void tell_lost_output(const ProcessHost& host, const Source& script) {
  if (host.write_error_number() == 0) return;
  const Diagnostic told{
      &kLostOutput,
      kLostOutput.severity,
      {},
      std::string("cannot write to standard output: ") + std::strerror(host.write_error_number()),
      {}};
  const Source whole{script.name, {}};
  print_text(stderr, render(told, {&whole, 1}));
}

}  // namespace assay::kaem
