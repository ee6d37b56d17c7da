// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/explain/hex_text.h"

#include <fmt/format.h>
#include <algorithm>
#include <cstring>

#include "hex1/dialects.h"
#include "hex2/dialects.h"

namespace assay::bootstrap {
namespace {

/// What sigils the assembler of a role knows.
struct Sigils {
  unsigned bytes[256];
  bool known[256] = {};
  bool one_letter = false;  ///< labels are
  bool bases = false;       ///< NAME>BASE
};

void add(Sigils& sigils, const hex1::References& references) {
  for (const hex1::Reference& one : references) {
    if (one.sigil == 0) continue;
    sigils.known[static_cast<unsigned char>(one.sigil)] = true;
    sigils.bytes[static_cast<unsigned char>(one.sigil)] = one.size;
  }
}

bool is_riscv(const Architecture& arch) { return arch.dialect.starts_with("riscv"); }

std::optional<Sigils> sigils_of(Role role, const Architecture& arch) {
  Sigils sigils;
  if (role == Role::hex1) {
    add(sigils, hex1::find_dialect(arch.dialect)->references);
    sigils.one_letter = true;
  } else if (role == Role::hex2_0) {
    add(sigils, hex2::find_dialect(arch.dialect)->references);
    sigils.bases = true;
  } else if (role == Role::hex2) {
    add(sigils, is_riscv(arch) ? hex2::rules::kFields : hex2::find_dialect("AArch64")->references);
    sigils.bases = true;
  } else {
    return std::nullopt;
  }
  return sigils;
}

/// A label or reference is where the first byte behind it is: all are in the order of the texts.
template <class Marks>
void place(Marks& marks, const std::vector<FileId>& order, const MadeFrom& made) {
  const auto text = [&](FileId of) { return std::find(order.begin(), order.end(), of) - order.begin(); };
  auto piece = made.pieces.begin();
  for (auto& mark : marks) {
    while (piece != made.pieces.end() &&
           (piece->from == mark.file ? piece->offset < mark.offset : text(piece->from) < text(mark.file)))
      ++piece;
    mark.at = piece != made.pieces.end() ? piece->begin : made.pieces.back().end;
    mark.address = made.base_address + mark.at;
  }
}

std::string signed_hex(std::int64_t value) {
  return value < 0 ? fmt::format("-0x{:x}", 0 - static_cast<std::uint64_t>(value))
                   : fmt::format("0x{:x}", value);
}

/// Bits of an instruction of RISC-V.
std::string field_words(const HexReference& reference, const HexLabel& target) {
  const bool second = reference.sigil == '!';  // of a pair: the distance is that of the first
  const std::uint64_t from = reference.address - (second ? 4 : 0);
  const std::string_view part = second                   ? "low 12 bits"
                                : reference.sigil == '@' ? "branch offset"
                                : reference.sigil == '$' ? "jump offset"
                                                         : "high 20 bits, rounded,";
  return fmt::format("{} of 0x{:x} ({}) - 0x{:x} ({}) = {}", part, target.address, reference.name, from,
                     second ? "the instruction before" : "this instruction",
                     signed_hex(static_cast<std::int64_t>(target.address - from)));
}

}  // namespace

/// Reads one text after the other.
class HexText::Reader {
 public:
  Reader(HexText& result, const Sigils& sigils) : result_(result), sigils_(sigils) {}

  void read(FileId file, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const char c = text[at];
      const std::size_t first = at++;
      if (c == '#' || c == ';') {
        while (at < text.size() && text[at] != '\n' && text[at] != '\r') ++at;
      } else if (c == ':') {
        result_.labels_.push_back({.name = name(text, at), .file = file, .offset = first});
      } else if (sigils_.known[static_cast<unsigned char>(c)]) {
        HexReference reference{.sigil = c, .bytes = sigils_.bytes[static_cast<unsigned char>(c)]};
        reference.name = name(text, at);
        if (sigils_.bases && at < text.size() && text[at] == '>') reference.base = name(text, ++at);
        reference.file = file;
        reference.offset = first;
        result_.references_.push_back(reference);
      }
    }
  }

 private:
  std::string_view name(std::string_view text, std::size_t& at) const {
    const std::size_t start = at;
    if (sigils_.one_letter) {
      at = std::min(at + 1, text.size());
    } else {
      while (at < text.size() && std::strchr(" \t\n>", text[at]) == nullptr) ++at;
    }
    return text.substr(start, at - start);
  }

  HexText& result_;
  const Sigils& sigils_;
};

