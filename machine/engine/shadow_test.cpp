// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The promise of shadow.h, tried: all that the unknown bits may be, for many operands.
#include "machine/engine/shadow.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace assay::machine::shadow {
namespace {

std::mt19937_64 random_numbers(20261130);

/// A value, often near a limit, of which a few bits are unknown.
Bits some_bits() {
  static constexpr std::uint64_t kEdges[] = {
      0, 1, 0x7F, 0x80, 0xFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, ~std::uint64_t{0}, std::uint64_t{1} << 63};
  Bits bits;
  bits.value = random_numbers() % 2 == 0 ? kEdges[random_numbers() % std::size(kEdges)] : random_numbers();
  static constexpr unsigned kPlaces[] = {0, 1, 2, 4, 7, 8, 15, 16, 30, 31, 32, 63};
  for (unsigned i = random_numbers() % 4; i > 0; --i)
    bits.unknown |= std::uint64_t{1} << kPlaces[random_numbers() % std::size(kPlaces)];
  return bits;
}

/// All that a value may be.
std::vector<std::uint64_t> all_of(Bits bits) {
  std::vector<std::uint64_t> values = {bits.value & ~bits.unknown};
  for (std::uint64_t some = bits.unknown; some != 0; some = (some - 1) & bits.unknown)
    values.push_back((bits.value & ~bits.unknown) | some);
  return values;
}

constexpr Width kWordWidths[] = {Width::w32, Width::w64};
constexpr Width kAllWidths[] = {Width::w8, Width::w16, Width::w32, Width::w64};

TEST(Shadow, known_bits_of_arithmetic_do_not_depend_on_unknown_ones) {
  for (int round = 0; round < 2000; ++round) {
    const Bits a = some_bits();
    const Bits b = some_bits();
    for (unsigned op = static_cast<unsigned>(Op::add); op <= static_cast<unsigned>(Op::rem_s); ++op) {
      for (const Width w : kWordWidths) {
        const Bits result = binary(static_cast<Op>(op), w, a, b);
        for (const std::uint64_t x : all_of(a)) {
          for (const std::uint64_t y : all_of(b)) {
            const std::uint64_t now = eval::binary(static_cast<Op>(op), w, x, y);
            ASSERT_EQ((now ^ result.value) & ~result.unknown, 0U)
                << "operation " << op << " of " << std::hex << x << ", " << y;
          }
        }
      }
    }
  }
}

TEST(Shadow, known_bits_of_one_operand_do_not_depend_on_unknown_ones) {
  for (int round = 0; round < 2000; ++round) {
    const Bits a = some_bits();
    for (unsigned op = static_cast<unsigned>(Op::count_leading_zeros);
         op <= static_cast<unsigned>(Op::sign_extend_32); ++op) {
      for (const Width w : kWordWidths) {
        const Bits result = unary(static_cast<Op>(op), w, a);
        for (const std::uint64_t x : all_of(a))
          ASSERT_EQ((eval::unary(static_cast<Op>(op), w, x) ^ result.value) & ~result.unknown, 0U)
              << "operation " << op << " of " << std::hex << x;
      }
    }
  }
}

TEST(Shadow, a_decided_condition_comes_out_the_same) {
  int decided_ones = 0;
  for (int round = 0; round < 5000; ++round) {
    const Bits a = some_bits();
    const Bits b = some_bits();
    for (unsigned c = 0; c <= static_cast<unsigned>(Condition::some_bits); ++c) {
      for (const Width w : kAllWidths) {
        if (!decided(static_cast<Condition>(c), w, a, b)) continue;
        decided_ones += (a.unknown | b.unknown) != 0 ? 1 : 0;
        const bool once = eval::condition(static_cast<Condition>(c), w, a.value, b.value);
        for (const std::uint64_t x : all_of(a)) {
          for (const std::uint64_t y : all_of(b))
            ASSERT_EQ(eval::condition(static_cast<Condition>(c), w, x, y), once)
                << "condition " << c << " of " << std::hex << x << ", " << y;
        }
      }
    }
  }
  EXPECT_GT(decided_ones, 10000);  // it does not say "undecided" of everything
}

TEST(Shadow, a_decided_flag_comes_out_the_same) {
  for (int round = 0; round < 3000; ++round) {
    for (const FlagKind kind : {FlagKind::add, FlagKind::adc, FlagKind::sub, FlagKind::sbb, FlagKind::sub_arm,
                                FlagKind::sbc_arm, FlagKind::parts, FlagKind::word}) {
      for (const Width w : kAllWidths) {
        Flags flags{
            kind, w, some_bits(), some_bits(), {random_numbers() & 1, random_numbers() % 3 == 0 ? 1U : 0U}};
        if (kind == FlagKind::word) flags.a = {random_numbers() & 0x8D5, random_numbers() & 0x8D5};
        for (unsigned c = 0; c <= static_cast<unsigned>(FlagCondition::not_carry_or_zero); ++c) {
          const auto condition = static_cast<FlagCondition>(c);
          if (!decided(condition, flags)) continue;
          const bool once = flag_holds(condition, shadow::flags_word(flags).value);
          for (const std::uint64_t x : all_of(flags.a)) {
            for (const std::uint64_t y : all_of(flags.b)) {
              for (const std::uint64_t z : all_of(flags.c))
                ASSERT_EQ(flag_holds(condition, machine::flags_word({kind, w, x, y, z})), once)
                    << "kind " << static_cast<int>(kind) << " condition " << c << std::hex << " of " << x
                    << ", " << y << ", " << z;
            }
          }
        }
      }
    }
  }
}

TEST(Shadow, what_is_known_stays_known) {
  EXPECT_EQ(binary(Op::bit_and, Width::w64, {5, 0xFF}, {0, 0}).unknown, 0U);
  EXPECT_EQ(binary(Op::mul, Width::w64, {5, 0xFF}, {0, 0}).unknown, 0U);
  EXPECT_EQ(binary(Op::shl, Width::w64, {1, 0x80}, {4, 0}).unknown, 0x800U);
  EXPECT_EQ(binary(Op::add, Width::w64, {0x100, 1}, {0x10, 0}).unknown, 1U);
  EXPECT_TRUE(decided(Condition::ne, Width::w64, {0x100, 0xFF}, {0, 0}));
  EXPECT_FALSE(decided(Condition::eq, Width::w64, {0, 1}, {0, 0}));
}

}  // namespace
}  // namespace assay::machine::shadow
