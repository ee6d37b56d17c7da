// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A DEFINE with its two words is one newline. Newlines in a row are one. Between two tokens stands
// the newline between them, or else a blank.
#include "M1/m1_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "M1/m1_diagnostics.h"
#include "M1/m1_scanner.h"
#include "command/nearest_word.h"
#include "core/large_pages.h"

namespace assay::m1 {
namespace {

/// Not more than the size that stands for what cannot be printed: so a sum of sizes finds that too.
constexpr std::uint64_t kLargestOutput = 0xFFFFFFFF;
constexpr std::uint32_t kUnprintable = 0xFFFFFFFF;
constexpr std::uint64_t kLargestPadding = std::uint64_t{1} << 30;

/// The end of the output, as long as it is in the cache; large enough for the host to find room for it in its
/// own cache of files at once. Its last character is the separator behind the last token: a blank, as long
/// as no newline is printed over it.
class Piece {
 public:
  /// `after_newline`: before the first token is a newline; else there is nothing.
  Piece(Bytes& bytes, const OutputSink& sink, bool after_newline)
      : bytes_(bytes), sink_(sink), text_(std::make_unique_for_overwrite<char[]>(2 * kSize + 64)) {
    begin('\n');
    if (!after_newline) ++from_;
  }

  char* start() { return text_.get() + 1; }
  [[nodiscard]] bool is_full(const char* out) const { return out >= text_.get() + kSize; }

  // All take where the text ends, and return where it ends then.
  char* flush(const char* out) {
    const char separator = out[-1];
    append(out - 1);
    return begin(separator);
  }
  static char* put(char* out, std::string_view text) {
    std::memcpy(out, text.data(), text.size());
    out += text.size();
    *out++ = ' ';
    return out;
  }
  char* put_zeros(const char* out, std::size_t count) {
    append(out);
    std::fill_n(text_.get(), std::min(count, kSize), '0');
    for (; count > kSize; count -= kSize) add({text_.get(), kSize});
    add({text_.get(), count});
    return begin(' ');
  }
  void finish(const char* out, bool with_separator) {
    if (out > from_) append(with_separator ? out : out - 1);
  }

 private:
  static constexpr std::size_t kSize = std::size_t{128} << 10;
  static_assert(kSize > 8 * kBufferSize + 64, "room for the digits of any token");

  void append(const char* end) { add({from_, static_cast<std::size_t>(end - from_)}); }
  void add(std::string_view text) {
    if (sink_) {
      sink_(as_bytes(text));
    } else {
      bytes_.insert(bytes_.end(), text.begin(), text.end());
    }
  }
  char* begin(char separator) {
    text_[0] = separator;
    from_ = text_.get();
    return start();
  }

