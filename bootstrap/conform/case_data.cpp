// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/case_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "bootstrap/conform/case.h"

namespace assay::conform {
namespace {

constexpr std::size_t kHexOfALine = 32;  // bytes

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<void> add_hex(std::string_view text, Bytes& bytes) {
  int high = -1;
  for (const char c : text) {
    if (c == ' ' && high < 0) continue;
    const int value = digit(c);
    if (value < 0) return fail("bad-case", fmt::format("'{}' is no hexadecimal digit", c));
    if (high >= 0) bytes.push_back(static_cast<Byte>(high * 16 + value));
    high = high < 0 ? value : -1;
  }
  if (high >= 0) return fail("bad-case", "half a byte");
  return {};
}

/// Where "\\i" is: the number of the repetition.
std::size_t number_place(std::string_view text) {
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (text[at] != '\\') continue;
    if (text[at + 1] == 'i') return at;
    ++at;
  }
  return std::string_view::npos;
}

Result<void> add_repeated(std::string_view text, Bytes& bytes) {
  std::size_t times = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), times);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || digits >= text.size() || text[digits] != ' ')
    return fail("bad-case", "a repetition is a number, a blank and a text");
  // What stands between the places of the number.
  std::vector<Bytes> pieces;
  std::size_t size = 0;
  for (std::string_view rest = text.substr(digits + 1);;) {
    const std::size_t place = number_place(rest);
    const Result<Bytes> piece = unescape(rest.substr(0, place));
    if (!piece) return tl::unexpected<Error>(piece.error());
    size += piece->size();
    pieces.push_back(*piece);
    if (place == std::string_view::npos) break;
    size += std::to_string(times).size();
    rest.remove_prefix(place + 2);
  }
  if (times > kMostData || times * size > kMostData - std::min(bytes.size(), kMostData))
    return fail("bad-case", fmt::format("more than {} bytes", kMostData));
  bytes.reserve(bytes.size() + times * size);
  for (std::size_t i = 0; i < times; ++i) {
    for (std::size_t at = 0; at < pieces.size(); ++at) {
      if (at > 0) {
        const std::string number = std::to_string(i);
        bytes.insert(bytes.end(), number.begin(), number.end());
      }
      bytes.insert(bytes.end(), pieces[at].begin(), pieces[at].end());
    }
  }
  return {};
}

bool is_plain(Byte byte) { return byte >= 0x20 && byte < 0x7F; }

std::string escaped(ByteView bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const Byte byte = bytes[at];
    switch (byte) {
      case '\\': text += "\\\\"; break;
      case '\r': text += "\\r"; break;
      case '\t': text += "\\t"; break;
      case '\n': text += "\\n"; break;
      default:
        if (is_plain(byte) && (byte != ' ' || at + 1 < bytes.size())) {  // editors drop blanks at the end
          text += static_cast<char>(byte);
        } else {
          text += fmt::format("\\x{:02X}", byte);
        }
    }
  }
  return text;
}

/// The shortest piece of up to 8 bytes that the whole consists of, if that is repeated often.
std::size_t period_of(ByteView bytes) {
  for (std::size_t period = 1; period <= 8; ++period) {
    if (bytes.size() % period != 0 || bytes.size() / period < 40) continue;
    if (std::equal(bytes.begin() + static_cast<std::ptrdiff_t>(period), bytes.end(), bytes.begin()))
      return period;
  }
  return 0;
}

}  // namespace

Result<Bytes> unescape(std::string_view text) {
  Bytes bytes;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      bytes.push_back(static_cast<Byte>(text[at]));
      continue;
    }
    const char kind = ++at < text.size() ? text[at] : '\0';
    switch (kind) {
      case '\\': bytes.push_back('\\'); break;
      case 'n': bytes.push_back('\n'); break;
      case 'r': bytes.push_back('\r'); break;
      case 't': bytes.push_back('\t'); break;
      case 'x': {
        if (at + 2 >= text.size()) return fail("bad-case", "\\x needs two digits");
        if (const Result<void> added = add_hex(text.substr(at + 1, 2), bytes); !added)
          return tl::unexpected<Error>(added.error());
        at += 2;
        break;
      }
      default: return fail("bad-case", "a backslash needs one of \\ n r t x behind it");
    }
  }
  return bytes;
}

Result<void> add_data_line(std::string_view line, Bytes& bytes) {
  const char kind = line.front();
  line.remove_prefix(std::min<std::size_t>(line.size(), line.size() > 1 && line[1] == ' ' ? 2 : 1));
  if (kind == ':') return add_hex(line, bytes);
  if (kind == '*') return add_repeated(line, bytes);
  const std::size_t backslashes = line.size() - (line.find_last_not_of('\\') + 1);
  const bool open = backslashes % 2 == 1;  // no line feed
  if (open) line.remove_suffix(1);
  const Result<Bytes> piece = unescape(line);
  if (!piece) return tl::unexpected<Error>(piece.error());
  bytes.insert(bytes.end(), piece->begin(), piece->end());
  if (!open) bytes.push_back('\n');
  if (bytes.size() > kMostData) return fail("bad-case", fmt::format("more than {} bytes", kMostData));
  return {};
}

std::string case_data(ByteView bytes) {
  std::string text;
  if (const std::size_t period = period_of(bytes); period != 0)
    return fmt::format("* {} {}\n", bytes.size() / period, escaped(bytes.first(period)));
  const auto plain = static_cast<std::size_t>(std::count_if(
      bytes.begin(), bytes.end(), [](Byte byte) { return is_plain(byte) || byte == '\n' || byte == '\t'; }));
  if (plain * 4 < bytes.size() * 3) {
    for (std::size_t at = 0; at < bytes.size(); at += kHexOfALine) {
      text += ":";
      for (const Byte byte : bytes.subspan(at, std::min(kHexOfALine, bytes.size() - at)))
        text += fmt::format(" {:02X}", byte);
      text += "\n";
    }
    return text;
  }
  while (!bytes.empty()) {
    const auto end = std::find(bytes.begin(), bytes.end(), Byte{'\n'});
    const auto length = static_cast<std::size_t>(end - bytes.begin());
    const ByteView line = bytes.first(length);
    const bool open = end == bytes.end();
    if (const std::size_t period = open ? period_of(line) : 0; period != 0) {
      text += fmt::format("* {} {}\n", line.size() / period, escaped(line.first(period)));
    } else {
      text += fmt::format("| {}{}\n", escaped(line), open ? "\\" : "");
    }
    bytes = bytes.subspan(length + (open ? 0 : 1));
  }
  return text;
}

}  // namespace assay::conform
