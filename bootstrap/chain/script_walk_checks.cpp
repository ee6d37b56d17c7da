// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a walk through scripts has to say.
#include <fmt/format.h>
#include <algorithm>
#include <tuple>

#include "bootstrap/chain/own_source.h"
#include "bootstrap/chain/script_walk.h"
#include "bootstrap/tree/program_check.h"
#include "core/digest.h"
#include "core/paths.h"
#include "kaem/check.h"
#include "kaem/diagnostics.h"
#include "kaem/minimal.h"

namespace assay::bootstrap {
namespace {

/// Of live-bootstrap.
constexpr std::string_view kConfiguration{"steps/bootstrap.cfg"};

bool all_lines_end_with_crlf(std::string_view text) {
  std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return false;
  for (; end != std::string_view::npos; end = text.find('\n', end + 1)) {
    if (end == 0 || text[end - 1] != '\r') return false;
  }
  return true;
}

}  // namespace

void ScriptWalk::say(std::string_view id, Severity severity, const Place& place, std::string message,
                     std::string help) {
  say({std::string(id), severity, place.script, place.position.line, place.position.column,
       std::move(message), std::move(help)});
}

/// A script that runs twice, and a script that was checked before it was interpreted, say the same once.
void ScriptWalk::say(Finding finding) {
  const auto same = [&finding](const Finding& one) {
    return std::tie(one.id, one.file, one.line, one.column) ==
           std::tie(finding.id, finding.file, finding.line, finding.column);
  };
  if (finding.id.starts_with("kaem-") && std::any_of(chain_.findings.begin(), chain_.findings.end(), same)) {
    return;
  }
  chain_.findings.push_back(std::move(finding));
  chain_.findings_at.push_back(chain_.commands.size());
}

void ScriptWalk::check_line_ends() {
  const auto bytes = tree_.files->read(description_.script);
  if (!bytes || description_.backslashes || !all_lines_end_with_crlf(as_text(**bytes))) return;
  say("tree-carriage-returns", Severity::error, {description_.script, {1, 1}},
      "all lines of this script end with CR LF: the interpreter takes the carriage returns for parts of "
      "names",
      "git's core.autocrlf does that to a whole tree: git config core.autocrlf false, then git rm -r -q "
      "--cached . && git reset --hard, in each submodule too");
}

void ScriptWalk::check_script(const std::string& path, ByteView text, const kaem::MinimalDialect* minimal,
                              const kaem::Environment* inherited) {
  std::vector<Finding> found;
  FindingSink sink({path, text}, found);
  kaem::check_script(text, 0, minimal, sink, inherited, tree_.starts_bare);
  for (Finding& finding : found) {
    // What stands there and never runs is no remark about style here, but a hole in the chain.
    if (finding.id == kaem::kCommandDropped.id) finding.severity = Severity::error;
    say(std::move(finding));
  }
}

/// Whether the program can be started at all, and whether anybody can say what it does.
void ScriptWalk::check_program(const Place& place, const std::string& program, const Command& command) {
  const Result<NodeInfo> info = files().info(command.program);
  if (!info || info->kind != NodeKind::file) {
    say("chain-program-missing", Severity::error, place,
        fmt::format("program '{}' does not exist at this point", program),
        "check the name, the working directory and the order of commands");
    missing_.emplace_back(chain_.findings.size() - 1, command.program);
    return;
  }
  if (!arch_.bare && (info->mode & 0111U) == 0) {
    say("chain-program-not-executable", Severity::error, place,
        fmt::format("program '{}' is not executable", program),
        "set its executable bit, or build it with a tool that does");
  }
  if (products_.contains(command.program)) return;
  const Result<std::shared_ptr<const Bytes>> contents = files().read(command.program);
  const std::optional<std::string> fault =
      contents && arch_.runs ? program_fault(**contents, arch_) : std::nullopt;
  if (fault) {
    say("chain-program-wrong-architecture", Severity::error, place,
        fmt::format("program '{}' cannot run here: {}", program, *fault),
        "take the seed of the architecture that the script is for");
  }
  if (!effects_.is_real() || !contents || effects_.source_of(command.program)) return;
  if (!tree_.files->info(command.program)) return;  // made by a step that has not ended yet
  const bool accepted = effects_.accepts(**contents);
  if (tree_.described != nullptr && is_seed(command.program) && !accepted) {
    say("seed-without-source", Severity::warning, place,
        fmt::format("nothing says what the seed '{}' (sha256 {}) is", command.program, sha256(**contents)),
        "name the text that it was assembled from: source = \"...\" in its [[seed]]; or take responsibility "
        "for it: --accept SHA256");
    return;
  }
  say(accepted ? "binary-accepted" : "binary-not-derived", accepted ? Severity::note : Severity::error, place,
      fmt::format("program '{}' (sha256 {}) lies in the tree and is run: no step builds it, and no source "
                  "beside it assembles to it",
                  command.program, sha256(**contents)),
      accepted ? "you accepted it: the chain is as good as this file"
               : "build it in the chain, or take responsibility for it: --accept SHA256");
}

/// A step that writes over what it reads, over a script or over a seed.
void ScriptWalk::check_output(const Place& place, const std::string& output, const Command& command) {
  if (std::find(command.inputs.begin(), command.inputs.end(), output) != command.inputs.end()) {
    say("chain-output-is-input", Severity::warning, place,
        fmt::format("'{}' is an input and the output of the same command", output),
        "most seed tools empty the output before they read");
  }
  if (scripts_.contains(output) || is_seed(output)) {
    say("chain-output-overwrites-source", Severity::error, place,
        fmt::format("'{}' is a seed or a script in use", output), "write to another file");
  }
}

/// What a command really changed: nobody's seed, script or source, and nobody else's file unless it was told
/// to.
void ScriptWalk::check_write(const Place& place, const std::string& path, std::size_t index, bool succeeded) {
  const Command& command = chain_.commands[index];
  const Result<NodeInfo> given = tree_.files->info(path);
  if (given && given->kind == NodeKind::file && given->names > 1) {
    say("step-writes-hard-link", Severity::error, place,
        fmt::format("'{}' changes '{}', a file that had {} names: it changes under the others too",
                    command.program, path, given->names),
        "give the tree copies of its own: cp -a, or git clone --no-hardlinks");
  }
  if (std::find(command.outputs.begin(), command.outputs.end(), path) != command.outputs.end()) return;
  const bool seed = is_seed(path);
  const auto product = products_.find(path);
  // What the same program made it may make anew, as live-bootstrap's generator does with its scripts.
  const bool again =
      product != products_.end() && chain_.commands[product->second.made_by].program == command.program;
  if (seed || scripts_.contains(path) || (used_.contains(path) && !products_.contains(path))) {
    // live-bootstrap's generator adds to the configuration that it was given.
    const bool configures = path == kConfiguration && command.role == Role::unknown;
    say("step-changes-source", configures || (again && !seed) ? Severity::note : Severity::error, place,
        fmt::format("'{}' changes '{}', {}", command.program, path,
                    seed                      ? "a seed"
                    : scripts_.contains(path) ? "a script that has been run"
                                              : "a source that has been read"),
        "what was checked and what lies there afterwards are not the same");
    return;
  }
  // What a command's own parts made is its own; parts are told where to write by who starts them.
  const bool generates = again && command.role == Role::unknown && path.starts_with("steps/");
  if (generates || command.part_of ||
      (product != products_.end() && chain_.is_within(product->second.made_by, index)))
    return;
  const auto names = [&](const std::string& word) {
    const Result<std::string> named = resolve_path(files(), command.cwd, word);
    return named && (*named == path || path.starts_with(*named + "/"));
  };
  if (std::ranges::any_of(command.argv, names)) return;
  // What a step of live-bootstrap has unpacked or built is its patches' and compilers' to change: those know
  // where by other words, and its list of digests says whether they did right.
  const bool builds = command.role == Role::unknown && product != products_.end() &&
                      command.cwd.starts_with("steps/") && path.starts_with(command.cwd + "/") &&
                      chain_.commands[product->second.made_by].script == command.script;
  if (builds) return;
  if (product == products_.end()) {
    const bool starts_others = command.role == Role::kaem || command.role == Role::kaem_minimal;
    // Nobody knows what those are for; mes does what a program says; who fails may leave what it would have
    // cleaned up.
    if (command.role == Role::unknown || command.role == Role::mes || starts_others || !succeeded ||
        !effects_.is_real())
      return;
    say("step-leaves-more", Severity::warning, place,
        fmt::format("this {} leaves '{}' behind, which its command line does not name", name_of(command.role),
                    path),
        "look at the source of the program: one that assay knows does not do that");
    return;
  }
  const Command& maker = chain_.commands[product->second.made_by];
  say("step-changes-product", Severity::error, place,
      fmt::format("'{}' changes '{}', which {}:{} made and its command line does not name", command.program,
                  path, maker.script, maker.line),
      "a program that does more than it was told is not what it seems");
}

/// For each missing file: does a later command make it, or is there one of nearly the same name?
void ScriptWalk::explain_missing() {
  for (const auto& [index, path] : missing_) {
    Finding& finding = chain_.findings[index];
    const auto later = products_.find(path);
    if (later != products_.end()) {
      const Command& maker = chain_.commands[later->second.made_by];
      finding.id =
          finding.id == "chain-program-missing" ? "chain-program-made-later" : "chain-input-made-later";
      finding.message += fmt::format("; {}:{} makes it later", maker.script, maker.line);
      finding.help = "move the command that makes it up";
    } else if (const std::optional<std::string> other = near_miss(files(), path)) {
      finding.message += fmt::format("; there is '{}'", *other);
      finding.help = "names are told apart by the case of their letters";
    }
  }
}

/// On AArch64 kaem-minimal exits with 0 after a failed command: scripts go on after scripts that failed, and
/// only a list of checksums can tell.
void ScriptWalk::check_statuses() {
  const std::vector<Command>& commands = chain_.commands;
  const auto loses = [this](const Command& command) {
    const kaem::MinimalDialect* const dialect = minimal_dialect_of(command, arch_);
    return dialect != nullptr && dialect->status_child_failed == 0;
  };
  if (commands.empty()) return;
  for (std::size_t index = 1; index < commands.size(); ++index) {
    if (commands[index].role != Role::kaem_minimal || !loses(commands[index])) continue;
    const bool followed =
        std::any_of(commands.begin() + static_cast<std::ptrdiff_t>(index) + 1, commands.end(),
                    [&](const Command& one) { return one.script == commands[index].script; });
    if (!followed) continue;
    say("kaem-status-lost", Severity::note, {commands[index].script, {commands[index].line, 1}},
        "if a command of that script fails, this script goes on all the same",
        "check what it made: this kaem-minimal exits with 0 after a failed command");
  }
  const bool checked = std::any_of(commands.begin(), commands.end(),
                                   [](const Command& one) { return one.role == Role::sha256sum; });
  if (!checked && loses(commands.front())) {
    say("chain-status-unchecked", Severity::warning, {description_.script, {}},
        "the exit status of this chain says nothing, and no command checks what it made",
        "end it with sha256sum -c and look at what that prints");
  }
}

}  // namespace assay::bootstrap
