// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/m1.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "M1/m1_diagnostics.h"
#include "M1/m1_evaluator.h"
#include "M1/m1_plain.h"
#include "M1/m1_scanner.h"
#include "M1/m1_writer.h"
#include "core/large_pages.h"

namespace assay::m1 {
namespace {

/// A token and the separators after it take about this many bytes in real sources.
constexpr std::size_t kUsualTokenBytes = 7;
/// Of so many bytes one spelling is new, or fewer.
constexpr std::size_t kUsualCellBytes = 64;

/// The first item that cannot be read, with its line.
Item bad_item(std::string_view text) {
  Scanner scanner(text);
  Item item = scanner.next();
  while (item.kind <= Item::Kind::string) item = scanner.next();
  return item;
}

constexpr bool is_quote(char c) { return c == '\'' || c == '"'; }

}  // namespace

/// Tokens that are numbered together.
struct Assembly::Batch {
  explicit Batch(std::string_view source) : text(source) {}

  void add(std::string_view spelling, bool newline) {
    spellings[count] = spelling;
    after_newline[count++] = newline ? 1 : 0;
  }
  [[nodiscard]] bool is_full() const { return count == spellings.size(); }
  [[nodiscard]] std::uint64_t offset(std::size_t i) const {
    return static_cast<std::uint64_t>(spellings[i].data() - text.data());
  }

