// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random A64 programs against qemu-aarch64. x28 is the address of the scratch memory in every snippet
// and never written.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>

#include "machine/testing/guest_test.h"

namespace assay::machine::testing {
namespace {

using Word = std::uint32_t;

constexpr unsigned kBase = 28;
constexpr Word kMarker = 0x91000400;  // add x0, x0, #1: what a branch goes over

class Snippet {
 public:
  explicit Snippet(Random& random) : random_(random) {}

  std::vector<Word> words;
  Random& random_;

  void add(Word word) { words.push_back(word); }
  unsigned below(unsigned n) { return random_.below(n); }
  unsigned any() { return below(32); }
  unsigned destination() {
    const unsigned index = below(32);
    return index == kBase ? 3 : index;
  }
  unsigned destination_but(unsigned one, unsigned two = 32) {
    unsigned index = destination();
    while (index == one || index == two || index == 31) index = destination();
    return index;
  }
  /// A word with random bits; its low five bits are a destination.
  Word filled(Word fixed, Word mask) {
    Word word = fixed | (static_cast<Word>(random_.next()) & mask);
    if ((word & 31) == kBase && (mask & 31) == 31) word = (word & ~31U) | 3;
    return word;
  }
  void move(unsigned to, std::int64_t value) {  // -65536 .. 65535
    const bool negative = value < 0;
    add((negative ? 0x92800000U : 0xD2800000U) |
        ((static_cast<Word>(negative ? ~value : value) & 0xFFFF) << 5) | to);
  }
  /// A register, or sp, that holds the scratch address + offset.
  unsigned base_at(std::int64_t offset, unsigned but = 32) {
    unsigned index = destination();
    while (index == but) index = destination();
    const unsigned scratch = index == 31 ? destination_but(but) : index;
    move(scratch, offset);
    add(0x8B206000U | (scratch << 16) | (kBase << 5) | index);  // add index, x28, scratch, uxtx
    return index;
  }
  /// An offset in the scratch memory, with room for 16 bytes.
  std::int64_t place(bool aligned) {
    const int at = static_cast<int>(below(2 * kScratchBytes - 16)) - kScratchBytes;
    return aligned || below(3) != 0 ? at & ~15 : at;
  }
};

struct Form {
  std::string name;
  std::function<void(Snippet&)> emit;
};

class Forms {
 public:
  std::vector<Form> list;

  Forms() {
    for (const Word wide : {0U, 1U}) processing(wide);
    wide_only();
    branches();
    for (const auto& [name, size, opc] : kAccesses) accesses(name, size, opc);
    pairs();
    exclusives();
    system();
  }

 private:
  struct Access {
    const char* name;
    unsigned size;
    unsigned opc;
  };
  static constexpr Access kAccesses[] = {
      {"strb", 0, 0},  {"ldrb", 0, 1},    {"ldrsb.x", 0, 2}, {"ldrsb.w", 0, 3}, {"strh", 1, 0},
      {"ldrh", 1, 1},  {"ldrsh.x", 1, 2}, {"ldrsh.w", 1, 3}, {"str.w", 2, 0},   {"ldr.w", 2, 1},
      {"ldrsw", 2, 2}, {"str.x", 3, 0},   {"ldr.x", 3, 1}};

  void form(std::string name, std::function<void(Snippet&)> emit) {
    list.push_back({std::move(name), std::move(emit)});
  }
  // Random bits until `valid`.
  void random_form(std::string name, Word fixed, Word mask, std::function<bool(Word)> valid = {}) {
    form(std::move(name), [=](Snippet& s) {
      Word word = s.filled(fixed, mask);
      while (valid && !valid(word)) word = s.filled(fixed, mask);
      s.add(word);
    });
  }

