// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a program that no release makes, or one that fails, does on the reference road, it does once more
// where a kernel is otherwise in what kernels leave open, and where a user's variables are set.
#include "bootstrap/roads/surroundings.h"

#include <fmt/format.h>
#include <algorithm>
#include <random>

#include "bootstrap/chain/command_effects.h"
#include "bootstrap/releases/programs.h"
#include "bootstrap/roads/reference_road.h"
#include "bootstrap/roads/step_recorder.h"
#include "exec/system/start_block.h"

namespace assay::bootstrap {
namespace {

/// Whether a program there gives another one the variables that it gives here. What becomes of a user's is
/// its own affair: kaem says SHELL where nobody has, and has PWD follow it.
bool gives_as_here(std::vector<std::string> here, std::vector<std::string> there) {
  const auto name_of = [](std::string_view one) { return one.substr(0, one.find('=')); };
  const std::vector<std::string> users = exec::users_variables({}, 0);
  const auto is_users = [&](const std::string& variable) {
    return std::ranges::any_of(users,
                               [&](const std::string& one) { return name_of(one) == name_of(variable); });
  };
  std::erase_if(here, is_users);
  std::erase_if(there, is_users);
  return here == there;
}

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

}  // namespace

std::uint64_t drawn_number() {
  std::random_device chance;
  return (std::uint64_t{chance()} << 32 | chance()) | 1;
}

void ReferenceRoad::try_elsewhere(const Command& command, const Frame& frame, StepRecorder& recorder,
                                  Computed& computed) {
  const std::shared_ptr<Node> node = files_.find(command.program);
  if (node == nullptr) return;
  const bool goes_well = computed.ending == Ending::exits && computed.status == 0;
  if (goes_well && is_made_by_a_release(node->bytes())) return;
  const std::shared_ptr<const Bytes> program = node->share();
  const Deed once{computed.ending,         computed.status,      computed.standard_output,
                  computed.standard_error, computed.replaced_by, recorder.changes()};
  /// How it differs there; the files are as they were before then.
  const auto differs = [&](exec::Surroundings surroundings) -> std::optional<std::string> {
    std::size_t next = 0;
    std::optional<std::string> departs;  // it starts what it does not start here
    const Start start = [&](const exec::Start& started) -> std::optional<exec::Ended> {
      if (next == frame.parts.size()) {
        departs = fmt::format("it goes on and starts '{}'", printable(started.program));
        return std::nullopt;
      }
      const Frame::Part& part = frame.parts[next++];
      if (part.command.program != started.program || part.command.argv != started.argv ||
          !gives_as_here(part.command.env, started.env) || part.command.cwd != started.cwd) {
        departs = fmt::format("it starts '{}' otherwise", printable(started.program));
        return std::nullopt;
      }
      redo(part.computed.changes, files_);
      const bool exits = part.computed.ending == Ending::exits;
      return exec::Ended(exits ? part.computed.status : 0, exits ? 0 : kCrashSignal);
    };
    running_.push_back(command.program);
    Result<exec::Outcome> outcome = run(command, *program, start, surroundings);
    running_.pop_back();
    PathStates changes = recorder.changes();
    undo(recorder, files_);
    if (departs) return departs;
    if (!outcome) return outcome.error().message;
    if (outcome->ending == Ending::undefined) return outcome->reason;
    const Deed now{outcome->ending,         outcome->status,      outcome->standard_output,
                   outcome->standard_error, outcome->replaced_by, std::move(changes)};
    return once.difference(now);
  };
  undo(recorder, files_);
  if (const std::optional<std::string> elsewhere = differs({.number = drawn_number(), .variables = true})) {
    const std::optional<std::string> variables = differs({.variables = true});
    computed.findings.push_back(
        variables
            ? Finding{std::string(kReliesOnVariables), Severity::warning, command.script, command.line, 0,
                      fmt::format("'{}' does something else where a user's variables are set: {}",
                                  command.program, *variables),
                      "no tree determines whether HOME, USER, LANG, PATH and the like are there; --env "
                      "NAME=VALUE "
                      "sets one"}
            : Finding{"adverse-differs", Severity::error, command.script, command.line, 0,
                      fmt::format("'{}' does something else where stack, heap, user and random bytes "
                                  "are others: {}",
                                  command.program, *elsewhere),
                      "it counts on what no kernel promises, or looks where it runs"});
  }
  redo(once.changes, files_);
}

}  // namespace assay::bootstrap
