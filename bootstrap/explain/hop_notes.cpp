// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/explain/hop_notes.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/explain/hex_text.h"

namespace assay::bootstrap {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view word_at(std::string_view text, std::size_t& at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  const std::size_t start = at;
  while (at < text.size() && !is_blank(text[at])) ++at;
  return text.substr(start, at - start);
}

/// The definition of a word of M1, the last one in the inputs whose value is what was written for it.
std::string definition_of(const Products& products, const Making& making, std::string_view word,
                          std::string_view written) {
  std::string found;
  for (const FileId input : making.inputs) {
    const std::string_view text = as_text(*products[input].bytes);
    for (std::size_t at = text.find("DEFINE"); at != std::string_view::npos; at = text.find("DEFINE", at)) {
      const std::size_t begin = at;
      at += 6;
      const bool is_word =
          (begin == 0 || is_blank(text[begin - 1])) && at < text.size() && is_blank(text[at]);
      const std::size_t line_begin = text.rfind('\n', begin) + 1;
      if (!is_word ||
          text.substr(line_begin, begin - line_begin).find_first_of("#;") != std::string_view::npos)
        continue;
      if (word_at(text, at) != word) continue;
      const std::string_view value = word_at(text, at);
      if (written.find(value) == std::string_view::npos) continue;
      found = fmt::format("DEFINE {} {}  ({}:{})", word, value, products[input].path,
                          position_of(as_bytes(text), begin).line);
    }
  }
  return found;
}

/// The label that an M1 text has before an offset: the function, where a compiler wrote it.
std::string label_before(std::string_view text, std::uint64_t offset) {
  std::size_t at = offset;
  while (at > 0) {
    const std::size_t line = text.rfind('\n', at - 1);
    const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
    if (text.substr(begin).starts_with(":FUNCTION_") || text.substr(begin).starts_with(":GLOBAL_") ||
        text.substr(begin).starts_with(":STRING_")) {
      std::size_t end = begin + 1;
      const std::string_view name = word_at(text, end);
      // A line inside a string of a compiler is no label.
      if (name.find('"') == std::string_view::npos) return std::string(name);
    }
    if (begin == 0) break;
    at = begin - 1;
  }
  return {};
}

void add_hex(Trail& trail, FileId made, std::uint64_t offset, TrailHop& hop) {
  const HexText& text = trail.hex_text(made);
  if (const HexLabel* const label = text.before(offset); label != nullptr) {
    hop.within = label->at == offset ? std::string(label->name)
                                     : fmt::format("{}+0x{:x}", label->name, offset - label->at);
  }
  const ByteView bytes = *trail.products()[made].bytes;
  for (const HexReference& reference : text.references(offset)) {
    std::string note =
        fmt::format("{}{}{}{}: {}", reference.sigil, reference.name, reference.base.empty() ? "" : ">",
                    reference.base, text.value_of(reference, bytes));
    if (const HexLabel* const target = text.find(reference.name); target != nullptr) {
      const ByteView source = *trail.products()[target->file].bytes;
      note += fmt::format("; :{} is {}:{}", target->name, trail.products()[target->file].path,
                          position_of(source, target->offset).line);
    }
    hop.notes.push_back(std::move(note));
  }
}

}  // namespace

void add_notes(Trail& trail, FileId made, const Piece& piece, std::uint64_t offset, TrailHop& hop) {
  Products& products = trail.products();
  const Making& making = *products.maker(made);
  switch (making.command.role) {
    case Role::hex1:
    case Role::hex2_0:
    case Role::hex2: add_hex(trail, made, offset, hop); break;
    case Role::m0:
    case Role::m1: {
      const ByteView written = ByteView(*products[made].bytes).subspan(piece.begin, piece.end - piece.begin);
      std::string note = definition_of(products, making, hop.token, as_text(written));
      if (!note.empty()) hop.notes.push_back(std::move(note));
      hop.within = label_before(as_text(*products[hop.file].bytes), hop.offset);
      break;
    }
    case Role::cc:
    case Role::m2_planet:
      hop.within = label_before(as_text(*products[made].bytes), offset);
      if (hop.within.starts_with("FUNCTION_")) hop.within.erase(0, std::string_view("FUNCTION_").size());
      break;
    default: break;
  }
}

}  // namespace assay::bootstrap
