// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/replay/replay.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "bootstrap/check/answers.h"
#include "bootstrap/check/compare.h"
#include "bootstrap/image/finding_kinds.h"
#include "bootstrap/live_bootstrap/kaem_step.h"
#include "bootstrap/roads/reference_road.h"
#include "core/digest.h"
#include "core/paths.h"

namespace assay::bootstrap {
namespace {

using machine::Hex0Command;
using machine::Hex0Stop;
using machine::ImageRecord;
using machine::Stop;

constexpr std::string_view kArchitecture = "x86";

/// A peak above this share of its limit is a finding.
constexpr double kNear = 0.9;

// A file of no bytes and a directory are the same to the kernel: it is a directory if something is in it.
std::shared_ptr<MemoryTree> tree_of(std::vector<std::pair<std::string, std::shared_ptr<const Bytes>>> files) {
  auto tree = std::make_shared<MemoryTree>();
  // Names with '/' sort behind the directory that holds them.
  std::stable_sort(files.begin(), files.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& [path, bytes] = files[i];
    const bool last_of_name = i + 1 == files.size() || files[i + 1].first != path;
    if (path.empty() || bytes == nullptr || !last_of_name) continue;
    const std::string inside = path + "/";
    const auto next =
        std::lower_bound(files.begin(), files.end(), inside,
                         [](const auto& file, const std::string& text) { return file.first < text; });
    if (next != files.end() && next->first.starts_with(inside)) continue;
    tree->put(path, {}, 0755);
    if (const std::shared_ptr<Node> node = tree->find(path)) node->set_bytes(bytes);
  }
  return tree;
}

bool is_own_limit(Hex0Stop stop) {
  return stop == Hex0Stop::limit_instructions || stop == Hex0Stop::limit_programs ||
         stop == Hex0Stop::limit_console || stop == Hex0Stop::limit_file_memory ||
         stop == Hex0Stop::cancelled;
}

/// Kaem steps whose directory a program ran in, and checks of digests that succeeded, against all there are
/// before Fiwix takes over.
Replay::Reached how_far(const Replay& replay) {
  Replay::Reached reached;
  const FileTree& files = *replay.files;
  const auto manifest_text = files.read("steps/manifest");
  if (!manifest_text) return reached;
  image::Findings nobody;
  const image::Manifest manifest = image::parse_manifest(as_text(**manifest_text), "", nobody);
  const auto config_text = files.read("steps/bootstrap.cfg");
  const image::Config config = image::parse_config(config_text ? as_text(**config_text) : "", "", nobody);
  reached.all_pins = replay.chain.answers.total == 0 ? 0 : 1;
  for (const image::PlannedDirective& planned : image::plan(manifest, config)) {
    if (planned.directive->kind == image::DirectiveKind::jump || planned.bash_era) break;
    if (planned.directive->kind != image::DirectiveKind::build) continue;
    ++reached.all_steps;
    const std::string folder = "steps/" + planned.directive->argument;
    const bool entered =
        std::any_of(replay.programs.begin(), replay.programs.end(), [&](const ReplayProgram& program) {
          return program.cwd == folder || program.cwd.starts_with(folder + "/");
        });
    if (entered) {
      ++reached.steps;
      reached.last = planned.directive->argument;
    }
    for (const image::StepCommand& command :
         image::step_commands(files, config, planned).value_or(std::vector<image::StepCommand>()))
      reached.all_pins +=
          command.program() == "sha256sum" && command.words.size() > 1 && command.words[1] == "-c";
  }
  for (const ReplayProgram& program : replay.programs)
    reached.pins += program.argv.size() == 3 && program.argv[1] == "-c" && program.status == 0 &&
                            program.stop == Stop::exited && last_part(program.program) == "sha256sum"
                        ? 1
                        : 0;
  reached.all_pins = std::max(reached.all_pins, reached.pins);
  return reached;
}

std::string kernel_text(const Replay& replay) {
  if (replay.kernel == nullptr)
    return fmt::format("the image's kernel is of no known revision of builder-hex0 (sha256 {})",
                       replay.kernel_digest);
  return fmt::format("the image's kernel is builder-hex0 {} of {}: {}", replay.kernel->revision,
                     replay.kernel->date, replay.kernel->differs);
}

class ReplayRun {
 public:
  ReplayRun(const image::BuilderHex0Image& image, const ReplayOptions& options)
      : image_(image), options_(options) {
    tree_.path = "image";
  }

