// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/lint/hex_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "bootstrap/lint/claim.h"
#include "bootstrap/lint/finding_kinds.h"
#include "bootstrap/lint/words.h"

namespace assay::bootstrap::lint {

namespace {

class HexText {
 public:
  HexText(const AssembledText& text, std::string_view architecture, Counts& counts, DiagnosticSink& sink)
      : text_(text),
        judge_(find_judge(architecture)),
        disassembler_(disassembly::Disassembler::open(architecture)),
        real_mode_(disassembly::Disassembler::open(architecture == "x86" ? "x86-16" : "")),
        counts_(counts),
        sink_(sink) {}

  void run() {
    const Remark* waiting = nullptr;  // a comment on its own line speaks of the next bytes
    const Line* last = nullptr;
    for (const Line& line : text_.lines) {
      if (line.length == 0) {
        check_address(line);
        check_distance(line, last);
        if (!line.remarks.empty()) waiting = line.code.empty() ? &line.remarks.front() : nullptr;
        continue;
      }
      const Remark* remark = line.remarks.empty() ? waiting : &line.remarks.front();
      if (remark != nullptr && text_.output.bytes.size() > line.offset) check_instruction(line, *remark);
      waiting = nullptr;
      last = &line;
    }
  }

 private:
  void say(const DiagnosticKind& kind, const Remark& remark, std::string message) {
    ++counts_.alarms;
    sink_.report(kind, {0, remark.offset, remark.text.size()}, std::move(message));
  }

  /// ":name ; (0x8048080)" and ":name [_start+0x3E5]".
  void check_address(const Line& line) {
    const bool in_comment = !line.remarks.empty() && !label_in(line.remarks.front().text).empty();
    if (!line.code.starts_with(':') && !in_comment) return;
    for (const Remark& remark : line.remarks) {
      const auto open = remark.text.find_first_of("([");
      const auto close = open == std::string_view::npos ? open : remark.text.find_first_of(")]", open);
      if (close == std::string_view::npos) continue;
      std::string_view inside = remark.text.substr(open + 1, close - open - 1);
      std::uint64_t from = 0;
      if (const auto plus = inside.find('+'); plus != std::string_view::npos) {
        const auto label = text_.labels.find(inside.substr(0, plus));
        if (label == text_.labels.end()) continue;
        from = label->second;
        inside.remove_prefix(plus + 1);
      } else if (!text_.whole) {
        continue;
      }
      const auto written = number_in(inside);
      if (!written || !inside.starts_with("0x")) continue;
      const std::uint64_t address = text_.base + line.offset;
      if (line.offset == text_.output.bytes.size() && from != 0) continue;
      ++counts_.addresses;
      if (from + static_cast<std::uint64_t>(*written) == address) continue;
      say(kind("lint-address"), {remark.text.substr(open, close + 1 - open), remark.offset + open},
          fmt::format("the comment says 0x{:X}, the address is 0x{:X}", *written, address - from));
    }
  }

  /// "+588B" below an instruction: how far it refers.
  void check_distance(const Line& line, const Line* last) {
    if (last == nullptr || line.remarks.size() != 1 || !line.code.empty() || !disassembler_) return;
    const std::string_view remark = line.remarks[0].text;
    if (remark.size() < 3 || (remark[0] != '+' && remark[0] != '-') || !remark.ends_with('B')) return;
    const auto written = number_in(remark.substr(0, remark.size() - 1));
    if (!written) return;
    const std::optional<std::int64_t> distance = distance_of(*last);
    if (!distance) return;
    ++counts_.distances;
    if (*distance != *written)
      say(kind("lint-distance"), line.remarks[0],
          fmt::format("the comment says {:+}, the distance is {:+}", *written, *distance));
  }

  /// Of a jump; or of an addition to the pair that it ends, from where the pair starts.
  [[nodiscard]] std::optional<std::int64_t> distance_of(const Line& line) const {
    const std::uint64_t address = text_.base + line.offset;
    const auto read = disassembler_->disassemble(text_.bytes(line), address);
    if (read.size() != 1) return std::nullopt;
    if (read[0].target) return static_cast<std::int64_t>(*read[0].target - address);
    if (line.offset < 4 || read[0].operands.size() != 3) return std::nullopt;
    const auto before =
        disassembler_->disassemble(ByteView(text_.output.bytes).subspan(line.offset - 4, 4), address - 4);
    if (before.size() != 1 || before[0].mnemonic != "auipc") return std::nullopt;
    const auto high = number_in(before[0].operands[1]);
    const auto low = number_in(read[0].operands[2]);
    if (!high || !low) return std::nullopt;
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(*high) << 12) + *low;
  }

  void check_instruction(const Line& line, const Remark& remark) {
    if (judge_ == nullptr || !disassembler_) return;
    const Code code{text_.bytes(line), text_.base + line.offset, false};
    auto judgement = judge_(remark.text, code, *disassembler_);
    if (real_mode_) judgement = better(std::move(judgement), judge_(remark.text, code, *real_mode_));
    if (!judgement) return;
    // a word behind a jump that is no label may be any word
    if (judgement->fault == Fault::instruction && judgement->label &&
        !text_.labels.contains(*judgement->label))
      return;
    ++counts_.instructions;
    if (judgement->fault == Fault::instruction) {
      say(kind("lint-instruction"), remark,
          fmt::format("the comment says '{}', the bytes are '{}'", remark.text, judgement->actual));
    } else if (judgement->fault == Fault::number) {
      say(kind("lint-number"), remark,
          fmt::format("the comment says '{}', the bytes are '{}'", remark.text, judgement->actual));
    } else if (judgement->label && judgement->label_value) {
      check_target(remark, *judgement);
    }
  }

  /// Of a boot sector's code nothing says where it leaves real mode: the comments before do.
  std::optional<Judgement> better(std::optional<Judgement> usual, std::optional<Judgement> real) {
    const bool usual_agrees = usual && usual->fault == Fault::none;
    const bool real_agrees = real && real->fault == Fault::none;
    if (usual_agrees != real_agrees) is_real_ = real_agrees;
    if (!usual || !real) return usual ? usual : real;
    return is_real_ ? real : usual;
  }

  void check_target(const Remark& remark, const Judgement& judgement) {
    const auto [first, end] = text_.labels.equal_range(*judgement.label);
    if (first == end) return;
    // what lies behind the end (zeros that are not in the file) has only names
    if (first->second == text_.base + text_.output.bytes.size()) return;
    ++counts_.targets;
    if (std::any_of(first, end, [&](const auto& label) { return label.second == *judgement.label_value; }))
      return;
    std::string there;
    for (const auto& [name, address] : text_.labels) {
      if (address == *judgement.label_value && there.empty()) there = fmt::format(", which is '{}'", name);
    }
    say(kind("lint-target"), remark,
        fmt::format("the comment names '{}' at 0x{:X}, the bytes lead to 0x{:X}{}", *judgement.label,
                    first->second, *judgement.label_value, there));
  }

  const AssembledText& text_;
  Judge judge_;
  std::optional<disassembly::Disassembler> disassembler_;
  std::optional<disassembly::Disassembler> real_mode_;
  bool is_real_ = false;
  Counts& counts_;
  DiagnosticSink& sink_;
};

}  // namespace

void lint_hex_text(const AssembledText& text, std::string_view architecture, Counts& counts,
                   DiagnosticSink& sink) {
  HexText(text, architecture, counts, sink).run();
}

}  // namespace assay::bootstrap::lint
