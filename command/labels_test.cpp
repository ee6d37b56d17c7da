// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/labels.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

std::string names(std::string_view text) {
  std::string all;
  for (const NamedPlace& place : named_places(as_bytes(text))) {
    EXPECT_EQ(text.substr(place.offset, place.name.size()), place.name);
    all += std::string(place.name) + ' ';
  }
  return all;
}

TEST(Labels, BeginAWord) {
  EXPECT_EQ(names(":start\n 90 :loop 91\n:end"), "start loop end ");
  EXPECT_EQ(names("90:no\n : no\n:"), "");
}

TEST(Labels, OfCommentsStandAtTheirStart) {
  EXPECT_EQ(names("#:open (0x80480A8)\n; :close\n41 # see :no\n# 42 :no"), "open close ");
}

TEST(Labels, NoneInTextsAndInC) {
  EXPECT_EQ(names(":a \"x :no\n:no\" :b"), "a b ");
  EXPECT_EQ(names("int f() { return a ? b : c; } case 1: x"), "");
  EXPECT_EQ(names("\"without an end :no"), "");
}

}  // namespace
}  // namespace assay
