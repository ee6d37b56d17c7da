// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// assay conform --tool TOOL: is a program one of that language?
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "bootstrap/commands/commands.h"
#include "bootstrap/conform/bench.h"
#include "bootstrap/conform/case_files.h"
#include "bootstrap/conform/kit_report.h"
#include "bootstrap/conform/search.h"
#include "command/architecture_names.h"
#include "command/held_signals.h"
#include "command/host_files.h"
#include "command/print.h"

namespace assay::bootstrap {
namespace {

using conform::Case;
using conform::ToolRow;

struct Settings {
  std::string tool;
  std::string dialect;
  std::string exe;
  std::string command;
  std::string cases;
  std::vector<std::string> only;
  std::string show;
  std::string junit;
  std::string json;
  double timeout = 5;
  unsigned threads = 0;
  bool tap = false;
  bool summary = false;
  bool profile = false;
  std::optional<unsigned> exhaustive;
  std::uint64_t random = 0;
  std::uint64_t seed = 1;
  bool bench = false;
};

/// The directories that programs are looked for in.
std::vector<std::string> search_path() {
  const char* const text = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): one thread
  std::vector<std::string> places;
  std::string_view rest = text == nullptr ? "/usr/bin:/bin" : text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    if (end > 0) places.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return places;
}

/// As the tool's table spells it: "amd64" is AMD64.
Result<std::string> dialect_named(const ToolRow& tool, const std::string& name) {
  std::vector<std::string> known;
  for (const std::string_view one : conform::dialects_of(tool.tool)) {
    if (one == name || common_name(one) == common_name(name)) return std::string(one);
    known.emplace_back(one);
  }
  if (name == conform::kPlain) return name;
  return fail("unknown-dialect", fmt::format("{} has no dialect '{}': {}, or {}", tool.name, name,
                                             fmt::join(known, ", "), conform::kPlain));
}

Result<std::unique_ptr<conform::Target>> target_of(const Settings& settings, const ToolRow& tool) {
  if (!settings.command.empty())
    return conform::host_target(tool, settings.command, search_path(), settings.timeout);
  if (settings.exe.empty()) return fail("bad-command", "what is to be run? --exe FILE or --command 'WORDS'");
  Result<Bytes> program = read_host_file(settings.exe);
  if (!program) return tl::unexpected<Error>(program.error());
  return conform::machine_target(*std::move(program), tool.most_instructions);
}

Result<std::vector<Case>> cases_for(const Settings& settings, const ToolRow& tool) {
  Result<std::vector<Case>> cases = settings.cases.empty()
                                        ? Result<std::vector<Case>>(conform::cases_of(tool))
                                        : conform::read_cases(tool, settings.cases);
  if (!cases || settings.only.empty()) return cases;
  for (const std::string& name : settings.only) {
    if (std::none_of(cases->begin(), cases->end(), [&](const Case& one) { return one.name == name; }))
      return fail("bad-case", fmt::format("no such case of {}: '{}'", tool.name, name));
  }
  std::erase_if(*cases, [&](const Case& one) {
    return std::find(settings.only.begin(), settings.only.end(), one.name) == settings.only.end();
  });
  return cases;
}

/// What is not TAP stands behind '#', where TAP is wanted too.
std::string commented(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += "# " + text.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return out;
}

unsigned threads_of(const Settings& settings) {
  return settings.threads != 0 ? settings.threads : std::max(1U, std::thread::hardware_concurrency());
}

/// Against our own libraries.
Result<int> search(const Settings& settings, const ToolRow& tool, std::string_view dialect,
                   const conform::Target& target) {
  const Result<std::unique_ptr<conform::Target>> reference = conform::reference_target(tool, dialect);
  if (!reference) return tl::unexpected<Error>(reference.error());
  const Result<conform::Search> found =
      settings.exhaustive
          ? conform::search_exhaustive(tool, target, **reference, *settings.exhaustive, threads_of(settings))
          : conform::search_random(tool, dialect, target, **reference, settings.random, settings.seed,
                                   threads_of(settings));
  if (!found) return tl::unexpected<Error>(found.error());
  assay::print("{}", conform::search_text(*found));
  return found->found ? kStatusFail : kStatusPass;
}

Result<int> bench(const Settings& settings, const ToolRow& tool, std::string_view dialect,
                  const conform::Target& target) {
  std::error_code error;
  const std::uintmax_t bytes = settings.exe.empty() ? 0 : std::filesystem::file_size(settings.exe, error);
  const Result<conform::Cost> cost = conform::measure(tool, dialect, target, bytes);
  if (!cost) return tl::unexpected<Error>(cost.error());
  assay::print("{}", conform::cost_text(tool, *cost));
  return kStatusPass;
}

using Given = std::pair<std::string_view, bool>;

std::vector<std::string_view> those_given(std::initializer_list<Given> options) {
  std::vector<std::string_view> names;
  for (const auto& [name, is_given] : options) {
    if (is_given) names.push_back(name);
  }
  return names;
}

/// One question at a time; those that are not about cases have no report of cases; two reports cannot go to
/// one place.
Result<void> check_options(const Settings& settings) {
  const std::vector<std::string_view> questions =
      those_given({{"--exhaustive", settings.exhaustive.has_value()},
                   {"--random", settings.random > 0},
                   {"--bench", settings.bench},
                   {"--profile", settings.profile}});
  if (questions.size() > 1)
    return fail("bad-command",
                fmt::format("{} are different questions: ask one at a time", fmt::join(questions, " and ")));
  const std::vector<std::string_view> of_cases = those_given({{"--only", !settings.only.empty()},
                                                              {"--cases", !settings.cases.empty()},
                                                              {"--tap", settings.tap},
                                                              {"--summary", settings.summary},
                                                              {"--junit", !settings.junit.empty()},
                                                              {"--json", !settings.json.empty()}});
  if (!questions.empty() && !settings.profile && !of_cases.empty())
    return fail("bad-command", fmt::format("{} runs no cases: leave out {}", questions.front(),
                                           fmt::join(of_cases, " and ")));
  const std::vector<std::string_view> to_output = those_given({{"--junit -", settings.junit == "-"},
                                                               {"--json -", settings.json == "-"},
                                                               {"--tap", settings.tap},
                                                               {"--summary", settings.summary},
                                                               {"--profile", settings.profile}});
  if (to_output.size() > 1)
    return fail("bad-command",
                fmt::format("{} would both print to standard output: give one a file, or leave it out",
                            fmt::join(to_output, " and ")));
  std::error_code error;
  const auto place = [&](const std::string& name) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(name, error), error);
  };
  if (!settings.junit.empty() && !settings.json.empty() && place(settings.junit) == place(settings.json))
    return fail("bad-command", fmt::format("--junit and --json would both write '{}'", settings.json));
  return {};
}