  Bytes& bytes_;
  const OutputSink& sink_;
  const char* from_ = nullptr;
  std::unique_ptr<char[]> text_;
};

}  // namespace

void Writer::prepare() {
  printed_.resize(assembly_.cells_.size());
  for (std::size_t i = 0; i < printed_.size(); ++i) {
    const Assembly::Cell& cell = assembly_.cells_[i];
    Printed& printed = printed_[i];
    const bool zeros = cell.state == Assembly::Cell::State::zeros;
    if (cell.state == Assembly::Cell::State::undefined || (zeros && cell.zeros >= kLargestPadding)) {
      printed.size = kUnprintable;
      continue;
    }
    printed.size = static_cast<std::uint32_t>((zeros ? cell.zeros : cell.expansion.size()) + 1);
    if (printed.size > Printed::kShort) continue;
    std::fill_n(printed.short_text, printed.size - 1, '0');
    if (!zeros) std::copy(cell.expansion.begin(), cell.expansion.end(), printed.short_text);
    printed.short_text[printed.size - 1] = ' ';
  }
  printed_[Assembly::kNewline] = {.size = 1, .short_text = {'\n'}};
}

template <class Range>
void Writer::between_defines(std::size_t tokens, Range range) const {
  std::size_t at = 0;
  for (const std::size_t define : assembly_.defines_) {
    if (define < at) continue;  // a word of the one before
    if (define >= tokens) break;
    range(at, define);
    at = define + 3;
  }
  range(at, std::max(at, tokens));
}

Writer::Walk Writer::measure() const {
  const LargeVector<std::uint32_t>& tokens = assembly_.tokens_;
  std::vector<std::uint32_t> sizes(printed_.size());
  for (std::size_t cell = 0; cell < sizes.size(); ++cell) sizes[cell] = printed_[cell].size;
  sizes[Assembly::kNewline] = 0;
  Walk walk{.tokens = tokens.size(), .size = 1};
  between_defines(tokens.size(), [&](std::size_t first, std::size_t end) {
    for (std::size_t at = first; at < end; ++at) walk.size += sizes[tokens[at]];
  });
  return walk.size < kLargestOutput ? walk : find_failure();
}

Writer::Walk Writer::find_failure() const {
  const LargeVector<std::uint32_t>& tokens = assembly_.tokens_;
  Walk walk{.tokens = tokens.size(), .size = 1};
  between_defines(tokens.size(), [&](std::size_t first, std::size_t end) {
    for (std::size_t at = first; at < end && !walk.fails(); ++at) {
      if (tokens[at] == Assembly::kNewline) continue;
      const Printed& printed = printed_[tokens[at]];
      walk.tokens = at;
      walk.undefined = assembly_.cells_[tokens[at]].state == Assembly::Cell::State::undefined;
      walk.too_large =
          !walk.undefined && (printed.size == kUnprintable || walk.size + printed.size > kLargestOutput);
      if (!walk.fails()) walk.size += printed.size;
    }
  });
  if (!walk.fails()) walk.tokens = tokens.size();
  return walk;
}

void Writer::write(const Walk& walk) {
  const LargeVector<std::uint32_t>& tokens = assembly_.tokens_;
  if (!options_.sink) reserve_large(output_.bytes, walk.size);
  Piece piece(output_.bytes, options_.sink, tokens[0] <= Assembly::kDefine);
  char* out = piece.start();
  between_defines(walk.tokens, [&](std::size_t first, std::size_t end) {
    char* at = out;                // known to be nobody else's
    if (first > 0) at[-1] = '\n';  // for the DEFINE
    for (std::size_t token = first; token < end; ++token) {
      const std::uint32_t cell = tokens[token];
      const Printed& printed = printed_[cell];
      if (printed.size <= Printed::kShort) {
        at -= cell == Assembly::kNewline ? 1 : 0;
        std::memcpy(at, printed.short_text, Printed::kShort);  // the rest is written over
        at += printed.size;
      } else if (assembly_.cells_[cell].state == Assembly::Cell::State::zeros) {
        at = piece.put_zeros(at, printed.size - 1);
      } else {
        at = Piece::put(at, assembly_.cells_[cell].expansion);
      }
      if (piece.is_full(at)) at = piece.flush(at);
    }
    out = at;
  });
  // At a failure the separator is out already.
  const bool keep = walk.fails() || out[-1] == '\n';
  piece.finish(out, keep);
}

// The separator before a token counts as its own, the last newline as the last token's.
void Writer::map(const Walk& walk) {
  std::size_t token = 0;  // in tokens_
  std::size_t skip = 0;   // words of a DEFINE still to come
  std::uint64_t pending = 0;
  bool any = false;
  bool newline = false;
  Span last;
  for (std::uint32_t file = 0; file < assembly_.files_.size() && token < walk.tokens; ++file) {
    Scanner scanner(as_text(assembly_.files_[file].source.bytes));
    for (Item item = scanner.next(); item.kind != Item::Kind::end && token < walk.tokens;
         item = scanner.next()) {
      const bool is_newline = item.kind == Item::Kind::newline;
      if (is_newline && (token == 0 || assembly_.tokens_[token - 1] == Assembly::kNewline)) continue;
      const std::uint32_t cell = assembly_.tokens_[token++];
      if (skip > 0) {
        --skip;
        continue;
      }
      if (cell <= Assembly::kDefine) {
        newline = true;
        skip = cell == Assembly::kDefine ? 2 : 0;
        continue;
      }
      pending = newline || any ? 1 : 0;
      newline = false;
      any = true;
      last = {file, item.offset, item.text.size() + (item.kind == Item::Kind::string ? 1 : 0)};
      output_.map.add(pending + printed_[cell].size - 1, last);
    }
  }
  if (output_.map.size() < output_.bytes.size())
    output_.map.add(output_.bytes.size() - output_.map.size(), last);
}

void Writer::examine_sources() {
  for (std::uint32_t file = 0; file < assembly_.files_.size(); ++file) {
    const std::string_view text = as_text(assembly_.files_[file].source.bytes);
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
      diagnostics_.report(kind("m1-nul"), {file, nul, 1}, "NUL in the source");
    }
    if (const std::size_t cr = text.find("\r\n"); cr != std::string_view::npos) {
      diagnostics_.report(kind("m1-carriage-return"), {file, cr, 1}, "CR before the end of a line");
    }
  }
}

std::string Writer::near_word(std::string_view text) const {
  std::vector<std::string_view> macros;
  for (const std::size_t at : assembly_.defines_) {
    if (at + 1 < assembly_.tokens_.size()) macros.push_back(assembly_.cells_[assembly_.tokens_[at + 1]].text);
  }
  return near_miss(text, macros);
}

void Writer::fail_at(std::size_t token, bool too_large) {
  std::size_t file = 0;
  while (file + 1 < assembly_.files_.size() && assembly_.files_[file + 1].first_token <= token) ++file;
  const Source& source = assembly_.files_[file].source;
  Scanner scanner(as_text(source.bytes));
  std::size_t at = assembly_.files_[file].first_token;
  Item item = scanner.next();
  for (; item.kind != Item::Kind::end; item = scanner.next()) {
    if (item.kind == Item::Kind::newline && (at == 0 || assembly_.tokens_[at - 1] == Assembly::kNewline))
      continue;
    if (at == token) break;
    ++at;
  }
  const Assembly::Cell& cell = assembly_.cells_[assembly_.tokens_[token]];
  const Span span{static_cast<std::uint32_t>(file), item.offset, item.text.size()};
  output_.status = 1;
  if (too_large) {
    diagnostics_.report(kind("m1-output-too-large"), span, "the output grows too large here");
    return;
  }
  output_.standard_error =
      fmt::format("{}:{} :Received invalid other; {}\n", source.name, item.line, cell.text);
  diagnostics_.report(kind("m1-undefined"), span,
                      fmt::format("'{}' is not defined{}", cell.text, near_word(cell.text)));
}

Output Writer::run() {
  if (options_.want_warnings) examine_sources();
  prepare();
  const Walk walk = measure();
  if (!walk.too_large) {
    write(walk);
    if (options_.want_map) map(walk);
  }
  if (walk.fails()) fail_at(walk.tokens, walk.too_large);
  return std::move(output_);
}

}  // namespace assay::m1
