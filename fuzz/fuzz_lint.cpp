// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any text, as each of the languages that lint reads: every alarm is inside the text.
#include <array>
#include <cstdlib>

#include "bootstrap/lint/lint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  if (size < 1) return 0;
  constexpr std::array<const char*, 5> kNames{"a.hex0", "a.hex1", "a.hex2", "a.M1", "a.c"};
  constexpr std::array<const char*, 5> kArchitectures{"x86", "AMD64", "AArch64", "riscv32", "riscv64"};
  const ByteView text(data + 1, size - 1);
  bootstrap::lint::Counts counts;
  DiagnosticList said;
  bootstrap::lint::lint_text({kNames[data[0] % kNames.size()], text},
                             kArchitectures[data[0] / 5 % kArchitectures.size()], counts, said);
  for (const Diagnostic& one : said.all) {
    if (one.span.offset + one.span.length > text.size()) std::abort();
  }
  if (counts.alarms != said.all.size()) std::abort();
  return 0;
}
