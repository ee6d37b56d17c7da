// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The real M0 makes a list of all tokens, takes the DEFINEs out, replaces macro names behind each
// DEFINE, converts strings and numbers, and prints. As a definition affects later tokens only and
// the nearest one before a token wins, one walk with a table of the macros so far does the same.
#include "M1/m0.h"

#include <fmt/format.h>

#include "M1/m0_numbers.h"
#include "M1/m0_scanner.h"
#include "command/nearest_word.h"
#include "core/name_table.h"

namespace assay::m0 {
namespace {

constexpr int kStatusUnknownSigil = 1;

class Assembler {
 public:
  Assembler(const JoinedSources& sources, const Options& options, DiagnosticSink& diagnostics)
      : dialect_(*options.dialect),
        map_(options.want_map),
        reporter_(sources, diagnostics, options.want_warnings),
        scanner_(sources.text(), dialect_, reporter_) {
    output_.bytes.reserve(sources.text().size());
  }

  Output run() {
    Token token;
    bool any = false;
    while (scanner_.next(token)) {
      any = true;
      after_define_ = token.text == "DEFINE";
      if (after_define_) {
        if (!define(token)) break;
      } else {
        print(token);
      }
    }
    finish(any, token);
    return std::move(output_);
  }

 private:
  struct Macro {
    std::string_view value;
    Place name;
  };

  bool define(const Token& keyword) {
    Token name;
    Token value;
    if (!scanner_.next(name) || !scanner_.next(value)) {
      if (scanner_.ending() != Ending::exits) return false;
      crash(kind("m0-incomplete-define"), keyword.place, "DEFINE without a name and a value");
      return false;
    }
    std::string_view text = value.text;
    if (dialect_.define_drops_quote && value.quoted) text.remove_prefix(1);
    const std::uint32_t number = names_.intern(name.text);
    const bool known = number < macros_.size();
    if (reporter_.strict()) examine_define(name, value, text, known ? &macros_[number] : nullptr);
    if (known) {
      macros_[number] = {text, name.place};
    } else {
      macros_.push_back({text, name.place});
    }
    return true;
  }

  void examine_define(const Token& name, const Token& value, std::string_view text, const Macro* earlier) {
    if (name.quoted) {
      reporter_.report(kind("m0-quoted-name"), name.place, "a quoted name is never found");
    } else if (earlier != nullptr) {
      if (earlier->value != text) {
        reporter_.report(kind("m0-redefinition"), name.place, fmt::format("'{}' is defined again", name.text),
                         earlier->name, "first defined here");
      }
    } else if (const std::uint32_t use = printed_names_.find(name.text); use != NameTable::kNone) {
      reporter_.report(kind("m0-define-after-use"), first_prints_[use],
                       fmt::format("'{}' is used before its definition", name.text), name.place,
                       "defined here");
    }
    if (value.quoted && !dialect_.define_drops_quote) {
      reporter_.report(kind("m0-define-verbatim"), value.place,
                       fmt::format("the value keeps its opening quote: {}", value.text));
    } else if (!value.quoted && names_.find(text) < macros_.size()) {
      reporter_.report(kind("m0-define-verbatim"), value.place,
                       fmt::format("'{}' is a macro itself and will not be replaced", text));
    } else if (!value.quoted && !text.empty() &&
               std::string_view("!@%~").find(text[0]) != std::string_view::npos &&
               read_number(text, dialect_).is_number) {
      reporter_.report(kind("m0-define-verbatim"), value.place,
                       fmt::format("'{}' will not be turned into a number", text));
    }
  }

  void print(const Token& token) {
    const std::size_t before = output_.bytes.size();
    if (token.quoted) {
      print_string(token.text);
    } else if (const std::uint32_t macro = names_.find(token.text); macro != NameTable::kNone) {
      append(macros_[macro].value);
    } else {
      print_atom(token);
    }
    output_.bytes.push_back('\n');
    if (map_) output_.map.add(output_.bytes.size() - before, reporter_.span(token.place));
  }

  void print_string(std::string_view text) {
    const std::string_view content = text.substr(1);
    if (text[0] == '\'') return append(content);
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    for (const char c : content) {
      const auto byte = static_cast<unsigned char>(c);
      output_.bytes.push_back(static_cast<Byte>(kDigits[byte >> 4]));
      output_.bytes.push_back(static_cast<Byte>(kDigits[byte & 15]));
    }
    const std::size_t padding = dialect_.string_padding - content.size() % dialect_.string_padding;
    output_.bytes.insert(output_.bytes.end(), 2 * padding, '0');
  }

  void print_atom(const Token& token) {
    if (reporter_.strict() && printed_names_.intern(token.text) == first_prints_.size()) {
      first_prints_.push_back(token.place);
    }
    if (token.text.empty()) return;
    const Number number = read_number(token.text, dialect_);
    if (!number.is_number) {
      if (reporter_.strict()) examine_name(token);
      return append(token.text);
    }
    if (token.text[0] == '~') upper_ = number.value;
    const std::optional<PrintedNumber> printed = print_number(token.text[0], number.value, dialect_);
    if (!printed) {
      unknown_sigil_ = true;
      reporter_.report(kind("m0-unknown-sigil"), token.place,
                       fmt::format("'{}' is a number without a field", token.text));
      return;
    }
    append({printed->text, printed->length});
    if (reporter_.strict()) examine_number(token, number, *printed);
  }

