// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/compare.h"

#include <gtest/gtest.h>

namespace assay::bootstrap {
namespace {

RoadFile file(std::string path, std::string_view text, std::uint32_t mode = 0700) {
  return {std::move(path), std::make_shared<const Bytes>(to_bytes(text)), mode};
}

std::optional<Divergence> compare(std::vector<RoadFile> seed, std::vector<RoadFile> reference) {
  return first_difference(seed, reference);
}

TEST(FirstDifference, EqualFilesHaveNone) { EXPECT_FALSE(compare({file("a", "xy")}, {file("a", "xy")})); }

TEST(FirstDifference, NamesTheFirstByte) {
  const auto found = compare({file("a", "xyz")}, {file("a", "xqz")});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->offset, 1U);
  EXPECT_EQ(found->seed, Byte{'y'});
  EXPECT_EQ(found->reference, Byte{'q'});
}

TEST(FirstDifference, AShorterFileDiffersAtItsEnd) {
  const auto found = compare({file("a", "xy")}, {file("a", "xyz")});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->offset, 2U);
  EXPECT_FALSE(found->seed);
  EXPECT_EQ(found->reference, Byte{'z'});
}

TEST(FirstDifference, ModesCount) {
  const auto found = compare({file("a", "xy", 0600)}, {file("a", "xy", 0700)});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->seed_mode, 0600U);
  EXPECT_EQ(found->reference_mode, 0700U);
}

TEST(FirstDifference, MissingAndExtraFilesCount) {
  EXPECT_EQ(compare({}, {file("a", "x")})->path, "a");
  EXPECT_EQ(compare({file("a", "x"), file("b", "y")}, {file("a", "x")})->path, "b");
  EXPECT_TRUE(compare({file("b", "")}, {})) << "an empty file that only one road made";
}

}  // namespace
}  // namespace assay::bootstrap
