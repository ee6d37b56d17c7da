// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two passes over the text with the same table of actions. The first one defines labels; the second
// one emits. In the second one a reference is looked up where it stands, so bytes before a failing
// reference are written.
#include "hex2/hex2.h"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

#include "command/nearest_word.h"
#include "hex0/critic.h"
#include "hex0/scanner.h"
#include "hex1/emitter.h"
#include "hex2/diagnostics.h"
#include "hex2/symbols.h"

namespace assay::hex2 {
namespace {

constexpr Byte kEndMarker = 0xFC;
constexpr unsigned kMaskBytes = 4;
constexpr std::size_t kShownName = 60;

enum Action : Byte {
  last_digit = 15,  // smaller ones are the digit's value
  skip,
  comment,
  define,
  end_of_text,
  caret,
  pad,
  mask,
  reference,  // this and larger ones: index into Dialect::references
};

std::array<Byte, 256> actions_of(const Dialect& dialect) {
  std::array<Byte, 256> actions{};
  for (std::size_t byte = 0; byte < actions.size(); ++byte) {
    const Byte digit = hex0::kDigitValues[byte];
    actions[byte] = digit != hex0::kNoDigit ? digit : Byte{Action::skip};
  }
  actions['#'] = actions[';'] = Action::comment;
  actions[':'] = Action::define;
  if (dialect.fc_is_end) actions[kEndMarker] = Action::end_of_text;
  if (dialect.backtick_is_nine) actions['`'] = 9;
  if (dialect.caret != Caret::ignored) actions['^'] = Action::caret;
  if (dialect.pads) actions['<'] = Action::pad;
  if (dialect.instruction_words) actions['.'] = Action::mask;
  for (std::size_t i = 0; i < dialect.references.size(); ++i) {
    const char sigil = dialect.references[i].sigil;
    if (sigil != 0) actions[static_cast<Byte>(sigil)] = static_cast<Byte>(Action::reference + i);
  }
  return actions;
}

std::string shown(std::string_view name) {
  std::string text;
  for (const char c : name.substr(0, kShownName)) {
    text += c >= ' ' && c <= '~' ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<Byte>(c));
  }
  return fmt::format("'{}{}'", text, name.size() > kShownName ? "..." : "");
}

unsigned padding(std::int64_t address) { return static_cast<unsigned>(-address & 3); }

class Assembler {
 public:
  Assembler(ByteView text, const Options& options, DiagnosticSink& sink)
      : text_(text),
        dialect_(*options.dialect),
        sink_(sink),
        actions_(actions_of(dialect_)),
        reader_(dialect_),
        labels_(dialect_.heap),
        return_ends_(dialect_.comment_end == hex0::CommentEnd::line_feed_or_carriage_return),
        critic_(text, kTextKinds, return_ends_, options.want_warnings, sink),
        emitter_(output_, options.want_map) {
    output_.base_address = dialect_.base_address;
  }

  Output run(bool rewinds) {
    if (!find_labels()) return std::move(output_);
    if (rewinds) {
      emit();
    } else {
      critic_.warn(kind(Kind::no_rewind), {}, "the input cannot be read twice: the output is empty");
    }
    return std::move(output_);
  }

 private:
  // ---- pass 1 ----

  /// False if the tool never leaves the first pass.
  bool find_labels() {
    auto address = static_cast<std::int64_t>(dialect_.base_address);
    bool half = false;
    unsigned mask_left = 0;
    for (std::size_t at = 0; at < text_.size();) {
      const Byte action = actions_[text_[at]];
      if (action <= Action::last_digit) {
        if (mask_left > 0) {
          if (half) --mask_left;
        } else if (half == (dialect_.counted_at == hex1::CountedAt::second_digit)) {
          ++address;
        }
        half = !half;
        ++at;
      } else if (action == Action::comment) {
        const std::size_t end = hex0::find_comment_end(text_, at, return_ends_);
        if (end == text_.size() && !comment_may_end(at)) return false;
        at = end + 1;
      } else if (action <= Action::skip || action == Action::caret || mask_left > 0) {
        ++at;
      } else if (action == Action::define) {
        const Token token = reader_.read(text_, at + 1);
        if (token.open && !token_may_end(token, dialect_.open_definition)) return false;
        define_label(at, token, address, half);
        at = token.next;
      } else if (action == Action::pad) {
        address += padding(address);
        ++at;
      } else if (action == Action::mask) {
        mask_left = kMaskBytes;
        ++at;
      } else if (action == Action::end_of_text) {
        break;
      } else {
        const hex1::Reference& reference = dialect_.references[action - Action::reference];
        address += reference.size;
        const std::size_t next = skip_reference(reference, at);
        if (next == 0) return false;
        at = next;
      }
    }
    return true;
  }

