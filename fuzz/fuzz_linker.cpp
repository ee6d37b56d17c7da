// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The hex2 linker: the first byte chooses build and architecture, the second digits, order and base.
#include "fuzz/fuzz_output.h"
#include "linker/linker.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  if (size < 2) return 0;
  constexpr std::int64_t kBases[] = {0, 0x1000, 0x1001, -4, 0x7FFFFFFF};
  linker::Options options{.dialect = &kMesccDialects[data[0] % kMesccDialects.size()],
                          .architecture = static_cast<MesccArchitecture>(data[0] / 4 % 8),
                          .base = static_cast<DigitBase>(data[1] % 3),
                          .big_endian = data[1] >= 128,
                          .base_address = kBases[data[1] / 3 % std::size(kBases)]};
  return fuzz::check_outputs({data + 2, size - 2},
                             [&](const Source& source, bool full, DiagnosticSink& sink) {
                               options.want_map = options.want_warnings = full;
                               return linker::link({&source, 1}, options, sink);
                             });
}
