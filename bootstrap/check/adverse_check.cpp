// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/adverse_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "bootstrap/check/behaviour.h"
#include "bootstrap/check/known_reliances.h"
#include "bootstrap/check/probe_check.h"
#include "bootstrap/check/probe_files.h"
#include "bootstrap/roads/surroundings.h"

namespace assay::bootstrap {
namespace {

using machine::ImageRecord;
using machine::KnownRun;
using machine::Stop;
using machine::Surrounding;

/// A step may take so much longer than in the friendly surrounding: short reads and writes are more calls.
constexpr std::uint64_t kTimes = 4;
constexpr std::uint64_t kMore = 10'000'000;
/// A step with more instructions is costly.
constexpr std::uint64_t kCostly = 20'000'000;
/// The same where the translator cannot run, or hardly: with the stack of a 64-bit kernel, and with the heap
/// on a page of code.
constexpr std::uint64_t kCostlyInterpreted = 2'000'000;
/// Instructions of a step that are looked at for undefined values: all that a seed does with its source.
constexpr std::uint64_t kDefinednessInstructions = 400'000;

constexpr std::string_view kKnownHelp = "known of this program: it counts on registers that Linux clears";

Behaviour behaviour_of(const KnownRun& run) {
  Behaviour behaviour{Stop::exited, run.status, run.standard_output, run.standard_error, run.changes};
  std::sort(behaviour.changes.begin(), behaviour.changes.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return behaviour;
}

std::string program_text(const Command& command) {
  return fmt::format("'{}' ({})", command.program, name_of(command.role));
}

Finding finding_of(const Command& command, std::string_view id, Severity severity, std::string message,
                   std::string_view help) {
  return {std::string(id), severity, command.script, command.line, 0, std::move(message), std::string(help)};
}

}  // namespace

/// The whole chain in one surrounding. Steps run on copies of the tree; what they did in the friendly one is
/// put in their place.
class AdverseCheck::Road {
 public:
  Road(const AdverseCheck& check, const Surrounding& surrounding) : check_(check), surrounding_(surrounding) {
    walked_in_.kernel_stack = false;  // too slow for a whole kaem; probe_kaem.cpp has it for kaem-minimal
  }

  /// `is_wanted`: a step's plan and its command.
  template <class Wanted>
  std::vector<Finding> run(Wanted&& is_wanted) {
    const Result<SeedRun> now =
        walk(check_, walked_in_, [&](std::size_t command, const ImageRecord& image, const MemoryTree& tree) {
          const std::optional<Plan>& plan = check_.plans_[command];
          if (plan && is_wanted(*plan, command)) try_step(command, image, tree);
        });
    const Result<SeedRun>& once = check_.friendly_;
    if (!once || !now) {
      const Error& error = (once ? now : once).error();
      pass_on_no_memory(error);
      return {{"adverse-not-run", Severity::error, "", 0, 0, error.message, ""}};
    }
    compare_interpreters(*once, *now);
    return std::move(findings_);
  }

  template <class Try>
  static Result<SeedRun> walk(const AdverseCheck& check, const Surrounding& surrounding, Try&& try_step) {
    SeedRoadOptions options;
    options.engine = check.engine_;
    options.surrounding = &surrounding;
    options.known = [&](std::size_t command, const ImageRecord& image, MemoryTree& tree) {
      try_step(command, image, tree);
      return check.runs_[command];
    };
    ChainFeed feed(check.chain_);
    return run_seed_road(check.tree_, feed, options);
  }

 private:
  /// Whether a command is to write to one of the interpreters that run it: here none runs, and it could.
  [[nodiscard]] bool writes_to_interpreter(std::size_t command) const {
    const std::vector<Command>& all = check_.chain_.commands;
    const std::vector<std::string>& outputs = all[command].outputs;
    for (std::optional<std::size_t> at = all[command].parent; at; at = all[*at].parent) {
      if (std::find(outputs.begin(), outputs.end(), all[*at].program) != outputs.end()) return true;
    }
    return false;
  }

  void try_step(std::size_t command, const ImageRecord& image, const MemoryTree& tree) {
    const KnownRun& once = *check_.runs_[command];
    if (writes_to_interpreter(command)) return;
    if (!surrounding_.of_linux && once.instructions > kCostlyInterpreted) return;
    // Of what is known to count on cleared registers, all the rest is tried.
    Surrounding surrounding = surrounding_;
    if (is_known_reliance(*image.program_bytes)) {
      surrounding.registers = machine::kFriendly.registers;
      surrounding.flags = machine::kFriendly.flags;
    }
    surrounding.kernel_stack &= once.instructions <= kCostlyInterpreted;
    machine::Request request = request_of(image);
    request.engine = check_.engine_;
    request.surrounding = &surrounding;
    // The chain begins with an empty one; whoever starts it by hand has one of his own.
    if (request.env.empty()) request.env = {"HOME=/root", "PATH=/usr/bin:/bin", "TERM=linux", "USER=root"};
    request.limits.image_instructions = once.instructions * kTimes + kMore;
    const Result<Behaviour> now = behave(tree, request);
    if (!now) return report(command, now.error().message);
    if (const auto change = first_change(behaviour_of(once), *now)) report(command, *change);
  }

