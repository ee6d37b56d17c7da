// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many names the kernel will hold when it hands over: nothing is ever removed, and a file that is made
// again is a new one.
#include <fmt/format.h>
#include <algorithm>
#include <map>

#include "bootstrap/chain/chain.h"
#include "bootstrap/image/archive_image.h"
#include "bootstrap/image/builder_hex0_check.h"
#include "bootstrap/live_bootstrap/kaem_step.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"

namespace assay::image {
namespace {

class Forecast {
 public:
  Forecast(const FileTree& tree, const Config& config) : tree_(tree), config_(config) {}

  void step(const PlannedDirective& planned) {
    const auto commands = step_commands(tree_, config_, planned);
    if (!commands) return;
    unpacked_.clear();
    for (const StepCommand& command : *commands) take(command);
  }

  std::size_t steps = 0;    ///< names that the steps' commands make
  std::size_t members = 0;  ///< names in the archives that they unpack
  std::size_t unknown = 0;  ///< archives that are none, or not there

 private:
  void take(const StepCommand& command) {
    const std::string_view name = command.program();
    const std::vector<std::string> inputs = command.inputs();
    const std::vector<std::string> outputs = command.outputs();
    if (name == "untar" || name == "tar") {
      for (const std::string& input : inputs) unpack(input);
    } else if (name == "cp" || name == "install" || name == "mv") {
      steps += inputs.size();
      // A copy of an archive is one still.
      for (const std::string& output : outputs) {
        if (inputs.size() == 1) unpacked_[output] = inputs.front();
      }
    } else if (name == "M2-Mesoplanet") {
      constexpr std::size_t kTemporaries = 4;
      steps += kTemporaries + outputs.size();
    } else {
      // A compiler without -o makes an object file.
      const bool compiles =
          std::find(command.words.begin(), command.words.end(), "-c") != command.words.end();
      steps += std::max<std::size_t>(outputs.size(), compiles && name != "sha256sum" ? 1 : 0);
      for (const std::string& output : outputs) {
        if (inputs.size() == 1) unpacked_[output] = inputs.front();
      }
    }
  }

  /// Follows an archive back to the distfile, if the step decompressed or copied one.
  void unpack(std::string path) {
    for (std::size_t turn = 0; turn < unpacked_.size(); ++turn) {
      const auto from = unpacked_.find(path);
      if (from == unpacked_.end()) break;
      path = from->second;
    }
    if (!counts_.contains(path)) counts_[path] = count(path);
    members += counts_[path];
    unknown += counts_[path] == 0 ? 1 : 0;
  }

  std::size_t count(const std::string& path) const {
    const auto bytes = tree_.read(path);
    if (!bytes) return 0;
    Findings nobody;
    const auto archive = open_archive(memory_medium(Bytes(**bytes)), nobody);
    const auto* tree = archive ? dynamic_cast<const LazyTree*>(archive->get()) : nullptr;
    return tree == nullptr ? 0 : tree->nodes().size() - 1;
  }

  const FileTree& tree_;
  const Config& config_;
  std::map<std::string, std::string> unpacked_;  ///< path -> what it was made from
  std::map<std::string, std::size_t> counts_;
};

/// Names that the commands of the x86 chain make.
std::size_t chain_names(const std::shared_ptr<const FileTree>& files) {
  const bootstrap::Architecture* const x86 = bootstrap::find_architecture("x86");
  if (x86 == nullptr) return 0;
  const bootstrap::Tree tree{"", bootstrap::TreeKind::stage0_posix, files, {x86}};
  if (!files->info(bootstrap::boot_script_path(*x86))) return 0;
  std::size_t names = 0;
  for (const bootstrap::Command& command : bootstrap::compute_chain(tree, *x86).commands)
    names += command.outputs.size();
  return names;
}

}  // namespace

void check_entries(const BuilderHex0Image& image, const std::shared_ptr<const FileTree>& files,
                   Findings& findings) {
  Findings nobody;
  const auto manifest_text = files->read("steps/manifest");
  const auto config_text = files->read("steps/bootstrap.cfg");
  if (!manifest_text || !config_text) return;
  const Manifest manifest = parse_manifest(as_text(**manifest_text), "", nobody);
  const Config config = parse_config(as_text(**config_text), "", nobody);
  const auto stream = static_cast<std::size_t>(
      std::count_if(image.commands.begin(), image.commands.end(), [](const StreamCommand& command) {
        return command.kind == CommandKind::source || command.kind == CommandKind::hex0;
      }));
  const std::size_t chain = chain_names(files);
  Forecast forecast(*files, config);
  for (const PlannedDirective& planned : plan(manifest, config)) {
    // Fiwix takes over there.
    if (planned.directive->kind == DirectiveKind::jump || planned.bash_era) break;
    if (planned.directive->kind == DirectiveKind::build) forecast.step(planned);
  }
  const std::size_t all = stream + chain + forecast.steps + forecast.members;
  const std::string unknown =
      forecast.unknown == 0 ? "" : fmt::format(" ({} archives cannot be read)", forecast.unknown);
  findings.add(
      all > kMaxKernelEntries ? "image-entries-predicted" : "image-entries-forecast", "", 0,
      fmt::format("about {} of {} names when Fiwix takes over: {} of the stream, {} of the x86 chain, {} "
                  "of the kaem steps, {} unpacked{}",
                  all, kMaxKernelEntries, stream, chain, forecast.steps, forecast.members, unknown));
}

}  // namespace assay::image
