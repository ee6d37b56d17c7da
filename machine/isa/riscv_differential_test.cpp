// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random RV32IMC and RV64IMC programs against qemu-riscv32 and qemu-riscv64. x27 is the address of the
// scratch memory in every snippet and never written.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "machine/testing/guest_test.h"

namespace assay::machine::testing {
namespace {

using Word = std::uint32_t;
using Half = std::uint16_t;

constexpr unsigned kBase = 27;
constexpr unsigned kStack = 2;
constexpr unsigned kMark = 5;  // counts what a jump should have gone over

constexpr Word i_type(Word opcode, Word funct3, unsigned rd, unsigned rs1, int immediate) {
  return (static_cast<Word>(immediate) << 20) | (rs1 << 15) | (funct3 << 12) | (rd << 7) | opcode;
}
constexpr Word s_type(Word funct3, unsigned rs2, unsigned rs1, int immediate) {
  const Word imm = static_cast<Word>(immediate) & 0xFFF;
  return ((imm >> 5) << 25) | (rs2 << 20) | (rs1 << 15) | (funct3 << 12) | ((imm & 31) << 7) | 0x23;
}
constexpr Word addi(unsigned rd, unsigned rs1, int immediate) { return i_type(0x13, 0, rd, rs1, immediate); }
constexpr Word jump(unsigned rd, int distance) {  // jal, up to 4 KiB
  const auto d = static_cast<Word>(distance);
  return (((d >> 20) & 1) << 31) | (((d >> 1) & 0x3FF) << 21) | (((d >> 11) & 1) << 20) |
         (((d >> 12) & 0xFF) << 12) | (rd << 7) | 0x6F;
}

/// Bits of a value put where a compressed instruction has them: pairs of bit of the value, bit of the
/// instruction.
Half scattered(unsigned value, std::initializer_list<std::pair<unsigned, unsigned>> places) {
  unsigned half = 0;
  for (const auto& [from, to] : places) half |= ((value >> from) & 1) << to;
  return static_cast<Half>(half);
}

class Snippet {
 public:
  explicit Snippet(Random& random) : random_(random) {}

  std::vector<Half> halves;

  void word(Word word) {
    halves.push_back(static_cast<Half>(word));
    halves.push_back(static_cast<Half>(word >> 16));
  }
  void half(unsigned half) { halves.push_back(static_cast<Half>(half)); }
  unsigned below(unsigned n) { return random_.below(n); }
  unsigned source() { return below(32); }
  unsigned destination() {
    const unsigned index = below(32);
    return index == kBase ? 3 : index;
  }
  /// Not x0 either.
  unsigned pointer() {
    const unsigned index = destination();
    return index == 0 ? 6 : index;
  }
  int immediate() { return static_cast<int>(below(4096)) - 2048; }
  /// Makes a register the scratch address + offset.
  void base_at(unsigned index, int offset) {
    const int first = std::clamp(offset, -2048, 2047);
    word(addi(index, kBase, first));
    if (offset != first) word(addi(index, index, offset - first));
  }
  /// An offset in the scratch memory, with room for 8 bytes.
  int place() {
    const int at = static_cast<int>(below(2 * kScratchBytes - 8)) - kScratchBytes;
    return below(3) != 0 ? at & ~7 : at;
  }
  /// What is not to be run.
  void mark() {
    if (below(2) == 0) {
      word(addi(kMark, kMark, 1));
    } else {
      half(0x0285);  // c.addi x5, 1
      half(0x0285);
    }
  }

 private:
  Random& random_;
};

struct Form {
  std::string name;
  std::function<void(Snippet&)> emit;
};

class Forms {
 public:
  std::vector<Form> list;

  explicit Forms(bool is64) : is64_(is64) {
    immediates();
    registers();
    memory();
    control();
    compressed_arithmetic();
    compressed_memory();
    compressed_control();
  }

 private:
  void form(std::string name, std::function<void(Snippet&)> emit) {
    list.push_back({std::move(name), std::move(emit)});
  }

