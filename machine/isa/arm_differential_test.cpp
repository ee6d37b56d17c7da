// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random A32 programs against qemu-arm. r11 is the address of the scratch memory in every snippet and
// never written.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>

#include "machine/testing/guest_test.h"

namespace assay::machine::testing {
namespace {

using Word = std::uint32_t;

constexpr unsigned kBase = 11;
constexpr Word kMarker = 0xE2800001;  // add r0, r0, #1: what a branch goes over
constexpr Word kAlways = 0xE0000000;
constexpr Word kFlags = 0xF8000000;  // N, Z, C, V and Q

class Snippet {
 public:
  Snippet(Random& random, std::uint64_t pc) : random_(random), pc_(pc) {}

  std::vector<Word> words;

  void add(Word word) { words.push_back(word); }
  unsigned below(unsigned n) { return random_.below(n); }
  Word bits() { return static_cast<Word>(random_.next()); }
  /// A condition: mostly "always".
  Word condition() { return below(2) == 0 ? kAlways : below(15) << 28; }
  unsigned source() { return below(15); }
  unsigned destination() {
    const unsigned index = below(15);
    return index == kBase ? 3 : index;
  }
  unsigned destination_but(unsigned one, unsigned two = 16, unsigned three = 16) {
    unsigned index = destination();
    while (index == one || index == two || index == three) index = destination();
    return index;
  }
  unsigned even() { return 2 * below(5); }
  void move(unsigned to, Word value) {  // movw, movt
    add(0xE3000000 | ((value & 0xF000) << 4) | (to << 12) | (value & 0xFFF));
    add(0xE3400000 | ((value >> 28) << 16) | (to << 12) | ((value >> 16) & 0xFFF));
  }
  /// Makes `index` the scratch address + offset.
  void base_at(unsigned index, std::int64_t offset) {
    move(index, static_cast<Word>(kScratch + static_cast<std::uint64_t>(offset)));
  }
  /// An offset in the scratch memory, with room for 64 bytes.
  int place(bool aligned) {
    const int at = static_cast<int>(below(2 * kScratchBytes - 64)) - kScratchBytes;
    return aligned || below(3) != 0 ? at & ~7 : at;
  }
  /// The address of the next word.
  Word here() const { return static_cast<Word>(pc_ + 4 * words.size()); }

 private:
  Random& random_;
  std::uint64_t pc_;
};

struct Form {
  std::string name;
  std::function<void(Snippet&)> emit;
};

class Forms {
 public:
  std::vector<Form> list;

  Forms() {
    for (Word operation = 0; operation < 16; ++operation) {
      for (const Word flags : {0U, 1U}) {
        if (flags != 0 || operation < 8 || operation > 11) processing(operation, flags);
      }
    }
    status();
    multiplications();
    media();
    branches();
    for (const char* const name : {"str", "ldr", "strb", "ldrb"}) words_and_bytes(name);
    halves_and_doubles();
    multiple();
    exclusives();
  }

 private:
  void form(std::string name, std::function<void(Snippet&)> emit) {
    list.push_back({std::move(name), std::move(emit)});
  }
  // Registers at bit positions: destinations, sources; and other random bits.
  void simple(std::string name, Word fixed, std::vector<unsigned> destinations, std::vector<unsigned> sources,
              Word mask = 0, std::function<bool(Word)> valid = {}) {
    form(std::move(name), [=](Snippet& s) {
      Word word = 0;
      do {
        word = fixed | (s.bits() & mask);
        for (const unsigned at : destinations) word |= s.destination() << at;
        for (const unsigned at : sources) word |= s.source() << at;
      } while (valid && !valid(word));
      s.add(s.condition() | word);
    });
  }

