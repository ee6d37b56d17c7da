// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cc/literals.h"

#include <fmt/format.h>

namespace assay::cc {
namespace {

constexpr std::size_t kRegularBuffer = 256;
constexpr std::size_t kWeirdBuffer = 512;

/// A token's text with the zeros that follow it in its buffer: escapes may reach past the end.
class Text {
 public:
  Text(std::string_view token, Span span, const Dialect& dialect, Report& report)
      : token_(token), span_(span), dialect_(dialect), report_(report) {}

  [[nodiscard]] Byte operator[](std::size_t at) const {
    return at < token_.size() ? static_cast<Byte>(token_[at]) : Byte{0};
  }

  /// The value of the character or escape at `at`; not always a byte: digits below '0' count as negative.
  [[nodiscard]] int value(std::size_t at) const {
    const Byte first = (*this)[at];
    if (first != '\\') return first;
    const Byte second = (*this)[at + 1];
    switch (second) {
      case 'x': {
        const int high = hex_digit((*this)[at + 2]);
        return high * 16 + hex_digit((*this)[at + 3]);
      }
      case 'n': return '\n';
      case 't': return '\t';
      case 'r': return '\r';
      case '\\':
      case '\'':
      case '"': return second;
      default: break;
    }
    const std::string_view rest = at < token_.size() ? token_.substr(at) : std::string_view{};
    report_.fail(Kind::unknown_escape, span_, "unknown escape",
                 fmt::format("Unknown escape received: {} Unable to process\n", rest));
  }

  /// Bytes from one character to the next.
  [[nodiscard]] std::size_t step(std::size_t at) const {
    if ((*this)[at] != '\\') return 1;
    return (*this)[at + 1] == 'x' ? 4 : 2;
  }

 private:
  [[nodiscard]] int hex_digit(Byte character) const {
    int value = character - '0';
    if (value < 10) return value;
    value = (value & 0xDF) - 7;
    if (value >= 10 && value < 16 && dialect_.letters_in_hex) return value;
    static constexpr std::string_view kMessage = "Tried to print non-hex number\n";
    report_.error(Kind::bad_hex_digit, span_, "not a hexadecimal digit for this compiler");
    if (dialect_.bad_hex_digit == Failure::message_to_output) {
      throw Stop{Ending::exits, 1, {}, std::string(kMessage)};
    }
    throw Stop{Ending::exits, 1, std::string(kMessage), {}};
  }

  std::string_view token_;
  Span span_;
  const Dialect& dialect_;
  Report& report_;
};

bool fits_quotes(int value) {
  return value == 0 || value == '\t' || value == '\n' || (value >= ' ' && value <= '~' && value != '"');
}

bool is_blank(int value, const Dialect& dialect) {
  if (value == 0 || value == '\t' || value == '\n' || value == '\r' || value == ' ') return true;
  return value > 0 && value < 256 &&
         dialect.more_blanks.find(static_cast<char>(value)) != std::string_view::npos;
}

bool is_weird(const Text& text, Span span, const Dialect& dialect, Report& report) {
  std::size_t at = 1;
  while (text[at] != 0) {
    const int value = text.value(at);
    if (!fits_quotes(value)) return true;
    at += text.step(at);
    if (text[at] == ':' && is_blank(value, dialect)) {
      if (value > ' ') {
        report.warn(
            Kind::blank_colon, span,
            fmt::format(
                "'{}' before ':' makes this a string of hexadecimal digits: the table of blanks lacks "
                "its end in {}",
                static_cast<char>(value), dialect.program));
      }
      return true;
    }
  }
  return false;
}

[[noreturn]] void too_long(std::size_t size, std::size_t room, Span span, Report& report) {
  report.end(
      Kind::long_string, span,
      fmt::format("the string takes {} bytes of output; the real compiler has room for {}", size, room),
      Ending::undefined);
}

std::string regular(std::string_view token, const Text& text, Span span, Report& report) {
  std::string out;
  for (std::size_t at = 0; text[at] != 0; at += text.step(at)) {
    out.push_back(static_cast<char>(text.value(at)));
  }
  out += "\"\n";
  if (out.size() >= kRegularBuffer) too_long(out.size(), kRegularBuffer - 1, span, report);
  const std::size_t zero = out.find('\0');
  if (zero != std::string::npos) {
    report.warn(Kind::string_cut, span,
                fmt::format("the string of {} bytes ends at a zero byte", token.size()));
    out.resize(zero);
  }
  return out;
}

std::string weird(const Text& text, Span span, Report& report) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out = "'";
  for (std::size_t at = 1; text[at] != 0; at += text.step(at)) {
    const auto value = static_cast<unsigned>(text.value(at));
    out += {' ', kDigits[value >> 4 & 15], kDigits[value & 15]};
  }
  out += " 00'\n";
  if (out.size() >= kWeirdBuffer) too_long(out.size(), kWeirdBuffer - 1, span, report);
  return out;
}

}  // namespace

std::int64_t character_value(std::string_view token, Span span, const Dialect& dialect, Report& report) {
  const Text text(token, span, dialect, report);
  const std::int64_t value = text.value(1);
  if (text[1] == 0 || text[1 + text.step(1)] != 0) {
    report.warn(Kind::many_characters, span, fmt::format("only the first character counts: {}", value));
  }
  return value;
}

std::string string_text(std::string_view token, Span span, const Dialect& dialect, Report& report) {
  const Text text(token, span, dialect, report);
  return is_weird(text, span, dialect, report) ? weird(text, span, report)
                                               : regular(token, text, span, report);
}

std::string decimal(std::int64_t value, int word_bytes) {
  if (value == 0) return "0";
  std::string digits;
  std::uint64_t rest = static_cast<std::uint64_t>(value);
  if (value < 0) {
    digits.push_back('-');
    rest = 0 - rest;
    if (word_bytes == 4) rest &= 0xFFFFFFFF;
  }
  std::uint64_t divisor = 1'000'000'000;
  while (rest / divisor == 0) divisor /= 10;
  for (; divisor > 0; divisor /= 10) {
    digits.push_back(static_cast<char>(static_cast<Byte>(rest / divisor + '0')));
    rest %= divisor;
  }
  const std::size_t zero = digits.find('\0');
  if (zero != std::string::npos) digits.resize(zero);
  return digits;
}

}  // namespace assay::cc
