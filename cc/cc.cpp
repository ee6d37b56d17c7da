// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cc/cc.h"

#include <fmt/format.h>

#include "cc/emitter.h"
#include "cc/parser.h"
#include "command/seed_command.h"

namespace assay::cc {

Output compile(const Source& source, const Options& options, DiagnosticSink& diagnostics) {
  Report report(diagnostics, options.want_warnings);
  try {
    if (source.bytes.size() > kMaxInputBytes) {
      report.end(Kind::input_too_large, {}, fmt::format("the input has more than {} bytes", kMaxInputBytes),
                 Ending::undefined);
    }
    Names names;
    const std::vector<Token> tokens = read_tokens(source.bytes, names, report);
    const Program program = Parser(tokens, names, *options.dialect, report).run();
    return emit(program, tokens, names, *options.dialect, options.want_map, report);
  } catch (Stop& stop) {
    Output output;
    output.ending = stop.ending;
    output.status = stop.status;
    output.standard_error = std::move(stop.standard_error);
    output.bytes = to_bytes(stop.bytes);
    if (options.want_map) output.map.add(output.bytes.size(), Span{0, 0, 0});
    return output;
  }
}

}  // namespace assay::cc
