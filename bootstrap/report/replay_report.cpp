// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/replay_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bootstrap/finding/finding_json.h"
#include "bootstrap/report/report.h"

namespace assay::bootstrap {
namespace {

using nlohmann::json;

/// Of the console, where the boot went wrong.
constexpr std::size_t kConsoleLines = 8;

std::string last_lines(std::string_view text, std::size_t count) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::size_t begin = text.size();
  while (count-- > 0 && begin != 0) {
    const std::size_t end = text.rfind('\n', begin - 1);
    begin = end == std::string_view::npos ? 0 : end;
  }
  std::string lines;
  text.remove_prefix(begin);
  while (!text.empty()) {
    if (text.starts_with('\n')) text.remove_prefix(1);
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size());
    lines += fmt::format("    | {}\n", printable(line));
  }
  return lines;
}

/// Commands, instructions and time of a script of the chain, or of what runs behind the chain.
struct ScriptRow {
  std::string script;
  std::size_t steps = 0;
  std::size_t equal = 0;
  std::size_t bad = 0;
  std::uint64_t instructions = 0;
  double seconds = 0;
};

std::vector<ScriptRow> scripts_of(const ChainResult& chain) {
  std::vector<ScriptRow> rows;
  for (const StepResult& step : chain.steps) {
    const std::string& script = chain.chain.commands[step.command].script;
    auto row =
        std::find_if(rows.begin(), rows.end(), [&](const ScriptRow& one) { return one.script == script; });
    if (row == rows.end()) row = rows.insert(rows.end(), {.script = script});
    ++row->steps;
    row->equal += step.verdict == Verdict::equal ? 1 : 0;
    row->bad += step.verdict == Verdict::differ || step.verdict == Verdict::failed ? 1 : 0;
    row->instructions += step.instructions;
    row->seconds += step.seconds;
  }
  return rows;
}

std::string program_text(std::string_view what, const ReplayProgram& program) {
  return fmt::format("  {} '{}' in '/{}'\n", what, printable(fmt::format("{}", fmt::join(program.argv, " "))),
                     printable(program.cwd));
}

/// Where and why it ended.
std::string end_text(const Replay& replay) {
  const machine::Hex0Outcome& outcome = replay.outcome;
  if (replay.stopped_at_answers) return "  stopped behind the check of the answers, as asked for\n";
  std::string text;
  if (replay.last_program) text += program_text("stopped in", replay.programs[*replay.last_program]);
  if (replay.failure) text += program_text("failed because of", replay.programs[*replay.failure]);
  if (text.empty()) return "  the stream was carried out to its end\n";
  return text + "  the console's last lines:\n" + last_lines(outcome.console, kConsoleLines);
}

json program_json(const ReplayProgram& program) {
  json argv = json::array();
  for (const std::string& word : program.argv) argv.push_back(utf8(word));
  return {{"program", utf8(program.program)},
          {"argv", std::move(argv)},
          {"cwd", utf8(program.cwd)},
          {"status", program.status}};
}

}  // namespace

std::string replay_text(const Replay& replay, bool colour) {
  const machine::Hex0Outcome& outcome = replay.outcome;
  std::string text = chains_text(std::span(&replay.chain, 1), colour);
  text += fmt::format("\n{:<40} {:>5} {:>5} {:>15} {:>8}\n", "script", "steps", "equal", "instructions",
                      "seconds");
  for (const ScriptRow& row : scripts_of(replay.chain)) {
    text += fmt::format("{:<40} {:>5} {:>5} {:>15} {:>8.2f}{}\n", printable(row.script), row.steps, row.equal,
                        row.instructions, row.seconds, row.bad == 0 ? "" : "  <- fails");
  }
  text += fmt::format("\nbuilder-hex0: {}{}{}\n", name_of(outcome.stop), outcome.message.empty() ? "" : ": ",
                      printable(outcome.message));
  text += fmt::format("  {} commands of the stream, {} programs, {} instructions, {} system calls\n",
                      outcome.commands, outcome.programs, outcome.instructions, outcome.system_calls);
  if (replay.answers_seconds > 0)
    text += fmt::format("  answers {}/{} after {:.1f} s, all after {:.1f} s\n", replay.chain.answers.ok,
                        replay.chain.answers.total, replay.answers_seconds, replay.seconds);
  text += end_text(replay);
  text += "\npeaks against the kernel's limits:\n";
  for (const ReplayPeak& row : peaks_of(outcome.peaks)) {
    text += fmt::format("  {:<26} {:>13} of {:>13} ({:.1f} %)\n", row.what, row.peak, row.limit,
                        100.0 * static_cast<double>(row.peak) / static_cast<double>(row.limit));
  }
  if (!outcome.reliances.empty()) text += "\nwhat programs rely on and this kernel does not do:\n";
  for (const machine::Hex0Reliance& reliance : outcome.reliances) {
    text += fmt::format("  {:>8} x {} [boot-{}], first by {}\n", reliance.count, printable(reliance.what),
                        reliance.id, printable(reliance.first));
  }
  return text;
}