Result<int> check(const Settings& settings, const ToolRow& tool) {
  if (const Result<void> good = check_options(settings); !good) return tl::unexpected<Error>(good.error());
  const Result<std::vector<Case>> cases = cases_for(settings, tool);
  if (!cases) return tl::unexpected<Error>(cases.error());
  if (settings.dialect.empty() && !settings.profile)
    return fail("unknown-dialect", "whose behaviour? --dialect NAME, or --profile to find out");
  const Result<std::string> dialect =
      dialect_named(tool, settings.dialect.empty() ? "plain" : settings.dialect);
  if (!dialect) return tl::unexpected<Error>(dialect.error());
  const Result<std::unique_ptr<conform::Target>> target = target_of(settings, tool);
  if (!target) return tl::unexpected<Error>(target.error());
  HeldSignals held;  // who interrupts a command finds its folder removed, and what it started ended
  if (!settings.command.empty()) held.hold();
  if (settings.exhaustive || settings.random > 0) return search(settings, tool, *dialect, **target);
  if (settings.bench) return bench(settings, tool, *dialect, **target);
  const Result<conform::Conformance> found = conform::check(*cases, *dialect, **target, threads_of(settings));
  if (!found) return tl::unexpected<Error>(found.error());
  const conform::Titled titled{tool, *dialect, settings.exe.empty() ? settings.command : settings.exe,
                               *found};
  std::string text = conform::summary_of(titled);
  if (settings.profile) {
    text = conform::profile_text(conform::profile(tool, *found));
    assay::print("{}", text);
  } else if (!settings.summary && settings.json != "-" && settings.junit != "-") {
    assay::print("{}{}", conform::tap_of(titled), commented(text));
  } else if (settings.summary) {
    assay::print("{}", text);
  }
  if (!settings.junit.empty()) {
    if (auto written = write_report_text(settings.junit, conform::junit_of(titled)); !written)
      return tl::unexpected<Error>(written.error());
  }
  if (!settings.json.empty()) {
    if (auto written = write_report_text(settings.json, conform::json_of(titled).dump(1) + "\n"); !written)
      return tl::unexpected<Error>(written.error());
  }
  return found->contract_holds() ? kStatusPass : kStatusFail;
}

