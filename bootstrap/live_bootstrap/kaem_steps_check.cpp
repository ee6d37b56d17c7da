// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the kaem steps read, run and leave unchecked, in the order in which they run.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "bootstrap/image/archive_image.h"
#include "bootstrap/image/extract.h"
#include "bootstrap/live_bootstrap/kaem_step.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "core/paths.h"

namespace assay::image {
namespace {

using Names = std::set<std::string, std::less<>>;

constexpr std::string_view kDistfiles = "external/distfiles/";
constexpr std::string_view kPrograms = "usr/bin/";

/// The programs of the x86 chain: those whose digests its list of answers has. Nothing: there is no list.
Names chain_programs(const FileTree& tree, ImageKind kind) {
  const std::string root = kind == ImageKind::live_bootstrap_checkout ? "seed/stage0-posix/" : "";
  Names names;
  for (const std::string& name : names_in_checksums(tree, root + "x86.answers"))
    names.emplace(last_part(name));
  if (names.empty()) return names;
  // Made between the chain and the manifest.
  for (const char* other : {"script-generator", "configurator", "kaem"}) names.emplace(other);
  return names;
}

class KaemSteps {
 public:
  KaemSteps(const FileTree& tree, ImageKind kind, const Config& config, const WantedFiles& wanted,
            Findings& findings)
      : tree_(tree),
        kind_(kind),
        config_(config),
        wanted_(wanted),
        findings_(findings),
        programs_(chain_programs(tree, kind)) {}

  void step(const PlannedDirective& planned) {
    const auto commands = step_commands(tree_, config_, planned);
    if (!commands) return;
    folder_ = "steps/" + planned.directive->argument;
    script_ = step_script(planned);
    members_.reset();
    made_.clear();
    results_.clear();
    covered_.clear();
    verified_ = results_verified_ = false;
    for (const StepCommand& command : *commands) {
      check_program(command);
      if (tree_.info(folder_ + "/sources")) check_verification(command);
      for (const std::string& input : command.inputs()) check_input(command, input, planned);
      if (command.program() == "patch") check_patch(command);
      for (const std::string& output : command.outputs()) take_output(command, output);
    }
    check_results();
  }

 private:
  void report(std::string_view id, const StepCommand& command, std::string message) {
    findings_.add(id, script_, command.line, std::move(message));
  }

  void check_program(const StepCommand& command) {
    // With a directory in front it is something that the step itself has made.
    if (programs_.empty() || command.words.front().find('/') != std::string::npos ||
        programs_.contains(command.program()))
      return;
    programs_.emplace(command.program());  // told once
    report("lb-command-missing", command, fmt::format("nothing has made '{}' by then", command.program()));
  }

  /// Unpacks before any sha256sum -c.
  void check_verification(const StepCommand& command) {
    constexpr std::array<std::string_view, 9> kUnpackers{"ungz",    "unbz2", "unxz", "untar", "gunzip",
                                                         "bunzip2", "gzip",  "tar",  "bzip2"};
    if (command.program() == "sha256sum") {
      verified_ = verified_ || !command.inputs().empty();
    } else if (!verified_ &&
               std::find(kUnpackers.begin(), kUnpackers.end(), command.program()) != kUnpackers.end()) {
      verified_ = true;  // told once
      report("lb-unverified-unpack", command, fmt::format("'{}' before any sha256sum -c", command.program()));
    }
  }

  void check_input(const StepCommand& command, const std::string& input, const PlannedDirective& planned) {
    if (input.starts_with(kDistfiles)) return check_distfile(command, input, planned);
    if (command.program() == "sha256sum" && input.ends_with(".checksums")) {
      results_verified_ = true;
      for (const std::string& name : names_in_checksums(tree_, input)) {
        const std::string path = name.starts_with('/') ? name.substr(1) : name;
        covered_.insert(path);
        if (path.starts_with(kPrograms)) programs_.emplace(last_part(path));
      }
    }
    // What is unpacked and made on the way is not known; what stands beside the script is.
    if (!input.starts_with(folder_ + "/") || tree_.info(input)) return;
    for (std::string path = input; path.size() > folder_.size(); path = parent_path(path)) {
      if (made_.contains(path)) return;
    }
    report("lb-input-missing", command,
           fmt::format("'{}' reads '{}', which nobody made", command.program(), input));
  }

