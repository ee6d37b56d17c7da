// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/seed_road.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <utility>

#include "bootstrap/roads/bare_command.h"

namespace assay::bootstrap {
namespace {

using machine::ImageRecord;
using machine::Stop;

/// Recognises the commands of the chain among the images that the machine starts. The programs
/// that a step starts by itself belong to the step.
class Recogniser {
 public:
  Recogniser(CommandFeed& feed, SeedRun& run) : feed_(feed), run_(run) {}

  /// A new run of the machine: its first image is the next command.
  void begin_run() { places_.clear(); }

  /// Places a new image; false if it has a place already.
  bool see(const ImageRecord& image) {
    if (image.index < places_.size()) return false;
    places_.resize(image.index + 1);
    Place& place = places_[image.index];
    const Command* command = nullptr;
    if (const std::optional<std::size_t> step = std::exchange(going_on_, std::nullopt)) {
      place = {step, false, 0};
      return true;
    }
    if (image.index == 0) {
      command = missing_ ? nullptr : feed_.at(next_);
    } else {
      const Place& parent = places_[image.parent];
      if (parent.replaced) return take_first_place(image, place);
      const bool orphan = !parent.command || !parent.is_command;
      command = orphan || missing_ ? nullptr : feed_.started_by(*parent.command, next_);
      if (command == nullptr && (orphan || !feed_.at(*parent.command)->interprets)) {
        place = {parent.command, false, 0};
        return true;
      }
    }
    place.is_command = true;
    if (command == nullptr) {
      past_end_ = !missing_ && feed_.has_ended();
      if (!missing_ && !past_end_) report_extra(image);
      return true;
    }
    place.command = next_++;
    compare(image, *command);
    return true;
  }

  /// The step that starts an image which has no place yet.
  [[nodiscard]] std::optional<std::size_t> starting_step(const ImageRecord& image) const {
    if (image.index < places_.size() || image.index == 0 || missing_ || going_on_) return std::nullopt;
    const Place& parent = places_[image.parent];
    const bool is_step = parent.command && parent.is_command && !parent.replaced;
    return is_step && !feed_.at(*parent.command)->interprets ? parent.command : std::nullopt;
  }

  /// The command that would begin next.
  [[nodiscard]] std::size_t next() const { return next_; }

  /// The next image that begins goes on with a step.
  void go_on(std::size_t step) { going_on_ = step; }

  /// The command that this image is; nothing if it is a part of one or none.
  std::optional<std::size_t> end(const ImageRecord& image) {
    Place& place = places_[image.index];
    place.replaced = image.replaced && image.depth == 0;
    if (place.is_command) {
      if (place.command && image.stop == Stop::exited) check_complete(*place.command);
      return place.command;
    }
    places_[image.parent].inner_instructions += image.instructions + place.inner_instructions;
    return std::nullopt;
  }

  /// Instructions of the programs that an image started, if it is a step.
  [[nodiscard]] std::uint64_t inner_instructions(const ImageRecord& image) const {
    return places_[image.index].inner_instructions;
  }

  /// Whether a program begins behind the end of the chain.
  [[nodiscard]] bool is_past_end() const { return past_end_; }

  /// The command that was not run, once that is known.
  [[nodiscard]] std::optional<std::size_t> missing() const { return missing_; }

  /// A step does not run: neither will its parts.
  void skip_parts(std::size_t command) { next_ = feed_.end_of(command); }

  /// The command that this image is; nothing if it belongs to a step, or is unknown.
  [[nodiscard]] std::optional<std::size_t> itself(const ImageRecord& image) const {
    const Place& place = places_[image.index];
    return place.is_command ? place.command : std::nullopt;
  }
  /// Whether nobody knows what it is.
  [[nodiscard]] bool is_stray(const ImageRecord& image) const { return !places_[image.index].command; }
  /// The command that this image is, if that is a step.
  [[nodiscard]] std::optional<std::size_t> step_of(const ImageRecord& image) const {
    const std::optional<std::size_t> command = itself(image);
    return command && !feed_.at(*command)->interprets ? command : std::nullopt;
  }

  [[nodiscard]] std::optional<std::size_t> command_of(const ImageRecord& image) const {
    return places_[image.index].command;
  }

 private:
  struct Place {
    std::optional<std::size_t> command;  ///< itself, or the step it belongs to
    bool is_command = false;
    std::uint64_t inner_instructions = 0;
    bool replaced = false;  ///< the first program of a run: another one took its place
  };

  /// The first program has been replaced: nobody waits for the one that takes its place.
  bool take_first_place(const ImageRecord& image, Place& place) {
    const Command* const next = missing_ ? nullptr : feed_.at(next_);
    place.is_command = true;
    if (next != nullptr && next->replaces && !next->parent) {
      place.command = next_++;
      compare(image, *next);
    } else if (!missing_) {
      report_extra(image);
    }
    return true;
  }

