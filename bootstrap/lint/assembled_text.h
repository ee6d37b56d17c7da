// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A hex text as people read it: its lines, with what each says beside its bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/output.h"
#include "core/source.h"

namespace assay::bootstrap::lint {

enum class Language : std::uint8_t { hex0, hex1, hex2 };

/// A piece of a comment: without the comment signs, and without blanks around it.
struct Remark {
  std::string_view text;
  std::uint64_t offset = 0;  ///< in the source
};

struct Line {
  std::string_view code;        ///< before the first comment sign, trimmed
  std::vector<Remark> remarks;  ///< what '#' and ';' separate, empty ones left out
  std::uint64_t offset = 0;     ///< of its first byte, or of the next one, in the output
  std::uint64_t length = 0;     ///< output bytes
};

struct AssembledText {
  Output output;
  std::vector<Line> lines;
  /// Address of output offset 0, where the text has a file header that says it, or its references do.
  std::uint64_t base = 0;
  /// Whether that is where it will be: the text is a whole program.
  bool whole = false;
  /// Addresses of labels: those of the language, and those that comments give (":name" alone).
  std::multimap<std::string, std::uint64_t, std::less<>> labels;
  std::uint64_t code_start = 0;  ///< output offset behind the program header

  [[nodiscard]] ByteView bytes(const Line& line) const {
    return ByteView(output.bytes).subspan(line.offset, line.length);
  }
};

/// Nothing where the text does not assemble. Labels that it lacks (it is a part of a program) count as zero.
std::optional<AssembledText> assemble_text(const Source& source, Language language,
                                           std::string_view architecture);

/// The label that a remark defines: ":name", perhaps with more behind it, or "name:"; empty if none.
std::string_view label_in(std::string_view remark);

}  // namespace assay::bootstrap::lint