  void immediates() {
    for (const auto& [name, opcode] : {std::pair{"lui", 0x37U}, std::pair{"auipc", 0x17U}}) {
      form(name, [opcode = opcode](Snippet& s) {
        s.word((s.below(1U << 20) << 12) | (s.destination() << 7) | opcode);
      });
    }
    static constexpr std::pair<const char*, Word> kPlain[] = {{"addi", 0}, {"slti", 2}, {"sltiu", 3},
                                                              {"xori", 4}, {"ori", 6},  {"andi", 7}};
    for (const auto& [name, funct3] : kPlain) {
      form(name, [funct3 = funct3](Snippet& s) {
        s.word(i_type(0x13, funct3, s.destination(), s.source(), s.immediate()));
      });
    }
    if (is64_) {
      form("addiw", [](Snippet& s) { s.word(i_type(0x1B, 0, s.destination(), s.source(), s.immediate())); });
    }
    for (const bool narrow : {false, true}) {
      if (narrow && !is64_) continue;
      const unsigned limit = is64_ && !narrow ? 64 : 32;
      const Word opcode = narrow ? 0x1B : 0x13;
      const std::string suffix = narrow ? "w" : "";
      const auto shift = [&](const char* name, Word funct3, unsigned kind) {
        form(name + suffix, [=](Snippet& s) {
          s.word(
              i_type(opcode, funct3, s.destination(), s.source(), static_cast<int>(s.below(limit) | kind)));
        });
      };
      shift("slli", 1, 0);
      shift("srli", 5, 0);
      shift("srai", 5, 0x400);
    }
  }

  void registers() {
    struct Operation {
      const char* name;
      Word funct7;
      Word funct3;
      bool narrow;  // has a 32-bit form on RV64
    };
    static constexpr Operation kOperations[] = {
        {"add", 0, 0, true},     {"sub", 0x20, 0, true}, {"sll", 0, 1, true}, {"slt", 0, 2, false},
        {"sltu", 0, 3, false},   {"xor", 0, 4, false},   {"srl", 0, 5, true}, {"sra", 0x20, 5, true},
        {"or", 0, 6, false},     {"and", 0, 7, false},   {"mul", 1, 0, true}, {"mulh", 1, 1, false},
        {"mulhsu", 1, 2, false}, {"mulhu", 1, 3, false}, {"div", 1, 4, true}, {"divu", 1, 5, true},
        {"rem", 1, 6, true},     {"remu", 1, 7, true}};
    for (const Operation& operation : kOperations) {
      for (const bool narrow : {false, true}) {
        if (narrow && !(operation.narrow && is64_)) continue;
        form(std::string(operation.name) + (narrow ? "w" : ""), [=](Snippet& s) {
          s.word((operation.funct7 << 25) | (s.source() << 20) | (s.source() << 15) |
                 (operation.funct3 << 12) | (s.destination() << 7) | (narrow ? 0x3B : 0x33));
        });
      }
    }
  }

  void memory() {
    static constexpr const char* kLoads[] = {"lb", "lh", "lw", "ld", "lbu", "lhu", "lwu"};
    for (Word funct3 = 0; funct3 < 7; ++funct3) {
      if (!is64_ && (funct3 == 3 || funct3 == 6)) continue;
      form(kLoads[funct3], [funct3](Snippet& s) {
        const unsigned base = s.pointer();
        const int offset = s.immediate();
        s.base_at(base, s.place() - offset);
        s.word(i_type(0x03, funct3, s.destination(), base, offset));
      });
    }
    static constexpr const char* kStores[] = {"sb", "sh", "sw", "sd"};
    for (Word funct3 = 0; funct3 < (is64_ ? 4U : 3U); ++funct3) {
      form(kStores[funct3], [funct3](Snippet& s) {
        const unsigned base = s.pointer();
        const int offset = s.immediate();
        s.base_at(base, s.place() - offset);
        s.word(s_type(funct3, s.source(), base, offset));
      });
    }
    form("fence", [](Snippet& s) { s.word(0x0FF0000F); });
    form("fence.i", [](Snippet& s) { s.word(0x0000100F); });
  }