  void processing(Word operation, Word flags) {
    static const char* const kNames[] = {"and", "eor", "sub", "rsb", "add", "adc", "sbc", "rsc",
                                         "tst", "teq", "cmp", "cmn", "orr", "mov", "bic", "mvn"};
    static const char* const kShifts[] = {"lsl", "lsr", "asr", "ror"};
    const bool compares = operation >= 8 && operation <= 11;
    const bool moves = operation == 13 || operation == 15;
    const std::string name = std::string(kNames[operation]) + (flags != 0 && !compares ? "s " : " ");
    const Word fixed = (operation << 21) | (flags << 20);
    const auto word = [=](Snippet& s, bool may_be_pc) {
      const unsigned first = may_be_pc && s.below(8) == 0 ? 15 : s.source();
      return s.condition() | fixed | (moves ? 0 : first << 16) | (compares ? 0 : s.destination() << 12);
    };
    form(name + "imm", [=](Snippet& s) { s.add(word(s, true) | 0x02000000 | (s.bits() & 0xFFF)); });
    for (Word shift = 0; shift < 4; ++shift) {
      form(name + kShifts[shift] + " imm", [=](Snippet& s) {
        const Word amount = s.below(4) == 0 ? 0 : s.below(32);
        const unsigned second = s.below(8) == 0 ? 15 : s.source();
        s.add(word(s, true) | (amount << 7) | (shift << 5) | second);
      });
      form(name + kShifts[shift] + " reg",
           [=](Snippet& s) { s.add(word(s, false) | 0x10 | (s.source() << 8) | (shift << 5) | s.source()); });
    }
  }

  void status() {
    form("mrs", [](Snippet& s) {
      const unsigned to = s.destination();
      s.add(0xE10F0000 | (to << 12));
      s.add(0xE200033E | (to << 16) | (to << 12));  // and to, to, #0xF8000000
    });
    form("msr reg", [](Snippet& s) { s.add(s.condition() | 0x0128F000 | s.source()); });
    form("msr imm", [](Snippet& s) { s.add(s.condition() | 0x0328F000 | 0x200 | s.below(256)); });
    form("movw", [](Snippet& s) {
      s.add(s.condition() | 0x03000000 | (s.bits() & 0xF0FFF) | (s.destination() << 12));
    });
    form("movt", [](Snippet& s) {
      s.add(s.condition() | 0x03400000 | (s.bits() & 0xF0FFF) | (s.destination() << 12));
    });
    form("hint", [](Snippet& s) { s.add(s.condition() | 0x0320F000 | (s.below(2) == 0 ? 0 : 0x14)); });
    form("barrier", [](Snippet& s) {
      static constexpr Word kBarriers[] = {0xF57FF01F, 0xF57FF04F, 0xF57FF05F, 0xF57FF06F};
      s.add(kBarriers[s.below(4)]);
    });
    form("pld", [](Snippet& s) {
      static constexpr Word kHints[] = {0xF5D0F000, 0xF590F000, 0xF4D0F000};
      s.add(kHints[s.below(3)] | (kBase << 16) | s.below(256));
    });
  }

