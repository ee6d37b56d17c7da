// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/threads.h"

#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace assay {

void run_on_threads(unsigned threads, const std::function<void()>& work) {
  std::mutex mutex;
  std::exception_ptr first;
  const auto call = [&] {
    try {
      work();
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!first) first = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    try {
      for (unsigned number = 1; number < threads; ++number) others.emplace_back(call);
    } catch (const std::system_error&) {
      // The host gives no more threads.
    }
    call();
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace assay
