// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/toml_reader.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/chain/description_kinds.h"
#include "command/nearest_word.h"

namespace assay::bootstrap {

namespace {

/// toml++ 3.3 lets the compiler assume that some letters (U+00A1 to U+0499 among them) never stand outside
/// texts and comments, and takes the wide blanks of Unicode for blanks. So it is shown each byte that is not
/// ASCII as a character of a range nobody uses, which it takes for a character of a text and nothing else.
constexpr char32_t kFirstStandIn = 0xE000;

std::string with_stand_ins(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    if (value < 0x80) {
      text += byte;
    } else {
      const char32_t stand_in = kFirstStandIn + value;
      text += static_cast<char>(0xE0U | (stand_in >> 12U));
      text += static_cast<char>(0x80U | ((stand_in >> 6U) & 0x3FU));
      text += static_cast<char>(0x80U | (stand_in & 0x3FU));
    }
  }
  return text;
}

/// What stood in the file.
std::string without_stand_ins(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte_at = [&](std::size_t place) {
      return place < text.size() ? static_cast<unsigned char>(text[place]) : 0U;
    };
    // U+E080 to U+E0FF: EE 82 80 to EE 83 BF.
    const bool stands_in = byte_at(at) == 0xEE && (byte_at(at + 1) & 0xFEU) == 0x82;
    if (stands_in) {
      bytes += static_cast<char>(((byte_at(at + 1) & 3U) << 6U) | (byte_at(at + 2) & 0x3FU));
      at += 2;
    } else {
      bytes += text[at];
    }
  }
  return bytes;
}

}  // namespace

/// toml++ counts characters: here they are bytes.
std::uint64_t TomlReader::offset_of(const toml::source_position& position) const {
  const std::string_view all = as_text(text_.bytes);
  std::size_t at = 0;
  for (toml::source_index line = 1; line < position.line && at < all.size(); ++line)
    at = std::min(all.find('\n', at), all.size() - 1) + 1;
  const std::size_t end = std::min(all.find('\n', at), all.size());
  return std::min(at + (position.column > 0 ? position.column - 1 : 0), end);
}

Span TomlReader::span_of(const toml::source_region& region) const {
  if (!region.begin) return {0, 0, 0};
  const std::uint64_t begin = offset_of(region.begin);
  const std::uint64_t end =
      region.end && region.end.line == region.begin.line ? offset_of(region.end) : begin;
  return {0, begin, std::max(end, begin + 1) - begin};
}

std::optional<toml::table> TomlReader::parse() {
  try {
    return parse_text();
  } catch (const TomlAssertion&) {
    // The one that is known: a table without a name.
    const std::string_view all = as_text(text_.bytes);
    std::size_t at = all.starts_with('[') ? 0 : all.find("\n[");
    constexpr std::string_view kBeginNames{
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-\"'"};
    while (at != std::string_view::npos) {
      const std::size_t name = all.find_first_not_of("[ \t\n", at);
      if (name == std::string_view::npos || kBeginNames.find(all[name]) == std::string_view::npos) break;
      at = all.find("\n[", name);
    }
    at = at == std::string_view::npos ? 0 : all[at] == '\n' ? at + 1 : at;
    say(kChainFileSyntax, {0, at, 1}, "a key or a table without a name");
    return std::nullopt;
  }
}

std::optional<toml::table> TomlReader::parse_text() {
  toml::parse_result parsed = toml::parse(with_stand_ins(as_text(text_.bytes)));
  if (parsed) return std::move(parsed).table();
  const toml::parse_error& error = parsed.error();
  const Span span = span_of(error.source());
  const std::string_view at = as_text(text_.bytes).substr(span.offset);
  if (!at.empty() && static_cast<unsigned char>(at.front()) >= 0x80) {
    say(kChainFileSyntax, span, "letters that are not ASCII stand in texts and comments only");
    return std::nullopt;
  }
  std::string message = without_stand_ins(error.description());
  std::ranges::replace(message, '\n', ' ');
  say(kChainFileSyntax, span, std::move(message));
  return std::nullopt;
}

void TomlReader::wrong_type(std::string_view key, const toml::node& node, std::string_view wanted) {
  say(kChainFileType, span_of(node.source()), fmt::format("'{}' is {}", key, wanted));
}

std::optional<PlacedText> TomlReader::text(const toml::table& table, std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return std::nullopt;
  if (const toml::value<std::string>* const value = node->as_string())
    return PlacedText{without_stand_ins(value->get()), span_of(node->source())};
  wrong_type(key, *node, "a text in quotes");
  return std::nullopt;
}

std::vector<PlacedText> TomlReader::texts(const toml::table& table, std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return {};
  const toml::array* const array = node->as_array();
  if (array == nullptr) {
    std::optional<PlacedText> one = text(table, key);
    return one ? std::vector<PlacedText>{*std::move(one)} : std::vector<PlacedText>{};
  }
  std::vector<PlacedText> all;
  for (const toml::node& element : *array) {
    if (const toml::value<std::string>* const value = element.as_string()) {
      all.push_back({without_stand_ins(value->get()), span_of(element.source())});
    } else {
      wrong_type(key, element, "a list of texts in quotes");
    }
  }
  return all;
}

std::optional<bool> TomlReader::flag(const toml::table& table, std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return std::nullopt;
  if (const toml::value<bool>* const value = node->as_boolean()) return value->get();
  wrong_type(key, *node, "true or false");
  return std::nullopt;
}

std::optional<std::uint64_t> TomlReader::number(const toml::table& table, std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return std::nullopt;
  const toml::value<std::int64_t>* const value = node->as_integer();
  if (value != nullptr && value->get() >= 0) return static_cast<std::uint64_t>(value->get());
  wrong_type(key, *node, "a number, 0 or more: 65536 or 0x10000");
  return std::nullopt;
}

const toml::table* TomlReader::sub_table(const toml::table& table, std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) wrong_type(key, *node, "a table");
  return node->as_table();
}

std::vector<const toml::table*> TomlReader::tables(const toml::table& table, std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return {};
  std::vector<const toml::table*> all;
  const toml::array* const array = node->as_array();
  if (array != nullptr) {
    for (const toml::node& element : *array) {
      if (const toml::table* const one = element.as_table()) all.push_back(one);
    }
    if (all.size() == array->size()) return all;
  }
  wrong_type(key, *node, fmt::format("written as [[{}]], once for each", key));
  return {};
}

std::optional<PlacedText> TomlReader::required(const toml::table& table, std::string_view key,
                                               std::string_view what) {
  if (table.contains(key)) return text(table, key);
  say(kChainFileMissing, span_of(table.source()), fmt::format("{} needs '{}'", what, key));
  return std::nullopt;
}

void TomlReader::check_keys(const toml::table& table, std::span<const std::string> known,
                            std::string_view what) {
  for (const auto& [key, value] : table) {
    const std::string name = without_stand_ins(key.str());
    if (std::ranges::find(known, name) != known.end()) continue;
    say(kChainFileKey, span_of(key.source()),
        fmt::format("{} has no key '{}'; {}", what, name, known_words(name, known)));
  }
}

}  // namespace assay::bootstrap