  void control() {
    static constexpr std::pair<const char*, Word> kBranches[] = {{"beq", 0}, {"bne", 1},  {"blt", 4},
                                                                 {"bge", 5}, {"bltu", 6}, {"bgeu", 7}};
    for (const auto& [name, funct3] : kBranches) {
      form(name, [funct3 = funct3](Snippet& s) {
        const unsigned first = s.source();
        const unsigned second = s.below(4) == 0 ? first : s.source();
        s.word((second << 20) | (first << 15) | (funct3 << 12) | (8U << 7) | 0x63);  // over 4 bytes
        s.mark();
      });
    }
    form("jal", [](Snippet& s) {
      s.word(jump(s.destination(), 8));
      s.mark();
    });
    form("jalr", [](Snippet& s) {
      const unsigned base = s.pointer();
      const int distance = static_cast<int>(s.below(4063)) - 2031;
      s.word(0x17 | (base << 7));               // auipc base, 0
      s.word(addi(base, base, 16 - distance));  // behind the mark, less the distance
      // The lowest bit of the sum does not count.
      const bool odd = distance % 2 == 0 && s.below(2) == 0;
      s.word(i_type(0x67, 0, s.destination(), base, odd ? distance + 1 : distance));
      s.mark();
    });
  }

  void compressed_arithmetic() {
    // rd at 7, a six-bit immediate at 12 and 6 to 2.
    const auto with_six = [this](const char* name, unsigned fixed, bool zero_rd, bool zero_immediate,
                                 bool short_rd, bool shift) {
      form(name, [=, this](Snippet& s) {
        unsigned rd = short_rd ? s.below(8) : s.destination();
        if (!zero_rd && rd == 0 && !short_rd) rd = 7;
        unsigned six = s.below(shift && !is64_ ? 32 : 64);
        if (!zero_immediate && six == 0) six = 1;
        s.half(fixed | (rd << 7) | ((six & 31) << 2) | ((six >> 5) << 12));
      });
    };
    with_six("c.addi", 0x0001, true, true, false, false);
    if (is64_) with_six("c.addiw", 0x2001, false, true, false, false);
    with_six("c.li", 0x4001, true, true, false, false);
    with_six("c.slli", 0x0002, true, true, false, true);
    with_six("c.srli", 0x8001, true, true, true, true);
    with_six("c.srai", 0x8401, true, true, true, true);
    with_six("c.andi", 0x8801, true, true, true, false);
    form("c.lui", [](Snippet& s) {
      const unsigned rd = s.destination();
      const unsigned six = 1 + s.below(63);
      s.half(0x6001U | ((rd == kStack ? 4 : rd) << 7) | ((six & 31) << 2) | ((six >> 5) << 12));
    });
    form("c.addi16sp", [](Snippet& s) {
      const unsigned value = (1 + s.below(63)) << 4;
      s.half(0x6101U | scattered(value, {{4, 6}, {5, 2}, {6, 5}, {7, 3}, {8, 4}, {9, 12}}));
    });
    form("c.addi4spn", [](Snippet& s) {
      const unsigned value = (1 + s.below(255)) << 2;
      s.half((s.below(8) << 2) |
             scattered(value, {{2, 6}, {3, 5}, {4, 11}, {5, 12}, {6, 7}, {7, 8}, {8, 9}, {9, 10}}));
    });
    static constexpr std::pair<const char*, unsigned> kPairs[] = {{"c.sub", 0x8C01},  {"c.xor", 0x8C21},
                                                                  {"c.or", 0x8C41},   {"c.and", 0x8C61},
                                                                  {"c.subw", 0x9C01}, {"c.addw", 0x9C21}};
    for (const auto& [name, fixed] : kPairs) {
      if (!is64_ && fixed >= 0x9000) continue;
      form(name, [fixed = fixed](Snippet& s) { s.half(fixed | (s.below(8) << 7) | (s.below(8) << 2)); });
    }
    for (const auto& [name, fixed] : {std::pair{"c.mv", 0x8002U}, std::pair{"c.add", 0x9002U}}) {
      form(name, [fixed = fixed](Snippet& s) {
        s.half(fixed | (s.destination() << 7) | ((1 + s.below(31)) << 2));
      });
    }
  }