  void multiplications() {
    const auto apart = [](Word w) { return ((w >> 16) & 15) != ((w >> 12) & 15); };
    for (const Word flags : {0U, 1U}) {
      const std::string s = flags != 0 ? "s" : "";
      const Word fixed = 0x90 | (flags << 20);
      simple("mul" + s, fixed, {16}, {8, 0});
      simple("mla" + s, fixed | 0x00200000, {16}, {12, 8, 0});
      simple("umull" + s, fixed | 0x00800000, {16, 12}, {8, 0}, 0, apart);
      simple("umlal" + s, fixed | 0x00A00000, {16, 12}, {8, 0}, 0, apart);
      simple("smull" + s, fixed | 0x00C00000, {16, 12}, {8, 0}, 0, apart);
      simple("smlal" + s, fixed | 0x00E00000, {16, 12}, {8, 0}, 0, apart);
    }
    simple("umaal", 0x00400090, {16, 12}, {8, 0}, 0, apart);
    simple("mls", 0x00600090, {16}, {12, 8, 0});
    simple("smla<xy>", 0x01000080, {16}, {12, 8, 0}, 0x60);
    simple("smlaw<y>", 0x01200080, {16}, {12, 8, 0}, 0x40);
    simple("smulw<y>", 0x012000A0, {16}, {8, 0}, 0x40);
    simple("smlal<xy>", 0x01400080, {16, 12}, {8, 0}, 0x60, apart);
    simple("smul<xy>", 0x01600080, {16}, {8, 0}, 0x60);
    static const char* const kSaturating[] = {"qadd", "qsub", "qdadd", "qdsub"};
    for (Word op = 0; op < 4; ++op) simple(kSaturating[op], 0x01000050 | (op << 21), {12}, {16, 0});
    simple("sdiv", 0x0710F010, {16}, {8, 0});
    simple("udiv", 0x0730F010, {16}, {8, 0});
    simple("smmul", 0x0750F010, {16}, {8, 0}, 0x20);
    simple("smmla", 0x07500010, {16}, {12, 8, 0}, 0x20);
    simple("smmls", 0x075000D0, {16}, {12, 8, 0}, 0x20);
  }

  void media() {
    simple("clz", 0x016F0F10, {12}, {0});
    simple("rev", 0x06BF0F30, {12}, {0});
    simple("rev16", 0x06BF0FB0, {12}, {0});
    simple("rbit", 0x06FF0F30, {12}, {0});
    simple("revsh", 0x06FF0FB0, {12}, {0});
    simple("pkhbt", 0x06800010, {12}, {16, 0}, 0xF80);
    simple("pkhtb", 0x06800050, {12}, {16, 0}, 0xF80);
    simple("ssat", 0x06A00010, {12}, {0}, 0x1F0FC0);
    simple("usat", 0x06E00010, {12}, {0}, 0x1F0FC0);
    const std::pair<const char*, Word> kExtends[] = {{"xtab16", 0}, {"xtab", 2}, {"xtah", 3}};
    for (const auto& [name, op] : kExtends) {
      for (const Word is_unsigned : {0U, 1U}) {
        const Word fixed = 0x06800070 | (is_unsigned << 22) | (op << 20);
        const std::string prefix = is_unsigned != 0 ? "u" : "s";
        simple(prefix + name, fixed, {12}, {16, 0}, 0xC00);
        simple(prefix + name + " without add", fixed | 0xF0000, {12}, {0}, 0xC00);
      }
    }
    const auto fits = [](Word w) { return ((w >> 7) & 31) + ((w >> 16) & 31) < 32; };
    simple("sbfx", 0x07A00050, {12}, {0}, 0x1F0F80, fits);
    simple("ubfx", 0x07E00050, {12}, {0}, 0x1F0F80, fits);
    const auto ordered = [](Word w) { return ((w >> 7) & 31) <= ((w >> 16) & 31); };
    simple("bfi", 0x07C00010, {12}, {0}, 0x1F0F80, ordered);
    simple("bfc", 0x07C0001F, {12}, {}, 0x1F0F80, ordered);
  }

