// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// AArch64: its authors name whole instructions, "SET_X0_FROM_X13", "CMP_X1_TO_34", "LDR_X0_[X1,16]"; a table
// says what each kind of name means. In names and meanings alike R stands for a register and N for a number,
// both numbered; in meanings W stands for the lower half of register R.
#include <algorithm>
#include <array>
#include <map>

#include "bootstrap/lint/claim.h"
#include "bootstrap/lint/words.h"

namespace assay::bootstrap::lint {

namespace {

using disassembly::Instruction;

struct Row {
  std::string_view name;
  /// As the disassembler prints it; alternatives after '|'. '*' is any operand.
  std::string_view meaning;
};

constexpr auto kRows = std::to_array<Row>({
    {"INIT_SP", "mov x18, sp"},
    {"SET_R1_FROM_R2", "mov R1, R2"},
    {"SET_R1_TO_N1", "mov R1, N1"},
    {"SET_R1_TO_SYS_*", "mov R1, *"},
    {"SET_R1_TO_FCNTL_*", "mov R1, *"},
    {"SET16_R1_N1", "movk R1, N1, lsl #16"},
    {"CMP_R1_TO_N1", "cmp R1, N1|cmp R1, N1, lsl #12|cmn R1, N-1"},
    {"CMP_R1_R2", "cmp R1, R2"},
    {"TST_R1_N1", "tst R1, N1"},
    {"ADD_R1_R2_R3_LSLN1", "add R1, R2, R3, lsl N1"},
    {"ADD_R1_R2_R3_LSL_N1", "add R1, R2, R3, lsl N1"},
    {"ADD_R1_R2_R3", "add R1, R2, R3|add R1, R3, R2"},
    {"ADD_R1_R2_N1", "add R1, R2, N1|add R1, R2, N1, lsl #12"},
    {"ADD_R1_N1", "add R1, R1, N1"},
    {"SUB_R1_R2_R3", "sub R1, R2, R3"},
    {"SUB_R1_R2_N1", "sub R1, R2, N1|sub R1, R2, N1, lsl #12"},
    {"SUB_R1_N1", "sub R1, R1, N1"},
    {"MUL_R1_R2_R3", "mul R1, R2, R3|mul R1, R3, R2"},
    {"MSUB_R1_R2_R3_R4", "msub R1, R2, R3, R4"},
    {"SDIV_R1_R2_R3", "sdiv R1, R2, R3"},
    {"UDIV_R1_R2_R3", "udiv R1, R2, R3"},
    {"AND_R1_R2_R3", "and R1, R2, R3|and R1, R3, R2"},
    {"AND_R1_R2_N1", "and R1, R2, N1"},
    {"OR_R1_R2_R3", "orr R1, R2, R3|orr R1, R3, R2"},
    {"XOR_R1_R2_R3", "eor R1, R2, R3|eor R1, R3, R2"},
    {"LSHIFT_R1_R2_R3", "lsl R1, R2, R3"},
    {"LOGICAL_RSHIFT_R1_R2_R3", "lsr R1, R2, R3"},
    {"ARITH_RSHIFT_R1_R2_R3", "asr R1, R2, R3"},
    {"LSL_R1_R2_N1", "lsl R1, R2, N1"},
    {"LSR_R1_R2_N1", "lsr R1, R2, N1"},
    {"ASR_R1_R2_N1", "asr R1, R2, N1"},
    {"MVN_R1", "mvn R1, R1"},
    {"NOT_R1", "mvn R1, R1"},
    {"NOT_R1_R2", "mvn R1, R2"},
    {"NEG_R1_R2", "neg R1, R2"},
    {"DEREF_R1", "ldr R1, [R1]"},
    {"DEREF_R1_BYTE", "ldrb W1, [R1]"},
    {"LDR_R1_[R2]", "ldr R1, [R2]"},
    {"LDR_R1_[R2,N1]", "ldr R1, [R2, N1]"},
    {"LDR_R1_[R2,N1]_WB", "ldr R1, [R2, N1]!"},
    {"LDR_BYTE_R1_[R2]", "ldrb W1, [R2]"},
    {"LDR_BYTE_R1_[R2,N1]", "ldrb W1, [R2, N1]"},
    {"LDR_BYTE_R1_[R2,R3]", "ldrb W1, [R2, R3]"},
    {"LDR_BYTE_R1_[R2]_N1", "ldrb W1, [R2], N1"},
    {"LDRH_R1_[R2]", "ldrh W1, [R2]"},
    {"LDRSB_R1_[R2]", "ldrsb R1, [R2]"},
    {"LDRSH_R1_[R2]", "ldrsh R1, [R2]"},
    {"STR_R1_[R2]", "str R1, [R2]"},
    {"STR_R1_[R2,N1]", "str R1, [R2, N1]"},
    {"STR_BYTE_R1_[R2]", "strb W1, [R2]"},
    {"STR_BYTE_R1_[R2]_N1", "strb W1, [R2], N1"},
    {"STR_BYTE_R1_[R2,N1]_WB", "strb W1, [R2, N1]!"},
    {"STRH_R1_[R2]", "strh W1, [R2]"},
    {"PUSH_R1", "str R1, [sp, #-16]!|str R1, [x18, #-8]!"},
    {"POP_R1", "ldr R1, [sp], #16|ldr R1, [x18], #8"},
    {"SKIP_INST_EQ", "b.eq +8"},
    {"SKIP_INST_NE", "b.ne +8"},
    {"SKIP_INST_LT", "b.lt +8"},
    {"SKIP_INST_LE", "b.le +8"},
    {"SKIP_INST_GT", "b.gt +8"},
    {"SKIP_INST_GE", "b.ge +8"},
    {"SKIP_INST_LO", "b.lo +8"},
    {"SKIP_INST_LS", "b.ls +8"},
    {"SKIP_INST_HS", "b.hs +8"},
    {"SKIP_INST_HI", "b.hi +8"},
    {"SKIP_32_DATA", "b +8"},
    {"CBZ_R1_PAST_BR", "cbz R1, +20"},
    {"CBNZ_R1_PAST_BR", "cbnz R1, +20"},
    {"CBZ_R1_PAST_INST", "cbz R1, +8"},
    {"LOAD_R1_AHEAD", "ldr R1, *"},
    {"BR_R1", "br R1"},
    {"BLR_R1", "blr R1"},
    {"RETURN", "ret"},
    {"SYSCALL", "svc #0"},
    {"BRANCH", "b *"},
    {"FBRANCH", "b *"},
    {"RBRANCH", "b *"},
    {"CALL", "bl *"},
    {"FCALL", "bl *"},
    {"RCALL", "bl *"},
});

/// What the letters of a row stand for in one name.
struct Bindings {
  std::map<char, std::string> registers;  ///< lower case
  std::map<char, std::int64_t> numbers;
};

/// Takes a register from the front of `text`: X0 to X31, W0 to W31, SP, BP, LR. What M2-Planet calls SP and
/// BP are X18 and X17.
std::string take_register(std::string_view& text) {
  for (const std::string_view name : {"SP", "BP", "LR"}) {
    if (!text.starts_with(name)) continue;
    text.remove_prefix(2);
    return lower(name);
  }
  if (text.size() < 2 || (text[0] != 'X' && text[0] != 'W')) return {};
  std::size_t end = 1;
  while (end < text.size() && end < 3 && text[end] >= '0' && text[end] <= '9') ++end;
  if (end == 1) return {};
  std::string name = lower(text.substr(0, end));
  text.remove_prefix(end);
  return name;
}

/// 12, 0x3B, MINUS_4, 12MB.
std::optional<std::int64_t> take_number(std::string_view& text) {
  constexpr std::string_view kMinus = "MINUS_";
  const bool negative = text.starts_with(kMinus);
  if (negative) text.remove_prefix(kMinus.size());
  std::size_t end = text.starts_with("0x") ? 2 : 0;
  const std::string_view digits = end == 2 ? "0123456789abcdefABCDEF" : "0123456789";
  while (end < text.size() && digits.find(text[end]) != std::string_view::npos) ++end;
  auto number = number_in(text.substr(0, end));
  if (!number) return std::nullopt;
  text.remove_prefix(end);
  if (text.starts_with("MB")) {
    text.remove_prefix(2);
    *number <<= 20;
  }
  return negative ? -*number : number;
}

bool match_name(std::string_view pattern, std::string_view name, Bindings& bindings) {
  while (!pattern.empty()) {
    if (pattern == "*") return !name.empty();
    const bool numbered = pattern.size() > 1 && pattern[1] >= '1' && pattern[1] <= '9';
    if (numbered && pattern[0] == 'R') {
      std::string one = take_register(name);
      if (one.empty()) return false;
      bindings.registers[pattern[1]] = std::move(one);
      pattern.remove_prefix(2);
    } else if (numbered && pattern[0] == 'N') {
      const auto one = take_number(name);
      if (!one) return false;
      bindings.numbers[pattern[1]] = *one;
      pattern.remove_prefix(2);
    } else {
      if (name.empty() || name[0] != pattern[0]) return false;
      name.remove_prefix(1), pattern.remove_prefix(1);
    }
  }
  return name.empty();
}

bool same_register(const std::string& claimed, std::string_view printed) {
  if (claimed == printed) return true;
  return (claimed == "sp" && printed == "x18") || (claimed == "bp" && printed == "x17") ||
         (claimed == "lr" && printed == "x30");
}

/// "#0x10", "16", "-4": what the disassembler prints.
std::optional<std::int64_t> printed_number(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  return number_in(text);
}

enum class Same : std::uint8_t { yes, another_number, no };

/// Words of an operand: registers and numbers apart from their brackets and commas.
Same compare_operand(std::string_view meaning, std::string_view printed, const Bindings& bindings,
                     std::uint64_t address) {
  if (meaning == "*") return Same::yes;
  const auto left = split(meaning, "[], ");
  const auto right = split(printed, "[], ");
  if (left.size() != right.size() || meaning.ends_with('!') != printed.ends_with('!') ||
      meaning.starts_with('[') != printed.starts_with('['))
    return Same::no;
  Same same = Same::yes;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const std::string_view word = right[i];
    const std::string_view wanted = left[i];
    if (wanted == "!" || word == "!") {
      if (wanted != word) return Same::no;
      continue;
    }
    if (wanted.size() == 2 && (wanted[0] == 'R' || wanted[0] == 'W')) {
      std::string claimed = bindings.registers.at(wanted[1]);
      if (wanted[0] == 'W') claimed[0] = 'w';
      if (!same_register(claimed, word)) return Same::no;
    } else if (wanted[0] == 'N') {
      const auto number = printed_number(word);
      if (!number) return Same::no;
      const std::int64_t value =
          wanted[1] == '-' ? -bindings.numbers.at(wanted[2]) : bindings.numbers.at(wanted[1]);
      if (*number != value) same = Same::another_number;
    } else if (wanted[0] == '+') {
      const auto number = printed_number(word);
      if (!number) return Same::no;
      if (static_cast<std::uint64_t>(*number) !=
          address + static_cast<std::uint64_t>(*number_in(wanted.substr(1))))
        same = Same::another_number;
    } else if (wanted != word &&
               (!printed_number(wanted) || printed_number(wanted) != printed_number(word))) {
      return Same::no;
    }
  }
  return same;
}

/// At commas outside brackets.
std::vector<std::string_view> operands_in(std::string_view text) {
  std::vector<std::string_view> operands;
  std::size_t from = 0;
  bool inside = false;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && (text[at] == '[' || text[at] == ']')) inside = text[at] == '[';
    if (at < text.size() && (text[at] != ',' || inside)) continue;
    if (const auto one = trimmed(text.substr(from, at - from)); !one.empty()) operands.push_back(one);
    from = at + 1;
  }
  return operands;
}

