// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/m1_evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "M1/m1_diagnostics.h"
#include "M1/m1_digits.h"

namespace assay::m1 {
namespace {

constexpr std::uint64_t kMostPadding = std::uint64_t{1} << 30;  ///< characters that can be allocated

bool contains(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

struct Field {
  unsigned bytes;
  std::int64_t lowest;
  std::int64_t highest;
  std::int64_t truly_lowest;  ///< what the field holds without being cut
  std::int64_t truly_highest;
};

Field field_of(char sigil) {
  switch (sigil) {
    case '!': return {1, -129, 256, -128, 255};
    case '@': return {2, -32769, 32768, -32768, 32767};
    case '$': return {2, -32769, 65536, -32768, 65535};
    case '~': return {3, -8388609, 8388608, -8388608, 8388607};
    default: return {4, INT64_MIN, INT64_MAX, INT64_MIN, INT64_MAX};
  }
}

}  // namespace

bool Evaluator::run() {
  if (!define()) return false;
  expand_strings();
  return expand_numbers() && expand_others();
}

bool Evaluator::define() {
  const LargeVector<std::uint32_t>& tokens = assembly_.tokens_;
  std::size_t next = 0;  // a DEFINE among the two words of another is none
  for (const std::size_t at : assembly_.defines_) {
    if (at < next) continue;
    if (at + 2 >= tokens.size()) {
      return fail("Macro value must exist\n", kind("m1-incomplete-define"), assembly_.cells_[tokens[at]]);
    }
    Cell& name = assembly_.cells_[tokens[at + 1]];
    const Cell& value = assembly_.cells_[tokens[at + 2]];
    next = at + 3;
    if (value.quoted && options_.dialect->is_1_4) continue;  // the definition is lost
    const std::string_view expansion = value.quoted ? value.text.substr(1) : value.text;
    if (options_.want_warnings) examine_define(name, value, expansion);
    set(name, expansion);
  }
  return true;
}

void Evaluator::examine_define(const Cell& name, const Cell& value, std::string_view expansion) {
  if (name.text == "\n" || value.text == "\n") {
    warn(kind("m1-define-newline"), name.text == "\n" ? value : name,
         "a DEFINE takes the end of its line for a word");
  } else if (name.state == Cell::State::text && name.expansion != expansion) {
    warn(kind("m1-redefinition"), name, fmt::format("'{}' is defined more than once", name.text));
  }
}

void Evaluator::expand_strings() {
  for (auto newest = assembly_.cells_.rbegin(); newest != assembly_.cells_.rend(); ++newest) {
    Cell& cell = *newest;
    if (!cell.quoted) continue;
    if (cell.text[0] == '\'') {
      set(cell, cell.text.substr(1));
    } else {
      expand_string(cell);
    }
  }
}

// The table of digits stands behind other texts in memory, and bytes from 0x80 on index it below its
// start. In every known build these are the bytes there; a NUL among them cuts the expansion off.
void Evaluator::expand_string(Cell& cell) {
  static constexpr std::string_view kHexBelow{" exist\n\0", 8};  // high digit 8 to F
  static constexpr std::string_view kOctalBelow{"\n\0", 2};      // first digit 2 and 3
  const std::string_view content = cell.text.substr(1);
  const Base base = options_.base;
  const unsigned group = digits_a_byte(base);
  const bool pads = options_.architecture == Architecture::knight && base == Base::hexadecimal;
  const std::size_t padded = pads ? (content.size() / 4 + 1) * 8 + content.size() + 1 : 0;
  char* const out = assembly_.arena_.allocate(std::max((group + 1) * (content.size() + 1), padded));
  std::size_t size = 0;
  bool cut = false;
  for (std::size_t i = 0; i <= content.size() && !cut; ++i) {
    const auto byte = static_cast<unsigned char>(i < content.size() ? content[i] : '\0');
    const std::size_t start = size;
    size += write_digits(out + size, byte, 1, base, true);
    if (byte >= 0x80) {
      switch (base) {
        case Base::hexadecimal: out[start] = kHexBelow[(byte >> 4) - 8]; break;
        case Base::octal: out[start] = kOctalBelow[(byte >> 6) - 2]; break;
        case Base::binary: out[start] = '\0'; break;
      }
      cut = out[start] == '\0';
      if (cut) size = start;
    }
    if (!cut) out[size++] = ' ';
  }
  if (!cut) {
    while (size < padded) out[size++] = '0';
  }
  set(cell, {out, size});
  if (options_.want_warnings && std::ranges::any_of(content, [](char c) { return (c & 0x80) != 0; })) {
    warn(kind("m1-high-byte-in-string"), cell, "bytes over 7F in a \"...\" string do not come out as digits");
  }
}

bool Evaluator::expand_numbers() {
  for (auto newest = assembly_.cells_.rbegin(); newest != assembly_.cells_.rend(); ++newest) {
    Cell& cell = *newest;
    if (cell.state != Cell::State::undefined || cell.text.empty() || cell.text[0] == '<') continue;
    if (!expand_number(cell)) return false;
  }
  return true;
}

bool Evaluator::expand_number(Cell& cell) {
  const MesccDialect& dialect = *options_.dialect;
  const bool knight = options_.architecture == Architecture::knight;
  std::string_view sigils = is_riscv(options_.architecture) ? "%~@!$" : "%~@!&$";
  if (dialect.is_1_4) sigils = knight ? "" : "%~@!";
  const char first = cell.text[0];
  if (contains(sigils, first)) {
    const std::string_view digits = cell.text.substr(1);
    const std::int64_t value = read_mescc_number(digits, dialect);
    if (value == 0 && !digits.starts_with('0')) {
      if (options_.want_warnings) examine_text(cell);
      return true;
    }
    if (options_.want_warnings && value == 0 && digits.find_first_not_of("0_xb") != std::string_view::npos) {
      warn(kind("m1-malformed-number"), cell, fmt::format("'{}' is malformed", cell.text));
    }
    return is_riscv(options_.architecture) ? expand_riscv_field(cell, value, first)
                                           : expand_field(cell, value, first);
  }
  if (!knight) return true;
  const std::int64_t value = read_mescc_number(cell.text, dialect);
  if (value == 0 && first != '0') return true;
  if (dialect.is_1_4) return expand_field(cell, value, '@');
  if (value > 65536) return true;
  return expand_field(cell, value, value > 32767 ? '$' : '@');
}

bool Evaluator::expand_field(Cell& cell, std::int64_t value, char sigil) {
  const Field field = field_of(sigil);
  if (!options_.dialect->is_1_4 && (value < field.lowest || value > field.highest)) {
    return fail(fmt::format("A displacement of {} does not fit in {} bytes\n", value, field.bytes),
                kind("m1-out-of-range"), cell);
  }
  if (options_.want_warnings && (value < field.truly_lowest || value > field.truly_highest)) {
    warn(kind("m1-slack-range"), cell, fmt::format("{} is cut to {} bytes", value, field.bytes));
  }
  std::array<char, kMostDigits> digits;
  // Octal digits of four bytes are 36 bits: the sign shows in them.
  const std::uint64_t mask =
      field.bytes == 4 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * field.bytes)) - 1;
  const unsigned count = write_digits(digits.data(), static_cast<std::uint64_t>(value) & mask, field.bytes,
                                      options_.base, options_.big_endian);
  set(cell, assembly_.arena_.store({digits.data(), count}));
  return true;
}