  /// An interpreter ended: did it start all that its script says?
  void check_complete(std::size_t interpreter) {
    if (missing_ || !feed_.at(interpreter)->interprets) return;
    feed_.on_interpreter_end(interpreter, next_);
    const Command* const missing = feed_.started_by(interpreter, next_);
    if (missing == nullptr) return;
    report("seed-road-missing-command", *missing,
           fmt::format("the interpreter '{}' ends without running '{}'", feed_.at(interpreter)->program,
                       fmt::join(missing->argv, " ")));
    missing_ = next_;
  }

  void compare(const ImageRecord& image, const Command& expected) {
    if (image.program == expected.program && image.argv == expected.argv && image.cwd == expected.cwd &&
        image.env == expected.env) {
      return;
    }
    report("seed-road-other-command", expected,
           fmt::format("the interpreter ran '{}' in '/{}', the script says '{}' in '/{}'",
                       fmt::join(image.argv, " "), image.cwd, fmt::join(expected.argv, " "), expected.cwd));
  }

  void report_extra(const ImageRecord& image) {
    report("seed-road-extra-command", {}, fmt::format("'{}' runs, which no script names", image.program));
  }

  void report(std::string_view id, const Command& at, std::string message) {
    run_.findings.push_back(
        {std::string(id), Severity::error, at.script, at.line, 0, std::move(message), ""});
  }

  CommandFeed& feed_;
  SeedRun& run_;
  std::size_t next_ = 0;
  std::optional<std::size_t> missing_;
  std::optional<std::size_t> going_on_;
  bool past_end_ = false;
  std::vector<Place> places_;
};

/// Two programs that ran one after the other in one process, as one.
ImageRecord joined(ImageRecord first, const ImageRecord& then) {
  const auto same = [](const machine::FileUse& use) {
    return [&use](const machine::FileUse& one) { return one.path == use.path; };
  };
  const auto add = [](Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); };
  for (const machine::FileUse& use : then.inputs) {
    if (std::none_of(first.inputs.begin(), first.inputs.end(), same(use))) first.inputs.push_back(use);
  }
  for (const machine::FileUse& use : then.outputs) {
    const auto before = std::find_if(first.outputs.begin(), first.outputs.end(), same(use));
    before == first.outputs.end() ? first.outputs.push_back(use) : (void)(*before = use);
  }
  first.missing.insert(first.missing.end(), then.missing.begin(), then.missing.end());
  first.reliances.insert(first.reliances.end(), then.reliances.begin(), then.reliances.end());
  add(first.standard_output, then.standard_output);
  add(first.standard_error, then.standard_error);
  first.stop = then.stop;
  first.status = then.status;
  first.replaced = then.replaced;
  first.address = then.address;
  first.message = then.message;
  first.state = then.state;
  first.instructions += then.instructions;
  first.system_calls += then.system_calls;
  first.peak_memory = std::max(first.peak_memory, then.peak_memory);
  return first;
}

class SeedRoad {
 public:
  SeedRoad(const Tree& tree, CommandFeed& feed, const SeedRoadOptions& options)
      : tree_(tree),
        feed_(feed),
        options_(options),
        recogniser_(feed, run_),
        from_outside_(options.cancel, [this] { cancel_.request_stop(); }) {}

  Result<SeedRun> run() {
    run_.files = std::make_shared<MemoryTree>(tree_.files);
    if (options_.on_tree) options_.on_tree(*run_.files);
    const Command* command = feed_.at(0);
    if (command == nullptr) return fail("chain-empty", "the tree's scripts run no command");
    if (auto done = run_program(*command); !done) return tl::unexpected<Error>(done.error());
    if (tree_.described == nullptr || !tree_.described->chain.boot.empty()) return std::move(run_);
    // Nothing in the tree plays the script: each of its commands is a run of its own.
    while (run_.stop == Stop::exited && (command = feed_.at(recogniser_.next())) != nullptr) {
      if (command->parent) {
        run_.findings.push_back({"seed-road-missing-command", Severity::error, command->script, command->line,
                                 0, fmt::format("nothing runs '{}'", fmt::join(command->argv, " ")), ""});
        break;
      }
      if (auto done = run_program(*command); !done) return tl::unexpected<Error>(done.error());
    }
    return std::move(run_);
  }

