// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/structure.h"

#include <algorithm>
#include <array>

#include "audit/head.h"

namespace assay::audit {
namespace {

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

/// What a table must have at least, and the share of its bytes that numbers take.
constexpr std::size_t kLeastTableBytes = 512;

struct Content {
  std::size_t numbers = 0;   ///< characters of whole numbers, commas and what is between
  std::size_t strings = 0;   ///< of strings of octal and other escapes
  std::size_t floats = 0;    ///< numbers with a point or exponent
  std::size_t words = 0;     ///< letters of identifiers
  std::size_t braces = 0;    ///< parentheses and semicolons: statements
  std::size_t integers = 0;  ///< how many
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Goes over C without its comments.
Content content_of(std::string_view text) {
  Content content;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    const std::size_t start = at;
    if (text.substr(at, 2) == "/*") {
      at = std::min(text.find("*/", at + 2), text.size() - 2) + 2;
    } else if (text.substr(at, 2) == "//" || c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (is_digit(c)) {
      bool real = false;
      for (; at < text.size() && (is_digit(text[at]) || is_letter(text[at]) || text[at] == '.'); ++at)
        real = real || text[at] == '.';
      if (real) {
        content.floats += at - start;
      } else {
        content.numbers += at - start + 1;
        ++content.integers;
      }
    } else if (is_letter(c)) {
      while (at < text.size() && (is_letter(text[at]) || is_digit(text[at]))) ++at;
      content.words += at - start;
    } else if (c == '\'' && at + 2 < text.size()) {
      at += text[at + 1] == '\\' ? 4 : 3;
      content.numbers += 3;
      ++content.integers;
    } else if (c == '"') {
      std::size_t escapes = 0;
      for (++at; at < text.size() && text[at] != '"' && text[at] != '\n'; ++at) {
        if (text[at] == '\\') {
          ++at;
          escapes += at < text.size() && (is_digit(text[at]) || text[at] == 'x') ? 4 : 0;
        }
      }
      ++at;
      (escapes * 2 > at - start ? content.strings : content.words) += at - start;
    } else {
      content.braces += c == '(' || c == ';' ? 1 : 0;
      ++at;
    }
  }
  return content;
}

void find_table(std::string_view name, std::string_view text, std::vector<Evidence>& found) {
  if (!ends_with_any(name, {".c", ".h", ".cc", ".cpp", ".hpp", ".inc", ".def", ".tbl"}) ||
      text.size() < kLeastTableBytes)
    return;
  const Content content = content_of(text);
  const std::size_t data = content.numbers + content.strings;
  const std::size_t all = data + content.words + content.floats + 1;
  if (content.integers < 64 && content.strings < kLeastTableBytes) return;
  // Numbers and next to nothing else, to be included: what a program writes. In a file that is compiled they
  // may be the constants of an algorithm.
  if (data * 100 > all * 85 && content.braces < 12 && !ends_with_any(name, {".c", ".cc", ".cpp"})) {
    found.push_back({.rule = "array-table",
                     .kind = find_kind("generated-table"),
                     .from = EvidenceClass::structure,
                     .confidence = 0.65});
  } else if (data * 100 > all * 40 && text.size() > 4096) {
    found.push_back({.rule = "array-in-code",
                     .kind = find_kind("review"),
                     .from = EvidenceClass::structure,
                     .confidence = 0.5});
  }
}

constexpr std::size_t kLeastBase64Lines = 8;

/// Lines of one length of base64 characters, a shorter one perhaps at the end; or of uuencode.
void find_encoded(std::string_view text, std::vector<Evidence>& found) {
  std::uint32_t number = 0;
  std::uint32_t run = 0;
  std::size_t length = 0;
  bool keys = false;
  bool mixed = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line == "-----BEGIN PGP SIGNATURE-----") return;
    if (line.starts_with("-----BEGIN ")) keys = true;
    const auto is_base64 = [](char c) {
      return is_letter(c) ? c != '_' : is_digit(c) || c == '+' || c == '/' || c == '=';
    };
    if (line.size() < 60 || line.size() > 80 || (run > 0 && line.size() != length) ||
        !std::ranges::all_of(line, is_base64)) {
      run = 0;
      mixed = false;
      if (!line.starts_with("-----END ")) continue;
      keys = false;
      continue;
    }
    length = line.size();
    const auto has = [&](auto test) { return std::ranges::any_of(line, test); };
    mixed = mixed || (has([](char c) { return c >= 'a' && c <= 'z'; }) &&
                      has([](char c) { return c >= 'A' && c <= 'Z'; }) && has(is_digit));
    if (++run == kLeastBase64Lines && mixed) {
      found.push_back({.rule = keys ? "pem" : "base64",
                       .kind = find_kind(keys ? "keys" : "embedded-data"),
                       .from = EvidenceClass::structure,
                       .confidence = 0.7,
                       .line = number - run + 1});
      return;
    }
  }
}

/// xxd -i: an array of bytes and its length.
void find_dump(std::string_view text, std::vector<Evidence>& found) {
  const std::size_t array = text.find("unsigned char ");
  if (array == std::string_view::npos || array > 200) return;
  const std::string_view rest = text.substr(array, 200);
  const std::size_t open = rest.find("[] = {\n  0x");
  if (open == std::string_view::npos) return;
  const std::string variable = std::string(rest.substr(14, open - 14)) + "_len = ";
  if (text.find(variable) == std::string_view::npos) return;
  found.push_back({.rule = "xxd",
                   .kind = find_kind("embedded-data"),
                   .from = EvidenceClass::structure,
                   .confidence = 0.9,
                   .line = 1});
}

void find_minified(std::string_view name, std::string_view text, std::vector<Evidence>& found) {
  if (!ends_with_any(name, {".js", ".css", ".mjs"}) || text.size() < 2048) return;
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  if (name.find(".min.") == std::string_view::npos && text.size() / lines < 400) return;
  found.push_back({.rule = "long-lines",
                   .kind = find_kind("minified"),
                   .from = EvidenceClass::structure,
                   .confidence = 0.7});
}

/// Overstruck letters, as nroff writes them for printers.
void find_rendered(std::string_view text, std::vector<Evidence>& found) {
  std::size_t struck = 0;
  text = text.substr(0, kHeadBytes);
  for (std::size_t at = 1; at + 1 < text.size(); ++at)
    struck += text[at] == '\b' && (text[at - 1] == text[at + 1] || text[at - 1] == '_') ? 1 : 0;
  if (struck > 15)
    found.push_back({.rule = "overstrike",
                     .kind = find_kind("text-rendered"),
                     .from = EvidenceClass::structure,
                     .confidence = 0.8});
}

bool is_version(std::string_view text) {
  text = trimmed(text);
  return !text.empty() && text.size() < 64 && text.find('\n') == std::string_view::npos &&
         std::ranges::any_of(text, is_digit);
}

}  // namespace

