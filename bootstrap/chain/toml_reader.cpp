// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/toml_reader.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/chain/description_kinds.h"
#include "command/nearest_word.h"

namespace assay::bootstrap {

/// toml++ counts characters, we count bytes.
std::uint64_t TomlReader::offset_of(const toml::source_position& position) const {
  const std::string_view all = as_text(text_.bytes);
  std::size_t at = 0;
  for (toml::source_index line = 1; line < position.line && at < all.size(); ++line)
    at = std::min(all.find('\n', at), all.size() - 1) + 1;
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; };
  for (toml::source_index column = 1; column < position.column && at < all.size() && all[at] != '\n';
       ++column) {
    ++at;
    while (at < all.size() && continues(all[at])) ++at;
  }
  return std::min(at, all.size());
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
  toml::parse_result parsed = toml::parse(as_text(text_.bytes));
  if (parsed) return std::move(parsed).table();
  const toml::parse_error& error = parsed.error();
  std::string message(error.description());
  std::ranges::replace(message, '\n', ' ');
  say(kChainFileSyntax, span_of(error.source()), std::move(message));
  return std::nullopt;
}

void TomlReader::wrong_type(std::string_view key, const toml::node& node, std::string_view wanted) {
  say(kChainFileType, span_of(node.source()), fmt::format("'{}' is {}", key, wanted));
}

std::optional<PlacedText> TomlReader::text(const toml::table& table, std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return std::nullopt;
  if (const toml::value<std::string>* const value = node->as_string())
    return PlacedText{value->get(), span_of(node->source())};
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
      all.push_back({value->get(), span_of(element.source())});
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
    const std::string name(key.str());
    if (std::ranges::find(known, name) != known.end()) continue;
    say(kChainFileKey, span_of(key.source()),
        fmt::format("{} has no key '{}'; {}", what, name, known_words(name, known)));
  }
}

}  // namespace assay::bootstrap
