// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/html.h"

#include <fmt/format.h>
#include <openssl/sha.h>
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "bootstrap/explain/trail.h"
#include "bootstrap/finding/finding_json.h"
#include "bootstrap/report/markup.h"
#include "bootstrap/report/overall.h"
#include "bootstrap/report/page_data.h"
#include "bootstrap/report/page_parts.h"
#include "bootstrap/tree/program_check.h"
#include "core/digest.h"

namespace assay::bootstrap {
namespace {

using nlohmann::json;

/// What one architecture may add to the page for the files on the way of its bytes.
constexpr std::size_t kMostTrailBytes = std::size_t{5} << 20U;

/// JSON in a script element: no tag can end it.
std::string embedded(const json& value) {
  std::string text;
  for (const char c : value.dump()) text += c == '<' ? std::string("\\u003c") : std::string(1, c);
  return text;
}

std::string element(std::string_view id, std::string_view type, const std::string& text) {
  return fmt::format("<script type=\"{}\" id=\"{}\">{}</script>\n", type, id, text);
}

class PageData {
 public:
  explicit PageData(const PageSources& sources) : sources_(sources) {}

  /// All script elements with data.
  std::string write(const json& report) {
    for (const auto& [digest, bytes] : sources_.files) add_file(digest, *bytes);
    json trails = json::array();
    for (std::size_t index = 0; index < sources_.chains.size(); ++index)
      trails.push_back(add_trails(sources_.chains[index], index));
    const json files{{"files", std::move(files_)}, {"trails", std::move(trails)}};
    return element("report", "application/json", embedded(report)) +
           element("index", "application/json", embedded(files)) + elements_;
  }

 private:
  void add_file(const std::string& digest, ByteView bytes) {
    if (files_.contains(digest)) return;
    files_[digest] = {{"size", bytes.size()}, {"binary", is_binary(bytes)}};
    elements_ += element("f-" + digest, "text/plain", encoded(bytes));
  }

  /// The files of a chain's reference road by number, and which of them say what they were made from.
  json add_trails(const ReportedChain& chain, std::size_t index) {
    if (chain.result->steps.empty()) return {{"products", json::array()}, {"pieces", json::array()}};
    Trail trail(Products::of(chain.tree, *chain.result->chain.architecture, sources_.cache));
    // Programs first, then what they were made from: where there is no room for all, the nearest.
    std::vector<FileId> wanted = trail.products().made();
    std::stable_partition(wanted.begin(), wanted.end(),
                          [&](FileId file) { return is_binary(*trail.products()[file].bytes); });
    std::set<FileId> seen(wanted.begin(), wanted.end());
    std::size_t room = kMostTrailBytes;
    json pieces = json::array();
    for (std::size_t next = 0; next < wanted.size(); ++next) {
      const FileId file = wanted[next];
      const MadeFrom& made = trail.made_from(file);
      for (const Piece& piece : made.pieces)
        if (piece.from != kNoFile && seen.insert(piece.from).second) wanted.push_back(piece.from);
      if (made.pieces.empty()) continue;
      const std::string text = encoded(packed(made));
      if (text.size() > room) continue;
      room -= text.size();
      pieces.push_back(file);
      elements_ += element(fmt::format("p-{}-{}", index, file), "text/plain", text);
    }
    json products = json::object();
    for (const FileId file : seen) {
      const Product& product = trail.products()[file];
      const std::string digest = sha256(*product.bytes);
      add_file(digest, *product.bytes);
      products[std::to_string(file)] = {{"path", utf8(product.path)}, {"sha256", digest}};
    }
    return {{"products", std::move(products)}, {"pieces", std::move(pieces)}};
  }

  const PageSources& sources_;
  json files_ = json::object();
  std::string elements_;
};

std::string script_digest(std::string_view script) {
  std::array<Byte, SHA256_DIGEST_LENGTH> digest{};
  SHA256(as_bytes(script).data(), script.size(), digest.data());
  return base64(digest);
}

/// The first line of the text says what the tree is, where that is known.
std::string standing_of(const json& tree, const std::string& text) {
  if (!tree.contains("known")) return "";
  return fmt::format("<p>{}</p>", markup(utf8(text.substr(0, text.find('\n')))));
}

}  // namespace

std::string html_of(const json& report, const PageSources& sources) {
  const std::span<const std::string_view> parts = page_parts();
  std::string script = "\n";
  for (const std::string_view part : parts.subspan(2)) script += part;
  std::string reasons;
  for (const json& reason : report.at("reasons"))
    reasons += fmt::format("<li>{}</li>\n", markup(reason.get<std::string>()));
  const std::string verdict = report.at("verdict");
  const std::pair<std::string_view, std::string> values[] = {
      {"SCRIPT_DIGEST", script_digest(script)},
      {"STYLE", std::string(parts[1])},
      {"VERDICT", verdict},
      {"VERDICT_WORDS", headline_of(verdict)},
      {"PATH", markup(report.at("tree").at("path").get<std::string>())},
      {"KIND", markup(report.at("tree").at("kind").get<std::string>())},
      {"STANDING", standing_of(report.at("tree"), sources.text)},
      {"REASONS", reasons},
      {"OPEN", report.at("chains").empty() ? "open" : ""},
      {"TEXT", markup(utf8(sources.text))},
      {"VERSION", markup(report.at("version").get<std::string>())},
      {"DATA", PageData(sources).write(report)},
      {"SCRIPT", script}};
  // In one pass: what a value says is no place for another.
  std::string page;
  for (std::string_view rest = parts.front(); !rest.empty();) {
    const std::size_t at = rest.find('@');
    page += rest.substr(0, at);
    if (at == std::string_view::npos) break;
    rest.remove_prefix(at + 1);
    const std::size_t end = rest.find('@');
    for (const auto& [name, value] : values)
      if (name == rest.substr(0, end)) page += value;
    rest.remove_prefix(std::min(rest.size(), end) + 1);
  }
  return page;
}

}  // namespace assay::bootstrap
