// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source_map.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(SourceMap, FindsTheEntryOfEveryByte) {
  SourceMap map;
  map.add(1, {0, 10, 2});
  map.add(0, {0, 12, 1});
  map.add(4, {1, 20, 5});
  EXPECT_EQ(map.size(), 5U);
  EXPECT_EQ(map.find(0)->span, (Span{0, 10, 2}));
  EXPECT_EQ(map.find(1)->span, (Span{1, 20, 5}));
  EXPECT_EQ(map.find(4)->offset, 1U);
  EXPECT_EQ(map.find(5), nullptr);
}

}  // namespace
}  // namespace assay
