// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the five compilers do differently. Everything is data: a row here, and the family's table of
// emission texts (templates_*.cpp).
//
// A template is the text of one operation with these fields in it:
//   {t} text   {n} number in decimal   {h} head   {i} id (FUNCTION_COUNTER)
//   {1}..{9} the row's own words, filled in once
// and '|' where the real compiler begins a new piece of its output list. Pieces do not show in the
// output, but their number decides whether the real compiler's stack suffices to write it. An id is
// three pieces and its LF a fourth.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "cc/code.h"
#include "core/file_rules.h"

namespace assay::cc {

using Templates = std::array<std::string_view, kOps>;

/// Displacements in the frame, as printed (a template may put a minus in front).
struct Frame {
  std::int64_t first_argument = 0;
  std::int64_t argument_step = 0;
  /// First local of a function without arguments, and of main.
  std::int64_t first_local = 0;
  std::int64_t first_local_in_main = 0;
  /// From the last argument to the first local.
  std::int64_t local_after_arguments = 0;
  std::int64_t local_step = 0;
};

enum class Failure : std::uint8_t { message_to_stderr, message_to_output, crash };

struct Dialect {
  std::string_view name;
  /// The program's name.
  std::string_view program;
  FileRules files;
  int word_bytes = 8;
  const Templates* templates = nullptr;
  /// Words {1}, {2}, ... of the family's templates.
  std::array<std::string_view, 9> words{};
  Frame frame;
  /// Printed before the globals (RISC-V).
  std::string_view data_mark = {};

  /// Characters that count as blank before ':' in a string, besides tab, LF, CR, space and zero:
  /// x86's table lacks its end and runs into the code behind it.
  std::string_view more_blanks = {};
  /// Hexadecimal digits A-F work in \xHH.
  bool letters_in_hex = true;
  /// Where the message about a bad digit goes.
  Failure bad_hex_digit = Failure::message_to_stderr;
  Failure stray_break = Failure::message_to_stderr;
  /// "no member" names the member, too.
  bool names_the_member = true;
  /// The test for '[' after a struct member is a branch to itself, taken if the offset so far is 0 (for
  /// '[') or 1 (for anything else); when not taken, '[' counts as no array.
  bool member_test_broken = false;
  /// What the log of an element size that is no power of two starts from: 0, or the address of a
  /// string in the real compiler (the register is not cleared).
  std::int64_t scale_base = 0;
  /// Stack of the real compiler for each piece of output.
  std::uint32_t stack_per_piece = 24;

  bool division_is_unsigned = false;
  bool shift_is_logical = false;
};

extern const Templates kX86Templates;
extern const Templates kAarch64Templates;
extern const Templates kRiscvTemplates;

/// x86, AMD64, AArch64, riscv32, riscv64.
std::span<const Dialect> dialects();

/// Null if there is none of that name.
const Dialect* find_dialect(std::string_view name);

/// What {h} stands for.
std::string_view text_of(Head head);

/// A family's table from (operation, text) pairs; every operation exactly once.
struct OpText {
  Op op;
  std::string_view text;
};

template <std::size_t N>
consteval Templates make_templates(const OpText (&texts)[N]) {
  static_assert(N == kOps, "one text for each operation");
  Templates templates{};
  std::array<bool, kOps> seen{};
  for (const OpText& one : texts) {
    const auto index = static_cast<std::size_t>(one.op);
    if (seen[index]) throw "an operation has two texts";
    seen[index] = true;
    templates[index] = one.text;
  }
  return templates;
}

}  // namespace assay::cc
