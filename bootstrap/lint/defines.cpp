// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "bootstrap/lint/claim.h"
#include "bootstrap/lint/finding_kinds.h"
#include "bootstrap/lint/hex_text.h"
#include "bootstrap/lint/words.h"

namespace assay::bootstrap::lint {

namespace {

/// The bytes of a value, digits only; nothing for others (RISC-V's fields begin with '.').
std::optional<Bytes> bytes_of(std::string_view digits) {
  if (digits.empty() || digits.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data() + at, digits.data() + at + 2, value, 16);
    if (error != std::errc() || end != digits.data() + at + 2) return std::nullopt;
    bytes.push_back(static_cast<Byte>(value));
  }
  return bytes;
}

/// "rd_a0 .00050000": the register in the place of its field.
std::optional<std::string> wrong_field(std::string_view name, const Bytes& bytes) {
  static constexpr std::array<std::pair<std::string_view, std::uint32_t>, 3> kFields{
      {{"rd_", 7}, {"rs1_", 15}, {"rs2_", 20}}};
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4 && i < bytes.size(); ++i) word |= std::uint32_t{bytes[i]} << (8 * i);
  for (const auto& [front, place] : kFields) {
    if (!name.starts_with(front)) continue;
    const auto number = riscv_register(name.substr(front.size()));
    if (!number || word == *number << place) return std::nullopt;
    return fmt::format("0x{:08X}, and x{} there is 0x{:08X}", word, *number, *number << place);
  }
  return std::nullopt;
}

}  // namespace

void lint_defines(const Source& source, std::string_view architecture, Counts& counts, DiagnosticSink& sink) {
  const Judge judge = find_judge(architecture);
  const auto disassembler = disassembly::Disassembler::open(architecture);
  if (judge == nullptr || !disassembler) return;
  const std::string_view all = as_text(source.bytes);
  for (std::size_t start = 0; start < all.size();) {
    const std::size_t end = std::min(all.find('\n', start), all.size());
    std::string_view text = all.substr(start, end - start);
    start = end + 1;
    text = text.substr(0, text.find_first_of("#;"));
    const auto words = split(text, kBlanks);
    if (words.size() != 3 || words[0] != "DEFINE") continue;
    const bool field = words[2].starts_with('.');
    const auto bytes = bytes_of(field ? words[2].substr(1) : words[2]);
    if (!bytes) continue;
    const Span span{0, static_cast<std::uint64_t>(words[1].data() - all.data()),
                    static_cast<std::uint64_t>(words[2].data() + words[2].size() - words[1].data())};
    const auto say = [&](const DiagnosticKind& which, std::string message) {
      ++counts.alarms;
      sink.report(which, span, std::move(message));
    };
    if (field) {
      ++counts.instructions;
      if (const auto wrong = wrong_field(words[1], *bytes))
        say(kind("lint-instruction"), fmt::format("'{}' is {}", words[1], *wrong));
      continue;
    }
    const auto judgement = judge(words[1], {*bytes, 0, true}, *disassembler);
    if (!judgement) continue;
    ++counts.instructions;
    const std::string message =
        fmt::format("'{}' names {}, which is '{}'", words[1], words[2], judgement->actual);
    if (judgement->fault == Fault::instruction) say(kind("lint-instruction"), message);
    if (judgement->fault == Fault::number) say(kind("lint-number"), message);
    if (judgement->fault == Fault::width)
      say(kind("lint-width"),
          fmt::format("'{}' takes another size behind {}: '{}'", words[1], words[2], judgement->actual));
  }
}

}  // namespace assay::bootstrap::lint
