// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A chain before anything runs: an overlay holds an empty placeholder for every file made so far, so that
// PATH searches, `cd` and missing inputs come out as in a real run.
#include "bootstrap/chain/chain.h"

#include <fmt/format.h>

#include <limits>

#include "bootstrap/chain/command_effects.h"
#include "bootstrap/chain/mesoplanet.h"
#include "core/paths.h"

namespace assay::bootstrap {
namespace {

std::uint32_t mode_made_by(Role role) {
  switch (role) {
    case Role::hex0:
    case Role::hex1:
    case Role::hex2_0: return 0700;
    case Role::hex2:
    case Role::m2_mesoplanet: return 0750;
    default: return 0600;
  }
}

class Predicted final : public CommandEffects {
 public:
  Predicted(const Tree& tree, const Architecture& arch)
      : description_(tree.chain_of(arch)), files_(tree.files) {}
  MemoryTree& files() override { return files_; }
  [[nodiscard]] bool is_real() const override { return false; }
  [[nodiscard]] std::optional<std::string> source_of(const std::string& program) const override {
    const SeedDescription* const seed = description_.seed(program);
    return seed == nullptr || seed->sources.empty() ? std::nullopt : std::optional(seed->sources.front());
  }
  [[nodiscard]] bool accepts(ByteView /*program*/) const override { return true; }
  CommandEnd perform(const Chain& chain, std::size_t index, const Start& start) override {
    const Command command = chain.commands[index];  // the list grows
    for (const std::string& path : command.outputs) make(path, mode_made_by(command.role));
    CommandEnd end{.writes = command.outputs};
    if (command.role == Role::m2_mesoplanet) run_mesoplanet(command, start, end);
    return end;
  }
  void begin(const Chain& /*chain*/, std::size_t /*interpreter*/) override {}
  void end(const Chain& /*chain*/, std::size_t /*interpreter*/, const Interpretation& /*done*/) override {}

 private:
  void make(const std::string& path, std::uint32_t mode) {
    if (files_.find(path) == nullptr) (void)files_.create(path, NodeKind::file, mode);
  }
  /// The programs that M2-Mesoplanet starts, as commands of their own.
  void run_mesoplanet(const Command& whole, const Start& start, CommandEnd& end) {
    const std::optional<MesoplanetRun> run = mesoplanet_run(files_, whole.cwd, whole.argv, whole.env);
    if (!run) return;
    if (const auto text = resolve_path(files_, whole.cwd, run->preprocessed)) make(*text, 0600);
    for (const MesoplanetCommand& part : run->commands)
      (void)start({part.program, part.argv, whole.env, whole.cwd, false});
    for (const std::string& name : run->temporaries) {
      const Result<std::string> path = resolve_path(files_, whole.cwd, name);
      if (path && files_.remove(*path)) end.writes.push_back(*path);
    }
  }

  ChainDescription description_;
  MemoryTree files_;
};

}  // namespace

std::vector<std::size_t> Chain::steps() const {
  std::vector<std::size_t> indices;
  std::vector<std::size_t> open;  // commands that have not ended, each started by the one before it
  const auto end_until = [&](std::optional<std::size_t> parent) {
    for (; !open.empty() && open.back() != parent; open.pop_back()) {
      if (!commands[open.back()].interprets) indices.push_back(open.back());
    }
  };
  for (std::size_t index = 0; index < commands.size(); ++index) {
    end_until(commands[index].parent);
    open.push_back(index);
  }
  end_until(std::nullopt);
  return indices;
}

std::string Chain::place_of(const Command& command) const {
  if (!command.script.empty()) return fmt::format("{}:{}", printable(command.script), command.line);
  if (!command.parent) return "the boot command";
  return fmt::format("started by {}", printable(commands[*command.parent].program));
}

bool Chain::is_within(std::size_t command, std::size_t whole) const {
  for (std::optional<std::size_t> at = command; at; at = commands[*at].parent) {
    if (*at == whole) return true;
  }
  return false;
}

Chain compute_chain(const Tree& tree, const Architecture& arch) {
  Chain chain;
  Predicted effects(tree, arch);
  walk_chain(tree, arch, effects, chain);
  return chain;
}

std::uint64_t most_instructions(const Command& command, const FileTree& files) {
  if (command.described != nullptr) return std::numeric_limits<std::uint64_t>::max();
  std::uint64_t bytes = 0;
  for (const std::string& path : command.inputs) {
    if (const Result<NodeInfo> info = files.info(path)) bytes += info->size;
  }
  return most_instructions(command.role, bytes);
}

Bytes standard_input_of(const Command& command, const FileTree& files) {
  Bytes all;
  for (const std::string& path : command.standard_input) {
    const auto bytes = files.read(path);
    if (bytes) all.insert(all.end(), (*bytes)->begin(), (*bytes)->end());
  }
  return all;
}

}  // namespace assay::bootstrap