  Result<Replay> run() {
    const double start = now();
    last_end_ = start;
    chain().chain.architecture = find_architecture(kArchitecture);
    machine::Hex0Request request;
    request.disk_bytes = image_.medium->size();
    request.read_disk = [this](std::uint64_t offset, std::span<Byte> to) {
      const Result<std::size_t> read = image_.medium->read_some(offset, to);
      return read && *read == to.size();
    };
    request.stream_sector = image_.stream_offset / image::kSectorBytes;
    request.engine = options_.engine;
    request.instructions = options_.instructions;
    replay_.kernel_digest = sha256(image_.stage2.bytes);
    replay_.kernel = image::kernel_revision(replay_.kernel_digest);
    request.execve_keeps_stack = replay_.kernel == nullptr || replay_.kernel->execve_keeps_stack;
    request.cancel = stop_.get_token();
    request.on_command = [this](const Hex0Command& command) { see(command); };
    request.on_start = [this](const ImageRecord& program) { start_of(program); };
    request.on_end = [this, start](const ImageRecord& program) { end_of(program, start); };
    Result<machine::Hex0Outcome> outcome = machine::run_builder_hex0(request);
    if (!outcome) return tl::unexpected<Error>(outcome.error());
    replay_.outcome = std::move(*outcome);
    std::vector<std::pair<std::string, std::shared_ptr<const Bytes>>> files;
    for (const machine::Hex0File& file : replay_.outcome.files) files.emplace_back(file.path, file.bytes);
    replay_.files = tree_of(std::move(files));
    if (replay_.sources == nullptr) open_sources();
    check_all_answers();
    excuse_made_scripts();
    report();
    if (replay_.outcome.stop == Hex0Stop::finished) find_failure();
    replay_.reached = how_far(replay_);
    if (replay_.other_kernel()) add("boot-other-kernel", kernel_text(replay_));
    decide();
    replay_.seconds = now() - start;
    chain().seconds = replay_.seconds;
    chain().instructions = replay_.outcome.instructions;
    chain().peak_memory = replay_.outcome.peaks.process_bytes;
    return std::move(replay_);
  }

 private:
  ChainResult& chain() { return replay_.chain; }
  [[nodiscard]] double now() const { return options_.clock ? options_.clock() : 0; }

  void see(const Hex0Command& command) {
    if (replay_.sources != nullptr) return;
    if (command.bytes != nullptr) stream_.emplace_back(command.path, command.bytes);
    tell("load", command.offset, image_.stream_end - image_.stream_offset);
  }

  void tell(std::string_view phase, std::uint64_t done, std::uint64_t total) const {
    if (options_.on_progress) options_.on_progress({phase, done, total});
  }

  void open_sources() {
    replay_.sources = tree_of(std::move(stream_));
    tree_.files = replay_.sources;
    tree_.architectures = {chain().chain.architecture};
  }

  // Before the first program: the chain is computed from what the stream has made, if it starts one.
  void prepare(const ImageRecord& first) {
    open_sources();
    const Architecture& arch = *tree_.architectures.front();
    if (first.program != kaem_seed_path(arch) || !replay_.sources->info(boot_script_path(arch))) {
      add("boot-no-chain", fmt::format("the stream starts '{}', not '{}' with /{}", first.program,
                                       kaem_seed_path(arch), boot_script_path(arch)));
      return;
    }
    chain().chain = compute_chain(tree_, arch);
    for (Finding& finding : chain().chain.findings) chain().findings.push_back(std::move(finding));
    chain().chain.findings.clear();
    for (const std::size_t index : chain().chain.steps()) chain().steps.emplace_back().command = index;
    reference_.emplace(tree_, arch);
  }

  // The next command of the chain, if it is this program; the first that is not ends the comparison.
  void start_of(const ImageRecord& image) {
    if (replay_.sources == nullptr) prepare(image);
    ReplayProgram& program = replay_.programs.emplace_back();
    program.program = image.program;
    program.argv = image.argv;
    program.cwd = image.cwd;
    program.parent = image.parent;
    program.depth = image.depth;
    const std::vector<Command>& commands = chain().chain.commands;
    if (image.index != image.parent) {
      const std::optional<std::size_t>& parent = replay_.programs[image.parent].command;
      const bool part = parent && next_ < commands.size() && commands[next_].part_of == parent;
      if (!parent || !(commands[*parent].interprets || part)) return;
    }
    if (parted_ || next_ >= commands.size()) return;
    const Command& expected = commands[next_];
    // The kernel starts the boot program with an argument and another name; it turns the environment around.
    const bool boots = next_ == 0;
    const bool same = image.program == expected.program && image.cwd == expected.cwd &&
                      (boots || (image.argv == expected.argv && sorted(image.env) == sorted(expected.env)));
    if (!same) {
      parted_ = true;
      add("boot-other-command",
          fmt::format("the image runs '{}' in '/{}', the script says '{}' in '/{}'",
                      fmt::join(image.argv, " "), image.cwd, fmt::join(expected.argv, " "), expected.cwd),
          expected.script, expected.line);
      return;
    }
    program.command = next_++;
  }

