// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// mes's reader, which is no reader of R5RS: what it does with odd texts is what the real one does.
#include <fmt/format.h>

#include <array>

#include "mes/diagnostics.h"
#include "mes/reader.h"
#include "mes/vm.h"

namespace assay::mes {
namespace {

constexpr int kEnd = -1;

bool is_digit(int c) { return c >= '0' && c <= '9'; }
bool is_space(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_octal(int c) { return c >= '0' && c <= '7'; }
bool is_hex(int c) { return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }
bool is_identifier(int c) { return c > ' ' && c <= '~' && c != '"' && c != ';' && c != '(' && c != ')'; }
bool ends_word(int c) { return c == '"' || c == ';' || c == '(' || c == ')' || is_space(c) || c == kEnd; }
/// What may be part of the name of a character.
bool is_name_part(int c) { return (c >= 'a' && c <= 'z') || c == '*'; }

constexpr std::array<std::pair<std::string_view, int>, 20> kCharacterNames = {{
    {"*eof*", -1},    {"nul", 0},      {"alarm", 7}, {"backspace", 8}, {"tab", 9},
    {"linefeed", 10}, {"newline", 10}, {"vtab", 11}, {"page", 12},     {"return", 13},
    {"esc", 27},      {"space", 32},   {"bel", 7},   {"bs", 8},        {"ht", 9},
    {"nl", 10},       {"vt", 11},      {"np", 12},   {"cr", 13},       {"fs", 28},
}};

std::int64_t digit_value(int c) { return is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10; }

}  // namespace

Value Reader::read(int c) {
  const Vm::Depth depth(vm_);
  while (true) {
    switch (c) {
      case kEnd:
      case ')': return kNil;
      case ';': skip_line(c), c = '\n'; continue;
      case ' ':
      case '\t':
      case '\n':
      case '\f': c = vm_.read_char(); continue;
      case '(': return read_list();
      case '#': return read_hash(vm_.read_char());
      case '`': return read_prefixed(vm_.known.quasiquote);
      case '\'': return read_prefixed(vm_.known.quote);
      case ',':
        if (vm_.peek_char() != '@') return read_prefixed(vm_.known.unquote);
        vm_.read_char();
        return read_prefixed(vm_.known.unquote_splicing);
      case '"': return read_string();
      case '.':
        if (!is_identifier(vm_.peek_char())) return Value(Special::dot);
        return read_word(c);
      default: return read_word(c);
    }
  }
}

Value Reader::read_prefixed(Value name) {
  const Value form = read(vm_.read_char());
  return vm_.heap.cons(name, vm_.heap.cons(form, kNil));
}

void Reader::skip_line(int c) {
  while (c != '\n') {
    if (c == kEnd) vm_.error(vm_.known.system_error, vm_.heap.make_string("reader_read_line_comment"));
    c = vm_.read_char();
  }
}

void Reader::skip_block(int mark) {
  // The real one calls itself for every character, for ever if the text ends.
  while (true) {
    const int c = vm_.read_char();
    if (c == mark && vm_.peek_char() == '#') {
      vm_.read_char();
      return;
    }
    if (c == kEnd) vm_.stop(kBadForm, "a block comment that does not end");
  }
}

int Reader::skip_space(int c) {
  while (true) {
    while (is_space(c)) c = vm_.read_char();
    if (c == ';') {
      skip_line(c);
      c = '\n';
      continue;
    }
    if (c != '#') return c;
    const int next = vm_.peek_char();
    if (next != '!' && next != '|') return c;
    vm_.read_char();
    skip_block(next);
    c = vm_.read_char();
  }
}

Value Reader::read_list() {
  Value first = kNil;
  Value last = kNil;
  while (true) {
    const int c = skip_space(vm_.read_char());
    if (c == ')') return first;
    if (c == kEnd) vm_.error(vm_.known.not_a_pair, vm_.heap.make_string("EOF in list"));
    const Value form = read(c);
    if (form == Value(Special::dot)) {
      // The rest is read as a list of its own, of which mes takes the first.
      const Value rest = read_list();
      if (!rest.is_pair()) vm_.stop(kBadForm, "nothing stands behind the dot of a list");
      if (last == kNil) return car(rest);
      set_cdr(last, car(rest));
      return first;
    }
    const Value pair = vm_.heap.cons(form, kNil);
    if (last == kNil) {
      first = pair;
    } else {
      set_cdr(last, pair);
    }
    last = pair;
  }
}

Value Reader::read_hash(int c) {
  switch (c) {
    case '!':
    case '|': skip_block(c); return read(vm_.read_char());
    case 'f': return kFalse;
    case 't': return kTrue;
    case ',':
      if (vm_.peek_char() != '@') return read_prefixed(vm_.known.unsyntax);
      vm_.read_char();
      return read_prefixed(vm_.known.unsyntax_splicing);
    case '\'': return read_prefixed(vm_.known.syntax);
    case '`': return read_prefixed(vm_.known.quasisyntax);
    case ':': {
      const Value name = read_word(vm_.read_char());
      if (vm_.is_number(name)) {
        vm_.error(vm_.known.system_error,
                  vm_.heap.cons(vm_.heap.make_string("keyword perifx ':' not followed by a symbol: "), name));
      }
      return make_keyword(name);
    }
    case 'b': return read_digits(1);
    case 'o': return read_digits(3);
    case 'x': return read_digits(4);
    case '\\': return read_character();
    case '(': return list_to_vector(vm_, read_list());
    case ';': read(vm_.read_char()); return read(vm_.read_char());
    default: return read(vm_.read_char());
  }
}

Value Reader::make_keyword(Value name) {
  const Value keyword = vm_.heap.make(Kind::keyword, 1);
  set_slot(keyword, 0,
           is(name, Kind::symbol) ? slot(name, kSymbolName) : vm_.heap.make_string(name_of(name.special())));
  return keyword;
}

Value Reader::read_digits(unsigned shift) {
  const bool negative = vm_.peek_char() == '-';
  if (negative) vm_.read_char();
  std::uint64_t value = 0;
  while (true) {
    const int c = vm_.peek_char();
    const bool fits = shift == 4 ? is_hex(c) : shift == 3 ? is_octal(c) : c == '0' || c == '1';
    if (!fits) break;
    value = (value << shift) + static_cast<std::uint64_t>(digit_value(c));
    vm_.read_char();
  }
  return vm_.number(static_cast<std::int64_t>(negative ? 0 - value : value));
}

Value Reader::read_character() {
  int c = vm_.read_char();
  int next = vm_.peek_char();
  if (is_octal(c) && is_octal(next)) {
    std::uint32_t code = static_cast<std::uint32_t>(c - '0');
    for (; is_octal(next); next = vm_.peek_char())
      code = (code << 3) + static_cast<std::uint32_t>(vm_.read_char() - '0');
    c = static_cast<std::int32_t>(code);
  } else if (c == 'x' && (is_digit(next) || (next >= 'a' && next <= 'f') || next == 'F')) {
    c = static_cast<std::int32_t>(Vm::number_of(read_digits(4)));
    vm_.print_error(fmt::format("reading hex c={}\n", c));
  } else if (is_name_part(c) && is_name_part(next)) {
    std::string name(1, static_cast<char>(c));
    for (; is_name_part(next); next = vm_.peek_char()) {
      name += static_cast<char>(vm_.read_char());
      if (name.size() > vm_.most_string) vm_.stop(kBadForm, "the name of a character is too long");
    }
    const auto* const row = std::find_if(kCharacterNames.begin(), kCharacterNames.end(),
                                         [&](const auto& one) { return one.first == name; });
    if (row == kCharacterNames.end()) {
      vm_.print_error(fmt::format("char not supported: {}\n", name));
      vm_.error(vm_.known.system_error, vm_.heap.make_string("char not supported"));
    }
    c = row->second;
  }
  return Value::character(c);
}

Value Reader::read_string() {
  std::string text;
  while (true) {
    if (text.size() > vm_.most_string) check_string_length(vm_, text.size(), "reader_read_string", text);
    int c = vm_.read_char();
    if (c == '"') return vm_.heap.make_string(text);
    if (c == kEnd) vm_.stop(kBadForm, "a string that does not end");
    if (c == '\\') {
      c = vm_.read_char();
      switch (c) {
        case '0': c = 0; break;
        case 'a': c = 7; break;
        case 'b': c = 8; break;
        case 't': c = 9; break;
        case 'n': c = 10; break;
        case 'v': c = 11; break;
        case 'f': c = 12; break;
        case 'r': c = 13; break;
        case 'e': c = 27; break;
        case 'x': c = static_cast<int>(Vm::number_of(read_digits(4))); break;
        case kEnd: vm_.stop(kBadForm, "a string that does not end");
        default: break;
      }
    }
    text += static_cast<char>(c);
  }
}

Value Reader::read_word(int c) {
  std::string word;
  std::uint64_t value = 0;
  bool negative = false;
  if ((c == '+' || c == '-') && is_digit(vm_.peek_char())) {
    negative = c == '-';
    c = vm_.read_char();
  }
  for (; is_digit(c); c = vm_.read_char()) {
    word += static_cast<char>(c);
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (ends_word(c)) {  // a word of no characters at all is the number 0
    vm_.unread_char(c);
    return vm_.number(static_cast<std::int64_t>(negative ? 0 - value : value));
  }
  for (; !ends_word(c); c = vm_.read_char()) {  // "4a" is a name, and so is "+1b", which loses its sign
    word += static_cast<char>(c);
    if (word.size() > vm_.most_string) vm_.stop(kBadForm, "a name that is longer than mes's buffer");
  }
  vm_.unread_char(c);
  return vm_.intern(word);
}

Value Vm::read_form(int character) { return Reader(*this).read(character); }

Value Vm::read_all() {
  Value first = kNil;
  Value last = kNil;
  while (true) {
    const Value form = read_form(read_char());
    if (form == kNil) return first;  // also where a text has "()" or ")" by itself
    const Value pair = heap.cons(form, kNil);
    if (last == kNil) {
      first = pair;
    } else {
      set_cdr(last, pair);
    }
    last = pair;
  }
}

}  // namespace assay::mes