  std::string_view text;
  std::size_t count = 0;
  std::array<std::string_view, NameTable::kMostAtOnce> spellings;
  std::array<std::uint8_t, NameTable::kMostAtOnce> after_newline;
};

void Assembly::prepare() {
  if (!cells_.empty()) return;
  cell_of_name_ = {kNewline, kDefine};
  names_.intern("\n");
  names_.intern("DEFINE");
  cells_.push_back({.text = "\n"});
  cells_.push_back({.text = "DEFINE"});
}

bool Assembly::add(const Source& source, DiagnosticSink& diagnostics) {
  prepare();
  const std::string_view text = as_text(source.bytes);
  const auto file = static_cast<std::uint32_t>(files_.size());
  files_.push_back({source, tokens_.size()});
  make_room(tokens_, text.size() / kUsualTokenBytes + 1);
  make_room(cells_, text.size() / kUsualCellBytes + 1);
  Batch batch(text);
  bool slow = !residue_.empty();
  Scanner scanner(text, slow ? 0 : add_plain(batch));
  bool newline = false;
  for (;;) {
    const Item item = scanner.next();
    switch (item.kind) {
      case Item::Kind::newline: newline = true; break;
      case Item::Kind::atom:
      case Item::Kind::string:
        slow = slow || item.text.find('\0') != std::string_view::npos;
        if (slow) {
          number(batch);
          if (newline) append_newline();
          tokens_.push_back(cell_with_nul(item.text, item.kind == Item::Kind::string, item.offset));
          if (tokens_.back() == kDefine) defines_.push_back(tokens_.size() - 1);
        } else {
          add(batch, item.text, newline);
        }
        newline = false;
        break;
      case Item::Kind::end:
        number(batch);
        append_newline();
        return true;
      case Item::Kind::long_atom:
        return fail(fmt::format("storing atom of size larger than max_string\n{}:{} :\n", source.name,
                                bad_item(text).line),
                    kind("m1-long-atom"), {file, item.offset, item.text.size()}, diagnostics);
      case Item::Kind::long_string:
        return fail(fmt::format("{}:{} :String: {} exceeds max string size\n", source.name,
                                bad_item(text).line, item.text.substr(0, item.text.find('\0'))),
                    kind("m1-long-string"), {file, item.offset, item.text.size()}, diagnostics);
      case Item::Kind::unterminated:
        return fail("Unmatched \"!\n", kind("m1-unterminated-string"), {file, item.offset, 1}, diagnostics);
    }
  }
}

std::size_t Assembly::add_plain(Batch& batch) {
  PlainScan scan(batch.text);
  while (scan.more()) {
    for (std::size_t i = 0; i < scan.size(); ++i) add(batch, scan.spelling(i), scan.after_newline(i));
  }
  return scan.rest();
}

void Assembly::add(Batch& batch, std::string_view spelling, bool after_newline) {
  batch.add(spelling, after_newline);
  if (batch.is_full()) number(batch);
}

void Assembly::append_newline() {
  if (!tokens_.empty() && tokens_.back() != kNewline) tokens_.push_back(kNewline);
}

void Assembly::number(Batch& batch) {
  if (batch.count == 0) return;
  std::array<std::uint32_t, NameTable::kMostAtOnce> numbers;
  const bool readable = NameTable::has_words(batch.text, batch.spellings[batch.count - 1]);
  names_.intern({batch.spellings.data(), batch.count}, readable, numbers.data());
  std::size_t at = tokens_.size();
  if (at == files_.back().first_token) batch.after_newline[0] = 0;  // nothing, or a newline is before it
  tokens_.resize(at + 2 * batch.count);
  for (std::size_t i = 0; i < batch.count; ++i) {
    const std::string_view spelling = batch.spellings[i];
    if (numbers[i] == cell_of_name_.size()) add_cell(spelling, is_quote(spelling[0]), batch.offset(i));
    const std::uint32_t cell = cell_of_name_[numbers[i]];
    tokens_[at] = kNewline;
    at += batch.after_newline[i];
    if (cell == kDefine) defines_.push_back(at);
    tokens_[at++] = cell;
  }
  tokens_.resize(at);
  batch.count = 0;
}

void Assembly::add_cell(std::string_view spelling, bool quoted, std::uint64_t offset) {
  cell_of_name_.push_back(static_cast<std::uint32_t>(cells_.size()));
  cells_.push_back({.text = spelling,
                    .file = static_cast<std::uint32_t>(files_.size() - 1),
                    .offset = offset,
                    .quoted = quoted});
}

std::uint32_t Assembly::cell_of(std::string_view spelling, bool quoted, std::uint64_t offset) {
  const std::uint32_t name = names_.intern(spelling);
  if (name == cell_of_name_.size()) add_cell(spelling, quoted, offset);
  return cell_of_name_[name];
}

// The real tool gathers a token in a buffer that it clears only up to the first NUL, and copies one
// byte more than the token has. So bytes behind a NUL stay and follow a later token that reaches them:
// all of them when spellings are compared, one of them in the copy. A copy that lacks some of the
// compared spelling is never found again.
std::uint32_t Assembly::cell_with_nul(std::string_view raw, bool quoted, std::uint64_t offset) {
  std::string buffer = std::move(residue_);
  buffer.resize(std::max(buffer.size(), raw.size()));
  std::copy(raw.begin(), raw.end(), buffer.begin());
  const std::size_t length = std::min(buffer.find('\0'), buffer.size());
  const std::string_view spelling =
      length <= raw.size() ? raw.substr(0, length) : arena_.store(std::string_view(buffer).substr(0, length));
  std::fill_n(buffer.begin(), length, '\0');
  buffer.resize(buffer.find_last_not_of('\0') + 1);
  residue_ = std::move(buffer);
  if (length <= raw.size() + 1) return cell_of(spelling, quoted, offset);
  if (const std::uint32_t name = names_.find(spelling); name != NameTable::kNone) return cell_of_name_[name];
  const auto cell = static_cast<std::uint32_t>(cells_.size());
  cells_.push_back({.text = spelling.substr(0, raw.size() + 1),
                    .file = static_cast<std::uint32_t>(files_.size() - 1),
                    .offset = offset,
                    .quoted = quoted});
  return cell;
}

bool Assembly::fail(std::string message, const DiagnosticKind& kind, Span span, DiagnosticSink& diagnostics) {
  std::string shown = message;
  while (!shown.empty() && shown.back() == '\n') shown.pop_back();
  std::replace(shown.begin(), shown.end(), '\n', ' ');
  diagnostics.report(kind, span, std::move(shown));
  failure_.status = 1;
  failure_.standard_error = std::move(message);
  return false;
}

Output Assembly::finish(const Options& options, DiagnosticSink& diagnostics) {
  prepare();
  if (tokens_.empty()) {
    fail("Either no input files were given or they were empty\n", kind("m1-no-tokens"), {}, diagnostics);
    return std::move(failure_);
  }
  Evaluator evaluator(*this, options, diagnostics);
  if (!evaluator.run()) return std::move(failure_);
  return Writer(*this, options, diagnostics).run();
}

Output assemble(std::span<const Source> sources, const Options& options, DiagnosticSink& diagnostics) {
  Assembly assembly;
  for (const Source& source : sources) {
    if (!assembly.add(source, diagnostics)) return assembly.failure();
  }
  return assembly.finish(options, diagnostics);
}

}  // namespace assay::m1
