// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The builder plays the interpreters of a tree on an overlay that holds an empty placeholder for
// every file made so far, so that PATH searches, `cd` and missing inputs come out as in a real run.
#include "bootstrap/chain.h"

#include <fmt/format.h>
#include <map>

#include "core/memory_tree.h"
#include "core/paths.h"
#include "kaem/interpreter.h"
#include "kaem/minimal.h"

namespace assay::bootstrap {
namespace {

constexpr std::size_t kMaxDepth = 32;        // scripts inside scripts
constexpr std::size_t kMaxCommands = 20000;  // a script that runs itself ends here

/// A file made by an earlier command.
struct Product {
  std::size_t made_by = 0;
  Origins origins;
};

/// Where a command stands: for findings.
struct Place {
  std::string script;
  Position position;
};

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

class ChainBuilder {
 public:
  ChainBuilder(const Tree& tree, const Architecture& arch) : tree_(tree), arch_(arch), world_(tree.files) {
    chain_.architecture = &arch;
  }

  Chain build() {
    const std::string script = boot_script_path(arch_);
    if (tree_.kind == TreeKind::embedded) {
      run_minimal(script, {}, "");
    } else {
      launch({}, "./" + kaem_seed_path(arch_), {"./" + kaem_seed_path(arch_)}, {}, "", false);
    }
    return std::move(chain_);
  }

  void launch(const Place& place, const std::string& program, std::vector<std::string> argv,
              std::vector<std::string> env, const std::string& cwd, bool replaces);
  MemoryTree& world() { return world_; }

 private:
  void run_minimal(const std::string& script, const std::vector<std::string>& env, const std::string& cwd);
  void run_full(const Command& command);
  std::shared_ptr<const Bytes> script_text(const std::string& cwd, const std::string& script,
                                           std::string& path);
  void trace_files(const Place& place, Command& command);
  void report(std::string_view id, Severity severity, const Place& place, std::string message,
              std::string help);

  const Tree& tree_;
  const Architecture& arch_;
  MemoryTree world_;
  std::map<std::string, Product, std::less<>> products_;
  Chain chain_;
  std::size_t depth_ = 0;
};

/// The full kaem's world while a chain is computed: every program is found where a real run would
/// find it, and succeeds.
class ChainHost final : public kaem::Host {
 public:
  ChainHost(ChainBuilder& builder, Source script, std::string cwd)
      : builder_(builder), script_(std::move(script)), cwd_(std::move(cwd)) {}

  kaem::ChildEnd launch(const kaem::Launch& launch) override {
    builder_.launch({script_.name, position_of(script_.bytes, launch.span.offset)}, launch.program,
                    launch.argv, launch.env, cwd_, launch.replaces);
    return {};
  }
  kaem::Found find(const std::string& path) override {
    const Result<std::string> normal = resolve_path(builder_.world(), cwd_, path);
    const Result<NodeInfo> info = normal ? builder_.world().info(*normal) : fail("file-not-found", "");
    if (!info) return kaem::Found::nothing;
    return info->kind == NodeKind::directory ? kaem::Found::directory : kaem::Found::file;
  }
  bool enter(const std::string& directory) override {
    if (find(directory) != kaem::Found::directory) return false;
    cwd_ = *resolve_path(builder_.world(), cwd_, directory);
    return true;
  }
  std::string current_directory() override { return "/" + cwd_; }
  void write_output(std::string_view /*text*/) override {}
  void write_error(std::string_view /*text*/) override {}

