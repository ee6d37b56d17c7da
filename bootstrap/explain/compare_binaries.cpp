// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>

#include "bootstrap/explain/difference.h"
#include "bootstrap/explain/place.h"
#include "bootstrap/explain/symbols.h"
#include "bootstrap/explain/trail_text.h"
#include "bootstrap/finding/finding.h"
#include "bootstrap/tree/architecture.h"
#include "bootstrap/tree/program_check.h"
#include "disassembly/disassembly.h"

namespace assay::bootstrap {
namespace {

using disassembly::Instruction;

/// The part without a label.
constexpr std::string_view kBefore = "(before the first label)";
constexpr std::size_t kAround = 3;  // instructions before and behind that are shown

/// The architecture that an ELF header names.
std::string architecture_of(ByteView program) {
  if (!is_elf(program) || program.size() < 20) return {};
  const unsigned machine = program[18] | program[19] << 8;
  const int bits = program[4] == 2 ? 64 : 32;
  for (const Architecture& arch : architectures()) {
    if (arch.elf_machine == machine && arch.word_bits == bits) return std::string(arch.name);
  }
  return {};
}

/// A part of a binary from one label to the next.
struct Part {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

class Binary {
 public:
  Binary(const Side& side, std::string_view architecture)
      : side_(side), symbols_(symbols_of(*side.bytes, side.trail, side.file)) {
    const std::string own = architecture.empty() ? architecture_of(*side.bytes) : std::string(architecture);
    disassembler_ = disassembly::Disassembler::open(own);
    riscv_ = own.starts_with("riscv");
    const std::uint64_t first = symbols_.empty() ? side.bytes->size() : symbols_.front().at;
    add(std::string(kBefore), {0, first});
    for (std::size_t index = 0; index < symbols_.size(); ++index) {
      const std::uint64_t end = index + 1 < symbols_.size() ? symbols_[index + 1].at : side.bytes->size();
      if (end > symbols_[index].at) add(symbols_[index].name, {symbols_[index].at, end});
    }
  }

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] const Part* part(const std::string& name) const {
    const auto found = parts_.find(name);
    return found == parts_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] ByteView bytes(const Part& part) const {
    return ByteView(*side_.bytes).subspan(part.begin, part.end - part.begin);
  }
  [[nodiscard]] std::uint64_t address(std::uint64_t offset) const {
    return address_of(*side_.bytes, offset).value_or(offset);
  }
  [[nodiscard]] std::string near(std::uint64_t offset) const { return near_symbol(symbols_, offset); }
  [[nodiscard]] std::vector<Instruction> code(const Part& part) const {
    if (!disassembler_) return {};
    return disassembler_->disassemble(bytes(part), address(part.begin));
  }
  /// Instructions as texts in which addresses of the program are names.
  [[nodiscard]] std::vector<std::string> named(const std::vector<Instruction>& code) const;
  /// Words of data, addresses of the program as names.
  [[nodiscard]] std::vector<std::string> words(const Part& part) const {
    constexpr std::size_t kWord = 4;
    std::vector<std::string> texts;
    const ByteView data = bytes(part);
    for (std::size_t at = 0; at < data.size(); at += kWord) {
      const ByteView word = data.subspan(at, std::min(kWord, data.size() - at));
      texts.push_back(name_of_word(word));
      if (texts.back().empty()) texts.back() = to_hex(word);
    }
    return texts;
  }
  /// The part that an offset lies in.
  [[nodiscard]] Part part_around(std::uint64_t offset) const {
    for (const auto& [name, part] : parts_) {
      if (offset >= part.begin && offset < part.end) return part;
    }
    return {0, side_.bytes->size()};
  }
  [[nodiscard]] const Side& side() const { return side_; }