bool Evaluator::expand_riscv_field(Cell& cell, std::int64_t value, char sigil) {
  const auto bits = static_cast<std::uint64_t>(value);
  std::uint64_t word = 0;
  unsigned bytes = 4;
  bool dotted = true;
  switch (sigil) {
    case '!': word = (bits & 0xFFF) << 20; break;
    case '@': word = ((bits & 0x1F) << 7) | ((bits & 0xFE0) << 20); break;
    case '~': word = (bits & ~std::uint64_t{0xFFF}) + ((bits & 0xFFF) >= 0x800 ? 0x1000 : 0); break;
    case '$':
      word = bits & 0xFFFF;
      bytes = 2;
      dotted = false;
      break;
    default: word = bits; dotted = false;
  }
  if (options_.want_warnings) examine_riscv_field(cell, value, sigil);
  word = static_cast<std::uint64_t>(wrap_to_word(word, *options_.dialect));
  std::array<char, kMostDigits + 1> text;
  text[0] = '.';
  const unsigned start = dotted ? 1 : 0;
  const unsigned count = write_digits(text.data() + start, word, bytes, options_.base, options_.big_endian);
  set(cell, assembly_.arena_.store({text.data(), start + count}));
  return true;
}

/// "!n" holds twelve bits of any number where "~n" stands in the text too: lui and addi make the whole of it.
void Evaluator::examine_riscv_field(const Cell& cell, std::int64_t value, char sigil) {
  const std::int64_t limit = sigil == '$' ? 0x10000 : 0x1000;
  if (std::string_view("!@$").find(sigil) == std::string_view::npos || (value >= -limit / 2 && value < limit))
    return;
  const std::string_view digits = cell.text.substr(1);
  const bool has_upper = sigil == '!' && std::ranges::any_of(assembly_.cells_, [digits](const Cell& other) {
                           return other.text.starts_with('~') && other.text.substr(1) == digits;
                         });
  if (!has_upper)
    warn(kind("m1-field-cut"), cell, fmt::format("'{}': the field does not hold it", cell.text));
}

