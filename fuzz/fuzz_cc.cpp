// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What must hold for any text given to a cc compiler. The first byte of the input chooses the dialect.
#include <cstdlib>

#include "cc/cc.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  if (size == 0) return 0;
  const cc::Dialect& dialect = cc::dialects()[data[0] % cc::dialects().size()];
  const Source source{"in.c", {data + 1, size - 1}};
  NoDiagnostics quiet;
  DiagnosticList said;
  const Output bare = cc::compile(source, {.dialect = &dialect}, quiet);
  const Output careful =
      cc::compile(source, {.dialect = &dialect, .want_map = true, .want_warnings = true}, said);
  require(bare.bytes == careful.bytes && bare.ending == careful.ending && bare.status == careful.status &&
          bare.standard_error == careful.standard_error);
  require(careful.map.size() == careful.bytes.size());
  for (const MapEntry& entry : careful.map.entries()) {
    require(entry.span.offset + entry.span.length <= source.bytes.size());
  }
  bool explained = careful.succeeded();
  for (const Diagnostic& one : said.all) {
    require(one.span.offset + one.span.length <= source.bytes.size());
    explained = explained || one.severity == Severity::error;
  }
  require(explained);
  return 0;
}