  void examine_number(const Token& token, const Number& number, const PrintedNumber& printed) {
    const std::string_view text = token.text;
    const std::string_view result(printed.text, printed.length);
    const auto say = [&](const DiagnosticKind& which, std::string_view why) {
      reporter_.report(which, token.place, fmt::format("'{}' assembles as {}{}", text, result, why));
    };
    const bool arm = dialect_.numbers == NumberStyle::arm_bytes;
    if (arm || dialect_.numbers == NumberStyle::bytes) {
      if (text.find_first_not_of("0123456789ABCDEFabcdef") == std::string_view::npos) {
        say(kind("m0-unquoted-hex"), "");
      } else if (text[0] == ':') {
        say(kind("m0-label-as-number"), ": the label is lost");
      } else if (text[0] != '!' && text[0] != '@' && text[0] != '%' && !(arm && text[0] == '~')) {
        say(kind("m0-odd-sigil"), ", one byte");
      }
    }
    if (number.malformed) {
      say(kind("m0-malformed-number"), ": it has a character that is no digit, or no digits");
    } else if (number.odd_digit) {
      say(kind("m0-odd-digit"), "");
    } else if (number.wraps) {
      reporter_.report(kind("m0-number-wraps"), token.place,
                       fmt::format("'{}' does not fit {} bits", text, dialect_.word_bits));
    } else if (!fits(number, printed.field_bits, dialect_) && !is_lower_part(text[0], number)) {
      say(kind("m0-out-of-range"), fmt::format(": {} bits do not hold it", printed.field_bits));
    }
  }

  /// "!n" after "~n" of the same number: lui and addi make the whole of it.
  [[nodiscard]] bool is_lower_part(char sigil, const Number& number) const {
    return dialect_.numbers == NumberStyle::riscv_fields && sigil == '!' && upper_ == number.value;
  }

  // What a person would read as a number, printed as it stands: hex2 will take it for a reference.
  void examine_name(const Token& token) {
    const std::string_view text = token.text;
    if (dialect_.numbers == NumberStyle::whole_token) return;
    if (text.size() < 2 || std::string_view("!@%~$&").find(text[0]) == std::string_view::npos) return;
    const std::size_t digit = text[1] == '-' || text[1] == '+' ? 2 : 1;
    if (digit >= text.size() || text[digit] < '0' || text[digit] > '9') return;
    reporter_.report(kind("m0-number-as-name"), token.place,
                     fmt::format("'{}' is taken for a reference", text));
  }

  /// Words that are no number, reference or label, and that nothing defines: each once.
  void examine_undefined() {
    std::vector<std::string_view> macros;
    for (std::uint32_t number = 0; number < printed_names_.size(); ++number) {
      const std::string_view word = printed_names_[number];
      const bool too_long = dialect_.longest_atom != 0 && word.size() > dialect_.longest_atom;  // told
      if (word.empty() || too_long ||
          std::string_view(":!@%~$&^<>?.").find(word[0]) != std::string_view::npos)
        continue;
      if (names_.find(word) != NameTable::kNone || read_number(word, dialect_).is_number) continue;
      if (macros.empty()) {
        for (std::uint32_t macro = 0; macro < names_.size(); ++macro) macros.push_back(names_[macro]);
      }
      reporter_.report(kind("m0-undefined-word"), first_prints_[number],
                       fmt::format("nothing defines '{}'{}", word, near_miss(word, macros)));
    }
  }

  void finish(bool any, const Token& last) {
    if (reporter_.strict()) examine_undefined();
    if (!crashed_ && scanner_.ending() == Ending::exits) {
      if (!any) crash(kind("m0-no-tokens"), {}, "the input has no tokens");
      if (any && after_define_) crash(kind("m0-trailing-define"), last.place, "no token follows this DEFINE");
    }
    output_.ending = scanner_.ending();
    if (output_.ending == Ending::exits && crashed_) output_.ending = Ending::crashes;
    if (output_.ending == Ending::exits && unknown_sigil_) output_.status = kStatusUnknownSigil;
    if (output_.ending == Ending::undefined && !crashed_ && !unknown_sigil_) return;
    if (!output_.succeeded()) {
      output_.bytes.clear();
      output_.map = {};
    }
  }

  void crash(const DiagnosticKind& which, Place place, std::string message) {
    crashed_ = true;
    reporter_.report(which, place, std::move(message));
  }

  void append(std::string_view text) { output_.bytes.insert(output_.bytes.end(), text.begin(), text.end()); }

  const Dialect& dialect_;
  bool map_;
  Reporter reporter_;
  Scanner scanner_;
  Output output_;
  NameTable names_;
  std::vector<Macro> macros_;  ///< by number of the name
  // What was printed as it stands, for the warning about a DEFINE that comes too late.
  NameTable printed_names_;
  std::vector<Place> first_prints_;
  std::optional<std::uint64_t> upper_;  ///< the last number for a field of upper bits
  bool after_define_ = false;
  bool crashed_ = false;
  bool unknown_sigil_ = false;
};

}  // namespace

Output assemble(std::span<const Source> sources, const Options& options, DiagnosticSink& diagnostics) {
  const JoinedSources joined(sources);
  return Assembler(joined, options, diagnostics).run();
}

}  // namespace assay::m0
