// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/script_walk.h"

#include <fmt/format.h>
#include <algorithm>
#include <limits>
#include <utility>

#include "bootstrap/chain/own_source.h"
#include "bootstrap/tree/program_check.h"
#include "core/paths.h"
#include "kaem/minimal.h"
#include "kaem/minimal_run.h"

namespace assay::bootstrap {
namespace {

constexpr std::size_t kMaxDepth = 32;        // scripts inside scripts
constexpr std::size_t kMaxCommands = 20000;  // a script that runs itself ends here

CommandEnd nobody_knows() { return {.known = false, .status = 1}; }

/// The world of a script, for our kaem and kaem-minimal.
class ScriptHost final : public kaem::Host {
 public:
  ScriptHost(ScriptWalk& walk, std::optional<std::size_t> interpreter, Source script, std::string cwd)
      : walk_(walk), interpreter_(interpreter), script_(std::move(script)), cwd_(std::move(cwd)) {}

  kaem::ChildEnd launch(const kaem::Launch& launch) override {
    if (launch.replaces && find(launch.program) == kaem::Found::file) replace();
    const Place place{script_.name, place_of(launch.span.offset)};
    if (!launch.argv.empty()) walk_.check_absolute(place, launch.argv.front());
    const CommandEnd end = walk_.launch(
        place, {launch.program, launch.argv, launch.env, cwd_, launch.replaces, launch.asks}, interpreter_);
    return {end.status, end.signal};
  }
  kaem::Found find(const std::string& path) override {
    const Result<std::string> normal = resolve_path(walk_.files(), cwd_, path);
    const Result<NodeInfo> info = normal ? walk_.files().info(*normal) : fail("file-not-found", "");
    if (!info) return kaem::Found::nothing;
    return info->kind == NodeKind::directory ? kaem::Found::directory : kaem::Found::file;
  }
  bool enter(const std::string& directory) override {
    if (find(directory) != kaem::Found::directory) return false;
    walk_.check_absolute({script_.name, {}}, directory);
    cwd_ = *resolve_path(walk_.files(), cwd_, directory);
    return true;
  }
  std::string current_directory() override { return "/" + cwd_; }
  void write_output(std::string_view text) override { output_ += text; }
  void write_error(std::string_view text) override { error_ += text; }

  /// The script has ended, however.
  void end(const CommandEnd& end) {
    if (!replaced_) tell({end.status, std::move(output_), std::move(error_), false});
  }

 private:
  /// Another program takes the interpreter's place: it ends here.
  void replace() {
    replaced_ = true;
    tell({0, std::move(output_), std::move(error_), true});
  }
  void tell(const Interpretation& done) {
    if (interpreter_) walk_.end_interpreter(*interpreter_, done);
  }

  /// Commands come one behind the other: lines are counted once.
  Position place_of(std::uint64_t offset) {
    if (offset < counted_) {
      counted_ = 0;
      lines_ = 0;
    }
    const std::string_view text = as_text(script_.bytes).substr(0, offset);
    lines_ += static_cast<std::uint64_t>(
        std::count(text.begin() + static_cast<std::ptrdiff_t>(counted_), text.end(), '\n'));
    counted_ = text.size();
    const std::size_t line = text.rfind('\n');
    return {lines_ + 1, text.size() - (line == std::string_view::npos ? 0 : line + 1) + 1};
  }

