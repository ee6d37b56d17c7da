// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A DEFINE with its two words is one newline. Newlines in a row are one. Between two tokens stands
// the newline between them, or else a blank.
#include "M1/m1_writer.h"

#include <fmt/format.h>

#include <cstring>

#include "M1/m1_diagnostics.h"
#include "M1/m1_scanner.h"
#include "core/large_pages.h"

namespace assay::m1 {
namespace {

constexpr std::uint64_t kLargestOutput = std::uint64_t{1} << 30;

}  // namespace

void Writer::prepare() {
  printed_.resize(assembly_.cells_.size());
  for (std::size_t i = 0; i < printed_.size(); ++i) {
    const Assembly::Cell& cell = assembly_.cells_[i];
    Printed& printed = printed_[i];
    if (cell.state == Assembly::Cell::State::zeros) {
      printed.size = static_cast<std::uint32_t>(cell.zeros);
    } else if (cell.state == Assembly::Cell::State::text) {
      printed.size = static_cast<std::uint32_t>(cell.expansion.size());
      printed.text = cell.expansion.empty() ? "" : cell.expansion.data();
      if (printed.size <= Printed::kShort)
        std::copy(cell.expansion.begin(), cell.expansion.end(), printed.short_text);
    }
  }
}

Writer::Walk Writer::measure() const {
  const std::vector<std::uint32_t>& tokens = assembly_.tokens_;
  Walk walk;
  bool newline = false;
  bool any = false;
  std::size_t at = 0;
  for (; at < tokens.size(); ++at) {
    const std::uint32_t cell = tokens[at];
    if (cell <= Assembly::kDefine) {
      newline = true;
      if (cell == Assembly::kDefine) at += 2;
      continue;
    }
    if (newline || any) ++walk.size;
    newline = false;
    any = true;
    const Printed& printed = printed_[cell];
    if (printed.text == nullptr && assembly_.cells_[cell].state == Assembly::Cell::State::undefined) {
      walk.undefined = true;
      break;
    }
    if (walk.size + printed.size >= kLargestOutput) {
      walk.too_large = true;
      break;
    }
    walk.size += printed.size;
  }
  walk.tokens = at;
  if (!walk.undefined && !walk.too_large && newline) ++walk.size;
  return walk;
}

inline char* Writer::put(char* out, std::uint32_t cell) const {
  const Printed& printed = printed_[cell];
  if (printed.size <= Printed::kShort) {
    std::memcpy(out, printed.short_text, Printed::kShort);  // the rest is written over
    if (printed.text == nullptr) std::memset(out, '0', printed.size);
  } else if (printed.text != nullptr) {
    std::memcpy(out, printed.text, printed.size);
  } else {
    std::memset(out, '0', printed.size);
  }
  return out + printed.size;
}

void Writer::write(const Walk& walk) {
  const std::vector<std::uint32_t>& tokens = assembly_.tokens_;
  reserve_large(output_.bytes, walk.size + Printed::kShort);
  output_.bytes.resize(walk.size + Printed::kShort);
  char* out = reinterpret_cast<char*>(output_.bytes.data());
  bool newline = false;
  bool any = false;
  for (std::size_t at = 0; at < walk.tokens; ++at) {
    const std::uint32_t cell = tokens[at];
    if (cell <= Assembly::kDefine) {
      newline = true;
      if (cell == Assembly::kDefine) at += 2;
      continue;
    }
    if (newline) {
      *out++ = '\n';
    } else if (any) {
      *out++ = ' ';
    }
    newline = false;
    any = true;
    out = put(out, cell);
  }
  // At a failure the separator is out already, at the end the last newline is.
  if (newline) {
    *out++ = '\n';
  } else if ((walk.undefined || walk.too_large) && any) {
    *out++ = ' ';
  }
  output_.bytes.resize(walk.size);
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
      output_.map.add(pending + printed_[cell].size, last);
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
    diagnostics_.report(kind("m1-output-too-large"), span, "the output grows over 1 GiB here");
    return;
  }
  output_.standard_error =
      fmt::format("{}:{} :Received invalid other; {}\n", source.name, item.line, cell.text);
  diagnostics_.report(kind("m1-undefined"), span, fmt::format("'{}' is not defined", cell.text));
}

Output Writer::run() {
  if (options_.want_warnings) examine_sources();
  prepare();
  const Walk walk = measure();
  write(walk);
  if (options_.want_map) map(walk);
  if (walk.undefined || walk.too_large) fail_at(walk.tokens, walk.too_large);
  return std::move(output_);
}

}  // namespace assay::m1
