// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/testing/x87_random.h"

#include <fmt/format.h>

#include <array>
#include <random>

#include "machine/process/elf_program.h"
#include "machine/testing/x86_random.h"
#include "machine/x87/unit.h"

namespace assay::machine::test {
namespace {

constexpr unsigned kMostInstructions = 4;
constexpr unsigned kFirstWords = 28;  // the state before the registers
constexpr unsigned kC0 = 0x0100;
constexpr unsigned kC1 = 0x0200;
constexpr unsigned kC3 = 0x4000;
constexpr std::uint64_t kIntegerBit = std::uint64_t{1} << 63;

enum class Operands : std::uint8_t {
  none,
  stack,
  single,
  real,
  extended,
  word,
  dword,
  qword,
  decimal,
  state
};

struct Form {
  std::string_view name;
  Byte first;
  Byte second;  ///< all of it, or the ModRM field of a memory operand
  Operands operands = Operands::none;
  bool stores = false;  ///< a number, to memory
  /// Processors differ in what becomes of C1, or (fprem) of C0 and C3 when the result is a NaN.
  enum Open : std::uint8_t { nothing, c1, c0_c3 } open = nothing;
  Byte masks = 0;  ///< exceptions that processors treat differently when they are not masked
};

constexpr Form kForms[] = {
    // Arithmetic.
    {"fadd st,st(i)", 0xD8, 0xC0, Operands::stack},
    {"fmul st,st(i)", 0xD8, 0xC8, Operands::stack},
    {"fcom st(i)", 0xD8, 0xD0, Operands::stack},
    {"fcomp st(i)", 0xD8, 0xD8, Operands::stack},
    {"fsub st,st(i)", 0xD8, 0xE0, Operands::stack},
    {"fsubr st,st(i)", 0xD8, 0xE8, Operands::stack},
    {"fdiv st,st(i)", 0xD8, 0xF0, Operands::stack},
    {"fdivr st,st(i)", 0xD8, 0xF8, Operands::stack},
    {"fadd st(i),st", 0xDC, 0xC0, Operands::stack},
    {"fmul st(i),st", 0xDC, 0xC8, Operands::stack},
    {"fsubr st(i),st", 0xDC, 0xE0, Operands::stack},
    {"fsub st(i),st", 0xDC, 0xE8, Operands::stack},
    {"fdivr st(i),st", 0xDC, 0xF0, Operands::stack},
    {"fdiv st(i),st", 0xDC, 0xF8, Operands::stack},
    {"faddp", 0xDE, 0xC0, Operands::stack},
    {"fmulp", 0xDE, 0xC8, Operands::stack},
    {"fcompp", 0xDE, 0xD9},
    {"fsubrp", 0xDE, 0xE0, Operands::stack},
    {"fsubp", 0xDE, 0xE8, Operands::stack},
    {"fdivrp", 0xDE, 0xF0, Operands::stack},
    {"fdivp", 0xDE, 0xF8, Operands::stack},
    {"fadd m32", 0xD8, 0, Operands::single},
    {"fmul m32", 0xD8, 1, Operands::single},
    {"fcom m32", 0xD8, 2, Operands::single},
    {"fcomp m32", 0xD8, 3, Operands::single},
    {"fsub m32", 0xD8, 4, Operands::single},
    {"fsubr m32", 0xD8, 5, Operands::single},
    {"fdiv m32", 0xD8, 6, Operands::single},
    {"fdivr m32", 0xD8, 7, Operands::single},
    {"fadd m64", 0xDC, 0, Operands::real},
    {"fmul m64", 0xDC, 1, Operands::real},
    {"fcom m64", 0xDC, 2, Operands::real},
    {"fcomp m64", 0xDC, 3, Operands::real},
    {"fsub m64", 0xDC, 4, Operands::real},
    {"fsubr m64", 0xDC, 5, Operands::real},
    {"fdiv m64", 0xDC, 6, Operands::real},
    {"fdivr m64", 0xDC, 7, Operands::real},
    {"fiadd m32", 0xDA, 0, Operands::dword},
    {"fimul m32", 0xDA, 1, Operands::dword},
    {"ficom m32", 0xDA, 2, Operands::dword},
    {"ficomp m32", 0xDA, 3, Operands::dword},
    {"fisub m32", 0xDA, 4, Operands::dword},
    {"fisubr m32", 0xDA, 5, Operands::dword},
    {"fidiv m32", 0xDA, 6, Operands::dword},
    {"fidivr m32", 0xDA, 7, Operands::dword},
    {"fiadd m16", 0xDE, 0, Operands::word},
    {"fimul m16", 0xDE, 1, Operands::word},
    {"ficom m16", 0xDE, 2, Operands::word},
    {"ficomp m16", 0xDE, 3, Operands::word},
    {"fisub m16", 0xDE, 4, Operands::word},
    {"fisubr m16", 0xDE, 5, Operands::word},
    {"fidiv m16", 0xDE, 6, Operands::word},
    {"fidivr m16", 0xDE, 7, Operands::word},
    // Loads.
    {"fld m32", 0xD9, 0, Operands::single, false, Form::nothing, 0x02},
    {"fld m64", 0xDD, 0, Operands::real, false, Form::nothing, 0x02},
    {"fld m80", 0xDB, 5, Operands::extended},
    {"fild m16", 0xDF, 0, Operands::word},
    {"fild m32", 0xDB, 0, Operands::dword},
    {"fild m64", 0xDF, 5, Operands::qword},
    {"fbld", 0xDF, 4, Operands::decimal},
    {"fld st(i)", 0xD9, 0xC0, Operands::stack, false, Form::c1},
    {"fld1", 0xD9, 0xE8},
    {"fldl2t", 0xD9, 0xE9},
    {"fldl2e", 0xD9, 0xEA},
    {"fldpi", 0xD9, 0xEB},
    {"fldlg2", 0xD9, 0xEC},
    {"fldln2", 0xD9, 0xED},
    {"fldz", 0xD9, 0xEE},
    // Stores.
    {"fst m32", 0xD9, 2, Operands::single, true},
    {"fstp m32", 0xD9, 3, Operands::single, true},
    {"fst m64", 0xDD, 2, Operands::real, true},
    {"fstp m64", 0xDD, 3, Operands::real, true},
    {"fstp m80", 0xDB, 7, Operands::extended, true},
    {"fist m16", 0xDF, 2, Operands::word, true},
    {"fistp m16", 0xDF, 3, Operands::word, true},
    {"fist m32", 0xDB, 2, Operands::dword, true},
    {"fistp m32", 0xDB, 3, Operands::dword, true},
    {"fistp m64", 0xDF, 7, Operands::qword, true},
    {"fisttp m16", 0xDF, 1, Operands::word, true},
    {"fisttp m32", 0xDB, 1, Operands::dword, true},
    {"fisttp m64", 0xDD, 1, Operands::qword, true},
    {"fbstp", 0xDF, 6, Operands::decimal, true},
    {"fst st(i)", 0xDD, 0xD0, Operands::stack},
    {"fstp st(i)", 0xDD, 0xD8, Operands::stack},
    // Comparison.
    {"fucom", 0xDD, 0xE0, Operands::stack},
    {"fucomp", 0xDD, 0xE8, Operands::stack},
    {"fucompp", 0xDA, 0xE9},
    {"fcomi", 0xDB, 0xF0, Operands::stack, false, Form::c1},
    {"fucomi", 0xDB, 0xE8, Operands::stack, false, Form::c1},
    {"fcomip", 0xDF, 0xF0, Operands::stack, false, Form::c1},
    {"fucomip", 0xDF, 0xE8, Operands::stack, false, Form::c1},
    {"ftst", 0xD9, 0xE4},
    {"fxam", 0xD9, 0xE5},
    // Moves.
    {"fcmovb", 0xDA, 0xC0, Operands::stack},
    {"fcmove", 0xDA, 0xC8, Operands::stack},
    {"fcmovbe", 0xDA, 0xD0, Operands::stack},
    {"fcmovu", 0xDA, 0xD8, Operands::stack},
    {"fcmovnb", 0xDB, 0xC0, Operands::stack},
    {"fcmovne", 0xDB, 0xC8, Operands::stack},
    {"fcmovnbe", 0xDB, 0xD0, Operands::stack},
    {"fcmovnu", 0xDB, 0xD8, Operands::stack},
    {"fxch", 0xD9, 0xC8, Operands::stack},
    {"ffree", 0xDD, 0xC0, Operands::stack, false, Form::c1},
    {"ffreep", 0xDF, 0xC0, Operands::stack, false, Form::c1},
    {"fincstp", 0xD9, 0xF7},
    {"fdecstp", 0xD9, 0xF6},
    {"fnop", 0xD9, 0xD0},
    // Alone.
    {"fchs", 0xD9, 0xE0},
    {"fabs", 0xD9, 0xE1},
    {"fsqrt", 0xD9, 0xFA},
    {"frndint", 0xD9, 0xFC},
    {"fscale", 0xD9, 0xFD, Operands::none, false, Form::nothing, 0x18},
    {"fxtract", 0xD9, 0xF4},
    {"fprem", 0xD9, 0xF8, Operands::none, false, Form::c0_c3},
    {"fprem1", 0xD9, 0xF5, Operands::none, false, Form::c0_c3},
    // The unit.
    {"fwait", 0x9B, 0x90},
    {"fnclex", 0xDB, 0xE2},
    {"fninit", 0xDB, 0xE3},
    {"fnstsw ax", 0xDF, 0xE0},
    {"fnstsw m16", 0xDD, 7, Operands::word},
    {"fnstcw m16", 0xD9, 7, Operands::word},
    {"fldcw m16", 0xD9, 5, Operands::word},
    {"fnstenv", 0xD9, 6, Operands::state},
    {"fldenv", 0xD9, 4, Operands::state},
    {"frstor", 0xDD, 4, Operands::state},
    {"fnsave", 0xDD, 6, Operands::state},
};

constexpr Form kFunctions[] = {{"f2xm1", 0xD9, 0xF0},  {"fyl2x", 0xD9, 0xF1},   {"fptan", 0xD9, 0xF2},
                               {"fpatan", 0xD9, 0xF3}, {"fyl2xp1", 0xD9, 0xF9}, {"fsincos", 0xD9, 0xFB},
                               {"fsin", 0xD9, 0xFE},   {"fcos", 0xD9, 0xFF}};

// Asks the unit, since which arguments these are is its own knowledge.
bool has_result(const Form& function, const Bytes& state) {
  std::uint64_t slots[64] = {};
  const auto number = [&state](std::size_t at, unsigned bytes) {
    std::uint64_t value = 0;
    for (unsigned i = bytes; i-- > 0;) value = value << 8 | state[at + i];
    return value;
  };
  const auto run = [&slots](x87::Operation operation, std::uint64_t a, std::uint64_t b) {
    (void)x87::execute(slots, operation.word(), a, b);
  };
  for (std::uint8_t part = 0; part < 3; ++part)
    run({x87::Do::set_environment, x87::Form::stack, part, 0, 0, false}, number(std::size_t{4} * part, 2), 0);
  for (std::uint8_t i = 0; i < 8; ++i) {
    const std::size_t at = kFirstWords + std::size_t{10} * i;
    run({x87::Do::set_register, x87::Form::stack, i, 0, 0, false}, number(at, 8), number(at + 8, 2));
  }
  run({x87::Do::function, x87::Form::stack, static_cast<std::uint8_t>(function.second & 15), 0, 0, true}, 0,
      0);
  return slots[x87::kStops] == 0;
}

constexpr bool is_memory(const Form& form) { return form.operands > Operands::stack; }

class Maker {
 public:
  Maker(bool is64, std::uint64_t seed, X87Kind kind)
      : is64_(is64), kind_(kind), masked_(kind != X87Kind::unmasked), random_(seed) {}

