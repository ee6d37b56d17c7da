// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/verdict.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace assay::bootstrap {

namespace {

constexpr std::array<std::string_view, 17> kOpen{"step-limit",
                                                 "seed-without-source",
                                                 "product-not-compared",
                                                 "program-of-opaque-file",
                                                 "reference-not-run",
                                                 "reference-not-derived",
                                                 "answers-missing",
                                                 "step-relies-on-kernel",
                                                 "step-relies-on-host-file",
                                                 kReliesOnVariables,
                                                 "kaem-variable-unset",
                                                 "until-not-reached",
                                                 "distfile-accepted",
                                                 "product-keeps-rights",
                                                 "tree-special-file",
                                                 "chain-absolute-path",
                                                 "machine"};

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::equal: return "equal";
    case Verdict::differ: return "differ";
    case Verdict::one_road_only: return "one-road-only";
    case Verdict::failed: return "failed";
    case Verdict::not_run: return "not-run";
  }
  return "not-run";
}

std::string_view name_of(ChainVerdict verdict) {
  switch (verdict) {
    case ChainVerdict::pass: return "pass";
    case ChainVerdict::fail: return "fail";
    case ChainVerdict::incomplete: return "incomplete";
  }
  return "incomplete";
}

std::string_view name_of(DerivedBy by) {
  switch (by) {
    case DerivedBy::room: return "room";
    case DerivedBy::running: return "running";
    case DerivedBy::cross: return "cross";
  }
  return "";
}

bool leaves_open(const Finding& finding) {
  return finding.severity != Severity::note && std::ranges::find(kOpen, finding.id) != kOpen.end();
}

std::string_view name_of(PinVerdict verdict) {
  switch (verdict) {
    case PinVerdict::ok: return "ok";
    case PinVerdict::one_road: return "one-road";
    case PinVerdict::wrong: return "wrong";
    case PinVerdict::not_made: return "not-made";
    case PinVerdict::not_reached: return "not-reached";
  }
  return "not-reached";
}

std::size_t Pins::count(PinVerdict wanted) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [wanted](const Pin& pin) { return pin.verdict == wanted; }));
}

std::size_t ChainResult::count(Verdict wanted) const {
  return static_cast<std::size_t>(std::count_if(
      steps.begin(), steps.end(), [wanted](const StepResult& step) { return step.verdict == wanted; }));
}

void decide(ChainResult& result) {
  const auto is_error = [](const Finding& finding) { return finding.severity == Severity::error; };
  const bool wrong_answer = result.answers_decide && result.answers.ok != result.answers.total;
  // One road alone is no pass, also where nobody asked for another: nothing was compared.
  const std::size_t uncompared = result.count(Verdict::not_run) + result.count(Verdict::one_road_only);
  if (result.count(Verdict::differ) + result.count(Verdict::failed) != 0 || wrong_answer ||
      std::ranges::any_of(result.findings, is_error)) {
    result.verdict = ChainVerdict::fail;
  } else if (result.steps.empty() || uncompared != 0 || result.chain.cut ||
             std::ranges::any_of(result.findings, leaves_open)) {
    result.verdict = ChainVerdict::incomplete;
  } else {
    result.verdict = ChainVerdict::pass;
  }
}

}  // namespace assay::bootstrap
