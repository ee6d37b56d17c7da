// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/reference_script.h"

#include "bootstrap/conform/child.h"
#include "core/memory_tree.h"
#include "core/paths.h"
#include "kaem/minimal_run.h"

namespace assay::conform {
namespace {

/// The files of a situation, for the interpreters.
class World final : public kaem::Host {
 public:
  World(const Situation& situation, Observed& seen) : situation_(situation), seen_(seen) {
    for (const Given& given : situation.given) {
      if (given.what == Given::What::directory)
        (void)tree_.create(given.name, NodeKind::directory, given.mode);
      else
        tree_.put(given.name, given.bytes, given.mode);
    }
  }

  kaem::ChildEnd launch(const kaem::Launch& launch) override {
    const Result<std::string> path = resolve_path(tree_, cwd_, launch.program);
    const Given* const program = path ? program_named(situation_, *path) : nullptr;
    if (program == nullptr) return {1, 0};  // no such program, or none that can be started
    if (program->does == Does::killed) return {0, program->status};
    const ChildRun child =
        run_child(*program, situation_, launch.argv, launch.env, [&](const std::string& name) {
          const Result<std::string> normal = resolve_path(tree_, cwd_, name);
          return normal ? tree_.read(*normal) : tl::unexpected<Error>(normal.error());
        });
    write_output(child.output);
    write_error(child.complaint);
    if (child.copy) {
      if (const Result<std::string> to = resolve_path(tree_, cwd_, child.copy->first))
        tree_.put(*to, *child.copy->second);
    }
    return {child.status, 0};
  }
  kaem::Found find(const std::string& name) override {
    const Result<std::string> path = resolve_path(tree_, cwd_, name);
    const NodeState state = path ? tree_.state(*path) : NodeState{};
    if (!state.kind) return kaem::Found::nothing;
    return state.kind == NodeKind::directory ? kaem::Found::directory : kaem::Found::file;
  }
  bool enter(const std::string& directory) override {
    const Result<std::string> path = resolve_path(tree_, cwd_, directory);
    if (!path || tree_.state(*path).kind != NodeKind::directory) return false;
    cwd_ = *path;
    return true;
  }
  std::string current_directory() override { return "/" + cwd_; }
  void write_output(std::string_view text) override { append(seen_.standard_output, text); }
  void write_error(std::string_view text) override { append(seen_.standard_error, text); }

  [[nodiscard]] MemoryTree& tree() { return tree_; }

 private:
  static void append(Bytes& bytes, std::string_view text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
  }

  const Situation& situation_;
  Observed& seen_;
  MemoryTree tree_;
  std::string cwd_;
};

class ScriptTarget final : public Target {
 public:
  ScriptTarget(const ToolRow& tool, std::string_view dialect) : tool_(tool), dialect_(dialect) {}

  [[nodiscard]] Result<Observed> run(const Situation& situation) const override {
    Observed seen;
    World world(situation, seen);
    NoDiagnostics quiet;
    const Result<kaem::Finish> finish =
        tool_.tool == Tool::kaem ? run_full(situation, world, quiet) : run_minimal(situation, world, quiet);
    if (!finish) return tl::unexpected<Error>(finish.error());
    seen.end = finish->ending == Ending::exits   ? End::exits
               : finish->ending == Ending::hangs ? End::hangs
                                                 : End::crashes;
    seen.status = seen.end == End::exits ? finish->status : 0;
    for (const std::string& path : world.tree().known_paths()) {
      const NodeState state = world.tree().state(path);
      if (state.kind == NodeKind::file) seen.files[path] = {*state.bytes, state.mode};
    }
    return seen;
  }

 private:
  [[nodiscard]] Result<kaem::Finish> run_minimal(const Situation& situation, World& world,
                                                 DiagnosticSink& quiet) const {
    const kaem::MinimalDialect& dialect = *kaem::minimal_dialect(dialect_);
    if (situation.arguments.size() > 1) return fail("not-applicable", "one script");
    const auto script = world.tree().read(
        situation.arguments.empty() ? dialect.default_script : std::string_view(situation.arguments[0]));
    if (!script) return kaem::Finish{Ending::exits, dialect.status_no_script};
    return kaem::run_minimal(**script, dialect, situation.environment, world, quiet);
  }

  static Result<kaem::Finish> run_full(const Situation& situation, World& world, DiagnosticSink& quiet) {
    std::vector<std::string> words{"./tool"};
    words.insert(words.end(), situation.arguments.begin(), situation.arguments.end());
    const kaem::CommandLine line = kaem::parse_command_line(words);
    if (line.status) {
      world.write_output(line.text);
      return kaem::Finish{Ending::exits, *line.status};
    }
    const auto script = world.tree().read(line.settings.script);
    if (!script) {
      world.write_error("The file: " + line.settings.script + " can not be opened!\n");
      return kaem::Finish{Ending::exits, 1};
    }
    return kaem::interpret(
        **script, 0, line.settings,
        kaem::initial_environment(situation.environment, words[0], line.settings.init_mode), world, quiet);
  }

  const ToolRow& tool_;
  std::string dialect_;
};

}  // namespace

std::unique_ptr<Target> script_target(const ToolRow& tool, std::string_view dialect) {
  return std::make_unique<ScriptTarget>(tool, dialect);
}

}  // namespace assay::conform