  static std::vector<std::string> sorted(std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    return texts;
  }

  void end_of(const ImageRecord& image, double start) {
    ReplayProgram& program = replay_.programs[image.index];
    program.stop = image.stop;
    program.status = image.status;
    program.instructions = image.instructions;
    std::vector<RoadFile> outputs;
    for (const machine::FileUse& use : image.outputs) outputs.push_back({use.path, use.bytes, use.mode});
    for (const RoadFile& file : outputs) program.outputs.push_back(digest_of(file));
    if (program.command) step_ended(*program.command, image, std::move(outputs));
    last_end_ = now();
    if (program.command) {
      tell("chain", *program.command + 1, chain().chain.commands.size());
    } else {
      tell("beyond", replay_.programs.size(), 0);
    }
    if (!is_answers_check(image)) return;
    answers_checked_ = true;
    replay_.answers_seconds = now() - start;
    if (options_.until_answers) stop_.request_stop();
  }

  [[nodiscard]] bool is_answers_check(const ImageRecord& image) const {
    return image.argv.size() == 3 && image.argv[1] == "-c" &&
           image.argv[2] == answers_path(*replay_.chain.chain.architecture);
  }

  void step_ended(std::size_t index, const ImageRecord& image, std::vector<RoadFile> outputs) {
    std::vector<StepResult>& steps = chain().steps;
    const auto step =
        std::find_if(steps.begin(), steps.end(), [&](const StepResult& one) { return one.command == index; });
    if (step == steps.end()) return;
    for (const machine::FileUse& use : image.inputs)
      step->inputs.push_back(digest_of({use.path, use.bytes, use.mode}));
    step->outputs = replay_.programs[image.index].outputs;
    step->instructions = image.instructions;
    step->seconds = now() - last_end_;
    judge(index, image, std::move(outputs), *step);
  }

  void judge(std::size_t index, const ImageRecord& image, std::vector<RoadFile> outputs, StepResult& step) {
    if (image.stop != Stop::exited || image.status != 0) {
      step.verdict = Verdict::failed;
      step.failure = image.stop == Stop::exited
                         ? fmt::format("exits with status {}", image.status)
                         : fmt::format("{} at {:#x}: {}", name_of(image.stop), image.address, image.message);
      step.standard_output = as_text(image.standard_output);
      step.standard_error = as_text(image.standard_error);
      step.seed_files = std::move(outputs);
      return;
    }
    const bool compared = options_.reference;
    const Result<Computed> computed =
        compared ? reference_->compute(chain().chain, index) : fail("reference-none", "");
    if (!computed) {
      step.verdict = Verdict::one_road_only;
      PathStates changes;
      for (const RoadFile& file : outputs)
        changes.emplace_back(file.path, NodeState{NodeKind::file, file.mode, file.bytes, ""});
      reference_->accept(chain().chain.commands[index], changes, false);
      if (options_.keep_files) step.seed_files = std::move(outputs);
      return;
    }
    // The kernel has no modes: only the bytes are compared.
    for (RoadFile& file : outputs) {
      for (const RoadFile& other : computed->outputs) {
        if (other.path == file.path) file.mode = other.mode;
      }
    }
    step.divergence = first_difference(outputs, computed->outputs);
    step.verdict = step.divergence ? Verdict::differ : Verdict::equal;
    if (step.divergence) explain(*step.divergence, *reference_);
    if (!step.divergence && !options_.keep_files) return;
    step.seed_files = std::move(outputs);
    step.reference_files = computed->outputs;
  }

  void add(std::string_view id, std::string message, std::string file = {}, std::uint64_t line = 0) {
    const DiagnosticKind& kind = image::kind_of(id);
    chain().findings.push_back({std::string(kind.id), kind.severity, std::move(file), line, 0,
                                std::move(message), std::string(kind.help)});
  }

  // Where the boot ended before, what is missing is no finding of its own.
  void check_all_answers() {
    if (replay_.programs.empty()) return;
    std::vector<Finding> unreached;
    const bool reached = answers_checked_ || replay_.outcome.stop == Hex0Stop::finished;
    chain().answers = check_answers(tree_, *chain().chain.architecture, *replay_.files, nullptr,
                                    reached ? chain().findings : unreached);
  }

