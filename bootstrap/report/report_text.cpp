// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <map>

#include "bootstrap/check/strict_check.h"
#include "bootstrap/report/cause_text.h"
#include "bootstrap/report/failure_text.h"
#include "bootstrap/report/report.h"

namespace assay::bootstrap {
namespace {

struct Colours {
  std::string_view good = "", bad = "", soft = "", off = "";
};

Colours colours(bool on) { return on ? Colours{"\x1b[32m", "\x1b[1;31m", "\x1b[33m", "\x1b[0m"} : Colours{}; }

std::string table_row(const ChainResult& result, const Colours& colour) {
  const std::string_view tint = result.verdict == ChainVerdict::pass   ? colour.good
                                : result.verdict == ChainVerdict::fail ? colour.bad
                                                                       : colour.soft;
  const std::string answers =
      result.answers.total == 0 ? "-" : fmt::format("{}/{}", result.answers.ok, result.answers.total);
  return fmt::format("{:<9} {}{:<10}{} {:>5} {:>6} {:>13} {:>6} {:>7} {:>7} {:>8} {:>8}\n",
                     result.chain.architecture->name, tint, name_of(result.verdict), colour.off,
                     result.steps.size(), result.count(Verdict::equal), result.count(Verdict::one_road_only),
                     result.count(Verdict::differ), result.count(Verdict::failed),
                     result.count(Verdict::not_run), answers,
                     result.seconds > 0 ? fmt::format("{:.2f}", result.seconds) : "-");
}

std::string finding_line(const Finding& finding, std::string_view arch) {
  std::string place(finding.file.empty() ? std::string(arch) : printable(finding.file));
  if (finding.line != 0) place += fmt::format(":{}", finding.line);
  if (finding.column != 0) place += fmt::format(":{}", finding.column);
  std::string text = fmt::format("{}: {}: {} [{}]\n", place, name_of(finding.severity),
                                 printable(finding.message), finding.id);
  if (!finding.help.empty()) text += fmt::format("  help: {}\n", printable(finding.help));
  return text;
}

/// Where something is wrong, a text that its tool reads otherwise than its author is likely to be the cause,
/// or what a script names that is not there or cannot be run.
/// What C means otherwise here is so in every line of an unknown tree: it waits.
bool stands_first(const ChainResult& result, const Finding& finding, bool is_known) {
  const bool of_script = finding.severity == Severity::error && finding.id.starts_with("chain-");
  const bool of_c = finding.severity != Severity::error && finding.id.starts_with("cc-");
  return result.verdict != ChainVerdict::pass && (of_script || (is_of_room(finding) && (is_known || !of_c)));
}

/// How many findings there are of an id in a chain before the rest of them is only counted.
constexpr std::size_t kMostAlike = 3;

bool is_of_answers(const Finding& finding) { return is_of_list(finding); }

/// A pin of which all is well and which both roads came to, in few words.
bool is_plain(const Pin& pin) { return pin.verdict == PinVerdict::ok; }

std::string road_text(const std::string& digest, const Pin& pin) {
  return digest.empty() ? "-" : digest == pin.wanted ? "ok" : digest.substr(0, 12);
}

/// Lists of which all is well are a line; else each file has one.
std::string pins_text(const ChainResult& result, const Colours& colour) {
  const std::vector<Pin>& rows = result.pins.rows;
  std::string text;
  const bool past_answers =
      std::any_of(rows.begin(), rows.end(), [](const Pin& pin) { return !pin.list.ends_with(".answers"); });
  if (!past_answers) return "";
  const auto line = [&](std::string_view list, std::string_view file, std::string_view wanted,
                        std::string_view seed, std::string_view reference, std::string_view verdict,
                        std::string_view tint) {
    text += fmt::format("{:<42} {:<42} {:<12} {:<12} {:<12} {}{}{}\n", list, file, wanted, seed, reference,
                        tint, verdict, colour.off);
  };
  line("pins of " + std::string(result.chain.architecture->name), "file", "wanted", "seed road", "reference",
       "verdict", "");
  for (std::size_t at = 0; at < rows.size();) {
    std::size_t end = at;
    while (end < rows.size() && rows[end].list == rows[at].list) ++end;
    const bool plain = end - at > 1 && std::all_of(rows.begin() + static_cast<std::ptrdiff_t>(at),
                                                   rows.begin() + static_cast<std::ptrdiff_t>(end), is_plain);
    if (plain && rows[at].list.ends_with(".answers")) {
      line(printable(rows[at].list), fmt::format("{} files", end - at), "",
           road_text(rows[at].seed, rows[at]), road_text(rows[at].reference, rows[at]), "ok", colour.good);
    } else {
      for (std::size_t one = at; one < end; ++one) {
        const Pin& pin = rows[one];
        line(printable(pin.list.substr(pin.list.rfind('/') + 1)), printable(pin.path),
             pin.wanted.substr(0, 12), road_text(pin.seed, pin), road_text(pin.reference, pin),
             name_of(pin.verdict),
             is_plain(pin)                      ? colour.good
             : pin.verdict == PinVerdict::wrong ? colour.bad
                                                : colour.soft);
      }
    }
    at = end;
  }
  return text + fmt::format(
                    "{} of {} pins right, {} lines of later steps not looked at; {} files were made "
                    "that no list pins\n",
                    result.pins.count(PinVerdict::ok), rows.size(), result.pins.later, result.pins.unpinned);
}

/// What would be left of the time with any number of processors: steps are checked independently.
std::string longest_text(std::span<const ChainResult> results) {
  const StepResult* longest = nullptr;
  const ChainResult* of = nullptr;
  for (const ChainResult& result : results) {
    std::vector<bool> has_parts(result.chain.commands.size());
    for (const Command& command : result.chain.commands) {
      if (command.part_of) has_parts[*command.part_of] = true;
    }
    for (const StepResult& step : result.steps) {
      if (has_parts[step.command]) continue;  // its time is mostly theirs
      if (step.seconds <= (longest == nullptr ? 0 : longest->seconds)) continue;
      longest = &step;
      of = &result;
    }
  }
  if (longest == nullptr) return "";
  const Command& command = of->chain.commands[longest->command];
  return fmt::format("Longest step: {:.2f} s, {}, {} ({}).\n", longest->seconds, of->chain.architecture->name,
                     of->chain.place_of(command), name_of(command.role));
}

}  // namespace

// What is wrong comes first, in order of time: the cause, what a list of answers says of, the step that may
// fail because of it; the table of what was counted stands last, with the verdict.
std::string chains_text(std::span<const ChainResult> results, bool colour_on, const Comparison* known) {
  const Colours colour = colours(colour_on);
  const bool is_known = known != nullptr && known->standing.alike;
  std::string text;
  const auto add_block = [&](const std::string& block) {
    if (!text.empty() && !block.empty()) text += "\n";
    text += block;
  };
  for (std::size_t index = 0; index < results.size(); ++index) {
    const ChainResult& result = results[index];
    std::string first;
    if (known != nullptr && known->causes[index])
      first = cause_text(*known->causes[index], known->standing, result);
    if (known != nullptr && known->departures[index])
      first = departure_text(*known->departures[index], known->standing, result);
    for (const Finding& finding : result.findings)
      if (is_of_answers(finding) || stands_first(result, finding, is_known))
        first += finding_line(finding, result.chain.architecture->name);
    add_block(first);
    add_block(failure_text(result, colour_on));
  }
  std::string others;
  for (const ChainResult& result : results) {
    std::map<std::string_view, std::size_t> told;
    for (const Finding& finding : result.findings) {
      // Where something is wrong, another program than the known one may be the cause.
      const bool cause = finding.id == "role-departs" && result.verdict != ChainVerdict::pass;
      if ((finding.severity != Severity::note || cause) && !is_of_answers(finding) &&
          !stands_first(result, finding, is_known) && ++told[finding.id] <= kMostAlike)
        others += finding_line(finding, result.chain.architecture->name);
    }
    for (const auto& [id, count] : told) {
      if (count > kMostAlike)
        others += fmt::format("{}: and {} more like it [{}]\n", result.chain.architecture->name,
                              count - kMostAlike, id);
    }
  }
  add_block(others);
  for (const ChainResult& result : results) add_block(pins_text(result, colour));
  std::string table =
      fmt::format("{:<9} {:<10} {:>5} {:>6} {:>13} {:>6} {:>7} {:>7} {:>8} {:>8}\n", "arch", "verdict",
                  "steps", "equal", "one-road-only", "differ", "failed", "not-run", "answers", "seconds");
  for (const ChainResult& result : results) table += table_row(result, colour);
  add_block(table);
  return text;
}

std::string_view next_step_text(const Tree& tree) {
  return tree.kind != TreeKind::embedded ? "" : R"(
What was checked: assay itself, on a small tree of its own. From two seeds, hex0 and kaem-minimal, it makes hex1,
hex2-0, catm, M0 and a program that ran; every step was derived twice. Nothing was said about a tree of yours. Next:
  git clone --recurse-submodules https://github.com/oriansj/stage0-posix
  assay preflight stage0-posix      (or: ./dev preflight stage0-posix)
To begin a tree of your own with this one: assay init --from-embedded DIR
)";
}

std::string time_text(double seconds) { return fmt::format("Time: {:.2f} s in all.\n", seconds); }

std::string report_text(const Tree& tree, std::span<const ChainResult> results, const Overall& overall,
                        bool colour_on, const Comparison* known) {
  std::string text = known == nullptr ? "" : standing_text(known->standing);
  text += chains_text(results, colour_on, known);
  std::size_t one_road_only = 0;
  for (const ChainResult& result : results) one_road_only += result.count(Verdict::one_road_only);
  const std::string counts =
      one_road_only == 0 ? "" : fmt::format("{} steps were derived by one road only", one_road_only);
  const bool embedded = tree.kind == TreeKind::embedded;
  return text + "\n" +
         overall_text(overall, embedded ? "the small tree inside assay" : tree.path,
                      embedded ? "its own seeds, hex0 to M0" : name_of(tree.kind), counts, colour_on) +
         longest_text(results);
}

}  // namespace assay::bootstrap