  X87Program run(unsigned snippets);

 private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  bool chance(unsigned one_in) { return below(one_in) == 0; }
  std::uint64_t bits();
  void number(Bytes& to);
  Bytes state();
  Bytes memory(Operands last);
  void absolute(unsigned field, std::uint64_t address) { put_absolute_x86(code_, is64_, field, address); }
  void instruction(const Form& form, std::uint64_t record);

  bool is64_;
  X87Kind kind_;
  bool masked_;
  std::mt19937_64 random_;
  Bytes code_;
  unsigned exponent_ = 0;  ///< near which numbers of a snippet are
  bool unmasked_ = false;
};

// A fraction of 64 bits: often with long runs of one bit.
std::uint64_t Maker::bits() {
  switch (below(7)) {
    case 0: return 0;
    case 1: return ~std::uint64_t{0};
    case 2: return random_() << below(64);
    case 3: return ~(random_() >> below(64));
    case 4: return std::uint64_t{1} << below(64);
    case 5: return ~std::uint64_t{0} << below(64);
    default: return random_();
  }
}

void Maker::number(Bytes& to) {
  std::uint64_t significand = bits() | kIntegerBit;
  unsigned exponent = exponent_;
  switch (below(14)) {
    case 0: significand = 0, exponent = 0; break;
    case 1: significand = kIntegerBit, exponent = 0x7FFF; break;
    case 2: significand |= chance(2) ? kIntegerBit / 2 : 0, exponent = 0x7FFF; break;
    case 3: significand = bits() >> below(64), exponent = 0; break;                // denormals
    case 4: exponent = chance(8) ? 0 : below(0x8000); break;                       // pseudo-denormals
    case 5: significand = bits() & ~kIntegerBit, exponent = below(0x8000); break;  // unnormals, ...
    case 6: exponent = chance(2) ? below(80) : 0x7FFE - below(80); break;
    case 7: exponent = 0x3FFF + below(70); break;
    case 8: exponent = 0x3FFF - 150 + below(300); break;
    case 9: exponent = chance(2) ? 0x3FFF - 1074 + below(70) : 0x3FFF + 1000 + below(30); break;
    default: exponent = (exponent_ + below(70)) & 0x7FFF; break;
  }
  put(to, significand, 8);
  put(to, exponent | (chance(2) ? 0x8000U : 0U), 2);
}

Bytes Maker::state() {
  Bytes state;
  exponent_ = chance(3)   ? 0x3FFF - 30 + below(60)
              : chance(2) ? below(0x7FFF)
              : chance(2) ? below(70)
                          : 0x7F90 + below(0x6F);
  unsigned control = 0x7F | below(4) << 10;
  static constexpr unsigned kPrecision[] = {0, 2, 3, 3};
  control |= kPrecision[below(4)] << 8;
  unmasked_ = !masked_ && !chance(4);
  if (unmasked_) control &= ~(1U << below(6)) & (chance(2) ? ~0U : ~below(64));
  unsigned status = below(0x10000) & 0x7F7F;
  if (unmasked_) status &= ~0x7FU | (control & 0x3FU);
  unsigned tags = chance(2) ? 0 : chance(2) ? static_cast<unsigned>(random_()) & 0xFFFF : 0xFFFF;
  if (chance(3)) tags |= 3U << (2 * (((status >> 11) + 7) & 7));
  put(state, control, 4);
  put(state, status, 4);
  put(state, tags, 4);
  put(state, 0, 8);
  put(state, 0, 8);
  for (unsigned i = 0; i < 8; ++i) number(state);
  return state;
}

// The operand first, then anything.
Bytes Maker::memory(Operands last) {
  Bytes bytes;
  switch (last) {
    case Operands::single:
    case Operands::real: {
      const unsigned fraction = last == Operands::single ? 23 : 52;
      const unsigned exponents = last == Operands::single ? 8 : 11;
      const unsigned most = (1U << exponents) - 1;
      const unsigned exponent = chance(6)   ? 0
                                : chance(5) ? most
                                : chance(2) ? most / 2 + below(60)
                                            : below(most);
      const std::uint64_t value = (bits() >> (64 - fraction)) | std::uint64_t{exponent} << fraction |
                                  std::uint64_t{below(2)} << (fraction + exponents);
      put(bytes, value, last == Operands::single ? 4 : 8);
      break;
    }
    case Operands::decimal: {
      for (unsigned i = 0; i < 9; ++i) put(bytes, below(10) | below(10) << 4, 1);
      put(bytes, random_(), 1);
      break;
    }
    case Operands::extended: number(bytes); break;
    default: put(bytes, bits(), 8); break;
  }
  while (bytes.size() < kX87Memory) put(bytes, random_(), 1);
  return bytes;
}

void Maker::instruction(const Form& form, std::uint64_t record) {
  if (form.operands == Operands::state && chance(3)) put(code_, 0x66, 1);
  put(code_, form.first, 1);
  if (is_memory(form)) return absolute(form.second, record + kX87State);
  put(code_, form.second | (form.operands == Operands::stack ? below(8) : 0), 1);
  if (form.open == Form::c1 && masked_) put(code_, 0xF6D9'F7D9U, 4);  // fincstp fdecstp: C1 is 0
}

X87Program Maker::run(unsigned snippets) {
  X87Program program;
  Bytes data;
  const std::uint64_t records = kX86DataAddress;
  for (unsigned i = 0; i < snippets; ++i) {
    X87Snippet& snippet = program.snippets.emplace_back();
    const std::uint64_t record = records + std::uint64_t{kX87Record} * i;
    const Form* form = &kForms[below(std::size(kForms))];
    if (kind_ == X87Kind::functions) form = &kFunctions[below(std::size(kFunctions))];
    while (!masked_ && form->stores) form = &kForms[below(std::size(kForms))];
    snippet.before = state();
    snippet.before[0] |= form->masks;
    while (kind_ == X87Kind::functions && !has_result(*form, snippet.before)) snippet.before = state();
    const Bytes operands = memory(form->operands);
    snippet.before.insert(snippet.before.end(), operands.begin(), operands.end());
    data.insert(data.end(), snippet.before.begin(), snippet.before.end());
    data.resize(data.size() + 4);
    // mov esp, a stack; push flags; popf; frstor
    put(code_, 0xBC, 1);
    put(code_, records + std::uint64_t{kX87Record} * snippets + 256, 4);
    put(code_, 0x68, 1);
    put(code_, random_() & 0x8D5, 4);
    put(code_, 0x9D, 1);
    put(code_, 0xDD, 1);
    absolute(4, record);
    const std::size_t start = code_.size();
    const unsigned count = kind_ == X87Kind::masked ? below(kMostInstructions) : 0;
    for (unsigned k = 0; k < count; ++k) {
      const Form* other = &kForms[below(std::size(kForms))];
      while (other->operands == Operands::state || other->first == 0x9B ||
             (other->first == 0xD9 && other->second == 5))
        other = &kForms[below(std::size(kForms))];
      instruction(*other, record);
      if (other->open == Form::c0_c3) put(code_, 0xE5D9, 2);  // fxam
    }
    // fldcw could unmask what waits: it stands alone, and what follows does not wait.
    instruction(*form, record);
    snippet.name = form->name;
    if (form->open == Form::c0_c3) snippet.open_status = kC0 | kC3;
    if (form->open == Form::c1 && !masked_) snippet.open_status = kC1;
    if (form->operands == Operands::state) {
      const bool narrow = code_[code_.size() - (is64_ ? 8 : 7)] == 0x66;
      snippet.open_from = narrow ? 6 : 12;
      snippet.open_to = narrow ? 14 : 28;
    }
    snippet.code.assign(code_.begin() + static_cast<std::ptrdiff_t>(start), code_.end());
    put(code_, 0xDD, 1);
    absolute(6, record);
    // mov [ax], ax; pushf; pop ax; mov [flags], ax
    put(code_, 0x66, 1);
    put(code_, 0x89, 1);
    absolute(0, record + kX87State + kX87Memory);
    put(code_, 0x9C, 1);
    put(code_, 0x58, 1);
    put(code_, 0x66, 1);
    put(code_, 0x89, 1);
    absolute(0, record + kX87State + kX87Memory + 2);
  }
  write_and_exit_x86(code_, is64_, records, std::uint64_t{kX87Record} * snippets);
  data.resize(data.size() + 512);
  program.elf = make_x86_elf(is64_, code_, data);
  return program;
}

std::string hex_of(std::string_view bytes) {
  std::string text;
  for (std::size_t i = bytes.size(); i-- > 0;)
    text += fmt::format("{:02x}", static_cast<unsigned char>(bytes[i]));
  return text;
}

}  // namespace

X87Program make_x87_program(bool is64, std::uint64_t seed, unsigned snippets, X87Kind kind) {
  return Maker(is64, seed, kind).run(snippets);
}

std::string x87_difference(const X87Snippet& snippet, std::string_view native, std::string_view ours) {
  struct Part {
    std::string_view name;
    std::size_t at;
    std::size_t size;
  };
  std::vector<Part> parts = {{"control", 0, 2}, {"status", 4, 2}, {"tags", 8, 2}};
  static constexpr std::array<std::string_view, 8> kNames = {"st0", "st1", "st2", "st3",
                                                             "st4", "st5", "st6", "st7"};
  for (std::size_t i = 0; i < kNames.size(); ++i) parts.push_back({kNames[i], kFirstWords + 10 * i, 10});
  parts.push_back({"ax", kX87State + kX87Memory, 2});
  parts.push_back({"flags", kX87State + kX87Memory + 2, 2});
  std::string text;
  for (const Part& part : parts) {
    const std::string_view want = native.substr(part.at, part.size);
    const std::string_view got = ours.substr(part.at, part.size);
    if (part.name == "status" && snippet.open_status != 0) {
      const auto word = [](std::string_view bytes) {
        return static_cast<unsigned char>(bytes[0]) | static_cast<unsigned char>(bytes[1]) << 8;
      };
      const bool open = snippet.open_status == kC1 || (want[0] & 1) != 0;
      if (open && ((word(want) ^ word(got)) & ~static_cast<int>(snippet.open_status)) == 0) continue;
    }
    if (want != got) text += fmt::format("{}: native {}, machine {}\n", part.name, hex_of(want), hex_of(got));
  }
  const std::string_view want = native.substr(kX87State, kX87Memory);
  const std::string_view got = ours.substr(kX87State, kX87Memory);
  for (std::size_t i = 0; i < want.size() && text.empty(); ++i) {
    if (i >= snippet.open_from && i < snippet.open_to) continue;
    if (want[i] != got[i])
      text += fmt::format("memory + {}: native {}, machine {}\n", i, hex_of(want.substr(0, 28)),
                          hex_of(got.substr(0, 28)));
  }
  return text;
}

}  // namespace assay::machine::test