void find_structure(std::string_view name, std::string_view text, std::vector<Evidence>& found) {
  find_table(name, text, found);
  find_encoded(text, found);
  find_dump(text, found);
  find_minified(name, text, found);
  find_rendered(text, found);
}

void find_names(std::string_view path, std::string_view text, std::vector<Evidence>& found) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto add = [&](std::string_view rule, std::string_view kind, double confidence) {
    found.push_back(
        {.rule = rule, .kind = find_kind(kind), .from = EvidenceClass::name, .confidence = confidence});
  };
  const bool version_name = name == ".version" || name == ".tarball-version" || name == ".timestamp";
  if (version_name && is_version(text)) add("version-file", "version-file", 0.95);
  const bool stamp_name = name.starts_with("stamp-") || name.starts_with("stamp.") ||
                          name.starts_with(".stamp") || name.ends_with("-stamp") || name.ends_with(".stamp");
  if (stamp_name && text.size() < 200 && !ends_with_any(name, {".c", ".h", ".sh", ".m4"}))
    add("stamp", "stamp", 0.9);
  if (name.ends_with(".pot")) add("pot-name", "pot", 0.7);
  if (path.find("autom4te.cache/") != std::string_view::npos) add("autom4te-cache", "generated-index", 0.9);
  if (ends_with_any(name, {"_shipped", ".pb.go", ".pb.cc", ".pb.h", "_pb2.py"}))
    add("generated-name", "generated-code", 0.8);
}

}  // namespace assay::audit