Overall overall_of(const Replay& replay) {
  const ChainResult& chain = replay.chain;
  const std::size_t run = chain.steps.size() - chain.count(Verdict::not_run);
  Overall overall;
  std::string reached = chain.steps.empty()
                            ? fmt::format("{} programs were run", replay.outcome.programs)
                            : fmt::format("{} of {} steps of the chain were run, {} of {} answers seen", run,
                                          chain.steps.size(), chain.answers.ok, chain.answers.total);
  const Replay::Reached& live = replay.reached;
  if (live.all_steps != 0 && !replay.stopped_at_answers)
    reached += fmt::format("; {} of {} kaem steps begun{}{}, {} of {} pins seen", live.steps, live.all_steps,
                           live.last.empty() ? "" : ", the last ", live.last, live.pins, live.all_pins);
  if (replay.last_program) {
    const ReplayProgram& last = replay.programs[*replay.last_program];
    reached += fmt::format("; it was followed to '{}' in '/{}'", fmt::join(last.argv, " "), last.cwd);
  }
  if (replay.cut)
    overall.add(OverallVerdict::incomplete,
                fmt::format("the replay was cut by a limit of this program ({}): {}",
                            name_of(replay.outcome.stop), reached));
  if (replay.other_kernel())
    overall.add(
        OverallVerdict::incomplete,
        fmt::format("another kernel: what was played is builder-hex0 b8a2047, the image holds {} ({})",
                    replay.kernel == nullptr ? "none of its revisions" : replay.kernel->revision, reached));
  switch (chain.verdict) {
    case ChainVerdict::pass:
      overall.add(OverallVerdict::pass,
                  fmt::format("replay: {}{}", reached,
                              replay.stopped_at_answers ? ", stopped there as asked for" : ""));
      break;
    case ChainVerdict::fail: {
      const Overall chains = overall_of(std::span(&chain, 1));
      // How the boot ended comes before what is missing because of it.
      const auto ending =
          std::find_if(chain.findings.begin(), chain.findings.end(), [](const Finding& finding) {
            return finding.severity == Severity::error && finding.id.starts_with("boot-");
          });
      overall.add(OverallVerdict::fail,
                  ending == chain.findings.end()
                      ? "replay: " + chains.reasons.front()
                      : fmt::format("replay: {} [{}]; {}", ending->message, ending->id, reached));
      break;
    }
    case ChainVerdict::incomplete:
      if (!replay.cut && !replay.other_kernel())
        overall.add(OverallVerdict::incomplete, "replay: " + reached);
      break;
  }
  return overall;
}

void add_replay(json& report, const Replay& replay) {
  const machine::Hex0Outcome& outcome = replay.outcome;
  json peaks = json::array();
  for (const ReplayPeak& row : peaks_of(outcome.peaks))
    peaks.push_back({{"what", row.what}, {"peak", row.peak}, {"limit", row.limit}});
  json reliances = json::array();
  for (const machine::Hex0Reliance& reliance : outcome.reliances) {
    reliances.push_back({{"id", fmt::format("boot-{}", reliance.id)},
                         {"what", utf8(reliance.what)},
                         {"count", reliance.count},
                         {"first", utf8(reliance.first)}});
  }
  const std::optional<std::size_t> at = replay.failure ? replay.failure : replay.last_program;
  report["image"]["replay"] = {{"stop", name_of(outcome.stop)},
                               {"message", utf8(outcome.message)},
                               {"kernel",
                                {{"sha256", replay.kernel_digest},
                                 {"revision", replay.kernel ? json(replay.kernel->revision) : json(nullptr)},
                                 {"played", !replay.other_kernel()}}},
                               {"cut", replay.cut},
                               {"reached",
                                {{"steps", replay.reached.steps},
                                 {"of_steps", replay.reached.all_steps},
                                 {"pins", replay.reached.pins},
                                 {"of_pins", replay.reached.all_pins}}},
                               {"stopped_at_answers", replay.stopped_at_answers},
                               {"stopped_by", at ? program_json(replay.programs[*at]) : json(nullptr)},
                               {"commands", outcome.commands},
                               {"programs", outcome.programs},
                               {"instructions", outcome.instructions},
                               {"answers_seconds", replay.answers_seconds},
                               {"seconds", replay.seconds},
                               {"peaks", std::move(peaks)},
                               {"reliances", std::move(reliances)}};
  const MemoryTree nothing;
  TreeDigests digests(replay.sources == nullptr ? nothing : *replay.sources);
  report["chains"].push_back(chain_json(
      replay.chain, described_by_layout(digests.files(), *replay.chain.chain.architecture, todays_layout()),
      digests));
  for (const Finding& finding : replay.chain.findings)
    report["findings"].push_back(finding_json(finding, replay.chain.chain.architecture->name));
}

}  // namespace assay::bootstrap
