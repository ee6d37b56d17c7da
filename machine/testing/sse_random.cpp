// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/testing/sse_random.h"

#include <random>

#include "machine/process/elf_program.h"
#include "machine/testing/x86_random.h"

namespace assay::machine::test {
namespace {

/// What the field r/m of an instruction is, if not memory.
enum class Other : std::uint8_t { vector, general };

struct Row {
  const char* name;
  unsigned prefix;  ///< 0: none
  unsigned opcode;
  Other other;
};

constexpr Row kRows[] = {
    {"movups", 0, 0x10, Other::vector},       {"movups to", 0, 0x11, Other::vector},
    {"movupd", 0x66, 0x10, Other::vector},    {"movupd to", 0x66, 0x11, Other::vector},
    {"movss", 0xF3, 0x10, Other::vector},     {"movss to", 0xF3, 0x11, Other::vector},
    {"movsd", 0xF2, 0x10, Other::vector},     {"movsd to", 0xF2, 0x11, Other::vector},
    {"movaps", 0, 0x28, Other::vector},       {"movaps to", 0, 0x29, Other::vector},
    {"movapd", 0x66, 0x28, Other::vector},    {"movapd to", 0x66, 0x29, Other::vector},
    {"movdqa", 0x66, 0x6F, Other::vector},    {"movdqa to", 0x66, 0x7F, Other::vector},
    {"movdqu", 0xF3, 0x6F, Other::vector},    {"movdqu to", 0xF3, 0x7F, Other::vector},
    {"movd", 0x66, 0x6E, Other::general},     {"movd to", 0x66, 0x7E, Other::general},
    {"movq", 0xF3, 0x7E, Other::vector},      {"movq to", 0x66, 0xD6, Other::vector},
    {"cvtsi2ss", 0xF3, 0x2A, Other::general}, {"cvtsi2sd", 0xF2, 0x2A, Other::general},
    {"cvttss2si", 0xF3, 0x2C, Other::vector}, {"cvttsd2si", 0xF2, 0x2C, Other::vector},
    {"cvtss2si", 0xF3, 0x2D, Other::vector},  {"cvtsd2si", 0xF2, 0x2D, Other::vector},
    {"ucomiss", 0, 0x2E, Other::vector},      {"ucomisd", 0x66, 0x2E, Other::vector},
    {"comiss", 0, 0x2F, Other::vector},       {"comisd", 0x66, 0x2F, Other::vector},
    {"sqrtss", 0xF3, 0x51, Other::vector},    {"sqrtsd", 0xF2, 0x51, Other::vector},
    {"addss", 0xF3, 0x58, Other::vector},     {"addsd", 0xF2, 0x58, Other::vector},
    {"mulss", 0xF3, 0x59, Other::vector},     {"mulsd", 0xF2, 0x59, Other::vector},
    {"cvtps2pd", 0, 0x5A, Other::vector},     {"cvtpd2ps", 0x66, 0x5A, Other::vector},
    {"cvtss2sd", 0xF3, 0x5A, Other::vector},  {"cvtsd2ss", 0xF2, 0x5A, Other::vector},
    {"subss", 0xF3, 0x5C, Other::vector},     {"subsd", 0xF2, 0x5C, Other::vector},
    {"minss", 0xF3, 0x5D, Other::vector},     {"minsd", 0xF2, 0x5D, Other::vector},
    {"divss", 0xF3, 0x5E, Other::vector},     {"divsd", 0xF2, 0x5E, Other::vector},
    {"maxss", 0xF3, 0x5F, Other::vector},     {"maxsd", 0xF2, 0x5F, Other::vector},
    {"unpcklps", 0, 0x14, Other::vector},     {"unpcklpd", 0x66, 0x14, Other::vector},
    {"andps", 0, 0x54, Other::vector},        {"andpd", 0x66, 0x54, Other::vector},
    {"andnps", 0, 0x55, Other::vector},       {"andnpd", 0x66, 0x55, Other::vector},
    {"orps", 0, 0x56, Other::vector},         {"orpd", 0x66, 0x56, Other::vector},
    {"xorps", 0, 0x57, Other::vector},        {"xorpd", 0x66, 0x57, Other::vector},
    {"pand", 0x66, 0xDB, Other::vector},      {"pandn", 0x66, 0xDF, Other::vector},
    {"por", 0x66, 0xEB, Other::vector},       {"pxor", 0x66, 0xEF, Other::vector},
};

constexpr bool has_general_register(const Row& row) { return row.opcode == 0x2C || row.opcode == 0x2D; }

class Maker {
 public:
  Maker(bool is64, std::uint64_t seed) : is64_(is64), random_(seed) {}
  SseProgram run(unsigned snippets);

 private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  std::uint64_t real();
  std::uint64_t single();
  std::uint64_t word();
  void absolute(unsigned field, std::uint64_t address) { put_absolute_x86(code_, is64_, field, address); }
  void instruction(const Row& row, std::uint64_t record);

