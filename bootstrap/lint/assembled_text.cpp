// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/lint/assembled_text.h"

#include <algorithm>
#include <set>

#include "bootstrap/lint/words.h"
#include "hex0/hex0.h"
#include "hex1/hex1.h"
#include "hex2/hex2.h"

namespace assay::bootstrap::lint {

namespace {

/// Labels that a part of a program lacks are put behind it; more than these are none.
constexpr std::size_t kMostMissingLabels = 5000;

std::optional<Output> assemble(const Source& source, Language language, std::string_view architecture,
                               DiagnosticSink& diagnostics) {
  switch (language) {
    case Language::hex0:
      if (const auto* dialect = hex0::find_dialect(architecture))
        return hex0::assemble(source, {.dialect = dialect, .want_map = true}, diagnostics);
      break;
    case Language::hex1:
      if (const auto* dialect = hex1::find_dialect(architecture))
        return hex1::assemble(source, {.dialect = dialect, .want_map = true}, diagnostics);
      break;
    case Language::hex2:
      if (const auto* dialect = hex2::find_dialect(architecture))
        return hex2::assemble(source, {.dialect = dialect, .want_map = true}, diagnostics);
      break;
  }
  return std::nullopt;
}

/// The names of a reference that are undefined: it is a sigil, a name, and perhaps '>' and another.
void collect_names(std::string_view reference, std::set<std::string, std::less<>>& names) {
  if (reference.empty()) return;
  reference.remove_prefix(1);
  const auto greater = reference.find('>');
  if (const auto name = reference.substr(0, greater); !name.empty()) names.emplace(name);
  if (greater != std::string_view::npos && greater + 1 < reference.size())
    names.emplace(reference.substr(greater + 1));
}

/// The output of a text that may be a part of a program.
std::optional<Output> assemble_part(const Source& source, Language language, std::string_view architecture) {
  DiagnosticList said;
  std::optional<Output> output = assemble(source, language, architecture, said);
  if (!output || output->succeeded() || language != Language::hex2) return output;
  std::set<std::string, std::less<>> names;
  for (const Diagnostic& one : said.all) {
    if (one.kind->id != "hex2-undefined-label") continue;
    collect_names(as_text(source.bytes.subspan(one.span.offset, one.span.length)), names);
  }
  if (names.empty() || names.size() > kMostMissingLabels) return output;
  std::string extended(as_text(source.bytes));
  for (const std::string& name : names) extended += "\n:" + name;
  extended += '\n';
  NoDiagnostics nobody;
  return assemble({source.name, as_bytes(extended)}, language, architecture, nobody);
}

Line read_line(std::string_view text, std::uint64_t start) {
  Line line;
  const auto comment = text.find_first_of("#;");
  line.code = trimmed(text.substr(0, comment));
  for (std::size_t at = comment; at < text.size();) {
    const auto end = std::min(text.find_first_of("#;", at + 1), text.size());
    const std::string_view piece = trimmed(text.substr(at + 1, end - at - 1));
    if (!piece.empty())
      line.remarks.push_back({piece, start + static_cast<std::uint64_t>(piece.data() - text.data())});
    at = end;
  }
  return line;
}

std::uint64_t read_number(ByteView bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value |= std::uint64_t{bytes[at + i]} << (8 * i);
  return value;
}

/// Where the ELF header of a program puts its first byte, and where its headers end.
void read_elf_header(AssembledText& text) {
  const ByteView bytes = text.output.bytes;
  if (bytes.size() < 0x78 || bytes[0] != 0x7F || as_text(bytes.subspan(1, 3)) != "ELF") return;
  const bool wide = bytes[4] == 2;
  const std::uint64_t entry = read_number(bytes, 0x18, wide ? 8 : 4);
  const std::uint64_t headers = read_number(bytes, wide ? 0x20 : 0x1C, wide ? 8 : 4);
  if (headers >= bytes.size() || bytes.size() - headers < 0x18) return;
  const std::uint64_t offset = read_number(bytes, headers + (wide ? 8 : 4), wide ? 8 : 4);
  text.base = read_number(bytes, headers + (wide ? 16 : 8), wide ? 8 : 4) - offset;
  text.whole = true;
  text.code_start = std::min<std::uint64_t>(headers + (wide ? 0x38 : 0x20), entry - text.base);
}

}  // namespace

std::string_view label_in(std::string_view remark) {
  if (remark.starts_with(':')) return remark.substr(1, remark.find_first_of(" \t(;") - 1);
  const bool alone = remark.ends_with(':') && remark.find_first_of(kBlanks) == std::string_view::npos;
  return alone ? remark.substr(0, remark.size() - 1) : std::string_view{};
}

std::optional<AssembledText> assemble_text(const Source& source, Language language,
                                           std::string_view architecture) {
  std::optional<Output> output = assemble_part(source, language, architecture);
  if (!output || !output->succeeded() || output->bytes.empty()) return std::nullopt;
  AssembledText text;
  text.output = std::move(*output);
  text.base = text.output.base_address;
  read_elf_header(text);

  const std::string_view all = as_text(source.bytes);
  const auto& entries = text.output.map.entries();
  std::size_t entry = 0;
  std::uint64_t offset = 0;
  for (std::size_t start = 0; start < all.size();) {
    const std::size_t end = std::min(all.find('\n', start), all.size());
    Line& line = text.lines.emplace_back(read_line(all.substr(start, end - start), start));
    line.offset = offset;
    while (entry < entries.size() && entries[entry].span.offset < end)
      offset = entries[entry].offset + entries[entry].length, ++entry;
    line.length = offset - line.offset;
    const std::uint64_t address = text.base + line.offset;
    if (line.code.starts_with(':'))
      text.labels.emplace(line.code.substr(1, line.code.find_first_of(" \t") - 1), address);
    if (line.length == 0 && !line.remarks.empty()) {
      if (const auto name = label_in(line.remarks.front().text); !name.empty())
        text.labels.emplace(name, address);
    }
    start = end + 1;
  }
  return text;
}

}  // namespace assay::bootstrap::lint
