// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace assay {
namespace {

TEST(Threads, AllTurnsAreTaken) {
  for (const unsigned threads : {0U, 1U, 2U, 7U}) {
    std::atomic<int> next = 0;
    std::atomic<int> sum = 0;
    run_on_threads(threads, [&] {
      for (int turn = next++; turn < 100; turn = next++) sum += turn;
    });
    EXPECT_EQ(sum, 4950) << threads;
  }
}

TEST(Threads, WhatACallThrowsReachesTheCallerAfterTheLastCall) {
  std::atomic<int> next = 0;
  std::atomic<int> ended = 0;
  const auto work = [&] {
    for (int turn = next++; turn < 1000; turn = next++) {
      if (turn == 3 || turn == 5) throw std::runtime_error("a turn that fails");
      ++ended;
    }
  };
  EXPECT_THROW(run_on_threads(4, work), std::runtime_error);
  EXPECT_EQ(ended, 998);
}

}  // namespace
}  // namespace assay
