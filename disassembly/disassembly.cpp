// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "disassembly/disassembly.h"

#include <fmt/format.h>
#include <llvm-c/Disassembler.h>
#include <llvm-c/Target.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace assay::disassembly {

namespace {

struct Row {
  std::string_view name;
  const char* triple;
  const char* features;
  std::size_t shortest;   ///< bytes of the shortest instruction
  bool hex;               ///< numbers as its sources write them
  bool relative_targets;  ///< LLVM prints how far a jump goes, not where
};

constexpr std::array kRows = {
    Row{"x86", "i386", "", 1, true, false},
    Row{"amd64", "x86_64", "", 1, true, false},
    Row{"aarch64", "aarch64", "", 4, false, false},
    Row{"armv7l", "armv7", "+hwdiv-arm", 4, false, false},
    Row{"riscv32", "riscv32", "+m,+a,+f,+d,+c", 2, false, true},
    Row{"riscv64", "riscv64", "+m,+a,+f,+d,+c", 2, false, true},
    Row{"x86-16", "i386-unknown-unknown-code16", "", 1, true, false},
};

void initialise_once() {
  [[maybe_unused]] static const bool done = [] {
    LLVMInitializeX86TargetInfo(), LLVMInitializeX86TargetMC(), LLVMInitializeX86Disassembler();
    LLVMInitializeAArch64TargetInfo(), LLVMInitializeAArch64TargetMC(), LLVMInitializeAArch64Disassembler();
    LLVMInitializeARMTargetInfo(), LLVMInitializeARMTargetMC(), LLVMInitializeARMDisassembler();
    LLVMInitializeRISCVTargetInfo(), LLVMInitializeRISCVTargetMC(), LLVMInitializeRISCVDisassembler();
    return true;
  }();
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const auto from = text.find_first_not_of(kBlank);
  return from == std::string_view::npos ? "" : text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

/// At the commas outside brackets and braces.
std::vector<std::string> split_operands(std::string_view text) {
  std::vector<std::string> operands;
  int depth = 0;
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '[' || text[at] == '{') ++depth;
    if (text[at] == ']' || text[at] == '}') --depth;
    if (text[at] == ',' && depth == 0) {
      operands.emplace_back(trimmed(text.substr(from, at - from)));
      from = at + 1;
    }
  }
  if (const auto last = trimmed(text.substr(from)); !last.empty()) operands.emplace_back(last);
  return operands;
}

bool is_riscv_jump(const Instruction& instruction) {
  const std::string& name = instruction.mnemonic;
  return name == "j" || name == "jal" || name == "c.j" || name == "c.jal" || name.starts_with("b") ||
         name.starts_with("c.b");
}

/// LLVM writes "beqz a0, 8" for eight bytes on.
void make_target_absolute(Instruction& instruction) {
  if (!is_riscv_jump(instruction) || instruction.operands.empty()) return;
  std::string& last = instruction.operands.back();
  std::int64_t distance = 0;
  const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), distance);
  if (error != std::errc() || end != last.data() + last.size()) return;
  instruction.target = instruction.address + static_cast<std::uint64_t>(distance);
}

}  // namespace

struct Disassembler::Context {
  const Row* row = nullptr;
  LLVMDisasmContextRef llvm = nullptr;
  std::optional<std::uint64_t> target;  ///< of the instruction being read

  /// LLVM asks for the name of what an instruction refers to; what branches refer to is kept.
  static const char* note_target(void* self, std::uint64_t value, std::uint64_t* type, std::uint64_t,
                                 const char** name) {
    if (*type == LLVMDisassembler_ReferenceType_In_Branch) static_cast<Context*>(self)->target = value;
    *type = LLVMDisassembler_ReferenceType_InOut_None;
    *name = nullptr;
    return nullptr;
  }
};

void Disassembler::Close::operator()(Context* context) const {
  if (context->llvm != nullptr) LLVMDisasmDispose(context->llvm);
  delete context;
}

Disassembler::Disassembler(std::unique_ptr<Context, Close> context) : context_(std::move(context)) {}

std::optional<Disassembler> Disassembler::open(std::string_view architecture) {
  const auto row = std::ranges::find_if(kRows, [&](const Row& one) {
    return std::ranges::equal(one.name, architecture,
                              [](unsigned char a, unsigned char b) { return a == std::tolower(b); });
  });
  if (row == kRows.end()) return std::nullopt;
  initialise_once();
  std::unique_ptr<Context, Close> context(new Context{&*row, nullptr, std::nullopt});
  context->llvm = LLVMCreateDisasmCPUFeatures(row->triple, "", row->features, context.get(), 0, nullptr,
                                              Context::note_target);
  if (context->llvm == nullptr) return std::nullopt;
  LLVMSetDisasmOptions(context->llvm, LLVMDisassembler_Option_AsmPrinterVariant);
  if (row->hex) LLVMSetDisasmOptions(context->llvm, LLVMDisassembler_Option_PrintImmHex);
  return Disassembler(std::move(context));
}

std::vector<Instruction> Disassembler::disassemble(ByteView code, std::uint64_t address) const {
  std::vector<Instruction> instructions;
  std::array<char, 256> text{};
  for (std::size_t at = 0; at < code.size();) {
    const auto rest = code.subspan(at);
    context_->target.reset();
    // LLVM only reads the bytes, whatever its signature says.
    const std::size_t length = LLVMDisasmInstruction(context_->llvm, const_cast<Byte*>(rest.data()),
                                                     rest.size(), address + at, text.data(), text.size());
    Instruction& instruction = instructions.emplace_back();
    instruction.address = address + at;
    if (length != 0) {
      const std::string_view line = trimmed(text.data());
      const auto gap = line.find('\t');
      instruction.mnemonic = trimmed(line.substr(0, gap));
      if (gap != std::string_view::npos) instruction.operands = split_operands(line.substr(gap + 1));
      instruction.target = context_->target;
      if (context_->row->relative_targets) make_target_absolute(instruction);
      if (instruction.target && !instruction.operands.empty()) {
        instruction.operands.back() = fmt::format("0x{:x}", *instruction.target);
      }
    }
    instruction.bytes = rest.first(std::min(rest.size(), length != 0 ? length : context_->row->shortest));
    at += instruction.bytes.size();
  }
  return instructions;
}

std::string Instruction::text() const {
  return operands.empty() ? mnemonic : fmt::format("{} {}", mnemonic, fmt::join(operands, ", "));
}

std::vector<Instruction> disassemble(ByteView code, std::string_view architecture, std::uint64_t address) {
  const auto disassembler = Disassembler::open(architecture);
  return disassembler ? disassembler->disassemble(code, address) : std::vector<Instruction>{};
}

}  // namespace assay::disassembly