  /// The offset after the reference at `at`; 0 if the tool does not survive it.
  std::size_t skip_reference(const hex1::Reference& reference, std::size_t at) {
    Token token = reader_.read(text_, at + 1);
    check_length(token);
    if (token.greater && !hex1::is_field(reference.form)) {
      token = reader_.read(text_, token.next);
      check_length(token);
    }
    return token.open && !token_may_end(token, dialect_.open_reference) ? 0 : token.next;
  }

  /// A long name overruns the buffer that lies before the labels. Where that is fatal, the tool crashes when
  /// it next looks for a label, in the second pass.
  void check_length(const Token& token) {
    const std::size_t length = token.text.size();
    if (length <= std::min(kPortableToken, dialect_.longest_reference)) return;
    const bool survives = length <= dialect_.longest_reference;
    overrun_ = overrun_ || !survives;
    output_.ending = Ending::undefined;
    sink_.report(kind(Kind::long_token), {0, token.start - 1, length + 1},
                 fmt::format("reference of {} bytes overruns the buffer of the {} tool", length,
                             survives ? "AMD64" : dialect_.name));
  }

  bool comment_may_end(std::size_t at) {
    const Span span{0, at, text_.size() - at};
    if (dialect_.open_comment == hex0::OpenComment::exits) {
      critic_.warn(kind(Kind::comment_at_end), span, "text ends inside a comment");
      return true;
    }
    if (output_.ending == Ending::exits) output_.ending = Ending::hangs;
    sink_.report(
        kind(Kind::endless_comment), span,
        fmt::format("text ends inside a comment: the {} tool waits for its end for ever", dialect_.name));
    return false;
  }

  bool token_may_end(const Token& token, OpenToken rule) {
    const Span span{0, token.start - 1, token.text.size() + 1};
    if (rule == OpenToken::ends_token) {
      critic_.warn(kind(Kind::token_at_end), span, "text ends inside a name");
      return true;
    }
    const bool hangs = rule == OpenToken::hangs;
    if (output_.ending == Ending::exits) output_.ending = hangs ? Ending::hangs : Ending::crashes;
    output_.status = rule == OpenToken::aborts ? 1 : 0;
    sink_.report(kind(hangs ? Kind::endless_token : Kind::open_token), span,
                 fmt::format("text ends inside a name: the {} tool {}", dialect_.name,
                             hangs ? "waits for its end for ever" : "reads on until it crashes"));
    return false;
  }

  void define_label(std::size_t at, const Token& token, std::int64_t address, bool half) {
    const Span span{0, at, token.end() - at};
    const bool overflowed = labels_.overflows();
    const std::optional<Label> previous = labels_.define(token.name(), {address, span});
    if (!overflowed && labels_.overflows()) {
      output_.ending = Ending::undefined;
      sink_.report(kind(Kind::label_heap), span,
                   fmt::format("labels take more than the {} bytes that the {} tool has for them",
                               dialect_.heap.bytes, dialect_.name));
    }
    if (!critic_.active()) return;
    check_name(token, span);
    if (previous) {
      critic_.warn(kind(Kind::duplicate_label), span,
                   fmt::format("label {} is defined again", shown(token.text)),
                   {{previous->span, "previous definition"}});
    }
    if (half) {
      critic_.warn(kind(Kind::label_inside_byte), span,
                   fmt::format("label {} is between the two digits of a byte", shown(token.text)));
    }
    if (token.greater) {
      critic_.warn(kind(Kind::greater_after_label), {0, token.end(), 1}, "'>' ends the name of a definition");
    }
  }

  void check_name(const Token& token, Span span) {
    const std::string_view text = token.text;
    const auto has = [text](std::string_view characters) {
      return text.find_first_of(characters) != std::string_view::npos;
    };
    if (text.empty()) critic_.warn(kind(Kind::empty_name), span, "the name is empty");
    if (has(std::string_view("\0", 1))) {
      critic_.warn(kind(Kind::nul_in_name), span, fmt::format("zero byte in the name {}", shown(text)));
    }
    if (has("\r")) {
      critic_.warn(kind(Kind::carriage_return_in_name), span,
                   fmt::format("carriage return is part of the name {}", shown(text)));
    }
    if (has("#;")) {
      critic_.warn(kind(Kind::comment_in_name), span,
                   fmt::format("the comment character is part of the name {}", shown(text)));
    }
    if (has(":!@$~%&^")) {
      critic_.warn(kind(Kind::sigil_in_name), span,
                   fmt::format("a sigil is part of the name {}", shown(text)));
    }
  }

  // ---- pass 2 ----