  void branches() {
    for (Word condition = 0; condition < 15; ++condition) {
      form(fmt::format("b {}", condition), [=](Snippet& s) {
        s.add((condition << 28) | 0x0A000000);
        s.add(kMarker);
      });
    }
    form("bl", [](Snippet& s) {
      s.add(s.condition() | 0x0B000000);
      s.add(kMarker);
    });
    const std::pair<const char*, Word> kRegister[] = {
        {"bx", 0x012FFF10}, {"blx", 0x012FFF30}, {"mov pc", 0x01A0F000}};
    for (const auto& [name, fixed] : kRegister) {
      form(name, [fixed = fixed](Snippet& s) {
        const unsigned to = s.below(3) == 0 ? 14 : s.destination();
        s.add(0xE28F0004 | (to << 12));  // add to, pc, #4
        s.add(s.condition() | fixed | to);
        s.add(kMarker);
      });
    }
    form("add pc", [](Snippet& s) {
      const unsigned by = s.destination();
      s.move(by, 0);
      s.add(s.condition() | 0x008FF000 | by);
      s.add(kMarker);
    });
    form("sub pc", [](Snippet& s) {
      s.add(s.condition() | 0x024FF000);
      s.add(kMarker);
    });
    form("ldr pc", [](Snippet& s) {
      const unsigned base = s.destination();
      s.base_at(base, s.place(true));
      const unsigned to = s.destination_but(base);
      s.add(0xE28F0008 | (to << 12));
      s.add(0xE5800000 | (base << 16) | (to << 12));
      s.add(s.condition() | 0x0490F000 | (base << 16) | 8);  // ldr pc, [base], #8
      s.add(kMarker);
    });
    form("ldm pc", [](Snippet& s) {
      const unsigned base = s.destination_but(0, 1);
      s.base_at(base, s.place(true));
      s.add(0xE28F1008);                                 // add r1, pc, #8
      s.add(0xE8800003 | (base << 16));                  // stm base, {r0, r1}
      s.add(s.condition() | 0x08B08001 | (base << 16));  // ldm base!, {r0, pc}
      s.add(kMarker);
    });
  }

  // The three ways to index; the last is the unprivileged one.
  static constexpr std::pair<const char*, Word> kModes[] = {
      {" offset", 1U << 24}, {" pre", (1U << 24) | (1U << 21)}, {" post", 0}, {" unprivileged", 1U << 21}};

  void words_and_bytes(const std::string& name) {
    const bool loads = name[0] == 'l';
    const Word fixed = 0x04000000 | (loads ? 1U << 20 : 0) | (name.size() == 4 ? 1U << 22 : 0);
    for (const auto& [mode_name, mode] : kModes) {
      const bool post = (mode & (1U << 24)) == 0;
      form(name + mode_name + " imm", [=, mode = mode](Snippet& s) {
        const int offset = static_cast<int>(s.below(4096));
        const Word up = s.below(2);
        const unsigned base = s.destination();
        s.base_at(base, s.place(false) - (post ? 0 : up != 0 ? offset : -offset));
        s.add(s.condition() | fixed | mode | (up << 23) | (base << 16) | (s.destination_but(base) << 12) |
              static_cast<Word>(offset));
      });
      static const char* const kShifts[] = {" lsl", " lsr", " asr", " ror"};
      for (Word shift = 0; shift < 4; ++shift) {
        form(name + mode_name + kShifts[shift], [=, mode = mode](Snippet& s) {
          const Word up = s.below(2);
          const unsigned base = s.destination();
          const unsigned index = s.destination_but(base);
          const Word value = s.bits() >> s.below(32);
          const Word amount = s.below(4) == 0 ? 0 : s.below(32);
          const Word carry = s.below(2);
          s.add(0xE328F202 - (carry != 0 ? 0 : 2));  // msr cpsr_f, #C or #0: for rrx
          s.move(index, value);
          const Word offset = shifted(value, shift, amount, carry);
          const Word at = static_cast<Word>(static_cast<Word>(kScratch) + static_cast<Word>(s.place(false)));
          s.move(base, post ? at : up != 0 ? at - offset : at + offset);
          s.add(s.condition() | fixed | mode | 0x02000000 | (up << 23) | (base << 16) |
                (s.destination_but(base) << 12) | (amount << 7) | (shift << 5) | index);
        });
      }
    }
    if (!loads) return;
    form(name + " literal", [=](Snippet& s) {
      s.add(s.condition() | fixed | 0x010F0000 | (s.below(2) << 23) | (s.destination() << 12) | s.below(64));
    });
  }
  static Word shifted(Word value, Word shift, Word amount, Word carry) {
    switch (shift) {
      case 0: return value << amount;
      case 1: return amount == 0 ? 0 : value >> amount;
      case 2: return static_cast<Word>(static_cast<std::int32_t>(value) >> (amount == 0 ? 31 : amount));
      default: return amount == 0 ? (value >> 1) | (carry << 31) : std::rotr(value, static_cast<int>(amount));
    }
  }