 private:
  ChainBuilder& builder_;
  Source script_;
  std::string cwd_;
};

void ChainBuilder::report(std::string_view id, Severity severity, const Place& place, std::string message,
                          std::string help) {
  chain_.findings.push_back({std::string(id), severity, place.script, place.position.line,
                             place.position.column, std::move(message), std::move(help)});
}

/// Resolves the files of a command, reports what a real run would stumble over, and records what
/// the command makes.
void ChainBuilder::trace_files(const Place& place, Command& command) {
  const Operands operands = operands_of(command.role, command.argv);
  Origins origins;
  for (const std::string& input : operands.inputs) {
    const Result<std::string> path = resolve_path(world_, command.cwd, input);
    if (!path || !world_.info(*path)) {
      report("chain-input-missing", Severity::error, place,
             fmt::format("input '{}' does not exist at this point", input),
             "check the name, the working directory and the order of commands");
      continue;
    }
    command.inputs.push_back(*path);
    const auto product = products_.find(*path);
    if (product == products_.end()) {
      origins.insert(*path);
    } else {
      origins.insert(product->second.origins.begin(), product->second.origins.end());
    }
  }
  for (const std::string& output : operands.outputs) {
    const Result<std::string> path = resolve_path(world_, command.cwd, output);
    const Result<NodeInfo> above = path ? world_.info(parent_path(*path)) : fail("file-not-found", "");
    if (!above || above->kind != NodeKind::directory) {
      report("chain-output-directory-missing", Severity::error, place,
             fmt::format("the directory of output '{}' does not exist", output),
             "some archivers drop empty directories; make it before the run");
      continue;
    }
    command.outputs.push_back(*path);
    if (world_.find(*path) == nullptr) (void)world_.create(*path, NodeKind::file, mode_made_by(command.role));
    products_.insert_or_assign(*path, Product{chain_.commands.size(), origins});
  }
}

void ChainBuilder::launch(const Place& place, const std::string& program, std::vector<std::string> argv,
                          std::vector<std::string> env, const std::string& cwd, bool replaces) {
  if (chain_.commands.size() >= kMaxCommands || depth_ >= kMaxDepth) {
    if (chain_.findings.empty() || chain_.findings.back().id != "chain-too-long") {
      report("chain-too-long", Severity::error, place, "the scripts run too many commands or nest too deeply",
             "does a script run itself?");
    }
    return;
  }
  Command command;
  command.script = place.script;
  command.line = place.position.line;
  command.argv = std::move(argv);
  command.env = std::move(env);
  command.cwd = cwd;
  command.replaces = replaces;
  const Result<std::string> path = resolve_path(world_, cwd, program);
  const Result<NodeInfo> info = path ? world_.info(*path) : fail("file-not-found", "");
  command.program = path ? *path : program;
  if (!info || info->kind != NodeKind::file) {
    report("chain-program-missing", Severity::error, place,
           fmt::format("program '{}' does not exist at this point", program),
           "check the name, the working directory and the order of commands");
  } else if ((info->mode & 0111U) == 0) {
    report("chain-program-not-executable", Severity::error, place,
           fmt::format("program '{}' is not executable", program),
           "set its executable bit, or build it with a tool that does");
  }
  const auto product = products_.find(command.program);
  if (product != products_.end()) {
    command.built_by = product->second.made_by;
    command.role = role_of(product->second.origins);
  } else if (command.program == hex0_seed_path(arch_)) {
    command.role = Role::hex0;
  } else if (command.program == kaem_seed_path(arch_)) {
    command.role = Role::kaem_minimal;
  }
  if (command.role == Role::unknown) {
    report("chain-role-unknown", Severity::note, place,
           fmt::format("no role is known for program '{}'", program), "");
  }
  command.interprets = command.role == Role::kaem_minimal || command.role == Role::kaem;
  trace_files(place, command);
  chain_.commands.push_back(command);
  if (!command.interprets) return;
  ++depth_;
  if (command.role == Role::kaem) {
    run_full(command);
  } else {
    const kaem::MinimalDialect& dialect = *kaem::minimal_dialect(arch_.name);
    const std::string script =
        command.argv.size() > 1 ? command.argv[1] : std::string(dialect.default_script);
    run_minimal(script, dialect.passes_environment ? command.env : std::vector<std::string>(), command.cwd);
  }
  --depth_;
}

/// The text of a script; reports and returns nothing if it is missing or made by the chain itself.
std::shared_ptr<const Bytes> ChainBuilder::script_text(const std::string& cwd, const std::string& script,
                                                       std::string& path) {
  const Result<std::string> normal = resolve_path(world_, cwd, script);
  if (normal && products_.contains(*normal)) {
    report("chain-script-generated", Severity::warning, {*normal, {}},
           "this script is made by the chain itself; the commands it holds are not known before the run", "");
    return nullptr;
  }
  const Result<std::shared_ptr<const Bytes>> text =
      normal ? world_.read(*normal) : fail("file-not-found", "");
  if (!text) {
    report("chain-script-missing", Severity::error, {script, {}},
           fmt::format("script '{}' cannot be read", script), "check the name and the working directory");
    return nullptr;
  }
  path = *normal;
  return *text;
}

void ChainBuilder::run_minimal(const std::string& script, const std::vector<std::string>& env,
                               const std::string& cwd) {
  std::string path;
  const std::shared_ptr<const Bytes> text = script_text(cwd, script, path);
  if (text == nullptr) return;
  FindingSink sink({path, *text}, chain_.findings);
  const kaem::MinimalScript parsed = kaem::parse_minimal(*text, 0, *kaem::minimal_dialect(arch_.name), sink);
  for (const kaem::MinimalCommand& command : parsed.commands) {
    launch({path, position_of(*text, command.span.offset)}, command.words.front(), command.words, env, cwd,
           false);
  }
}

void ChainBuilder::run_full(const Command& command) {
  const kaem::CommandLine line = kaem::parse_command_line(command.argv);
  if (line.status) return;
  std::string path;
  const std::shared_ptr<const Bytes> text = script_text(command.cwd, line.settings.script, path);
  if (text == nullptr) return;
  FindingSink sink({path, *text}, chain_.findings);
  ChainHost host(*this, {path, *text}, command.cwd);
  (void)kaem::interpret(*text, 0, line.settings,
                        kaem::initial_environment(command.env, command.argv.front(), line.settings.init_mode),
                        host, sink);
}

}  // namespace

std::vector<std::size_t> Chain::steps() const {
  std::vector<std::size_t> indices;
  for (std::size_t index = 0; index < commands.size(); ++index) {
    if (!commands[index].interprets) indices.push_back(index);
  }
  return indices;
}

Chain compute_chain(const Tree& tree, const Architecture& arch) { return ChainBuilder(tree, arch).build(); }

}  // namespace assay::bootstrap
