// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// M0: the first byte chooses the dialect.
#include "M1/m0.h"
#include "fuzz/fuzz_output.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  if (size == 0) return 0;
  const m0::Dialect& dialect = m0::kDialects[data[0] % m0::kDialects.size()];
  return fuzz::check_outputs({data + 1, size - 1}, [&](const Source& source, bool full,
                                                       DiagnosticSink& sink) {
    return m0::assemble({&source, 1}, {.dialect = &dialect, .want_map = full, .want_warnings = full}, sink);
  });
}