  void processing(Word wide) {
    const std::string suffix = wide != 0 ? ".x" : ".w";
    const Word sf = wide << 31;
    // A 6-bit shift amount or lsb at bit 10 that is below the size.
    const auto amount = [wide](Word w) { return wide != 0 || (w & 0x8000) == 0; };
    static const char* const kAddSub[] = {"add", "adds", "sub", "subs"};
    for (Word op = 0; op < 4; ++op) {
      const std::string name = kAddSub[op] + suffix;
      random_form(name + " imm", sf | (op << 29) | 0x11000000, 0x007FFFFF);
      random_form(name + " shifted", sf | (op << 29) | 0x0B000000, 0x00DFFFFF,
                  [=](Word w) { return amount(w) && ((w >> 22) & 3) != 3; });
      random_form(name + " extended", sf | (op << 29) | 0x0B200000, 0x001FFFFF,
                  [](Word w) { return ((w >> 10) & 7) <= 4; });
    }
    static const char* const kCarry[] = {"adc", "adcs", "sbc", "sbcs"};
    for (Word op = 0; op < 4; ++op)
      random_form(kCarry[op] + suffix, sf | (op << 29) | 0x1A000000, 0x001F03FF);
    static const char* const kLogical[] = {"and", "orr", "eor", "ands", "bic", "orn", "eon", "bics"};
    for (Word op = 0; op < 8; ++op) {
      random_form(kLogical[op] + suffix + " shifted", sf | ((op & 3) << 29) | ((op >> 2) << 21) | 0x0A000000,
                  0x00DFFFFF, amount);
      if (op < 4) {
        random_form(kLogical[op] + suffix + " imm", sf | (op << 29) | 0x12000000, 0x007FFFFF, [wide](Word w) {
          const unsigned n = (w >> 22) & 1;
          const unsigned imms = (w >> 10) & 63;
          const auto pattern = static_cast<unsigned>((n << 6) | (~imms & 63));
          if (pattern < 2 || (n != 0 && wide == 0)) return false;
          const unsigned levels = std::bit_floor(pattern) - 1;
          return (imms & levels) != levels;
        });
      }
    }
    for (const Word opc : {0U, 2U, 3U}) {
      random_form("mov" + std::string(1, "n?zk"[opc]) + suffix, sf | (opc << 29) | 0x12800000, 0x007FFFFF,
                  [wide](Word w) { return wide != 0 || (w & 0x400000) == 0; });
    }
    static const char* const kField[] = {"sbfm", "bfm", "ubfm"};
    for (Word opc = 0; opc < 3; ++opc) {
      const Word fixed = sf | (opc << 29) | 0x13000000 | (wide << 22);
      random_form(kField[opc] + suffix, fixed, 0x003FFFFF,
                  [=](Word w) { return amount(w) && (wide != 0 || (w & 0x200000) == 0); });
      // Those with names of their own: extensions and whole shifts.
      form(kField[opc] + suffix + " alias", [=](Snippet& s) {
        const Word last = wide != 0 ? 63 : 31;
        static constexpr Word kEnds[] = {7, 15, 31};
        const Word amounts = s.below(last + 1);
        const Word immr = s.below(2) == 0 ? 0 : amounts;
        const Word imms = immr == 0 ? kEnds[s.below(3)] : s.below(2) == 0 ? last : immr - 1;
        s.add(s.filled(fixed | (immr << 16) | (imms << 10), 0x3FF));
      });
    }
    random_form("extr" + suffix, sf | 0x13800000 | (wide << 22), 0x001FFFFF, amount);
    form("ror" + suffix + " imm", [=](Snippet& s) {
      const Word n = s.any();
      s.add(s.filled(sf | 0x13800000 | (wide << 22) | (n << 16) | (n << 5), wide != 0 ? 0xFC1F : 0x7C1F));
    });
    static const char* const kSelect[] = {"csel", "csinc", "csinv", "csneg"};
    for (Word op = 0; op < 4; ++op) {
      const Word fixed = sf | ((op >> 1) << 30) | ((op & 1) << 10) | 0x1A800000;
      random_form(kSelect[op] + suffix, fixed, 0x001FF3FF);
      random_form(kSelect[op] + suffix + " of zero", fixed | 0x001F03E0, 0xF01F);
    }
    for (Word op = 0; op < 4; ++op) {
      random_form((op < 2 ? "ccmn" : "ccmp") + suffix + ((op & 1) != 0 ? " imm" : " reg"),
                  sf | ((op >> 1) << 30) | ((op & 1) << 11) | 0x3A400000, 0x001FF3EF);
    }
    const std::pair<const char*, Word> kTwo[] = {{"udiv", 2}, {"sdiv", 3},  {"lslv", 8},
                                                 {"lsrv", 9}, {"asrv", 10}, {"rorv", 11}};
    for (const auto& [name, opc] : kTwo)
      random_form(name + suffix, sf | 0x1AC00000 | (opc << 10), 0x001F03FF);
    static const char* const kOne[] = {"rbit", "rev16", "rev32", "rev", "clz", "cls"};
    for (Word opc = 0; opc < 6; ++opc) {
      if (opc != 3 || wide != 0) random_form(kOne[opc] + suffix, sf | 0x5AC00000 | (opc << 10), 0x3FF);
    }
    random_form("madd" + suffix, sf | 0x1B000000, 0x001F7FFF);
    random_form("msub" + suffix, sf | 0x1B008000, 0x001F7FFF);
    for (const Word not_zero : {0U, 1U}) {
      form((not_zero != 0 ? "cbnz" : "cbz") + suffix, [=](Snippet& s) {
        s.add(sf | (not_zero << 24) | 0x34000040 | s.any());
        s.add(kMarker);
      });
    }
  }