  ScriptWalk& walk_;
  std::uint64_t counted_ = 0;
  std::uint64_t lines_ = 0;
  std::optional<std::size_t> interpreter_;
  Source script_;
  std::string cwd_;
  std::string output_;
  std::string error_;
  bool replaced_ = false;
};

/// What is there is the kernel's affair: programs that open one are told of.
bool is_device_name(std::string_view path) { return path.starts_with("/dev/"); }

/// Of what a command's words say: where only a description tells what they mean, it may be wrong.
Severity severity_of(const Command& command) {
  return command.described != nullptr && !command.known ? Severity::warning : Severity::error;
}

CommandEnd end_of(const kaem::Finish& finish) {
  if (finish.ending == Ending::crashes) return {.signal = kCrashSignal};
  return finish.ending == Ending::exits ? CommandEnd{.status = finish.status} : nobody_knows();
}

}  // namespace

void ScriptWalk::run() {
  chain_.architecture = &arch_;
  check_line_ends();
  if (description_.boot.empty()) {
    play_script();
  } else {
    (void)launch({},
                 {description_.boot.front(), description_.boot, description_.environment,
                  description_.directory, false},
                 std::nullopt);
  }
  explain_missing();
  chain_.cut = ended_ && !chain_.ended;
  // What is said of the whole chain is said behind its end: nothing of it holds where a step ended the walk.
  const std::size_t said = chain_.findings.size();
  check_statuses();
  std::fill(chain_.findings_at.begin() + static_cast<std::ptrdiff_t>(said), chain_.findings_at.end(),
            std::numeric_limits<std::size_t>::max());
}

Origins ScriptWalk::origins_of(const std::string& path) const {
  const auto product = products_.find(path);
  if (product != products_.end()) return product->second.origins;
  return {effects_.source_of(path).value_or(path)};
}

/// Who wrote the program and of what, and what that makes it.
void ScriptWalk::tell_role(Command& command) {
  const auto product = products_.find(command.program);
  Origins origins;
  if (product != products_.end()) {
    command.built_by = product->second.made_by;
    origins = product->second.origins;
  } else if (const std::optional<std::string> source = effects_.source_of(command.program)) {
    origins = {*source};
  }
  if (!origins.empty()) command.sources = keys_.key_of(origins);
  command.described = described_program(command.program, origins);
  command.role = command.described != nullptr ? role_named(command.described->role).value_or(Role::unknown)
                                              : role_of(origins);
  for (const std::string& origin : origins)
    if (command.role != Role::unknown && role_of({origin}) == command.role)
      command.telling = keys_.key_of({origin});
  if (command.role == Role::unknown) command.role = role_of_seed(command.program, origins);
  if (command.role == Role::unknown) command.role = role_by_key(arch_, command.sources);
  const bool by_source = is_known_source(command.role, arch_.known_name(), command.sources);
  if (by_source) command.described = nullptr;  // the sources say more
  command.known = by_source || is_taken_for(command) ||
                  (command.role == Role::kaem_minimal && is_own_source(command.role, arch_, command.sources));
  // Before anything runs there is nothing better than the name.
  const bool interpreter = command.role == Role::kaem_minimal || command.role == Role::kaem;
  command.interprets = interpreter && (command.known || !effects_.is_real());
}

/// What a description gives a program to read.
void ScriptWalk::take_standard_input(const Place& place, Command& command) {
  if (tree_.described == nullptr) return;
  const std::vector<InputDescription>& all = tree_.described->chain.inputs;
  const auto found = std::ranges::find(all, command.program, &InputDescription::program);
  if (found == all.end()) return;
  command.standard_input = found->files;
  for (const std::string& path : found->files) {
    note_used(path);
    if (files().info(path)) continue;
    say("chain-input-missing", Severity::error, place,
        fmt::format("'{}' is to read '{}', which does not exist at this point", command.program, path),
        "[[input]] of the description names it");
  }
}

/// What a description says of a program.
const ProgramDescription* ScriptWalk::described_program(const std::string& program,
                                                        const Origins& origins) const {
  if (tree_.described == nullptr) return nullptr;
  for (const ProgramDescription& one : tree_.described->chain.programs) {
    if (one.file.empty() ? origins.contains(one.source) : one.file == program) return &one;
  }
  return nullptr;
}

/// What a seed is by its place.
Role ScriptWalk::role_of_seed(const std::string& program, const Origins& origins) const {
  const SeedDescription* const seed = description_.seed(program);
  if (seed == nullptr) return Role::unknown;
  // One whose source has another name is something else: riscv64 once began with a kaem-micro.
  const bool certain = !seed->interprets || tree_.described != nullptr;
  if (!certain && !origins.empty() && effects_.is_real()) return Role::unknown;
  return role_named(seed->role).value_or(Role::unknown);
}

/// A file of the tree as it was given, and no product.
void ScriptWalk::note_used(const std::string& path) {
  if (!products_.contains(path) && tree_.files->info(path)) used_.insert(path);
}

/// Whether a file of the tree is there at all.
void ScriptWalk::check_content(const Place& place, const std::string& path) {
  if (products_.contains(path)) return;
  const auto bytes = tree_.files->read(path);
  if (!bytes || !is_lfs_pointer(**bytes)) return;
  say("tree-lfs-pointer", Severity::error, place,
      fmt::format("'{}' is not the file itself, but a pointer to it of Git LFS", path),
      "where the tree is a clone, 'git lfs pull' brings it");
}

Origins ScriptWalk::trace_inputs(const Place& place, Command& command) {
  Origins origins;
  for (const std::string& input : operands_of(command.role, command.argv).inputs) {
    if (is_device_name(input)) continue;
    const Result<std::string> path = resolve_path(files(), command.cwd, input);
    if (!path || !files().info(*path)) {
      say("chain-input-missing", severity_of(command), place,
          fmt::format("input '{}' does not exist at this point", input),
          "check the name, the working directory and the order of commands");
      missing_.emplace_back(chain_.findings.size() - 1, path ? *path : join_path(command.cwd, input));
      continue;
    }
    command.inputs.push_back(*path);
    note_used(*path);
    check_content(place, *path);
    origins.merge(origins_of(*path));
  }
  return origins;
}

void ScriptWalk::trace_outputs(const Place& place, Command& command) {
  for (const std::string& output : operands_of(command.role, command.argv).outputs) {
    if (is_device_name(output)) continue;
    const Result<std::string> path = resolve_path(files(), command.cwd, output);
    const Result<NodeInfo> above = path ? files().info(parent_path(*path)) : fail("file-not-found", "");
    if (!above || above->kind != NodeKind::directory) {
      say("chain-output-directory-missing", severity_of(command), place,
          fmt::format("the directory of output '{}' does not exist", output),
          "some archivers drop empty directories; make it before the run");
      continue;
    }
    check_output(place, *path, command);
    command.outputs.push_back(*path);
  }
}

/// What nothing here runs has no way to show what it does: it is taken for what its sources are called, and
/// that is told. What the seed road alone runs is compared with what it is taken for.
bool ScriptWalk::is_taken_for(const Command& command) {
  if (command.role == Role::unknown || (arch_.runs && !arch_.bare)) return false;
  if (!arch_.runs && !std::exchange(said_taken_, true)) {
    say({"chain-roles-by-name", Severity::note, "", 0, 0,
         fmt::format("programs for {} do not run here: each is taken for what {}", arch_.name,
                     tree_.described != nullptr ? "the description says" : "its sources are called"),
         "what a step makes is then what our own tools make of its inputs; compare it with a real run's"});
  }
  return true;
}

void ScriptWalk::check_absolute(const Place& place, std::string_view path) {
  if (!path.starts_with('/') || tree_.starts_bare || description_.backslashes) return;
  say("chain-absolute-path", Severity::warning, place,
      fmt::format("'{}' begins at the root of all files, not of the tree", path),
      "where the tree is a directory among others there is something else, or nothing: begin with ./");
}

CommandEnd ScriptWalk::launch(const Place& place, const PartStart& given, std::optional<std::size_t> parent) {
  if (ended_) return nobody_knows();
  PartStart start = given;
  if (description_.backslashes) {
    std::replace(start.program.begin(), start.program.end(), '\\', '/');
    for (std::string& word : start.argv) std::replace(word.begin(), word.end(), '\\', '/');
  }
  if (chain_.commands.size() >= kMaxCommands || depth_ >= kMaxDepth) {
    if (chain_.findings.empty() || chain_.findings.back().id != "chain-too-long") {
      say("chain-too-long", Severity::error, place, "the scripts run too many commands or nest too deeply",
          "does a script run itself?");
    }
    ended_ = effects_.is_real();
    return {.known = !ended_};
  }
  Command command;
  command.script = place.script;
  command.line = parent && place.script.empty() ? 0 : place.position.line;
  command.argv = start.argv;
  command.env = start.env;
  command.cwd = start.cwd;
  command.replaces = start.replaces;
  command.asks = start.asks;
  // Who is replaced started nothing: its own parent waits for this one.
  command.parent = start.replaces && parent ? chain_.commands[*parent].parent : parent;
  if (command.parent && !chain_.commands[*command.parent].interprets) command.part_of = command.parent;
  const Result<std::string> path = resolve_path(files(), start.cwd, start.program);
  command.program = path ? *path : start.program;
  tell_role(command);
  check_program(place, start.program, command);
  if (command.role == Role::unknown) {
    say("chain-role-unknown", Severity::note, place,
        fmt::format("no role is known for program '{}'", start.program), "");
  }
  const Origins origins = trace_inputs(place, command);
  trace_outputs(place, command);
  if (!command.parent) take_standard_input(place, command);
  const bool tells = !command.outputs.empty() || !command.inputs.empty();
  const std::size_t index = chain_.commands.size();
  chain_.commands.push_back(std::move(command));
  ++depth_;
  CommandEnd end;
  if (chain_.commands[index].interprets) {
    end = interpret(index);
  } else {
    end = perform(place, index);
    note_products(place, index, end, tells ? &origins : nullptr);
  }
  --depth_;
  if (!end.known) ended_ = true;
  look_for_end(index, end);
  return end;
}

/// Whether the user wants the chain to end behind this command.
void ScriptWalk::look_for_end(std::size_t index, const CommandEnd& end) {
  if (end_ == nullptr || ended_ || end.status != 0 || end.signal != 0) return;
  const auto runs_step = [this](const Command& command) {
    return command.interprets && command.cwd == end_->directory &&
           parent_path(command.script) == parent_path(end_->directory);
  };
  if (end_->file.empty()) {
    chain_.ended = runs_step(chain_.commands[index]);
  } else if (std::find(end.writes.begin(), end.writes.end(), end_->file) != end.writes.end() &&
             !chain_.commands[index].part_of) {
    for (std::optional<std::size_t> at = chain_.commands[index].parent; at && !chain_.ended;
         at = chain_.commands[*at].parent)
      chain_.ended = runs_step(chain_.commands[*at]);
  }
  ended_ |= chain_.ended;
}

CommandEnd ScriptWalk::perform(const Place& place, std::size_t index) {
  return effects_.perform(chain_, index, [&](const PartStart& part) { return launch(place, part, index); });
}

/// Whether a file is the program of a command, or of one that started it: it is not read as a file then.
bool ScriptWalk::runs_meanwhile(std::size_t index, const std::string& program) const {
  for (std::optional<std::size_t> at = index; at; at = chain_.commands[*at].parent) {
    if (chain_.commands[*at].program == program) return true;
  }
  return false;
}

/// What a copy was made of: what the file was that it is one of.
std::optional<Origins> ScriptWalk::copied_from(const CommandEnd& end, const Bytes& bytes) {
  for (const std::string& path : end.reads) {
    const std::shared_ptr<Node> node = files().find(path);
    if (node != nullptr && node->kind == NodeKind::file && node->bytes() == bytes) return origins_of(path);
  }
  return std::nullopt;
}

/// What a command wrote is its product, made of what it read. `origins`: of what its command line names;
/// null: it tells nothing. Then a file of which only the mode is another stays what it was.
void ScriptWalk::note_products(const Place& place, std::size_t index, const CommandEnd& end,
                               const Origins* origins) {
  Origins read;
  if (origins == nullptr) {
    for (const std::string& path : end.reads) {
      if (!runs_meanwhile(index, path)) read.merge(origins_of(path));
    }
  }
  for (const std::string& path : end.writes) {
    check_write(place, path, index, end.status == 0 && end.signal == 0);
    const std::shared_ptr<Node> node = files().find(path);
    if (node == nullptr) {
      products_.erase(path);
      continue;
    }
    const std::shared_ptr<const Bytes> bytes = node->kind == NodeKind::file ? node->share() : nullptr;
    Origins made_of = origins != nullptr ? *origins : read;
    if (origins == nullptr && bytes != nullptr && !bytes->empty()) {
      const auto old = products_.find(path);
      if (old != products_.end() && old->second.bytes != nullptr && *old->second.bytes == *bytes) continue;
      if (std::optional<Origins> copied = copied_from(end, *bytes)) made_of = *std::move(copied);
    }
    products_.insert_or_assign(path, Product{index, std::move(made_of), bytes});
  }
  for (const std::string& path : end.reads) {
    if (path != chain_.commands[index].program) note_used(path);
  }
}

/// Before anything runs, kaem-minimal of unknown sources is taken for one that boots this tree.
std::string ScriptWalk::default_script(const Command& command) const {
  if (!command.known) return std::string(last_part(description_.script));
  return std::string(minimal_dialect_of(command, arch_)->default_script);
}

CommandEnd ScriptWalk::interpret(std::size_t index) {
  effects_.begin(chain_, index);
  const Command command = chain_.commands[index];  // the list grows
  if (command.role == Role::kaem) return run_full(index);
  const std::string script = command.argv.size() > 1 ? command.argv[1] : default_script(command);
  return run_minimal(index, script);
}

void ScriptWalk::end_interpreter(std::size_t index, const Interpretation& done) {
  if (!ended_) effects_.end(chain_, index, done);
}

/// An interpreter that ends before it has begun with a script.
CommandEnd ScriptWalk::end_at_once(std::size_t interpreter, CommandEnd end, std::string output,
                                   std::string error) {
  end_interpreter(interpreter, {end.status, std::move(output), std::move(error), false});
  return end;
}

/// The text of a script; nothing, and said, if it is missing or not known before the run.
std::shared_ptr<const Bytes> ScriptWalk::script_text(const std::string& cwd, const std::string& script,
                                                     std::string& path) {
  const Result<std::string> normal = resolve_path(files(), cwd, script);
  if (normal && products_.contains(*normal) && !effects_.is_real()) {
    say("chain-script-generated", Severity::warning, {*normal, {}},
        "this script is made by the chain itself; the commands it holds are not known before the run", "");
    return nullptr;
  }
  const Result<std::shared_ptr<const Bytes>> text =
      normal ? files().read(*normal) : fail("file-not-found", "");
  if (!text) {
    say("chain-script-missing", Severity::error, {script, {}},
        fmt::format("script '{}' cannot be read", script), "check the name and the working directory");
    return nullptr;
  }
  path = *normal;
  scripts_.insert(path);
  if (const auto product = products_.find(path); product != products_.end()) {
    const Command& maker = chain_.commands[product->second.made_by];
    const Result<std::shared_ptr<const Bytes>> given = tree_.files->read(path);
    if (given && **given != **text) {
      say("chain-script-replaced", Severity::error, {path, {}},
          fmt::format(
              "this script is run, but not as it lies in the tree: {}:{} has written another one there",
              maker.script, maker.line),
          "give the script that is made a name of its own, so that readers see which one is run");
    }
  }
  return *text;
}

CommandEnd ScriptWalk::run_minimal(std::size_t interpreter, const std::string& script) {
  const Command command = chain_.commands[interpreter];
  const kaem::MinimalDialect& dialect = *minimal_dialect_of(command, arch_);
  std::string path;
  const std::shared_ptr<const Bytes> text = script_text(command.cwd, script, path);
  if (text == nullptr)
    return end_at_once(interpreter, {.status = effects_.is_real() ? dialect.status_no_script : 0});
  check_script(path, *text, &dialect, nullptr);
  ScriptHost host(*this, interpreter, {path, *text}, command.cwd);
  NoDiagnostics quiet;
  CommandEnd end = end_of(kaem::run_minimal(*text, dialect, command.env, host, quiet));
  host.end(end);
  return end;
}

CommandEnd ScriptWalk::run_full(std::size_t interpreter) {
  const Command command = chain_.commands[interpreter];
  const kaem::CommandLine line = kaem::parse_command_line(command.argv);
  if (line.status) return end_at_once(interpreter, {.status = *line.status}, line.text);
  std::string path;
  const std::shared_ptr<const Bytes> text = script_text(command.cwd, line.settings.script, path);
  if (text == nullptr) {
    const bool real = effects_.is_real();
    return end_at_once(interpreter, {.known = !real, .status = real ? 1 : 0}, "",
                       kaem::missing_script_text(line.settings.script));
  }
  ScriptHost host(*this, interpreter, {path, *text}, command.cwd);
  const kaem::Environment environment =
      kaem::initial_environment(command.env, command.argv.front(), line.settings.init_mode);
  check_script(path, *text, nullptr, &environment);
  std::vector<Finding> found;
  FindingSink sink({path, *text}, found);
  CommandEnd end = end_of(kaem::interpret(*text, 0, line.settings, environment, host, sink));
  // Where the walk ended inside, what the script makes of that is no news.
  if (!chain_.ended) {
    for (Finding& finding : found) say(std::move(finding));
  }
  host.end(end);
  return end;
}

/// A script that nothing in the tree interprets: what it says is done as if somebody typed it.
void ScriptWalk::play_script() {
  std::string path;
  const std::shared_ptr<const Bytes> text = script_text("", description_.script, path);
  if (text == nullptr) return;
  say("chain-script-played", Severity::note, {path, {}}, "no program of the tree interprets this script",
      "assay starts what it names, one command after the other, until one fails");
  ScriptHost host(*this, std::nullopt, {path, *text}, description_.directory);
  if (description_.plays_minimal) {
    const kaem::MinimalDialect& dialect = *kaem::minimal_dialect(arch_.known_name());
    check_script(path, *text, &dialect, nullptr);
    NoDiagnostics quiet;
    (void)kaem::run_minimal(*text, dialect, description_.environment, host, quiet);
    return;
  }
  const kaem::Environment environment = kaem::initial_environment(description_.environment, "kaem", false);
  check_script(path, *text, nullptr, &environment);
  std::vector<Finding> found;
  FindingSink sink({path, *text}, found);
  (void)kaem::interpret(*text, 0, {}, environment, host, sink);
  for (Finding& finding : found) say(std::move(finding));
}

void walk_chain(const Tree& tree, const Architecture& arch, CommandEffects& effects, Chain& chain,
                const ChainEnd* end) {
  ScriptWalk(tree, arch, effects, chain, end).run();
}

}  // namespace assay::bootstrap