  void halves_and_doubles() {
    struct Access {
      const char* name;
      Word fixed;
      bool doubles;
    };
    static constexpr Access kAccesses[] = {{"strh", 0x000000B0, false},  {"ldrh", 0x001000B0, false},
                                           {"ldrsb", 0x001000D0, false}, {"ldrsh", 0x001000F0, false},
                                           {"ldrd", 0x000000D0, true},   {"strd", 0x000000F0, true}};
    for (const auto& [name, fixed, doubles] : kAccesses) {
      for (const auto& [mode_name, mode] : kModes) {
        if (doubles && mode == (1U << 21)) continue;
        const bool post = (mode & (1U << 24)) == 0;
        for (const bool immediate : {true, false}) {
          form(std::string(name) + mode_name + (immediate ? " imm" : " reg"),
               [=, fixed = fixed, doubles = doubles, mode = mode](Snippet& s) {
                 const unsigned data = doubles ? s.even() : s.destination();
                 const unsigned base = s.destination_but(data, doubles ? data + 1 : 16);
                 const unsigned index = s.destination_but(base, data, doubles ? data + 1 : 16);
                 const Word up = s.below(2);
                 const int offset = static_cast<int>(s.below(256));
                 if (!immediate) s.move(index, static_cast<Word>(offset));
                 s.base_at(base, s.place(doubles) - (post ? 0 : up != 0 ? offset : -offset));
                 const Word by = static_cast<Word>(offset);
                 s.add(s.condition() | fixed | mode | (up << 23) | (base << 16) | (data << 12) |
                       (immediate ? (1U << 22) | ((by & 0xF0) << 4) | (by & 15) : index));
               });
        }
      }
    }
  }

  void multiple() {
    static const char* const kOrders[] = {"da", "ia", "db", "ib"};
    for (Word order = 0; order < 4; ++order) {
      for (const Word loads : {0U, 1U}) {
        for (const Word writes : {0U, 1U}) {
          form(std::string(loads != 0 ? "ldm" : "stm") + kOrders[order] + (writes != 0 ? "!" : ""),
               [=](Snippet& s) {
                 const unsigned base = s.destination();
                 Word registers = (s.bits() & 0x7FFF & ~(1U << kBase)) | (1U << s.destination_but(base));
                 if (loads == 0 && s.below(4) == 0) registers |= 1U << 15;
                 // With write-back the base may be stored if it is the lowest register.
                 if (writes != 0 && (loads != 0 || (registers & ((1U << base) - 1)) != 0))
                   registers &= ~(1U << base);
                 s.base_at(base, s.place(true) + ((order & 1) != 0 ? 0 : 4 * std::popcount(registers)));
                 s.add(s.condition() | 0x08000000 | (order << 23) | (writes << 21) | (loads << 20) |
                       (base << 16) | registers);
               });
        }
      }
    }
  }