  void wide_only() {
    const std::pair<const char*, Word> kLong[] = {
        {"smaddl", 0x9B200000}, {"smsubl", 0x9B208000}, {"umaddl", 0x9BA00000}, {"umsubl", 0x9BA08000}};
    for (const auto& [name, fixed] : kLong) random_form(name, fixed, 0x001F7FFF);
    random_form("smulh", 0x9B407C00, 0x001F03FF);
    random_form("umulh", 0x9BC07C00, 0x001F03FF);
    random_form("adr", 0x10000000, 0x60FFFFFF);
    random_form("adrp", 0x90000000, 0x60FFFFFF);
  }

  void branches() {
    for (Word condition = 0; condition < 16; ++condition) {
      form(fmt::format("b.cond {}", condition), [=](Snippet& s) {
        s.add(0x54000040 | condition);
        s.add(kMarker);
      });
    }
    for (const Word not_zero : {0U, 1U}) {
      form(not_zero != 0 ? "tbnz" : "tbz", [=](Snippet& s) {
        s.add(0x36000040 | (not_zero << 24) | (s.below(2) << 31) | (s.any() << 19) | s.any());
        s.add(kMarker);
      });
    }
    for (const Word link : {0U, 1U}) {
      form(link != 0 ? "bl" : "b", [=](Snippet& s) {
        s.add(0x14000002 | (link << 31));
        s.add(kMarker);
      });
    }
    static const char* const kRegister[] = {"br", "blr", "ret"};
    for (Word op = 0; op < 3; ++op) {
      form(kRegister[op], [=](Snippet& s) {
        const unsigned to = s.below(3) == 0 ? 30 : s.destination_but(31);
        s.add(0x10000060 | to);  // adr to, +12
        s.add(0xD61F0000 | (op << 21) | (to << 5));
        s.add(kMarker);
      });
    }
  }

  void accesses(const std::string& name, Word size, Word opc) {
    const Word fixed = (size << 30) | (opc << 22) | 0x38000000;
    form(name + " [x, #imm]", [=](Snippet& s) {
      const Word scaled = s.below(4096);
      const unsigned base = s.base_at(s.place(false) - (std::int64_t{scaled} << size));
      s.add(fixed | 0x01000000 | (scaled << 10) | (base << 5) | s.destination());
    });
    static const char* const kModes[] = {" unscaled", " post", " unprivileged", " pre"};
    for (Word mode = 0; mode < 4; ++mode) {
      form(name + kModes[mode], [=](Snippet& s) {
        const int offset = static_cast<int>(s.below(512)) - 256;
        const unsigned base = s.base_at(s.place(false) - (mode == 1 ? 0 : offset));
        const unsigned data = (mode & 1) != 0 ? s.destination_but(base) : s.destination();
        s.add(fixed | ((static_cast<Word>(offset) & 0x1FF) << 12) | (mode << 10) | (base << 5) | data);
      });
    }
    const std::pair<const char*, Word> kOptions[] = {{" uxtw", 2}, {" lsl", 3}, {" sxtw", 6}, {" sxtx", 7}};
    for (const auto& [option_name, option] : kOptions) {
      form(name + " [x, r" + option_name + "]", [=, option = option](Snippet& s) {
        const unsigned index = s.destination_but(31);
        const Word scales = s.below(2);
        std::int64_t by = static_cast<std::int64_t>(s.below(4096)) - (option == 2 ? 0 : 2048);
        s.move(index, by);
        if ((option & 1) == 0)
          s.add(0xF2C00000 | (s.below(65536) << 5) | index);  // movk at 32: not looked at
        by <<= scales != 0 ? size : 0;
        const unsigned base = s.base_at(s.place(false) - by, index);
        s.add(fixed | 0x00200800 | (index << 16) | (option << 13) | (scales << 12) | (base << 5) |
              s.destination());
      });
    }
  }

