// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/preflight.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "bootstrap/check/chain_check.h"

namespace assay::bootstrap {

std::vector<ChainResult> preflight(const Tree& tree, const PreflightOptions& options) {
  const std::vector<const Architecture*>& chosen =
      options.architectures.empty() ? tree.architectures : options.architectures;
  std::mutex progress_mutex;
  std::vector<std::unique_ptr<ChainCheck>> checks;
  for (const Architecture* arch : chosen) {
    checks.push_back(std::make_unique<ChainCheck>(tree, *arch, options, progress_mutex));
  }
  // Every chain gets one worker; who finds none left helps with the chains that are not done. On one road
  // alone each step waits for the one before it, and help is none.
  const std::size_t rounds = options.roads == Roads::both ? std::max(options.jobs, 1U) : 1;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t turn = next++; turn < rounds * checks.size(); turn = next++) {
      checks[turn % checks.size()]->work();
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned job = 1; job < options.jobs; ++job) threads.emplace_back(work);
  work();
  threads.clear();
  std::vector<ChainResult> results;
  for (const auto& check : checks) results.push_back(check->finish());
  return results;
}

}  // namespace assay::bootstrap