bool Evaluator::expand_others() {
  for (auto newest = assembly_.cells_.rbegin(); newest != assembly_.cells_.rend(); ++newest) {
    Cell& cell = *newest;
    if (cell.state != Cell::State::undefined || cell.text.empty()) continue;
    if (contains("!@$~%&:^", cell.text[0])) {
      set(cell, cell.text);
    } else if (cell.text[0] == '<' && !expand_padding(cell)) {
      return false;
    }
  }
  return true;
}

bool Evaluator::expand_padding(Cell& cell) {
  const std::int64_t bytes = read_mescc_number(cell.text.substr(1), *options_.dialect);
  if (bytes == 0) {
    set(cell, cell.text);
    return true;
  }
  if (bytes < 0) {
    return fail("negative null padding not possible\n", kind("m1-negative-padding"), cell);
  }
  const std::int64_t characters =
      wrap_to_word(static_cast<std::uint64_t>(bytes) * digits_a_byte(options_.base), *options_.dialect);
  const bool limited =
      options_.dialect->seeks_inputs && static_cast<std::uint64_t>(characters) >= kMostPadding;
  if (characters < 0 || limited) {
    return fail("Exhausted available memory\n", kind("m1-too-much-padding"), cell);
  }
  cell.state = Cell::State::zeros;
  cell.zeros = static_cast<std::uint64_t>(characters);
  return true;
}

void Evaluator::set(Cell& cell, std::string_view expansion) {
  cell.state = Cell::State::text;
  cell.expansion = expansion;
}

void Evaluator::examine_text(const Cell& cell) {
  const std::string_view text = cell.text;
  const std::size_t digit = text.size() > 1 && (text[1] == '-' || text[1] == '+') ? 2 : 1;
  if (digit < text.size() && text[digit] >= '0' && text[digit] <= '9') {
    warn(kind("m1-number-as-name"), cell, fmt::format("'{}' is taken for a reference", text));
  }
}

Span Evaluator::span(const Cell& cell) const {
  // Bytes behind a NUL can make a spelling longer than what stands in the source.
  const std::uint64_t left = assembly_.files_[cell.file].source.bytes.size() - cell.offset;
  return {cell.file, cell.offset, std::min<std::uint64_t>(cell.text.size() + (cell.quoted ? 1 : 0), left)};
}

void Evaluator::warn(const DiagnosticKind& kind, const Cell& cell, std::string message) {
  diagnostics_.report(kind, span(cell), std::move(message));
}

bool Evaluator::fail(std::string message, const DiagnosticKind& kind, const Cell& cell) {
  return assembly_.fail(std::move(message), kind, span(cell), diagnostics_);
}

}  // namespace assay::m1
