// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two ways through a text. The careful one, for source maps and strict warnings: one table look-up a
// byte decides what happens: a digit, the start of a comment, the end of the text, or nothing. The
// fast one has kernels (kernels.h).
#include "hex0/hex0.h"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <utility>

#include "core/large_pages.h"
#include "hex0/critic.h"
#include "hex0/diagnostics.h"
#include "hex0/kernels.h"
#include "hex0/scanner.h"

namespace assay::hex0 {
namespace {

constexpr Byte kLastDigit = 16;  // 'G' where it is one
constexpr Byte kSkip = 0x20;
constexpr Byte kComment = 0x21;
constexpr Byte kEnd = 0x22;

using Actions = std::array<Byte, 256>;

Actions actions_of(const Dialect& dialect) {
  Actions actions{};
  for (std::size_t byte = 0; byte < actions.size(); ++byte) {
    const Byte digit = kDigitValues[byte];
    actions[byte] = digit != kNoDigit ? digit : starts_comment(static_cast<Byte>(byte)) ? kComment : kSkip;
  }
  if (dialect.g_is_digit) actions['G'] = actions['g'] = kLastDigit;
  if (dialect.nul == Nul::ends_text) actions[0] = kEnd;
  if (dialect.address_assertions) actions['@'] = kComment;
  return actions;
}

void warn_of_g_digits(ByteView text, std::size_t first, std::size_t second, Critic& critic) {
  for (const std::size_t at : {first, second}) {
    if (kDigitValues[text[at]] != kNoDigit) continue;
    critic.warn(kind(Kind::g_digit), {0, at, 1},
                fmt::format("'{}' counts as a digit of value 16", static_cast<char>(text[at])));
  }
}

void report_open_comment(const Dialect& dialect, Span span, Critic& critic, DiagnosticSink& sink,
                         Output& output) {
  if (dialect.open_comment == OpenComment::exits) {
    critic.warn(kind(Kind::comment_at_end), span, "text ends inside a comment");
    return;
  }
  const bool hangs = dialect.open_comment == OpenComment::hangs;
  output.ending = hangs ? Ending::hangs : Ending::crashes;
  sink.report(kind(hangs ? Kind::endless_comment : Kind::comment_crash), span,
              fmt::format("text ends inside a comment: the {} tool {}", dialect.name,
                          hangs ? "waits for its end for ever" : "crashes after writing its output"));
}

/// An assertion in [start, end) of the text: whether it is one, and holds. False, and said, if not.
bool holds(ByteView text, std::size_t start, std::size_t end, const Output& output, DiagnosticSink& sink) {
  const std::string_view all = as_text(text.subspan(start + 1, end - start - 1));
  const std::string_view word = all.substr(0, all.find_first_of(" \t"));
  const Span span{0, start, word.size() + 1};
  std::uint64_t address = 0;
  const char* const last = word.data() + word.size();
  const bool has_prefix = word.starts_with("0x") || word.starts_with("0X");
  const auto read = has_prefix ? std::from_chars(word.data() + 2, last, address, 16)
                               : std::from_chars_result{word.data(), std::errc::invalid_argument};
  constexpr std::size_t kMostDigits = 8;
  const bool is_number = read.ec == std::errc() && read.ptr == last &&
                         word.size() <= std::string_view("0x").size() + kMostDigits;
  if (is_number && address == output.bytes.size()) return true;
  sink.report(kind(Kind::wrong_address), span,
              is_number ? fmt::format("there are {:#x} bytes here", output.bytes.size())
                        : std::string("'@' wants the number of bytes so far: '@0x100'"));
  return false;
}

/// Keeps what reaches the disk when only whole blocks do.
void keep_whole_blocks(Output& output, std::uint32_t block) {
  output.bytes.resize(output.bytes.size() / block * block);
  SourceMap kept;
  for (const MapEntry& entry : output.map.entries()) {
    if (entry.offset < output.bytes.size()) kept.add(entry.length, entry.span);
  }
  output.map = std::move(kept);
}

Output assemble_carefully(ByteView text, const Options& options, DiagnosticSink& sink) {
  const Dialect& dialect = *options.dialect;
  const Actions actions = actions_of(dialect);
  const bool return_ends = dialect.comment_end == CommentEnd::line_feed_or_carriage_return;
  Critic critic(text, kTextKinds, return_ends, options.want_warnings, sink);
  Output output;
  bool half = options.half_a_byte_late;
  Byte held = 0;
  std::size_t first = SIZE_MAX;  // where the held digit is; none for half_a_byte_late
  std::size_t at = 0;
  while (at < text.size()) {
    const Byte action = actions[text[at]];
    if (action <= kLastDigit) {
      if (half) {
        output.bytes.push_back(static_cast<Byte>(held * 16 + action));
        const std::size_t start = std::min(first, at);
        if (options.want_map) output.map.add(1, {0, start, at + 1 - start});
        if (critic.active() && start != at) {
          critic.byte(first, at);
          warn_of_g_digits(text, first, at, critic);
        }
      } else {
        held = action;
        first = at;
      }
      half = !half;
      ++at;
    } else if (action == kSkip) {
      critic.skipped(at);
      ++at;
    } else if (action == kComment) {
      const std::size_t end = find_comment_end(text, at, return_ends);
      critic.comment(at, end);
      if (text[at] == '@' && !holds(text, at, end, output, sink)) {
        output.status = 1;
        return output;
      }
      if (end == text.size()) report_open_comment(dialect, {0, at, end - at}, critic, sink, output);
      at = std::min(end + 1, text.size());
    } else {
      critic.warn(kind(Kind::nul), {0, at, 1}, "zero byte ends the text");
      break;
    }
  }
  if (half && first != SIZE_MAX) {
    critic.warn(kind(Kind::odd_nibble), {0, first, 1}, "half a byte is dropped at the end of the text");
  }
  critic.finish();
  return output;
}

/// The comment that `text` ends in: from the first character after the last line that starts one.
Span last_comment(ByteView text, const kernels::Rules& rules) {
  const std::string_view all = as_text(text);
  const std::size_t end = all.find_last_of(rules.return_ends_comment ? "\n\r" : "\n");
  const std::size_t line = end == std::string_view::npos ? 0 : end + 1;
  const std::size_t start = all.find_first_of("#;", line);
  return {0, start, text.size() - start};
}

/// Bytes only. The kernel's output is copied out of the cache, so that no memory is touched twice.
Output assemble_fast(ByteView text, const Options& options, DiagnosticSink& sink) {
  constexpr std::size_t kPiece = 4096;
  const kernels::Rules rules = kernels::rules_of(*options.dialect);
  const kernels::Decode decode = kernels::decoder_of(options.kernel);
  kernels::Place place{.half = options.half_a_byte_late};
  std::array<Byte, kPiece / 2 + kernels::kSlack> made;
  Output output;
  reserve_large(output.bytes, text.size() / 2 + 1);
  for (std::size_t at = 0; at < text.size() && !place.ended; at += kPiece) {
    const ByteView piece = text.subspan(at, std::min(kPiece, text.size() - at));
    const Byte* const end = decode(piece, rules, place, made.data());
    output.bytes.insert(output.bytes.end(), std::as_const(made).data(), end);
  }
  if (place.in_comment) {
    Critic silent(text, kTextKinds, rules.return_ends_comment, false, sink);
    report_open_comment(*options.dialect, last_comment(text, rules), silent, sink, output);
  }
  return output;
}

constexpr bool is_blank(Byte byte) { return byte == ' ' || byte == '\t' || byte == '\n'; }

/// hex0.sh: exact words, zero bytes dropped by the shell's `read`.
Output assemble_words(ByteView text, const Options& options, DiagnosticSink& sink) {
  Output output;
  std::size_t at = 0;
  while (at < text.size()) {
    if (starts_comment(text[at])) {
      at = find_comment_end(text, at, false);
      continue;
    }
    if (is_blank(text[at])) {
      ++at;
      continue;
    }
    const std::size_t start = at;
    std::string word;
    for (; at < text.size() && !is_blank(text[at]) && !starts_comment(text[at]); ++at) {
      if (text[at] != 0) word.push_back(static_cast<char>(text[at]));
    }
    if (word.empty()) continue;
    const Span span{0, start, at - start};
    const Byte high = kDigitValues[static_cast<Byte>(word[0])];
    const Byte low = word.size() == 2 ? kDigitValues[static_cast<Byte>(word[1])] : kNoDigit;
    if (high == kNoDigit || low == kNoDigit) {
      sink.report(kind(Kind::not_two_digits), span, "word is not two hexadecimal digits");
      output.status = 1;
      return output;
    }
    output.bytes.push_back(static_cast<Byte>(high * 16 + low));
    if (options.want_map) output.map.add(1, span);
  }
  return output;
}

}  // namespace

Output assemble(const Source& source, const Options& options, DiagnosticSink& diagnostics) {
  const Dialect& dialect = *options.dialect;
  Output output = dialect.strictness == Strictness::exact_words
                      ? assemble_words(source.bytes, options, diagnostics)
                  : options.want_map || options.want_warnings || dialect.address_assertions
                      ? assemble_carefully(source.bytes, options, diagnostics)
                      : assemble_fast(source.bytes, options, diagnostics);
  const std::uint32_t block = output.status == 0 ? dialect.block_at_end : dialect.block_at_failure;
  const std::size_t whole = output.bytes.size();
  if (whole % block == 0) return output;
  keep_whole_blocks(output, block);
  if (options.want_warnings && output.status == 0) {
    diagnostics.report(kind(Kind::partial_sector), {0, source.bytes.size(), 0},
                       fmt::format("the last {} bytes are lost: only whole blocks of {} bytes are written",
                                   whole - output.bytes.size(), block));
  }
  return output;
}

}  // namespace assay::hex0