  void pairs() {
    struct Pair {
      const char* name;
      Word opc;
      Word loads;
    };
    static constexpr Pair kPairs[] = {
        {"stp.w", 0, 0}, {"ldp.w", 0, 1}, {"ldpsw", 1, 1}, {"stp.x", 2, 0}, {"ldp.x", 2, 1}};
    static const char* const kModes[] = {" no-allocate", " post", "", " pre"};
    for (const auto& [name, opc, loads] : kPairs) {
      for (Word mode = opc == 1 ? 1 : 0; mode < 4; ++mode) {
        form(std::string(name) + kModes[mode], [=, opc = opc, loads = loads](Snippet& s) {
          const int scaled = static_cast<int>(s.below(128)) - 64;
          const std::int64_t offset = scaled * (opc == 2 ? 8 : 4);
          const unsigned base = s.base_at(s.place(false) - (mode == 1 ? 0 : offset));
          const unsigned first = s.destination_but(base);
          const unsigned second = s.destination_but(base, first);
          s.add((opc << 30) | 0x28000000 | (mode << 23) | (loads << 22) |
                ((static_cast<Word>(scaled) & 127) << 15) | (second << 10) | (base << 5) | first);
        });
      }
    }
    const std::pair<const char*, Word> kLiterals[] = {
        {"ldr.w literal", 0}, {"ldr.x literal", 1}, {"ldrsw literal", 2}, {"prfm literal", 3}};
    for (const auto& [name, opc] : kLiterals) {
      form(name, [opc = opc](Snippet& s) {
        const int words = static_cast<int>(s.below(40)) - 20;
        s.add((opc << 30) | 0x18000000 | ((static_cast<Word>(words) & 0x7FFFF) << 5) | s.destination());
      });
    }
  }

  void exclusives() {
    for (Word size = 0; size < 4; ++size) {
      for (const Word ordered : {0U, 1U}) {
        const Word fixed = (size << 30) | 0x08000000 | (ordered << 15);
        form(fmt::format("{} {}", ordered != 0 ? "ldaxr/stlxr" : "ldxr/stxr", 8 << size), [=](Snippet& s) {
          const unsigned base = s.base_at(s.place(true));
          s.add(fixed | 0x005F7C00 | (base << 5) | s.destination_but(base));
          const unsigned data = s.destination_but(base);
          s.add(fixed | 0x00007C00 | (s.destination_but(base, data) << 16) | (base << 5) | data);
        });
        if (size < 2) continue;
        form(fmt::format("{} {}", ordered != 0 ? "ldaxp/stlxp" : "ldxp/stxp", 8 << size), [=](Snippet& s) {
          const unsigned base = s.base_at(s.place(true));
          const unsigned first = s.destination_but(base);
          const unsigned second = s.destination_but(base, first);
          s.add(fixed | 0x007F0000 | (second << 10) | (base << 5) | first);
          s.add(fixed | 0x00200000 | (31U << 16) | (second << 10) | (base << 5) | first);
        });
      }
      for (const Word loads : {0U, 1U}) {
        form(fmt::format("{} {}", loads != 0 ? "ldar" : "stlr", 8 << size), [=](Snippet& s) {
          const unsigned base = s.base_at(s.place(true));
          s.add((size << 30) | 0x089FFC00 | (loads << 22) | (base << 5) | s.destination());
        });
      }
    }
  }