  void emit() {
    hex1::Pairing pairing;
    Mask mask;
    const bool caret_lasts = dialect_.caret == Caret::counts_words;
    bool divide = false;
    for (std::size_t at = 0; at < text_.size();) {
      const Byte action = actions_[text_[at]];
      if (!caret_lasts && divide && action < Action::reference && action != Action::caret)
        warn_lost_caret(at - 1);
      const bool divided = std::exchange(divide, caret_lasts && divide);
      if (action <= Action::last_digit) {
        if (text_[at] == '`') critic_.warn(kind(Kind::backtick), {0, at, 1}, "'`' counts as the digit 9");
        if (const auto pair = pairing.add(action, at)) emit_byte(*pair, mask);
        ++at;
      } else if (action == Action::comment) {
        const std::size_t end = hex0::find_comment_end(text_, at, return_ends_);
        critic_.comment(at, end);
        at = end + 1;
      } else if (action == Action::skip || mask.left > 0) {
        skip_byte(at);
        ++at;
      } else if (action == Action::define) {
        at = reader_.read(text_, at + 1).next;
      } else if (action == Action::caret) {
        divide = caret_lasts || !divided;
        if (divided) warn_lost_caret(at - (caret_lasts ? 0 : 1));
        ++at;
      } else if (action == Action::pad) {
        emitter_.pointer(0, padding(emitter_.address()), hex1::ByteOrder::little, {0, at, 1});
        ++at;
      } else if (action == Action::mask) {
        mask = {kMaskBytes, 0, at};
        ++at;
      } else if (action == Action::end_of_text) {
        critic_.warn(kind(Kind::end_marker), {0, at, 1}, "byte 0xFC ends the text");
        break;
      } else {
        const hex1::Reference& reference = dialect_.references[action - Action::reference];
        const bool counts = caret_lasts && divided && takes_caret(reference, at);
        if (counts) divide = false;
        at = emit_reference(reference, at, caret_lasts ? counts : divided);
        if (output_.ending == Ending::crashes) return;
      }
    }
    warn_at_end(pairing, mask);
  }

  /// The word after '.', as far as it is read.
  struct Mask {
    unsigned left = 0;  ///< bytes to come
    std::uint32_t bits = 0;
    std::size_t at = 0;
  };

  void emit_byte(const hex1::DigitPair& pair, Mask& mask) {
    critic_.byte(pair.first, pair.second);
    if (mask.left > 0) {
      const std::uint32_t value = static_cast<Byte>(16 * pair.high + pair.low);
      mask.bits |= value << (8 * (kMaskBytes - mask.left));
      if (--mask.left == 0) emitter_.pend(mask.bits);
    } else if (emitter_.digits(pair)) {
      critic_.warn(kind(Kind::nibble_carry), {0, pair.first, pair.second + 1 - pair.first},
                   "the byte overlaps pending instruction bits and the sum carries");
    }
  }

  void skip_byte(std::size_t at) {
    if (text_[at] == kEndMarker) {
      critic_.warn(kind(Kind::end_marker), {0, at, 1},
                   "byte 0xFC is ignored; the AArch64 tool ends the text here");
    } else {
      critic_.skipped(at);
    }
  }

  void warn_lost_caret(std::size_t at) {
    critic_.warn(kind(Kind::lost_caret), {0, at, 1}, "'^' has no effect here");
  }

  /// Whether a reference of armv7l uses up the '^' before it: those with a base leave it for the next one.
  [[nodiscard]] bool takes_caret(const hex1::Reference& reference, std::size_t at) const {
    return reference.form == hex1::Form::relative && !reader_.read(text_, at + 1).greater;
  }

  /// The offset after the reference.
  std::size_t emit_reference(const hex1::Reference& reference, std::size_t at, bool divided) {
    if (overrun_) {
      output_.ending = Ending::crashes;
      return at;
    }
    const Token token = reader_.read(text_, at + 1);
    const bool field = hex1::is_field(reference.form);
    const bool has_base = token.greater && !field;
    const Token base_token = has_base ? reader_.read(text_, token.next) : Token{};
    const std::size_t end = has_base ? base_token.end() : token.end();
    const Span span{0, at, end - at};
    const std::optional<std::int64_t> target = resolve(token, {0, at, token.end() - at});
    std::optional<std::int64_t> base;
    if (has_base && target) {
      base = resolve(base_token, {0, base_token.start - 1, base_token.text.size() + 1});
    }
    if (!emitter_.stopped() && target && (base || !has_base)) {
      if (critic_.active()) check_reference(reference, token, base_token, has_base, divided, span);
      emit_value(reference, *target, base, divided, span);
    }
    return has_base ? base_token.next : token.next;
  }