  /// The road stops where an interpreter goes another way.
  void compare_interpreters(const SeedRun& once, const SeedRun& now) {
    if (now.findings.size() > once.findings.size()) {
      report(0, now.findings.back().message);
    } else if (once.stop != now.stop || once.status != now.status || once.commands != now.commands) {
      report(0,
             fmt::format("it ends with {} {} after {} commands instead of {} {} after {}", name_of(now.stop),
                         now.status, now.commands, name_of(once.stop), once.status, once.commands));
    } else if (once.standard_output != now.standard_output) {
      report(0, "an interpreter prints something else");
    }
  }

  /// Each program once: its other steps say the same.
  void report(std::size_t index, const std::string& change) {
    const Command& command = check_.chain_.commands[index];
    if (!told_.insert(command.program).second) return;
    const std::string message = fmt::format("{} does something else in the surrounding '{}': {}",
                                            program_text(command), surrounding_.name, printable(change));
    findings_.push_back(
        surrounding_.of_linux
            ? finding_of(
                  command, "adverse-differs", Severity::error, message,
                  "it counts on what no kernel promises, or looks where it runs: try assay run --adverse")
            : finding_of(command, "adverse-relies", Severity::note, message,
                         "Linux does not do that; other kernels and loaders may"));
  }

  const AdverseCheck& check_;
  const Surrounding& surrounding_;
  Surrounding walked_in_ = surrounding_;
  std::vector<Finding> findings_;
  std::set<std::string, std::less<>> told_;
};

AdverseCheck::AdverseCheck(const Tree& tree, const Chain& chain, const CommandRuns& runs,
                           machine::EngineKind engine)
    : tree_(tree), chain_(chain), runs_(runs), engine_(engine), friendly_(SeedRun{}) {
  std::map<std::string, std::size_t> cheapest;  // command, by program
  plans_.resize(chain.commands.size());
  std::size_t turn = 0;
  for (std::size_t index = 0; index < chain.commands.size(); ++index) {
    const Command& command = chain.commands[index];
    if (!is_hand_written(command.role) || !runs[index]) continue;
    const bool costly = runs[index]->instructions > kCostly;
    plans_[index] = Plan{!costly, false, costly ? turn++ % surroundings() : 0};
    const auto [known, is_new] = cheapest.emplace(command.program, index);
    if (!is_new && runs[index]->instructions < runs[known->second]->instructions) known->second = index;
  }
  for (const auto& [program, index] : cheapest) plans_[index]->everywhere = plans_[index]->cheapest = true;
}

void AdverseCheck::walk_friendly() const {
  std::call_once(walked_, [this] {
    friendly_ =
        Road::walk(*this, machine::kFriendly, [](std::size_t, const ImageRecord&, const MemoryTree&) {});
  });
}

std::vector<Finding> AdverseCheck::in_surrounding(std::size_t number) const {
  walk_friendly();
  return Road(*this, machine::adverse_surroundings()[number]).run([number](const Plan& plan, std::size_t) {
    return plan.everywhere || plan.turn == number;
  });
}

std::vector<Finding> AdverseCheck::on_linux_of_today() const {
  walk_friendly();
  const Surrounding today = machine::linux_of_today(drawn_number());
  return Road(*this, today).run([this](const Plan&, std::size_t command) {
    return runs_[command]->instructions <= kCostlyInterpreted;
  });
}

std::vector<Finding> AdverseCheck::undefined_values() const {
  std::vector<Finding> findings;
  std::set<Bytes> seen;  // programs
  // False if it is told of something.
  const auto run = [&](const Command& command, const Bytes& program, const MemoryTree& tree,
                       machine::Request request) {
    const bool known = is_known_reliance(program);
    bool good = true;
    request.limits.image_instructions = kDefinednessInstructions;
    request.known = [](const ImageRecord& image) {
      return image.index == 0 ? std::nullopt : std::optional(KnownRun{});  // what an interpreter starts
    };
    request.on_undefined = [&](const ImageRecord&, const machine::UndefinedUse& use) {
      good = false;
      findings.push_back(finding_of(command, known ? "adverse-relies" : "undefined-value",
                                    known ? Severity::note : Severity::error,
                                    fmt::format("{}: {} at {:#x} depends on {}", program_text(command),
                                                use.what, use.address, use.origin),
                                    known ? kKnownHelp : "no kernel promises that value: set it first"));
    };
    MemoryTree files = tree.copy();
    (void)machine::run(files, request);
    return good;
  };
  const MemoryTree start(tree_.files);
  for (const Command& command : chain_.commands) {
    if (command.role != Role::kaem_minimal) continue;
    const std::shared_ptr<const Bytes> program = program_of(tree_, command, runs_);
    if (program == nullptr || !seen.insert(*program).second) continue;
    MemoryTree files = start.copy();
    files.put(command.program, *program, 0755);
    machine::Request request;
    request.program = "/" + command.program;
    request.argv = command.argv;
    request.cwd = command.cwd;
    (void)run(command, *program, files, request);
  }
  (void)Road::walk(*this, machine::kFriendly,
                   [&](std::size_t index, const ImageRecord& image, const MemoryTree& tree) {
                     if (!plans_[index] || !plans_[index]->cheapest) return;
                     const Bytes& program = *image.program_bytes;
                     if (!seen.insert(program).second) return;
                     const Command& command = chain_.commands[index];
                     const ProbeFiles probe(command.role, program);
                     if (run(command, program, tree, request_of(image)))
                       (void)run(command, program, probe.tree, probe.request(kProbeInput, kProbeOutput));
                   });
  return findings;
}

}  // namespace assay::bootstrap