 private:
  void add(const std::string& name, Part part) {
    std::string own = name;
    for (unsigned number = 2; parts_.contains(own); ++number) own = fmt::format("{} ({})", name, number);
    parts_.emplace(own, part);
    names_.push_back(own);
  }
  [[nodiscard]] std::string name_of_address(std::uint64_t address) const {
    const std::optional<std::uint64_t> offset = offset_of(*side_.bytes, address);
    if (!offset) return {};
    std::string name = near_symbol(symbols_, *offset);
    return name.empty() ? "(header)" : name;
  }
  [[nodiscard]] std::string name_of_word(ByteView word) const {
    std::uint64_t value = 0;
    for (std::size_t index = 0; index < word.size(); ++index)
      value |= std::uint64_t{word[index]} << (8 * index);
    return word.size() == 4 ? name_of_address(value) : "";
  }
  [[nodiscard]] std::string named(const std::string& operand, const Instruction& one) const;

  const Side& side_;
  std::vector<Symbol> symbols_;
  std::optional<disassembly::Disassembler> disassembler_;
  bool riscv_ = false;
  std::map<std::string, Part> parts_;
  std::vector<std::string> names_;  ///< of parts, in order
};

/// An operand in which numbers that are addresses of the program are names.
std::string Binary::named(const std::string& operand, const Instruction& one) const {
  std::string result;
  const bool relative = operand.find("rip") != std::string::npos;
  for (std::size_t at = 0; at < operand.size();) {
    const bool starts = std::isdigit(static_cast<unsigned char>(operand[at])) != 0 &&
                        (at == 0 || std::isalnum(static_cast<unsigned char>(operand[at - 1])) == 0);
    if (!starts) {
      result += operand[at++];
      continue;
    }
    std::size_t used = 0;
    std::uint64_t value = 0;
    try {
      value = std::stoull(operand.substr(at), &used, 0);
    } catch (const std::exception&) {
      used = 1;
    }
    const bool minus = result.find('-') != std::string::npos;
    const std::uint64_t address =
        relative ? one.address + one.bytes.size() + (minus ? 0 - value : value) : value;
    std::string name = name_of_address(address);
    if (relative && !name.empty()) return name;
    result += name.empty() ? operand.substr(at, used) : name;
    at += used;
  }
  return result;
}

std::vector<std::string> Binary::named(const std::vector<Instruction>& code) const {
  std::vector<std::string> texts;
  bool after_upper = false;  // RISC-V: the other half of an address
  for (const Instruction& one : code) {
    if (one.bytes.size() == 4) {  // an address among the code (A64)
      if (std::string name = name_of_word(one.bytes); !name.empty()) {
        texts.push_back("address of " + name);
        after_upper = false;
        continue;
      }
    }
    std::string text = one.mnemonic.empty() ? to_hex(one.bytes) : one.mnemonic;
    for (std::size_t index = 0; index < one.operands.size(); ++index) {
      const bool last = index + 1 == one.operands.size();
      std::string operand = one.operands[index];
      if (last && one.target) {
        operand = name_of_address(*one.target);
        if (operand.empty()) operand = fmt::format("0x{:x}", *one.target);
      } else if (riscv_ && last && (after_upper || one.mnemonic == "auipc")) {
        operand = "(address)";
      } else {
        operand = named(operand, one);
      }
      text += (index == 0 ? " " : ", ") + operand;
    }
    after_upper = one.mnemonic == "auipc";
    texts.push_back(std::move(text));
  }
  return texts;
}

bool is_text(ByteView bytes) {
  const auto printable_byte = [](Byte byte) {
    return byte == '\n' || byte == '\t' || byte == 0 || (byte >= ' ' && byte < 127);
  };
  const bool has_letters =
      std::any_of(bytes.begin(), bytes.end(), [](Byte byte) { return byte >= ' ' && byte < 127; });
  return has_letters && std::all_of(bytes.begin(), bytes.end(), printable_byte);
}

std::string shown_text(ByteView bytes) {
  constexpr std::size_t kMost = 60;
  std::string text;
  for (const Byte byte : bytes.first(std::min(bytes.size(), kMost))) {
    if (byte == 0) break;
    text += byte == '\n'   ? std::string("\\n")
            : byte == '\t' ? std::string("\\t")
                           : std::string(1, static_cast<char>(byte));
  }
  return text;
}

/// What is at an offset of one side, with instructions around it and its trail.
std::string side_text(const Binary& binary, std::uint64_t offset) {
  const Side& side = binary.side();
  const std::string near = binary.near(offset);
  std::string text = fmt::format("{}: offset 0x{:x}, address 0x{:x}{}: {}\n", printable(side.name), offset,
                                 binary.address(offset), near.empty() ? "" : ", in " + printable(near),
                                 byte_text(*side.bytes, offset));
  if (offset >= side.bytes->size()) return text;
  const Part part = binary.part_around(offset);
  const std::vector<Instruction> code =
      is_text(binary.bytes(part)) ? std::vector<Instruction>{} : binary.code(part);
  if (code.empty() && is_text(binary.bytes(part)))
    text += fmt::format("    the text \"{}\"\n", printable(shown_text(binary.bytes(part))));
  const std::uint64_t address = binary.address(offset);
  const auto at = std::find_if(code.begin(), code.end(), [&](const Instruction& one) {
    return address >= one.address && address < one.address + one.bytes.size();
  });
  const auto first = at - std::min<std::ptrdiff_t>(at - code.begin(), kAround);
  for (auto one = first; one != code.end() && one <= at + kAround; ++one)
    text += fmt::format("  {} 0x{:x}  {:<20} {}\n", one == at ? '>' : ' ', one->address, to_hex(one->bytes),
                        one->text().empty() ? "(no instruction)" : one->text());
  if (side.trail != nullptr && side.file != kNoFile)
    text += trail_text(*side.trail, side.trail->follow(side.file, offset), offset);
  return text;
}

/// Whether the same word of M1 became something else.
std::string other_definition(const Binary& a, const Binary& b, std::uint64_t in_a, std::uint64_t in_b) {
  const auto word = [](const Binary& binary, std::uint64_t offset) -> std::optional<TrailHop> {
    const Side& side = binary.side();
    if (side.trail == nullptr || side.file == kNoFile) return std::nullopt;
    for (TrailHop& hop : side.trail->follow(side.file, offset).hops) {
      if (hop.role == Role::m0 || hop.role == Role::m1) return std::move(hop);
    }
    return std::nullopt;
  };
  const std::optional<TrailHop> one = word(a, in_a);
  const std::optional<TrailHop> other = word(b, in_b);
  if (!one || !other || one->token != other->token || one->notes.empty() || other->notes.empty() ||
      one->notes.front() == other->notes.front())
    return {};
  return fmt::format("another DEFINE of '{}': {} against {}", one->token, one->notes.front(),
                     other->notes.front());
}

}  // namespace

Difference compare_binaries(const Side& side_a, const Side& side_b, std::string_view architecture) {
  Difference result;
  const Bytes& first = *side_a.bytes;
  const Bytes& second = *side_b.bytes;
  if (first == second) return result;
  result.same = false;
  const Binary a(side_a, architecture);
  const Binary b(side_b, architecture);
  const auto parted = std::mismatch(first.begin(), first.end(), second.begin(), second.end());
  const auto raw = static_cast<std::uint64_t>(parted.first - first.begin());
  std::optional<std::pair<std::uint64_t, std::uint64_t>> real;  // the first that is no address
  std::string moved_label;
  std::vector<std::string> changed;
  std::vector<std::string> texts;
  for (const std::string& name : a.names()) {
    const Part* const mine = a.part(name);
    const Part* const theirs = b.part(name);
    if (theirs == nullptr) {
      result.parts.push_back({name, PartChange::Kind::only_first, mine->end - mine->begin, 0});
      changed.push_back(name);
      continue;
    }
    const ByteView left = a.bytes(*mine);
    const ByteView right = b.bytes(*theirs);
    if (mine->begin != theirs->begin && moved_label.empty())
      moved_label = fmt::format("label '{}' is at 0x{:x} against 0x{:x}", name, a.address(mine->begin),
                                b.address(theirs->begin));
    const bool same = std::equal(left.begin(), left.end(), right.begin(), right.end());
    if (same && mine->begin != theirs->begin) ++result.moved;
    if (same) continue;
    const std::vector<Instruction> code_a = a.code(*mine);
    const std::vector<Instruction> code_b = b.code(*theirs);
    const std::vector<std::string> names_a = a.named(code_a);
    const std::vector<std::string> names_b = b.named(code_b);
    const bool string = is_text(left) && is_text(right);
    const auto where = std::mismatch(names_a.begin(), names_a.end(), names_b.begin(), names_b.end());
    const bool same_code = !code_a.empty() && where.first == names_a.end() && where.second == names_b.end();
    // Headers and symbol tables follow from the rest.
    const bool is_table = name.starts_with("ELF_") || (name == kBefore && a.names().size() > 1);
    const bool relocated = is_table || (!string && (same_code || a.words(*mine) == b.words(*theirs)));
    result.parts.push_back({name, relocated ? PartChange::Kind::relocated : PartChange::Kind::changed,
                            left.size(), right.size()});
    if (relocated) continue;
    changed.push_back(name);
    if (string) texts.push_back(fmt::format("\"{}\" against \"{}\"", shown_text(left), shown_text(right)));
    if (real) continue;
    const auto index = static_cast<std::size_t>(where.first - names_a.begin());
    std::uint64_t here = 0;
    if (!string && index < code_a.size() && index < code_b.size()) {
      real = {mine->begin + code_a[index].address - code_a.front().address,
              theirs->begin + code_b[index].address - code_b.front().address};
      // Of the instruction, the first byte that differs.
      const ByteView x = code_a[index].bytes;
      const ByteView y = code_b[index].bytes;
      here =
          static_cast<std::uint64_t>(std::mismatch(x.begin(), x.end(), y.begin(), y.end()).first - x.begin());
      if (here == x.size() || here >= y.size()) here = 0;
    } else {
      real = {mine->begin, theirs->begin};
      here = static_cast<std::uint64_t>(
          std::mismatch(left.begin(), left.end(), right.begin(), right.end()).first - left.begin());
    }
    real->first += here;
    real->second += here;
  }
  for (const std::string& name : b.names()) {
    const Part* const theirs = b.part(name);
    if (a.part(name) != nullptr) continue;
    result.parts.push_back({name, PartChange::Kind::only_second, 0, theirs->end - theirs->begin});
    changed.push_back(name);
  }
  const std::pair<std::uint64_t, std::uint64_t> shown = real.value_or(std::pair(raw, raw));
  if (shown.first != raw)
    result.story += fmt::format(
        "The first byte that differs is at offset 0x{:x}, an address; the first that is none:\n", raw);
  result.story += side_text(a, shown.first) + side_text(b, shown.second);
  result.cause = other_definition(a, b, shown.first, shown.second);
  const bool addresses_too = std::any_of(result.parts.begin(), result.parts.end(), [](const PartChange& one) {
    return one.kind == PartChange::Kind::relocated;
  });
  const std::string rest = addresses_too || result.moved > 0 ? "; the rest are addresses and places" : "";
  if (!result.cause.empty()) return result;
  if (changed.empty() && !moved_label.empty()) {
    result.cause = fmt::format("a label moved: {}; only addresses differ", moved_label);
  } else if (changed.empty()) {
    result.cause = "only addresses, or headers and symbol tables, differ";
  } else if (texts.size() == changed.size()) {
    result.cause = fmt::format("{}: {}{}", texts.size() == 1 ? "a string" : "strings", texts.front(), rest);
  } else if (changed.size() == 1) {
    const auto grown = static_cast<std::int64_t>(second.size()) - static_cast<std::int64_t>(first.size());
    result.cause = fmt::format(
        "'{}' is another{}{}", changed.front(),
        grown == 0 ? "" : fmt::format(" and {} bytes {}", std::abs(grown), grown > 0 ? "longer" : "shorter"),
        rest);
  }
  return result;
}

}  // namespace assay::bootstrap