Same compare(std::string_view meaning, const Instruction& actual, const Bindings& bindings) {
  const auto blank = std::min(meaning.find(' '), meaning.size());
  if (meaning.substr(0, blank) != actual.mnemonic) return Same::no;
  const auto wanted = operands_in(meaning.substr(blank));
  if (wanted.size() != actual.operands.size()) return Same::no;
  Same same = Same::yes;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Same one = compare_operand(wanted[i], actual.operands[i], bindings, actual.address);
    if (one == Same::no) return Same::no;
    if (one == Same::another_number) same = one;
  }
  return same;
}

/// "add x0, x0, #256, lsl #12" with its number as it is.
Instruction with_shift_done(Instruction instruction) {
  auto& operands = instruction.operands;
  if (operands.size() < 2 || operands.back() != "lsl #12") return instruction;
  if (const auto number = printed_number(operands[operands.size() - 2])) {
    operands.pop_back();
    operands.back() = "#" + std::to_string(*number << 12);
  }
  return instruction;
}

}  // namespace

std::optional<Judgement> judge_aarch64(std::string_view words, const Code& code,
                                       const disassembly::Disassembler& disassembler) {
  const auto parts = split(words, kBlanks);
  if (parts.empty() || parts.size() > 2 || code.bytes.size() != 4) return std::nullopt;
  // "^~label BRANCH": the reference stands in front
  std::string_view label = parts.size() == 2 ? parts[0] : "";
  if (!label.empty() && !label.starts_with("^~")) return std::nullopt;
  const auto read = disassembler.disassemble(code.bytes, code.address);
  if (read.size() != 1) return std::nullopt;
  const Instruction actual = with_shift_done(read[0]);

  Judgement judgement{.fault = Fault::none, .actual = read[0].text(), .label = {}, .label_value = {}};
  bool understood = false;
  for (const Row& row : kRows) {
    Bindings bindings;
    if (!match_name(row.name, parts.back(), bindings)) continue;
    Same best = Same::no;
    for (const std::string_view meaning : split(row.meaning, "|")) {
      const Same one = compare(meaning, actual, bindings);
      if (one < best) best = one;
    }
    if (!understood || best == Same::yes)
      judgement.fault = best == Same::yes  ? Fault::none
                        : best == Same::no ? Fault::instruction
                                           : Fault::number;
    understood = true;
    if (best == Same::yes) break;
  }
  if (!understood) return std::nullopt;
  if (!label.empty()) {
    judgement.label = std::string(label.substr(2));
    judgement.label_value = actual.target;
  }
  return judgement;
}

}  // namespace assay::bootstrap::lint