HexText HexText::of(const Products& products, FileId file, const MadeFrom& made) {
  HexText result;
  const Making* const maker = products.maker(file);
  if (maker == nullptr || made.pieces.empty()) return result;
  const std::optional<Sigils> sigils = sigils_of(maker->command.role, products.architecture());
  if (!sigils) return result;
  Reader reader(result, *sigils);
  for (const FileId input : maker->inputs) reader.read(input, as_text(*products[input].bytes));
  place(result.labels_, maker->inputs, made);
  place(result.references_, maker->inputs, made);
  std::vector<std::size_t>& names = result.by_name_;
  for (std::size_t index = 0; index < result.labels_.size(); ++index) names.push_back(index);
  std::stable_sort(names.begin(), names.end(), [&](std::size_t a, std::size_t b) {
    return result.labels_[a].name < result.labels_[b].name;
  });
  return result;
}

const HexLabel* HexText::find(std::string_view name) const {
  const auto behind =
      std::upper_bound(by_name_.begin(), by_name_.end(), name,
                       [&](std::string_view wanted, std::size_t one) { return wanted < labels_[one].name; });
  if (behind == by_name_.begin() || labels_[*std::prev(behind)].name != name) return nullptr;
  return &labels_[*std::prev(behind)];
}

const HexLabel* HexText::before(std::uint64_t offset) const {
  const auto behind =
      std::upper_bound(labels_.begin(), labels_.end(), offset,
                       [](std::uint64_t wanted, const HexLabel& one) { return wanted < one.at; });
  return behind == labels_.begin() ? nullptr : &*std::prev(behind);
}

std::vector<HexReference> HexText::references(std::uint64_t offset) const {
  constexpr unsigned kWord = 4;
  auto at = std::partition_point(references_.begin(), references_.end(),
                                 [&](const HexReference& one) { return one.at + kWord <= offset; });
  std::vector<HexReference> found;
  for (; at != references_.end() && at->at <= offset; ++at) {
    if (offset < at->at + (at->bytes == 0 ? kWord : at->bytes)) found.push_back(*at);
  }
  return found;
}

std::string HexText::value_of(const HexReference& reference, ByteView bytes) const {
  const HexLabel* const target = find(reference.name);
  if (target == nullptr) return fmt::format("label '{}' is not defined here", reference.name);
  const std::uint64_t begin = reference.address;
  if (reference.bytes == 0) return field_words(reference, *target);
  std::uint64_t stored = 0;
  for (unsigned index = 0; index < reference.bytes && reference.at + index < bytes.size(); ++index)
    stored |= std::uint64_t{bytes[reference.at + index]} << (8 * index);
  const std::uint64_t mask = (std::uint64_t{1} << (8 * reference.bytes)) - 1;
  const std::uint64_t end = begin + reference.bytes;
  const auto size = fmt::format("{} byte{}", reference.bytes, reference.bytes == 1 ? "" : "s");
  const HexLabel* const base = reference.base.empty() ? nullptr : find(reference.base);
  const std::uint64_t from_base = base != nullptr ? base->address : 0;
  struct Way {
    std::uint64_t value;
    std::string words;
  };
  const std::uint64_t away_end = target->address - end;
  const auto quarter = [](std::uint64_t away) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(away) >> 2);
  };
  const std::string name = fmt::format("0x{:x} ({})", target->address, reference.name);
  std::vector<Way> ways;
  if (base != nullptr)
    ways.push_back(
        {target->address - from_base, fmt::format("{} - 0x{:x} ({})", name, from_base, reference.base)});
  const bool absolute = reference.sigil == '&' || reference.sigil == '$';
  if (absolute)
    ways.push_back(
        {target->address, fmt::format("the address 0x{:x} ({})", target->address, reference.name)});
  if (base == nullptr && !absolute) {
    const std::string to_end = fmt::format("{} - 0x{:x} (behind the field)", name, end);
    const std::string to_begin = fmt::format("{} - 0x{:x} (the field)", name, begin);
    ways.push_back({away_end, to_end});
    ways.push_back({target->address - begin, to_begin});
    ways.push_back({quarter(target->address - begin), fmt::format("({}) / 4", to_begin)});
    const std::uint64_t word = end & ~std::uint64_t{3};
    ways.push_back(
        {quarter(target->address - word), fmt::format("({} - 0x{:x} (this instruction)) / 4", name, word)});
    ways.push_back({target->address - word, fmt::format("{} - 0x{:x} (this instruction)", name, word)});
    ways.push_back(
        {target->address - word - 8, fmt::format("{} - 0x{:x} (two instructions on)", name, word + 8)});
  }
  for (const Way& way : ways) {
    if ((way.value & mask) != stored) continue;
    const std::uint64_t sign = std::uint64_t{1} << (8 * reference.bytes - 1);
    const auto shown =
        absolute ? static_cast<std::int64_t>(stored) : static_cast<std::int64_t>((stored ^ sign) - sign);
    return fmt::format("{}: {} = {}", size, way.words, signed_hex(shown));
  }
  return fmt::format("{}: 0x{:x}, of {} (how is not known)", size, stored, name);
}

}  // namespace assay::bootstrap
