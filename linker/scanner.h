// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One walk over a hex2 text. What it finds goes to a handler, whose functions are inlined:
//
//   byte(value, first, end)             the digits of a plain byte lie in [first, end)
//   word(value)                         the four bytes of a '.', first byte highest
//   label(name, first)                  ':' is at first
//   pointer(sigil, name, based, base, first, end)
//   pad(first)  caret()  newline()      newline: what the real tool counts as a line in its messages
//   ignored(at)                         a byte without meaning
//   partial(first)                      the file ends inside a byte
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "command/mescc_dialects.h"
#include "core/byte_masks.h"

namespace assay::linker {

inline constexpr std::size_t kLongestName = 4095;

enum Code : std::uint8_t {
  // 0 to 15: a digit
  kIgnored = 16,
  kNewline,
  kComment,
  kLabel,
  kPointer,
  kPad,
  kCaret,
  kWord,
};

using CodeTable = std::array<std::uint8_t, 256>;

constexpr CodeTable make_codes(DigitBase base, bool riscv, bool pads) {
  CodeTable codes{};
  codes.fill(kIgnored);
  const unsigned digits = 1u << bits_a_digit(base);
  for (unsigned digit = 0; digit < digits; ++digit) {
    if (digit < 10) {
      codes['0' + digit] = static_cast<std::uint8_t>(digit);
    } else {
      codes['A' + digit - 10] = codes['a' + digit - 10] = static_cast<std::uint8_t>(digit);
    }
  }
  codes['\n'] = kNewline;
  codes['#'] = codes[';'] = kComment;
  codes[':'] = kLabel;
  for (const unsigned char sigil : {'!', '@', '$', '~', '%', '&'}) codes[sigil] = kPointer;
  if (pads) codes['<'] = kPad;
  codes['^'] = kCaret;
  if (riscv) codes['.'] = kWord;
  return codes;
}

enum class ScanEnd : std::uint8_t { done, stopped, endless_word };

/// The scanner's place in a text, and the digits of a byte in the making.
template <class Handler>
class Scan {
 public:
  Scan(std::string_view text, DigitBase base, const CodeTable& codes, bool riscv, Handler& handler)
      : at_(text.data()),
        end_(text.data() + text.size()),
        codes_(codes),
        bits_(bits_a_digit(base)),
        digits_(digits_a_byte(base)),
        riscv_(riscv),
        handler_(handler) {}

  ScanEnd run() {
    const bool hexadecimal = bits_ == 4;
    while (at_ < end_) {
      const std::uint8_t code = codes_[static_cast<unsigned char>(*at_)];
      if (code < kIgnored) {
        if (hexadecimal && have_ == 0 && at_ + 1 < end_) {
          const std::uint8_t second = codes_[static_cast<unsigned char>(at_[1])];
          if (second < kIgnored) {
            handler_.byte(code * 16u + second, at_, at_ + 2);
            at_ += 2;
            continue;
          }
        }
        push(code);
        ++at_;
        continue;
      }
      switch (code) {
        case kIgnored: handler_.ignored(at_++); break;
        case kNewline:
          handler_.newline();
          ++at_;
          break;
        case kComment: skip_comment(); break;
        case kLabel:
          if (!read_label()) return ScanEnd::stopped;
          break;
        case kPointer:
          if (!read_pointer()) return ScanEnd::stopped;
          break;
        case kPad: handler_.pad(at_++); break;
        case kCaret:
          handler_.caret();
          ++at_;
          break;
        default:
          if (!read_word()) return ScanEnd::endless_word;
      }
    }
    if (have_ > 0) handler_.partial(first_);
    return ScanEnd::done;
  }

 private:
  /// Adds a digit; true when the byte, in hold_, is complete.
  bool add(unsigned digit) {
    if (have_ == 0) {
      first_ = at_;
      hold_ = 0;
    }
    hold_ = (hold_ << bits_) | digit;
    if (++have_ < digits_) return false;
    have_ = 0;
    return true;
  }

  void push(unsigned digit) {
    if (add(digit)) handler_.byte(hold_, first_, at_ + 1);
  }

  void skip_comment() {
    at_ = find_any<'\n', '\r'>(at_ + 1, end_);
    if (at_ < end_) ++at_;
    handler_.newline();
  }

  /// The name from at_ on; at_ is left behind it. At the end of the text the real tool takes its end-of-file
  /// mark for the first byte of a name.
  std::string_view read_name() {
    if (at_ == end_) return "\xFF";
    const char* const start = at_;
    at_ = find_any<' ', '\t', '\n', '>'>(at_, end_);
    return {start, static_cast<std::size_t>(at_ - start)};
  }

  bool read_label() {
    const char* const first = at_++;
    const std::string_view name = read_name();
    if (!handler_.label(name, first)) return false;
    if (at_ < end_) ++at_;  // a terminator that is digit, sigil or '.' does not exist
    return true;
  }

  bool read_pointer() {
    const char* const first = at_++;
    const char sigil = *first;
    const std::string_view name = read_name();
    bool based = false;
    std::string_view base;
    if (at_ < end_) {
      based = *at_++ == '>' && (!riscv_ || sigil == '%' || sigil == '&');
      if (based) {
        base = read_name();
        if (at_ < end_) ++at_;
      }
    }
    return handler_.pointer(sigil, name, based, base, first, at_);
  }

  bool read_word() {
    const unsigned bytes = 4;
    std::uint32_t word = 0;
    ++at_;
    for (unsigned have = 0; have < bytes;) {
      if (at_ == end_) return false;
      const std::uint8_t code = codes_[static_cast<unsigned char>(*at_)];
      if (code == kComment) {
        skip_comment();
        continue;
      }
      if (code == kNewline) handler_.newline();
      if (code < kIgnored && add(code)) {
        word = (word << 8) ^ hold_;  // three octal digits have a bit too many
        ++have;
      }
      ++at_;
    }
    handler_.word(word);
    return true;
  }

  const char* at_;
  const char* end_;
  const CodeTable& codes_;
  unsigned bits_;
  unsigned digits_;
  bool riscv_;
  Handler& handler_;
  unsigned hold_ = 0;
  unsigned have_ = 0;
  const char* first_ = nullptr;
};

}  // namespace assay::linker