  bool is64_;
  std::mt19937_64 random_;
  Bytes code_;
};

std::uint64_t fraction(std::mt19937_64& random) {
  switch (random() % 6) {
    case 0: return 0;
    case 1: return ~std::uint64_t{0};
    case 2: return std::uint64_t{1} << random() % 64;
    case 3: return ~std::uint64_t{0} << random() % 64;
    default: return random();
  }
}

std::uint64_t Maker::real() {
  static constexpr unsigned kExponents[] = {0,     1,     0x7FF, 0x7FE, 0x3FF, 0x3FE,
                                            0x381, 0x380, 0x369, 0x47E, 0x47F};
  const std::uint64_t exponent = below(2) == 0   ? kExponents[below(std::size(kExponents))]
                                 : below(2) == 0 ? 0x3FF - 4 + below(72)
                                                 : below(0x800);
  return std::uint64_t{below(2)} << 63U | exponent << 52U | fraction(random_) >> 12U;
}

std::uint64_t Maker::single() {
  static constexpr unsigned kExponents[] = {0, 1, 0xFF, 0xFE, 0x7F, 0x7E};
  const std::uint64_t exponent = below(2) == 0   ? kExponents[below(std::size(kExponents))]
                                 : below(2) == 0 ? 0x7F - 4 + below(72)
                                                 : below(0x100);
  return std::uint64_t{below(2)} << 31U | exponent << 23U | fraction(random_) >> 41U;
}

std::uint64_t Maker::word() {
  switch (below(4)) {
    case 0: return real();
    case 1: return single() | single() << 32U;
    case 2: return fraction(random_);
    default: return below(2) == 0 ? real() : single() | random_() << 32U;
  }
}

void Maker::instruction(const Row& row, std::uint64_t record) {
  const bool wide = is64_ && (has_general_register(row) || row.other == Other::general) && below(2) == 0;
  if (row.prefix != 0) put(code_, row.prefix, 1);
  if (wide) put(code_, 0x48, 1);
  put(code_, 0x0F, 1);
  put(code_, row.opcode, 1);
  const unsigned reg = has_general_register(row) ? 0 : below(kSseVectors);
  if (below(2) == 0) return absolute(reg, record + kSseMemory);
  put(code_, 0xC0U | reg << 3U | (row.other == Other::general ? 0 : below(kSseVectors)), 1);
}

SseProgram Maker::run(unsigned snippets) {
  SseProgram program;
  Bytes data;
  const std::uint64_t records = kX86DataAddress;
  const auto move = [&](unsigned reg, std::uint64_t value) {
    put(code_, 0xB8U | reg, 1);
    put(code_, value, 4);
  };
  const auto vectors = [&](unsigned opcode, std::uint64_t record) {  // movups
    for (unsigned i = 0; i < kSseVectors; ++i) {
      put(code_, 0x0F, 1);
      put(code_, opcode, 1);
      absolute(i, record + std::uint64_t{16} * i);
    }
  };
  const auto general = [&](unsigned opcode, std::uint64_t at) {
    if (is64_) put(code_, 0x48, 1);
    put(code_, opcode, 1);
    absolute(0, at);
  };
  for (unsigned i = 0; i < snippets; ++i) {
    SseSnippet& snippet = program.snippets.emplace_back();
    const Row& row = kRows[below(std::size(kRows))];
    const std::uint64_t record = records + std::uint64_t{kSseRecord} * i;
    for (unsigned k = 0; k < kSseFlags / 8; ++k) put(snippet.before, word(), 8);
    put(snippet.before, 0, 8);
    data.insert(data.end(), snippet.before.begin(), snippet.before.end());
    // mov esp, a stack; push flags; popf
    move(4, records + std::uint64_t{kSseRecord} * snippets + 256);
    put(code_, 0x68, 1);
    put(code_, random_() & 0x8D5U, 4);
    put(code_, 0x9D, 1);
    vectors(0x10, record);
    general(0x8B, record + kSseWord);
    const std::size_t start = code_.size();
    instruction(row, record);
    snippet.name = row.name;
    snippet.code.assign(code_.begin() + static_cast<std::ptrdiff_t>(start), code_.end());
    vectors(0x11, record);
    general(0x89, record + kSseWord);
    // pushf; pop rax
    put(code_, 0x589C, 2);
    general(0x89, record + kSseFlags);
  }
  write_and_exit_x86(code_, is64_, records, std::uint64_t{kSseRecord} * snippets);
  data.resize(data.size() + 512);
  program.elf = make_x86_elf(is64_, code_, data);
  return program;
}

}  // namespace

SseProgram make_sse_program(bool is64, std::uint64_t seed, unsigned snippets) {
  return Maker(is64, seed).run(snippets);
}

}  // namespace assay::machine::test