int run(const Settings& settings) {
  const ToolRow* const tool = conform::find_tool(settings.tool);
  if (tool == nullptr)
    return cannot_run({"unknown-tool", fmt::format("no such tool: '{}'; there are {}", settings.tool,
                                                   fmt::join(conform::tool_names(), ", "))});
  if (!settings.show.empty()) {
    const std::string_view text = conform::text_of(*tool, settings.show);
    if (text.empty())
      return cannot_run({"bad-case", fmt::format("no such case of {}: '{}'", tool->name, settings.show)});
    assay::print("{}", text);
    return kStatusPass;
  }
  const Result<int> status = check(settings, *tool);
  return status ? *status : cannot_run(status.error());
}

/// A number in digits alone: CLI11 takes a sign, and what is too large, for another number.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  return {[=](const std::string& text) {
            std::uint64_t value = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
            const bool good =
                error == std::errc{} && end == text.data() + text.size() && value >= least && value <= most;
            return good ? std::string{} : fmt::format("'{}' is no number from {} to {}", text, least, most);
          },
          ""};
}

/// CLI::Range lets "nan" through.
CLI::Validator seconds_up_to(double most) {
  return {[=](const std::string& text) {
            double value = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
            const bool good =
                error == std::errc{} && end == text.data() + text.size() && value >= 0.01 && value <= most;
            return good ? std::string{}
                        : fmt::format("'{}' is no number of seconds from 0.01 to {}", text, most);
          },
          ""};
}

}  // namespace

void add_conform_command(CLI::App& app, int& status) {
  CLI::App& command = *app.add_subcommand(
      "conform", "Tries whether a program does what its language says: seeds and tools of anybody");
  auto settings = std::make_shared<Settings>();
  command
      .add_option("--tool", settings->tool,
                  "What it is: " + fmt::format("{}", fmt::join(conform::tool_names(), ", ")))
      ->type_name("NAME")
      ->required();
  command
      .add_option("--dialect", settings->dialect,
                  "Whose quirks it has: AMD64, riscv64, m2-64, ...; plain: nobody's")
      ->type_name("NAME");
  CLI::Option* const exe =
      command.add_option("--exe", settings->exe, "A static ELF program, to be run in the machine")
          ->type_name("FILE");
  command
      .add_option("--command", settings->command,
                  "A command of this host instead: words, with {in} and {out}, or {args}, in their places")
      ->type_name("WORDS")
      ->excludes(exe);
  command.add_option("--cases", settings->cases, "Cases in this directory instead of the built-in ones")
      ->type_name("DIR");
  command.add_option("--only", settings->only, "Only these cases")->type_name("CASE ...");
  command.add_option("--show", settings->show, "Prints a built-in case, and runs nothing")->type_name("CASE");
  command.add_flag("--tap", settings->tap,
                   "Prints TAP, a line a case, with the summary as comments (the default)");
  command.add_flag("--summary", settings->summary, "Prints the summary alone");
  command
      .add_option("--junit", settings->junit,
                  "Writes JUnit XML to FILE ('-': to standard output, instead of TAP)")
      ->type_name("FILE");
  command
      .add_option("--json", settings->json,
                  "Writes JSON, with all that was seen, to FILE ('-': to standard output, instead of TAP)")
      ->type_name("FILE");
  command.add_flag("--profile", settings->profile,
                   "Says which known dialect it is closest to, and where it departs");
  command
      .add_option(
          "--exhaustive", settings->exhaustive,
          "Instead of the cases: all texts up to N bytes over the language's alphabet, against our own "
          "implementation")
      ->type_name("N")
      ->check(CLI::Range(0, 20));
  constexpr std::uint64_t kMostPrograms = 1'000'000'000;
  CLI::Option* const random =
      command
          .add_option("--random", settings->random,
                      "Instead of the cases: N random valid programs, against our own")
          ->type_name("N")
          ->check(whole_number(1, kMostPrograms));
  command.add_option("--seed", settings->seed, "Number of the series of random programs (1)")
      ->type_name("S")
      ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()))
      ->needs(random);
  command.add_flag(
      "--bench", settings->bench,
      "Instead of the cases: size, instructions and system calls a byte, beside the known seeds");
  command.add_option("--timeout", settings->timeout, "Seconds after which a command never ends (5)")
      ->type_name("S")
      ->check(seconds_up_to(3600));
  command.add_option("--jobs", settings->threads, "Threads, 1 to 256 (default: one a processor)")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
  command.callback([settings, &status] { status = run(*settings); });
}

}  // namespace assay::bootstrap
