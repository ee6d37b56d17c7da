// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two passes over the text with the same table of actions. The first one finds the addresses of the
// labels; the second one emits. Both count bytes, but not alike: see Dialect::counted_at.
#include "hex1/hex1.h"

#include <fmt/format.h>

#include <optional>

#include "hex0/critic.h"
#include "hex0/scanner.h"
#include "hex1/diagnostics.h"
#include "hex1/emitter.h"

namespace assay::hex1 {
namespace {

constexpr Byte kEndMarker = 0xFC;

enum Action : Byte {
  last_digit = 15,  // smaller ones are the digit's value
  skip,
  comment,
  define,
  end_of_text,
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
  if (dialect.fc_ends_text) actions[kEndMarker] = Action::end_of_text;
  if (dialect.backtick_is_nine) actions['`'] = 9;
  for (std::size_t i = 0; i < dialect.references.size(); ++i) {
    const char sigil = dialect.references[i].sigil;
    if (sigil != 0) actions[static_cast<Byte>(sigil)] = static_cast<Byte>(Action::reference + i);
  }
  return actions;
}

std::string shown(Byte label) {
  return label > ' ' && label <= '~' ? fmt::format("'{}'", static_cast<char>(label))
                                     : fmt::format("0x{:02X}", label);
}

class Assembler {
 public:
  Assembler(ByteView text, const Options& options, DiagnosticSink& sink)
      : text_(text),
        dialect_(*options.dialect),
        sink_(sink),
        actions_(actions_of(dialect_)),
        return_ends_(dialect_.comment_end == hex0::CommentEnd::line_feed_or_carriage_return),
        critic_(text, kTextKinds, return_ends_, options.want_warnings, sink),
        emitter_(output_, options.want_map) {
    output_.base_address = dialect_.base_address;
  }

  Output run(bool rewinds) {
    if (find_labels()) {
      if (rewinds) {
        emit();
      } else {
        critic_.warn(kind(Kind::no_rewind), {}, "the input cannot be read twice: the output is empty");
      }
    }
    return std::move(output_);
  }

 private:
  struct Label {
    bool defined = false;
    std::int64_t address = 0;
    Span span;
  };

  /// Pass 1; false if the tool never leaves it.
  bool find_labels() {
    auto address = static_cast<std::int64_t>(dialect_.base_address);
    bool half = false;
    for (std::size_t at = 0; at < text_.size();) {
      const Byte action = actions_[text_[at]];
      if (action <= Action::last_digit) {
        if (half == (dialect_.counted_at == CountedAt::second_digit)) ++address;
        half = !half;
        ++at;
      } else if (action == Action::skip) {
        ++at;
      } else if (action == Action::comment) {
        const std::size_t end = hex0::find_comment_end(text_, at, return_ends_);
        if (end == text_.size()) return report_endless_comment(at);
        at = end + 1;
      } else if (action == Action::define) {
        define_label(at, address, half);
        at += 2;
      } else if (action == Action::end_of_text) {
        break;
      } else {
        address += dialect_.references[action - Action::reference].size;
        at += 2;
      }
    }
    return true;
  }

  bool report_endless_comment(std::size_t at) {
    if (output_.ending == Ending::exits) output_.ending = Ending::hangs;
    sink_.report(
        kind(Kind::endless_comment), {0, at, text_.size() - at},
        fmt::format("text ends inside a comment: the {} tool waits for its end for ever", dialect_.name));
    return false;
  }

  void define_label(std::size_t at, std::int64_t address, bool half) {
    if (at + 1 == text_.size()) {
      report_label_at_end(at);
      return;
    }
    const Byte name = text_[at + 1];
    const Span span{0, at, 2};
    check_label(name, span);
    Label& label = labels_[name];
    if (label.defined) {
      critic_.warn(kind(Kind::duplicate_label), span, fmt::format("label {} is defined again", shown(name)),
                   {{label.span, "previous definition"}});
    }
    if (half) {
      critic_.warn(kind(Kind::label_inside_byte), span,
                   fmt::format("label {} is between the two digits of a byte", shown(name)));
    }
    label = {true, address, span};
  }

  void report_label_at_end(std::size_t at) {
    const Span span{0, at, 1};
    cut_label_ = span;
    if (!dialect_.label_at_end_unsafe) {
      critic_.warn(kind(Kind::label_at_end), span, "':' at the end of the text defines nothing");
      return;
    }
    output_.ending = Ending::undefined;
    sink_.report(
        kind(Kind::cut_label), span,
        fmt::format("':' at the end of the text makes the {} tool write outside its table", dialect_.name));
  }

  /// The code for a reference, or for what is no reference.
  [[nodiscard]] bool is_broken(char sigil) const {
    return cut_label_ && (dialect_.output_broken_by_label_at_end ||
                          (sigil != '\0' && sigil == dialect_.broken_by_label_at_end));
  }

  void report_broken() {
    if (output_.ending == Ending::exits) output_.ending = Ending::crashes;
    sink_.report(kind(Kind::cut_label), *cut_label_,
                 fmt::format("':' at the end of the text makes the {} tool overwrite itself: it crashes",
                             dialect_.name));
  }

  void check_label(Byte name, Span span) {
    if (name < dialect_.first_unsafe_label && (name != 0 || !dialect_.zero_label_unsafe)) {
      if (name <= ' ') {
        critic_.warn(kind(Kind::blank_label), span, fmt::format("label is the character {}", shown(name)));
      }
      return;
    }
    output_.ending = Ending::undefined;
    sink_.report(
        kind(Kind::unsafe_label), span,
        fmt::format("label {} falls outside the table of labels of the {} tool", shown(name), dialect_.name));
  }

