// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// M1: the first byte chooses build and architecture, the second the form of the output.
#include "M1/m1.h"
#include "fuzz/fuzz_output.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  if (size < 2) return 0;
  m1::Options options{.dialect = &kMesccDialects[data[0] % kMesccDialects.size()],
                      .architecture = static_cast<MesccArchitecture>(data[0] / 4 % 8),
                      .base = static_cast<DigitBase>(data[1] % 3),
                      .big_endian = data[1] >= 128};
  const std::string_view text = as_text({data + 2, size - 2});
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string_view::npos; ++at) {
    if (text.substr(at).size() > 6) return 0;  // no gigabytes of padding
  }
  return fuzz::check_outputs(as_bytes(text), [&](const Source& source, bool full, DiagnosticSink& sink) {
    options.want_map = options.want_warnings = full;
    return m1::assemble({&source, 1}, options, sink);
  });
}
