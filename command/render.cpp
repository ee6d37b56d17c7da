// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/render.h"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace assay {
namespace {

constexpr std::size_t kShownLine = 100;  // bytes of a source line shown at most

struct Place {
  std::string_view file;
  Position position;
  std::string_view line;
  /// False for a file without bytes (or one that could not be read): there is no line to show.
  bool has_text = false;
};

Place place_of(Span span, std::span<const Source> sources) {
  if (span.source >= sources.size()) return {"<input>", {}, {}, false};
  const Source& source = sources[span.source];
  return {source.name, position_of(source.bytes, span.offset), line_of(source.bytes, span.offset),
          !source.bytes.empty()};
}

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::note: return "\x1b[1;36m";
    case Severity::warning: return "\x1b[1;35m";
    case Severity::error: return "\x1b[1;31m";
  }
  return "";
}

std::string head(const Place& place, Severity severity, std::string_view message, bool colour) {
  const std::string_view on = colour ? colour_of(severity) : "";
  const std::string_view off = colour ? "\x1b[0m" : "";
  if (!place.has_text) return fmt::format("{}: {}{}:{} {}", place.file, on, name_of(severity), off, message);
  return fmt::format("{}:{}:{}: {}{}:{} {}", place.file, place.position.line, place.position.column, on,
                     name_of(severity), off, message);
}

std::string printable(std::string_view text) {
  std::string shown(text);
  std::replace(shown.begin(), shown.end(), '\t', ' ');
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '.');
  return shown;
}

std::string excerpt(const Place& place, std::uint64_t length) {
  return place.has_text ? source_excerpt(place.line, place.position.column, length) : std::string();
}

nlohmann::json place_json(Span span, std::span<const Source> sources) {
  const Place place = place_of(span, sources);
  return {{"file", place.file}, {"line", place.position.line}, {"column", place.position.column}};
}

}  // namespace

std::string source_excerpt(std::string_view line, std::uint64_t column_from_1, std::uint64_t length) {
  const std::size_t column = column_from_1 == 0 ? 0 : column_from_1 - 1;
  const std::size_t start = column < kShownLine ? 0 : column - kShownLine / 2;
  const std::string_view shown = line.substr(std::min(start, line.size()), kShownLine);
  const std::size_t room = shown.size() > column - start ? shown.size() - (column - start) : 1;
  const std::size_t carets = std::clamp<std::size_t>(length, 1, room);
  return fmt::format("  {}\n  {}^{}\n", printable(shown), std::string(column - start, ' '),
                     std::string(carets - 1, '~'));
}

std::string render(const Diagnostic& diagnostic, std::span<const Source> sources, RenderOptions options) {
  const Place place = place_of(diagnostic.span, sources);
  std::string text = fmt::format(
      "{} [{}]\n", head(place, diagnostic.severity, diagnostic.message, options.colour), diagnostic.kind->id);
  text += excerpt(place, diagnostic.span.length);
  if (!diagnostic.kind->help.empty()) text += fmt::format("  help: {}\n", diagnostic.kind->help);
  for (const Note& note : diagnostic.notes) {
    const Place where = place_of(note.span, sources);
    text += head(where, Severity::note, note.message, options.colour) + "\n";
    text += excerpt(where, note.span.length);
  }
  return text;
}

nlohmann::json to_json(const Diagnostic& diagnostic, std::span<const Source> sources) {
  nlohmann::json json = place_json(diagnostic.span, sources);
  json["id"] = diagnostic.kind->id;
  json["severity"] = name_of(diagnostic.severity);
  json["message"] = diagnostic.message;
  json["help"] = diagnostic.kind->help;
  json["notes"] = nlohmann::json::array();
  for (const Note& note : diagnostic.notes) {
    nlohmann::json entry = place_json(note.span, sources);
    entry["message"] = note.message;
    json["notes"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace assay