  void check_reference(const hex1::Reference& reference, const Token& token, const Token& base_token,
                       bool has_base, bool divided, Span span) {
    check_name(token, span);
    if (has_base) check_name(base_token, span);
    if (has_base && reference.form == hex1::Form::absolute) {
      critic_.warn(kind(Kind::absolute_base), span, "absolute reference with a base");
    }
    if (token.greater && !has_base) {
      critic_.warn(kind(Kind::ignored_base), {0, token.end(), 1},
                   "'>' ends the name of an instruction field");
    }
    if (divided && reference.form == hex1::Form::absolute) warn_lost_caret(span.offset - 1);
  }

  /// The address of a label; nothing if the tool ends here.
  std::optional<std::int64_t> resolve(const Token& token, Span span) {
    if (const Label* label = labels_.find(token.name())) return label->address;
    if (labels_.empty()) {
      output_.ending = Ending::crashes;
      output_.status = dialect_.undefined_label == UndefinedLabel::constant ? 1 : 0;
      sink_.report(kind(Kind::no_labels), span,
                   fmt::format("label {} is not defined, and no other one is: the {} tool crashes",
                               shown(token.text), dialect_.name));
      emitter_.stop();
      return std::nullopt;
    }
    if (dialect_.undefined_label == UndefinedLabel::constant) {
      critic_.warn(kind(Kind::undefined_constant), span,
                   fmt::format("label {} is not defined: the address {:#x} is used", shown(token.text),
                               kUndefinedAddress));
      return kUndefinedAddress;
    }
    sink_.report(kind(Kind::undefined_label), span,
                 fmt::format("label {} is not defined{}", shown(token.text),
                             near_miss(token.name(), labels_.names())));
    if (output_.ending == Ending::exits) output_.status = 1;
    emitter_.stop();
    return std::nullopt;
  }

  void emit_value(const hex1::Reference& reference, std::int64_t target, std::optional<std::int64_t> base,
                  bool divided, Span span) {
    const std::int64_t here = emitter_.address();
    const std::int64_t origin = dialect_.origin == hex1::Origin::field_end ? here + reference.size : here;
    const bool difference = reference.form != hex1::Form::absolute ||
                            (base.has_value() && dialect_.base_rule == BaseRule::all_pointers);
    std::int64_t plain = difference ? target - base.value_or(origin) : target;
    if (dialect_.counts_from_counter && difference && !base) plain -= 8 - (origin & 3);
    const bool divides = divided && reference.form == hex1::Form::relative;
    const std::int64_t value = divides ? plain >> 2 : plain;
    if (critic_.active()) warn_of_loss(reference, difference, divides, plain, value, span);
    if (hex1::is_field(reference.form)) {
      emitter_.pend(hex1::field_bits(reference.form, value));
    } else {
      emitter_.pointer(value, reference.size, dialect_.byte_order, span);
    }
  }

  void warn_of_loss(const hex1::Reference& reference, bool difference, bool divides, std::int64_t plain,
                    std::int64_t value, Span span) {
    if (divides && plain % 4 != 0) {
      critic_.warn(kind(Kind::misaligned), span, fmt::format("distance {} is not a multiple of 4", plain));
    }
    hex1::Reference form = reference;
    if (difference && form.form == hex1::Form::absolute) form.form = hex1::Form::relative;
    if (hex1::fits(form, value)) return;
    if (hex1::is_field(reference.form) && plain % 2 != 0) {
      critic_.warn(kind(Kind::misaligned), span, fmt::format("distance {} is odd", plain));
    } else {
      critic_.warn(kind(Kind::out_of_range), span, fmt::format("value {} does not fit", value));
    }
  }

  void warn_at_end(const hex1::Pairing& pairing, const Mask& mask) {
    if (mask.left > 0) {
      critic_.warn(kind(Kind::mask_at_end), {0, mask.at, 1}, "text ends inside the word after '.'");
    } else if (pairing.half()) {
      critic_.warn(kind(Kind::odd_nibble), {0, pairing.first(), 1},
                   "half a byte is dropped at the end of the text");
    }
    if (emitter_.pending() != 0) {
      critic_.warn(kind(Kind::leftover_bits), {0, text_.size(), 0},
                   "instruction bits are left over at the end of the text");
    }
    critic_.finish();
  }

  ByteView text_;
  const Dialect& dialect_;
  DiagnosticSink& sink_;
  std::array<Byte, 256> actions_;
  TokenReader reader_;
  Labels labels_;
  bool return_ends_;
  bool overrun_ = false;
  hex0::Critic critic_;
  Output output_;
  hex1::Emitter emitter_;
};

}  // namespace

Output assemble(const Source& source, const Options& options, DiagnosticSink& diagnostics) {
  return Assembler(source.bytes, options, diagnostics).run(options.rewinds);
}

}  // namespace assay::hex2
