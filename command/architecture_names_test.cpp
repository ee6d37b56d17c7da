// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/architecture_names.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(ArchitectureNames, AllSpellingsAreOne) {
  for (const std::string_view word : {"AMD64", "amd64", "x86_64", "X86-64", "x64"})
    EXPECT_EQ(common_name(word), "amd64");
  for (const std::string_view word : {"x86", "X86", "i386", "i686"}) EXPECT_EQ(common_name(word), "x86");
  for (const std::string_view word : {"AArch64", "arm64"}) EXPECT_EQ(common_name(word), "aarch64");
  EXPECT_EQ(common_name("arm"), "armv7l");
  EXPECT_EQ(common_name("RISCV64"), "riscv64");
}

TEST(ArchitectureNames, OtherWordsStayThemselves) {
  EXPECT_EQ(common_name("UEFI-amd64"), "uefi-amd64");
  EXPECT_EQ(common_name(""), "");
}

}  // namespace
}  // namespace assay
