// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/overall.h"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bootstrap/finding/finding_json.h"
#include "bootstrap/report/failure_text.h"

namespace assay::bootstrap {
namespace {

std::string finding_text(const Finding& finding) {
  std::string place = finding.file;
  if (!place.empty() && finding.line != 0) place += fmt::format(":{}", finding.line);
  return fmt::format("{}{}{} [{}]", place, place.empty() ? "" : ": ", finding.message, finding.id);
}

template <class Wanted>
std::optional<std::string> first_text(const ChainResult& chain, Wanted&& is_wanted) {
  const auto found = std::find_if(chain.findings.begin(), chain.findings.end(), is_wanted);
  return found == chain.findings.end() ? std::nullopt : std::optional(finding_text(*found));
}

/// The first step that went wrong, or else the first error. A step that fails since it checks a wrong list of
/// answers is a consequence.
std::string failure_of(const ChainResult& chain) {
  for (std::size_t index = 0; index < chain.steps.size(); ++index) {
    const StepResult& step = chain.steps[index];
    if (step.verdict != Verdict::differ && step.verdict != Verdict::failed) continue;
    const Command& command = chain.chain.commands[step.command];
    if (const Finding* wrong = wrong_list(chain, step)) return finding_text(*wrong);
    return fmt::format("step {} of {} {} ({})", index + 1, chain.steps.size(),
                       step.verdict == Verdict::differ ? "differs" : "fails", chain.chain.place_of(command));
  }
  return first_text(chain, [](const Finding& one) { return one.severity == Severity::error; })
      .value_or("its chain fails");
}

std::string gap_of(const ChainResult& chain) {
  if (chain.steps.empty()) return "no step of its chain could be compared";
  if (std::optional<std::string> gap = first_text(chain, leaves_open)) return *std::move(gap);
  const std::size_t missing = chain.count(Verdict::not_run);
  if (missing != 0) return fmt::format("{} of {} steps were not run", missing, chain.steps.size());
  if (const std::size_t alone = chain.count(Verdict::one_road_only); alone == chain.steps.size()) {
    std::string text = fmt::format("{} steps derived by one road alone, none compared", alone);
    if (chain.answers.total != 0)
      text += fmt::format(", {} of {} answers right", chain.answers.ok, chain.answers.total);
    return text;
  } else if (alone != 0) {
    return fmt::format("{} of {} steps derived by one road alone", alone, chain.steps.size());
  }
  return fmt::format("{} of {} answers were seen", chain.answers.ok, chain.answers.total);
}

std::string pass_of(const ChainResult& chain) {
  std::string text =
      fmt::format("{} of {} steps equal on both roads", chain.count(Verdict::equal), chain.steps.size());
  if (chain.answers.total != 0) text += fmt::format(", {} answers right", chain.answers.ok);
  const std::vector<Pin>& pins = chain.pins.rows;
  const auto is_further = [](const Pin& pin) {
    return !pin.list.ends_with(".answers") && pin.verdict != PinVerdict::not_reached;
  };
  if (const auto all = std::count_if(pins.begin(), pins.end(), is_further); all != 0) {
    const auto right = std::count_if(pins.begin(), pins.end(), [&](const Pin& pin) {
      return is_further(pin) && pin.verdict == PinVerdict::ok;
    });
    text += fmt::format(", {} of {} pins behind them", right, all);
  }
  if (!chain.until.empty()) text += fmt::format(", up to {}", chain.until);
  return text;
}

}  // namespace

std::string_view name_of(OverallVerdict verdict) {
  switch (verdict) {
    case OverallVerdict::pass: return "pass";
    case OverallVerdict::nothing_checked: return "nothing-checked";
    case OverallVerdict::incomplete: return "incomplete";
    case OverallVerdict::fail: return "fail";
  }
  return "fail";
}

void Overall::add(OverallVerdict worse, std::string reason) {
  if (worse > verdict) {
    verdict = worse;
    reasons.insert(reasons.begin(), std::move(reason));
  } else {
    reasons.push_back(std::move(reason));
  }
}

std::string headline_of(std::string_view name) {
  std::string words(name);
  for (char& c : words) c = c == '-' ? ' ' : static_cast<char>(c - 'a' + 'A');
  return words;
}

int Overall::exit_status() const {
  if (verdict == OverallVerdict::pass) return 0;
  return verdict == OverallVerdict::fail ? 1 : 2;
}

Overall overall_of(std::span<const ChainResult> chains) {
  Overall overall;
  if (chains.empty()) overall.add(OverallVerdict::nothing_checked, "there is no chain to check");
  for (const ChainResult& chain : chains) {
    const std::string name(chain.chain.architecture->name);
    switch (chain.verdict) {
      case ChainVerdict::pass: overall.add(OverallVerdict::pass, name + ": " + pass_of(chain)); break;
      case ChainVerdict::fail: overall.add(OverallVerdict::fail, name + ": " + failure_of(chain)); break;
      case ChainVerdict::incomplete:
        overall.add(OverallVerdict::incomplete, name + ": " + gap_of(chain));
        break;
    }
  }
  return overall;
}

std::string overall_text(const Overall& overall, const std::string& path, std::string_view kind,
                         std::string_view counts, bool colour) {
  constexpr std::string_view kTints[] = {"\x1b[32m", "\x1b[33m", "\x1b[33m", "\x1b[1;31m"};
  const auto index = static_cast<std::size_t>(overall.verdict);
  std::string text =
      fmt::format("{}{}{}: {} ({}){}{}\n", colour ? kTints[index] : "", headline_of(name_of(overall.verdict)),
                  colour ? "\x1b[0m" : "", printable(path), kind, counts.empty() ? "" : ": ", counts);
  for (const std::string& reason : overall.reasons) text += fmt::format("  {}\n", printable(reason));
  return text;
}

void add_overall(nlohmann::json& report, const Overall& overall) {
  report["verdict"] = name_of(overall.verdict);
  nlohmann::json reasons = nlohmann::json::array();
  for (const std::string& reason : overall.reasons) reasons.push_back(utf8(reason));
  report["reasons"] = std::move(reasons);
}

}  // namespace assay::bootstrap
