// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cc/emitter.h"

#include <fmt/format.h>
#include <algorithm>

#include "cc/literals.h"

namespace assay::cc {
namespace {

/// A template with the row's own words filled in, cut into literal text and fields.
struct Piece {
  std::string text;
  /// 't', 'n', 'h', 'i', or 0.
  char field = 0;
};

struct Text {
  std::vector<Piece> pieces;
  /// Nodes of the real compiler's output list.
  std::uint32_t nodes = 0;
};

Text prepare(std::string_view source, const Dialect& dialect) {
  Text text;
  Piece piece;
  if (!source.empty()) text.nodes = 1;
  for (std::size_t at = 0; at < source.size(); ++at) {
    const char c = source[at];
    if (c == '|') {
      ++text.nodes;
    } else if (c != '{') {
      piece.text.push_back(c);
    } else {
      const char field = source[at + 1];
      at += 2;
      if (field >= '1' && field <= '9') {
        piece.text += dialect.words[static_cast<std::size_t>(field - '1')];
        continue;
      }
      if (field == 'i') text.nodes += 2;
      piece.field = field;
      text.pieces.push_back(std::move(piece));
      piece = {};
    }
  }
  text.pieces.push_back(std::move(piece));
  return text;
}

class Emitter {
 public:
  Emitter(const std::vector<Token>& tokens, const Names& names, const Dialect& dialect, bool want_map,
          Report& report)
      : tokens_(tokens), names_(names), dialect_(dialect), want_map_(want_map), report_(report) {
    for (std::size_t op = 0; op < kOps; ++op) texts_[op] = prepare((*dialect.templates)[op], dialect);
  }

  Output run(const Program& program) {
    frame("\n# Core program\n");
    const std::uint64_t nodes = operations(program.operations);
    frame(dialect_.data_mark);
    frame("\n# Program global variables\n");
    for (const std::uint32_t token : program.globals) {
      out_ += ":GLOBAL_";
      out_ += names_.text(tokens_[token].name);
      out_ += "\nNULL\n";
      mark(token);
    }
    frame("\n# Program strings\n");
    for (const StringLiteral& one : program.strings) {
      out_ += ":STRING_";
      id(one.function, one.counter);
      out_ += '\n';
      out_ += one.text;
      mark(one.token);
    }
    frame("\n:ELF_end\n");
    const std::uint64_t deepest =
        std::max<std::uint64_t>({nodes, program.globals.size() * 3, program.strings.size() * 6});
    if (deepest * dialect_.stack_per_piece > kUsualStack) {
      report_.warn(
          Kind::deep_output, {},
          fmt::format(
              "{} writes its output by recursion; about {} levels take {} MiB of stack, and {} are usual",
              dialect_.program, deepest, (deepest * dialect_.stack_per_piece) >> 20, kUsualStack >> 20));
    }
    output_.bytes.assign(out_.begin(), out_.end());
    return std::move(output_);
  }

 private:
  std::uint64_t operations(const std::vector<Operation>& all) {
    std::uint64_t nodes = 0;
    for (const Operation& one : all) {
      const Text& text = texts_[static_cast<std::size_t>(one.op)];
      const bool repeats = one.op >= Op::pop_block_locals && one.op <= Op::pop_arguments;
      const std::int64_t times = repeats ? one.number : 1;
      for (std::int64_t i = 0; i < times; ++i) {
        write(text, one);
        if (out_.size() > kMaxOutputBytes) too_large(one.token);
      }
      nodes += text.nodes * static_cast<std::uint64_t>(times);
      mark(one.token);
    }
    return nodes;
  }

  void write(const Text& text, const Operation& one) {
    for (const Piece& piece : text.pieces) {
      out_ += piece.text;
      switch (piece.field) {
        case 't':
          // The text of an assembly string is the token without its quote.
          out_ += names_.text(one.text).substr(one.op == Op::assembly ? 1 : 0);
          break;
        case 'n': out_ += decimal(one.number, dialect_.word_bytes); break;
        case 'h': out_ += text_of(one.head); break;
        case 'i': id(one.function, one.counter); break;
        default: break;
      }
    }
  }

  void id(std::uint32_t function, std::uint32_t counter) {
    out_ += names_.text(function);
    out_ += '_';
    out_ += decimal(counter, dialect_.word_bytes);
  }

  void frame(std::string_view text) {
    out_ += text;
    if (!want_map_) return;
    output_.map.add(out_.size() - output_.map.size(), Span{0, 0, 0});
  }

  /// Everything written since the last mark comes from this token.
  void mark(std::uint32_t token) {
    if (out_.size() > kMaxOutputBytes) too_large(token);
    if (!want_map_) return;
    output_.map.add(out_.size() - output_.map.size(), {0, tokens_[token].offset, tokens_[token].length});
  }

  [[noreturn]] void too_large(std::uint32_t token) {
    report_.end(Kind::output_too_large, {0, tokens_[token].offset, tokens_[token].length},
                fmt::format("the output has more than {} bytes", kMaxOutputBytes), Ending::undefined);
  }

  const std::vector<Token>& tokens_;
  const Names& names_;
  const Dialect& dialect_;
  bool want_map_;
  Report& report_;
  std::array<Text, kOps> texts_;
  std::string out_;
  Output output_;
};

}  // namespace

Output emit(const Program& program, const std::vector<Token>& tokens, const Names& names,
            const Dialect& dialect, bool want_map, Report& report) {
  return Emitter(tokens, names, dialect, want_map, report).run(program);
}

}  // namespace assay::cc
