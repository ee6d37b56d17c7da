// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The builder plays the interpreters of a tree on an overlay that holds an empty placeholder for
// every file made so far, so that PATH searches, `cd` and missing inputs come out as in a real run.
#include "bootstrap/chain/chain.h"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "bootstrap/chain/mesoplanet.h"
#include "bootstrap/tree/program_check.h"
#include "core/memory_tree.h"
#include "core/paths.h"
#include "kaem/check.h"
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
    explain_missing();
    check_statuses();
    drop_repeats();
    return std::move(chain_);
  }

  void launch(const Place& place, const std::string& program, std::vector<std::string> argv,
              std::vector<std::string> env, const std::string& cwd, bool replaces);
  MemoryTree& world() { return world_; }

 private:
  void run_minimal(const std::string& script, const std::vector<std::string>& env, const std::string& cwd);
  void run_full(const Command& command);
  void run_mesoplanet(const Place& place, const Command& whole);
  std::shared_ptr<const Bytes> script_text(const std::string& cwd, const std::string& script,
                                           std::string& path);
  void trace_files(const Place& place, Command& command);
  void check_program(const Place& place, const std::string& program, const Command& command);
  void check_output(const Place& place, const std::string& output, const Command& command);
  void explain_missing();
  void check_statuses();
  void drop_repeats();
  void report(std::string_view id, Severity severity, const Place& place, std::string message,
              std::string help);

  const Tree& tree_;
  const Architecture& arch_;
  MemoryTree world_;
  std::map<std::string, Product, std::less<>> products_;
  Chain chain_;
  std::size_t depth_ = 0;
  /// Findings about missing files, and the normal path that was wanted.
  std::vector<std::pair<std::size_t, std::string>> missing_;
  std::set<std::string, std::less<>> scripts_;  ///< read so far
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

/// Whether the program can be started at all. What a built program will hold is not known yet.
void ChainBuilder::check_program(const Place& place, const std::string& program, const Command& command) {
  const Result<NodeInfo> info = world_.info(command.program);
  if (!info || info->kind != NodeKind::file) {
    report("chain-program-missing", Severity::error, place,
           fmt::format("program '{}' does not exist at this point", program),
           "check the name, the working directory and the order of commands");
    missing_.emplace_back(chain_.findings.size() - 1, command.program);
    return;
  }
  if ((info->mode & 0111U) == 0) {
    report("chain-program-not-executable", Severity::error, place,
           fmt::format("program '{}' is not executable", program),
           "set its executable bit, or build it with a tool that does");
  }
  if (products_.contains(command.program)) return;
  const Result<std::shared_ptr<const Bytes>> contents = world_.read(command.program);
  const std::optional<std::string> fault = contents ? program_fault(**contents, arch_) : std::nullopt;
  if (fault) {
    report("chain-program-wrong-architecture", Severity::error, place,
           fmt::format("program '{}' cannot run here: {}", program, *fault),
           "take the seed of the architecture that the script is for");
  }
}

/// A step that writes over what it reads, over a script or over a seed.
void ChainBuilder::check_output(const Place& place, const std::string& output, const Command& command) {
  if (std::find(command.inputs.begin(), command.inputs.end(), output) != command.inputs.end()) {
    report("chain-output-is-input", Severity::warning, place,
           fmt::format("'{}' is an input and the output of the same command", output),
           "most seed tools empty the output before they read");
  }
  if (scripts_.contains(output) || output == hex0_seed_path(arch_) || output == kaem_seed_path(arch_)) {
    report("chain-output-overwrites-source", Severity::error, place,
           fmt::format("'{}' is a seed or a script in use", output), "write to another file");
  }
}

/// For each missing file: does a later command make it, or is there one of nearly the same name?
void ChainBuilder::explain_missing() {
  for (const auto& [index, path] : missing_) {
    Finding& finding = chain_.findings[index];
    const auto later = products_.find(path);
    if (later != products_.end()) {
      const Command& maker = chain_.commands[later->second.made_by];
      finding.id =
          finding.id == "chain-program-missing" ? "chain-program-made-later" : "chain-input-made-later";
      finding.message += fmt::format("; {}:{} makes it later", maker.script, maker.line);
      finding.help = "move the command that makes it up";
    } else if (const std::optional<std::string> other = near_miss(world_, path)) {
      finding.message += fmt::format("; there is '{}'", *other);
      finding.help = "names are told apart by the case of their letters";
    }
  }
}

