// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linker/catm.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::catm {

ByteView Copier::chunk(ByteView read) {
  if (dialect_.bad_input == BadInput::dumps_buffer) {
    buffer_.resize(dialect_.chunk);
    std::copy(read.begin(), read.end(), buffer_.begin());
  }
  return read;
}

ByteView Copier::unreadable() {
  if (dialect_.bad_input != BadInput::dumps_buffer) return {};
  buffer_.resize(dialect_.chunk);
  return buffer_;
}

std::string bad_file_message(std::string_view name, bool output) {
  return fmt::format("The file: {} is not a valid {} file name\n", name, output ? "output" : "input");
}

Output concatenate(std::span<const Input> inputs, const Options& options, DiagnosticSink& diagnostics) {
  const Dialect& dialect = *options.dialect;
  Copier copier(dialect);
  Output output;
  const auto write = [&](ByteView bytes, Span span) {
    output.bytes.insert(output.bytes.end(), bytes.begin(), bytes.end());
    if (options.want_map) output.map.add(bytes.size(), span);
  };
  for (std::uint32_t number = 0; number < inputs.size(); ++number) {
    const Input& input = inputs[number];
    const Span start{number, 0, 0};
    if (input.state == InputState::readable) {
      for (std::size_t at = 0; at < input.source.bytes.size(); at += dialect.chunk) {
        const std::size_t length = std::min(dialect.chunk, input.source.bytes.size() - at);
        write(copier.chunk(input.source.bytes.subspan(at, length)), {number, at, length});
      }
    } else if (dialect.bad_input == BadInput::fails && input.state == InputState::missing) {
      output.status = 1;
      output.standard_error = bad_file_message(input.source.name, false);
      diagnostics.report(kind("catm-bad-input"), start, "the input cannot be opened");
      return output;
    } else {
      const ByteView stale = copier.unreadable();
      diagnostics.report(stale.empty() ? kind("catm-skipped-input") : kind("catm-dumped-buffer"), start,
                         "the input cannot be read");
      write(stale, start);
    }
  }
  return output;
}

}  // namespace assay::catm
