// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/explain/trail_text.h"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bootstrap/explain/hex_text.h"
#include "bootstrap/finding/finding.h"
#include "bootstrap/finding/finding_json.h"

namespace assay::bootstrap {
namespace {

constexpr std::size_t kMostOfLine = 100;  // characters of a source line that are shown

/// The line with a mark under the token, cut around it where it is long.
std::string marked(const TrailHop& hop) {
  std::string line = hop.text;
  std::replace(line.begin(), line.end(), '\t', ' ');
  std::size_t column = hop.position.column - 1;
  std::size_t begin = 0;
  if (line.size() > kMostOfLine && column > kMostOfLine / 2) begin = column - kMostOfLine / 2;
  line = line.substr(std::min(begin, line.size()), kMostOfLine);
  column -= begin;
  const std::size_t length =
      std::clamp<std::size_t>(hop.length, 1, std::max<std::size_t>(line.size(), column + 1) - column);
  const std::size_t first = begin > 0 ? 0 : std::min(line.find_first_not_of(' '), column);
  return fmt::format("      {}\n      {}{}\n", printable(line.substr(first)),
                     std::string(column - first, ' '), std::string(length, '^'));
}

std::string address_text(ByteView bytes, std::uint64_t offset) {
  const std::optional<std::uint64_t> address = address_of(bytes, offset);
  return address ? fmt::format(", address 0x{:x}", *address) : "";
}

std::string end_text(const ByteTrail& story) {
  switch (story.what) {
    case TrailEnd::assembler: return "  a line of the tree, assembled";
    case TrailEnd::compiled: return "  a line of the tree, compiled and assembled";
    case TrailEnd::tool:
      return fmt::format("  '{}' writes this of its own accord, into every output", printable(story.why));
    case TrailEnd::plain:
      return story.hops.empty() ? "  a file of the tree: no command of the chain made it"
                                : "  a line of the tree, copied";
    case TrailEnd::unknown: return fmt::format("  not known: {}", printable(story.why));
  }
  return {};
}

}  // namespace

std::string trail_text(Trail& trail, const ByteTrail& story, std::uint64_t offset) {
  const Product& product = trail.products()[story.file];
  const Bytes& bytes = *product.bytes;
  std::string text = fmt::format("{} offset 0x{:x}{}: {}", printable(product.path), offset,
                                 address_text(bytes, offset), byte_text(bytes, offset));
  if (story.end - story.begin > 1)
    text += fmt::format(", byte {} of {} from 0x{:x} on", offset - story.begin + 1, story.end - story.begin,
                        story.begin);
  if (!story.hops.empty() && !story.hops.front().within.empty())
    text += fmt::format(", in {}", printable(story.hops.front().within));
  text += '\n';
  for (std::size_t index = 0; index < story.hops.size(); ++index) {
    const TrailHop& hop = story.hops[index];
    text +=
        fmt::format("  <- {} {}:{}:{}{}\n", name_of(hop.role), printable(trail.products()[hop.file].path),
                    hop.position.line, hop.position.column,
                    index == 0 || hop.within.empty() ? "" : fmt::format(", in {}", printable(hop.within)));
    // What catm joined is the same text again.
    if (hop.role != Role::catm) text += marked(hop);
    for (const std::string& note : hop.notes) text += fmt::format("      {}\n", printable(note));
  }
  return text + end_text(story) + '\n';
}

nlohmann::json trail_json(Trail& trail, const ByteTrail& story, const PlaceInFile& place) {
  const Product& product = trail.products()[story.file];
  nlohmann::json hops = nlohmann::json::array();
  for (const TrailHop& hop : story.hops) {
    hops.push_back({{"file", utf8(trail.products()[hop.file].path)},
                    {"line", hop.position.line},
                    {"column", hop.position.column},
                    {"offset", hop.offset},
                    {"length", hop.length},
                    {"role", name_of(hop.role)},
                    {"program", utf8(hop.tool)},
                    {"text", utf8(hop.text)},
                    {"within", utf8(hop.within)},
                    {"notes", nlohmann::json::array()}});
    for (const std::string& note : hop.notes) hops.back()["notes"].push_back(utf8(note));
  }
  nlohmann::json json = {{"arch", trail.products().architecture().name},
                         {"file", utf8(product.path)},
                         {"offset", place.offset},
                         {"taken_for", utf8(place.taken_for)},
                         {"byte", byte_text(*product.bytes, place.offset)},
                         {"begin", story.begin},
                         {"end", story.end},
                         {"ends_in", name_of(story.what)},
                         {"trail", std::move(hops)}};
  if (const auto address = address_of(*product.bytes, place.offset)) json["address"] = *address;
  if (!story.why.empty()) json["why"] = utf8(story.why);
  return json;
}

Explained explained(Trail& trail, FileId file) {
  const Bytes& bytes = *trail.products()[file].bytes;
  Explained result{.file = file, .bytes = bytes.size()};
  const std::uint64_t header = header_bytes(bytes);
  for (const TrailSpan& span : trail.spans(file)) {
    const std::uint64_t length = span.end - span.begin;
    switch (span.what) {
      case TrailEnd::plain:
      case TrailEnd::assembler: {
        const std::uint64_t in_header = std::min(span.end, header) - std::min(span.begin, header);
        result.header += in_header;
        result.assembler += length - in_header;
        break;
      }
      case TrailEnd::compiled: result.compiled += length; break;
      case TrailEnd::tool: result.tool += length; break;
      case TrailEnd::unknown:
        result.unknown += length;
        result.reasons[trail.why(span.unknown_at)] += length;
        break;
    }
  }
  return result;
}

std::string explained_text(Trail& trail, std::span<const Explained> files) {
  std::size_t widest = 4;
  for (const Explained& one : files) widest = std::max(widest, trail.products()[one.file].path.size());
  std::string text = fmt::format("{:<{}} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}  {}\n", "FILE", widest, "BYTES",
                                 "HEADER", "ASSEMBLER", "C", "TOOL", "UNKNOWN", "EXPLAINED");
  std::map<std::string, std::uint64_t> reasons;
  for (const Explained& one : files) {
    const double share = one.bytes == 0 ? 100.0
                                        : 100.0 * static_cast<double>(one.bytes - one.unknown) /
                                              static_cast<double>(one.bytes);
    text += fmt::format("{:<{}} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}  {:.2f} %\n",
                        printable(trail.products()[one.file].path), widest, one.bytes, one.header,
                        one.assembler, one.compiled, one.tool, one.unknown, share);
    for (const auto& [why, bytes] : one.reasons) reasons[why] += bytes;
  }
  for (const auto& [why, bytes] : reasons)
    text += fmt::format("{} bytes are not explained: {}\n", bytes, printable(why));
  return text;
}

nlohmann::json explained_json(Trail& trail, std::span<const Explained> files) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Explained& one : files) {
    nlohmann::json reasons = nlohmann::json::object();
    for (const auto& [why, bytes] : one.reasons) reasons[utf8(why)] = bytes;
    rows.push_back({{"file", utf8(trail.products()[one.file].path)},
                    {"bytes", one.bytes},
                    {"header", one.header},
                    {"assembler", one.assembler},
                    {"compiled", one.compiled},
                    {"tool", one.tool},
                    {"unknown", one.unknown},
                    {"reasons", std::move(reasons)}});
  }
  return {{"arch", trail.products().architecture().name}, {"files", std::move(rows)}};
}

}  // namespace assay::bootstrap
