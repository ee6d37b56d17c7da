// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/lint/twins.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "M1/m1.h"
#include "bootstrap/lint/assembled_text.h"
#include "bootstrap/lint/finding_kinds.h"
#include "bootstrap/lint/words.h"

namespace assay::bootstrap::lint {

namespace {

Language language_of(std::string_view name) {
  return name.ends_with(".hex0") ? Language::hex0 : name.ends_with(".hex1") ? Language::hex1 : Language::hex2;
}

bool starts_with_header(std::string_view hex2) {
  const auto at = hex2.find_first_not_of(" \t\n");
  return at != std::string_view::npos &&
         (hex2.substr(at).starts_with("7F") || hex2.find(":ELF_base") != std::string_view::npos);
}

Diagnostic alarm(Span where, std::string message) {
  const DiagnosticKind& which = kind("lint-twin");
  return {&which, which.severity, where, std::move(message), {}};
}

/// A twin as a hex2 text, and where each piece of it comes from.
struct Unfolded {
  std::string hex2;
  std::uint64_t front = 0;       ///< bytes of hex2 before what the twin says
  std::optional<SourceMap> map;  ///< of an M1 text: hex2 text to its tokens
  std::uint32_t source = 0;      ///< of the twin in that map
};

/// Where M1 stops at it, the first thing it says is `trouble`.
std::optional<Unfolded> unfold(const Source& twin, const Source& definitions, std::string_view architecture,
                               std::optional<Diagnostic>& trouble) {
  Unfolded unfolded;
  if (!twin.name.ends_with(".M1")) {
    unfolded.hex2 = as_text(twin.bytes);
    return unfolded;
  }
  const auto machine = find_mescc_architecture(lower(architecture));
  if (!machine) return std::nullopt;
  const bool needs = as_text(twin.bytes).find("\nDEFINE ") == std::string_view::npos;
  const std::array<Source, 2> both{definitions, twin};
  DiagnosticList said;
  Output output = m1::assemble(std::span(both).subspan(needs ? 0 : 1),
                               {.architecture = *machine, .big_endian = false, .want_map = true}, said);
  if (!output.succeeded()) {
    const auto error = std::ranges::find(said.all, Severity::error, &Diagnostic::severity);
    if (error != said.all.end()) trouble = *error;
    return std::nullopt;
  }
  unfolded.hex2 = as_text(output.bytes);
  unfolded.map = std::move(output.map);
  unfolded.source = needs ? 1 : 0;
  return unfolded;
}

/// The text of the twin that made the byte at `offset`.
std::optional<Span> span_in_twin(const Unfolded& unfolded, const Output& output, std::uint64_t offset) {
  const MapEntry* entry = output.map.find(offset);
  if (entry == nullptr || entry->span.offset < unfolded.front) return std::nullopt;
  Span span = entry->span;
  span.offset -= unfolded.front;
  if (!unfolded.map) return span;
  const MapEntry* token = unfolded.map->find(span.offset);
  if (token == nullptr || token->span.source != unfolded.source) return std::nullopt;
  return Span{0, token->span.offset, token->span.length};
}

}  // namespace

std::optional<TwinResult> compare_twins(const Source& twin, const Source& used, const Source& definitions,
                                        std::string_view architecture) {
  const auto program = assemble_text(used, language_of(used.name), architecture);
  std::optional<Diagnostic> trouble;
  std::optional<Unfolded> unfolded = unfold(twin, definitions, architecture, trouble);
  TwinResult result;
  if (program && trouble) {
    result.alarm =
        alarm({0, trouble->span.offset, trouble->span.length},
              fmt::format("M1 does not assemble this, and {} is in use: {}", used.name, trouble->message));
    return result;
  }
  if (!program || !unfolded) return std::nullopt;
  const ByteView wanted = program->output.bytes;
  if (program->whole && !starts_with_header(unfolded->hex2)) {
    std::string header = to_hex(wanted.first(program->code_start)) + "\n";
    unfolded->front = header.size();
    unfolded->hex2.insert(0, header);
  }
  const auto made = assemble_text({twin.name, as_bytes(unfolded->hex2)}, Language::hex2, architecture);
  if (!made) return std::nullopt;
  const ByteView got = made->output.bytes;
  const std::size_t common = std::min(wanted.size(), got.size());
  std::size_t at = program->code_start;
  while (at < common && wanted[at] == got[at]) ++at;
  if (at == common && wanted.size() == got.size()) return result;
  const Span where = span_in_twin(*unfolded, made->output, at).value_or(Span{});
  std::uint64_t line = 0;
  if (const MapEntry* entry = program->output.map.find(at))
    line = position_of(used.bytes, entry->span.offset).line;
  const auto byte = [at](ByteView bytes) {
    return at < bytes.size() ? fmt::format("{:02X}", bytes[at]) : std::string("nothing");
  };
  result.alarm =
      alarm(where, fmt::format("this makes {} at offset {}, {}:{} makes {} ({} bytes and {})", byte(got), at,
                               used.name, line, byte(wanted), got.size(), wanted.size()));
  return result;
}

}  // namespace assay::bootstrap::lint
