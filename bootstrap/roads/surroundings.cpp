// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a program that no release makes, or one that fails, does on the reference road, it does once more
// where a kernel is otherwise in what kernels leave open, and where a user's variables are set.
#include "bootstrap/roads/surroundings.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <iterator>
#include <random>
#include <set>

#include "bootstrap/chain/command_effects.h"
#include "bootstrap/releases/programs.h"
#include "bootstrap/roads/reference_road.h"
#include "bootstrap/roads/step_recorder.h"
#include "exec/system/start_block.h"
#include "kaem/check.h"

namespace assay::bootstrap {
namespace {

using Variables = std::vector<std::string>;

/// What a user's shell has.
Variables users_variables(std::uint64_t number) {
  static constexpr std::array<std::string_view, 3> kNames{"ada", "grace", "ken"};
  const std::string_view user = kNames[exec::drawn(number, 6) % kNames.size()];
  return {"SHELL=/bin/bash",
          fmt::format("PWD=/home/{}", user),
          fmt::format("LOGNAME={}", user),
          fmt::format("HOME=/home/{}", user),
          "LANG=C.UTF-8",
          "TERM=xterm-256color",
          fmt::format("USER={}", user),
          "SHLVL=1",
          "PATH=/usr/local/bin:/usr/bin:/bin"};
}

/// Variables of all names that stand in a program as texts: what it may ask for.
Variables variables_named_in(ByteView program) {
  constexpr std::size_t kMostNames = 64;
  constexpr std::size_t kLongest = 40;
  const auto may_be_in_name = [](Byte one) {
    return (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9') || one == '_';
  };
  std::set<std::string> names;
  for (std::size_t at = 0; at < program.size() && names.size() < kMostNames;) {
    const auto begin = program.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = std::find_if_not(begin, program.end(), may_be_in_name);
    const auto length = static_cast<std::size_t>(end - begin);
    at += length + 1;
    const bool ends = end != program.end() && (*end == 0 || *end == '=');
    if (ends && length > 1 && length <= kLongest && *begin > '9') names.insert({begin, end});
  }
  Variables variables;
  for (const std::string& name : names) variables.push_back(name + "=1");
  return variables;
}

/// Where somebody may have put a tree.
std::string drawn_directory(std::uint64_t number) {
  const std::uint64_t word = exec::drawn(number, 8);
  return fmt::format("/home/{:x}/{:0{}}", word % 0xFFFF, 0, 1 + word % 11);
}

std::string_view name_of(std::string_view variable) { return variable.substr(0, variable.find('=')); }

/// Whether a program there gives another one the variables that it gives here. What becomes of those that are
/// there only is its own affair: kaem says SHELL where nobody has, and has PWD follow it.
bool gives_as_here(Variables here, Variables there, const Variables& added) {
  const auto is_users = [&](const std::string& variable) {
    return std::ranges::any_of(added,
                               [&](const std::string& one) { return name_of(one) == name_of(variable); });
  };
  std::erase_if(here, is_users);
  std::erase_if(there, is_users);
  return here == there;
}

/// A program may take so many times the jumps there that it took here, and so many more, until it counts as
/// one that does not end: its loops may be found and filled at once later.
constexpr std::uint64_t kTimesElsewhere = 16;
constexpr std::uint64_t kMoreElsewhere = std::uint64_t{32} << 20;

/// What a run did, as far as it can be told from another one.
struct Deed {
  Ending ending{};
  int status = 0;
  std::string standard_output;
  std::string standard_error;
  std::optional<exec::Start> replaced_by;
  PathStates changes;

  static std::string end_text(const Deed& deed) {
    if (deed.ending == Ending::exits) return fmt::format("status {}", deed.status);
    return deed.ending == Ending::crashes ? "a crash" : "no end";
  }
  /// Nothing if there is none.
  [[nodiscard]] std::optional<std::string> difference(const Deed& now) const {
    if (ending != now.ending || status != now.status)
      return fmt::format("it ends with {} instead of {}", end_text(now), end_text(*this));
    for (const auto& [path, state] : now.changes) {
      const auto old = std::ranges::find(changes, path, &PathStates::value_type::first);
      if (old == changes.end() || !(old->second == state)) return fmt::format("it leaves another '{}'", path);
    }
    if (changes.size() != now.changes.size()) return "it leaves other files";
    if (standard_output != now.standard_output || standard_error != now.standard_error)
      return "it prints something else";
    const auto words = [](const Deed& one) {
      return one.replaced_by ? std::tuple(one.replaced_by->program, one.replaced_by->argv)
                             : std::tuple(std::string(), std::vector<std::string>());
    };
    if (words(*this) != words(now)) return "another program takes its place";
    return std::nullopt;
  }
};

/// `differs`: what a program does otherwise in surroundings; nothing if it does the same.
template <class Differs>
Finding why_elsewhere(const Command& command, Differs&& differs, const Variables& of_user,
                      const Variables& named, const std::string& directory, const std::string& elsewhere) {
  const auto finding = [&](std::string_view id, Severity severity, std::string message,
                           std::string_view help) {
    return Finding{std::string(id),    severity,         command.script, command.line, 0,
                   std::move(message), std::string(help)};
  };
  if (const std::optional<std::string> other = differs({.variables = of_user}))
    return finding(
        kReliesOnVariables, Severity::warning,
        fmt::format("'{}' does something else where a user's variables are set: {}", command.program, *other),
        "no tree determines whether HOME, USER, LANG, PATH and the like are there; --env NAME=VALUE sets "
        "one");
  for (const std::string& variable : named) {
    if (const std::optional<std::string> other = differs({.variables = {variable}}))
      return finding(kReliesOnVariables, Severity::warning,
                     fmt::format("'{}' does something else where somebody has set {}: {}", command.program,
                                 variable, *other),
                     "no tree determines whether it is set: let a script set it, or say --env NAME=VALUE");
  }
  if (const std::optional<std::string> other = differs({.directory = directory}))
    return finding("step-relies-on-kernel", Severity::warning,
                   fmt::format("'{}' does something else where the tree lies in another directory: {}",
                               command.program, *other),
                   "no tree determines where it lies");
  return finding(
      "adverse-differs", Severity::error,
      fmt::format("'{}' does something else where stack, heap, user and random bytes are others: {}",
                  command.program, elsewhere),
      "it counts on what no kernel promises, or looks where it runs");
}

}  // namespace

std::uint64_t drawn_number() {
  std::random_device chance;
  return (std::uint64_t{chance()} << 32 | chance()) | 1;
}

void ReferenceRoad::try_elsewhere(const Command& command, const Frame& frame, std::size_t times,
                                  StepRecorder& recorder, Computed& computed) {
  const std::shared_ptr<Node> node = files_.find(command.program);
  if (node == nullptr) return;
  const bool goes_well = computed.ending == Ending::exits && computed.status == 0;
  if (goes_well && is_made_by_a_release(node->bytes())) return;
  const std::shared_ptr<const Bytes> program = node->share();
  // Once is enough to say that a program does so, and one that hangs there costs most.
  if (departing_.contains(*program)) return;
  const std::uint64_t most = std::min(most_jumps(command), computed.jumps * kTimesElsewhere + kMoreElsewhere);
  const Deed once{computed.ending,         computed.status,      computed.standard_output,
                  computed.standard_error, computed.replaced_by, recorder.changes()};
  /// How it differs there; the files are as they were before then.
  const auto differs = [&](const exec::Surroundings& surroundings) -> std::optional<std::string> {
    std::size_t next = 0;
    std::optional<std::string> departs;  // it starts what it does not start here
    const Start start = [&](const exec::Start& started) -> std::optional<exec::Ended> {
      if (next == frame.parts.size()) {
        departs = fmt::format("it goes on and starts '{}'", printable(started.program));
        return std::nullopt;
      }
      const Frame::Part& part = frame.parts[next++];
      if (part.command.program != started.program || part.command.argv != started.argv ||
          !gives_as_here(part.command.env, started.env, surroundings.variables) ||
          part.command.cwd != started.cwd) {
        departs = fmt::format("it starts '{}' otherwise", printable(started.program));
        return std::nullopt;
      }
      redo(part.computed.changes, files_);
      note_times(part.computed);
      const bool exits = part.computed.ending == Ending::exits;
      return exec::Ended(exits ? part.computed.status : 0, exits ? 0 : kCrashSignal);
    };
    running_.push_back(command.program);
    Result<exec::Outcome> outcome = run(command, *program, start, most, surroundings);
    running_.pop_back();
    PathStates changes = recorder.changes();
    undo(recorder, files_);
    (void)times_.take_back(times);
    if (departs) return departs;
    if (!outcome) return outcome.error().message;
    if (outcome->ending == Ending::undefined) return outcome->reason;
    const Deed now{outcome->ending,         outcome->status,      outcome->standard_output,
                   outcome->standard_error, outcome->replaced_by, std::move(changes)};
    return once.difference(now);
  };
  undo(recorder, files_);
  const exec::FileTimes::Times written = times_.take_back(times);
  const std::uint64_t number = drawn_number();
  const std::string directory = is_root_ ? "" : drawn_directory(number);
  Variables of_user = users_variables(number);
  Variables named;
  if (is_root_) {
    std::erase_if(of_user, [](std::string_view one) { return !kaem::is_given_by_kernels(name_of(one)); });
  } else {
    named = variables_named_in(*program);
  }
  Variables all = of_user;
  std::ranges::copy(named, std::back_inserter(all));
  if (const auto elsewhere =
          differs({.number = number, .variables = std::move(all), .directory = directory})) {
    computed.findings.push_back(why_elsewhere(command, differs, of_user, named, directory, *elsewhere));
    if (computed.findings.back().severity == Severity::error) departing_.insert(*program);
  }
  redo(once.changes, files_);
  times_.give(written);
}

}  // namespace assay::bootstrap