  void system() {
    form("hint", [](Snippet& s) { s.add(0xD503201F | (s.below(6) << 5)); });
    form("barrier", [](Snippet& s) {
      static constexpr Word kBarriers[] = {0xD5033F5F, 0xD5033F9F, 0xD5033FBF, 0xD5033FDF};
      s.add(kBarriers[s.below(4)]);
    });
    form("cache", [](Snippet& s) {
      static constexpr Word kCaches[] = {0xD50B7520, 0xD50B7A20, 0xD50B7B20, 0xD50B7E20};
      s.add(kCaches[s.below(4)] | kBase);
    });
    form("mrs nzcv", [](Snippet& s) { s.add(0xD53B4200 | s.destination()); });
    form("msr nzcv", [](Snippet& s) { s.add(0xD51B4200 | s.any()); });
    form("tpidr_el0", [](Snippet& s) {
      s.add(0xD51BD040 | s.any());
      s.add(0xD53BD040 | s.destination());
    });
    form("prfm", [](Snippet& s) { s.add(s.filled(0xF9800000, 0x003FFC1F) | (kBase << 5)); });
  }
};

// Words of the state at the start and where they are in a record: x0 to x30, sp, nzcv.
constexpr unsigned kState = 33;

std::vector<Word> make_snippet(const Forms& forms, Random& random, std::size_t first, std::string& text) {
  Snippet body(random);
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
  constexpr unsigned kLeadIn = kState + 2;
  constexpr unsigned kLeadOut = 31 + 4 + 5 + 1;
  const unsigned pool = kLeadIn + static_cast<unsigned>(body.words.size()) + kLeadOut;
  const auto load = [&](unsigned to, unsigned index) {
    words.push_back(0x58000000 | ((pool + 2 * index - static_cast<unsigned>(words.size())) << 5) | to);
  };
  load(0, 31);
  words.push_back(0x9100001F);  // mov sp, x0
  load(0, 32);
  words.push_back(0xD51B4200);  // msr nzcv, x0
  for (unsigned i = 0; i < 31; ++i) load(i, i);
  words.insert(words.end(), body.words.begin(), body.words.end());
  const auto save = [&](unsigned from, unsigned index) {
    words.push_back(0xF9000000 | ((kScratchBytes / 8 + index) << 10) | (kBase << 5) | from);
  };
  for (unsigned i = 0; i < 31; ++i) save(i, i);
  words.push_back(0x910003E0);  // mov x0, sp
  save(0, 31);
  words.push_back(0xD53B4200);  // mrs x0, nzcv
  save(0, kBase);               // in the place of the register that is always the same
  words.push_back(0xD2800808);  // mov x8, #64: write
  words.push_back(0xD2800020);  // mov x0, #1
  words.push_back(0xD1000000 | (kScratchBytes << 10) | (kBase << 5) | 1);  // sub x1, x28, #256
  words.push_back(0xD2800002 | (static_cast<Word>(kRecord) << 5));         // mov x2, #768
  words.push_back(0xD4000001);                                             // svc #0
  words.push_back(0x14000001 + 2 * kState);                                // b over the pool
  EXPECT_EQ(words.size(), pool);
  for (unsigned i = 0; i < kState; ++i) {
    std::uint64_t value = random.value();
    if (i == kBase) value = kScratch;
    if (i == 31) value &= ~std::uint64_t{15};
    if (i == 32) value = static_cast<std::uint64_t>(random.below(16)) << 28;
    words.push_back(static_cast<Word>(value));
    words.push_back(static_cast<Word>(value >> 32));
    text += fmt::format("  {} = {:#x}\n", i < 31 ? fmt::format("x{}", i) : i == 31 ? "sp" : "nzcv", value);
  }
  return words;
}

TEST(A64Differential, RandomProgramsGiveWhatQemuGives) {
  const Forms forms;
  Generator generator;
  generator.isa = find_isa("aarch64");
  generator.emulator = "qemu-aarch64";
  for (const Form& form : forms.list) generator.forms.push_back(form.name);
  generator.snippet = [&](Random& random, std::uint64_t, std::size_t first, std::string& text) {
    return make_snippet(forms, random, first, text);
  };
  generator.exit = {0xD2800BA8, 0xD2800000, 0xD4000001};  // mov x8, #93; mov x0, #0; svc #0
  generator.name_of = [](std::size_t offset) {
    if (offset < 2 * kScratchBytes)
      return fmt::format("scratch {:+}", static_cast<int>(offset) - kScratchBytes);
    const std::size_t index = (offset - 2 * kScratchBytes) / 8;
    return index == kBase ? "nzcv" : index == 31 ? "sp" : fmt::format("x{}", index);
  };
  compare_with_emulator(generator);
}

}  // namespace
}  // namespace assay::machine::testing