  void emit() {
    Pairing pairing;
    std::size_t at = 0;
    while (at < text_.size()) {
      const Byte action = actions_[text_[at]];
      if (action <= Action::last_digit) {
        if (text_[at] == '`') critic_.warn(kind(Kind::backtick), {0, at, 1}, "'`' counts as the digit 9");
        if (const auto pair = pairing.add(action, at)) {
          if (is_broken('\0')) return report_broken();
          emit_byte(*pair);
        }
        ++at;
      } else if (action == Action::skip) {
        skip_byte(at);
        ++at;
      } else if (action == Action::comment) {
        const std::size_t end = hex0::find_comment_end(text_, at, return_ends_);
        critic_.comment(at, end);
        at = end + 1;
      } else if (action == Action::define) {
        at += 2;
      } else if (action == Action::end_of_text) {
        critic_.warn(kind(Kind::end_marker), {0, at, 1}, "byte 0xFC ends the text");
        break;
      } else {
        const Reference& reference = dialect_.references[action - Action::reference];
        if (is_broken(reference.sigil)) return report_broken();
        emit_reference(reference, at);
        at += 2;
      }
    }
    warn_at_end(pairing);
  }

  void skip_byte(std::size_t at) {
    if (text_[at] == kEndMarker) {
      critic_.warn(kind(Kind::end_marker), {0, at, 1}, "byte 0xFC is ignored; other tools end the text here");
    } else {
      if (!is_caret(at)) critic_.skipped(at);
    }
  }

  /// '^' before a reference that counts in words: hex2 wants it there, here it changes nothing.
  [[nodiscard]] bool is_caret(std::size_t at) const {
    if (text_[at] != '^' || at + 1 >= text_.size()) return false;
    return std::any_of(dialect_.references.begin(), dialect_.references.end(), [&](const Reference& one) {
      return one.in_words && static_cast<Byte>(one.sigil) == text_[at + 1];
    });
  }

  void emit_byte(const DigitPair& pair) {
    critic_.byte(pair.first, pair.second);
    if (!emitter_.digits(pair)) return;
    critic_.warn(kind(Kind::nibble_carry), {0, pair.first, pair.second + 1 - pair.first},
                 "the byte overlaps the bits of a reference and the sum carries");
  }

  void emit_reference(const Reference& reference, std::size_t at) {
    const bool at_end = at + 1 == text_.size();
    const Span span{0, at, at_end ? std::uint64_t{1} : std::uint64_t{2}};
    Label label;
    if (at_end) {
      output_.ending = Ending::undefined;
      sink_.report(kind(Kind::reference_at_end), span, "reference without a label at the end of the text");
    } else {
      const Byte name = text_[at + 1];
      label = labels_[name];
      check_label(name, span);
      if (!label.defined) {
        critic_.warn(kind(Kind::undefined_label), span,
                     fmt::format("label {} is not defined: address 0 is used", shown(name)));
      }
    }
    emit_value(reference, label.address, span);
  }

  void emit_value(const Reference& reference, std::int64_t target, Span span) {
    const std::int64_t here = emitter_.address();
    const std::int64_t origin = dialect_.origin == Origin::field_end ? here + reference.size : here;
    const std::int64_t distance = target - origin;
    const std::int64_t plain = reference.form == Form::absolute ? target : distance;
    const std::int64_t value = reference.in_words ? plain >> 2 : plain;
    if (critic_.active()) warn_of_loss(reference, plain, value, span);
    if (!is_field(reference.form)) {
      emitter_.pointer(value, reference.size, dialect_.byte_order, span);
      return;
    }
    const std::uint32_t bits = field_bits(reference.form, distance);
    const bool carried = reference.form == Form::u_field && (distance & 0xFFF) >= 0x800;
    const bool leaks = dialect_.pending_bits == PendingBits::sign_extended && carried && (bits >> 31) != 0;
    if (leaks) {
      critic_.warn(kind(Kind::leaked_bits), span,
                   "the sign of the pattern reaches the four bytes after the word");
    }
    emitter_.pend(leaks ? 0xFFFFFFFF00000000U | bits : bits);
  }

  void warn_of_loss(const Reference& reference, std::int64_t plain, std::int64_t value, Span span) {
    if (reference.in_words && plain % 4 != 0) {
      critic_.warn(kind(Kind::misaligned), span, fmt::format("distance {} is not a multiple of 4", plain));
    }
    if (fits(reference, value)) return;
    const bool odd = is_field(reference.form) && plain % 2 != 0;
    if (odd) {
      critic_.warn(kind(Kind::misaligned), span, fmt::format("distance {} is odd", value));
    } else {
      critic_.warn(kind(Kind::out_of_range), span, fmt::format("value {} does not fit", value));
    }
  }

  void warn_at_end(const Pairing& pairing) {
    if (pairing.half()) {
      critic_.warn(kind(Kind::odd_nibble), {0, pairing.first(), 1},
                   "half a byte is dropped at the end of the text");
    }
    if (emitter_.pending() != 0) {
      critic_.warn(kind(Kind::leftover_bits), {0, text_.size(), 0},
                   "bits of a reference are left over at the end of the text");
    }
    critic_.finish();
  }

  ByteView text_;
  const Dialect& dialect_;
  DiagnosticSink& sink_;
  std::array<Byte, 256> actions_;
  bool return_ends_;
  hex0::Critic critic_;
  Output output_;
  Emitter emitter_;
  std::array<Label, 256> labels_{};
  std::optional<Span> cut_label_;  ///< the ':' at the end of the text
};

}  // namespace

Output assemble(const Source& source, const Options& options, DiagnosticSink& diagnostics) {
  return Assembler(source.bytes, options, diagnostics).run(options.rewinds);
}

}  // namespace assay::hex1