  void report() {
    const machine::Hex0Outcome& outcome = replay_.outcome;
    replay_.stopped_at_answers =
        outcome.stop == Hex0Stop::cancelled && answers_checked_ && options_.until_answers;
    if (replay_.stopped_at_answers) {
      // All that the scripts say up to there has run: what is still missing would be made later.
      std::erase_if(chain().findings,
                    [](const Finding& finding) { return finding.id == "chain-script-missing"; });
      std::erase_if(chain().steps, [](const StepResult& step) { return step.verdict == Verdict::not_run; });
    } else if (outcome.stop != Hex0Stop::finished) {
      add(fmt::format("boot-{}", name_of(outcome.stop)), outcome.message);
      replay_.cut = is_own_limit(outcome.stop);
      if (!replay_.programs.empty()) replay_.last_program = replay_.programs.size() - 1;
    }
    for (const machine::Hex0Reliance& reliance : outcome.reliances) {
      add(fmt::format("boot-{}", reliance.id),
          fmt::format("{} ({} times, first by {})", reliance.what, reliance.count, reliance.first));
    }
    for (const ReplayPeak& row : peaks_of(outcome.peaks)) {
      if (static_cast<double>(row.peak) > kNear * static_cast<double>(row.limit))
        add("boot-near-limit", fmt::format("{} of {} {}", row.peak, row.limit, row.what));
    }
  }

  // From the boot program down: an interpreter that fails does so because of the last program it ran.
  void find_failure() {
    const std::vector<ReplayProgram>& programs = replay_.programs;
    const auto failed = [&](std::size_t i) {
      return programs[i].stop != Stop::exited || programs[i].status != 0;
    };
    const auto last_child = [&](std::optional<std::size_t> parent) {
      std::optional<std::size_t> last;
      for (std::size_t i = 0; i < programs.size(); ++i) {
        const bool child =
            parent ? programs[i].depth > 0 && programs[i].parent == *parent : programs[i].depth == 0;
        if (child) last = i;
      }
      return last;
    };
    for (auto at = last_child(std::nullopt); at && failed(*at); at = last_child(at)) replay_.failure = at;
    if (!replay_.failure) return;
    const ReplayProgram& program = programs[*replay_.failure];
    add("boot-failed", fmt::format("'{}' in '/{}' exits with status {}, and with it all that called it",
                                   fmt::join(program.argv, " "), program.cwd, program.status));
  }

  // The chain cannot see into scripts that programs write.
  void excuse_made_scripts() {
    for (Finding& finding : chain().findings) {
      if (finding.id != "chain-script-missing" || !replay_.files->read(finding.file)) continue;
      finding.severity = Severity::note;
      finding.message =
          fmt::format("script '{}' is made on the way: what it runs is not compared with the reference road",
                      finding.file);
      finding.help.clear();
    }
  }

  void decide() {
    ChainResult& result = chain();
    const bool error =
        std::any_of(result.findings.begin(), result.findings.end(),
                    [](const Finding& finding) { return finding.severity == Severity::error; });
    if (error || result.count(Verdict::differ) + result.count(Verdict::failed) != 0) {
      result.verdict = ChainVerdict::fail;
    } else {
      const bool whole = !replay_.cut && !replay_.other_kernel() && !result.steps.empty() &&
                         result.count(Verdict::not_run) == 0 && result.answers.ok == result.answers.total;
      result.verdict = whole ? ChainVerdict::pass : ChainVerdict::incomplete;
    }
  }

  const image::BuilderHex0Image& image_;
  const ReplayOptions& options_;
  Replay replay_;
  Tree tree_;
  std::vector<std::pair<std::string, std::shared_ptr<const Bytes>>> stream_;
  std::optional<ReferenceRoad> reference_;
  std::size_t next_ = 0;  ///< command of the chain
  bool parted_ = false;
  bool answers_checked_ = false;
  std::stop_source stop_;
  double last_end_ = 0;
};

}  // namespace

Result<Replay> replay(const image::BuilderHex0Image& image, const ReplayOptions& options) {
  return ReplayRun(image, options).run();
}

std::vector<ReplayPeak> peaks_of(const machine::Hex0Peaks& peaks) {
  return {{"names", peaks.names, machine::kHex0Names},
          {"bytes of files", peaks.file_bytes, machine::kHex0FileBytes},
          {"bytes of saved processes", peaks.saved_bytes, machine::kHex0SavedBytes},
          {"bytes of a path", peaks.longest_path, machine::kHex0NameBytes - 1},
          {"bytes of an argument", peaks.longest_argument, machine::kHex0ArgumentBytes - 1},
          {"descriptors of a process", peaks.descriptors, machine::kHex0Descriptors},
          {"bytes of a process", peaks.process_bytes, machine::kHex0ProcessEnd - machine::kHex0ProcessLow}};
}

}  // namespace assay::bootstrap
