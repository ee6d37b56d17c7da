// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// x86 and AMD64: "mov_rdi,[rsp+BYTE] !8", "je8 !done", "sub_rax, %4", "lea_rbx,[rip+DWORD] %table". The
// mnemonic, '_', the operands in Intel's order; where the list ends with a comma a number follows, and BYTE,
// WORD or DWORD in brackets stand for one.
#include <algorithm>
#include <array>
#include <set>

#include "bootstrap/lint/claim.h"
#include "bootstrap/lint/words.h"

namespace assay::bootstrap::lint {

namespace {

using disassembly::Instruction;

/// Other names of one instruction, by the name that the disassembler prints.
constexpr std::array<std::pair<std::string_view, std::string_view>, 30> kSynonyms{{
    {"jz", "je"},        {"jnz", "jne"},      {"jc", "jb"},        {"jnae", "jb"},      {"jnb", "jae"},
    {"jnc", "jae"},      {"jna", "jbe"},      {"jnbe", "ja"},      {"jnge", "jl"},      {"jnl", "jge"},
    {"jng", "jle"},      {"jnle", "jg"},      {"sal", "shl"},      {"setz", "sete"},    {"setnz", "setne"},
    {"setc", "setb"},    {"setnc", "setae"},  {"movzbl", "movzx"}, {"movzwl", "movzx"}, {"movsxd", "movsx"},
    {"pushfq", "pushf"}, {"pushfd", "pushf"}, {"popfq", "popf"},   {"popfd", "popf"},   {"movabs", "mov"},
    {"retq", "ret"},     {"cltd", "cdq"},     {"cqto", "cqo"},     {"addd", "add"},     {"repe", "rep"},
}};

constexpr std::array<std::string_view, 65> kMnemonics{
    "adc",   "add",   "and",   "call",  "cdq",   "cld", "cli",  "cmp",   "cqo",     "dec",   "div",
    "hlt",   "idiv",  "imul",  "inc",   "int",   "ja",  "jae",  "jb",    "jbe",     "je",    "jg",
    "jge",   "jl",    "jle",   "jmp",   "jne",   "jns", "js",   "lahf",  "lea",     "leave", "loop",
    "mov",   "movsx", "movzx", "mul",   "neg",   "nop", "not",  "or",    "pop",     "popf",  "push",
    "pushf", "rdmsr", "ret",   "sahf",  "sar",   "sbb", "seta", "setae", "setb",    "setbe", "sete",
    "setg",  "setge", "setl",  "setle", "setne", "shl", "shr",  "sub",   "syscall", "test"};
constexpr std::array<std::string_view, 3> kMoreMnemonics{"wrmsr", "xchg", "xor"};
/// Those that are words of English too count alone only in the name of a DEFINE.
constexpr std::array<std::string_view, 14> kAlone{"cdq",   "cqo",  "hlt",     "lahf",  "leave",
                                                  "nop",   "popf", "ret",     "pushf", "rdmsr",
                                                  "wrmsr", "sahf", "syscall", "cld"};

constexpr std::array<std::string_view, 4> kOldRegisters{"a", "b", "c", "d"};

std::string_view canonical(std::string_view mnemonic) {
  const auto row =
      std::ranges::find(kSynonyms, mnemonic, &std::pair<std::string_view, std::string_view>::first);
  return row == kSynonyms.end() ? mnemonic : row->second;
}

bool is_mnemonic(std::string_view word) {
  return std::ranges::find(kMnemonics, word) != kMnemonics.end() ||
         std::ranges::find(kMoreMnemonics, word) != kMoreMnemonics.end();
}

bool is_register(std::string_view word) {
  if (word.size() == 2 && (word[1] == 'l' || word[1] == 'h' || word[1] == 'x'))
    return std::ranges::find(kOldRegisters, word.substr(0, 1)) != kOldRegisters.end();
  if (word.size() == 2 && word[1] == 's')
    return std::string_view("cdefgs").find(word[0]) != std::string_view::npos;
  if (word.size() == 3 && word.starts_with("cr")) return true;
  if (word.size() >= 2 && word[0] == 'r' && word[1] >= '0' && word[1] <= '9') return true;
  if (word.size() == 3 && (word[0] == 'e' || word[0] == 'r')) word.remove_prefix(1);
  return word.size() == 2 &&
         (word[1] == 'x' || word == "si" || word == "di" || word == "bp" || word == "sp" || word == "ip");
}

struct Operand {
  enum class Kind : std::uint8_t { reg, memory, number, unknown };
  Kind kind = Kind::unknown;
  std::string text;                      ///< of a register
  std::multiset<std::string> registers;  ///< inside the brackets
  std::string_view size;                 ///< of what is in memory, if it is said: byte, word, dword
  std::string_view width;                ///< BYTE, WORD, DWORD for a displacement to come
  std::optional<std::int64_t> displacement;
  std::optional<std::int64_t> bare_hex;  ///< "80" as who leaves 0x out means it
  bool vague = false;                    ///< in brackets stands a word that is neither register nor number
};

Operand read_operand(std::string_view text) {
  Operand operand;
  const auto bracket = text.find('[');
  if (bracket == std::string_view::npos) {
    operand.text = lower(text);
    if (is_register(operand.text)) operand.kind = Operand::Kind::reg;
    if (number_in(text)) operand.kind = Operand::Kind::number, operand.displacement = number_in(text);
    operand.bare_hex = number_in("0x" + std::string(text));
    return operand;
  }
  operand.kind = Operand::Kind::memory;
  const std::string front = lower(text.substr(0, bracket));
  for (const std::string_view size : {"byte", "dword", "qword", "word"}) {
    if (front.starts_with(size)) operand.size = size;
  }
  operand.vague = !front.empty() && operand.size.empty();
  std::string inside;  // with a blank around each sign
  for (const char one : text.substr(bracket + 1, text.find(']', bracket) - bracket - 1)) {
    inside += one == '+' ? " " : one == '-' ? " -" : std::string(1, one);
  }
  bool minus = false;
  for (std::string_view word : split(inside, " \t")) {
    if (word == "-") {
      minus = true;
      continue;
    }
    for (const std::string_view width : {"BYTE", "WORD", "DWORD"}) {
      if (word == width) operand.width = width;
    }
    const auto star = word.find('*');
    if (star != std::string_view::npos)
      word = is_register(lower(word.substr(star + 1))) ? word.substr(star + 1) : word.substr(0, star);
    if (is_register(lower(word))) {
      operand.registers.insert(lower(word));
    } else if (const auto number = number_in(word)) {
      operand.displacement = operand.displacement.value_or(0) + (minus ? -*number : *number);
    } else {
      operand.vague = true;
    }
  }
  return operand;
}

struct Claim {
  std::string mnemonic;
  std::string_view width;  ///< of the number behind, by name: "je8", "cmp_rax,BYTE"
  std::vector<Operand> operands;
  bool bare = false;            ///< a mnemonic and nothing else
  bool far = false;             ///< may be a jump to another segment
  bool number_follows = false;  ///< the operand list ends with a comma
  std::optional<std::int64_t> number;
  std::optional<std::string> label;
};

/// "cmp al, 0x3C", "call read": nothing where any word is of English.
std::optional<Claim> read_plain_claim(std::string_view text) {
  const auto blank = text.find_first_of(kBlanks);
  Claim claim;
  claim.mnemonic = canonical(text.substr(0, blank));
  const std::string_view rest = trimmed(text.substr(std::min(blank, text.size())));
  if (!is_mnemonic(claim.mnemonic) || rest.empty()) return std::nullopt;
  if (claim.mnemonic.starts_with('j') || claim.mnemonic == "call") {
    if (is_register(lower(rest)) || rest.find_first_of(" \t,:[") != std::string_view::npos || number_in(rest))
      return std::nullopt;
    claim.label = std::string(rest);
    claim.far = true;
    return claim;
  }
  for (const std::string_view piece : split(rest, ",")) {
    const std::string_view one = trimmed(piece);
    const bool memory = one.find('[') != std::string_view::npos;
    if (memory ? !one.ends_with(']') || one.find(':') != std::string_view::npos
               : one.find_first_of(" \t") != std::string_view::npos)
      return std::nullopt;
    claim.operands.push_back(read_operand(one));
    const Operand& last = claim.operands.back();
    if (last.kind == Operand::Kind::unknown || last.vague) return std::nullopt;
  }
  return claim;
}

std::optional<Claim> read_claim(std::string_view text, bool is_name) {
  const auto words = split(text, kBlanks);
  if (words.empty()) return std::nullopt;
  if (words.size() > 1 && words[0].find('_') == std::string_view::npos &&
      std::string_view("!%@&$").find(words[1][0]) == std::string_view::npos)
    return read_plain_claim(text);
  Claim claim;
  const auto bar = words[0].find('_');
  std::string mnemonic(words[0].substr(0, bar));
  if (mnemonic != lower(mnemonic)) return std::nullopt;
  if (!is_mnemonic(canonical(mnemonic)) && (mnemonic.starts_with('j') || mnemonic.starts_with("call"))) {
    for (const std::string_view size : {"8", "32"}) {
      if (!mnemonic.ends_with(size)) continue;
      claim.width = size == "8" ? "BYTE" : "DWORD";
      mnemonic.resize(mnemonic.size() - size.size());
    }
  }
  claim.mnemonic = canonical(mnemonic);
  if (!is_mnemonic(claim.mnemonic)) return std::nullopt;
  if (bar != std::string_view::npos) {
    std::string_view list = words[0].substr(bar + 1);
    if (list.empty()) return std::nullopt;
    if (list.ends_with(',')) claim.number_follows = true;
    for (const std::string_view one : split(list, ",")) {
      if (one == "BYTE" || one == "WORD" || one == "DWORD") {
        claim.width = one;
        claim.number_follows = true;
        continue;
      }
      claim.operands.push_back(read_operand(one));
      if (claim.operands.back().kind == Operand::Kind::unknown) return std::nullopt;
      if (!claim.operands.back().width.empty()) claim.width = claim.operands.back().width;
    }
  }
  claim.bare = words.size() == 1 && bar == std::string_view::npos;
  bool refers = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (std::string_view("!%@&$").find(words[i][0]) == std::string_view::npos || words[i].size() < 2)
      return std::nullopt;
    const std::string_view value = words[i].substr(1);
    claim.number = number_in(value);
    if (!claim.number) claim.label = std::string(value.substr(0, value.find('>')));
    refers = true;
    if (bar == std::string_view::npos) claim.number_follows = true;
  }
  const bool alone = std::ranges::find(kAlone, claim.mnemonic) != kAlone.end();
  if (bar == std::string_view::npos && !refers && !alone && !is_name) return std::nullopt;
  return claim;
}

Fault compare(const Operand& claimed, const std::string& printed) {
  const Operand actual = read_operand(printed);
  if (claimed.kind != actual.kind) return Fault::instruction;
  if (claimed.kind == Operand::Kind::reg)
    return claimed.text == actual.text ? Fault::none : Fault::instruction;
  if (claimed.kind == Operand::Kind::memory) {
    if (!claimed.size.empty() && !actual.size.empty() && claimed.size != actual.size)
      return Fault::instruction;
    if (claimed.registers != actual.registers) return Fault::instruction;
    if (!claimed.width.empty()) return Fault::none;  // its number comes behind
  }
  const std::int64_t number = actual.displacement.value_or(0);
  if (same_field(claimed.displacement.value_or(0), number)) return Fault::none;
  return claimed.bare_hex && same_field(*claimed.bare_hex, number) ? Fault::none : Fault::number;
}

Fault compare_operands(const Claim& claim, const Instruction& actual) {
  std::vector<std::string> printed = actual.operands;
  const std::size_t count = claim.operands.size();
  const bool swaps = claim.mnemonic == "xchg" || claim.mnemonic == "test";
  if (printed.size() > count && printed.size() > 1 && printed[0] == printed[1])
    printed.erase(printed.begin());  // imul, test
  if (printed.size() > count) {      // the number that follows
    const bool number = !is_register(printed.back()) && printed.back().find('[') == std::string::npos;
    if (printed.size() != count + 1 || !number || !claim.number_follows) return Fault::instruction;
  } else if (printed.size() < count || (claim.number_follows && claim.width.empty())) {
    return Fault::instruction;
  }
  Fault worst = Fault::none;
  for (std::size_t i = 0; i < count && worst != Fault::instruction; ++i) {
    const Fault one = compare(claim.operands[i], printed[i]);
    if (one != Fault::none) worst = one;
  }
  if (worst == Fault::instruction && swaps && count == 2 &&
      compare(claim.operands[0], printed[1]) == Fault::none)
    worst = compare(claim.operands[1], printed[0]);
  return worst;
}

/// The number that a claim puts behind its operands: in the brackets that leave room for it, or an immediate.
std::optional<std::int64_t> number_behind(const Claim& claim, const Instruction& actual) {
  for (std::size_t i = 0; i < claim.operands.size() && i < actual.operands.size(); ++i) {
    if (!claim.operands[i].width.empty()) return read_operand(actual.operands[i]).displacement.value_or(0);
  }
  return actual.operands.empty() ? std::nullopt : read_operand(actual.operands.back()).displacement;
}

std::size_t size_of(std::string_view width) { return width == "BYTE" ? 1 : width == "WORD" ? 2 : 4; }

/// The address that an instruction refers to: of a jump, or relative to its end.
std::optional<std::uint64_t> reference_of(const Instruction& instruction) {
  if (instruction.target) return instruction.target;
  for (const std::string& operand : instruction.operands) {
    const Operand read = read_operand(operand);
    if (read.registers.contains("rip"))
      return instruction.address + instruction.bytes.size() +
             static_cast<std::uint64_t>(read.displacement.value_or(0));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Judgement> judge_x86(std::string_view words, const Code& code,
                                   const disassembly::Disassembler& disassembler) {
  const std::optional<Claim> claim = read_claim(words, code.front_only);
  if (!claim) return std::nullopt;
  Bytes bytes(code.bytes.begin(), code.bytes.end());
  if (code.front_only) bytes.resize(bytes.size() + 8);  // what comes behind, as zeros
  const std::vector<Instruction> read = disassembler.disassemble(bytes, code.address);
  if (read.empty() || read[0].mnemonic.empty()) return std::nullopt;
  const Instruction& actual = read[0];
  const std::size_t behind =
      actual.bytes.size() > code.bytes.size() ? actual.bytes.size() - code.bytes.size() : 0;
  if (!code.front_only && actual.bytes.size() != code.bytes.size()) return std::nullopt;
  if (code.front_only && actual.bytes.size() < code.bytes.size()) return std::nullopt;

  Judgement judgement;
  judgement.actual = actual.text();
  judgement.label = claim->label;
  const bool far = claim->far && actual.mnemonic == "l" + claim->mnemonic;
  if (canonical(actual.mnemonic) != claim->mnemonic && !far) {
    judgement.fault = Fault::instruction;
  } else if (!actual.target && !claim->bare && !claim->far) {
    judgement.fault = compare_operands(*claim, actual);
  }
  if (judgement.fault != Fault::none) return judgement;
  if (code.front_only && !claim->width.empty() && behind != size_of(claim->width)) {
    judgement.fault = Fault::width;
    return judgement;
  }
  if (claim->number && !actual.target &&
      !same_field(number_behind(*claim, actual).value_or(0), *claim->number))
    judgement.fault = Fault::number;
  if (claim->label) judgement.label_value = reference_of(actual);
  return judgement;
}

}  // namespace assay::bootstrap::lint