/// On AArch64 kaem-minimal exits with 0 after a failed command: scripts go on after scripts that failed, and
/// only a list of checksums can tell.
void ChainBuilder::check_statuses() {
  const kaem::MinimalDialect* dialect = kaem::minimal_dialect(arch_.name);
  if (dialect == nullptr || dialect->status_child_failed != 0 || chain_.commands.empty()) return;
  const std::vector<Command>& commands = chain_.commands;
  for (std::size_t index = 1; index < commands.size(); ++index) {
    if (commands[index].role != Role::kaem_minimal) continue;
    const bool followed =
        std::any_of(commands.begin() + static_cast<std::ptrdiff_t>(index) + 1, commands.end(),
                    [&](const Command& one) { return one.script == commands[index].script; });
    if (!followed) continue;
    report("kaem-status-lost", Severity::note, {commands[index].script, {commands[index].line, 1}},
           "if a command of that script fails, this script goes on all the same",
           "check what it made: this kaem-minimal exits with 0 after a failed command");
  }
  const bool checked = std::any_of(commands.begin(), commands.end(),
                                   [](const Command& one) { return one.role == Role::sha256sum; });
  const bool ends_embedded = tree_.kind == TreeKind::embedded;
  if (!checked && !ends_embedded) {
    report("chain-status-unchecked", Severity::warning, {boot_script_path(arch_), {}},
           "the exit status of this chain says nothing, and no command checks what it made",
           "end it with sha256sum -c and look at what that prints");
  }
}

/// A script that runs twice, and a script that was checked before it was interpreted, say the same again.
void ChainBuilder::drop_repeats() {
  std::set<std::tuple<std::string, std::string, std::uint64_t, std::uint64_t>> seen;
  std::erase_if(chain_.findings, [&seen](const Finding& one) {
    return one.id.starts_with("kaem-") && !seen.emplace(one.id, one.file, one.line, one.column).second;
  });
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
      missing_.emplace_back(chain_.findings.size() - 1, path ? *path : join_path(command.cwd, input));
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
    check_output(place, *path, command);
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
  command.program = path ? *path : program;
  check_program(place, program, command);
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
  if (command.role == Role::m2_mesoplanet) run_mesoplanet(place, command);
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

/// The programs that M2-Mesoplanet starts, as commands of their own.
void ChainBuilder::run_mesoplanet(const Place& place, const Command& whole) {
  const std::optional<MesoplanetRun> run = mesoplanet_run(world_, whole.cwd, whole.argv, whole.env);
  if (!run) {
    report("chain-mesoplanet-opaque", Severity::note, place,
           "what this M2-Mesoplanet starts is not known before the run", "");
    return;
  }
  const std::size_t index = chain_.commands.size() - 1;
  std::map<std::string, Product, std::less<>> outputs;
  for (const std::string& output : whole.outputs) outputs.emplace(output, products_.at(output));
  const Result<std::string> text = resolve_path(world_, whole.cwd, run->preprocessed);
  if (text) (void)world_.create(*text, NodeKind::file, 0600);
  for (const MesoplanetCommand& part : run->commands) {
    launch(place, part.program, part.argv, whole.env, whole.cwd, false);
    chain_.commands.back().part_of = index;
  }
  for (const std::string& name : run->temporaries) {
    const Result<std::string> path = resolve_path(world_, whole.cwd, name);
    if (!path) continue;
    (void)world_.remove(*path);
    products_.erase(*path);
  }
  // The whole command made them.
  for (auto& [path, product] : outputs) products_.insert_or_assign(path, std::move(product));
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
  scripts_.insert(path);
  const kaem::MinimalDialect& dialect = *kaem::minimal_dialect(arch_.name);
  FindingSink sink({path, *text}, chain_.findings);
  kaem::check_script(*text, 0, &dialect, sink);
  NoDiagnostics quiet;
  const kaem::MinimalScript parsed = kaem::parse_minimal(*text, 0, dialect, quiet);
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
  scripts_.insert(path);
  FindingSink sink({path, *text}, chain_.findings);
  ChainHost host(*this, {path, *text}, command.cwd);
  const kaem::Environment environment =
      kaem::initial_environment(command.env, command.argv.front(), line.settings.init_mode);
  kaem::check_script(*text, 0, nullptr, sink, &environment);
  (void)kaem::interpret(*text, 0, line.settings, environment, host, sink);
}

}  // namespace

std::vector<std::size_t> Chain::steps() const {
  std::vector<std::size_t> indices;
  for (std::size_t index = 0; index < commands.size(); ++index) {
    if (commands[index].interprets || commands[index].part_of) continue;
    std::size_t part = index + 1;
    while (part < commands.size() && commands[part].part_of == index) indices.push_back(part++);
    indices.push_back(index);
  }
  return indices;
}

Chain compute_chain(const Tree& tree, const Architecture& arch) { return ChainBuilder(tree, arch).build(); }

}  // namespace assay::bootstrap