  void check_distfile(const StepCommand& command, const std::string& input, const PlannedDirective& planned) {
    const std::string_view name = std::string_view(input).substr(kDistfiles.size());
    if (name.empty()) return;
    const auto known = wanted_.find(name);
    if (known == wanted_.end()) {
      report("lb-distfile-unlisted", command, fmt::format("no sources file lists '{}'", name));
    } else if (!known->second.early) {
      report("lb-early-not-closed", command,
             fmt::format("'{}' is listed by {}:{} only, for a step after the network is up", name,
                         known->second.file, known->second.line));
    } else if (known->second.directive > planned.directive->line) {
      report("lb-distfile-later", command,
             fmt::format("'{}' is listed by {}:{} only, for a later step", name, known->second.file,
                         known->second.line));
    }
  }

  void check_patch(const StepCommand& command) {
    const unsigned strip = strip_level(command.words);
    for (const std::string& input : command.inputs()) {
      const auto text = tree_.read(input);
      if (!text) continue;
      check_patch_file(as_text(**text), input, strip, members(), findings_);
    }
  }

  /// The paths in the step's archives, read when somebody asks; none unless all of them can be read.
  const std::vector<std::string>& members() {
    if (members_) return *members_;
    members_.emplace();
    for (const auto& [name, wanted] : wanted_) {
      if (wanted.file != folder_ + "/sources") continue;
      Findings damage;
      const auto bytes = tree_.read(join_path(distfiles_folder(kind_), name));
      const auto archive = bytes ? open_archive(memory_medium(Bytes(**bytes)), damage) : fail("", "");
      const auto all = archive && !damage.has("image-unreadable") && !damage.has("image-limit")
                           ? list_all(**archive)
                           : fail("", "");
      if (!all) {
        members_->clear();
        break;
      }
      for (const ListedEntry& entry : *all) members_->push_back(entry.path);
    }
    return *members_;
  }

  void take_output(const StepCommand& command, const std::string& output) {
    made_.insert(output);
    if (!output.starts_with(kPrograms) || output.size() == kPrograms.size()) return;
    programs_.emplace(last_part(output));
    // A copy of a list of digests is no result.
    if (command.program() != "mkdir") results_.try_emplace(output, command.line);
  }

  void check_results() {
    if (!results_verified_) {
      findings_.add("lb-result-unverified", script_, 0, "no sha256sum -c of a .checksums file");
      return;
    }
    for (const auto& [path, line] : results_) {
      // Of `cp a /usr/bin/b` both /usr/bin/b and /usr/bin/b/a were taken for possible.
      if (covered_.contains(path) || results_.contains(std::string(parent_path(path)))) continue;
      findings_.add("lb-checksum-uncovered", script_, line,
                    fmt::format("the digest of '/{}' is not checked", path));
    }
  }

  const FileTree& tree_;
  ImageKind kind_;
  const Config& config_;
  const WantedFiles& wanted_;
  Findings& findings_;
  Names programs_;  ///< that exist by now
  // Of the step:
  std::string folder_;
  std::string script_;
  std::optional<std::vector<std::string>> members_;
  Names made_;
  std::map<std::string, std::uint64_t> results_;  ///< installed programs -> line
  Names covered_;
  bool verified_ = false;
  bool results_verified_ = false;
};

}  // namespace

void check_kaem_steps(const FileTree& tree, ImageKind kind, const Config& config,
                      const std::vector<PlannedDirective>& plan, const WantedFiles& wanted,
                      Findings& findings) {
  KaemSteps steps(tree, kind, config, wanted, findings);
  for (const PlannedDirective& planned : plan) {
    if (planned.directive->kind == DirectiveKind::build && !planned.bash_era) steps.step(planned);
  }
}

}  // namespace assay::image