  void compressed_memory() {
    using Places = std::initializer_list<std::pair<unsigned, unsigned>>;
    // Of a register pair, and relative to sp; offsets in units of the size.
    const auto access = [&](const char* name, unsigned fixed, unsigned size, Places places) {
      form(name, [=, places = std::vector<std::pair<unsigned, unsigned>>(places)](Snippet& s) {
        const unsigned base = 8 + s.below(8);
        const unsigned offset = s.below(32) * size;
        s.base_at(base, s.place() - static_cast<int>(offset));
        unsigned half = fixed | ((base - 8) << 7) | (s.below(8) << 2);
        for (const auto& [from, to] : places) half |= ((offset >> from) & 1) << to;
        s.half(half);
      });
    };
    const auto by_stack = [&](const char* name, unsigned fixed, unsigned size, bool loads, Places places) {
      form(name, [=, places = std::vector<std::pair<unsigned, unsigned>>(places)](Snippet& s) {
        const unsigned offset = s.below(64) * size;
        s.base_at(kStack, s.place() - static_cast<int>(offset));
        unsigned half = fixed | (loads ? s.pointer() << 7 : s.source() << 2);
        for (const auto& [from, to] : places) half |= ((offset >> from) & 1) << to;
        s.half(half);
      });
    };
    const Places word = {{2, 6}, {3, 10}, {4, 11}, {5, 12}, {6, 5}};
    const Places twice = {{3, 10}, {4, 11}, {5, 12}, {6, 5}, {7, 6}};
    access("c.lw", 0x4000, 4, word);
    access("c.sw", 0xC000, 4, word);
    by_stack("c.lwsp", 0x4002, 4, true, {{2, 4}, {3, 5}, {4, 6}, {5, 12}, {6, 2}, {7, 3}});
    by_stack("c.swsp", 0xC002, 4, false, {{2, 9}, {3, 10}, {4, 11}, {5, 12}, {6, 7}, {7, 8}});
    if (!is64_) return;
    access("c.ld", 0x6000, 8, twice);
    access("c.sd", 0xE000, 8, twice);
    by_stack("c.ldsp", 0x6002, 8, true, {{3, 5}, {4, 6}, {5, 12}, {6, 2}, {7, 3}, {8, 4}});
    by_stack("c.sdsp", 0xE002, 8, false, {{3, 10}, {4, 11}, {5, 12}, {6, 7}, {7, 8}, {8, 9}});
  }

  void compressed_control() {
    // Over the four bytes behind it.
    form("c.j", [](Snippet& s) {
      s.half(0xA001U | scattered(6, {{1, 3}, {2, 4}}));
      s.mark();
    });
    if (!is64_) {
      form("c.jal", [](Snippet& s) {
        s.half(0x2001U | scattered(6, {{1, 3}, {2, 4}}));
        s.mark();
      });
    }
    for (const auto& [name, fixed] : {std::pair{"c.beqz", 0xC001U}, std::pair{"c.bnez", 0xE001U}}) {
      form(name, [fixed = fixed](Snippet& s) {
        const unsigned index = s.below(8);
        if (s.below(2) == 0) s.half(0x4001U | ((index + 8) << 7));  // c.li index, 0
        s.half(fixed | (index << 7) | scattered(6, {{1, 3}, {2, 4}}));
        s.mark();
      });
    }
    for (const auto& [name, fixed] : {std::pair{"c.jr", 0x8002U}, std::pair{"c.jalr", 0x9002U}}) {
      form(name, [fixed = fixed](Snippet& s) {
        const unsigned base = s.pointer();
        s.word(0x17 | (base << 7));    // auipc base, 0
        s.word(addi(base, base, 14));  // behind the mark
        s.half(fixed | (base << 7));
        s.mark();
      });
    }
  }