 private:
  Result<void> run_program(const Command& command) {
    machine::Request request;
    request.program = "/" + command.program;
    request.argv = command.argv;
    request.env = command.env;
    request.cwd = command.cwd;
    request.standard_input = standard_input_of(command, *run_.files);
    request.limits = options_.limits;
    if (tree_.described != nullptr && tree_.described->architecture.bare) {
      const Result<machine::KnightMachine> knight = knight_of(command, tree_.described->architecture);
      if (!knight) return tl::unexpected<Error>(knight.error());
      request.knight = *knight;
    }
    request.engine = options_.engine;
    request.surrounding = options_.surrounding;
    request.cancel = cancel_.get_token();
    request.on_start = [this](const ImageRecord& image) { see(image); };
    request.on_end = [this](const ImageRecord& image) { end(image); };
    if (options_.budget) {
      request.budget = [this](const ImageRecord& image) {
        see(image);
        const auto known = recogniser_.command_of(image);
        return known ? options_.budget(*known, *run_.files) : options_.limits.image_instructions;
      };
    }
    if (options_.known) {
      request.known = [this](const ImageRecord& image) -> std::optional<machine::KnownRun> {
        if (recogniser_.is_past_end()) {
          run_.ended = true;
          cancel_.request_stop();
          return machine::KnownRun{};
        }
        const std::optional<std::size_t> step = recogniser_.step_of(image);
        std::optional<machine::KnownRun> known =
            step ? options_.known(*step, image, *run_.files) : std::nullopt;
        if (known) {
          substituted_ = image.index;
          recogniser_.skip_parts(*step);
        }
        return known;
      };
    }
    recogniser_.begin_run();
    substituted_.reset();
    Result<machine::Outcome> outcome = machine::run(*run_.files, request);
    if (!outcome) return tl::unexpected<Error>(outcome.error());
    run_.stop = outcome->stop;
    run_.status = command.asks ? 0 : outcome->status;
    run_.message = outcome->message;
    run_.instructions += outcome->instructions;
    run_.peak_memory = std::max(run_.peak_memory, outcome->peak_memory);
    const Bytes& text = outcome->standard_output;
    run_.standard_output.insert(run_.standard_output.end(), text.begin(), text.end());
    for (const std::string& finding : outcome->findings) {
      run_.findings.push_back({"machine", Severity::warning, "", 0, 0, finding, ""});
    }
    for (const std::string& note : outcome->notes)
      run_.findings.push_back({"machine", Severity::note, "", 0, 0, note, ""});
    return {};
  }

  void see(const ImageRecord& image) {
    if (options_.on_part) {
      if (const std::optional<std::size_t> step = recogniser_.starting_step(image))
        options_.on_part(*step, image);
    }
    if (!recogniser_.see(image)) return;
    if (const std::optional<std::size_t> command = recogniser_.itself(image)) {
      if (options_.on_begin) options_.on_begin(*command);
    } else if (options_.on_stray && recogniser_.is_stray(image) && !recogniser_.is_past_end()) {
      options_.on_stray();
    }
  }

  void end(const ImageRecord& image) {
    if (goes_on(image)) return;
    if (!unfinished_.empty() && unfinished_.back().last == image.index) {
      const Unfinished whole = std::move(unfinished_.back());
      unfinished_.pop_back();
      return end_itself(with(whole.record, image));
    }
    end_itself(image);
  }

  /// Where a step's program is replaced by another one that belongs to the step, it has not ended.
  bool goes_on(const ImageRecord& image) {
    if (!image.replaced || !options_.goes_on) return false;
    const bool again = !unfinished_.empty() && unfinished_.back().last == image.index;
    const std::optional<std::size_t> step =
        again ? recogniser_.command_of(image) : recogniser_.step_of(image);
    if (!step || !options_.goes_on(*step)) return false;
    if (again) {
      unfinished_.back() = {with(unfinished_.back().record, image), image.index + 1};
    } else {
      unfinished_.push_back({image, image.index + 1});
    }
    recogniser_.go_on(*step);
    return true;
  }

  /// What went before, with an image and the programs that it started.
  [[nodiscard]] ImageRecord with(const ImageRecord& before, const ImageRecord& image) const {
    ImageRecord whole = joined(before, image);
    whole.instructions += recogniser_.inner_instructions(image);
    return whole;
  }

  void end_itself(const ImageRecord& image) {
    const bool complete = !recogniser_.missing();
    const std::optional<std::size_t> command = recogniser_.end(image);
    if (complete && recogniser_.missing() && options_.on_missing) options_.on_missing(*recogniser_.missing());
    if (!command) return;
    ++run_.commands;
    if (std::exchange(substituted_, std::nullopt) == image.index) {
      if (options_.on_known) options_.on_known(*command);
      return;
    }
    if (!options_.on_end) return;
    ImageRecord whole = image;
    whole.instructions += recogniser_.inner_instructions(image);
    if (!options_.on_end(*command, whole)) cancel_.request_stop();
  }

  const Tree& tree_;
  CommandFeed& feed_;
  const SeedRoadOptions& options_;
  SeedRun run_;
  Recogniser recogniser_;
  std::stop_source cancel_;
  std::stop_callback<std::function<void()>> from_outside_;
  /// A step's program that another one has replaced, with what both did; those inside others behind them.
  struct Unfinished {
    ImageRecord record;
    std::uint32_t last = 0;  ///< the image that goes on
  };
  std::vector<Unfinished> unfinished_;
  std::optional<std::uint32_t> substituted_;  ///< the image that ends next did not run
};

}  // namespace

Result<SeedRun> run_seed_road(const Tree& tree, CommandFeed& feed, const SeedRoadOptions& options) {
  return SeedRoad(tree, feed, options).run();
}

}  // namespace assay::bootstrap
