// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/live_bootstrap/boot_walk.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "bootstrap/live_bootstrap/kaem_step.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "bootstrap/live_bootstrap/walk_tools.h"
#include "core/paths.h"
#include "kaem/check.h"
#include "kaem/interpreter.h"

namespace assay::image {
namespace {

constexpr int kMostDepth = 16;
constexpr int kMostMissing = 20;  // programs of one script that are looked for in vain
constexpr std::array<std::string_view, 6> kDropped{"kaem-command-dropped",   "kaem-last-line-dropped",
                                                   "kaem-line-ignored",      "kaem-unfinished-comment",
                                                   "kaem-unfinished-string", "kaem-unterminated-if"};

class DroppedCommands final : public DiagnosticSink {
 public:
  DroppedCommands(std::string script, ByteView text, Findings& findings)
      : script_(std::move(script)), text_(text), findings_(findings) {}
  using DiagnosticSink::report;
  void report(Diagnostic diagnostic) override {
    if (std::find(kDropped.begin(), kDropped.end(), diagnostic.kind->id) == kDropped.end()) return;
    findings_.add("lb-command-dropped", script_, position_of(text_, diagnostic.span.offset).line,
                  fmt::format("{} [{}]", diagnostic.message, diagnostic.kind->id));
  }

 private:
  std::string script_;
  ByteView text_;
  Findings& findings_;
};

class Walk {
 public:
  Walk(std::shared_ptr<const FileTree> tree, Findings& findings)
      : world_(std::move(tree)), findings_(findings) {}

  /// Programs that the chain has made. False: none is known.
  bool chain(const std::string& answers) {
    const std::vector<std::string> names = names_in_checksums(world_.files, answers);
    for (const std::string& name : names) world_.put_unknown(name);
    return !names.empty();
  }

  /// Interprets a script, as often as it takes to get over programs that are not there.
  void script(const std::string& path, const std::string& cwd, const std::vector<std::string>& environment);
  std::vector<std::string> environment_of(const std::string& path, std::vector<std::string> environment);
  void launch(const std::string& script, std::uint64_t line, const kaem::Launch& launch,
              const std::string& cwd);

  WalkWorld& world() { return world_; }

 private:
  WalkWorld world_;
  Findings& findings_;
  int depth_ = 0;
  std::set<std::string, std::less<>> checked_;  ///< scripts that were looked at for dropped commands
};

class WalkHost final : public kaem::Host {
 public:
  WalkHost(Walk& walk, std::string script, ByteView text, std::string cwd)
      : walk_(walk), script_(std::move(script)), text_(text), cwd_(std::move(cwd)) {}

  kaem::ChildEnd launch(const kaem::Launch& launch) override {
    sought.clear();
    const std::vector<std::string>& words = launch.argv;
    if (last_part(words.front()) == "match")
      return {.status = words.size() == 3 && words[1] != words[2] ? 1 : 0};
    walk_.launch(script_, line_of(launch.span), launch, cwd_);
    return {};
  }
  kaem::Found find(const std::string& path) override {
    const std::string normal = WalkWorld::path(cwd_, path);
    sought.push_back(normal);
    if (walk_.world().is_directory(normal)) return kaem::Found::directory;
    const bool there = walk_.world().exists(normal) || walk_.world().may_hold(normal);
    return there ? kaem::Found::file : kaem::Found::nothing;
  }
  bool enter(const std::string& directory) override {
    const std::string normal = WalkWorld::path(cwd_, directory);
    if (!normal.empty() && !walk_.world().is_directory(normal)) {
      if (!walk_.world().may_hold(normal)) return false;
      walk_.world().open(normal);
    }
    cwd_ = normal;
    return true;
  }
  std::string current_directory() override { return "/" + cwd_; }
  void write_output(std::string_view /*text*/) override {}
  void write_error(std::string_view /*text*/) override {}

  [[nodiscard]] std::uint64_t line_of(Span span) const { return position_of(text_, span.offset).line; }

  std::vector<std::string> sought;  ///< where the last program was looked for

