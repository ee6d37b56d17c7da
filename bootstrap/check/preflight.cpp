// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/preflight.h"

#include <fmt/format.h>
#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <memory>

#include "bootstrap/check/adverse_check.h"
#include "bootstrap/check/chain_check.h"
#include "bootstrap/check/hidden_text_check.h"
#include "bootstrap/check/opaque_files_check.h"
#include "bootstrap/check/probe_check.h"
#include "bootstrap/roads/step_cache.h"
#include "core/threads.h"

namespace assay::bootstrap {

namespace {

/// A further check of one chain: its probes, or a part of the adverse check.
struct Trial {
  std::size_t check = 0;
  std::function<std::vector<Finding>()> run;
  std::vector<Finding> findings;
};

/// What is tried on chains that are as they should be so far.
void try_more(const Tree& tree, const PreflightOptions& options,
              const std::vector<std::unique_ptr<ChainCheck>>& checks) {
  std::vector<std::optional<CommandRuns>> runs(checks.size());
  std::vector<std::unique_ptr<AdverseCheck>> adverse;
  std::vector<Trial> trials;
  for (std::size_t check = 0; check < checks.size(); ++check) {
    if (checks[check]->architecture().bare) continue;  // nothing is left open
    runs[check] = checks[check]->runs();
    if (!runs[check]) continue;
    const Chain& chain = checks[check]->chain();
    trials.push_back(
        {check, [&tree, &chain, &run = *runs[check]] { return check_probes(tree, chain, run); }, {}});
    adverse.push_back(std::make_unique<AdverseCheck>(tree, chain, *runs[check], options.engine));
    const AdverseCheck& one = *adverse.back();
    trials.push_back({check, [&one] { return one.on_linux_of_today(); }, {}});
    if (!options.adverse) continue;
    for (std::size_t number = 0; number < AdverseCheck::surroundings(); ++number)
      trials.push_back({check, [&one, number] { return one.in_surrounding(number); }, {}});
    trials.push_back({check, [&one] { return one.undefined_values(); }, {}});
  }
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t turn = next++; turn < trials.size(); turn = next++)
      trials[turn].findings = trials[turn].run();
  };
  run_on_threads(options.jobs, work);
  for (Trial& trial : trials) checks[trial.check]->add(std::move(trial.findings));
}

std::vector<ChainResult> run_chains(const Tree& tree, const PreflightOptions& wanted) {
  PreflightOptions options = wanted;
  if (std::any_of(tree.architectures.begin(), tree.architectures.end(),
                  [](const Architecture* arch) { return !arch->runs; })) {
    options.roads = Roads::reference;
    options.cross = true;
  }
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
    try {
      for (std::size_t turn = next++; turn < rounds * checks.size(); turn = next++) {
        checks[turn % checks.size()]->work();
      }
    } catch (...) {
      if (!options.on_trouble) throw;
      options.on_trouble();
    }
  };
  run_on_threads(options.jobs, work);
  try_more(tree, options, checks);
  std::vector<ChainResult> results;
  for (const auto& check : checks) results.push_back(check->finish());
  return results;
}

/// Whether two results say the same of the tree.
bool agree(const ChainResult& one, const ChainResult& other) {
  const auto same = [](const StepResult& a, const StepResult& b) {
    return a.verdict == b.verdict && a.failure == b.failure &&
           std::equal(a.outputs.begin(), a.outputs.end(), b.outputs.begin(), b.outputs.end(),
                      [](const FileDigest& x, const FileDigest& y) {
                        return x.path == y.path && x.sha256 == y.sha256;
                      });
  };
  return one.verdict == other.verdict &&
         std::equal(one.steps.begin(), one.steps.end(), other.steps.begin(), other.steps.end(), same);
}

/// Whether what the cache says of a step is not confirmed by the other road.
bool doubts_cache(const ChainResult& result) {
  return std::any_of(result.steps.begin(), result.steps.end(),
                     [](const StepResult& step) { return step.kept && step.verdict != Verdict::equal; });
}

// What the cache says must not make a tree fail: such a chain is done again without it.
void run_failed_again(const Tree& tree, const PreflightOptions& options, std::vector<ChainResult>& results) {
  for (ChainResult& result : results) {
    const bool as_good_as_asked = result.verdict == ChainVerdict::pass ||
                                  (options.roads != Roads::both && result.verdict != ChainVerdict::fail);
    if (as_good_as_asked || !doubts_cache(result)) continue;
    PreflightOptions fresh = options;
    fresh.cache = nullptr;
    fresh.architectures = {result.chain.architecture};
    ChainResult again = std::move(run_chains(tree, fresh).front());
    if (!agree(result, again)) {
      again.findings.push_back(
          {"cache-entry-dropped", Severity::note, "", 0, 0,
           fmt::format(
               "results kept from earlier runs were not those of this tree: {} of them are dropped, and all "
               "of {} was run again",
               options.cache->drop_used(), result.chain.architecture->name),
           "a fault of this program, not of the tree"});
    }
    result = std::move(again);
  }
}

}  // namespace

std::vector<ChainResult> preflight(const Tree& tree, const PreflightOptions& options) {
  std::vector<ChainResult> results = run_chains(tree, options);
  if (options.cache != nullptr && options.cache->hits() > 0) run_failed_again(tree, options, results);
  for (ChainResult& result : results) check_hidden_text(tree, result);
  if (!results.empty()) {
    std::vector<Finding> opaque = check_opaque_files(tree, results);
    std::ranges::move(opaque, std::back_inserter(results.front().findings));
  }
  for (ChainResult& result : results) decide(result);
  return results;
}

}  // namespace assay::bootstrap