  bool is64_;
};

constexpr unsigned kPool = 31;  // the register that points to the pool
constexpr unsigned kMovable = 31;

std::vector<Word> make_snippet(const Forms& forms, bool is64, Random& random, std::size_t first,
                               std::string& text) {
  Snippet body(random);
  const unsigned count = 6 + random.below(8);
  const unsigned at = random.below(count);
  for (unsigned i = 0; i < count; ++i) {
    const Form& form = forms.list[i == at ? first : random.below(static_cast<unsigned>(forms.list.size()))];
    const std::size_t before = body.halves.size();
    form.emit(body);
    text += "  " + form.name + ":";
    for (std::size_t j = before; j < body.halves.size(); ++j) text += fmt::format(" {:04x}", body.halves[j]);
    text += "\n";
  }
  if (body.halves.size() % 2 != 0) body.half(0x0001);  // c.nop
  const unsigned size = is64 ? 8 : 4;
  std::vector<Word> words;
  const unsigned body_words = static_cast<unsigned>(body.halves.size()) / 2;
  const unsigned pool = 1 + kMovable + body_words + kMovable + 5 + 1;  // in words from the start
  words.push_back(0x17 | (kPool << 7));                                // auipc x31, 0
  for (unsigned i = 1; i <= kMovable; ++i) {
    words.push_back(i_type(0x03, is64 ? 3 : 2, i, kPool, static_cast<int>(4 * pool + size * (i - 1))));
  }
  for (std::size_t i = 0; i < body.halves.size(); i += 2) {
    words.push_back(body.halves[i] | (static_cast<Word>(body.halves[i + 1]) << 16));
  }
  for (unsigned i = 1; i <= kMovable; ++i) {
    words.push_back(s_type(is64 ? 3 : 2, i, kBase, static_cast<int>(kScratchBytes + size * i)));
  }
  words.push_back(addi(17, 0, 64));  // write
  words.push_back(addi(10, 0, 1));
  words.push_back(addi(11, kBase, -kScratchBytes));
  words.push_back(addi(12, 0, static_cast<int>(kRecord)));
  words.push_back(0x00000073);
  words.push_back(jump(0, static_cast<int>(4 + size * kMovable)));  // over the pool
  EXPECT_EQ(words.size(), pool);
  for (unsigned i = 1; i <= kMovable; ++i) {
    const std::uint64_t value = i == kBase ? kScratch : random.value();
    words.push_back(static_cast<Word>(value));
    if (is64) words.push_back(static_cast<Word>(value >> 32));
    text += fmt::format("  x{} = {:#x}\n", i, is64 ? value : value & 0xFFFFFFFF);
  }
  return words;
}

void compare(bool is64) {
  const Forms forms(is64);
  Generator generator;
  generator.isa = find_isa(is64 ? "riscv64" : "riscv32");
  generator.emulator = is64 ? "qemu-riscv64" : "qemu-riscv32";
  for (const Form& form : forms.list) generator.forms.push_back(form.name);
  generator.snippet = [&](Random& random, std::uint64_t /*pc*/, std::size_t first, std::string& text) {
    return make_snippet(forms, is64, random, first, text);
  };
  generator.exit = {addi(17, 0, 93), addi(10, 0, 0), 0x00000073};
  generator.name_of = [is64](std::size_t offset) {
    if (offset < 2 * kScratchBytes)
      return fmt::format("scratch {:+}", static_cast<int>(offset) - kScratchBytes);
    const std::size_t index = (offset - 2 * kScratchBytes) / (is64 ? 8 : 4);
    return is64 ? fmt::format("x{}", index) : fmt::format("x{}, x{}", index, index + 1);
  };
  compare_with_emulator(generator);
}

TEST(RiscvDifferential, RandomRv32ProgramsGiveWhatQemuGives) { compare(false); }
TEST(RiscvDifferential, RandomRv64ProgramsGiveWhatQemuGives) { compare(true); }

}  // namespace
}  // namespace assay::machine::testing
