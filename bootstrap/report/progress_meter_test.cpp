// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/progress_meter.h"

#include <gtest/gtest.h>

namespace assay::bootstrap {
namespace {

TEST(ProgressMeter, adds_up_what_the_parts_have_done) {
  ProgressMeter meter(2, 100);
  EXPECT_EQ(meter.text(101), "0:01 gone");
  meter.count("x86", "steps", 0, 126, 101);
  meter.count("riscv64", "steps", 0, 127, 101);
  meter.count("x86", "steps", 30, 126, 110);
  meter.count("riscv64", "steps", 10, 127, 111);
  EXPECT_EQ(meter.text(111), "40 of 253 steps, 0:11 gone, about 0:54 left");
  EXPECT_EQ(meter.text(111 + 120), "40 of 253 steps, 2:11 gone, about 11:32 left");
}

TEST(ProgressMeter, guesses_the_total_of_parts_that_have_not_begun) {
  ProgressMeter meter(5, 0);
  meter.count("x86", "steps", 63, 126, 1);
  EXPECT_EQ(meter.text(1), "63 of about 630 steps, 0:01 gone");
}

TEST(ProgressMeter, says_nothing_of_the_rest_where_it_cannot_know) {
  ProgressMeter meter(1, 0);
  meter.count("replay", "programs", 7, 0, 10);
  EXPECT_EQ(meter.text(20), "7 programs, 0:20 gone");
  meter.count("replay", "programs", 7, 7, 20);
  EXPECT_EQ(meter.text(20), "7 of 7 programs, 0:20 gone");
}

TEST(ProgressMeter, begins_anew_with_another_unit) {
  ProgressMeter meter(1, 0);
  meter.count("replay", "bytes", 1'500'000, 40'000'000, 10);
  meter.count("replay", "bytes", 3'500'000, 40'000'000, 14);
  EXPECT_EQ(meter.text(14), "3.5 of 40.0 MB, 0:14 gone, about 1:13 left");
  meter.count("replay", "programs", 0, 100, 20);
  EXPECT_EQ(meter.text(24), "0 of 100 programs, 0:24 gone");
  meter.count("replay", "programs", 50, 100, 24);
  EXPECT_EQ(meter.text(24), "50 of 100 programs, 0:24 gone, about 0:04 left");
}

}  // namespace
}  // namespace assay::bootstrap