 private:
  Walk& walk_;
  std::string script_;
  ByteView text_;
  std::string cwd_;
};

/// Where the interpreter gave up.
class Ended final : public DiagnosticSink {
 public:
  using DiagnosticSink::report;
  void report(Diagnostic diagnostic) override {
    if (diagnostic.kind->id == "kaem-program-not-found" || diagnostic.kind->id == "kaem-builtin-failed")
      last = std::move(diagnostic);
  }
  std::optional<Diagnostic> last;
};

void Walk::script(const std::string& path, const std::string& cwd,
                  const std::vector<std::string>& environment) {
  const std::shared_ptr<const Bytes> text = world_.known(path);
  if (text == nullptr || depth_ >= kMostDepth) return;
  if (checked_.insert(path).second) {
    DroppedCommands sink(path, *text, findings_);
    kaem::check_script(*text, 0, nullptr, sink);
  }
  ++depth_;
  std::set<std::uint64_t> told;
  const WalkWorld before = world_.copy();
  std::vector<std::string> added;
  for (int turn = 0; turn <= kMostMissing; ++turn) {
    Ended ended;
    WalkHost host(*this, path, *text, cwd);
    (void)kaem::interpret(*text, 0, {}, kaem::initial_environment(environment, "kaem", false), host, ended);
    if (!ended.last || !told.insert(ended.last->span.offset).second) break;
    const std::uint64_t line = host.line_of(ended.last->span);
    if (ended.last->kind->id == "kaem-builtin-failed") {
      findings_.add("lb-directory-missing", path, line, ended.last->message);
      break;
    }
    findings_.add("lb-command-missing", path, line,
                  fmt::format("{} (looked for as /{})", ended.last->message, fmt::join(host.sought, ", /")));
    if (host.sought.empty()) break;
    // As if it were there, once more from the beginning.
    added.push_back(host.sought.back());
    world_ = before.copy();
    for (const std::string& program : added) world_.put_unknown(program);
  }
  --depth_;
}

/// What a script leaves in its variables, as a command behind it would see them.
std::vector<std::string> Walk::environment_of(const std::string& path, std::vector<std::string> environment) {
  const std::shared_ptr<const Bytes> text = world_.known(path);
  if (text == nullptr) return environment;
  struct Last final : kaem::Host {
    kaem::ChildEnd launch(const kaem::Launch& launch) override {
      environment = launch.env;
      return {};
    }
    kaem::Found find(const std::string& /*path*/) override { return kaem::Found::file; }
    bool enter(const std::string& /*directory*/) override { return true; }
    std::string current_directory() override { return "/"; }
    void write_output(std::string_view /*text*/) override {}
    void write_error(std::string_view /*text*/) override {}
    std::vector<std::string> environment;
  } host;
  const std::string all = fmt::format("{}\n/end\n", as_text(*text));
  NoDiagnostics nobody;
  (void)kaem::interpret(as_bytes(all), 0, {}, kaem::initial_environment(environment, "kaem", false), host,
                        nobody);
  return host.environment.empty() ? environment : host.environment;
}

void Walk::launch(const std::string& path, std::uint64_t line, const kaem::Launch& launch,
                  const std::string& cwd) {
  const StepCommand command{line, launch.argv, cwd};
  if (command.program() != "kaem") return run_tool(command, path, world_, findings_);
  const auto& words = launch.argv;
  const auto file = std::find_if(words.begin(), words.end(),
                                 [](const std::string& word) { return word == "--file" || word == "-f"; });
  const std::string inner =
      command.path(file + 1 < words.end() && file != words.end() ? *(file + 1) : "kaem.run");
  if (world_.exists(inner)) {
    // A script out of an archive builds something in its own way.
    if (world_.may_hold(inner) || world_.known(inner) == nullptr) return world_.open(cwd);
    return script(inner, cwd, launch.env);
  }
  if (!world_.may_hold(inner)) {
    findings_.add("lb-input-missing", path, line, fmt::format("'kaem' reads '{}', which nobody made", inner));
  } else {
    world_.open(cwd);
  }
}

/// The line of a script that catm put together, in the file it comes from.
void trace_back(const WalkWorld& world, Finding& finding) {
  const auto parts = world.made_of.find(finding.file);
  if (parts == world.made_of.end()) return;
  for (const auto& [file, lines] : parts->second) {
    if (finding.line <= lines) {
      finding.file = file;
      return;
    }
    finding.line -= lines;
  }
}

/// kaem stops at the first command that fails; what comes behind it is counted only. Each of several turns
/// over a script has told the same.
void finish(const WalkWorld& world, std::vector<Finding> walked, Findings& findings) {
  constexpr std::array<std::string_view, 4> kEnds{"lb-command-missing", "lb-tool-fails",
                                                  "lb-directory-missing", "lb-input-missing"};
  std::set<std::tuple<std::string, std::string, std::uint64_t, std::string>> seen;
  std::optional<Finding> first;
  std::size_t more = 0;
  for (Finding& finding : walked) {
    if (!seen.emplace(finding.id, finding.file, finding.line, finding.message).second) continue;
    trace_back(world, finding);
    if (std::find(kEnds.begin(), kEnds.end(), finding.id) == kEnds.end()) {
      findings.add(finding.id, finding.file, finding.line, finding.message);
    } else if (!first) {
      first = std::move(finding);
    } else {
      ++more;
    }
  }
  if (!first) return;
  if (more != 0) first->message += fmt::format(" ({} more commands fail behind it)", more);
  findings.add(first->id, first->file, first->line, first->message);
}

}  // namespace

void walk_boot_scripts(std::shared_ptr<const FileTree> tree, const Config& config,
                       const std::vector<PlannedDirective>& plan, Findings& findings) {
  Findings walked;
  const auto value = [&](std::string_view name) {
    const Variable* const variable = config.find(name);
    return variable == nullptr ? std::string("x86") : variable->value;
  };
  const std::string arch = value("ARCH");
  const std::vector<std::string> environment{"ARCH=" + arch, "ARCH_DIR=" + value("ARCH_DIR")};
  Walk walk(std::move(tree), walked);
  if (!walk.chain(arch + ".answers")) return;
  walk.world().remakes_directories = value("KERNEL_BOOTSTRAP") == "True";
  // Distfiles are judged elsewhere; these places exist wherever the kernel mounts them.
  walk.world().open("external/distfiles");
  walk.script("after.kaem", "", environment);
  std::vector<std::string> inherited = environment;
  for (const Variable& variable : config.variables) inherited.push_back(variable.name + "=" + variable.value);
  inherited = walk.environment_of("steps/env", inherited);
  inherited = walk.environment_of("seed.kaem", inherited);
  for (const PlannedDirective& planned : plan) {
    if (planned.directive->kind != DirectiveKind::build || planned.bash_era) continue;
    const std::string folder = "steps/" + planned.directive->argument;
    std::vector<std::string> own = inherited;
    std::erase_if(own, [](const std::string& one) { return one.starts_with("pkg="); });
    own.push_back("pkg=" + planned.directive->argument);
    walk.script(step_script(planned), folder, own);
  }
  finish(walk.world(), std::move(walked).finish(), findings);
}

}  // namespace assay::image
