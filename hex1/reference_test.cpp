// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hex1/reference.h"

#include <gtest/gtest.h>

namespace assay::hex1 {
namespace {

// Expected words are those that the RISC-V manual's encodings give for the instruction named beside them.
TEST(FieldBits, AreThoseOfTheInstructions) {
  EXPECT_EQ(field_bits(Form::b_field, 8) | 0x63U, 0x00000463U);   // beq x0, x0, 8
  EXPECT_EQ(field_bits(Form::b_field, -4) | 0x63U, 0xFE000EE3U);  // beq x0, x0, -4
  EXPECT_EQ(field_bits(Form::b_field, 0x800) | 0x63U, 0x000000E3U);
  EXPECT_EQ(field_bits(Form::j_field, 8) | 0x6FU, 0x0080006FU);   // j 8
  EXPECT_EQ(field_bits(Form::j_field, -4) | 0x6FU, 0xFFDFF06FU);  // j -4
  EXPECT_EQ(field_bits(Form::j_field, 0x800) | 0x6FU, 0x0010006FU);
  EXPECT_EQ(field_bits(Form::j_field, 0x1000) | 0x6FU, 0x0000106FU);
}

TEST(FieldBits, AuipcPairsAddUpToTheDistance) {
  for (const std::int64_t distance :
       {0, 4, 0x7FF, 0x800, 0xFFF, 0x1000, 0x12345678, -4, -0x800, -0x1100, -0x2000}) {
    const auto high = static_cast<std::int32_t>(field_bits(Form::u_field, distance));
    // The second word is four bytes on, so its own distance is four less.
    const auto low = static_cast<std::int32_t>(field_bits(Form::i_field, distance - 4)) >> 20;
    EXPECT_EQ(high + low, distance);
  }
}

TEST(Fits, NamesTheReachOfEveryForm) {
  const Reference byte{'!', 1, Form::relative};
  EXPECT_TRUE(fits(byte, 127));
  EXPECT_FALSE(fits(byte, 128));
  EXPECT_TRUE(fits(byte, -128));
  EXPECT_FALSE(fits(byte, -129));
  const Reference half{'$', 2, Form::absolute};
  EXPECT_TRUE(fits(half, 0xFFFF));
  EXPECT_FALSE(fits(half, 0x10000));
  EXPECT_FALSE(fits(half, -1));
  EXPECT_TRUE(fits({'@', 0, Form::b_field}, 4094));
  EXPECT_FALSE(fits({'@', 0, Form::b_field}, 4096));
  EXPECT_FALSE(fits({'@', 0, Form::b_field}, 3));
  EXPECT_TRUE(fits({'$', 0, Form::j_field}, -1048576));
  EXPECT_FALSE(fits({'$', 0, Form::j_field}, 1048576));
}

}  // namespace
}  // namespace assay::hex1
