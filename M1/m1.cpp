// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/m1.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "M1/m1_diagnostics.h"
#include "M1/m1_evaluator.h"
#include "M1/m1_scanner.h"
#include "M1/m1_writer.h"
#include "core/large_pages.h"

namespace assay::m1 {
namespace {

/// A token and the separators after it take about this many bytes in real sources.
constexpr std::size_t kUsualTokenBytes = 7;

/// Stands for a token that waits in a batch.
constexpr std::uint32_t kUnnumbered = 0xFFFFFFFF;

/// The first NUL from `from` on; if there is none in a piece that reaches at least up to `least`, its end.
std::size_t clean_until(std::string_view text, std::size_t from, std::size_t least) {
  constexpr std::size_t kPiece = 65536;
  const std::size_t end = std::min(text.size(), std::max(least, from + kPiece));
  const std::size_t nul = text.substr(0, end).find('\0', from);
  return nul == std::string_view::npos ? end : nul;
}

constexpr bool is_quote(char c) { return c == '\'' || c == '"'; }

}  // namespace

/// Tokens that are numbered together.
struct Assembly::Batch {
  explicit Batch(std::string_view source) : text(source) {}

  void add(std::string_view spelling, std::size_t place) {
    spellings[count] = spelling;
    places[count++] = place;
  }
  [[nodiscard]] bool is_full() const { return count == spellings.size(); }
  [[nodiscard]] std::uint64_t offset(std::size_t i) const {
    return static_cast<std::uint64_t>(spellings[i].data() - text.data());
  }

  std::string_view text;
  std::size_t count = 0;
  std::array<std::string_view, NameTable::kMostAtOnce> spellings;
  std::array<std::size_t, NameTable::kMostAtOnce> places;  ///< in tokens_
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
  reserve_large(tokens_, tokens_.size() + text.size() / kUsualTokenBytes + 1);
  Scanner scanner(text);
  // Up to the first NUL of all files tokens are numbered in batches; it is looked for a piece ahead.
  std::size_t clean = 0;
  bool slow = !residue_.empty();
  Batch batch(text);
  for (;;) {
    const Item item = scanner.next();
    switch (item.kind) {
      case Item::Kind::newline: append_newline(); break;
      case Item::Kind::atom:
      case Item::Kind::string: {
        const bool quoted = item.kind == Item::Kind::string;
        if (const std::size_t end = item.offset + item.text.size(); !slow && end > clean) {
          clean = clean_until(text, clean, end);
          slow = end > clean;
          if (slow) number(batch);
        }
        if (slow) {
          tokens_.push_back(cell_with_nul(item.text, quoted, item.offset));
          if (tokens_.back() == kDefine) defines_.push_back(tokens_.size() - 1);
          break;
        }
        batch.add(item.text, tokens_.size());
        tokens_.push_back(kUnnumbered);
        if (batch.is_full()) number(batch);
        break;
      }
      case Item::Kind::end: number(batch); return true;
      case Item::Kind::long_atom:
        return fail(
            fmt::format("storing atom of size larger than max_string\n{}:{} :\n", source.name, item.line),
            kind("m1-long-atom"), {file, item.offset, item.text.size()}, diagnostics);
      case Item::Kind::long_string:
        return fail(fmt::format("{}:{} :String: {} exceeds max string size\n", source.name, item.line,
                                item.text.substr(0, item.text.find('\0'))),
                    kind("m1-long-string"), {file, item.offset, item.text.size()}, diagnostics);
      case Item::Kind::unterminated:
        return fail("Unmatched \"!\n", kind("m1-unterminated-string"), {file, item.offset, 1}, diagnostics);
    }
  }
}

void Assembly::append_newline() {
  if (!tokens_.empty() && tokens_.back() != kNewline) tokens_.push_back(kNewline);
}

void Assembly::number(Batch& batch) {
  std::array<std::uint32_t, NameTable::kMostAtOnce> numbers;
  names_.intern({batch.spellings.data(), batch.count}, numbers.data());
  for (std::size_t i = 0; i < batch.count; ++i) {
    const std::string_view spelling = batch.spellings[i];
    if (numbers[i] == cell_of_name_.size()) add_cell(spelling, is_quote(spelling[0]), batch.offset(i));
    const std::uint32_t cell = cell_of_name_[numbers[i]];
    tokens_[batch.places[i]] = cell;
    if (cell == kDefine) defines_.push_back(batch.places[i]);
  }
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
  Assembly assembly(*options.dialect);
  for (const Source& source : sources) {
    if (!assembly.add(source, diagnostics)) return assembly.failure();
  }
  return assembly.finish(options, diagnostics);
}

}  // namespace assay::m1
