// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Source, PositionsCountFromOne) {
  const ByteView text = as_bytes("ab\n\ncd");
  EXPECT_EQ(position_of(text, 0), (Position{1, 1}));
  EXPECT_EQ(position_of(text, 2), (Position{1, 3}));
  EXPECT_EQ(position_of(text, 3), (Position{2, 1}));
  EXPECT_EQ(position_of(text, 5), (Position{3, 2}));
  EXPECT_EQ(position_of(text, 99), (Position{3, 3}));
}

TEST(Source, LineOfAnOffset) {
  const ByteView text = as_bytes("ab\n\ncd");
  EXPECT_EQ(line_of(text, 0), "ab");
  EXPECT_EQ(line_of(text, 2), "ab");
  EXPECT_EQ(line_of(text, 3), "");
  EXPECT_EQ(line_of(text, 6), "cd");
  EXPECT_EQ(line_of({}, 0), "");
}

}  // namespace
}  // namespace assay