  void exclusives() {
    static const char* const kSizes[] = {"", "d", "b", "h"};
    for (Word size = 0; size < 4; ++size) {
      form(fmt::format("ldrex{0}/strex{0}", kSizes[size]), [=](Snippet& s) {
        const unsigned base = s.destination_but(8, 9);
        s.base_at(base, s.place(true));
        unsigned data = s.even();
        while (data == base || data + 1 == base) data = s.even();
        const unsigned status = s.destination_but(base, data, data + 1);
        s.add(0xE1900F9F | (size << 21) | (base << 16) | (data << 12));
        s.add(0xE1800F90 | (size << 21) | (base << 16) | (status << 12) | data);
      });
    }
  }
};

constexpr unsigned kState = 17;  // r0 to r14, not used, flags

std::vector<Word> make_snippet(const Forms& forms, Random& random, std::uint64_t pc, std::size_t first,
                               std::string& text) {
  constexpr unsigned kLeadIn = 2 + 15;
  Snippet body(random, pc + 4 * kLeadIn);
  const unsigned count = 6 + random.below(8);
  const unsigned at = random.below(count);
  for (unsigned i = 0; i < count; ++i) {
    const Form& form = forms.list[i == at ? first : random.below(static_cast<unsigned>(forms.list.size()))];
    const std::size_t before = body.words.size();
    form.emit(body);
    text += "  " + form.name + ":";
    for (std::size_t j = before; j < body.words.size(); ++j) text += fmt::format(" {:08x}", body.words[j]);
    text += "\n";
  }
  std::vector<Word> words;
  constexpr unsigned kLeadOut = 15 + 3 + 5 + 1;
  const unsigned pool = kLeadIn + static_cast<unsigned>(body.words.size()) + kLeadOut;
  const auto load = [&](unsigned to, unsigned index) {
    words.push_back(0xE59F0000 | (to << 12) | (4 * (pool + index - static_cast<unsigned>(words.size())) - 8));
  };
  load(0, 16);
  words.push_back(0xE128F000);  // msr cpsr_f, r0
  for (unsigned i = 0; i < 15; ++i) load(i, i);
  words.insert(words.end(), body.words.begin(), body.words.end());
  const auto save = [&](unsigned from, unsigned index) {
    words.push_back(0xE5800000 | (kBase << 16) | (from << 12) | (kScratchBytes + 4 * index));
  };
  for (unsigned i = 0; i < 15; ++i) save(i, i);
  words.push_back(0xE10F0000);  // mrs r0, cpsr
  words.push_back(0xE200033E);  // and r0, r0, #0xF8000000
  save(0, 16);
  words.push_back(0xE3A07004);                                                 // mov r7, #4: write
  words.push_back(0xE3A00001);                                                 // mov r0, #1
  words.push_back(0xE2401000 | (kBase << 16) | 0xC00 | (kScratchBytes >> 8));  // sub r1, r11, #256
  words.push_back(0xE3A02C00 | static_cast<Word>(kRecord >> 8));               // mov r2, #768
  words.push_back(0xEF000000);                                                 // svc #0
  words.push_back(0xEA000000 | (kState - 1));                                  // b over the pool
  EXPECT_EQ(words.size(), pool);
  for (unsigned i = 0; i < kState; ++i) {
    auto value = static_cast<Word>(random.value());
    if (i == kBase) value = static_cast<Word>(kScratch);
    if (i == 16) value = static_cast<Word>(random.next()) & kFlags;
    words.push_back(value);
    text += fmt::format("  {} = {:#x}\n", i < 15 ? fmt::format("r{}", i) : "flags", value);
  }
  return words;
}

TEST(ArmDifferential, RandomProgramsGiveWhatQemuGives) {
  const Forms forms;
  Generator generator;
  generator.isa = find_isa("armv7l");
  generator.emulator = "qemu-arm";
  for (const Form& form : forms.list) generator.forms.push_back(form.name);
  generator.snippet = [&](Random& random, std::uint64_t pc, std::size_t first, std::string& text) {
    return make_snippet(forms, random, pc, first, text);
  };
  generator.exit = {0xE3A07001, 0xE3A00000, 0xEF000000};  // mov r7, #1; mov r0, #0; svc #0
  generator.name_of = [](std::size_t offset) {
    if (offset < 2 * kScratchBytes)
      return fmt::format("scratch {:+}", static_cast<int>(offset) - kScratchBytes);
    const std::size_t index = (offset - 2 * kScratchBytes) / 4;
    return index == 16 ? std::string("flags") : fmt::format("r{}, r{}", index, index + 1);
  };
  compare_with_emulator(generator);
}

}  // namespace
}  // namespace assay::machine::testing
