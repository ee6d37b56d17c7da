// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/finding/finding.h"

#include <fmt/format.h>

#include "core/hidden_text.h"

namespace assay::bootstrap {

std::string byte_text(ByteView bytes, std::uint64_t offset) {
  return offset < bytes.size() ? fmt::format("{:02x}", bytes[offset]) : "nothing";
}

void FindingSink::report(Diagnostic diagnostic) {
  const Position position = position_of(source_.bytes, diagnostic.span.offset);
  findings_.push_back({std::string(diagnostic.kind->id), diagnostic.severity, source_.name, position.line,
                       position.column, std::move(diagnostic.message), std::string(diagnostic.kind->help)});
}

std::string printable(std::string_view text) { return without_controls(text); }

}  // namespace assay::bootstrap
