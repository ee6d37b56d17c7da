// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plays the interpreters of a tree: what they start, in which order and where, and what a real run would
// stumble over. For this folder; others use command_effects.h.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "bootstrap/chain/command_effects.h"
#include "bootstrap/chain/source_key.h"
#include "kaem/interpreter.h"
#include "kaem/minimal.h"

namespace assay::bootstrap {

/// Where a command stands: for findings.
struct Place {
  std::string script;
  Position position;
};

class ScriptWalk {
 public:
  ScriptWalk(const Tree& tree, const Architecture& arch, CommandEffects& effects, Chain& chain,
             const ChainEnd* end)
      : tree_(tree),
        arch_(arch),
        effects_(effects),
        chain_(chain),
        end_(end),
        description_(tree.chain_of(arch)),
        keys_(*tree.files) {}
  void run();

  /// `parent`: the interpreter or step that starts it.
  CommandEnd launch(const Place& place, const PartStart& start, std::optional<std::size_t> parent);
  /// Says so where a script names a place from the root of all files.
  void check_absolute(const Place& place, std::string_view path);
  /// An interpreter has come to the end of its script, or another program takes its place.
  void end_interpreter(std::size_t index, const Interpretation& done);
  MemoryTree& files() { return effects_.files(); }

 private:
  /// A file made by an earlier command.
  struct Product {
    std::size_t made_by = 0;
    Origins origins;
    std::shared_ptr<const Bytes> bytes;
  };

  CommandEnd run_minimal(std::size_t interpreter, const std::string& script);
  CommandEnd run_full(std::size_t interpreter);
  CommandEnd end_at_once(std::size_t interpreter, CommandEnd end, std::string output = "",
                         std::string error = "");
  [[nodiscard]] std::string default_script(const Command& command) const;
  CommandEnd interpret(std::size_t index);
  CommandEnd perform(const Place& place, std::size_t index);
  void play_script();
  void tell_role(Command& command);
  void check_content(const Place& place, const std::string& path);
  void take_standard_input(const Place& place, Command& command);
  [[nodiscard]] const ProgramDescription* described_program(const std::string& program,
                                                            const Origins& origins) const;
  [[nodiscard]] Role role_of_seed(const std::string& program, const Origins& origins) const;
  bool is_taken_for(const Command& command);
  void note_used(const std::string& path);
  void look_for_end(std::size_t index, const CommandEnd& end);
  [[nodiscard]] std::optional<Origins> copied_from(const CommandEnd& end, const Bytes& bytes);
  [[nodiscard]] bool runs_meanwhile(std::size_t index, const std::string& program) const;
  Origins trace_inputs(const Place& place, Command& command);
  void trace_outputs(const Place& place, Command& command);
  void note_products(const Place& place, std::size_t index, const CommandEnd& end, const Origins* origins);
  std::shared_ptr<const Bytes> script_text(const std::string& cwd, const std::string& script,
                                           std::string& path);
  [[nodiscard]] bool is_seed(const std::string& path) const { return description_.seed(path) != nullptr; }
  [[nodiscard]] Origins origins_of(const std::string& path) const;

  // script_walk_checks.cpp
  void check_program(const Place& place, const std::string& program, const Command& command);
  void check_output(const Place& place, const std::string& output, const Command& command);
  void check_write(const Place& place, const std::string& path, std::size_t index, bool succeeded);
  void check_line_ends();
  void check_script(const std::string& path, ByteView text, const kaem::MinimalDialect* minimal,
                    const kaem::Environment* inherited);
  void explain_missing();
  void check_statuses();
  void say(std::string_view id, Severity severity, const Place& place, std::string message, std::string help);
  void say(Finding finding);

  const Tree& tree_;
  const Architecture& arch_;
  CommandEffects& effects_;
  Chain& chain_;
  const ChainEnd* end_;
  const ChainDescription description_;
  SourceKeys keys_;
  std::map<std::string, Product, std::less<>> products_;
  std::size_t depth_ = 0;
  bool ended_ = false;  ///< nobody knows, or wants to know, how it goes on
  bool said_taken_ = false;
  /// Findings about missing files, and the normal path that was wanted.
  std::vector<std::pair<std::size_t, std::string>> missing_;
  std::set<std::string, std::less<>> scripts_;  ///< read so far
  std::set<std::string, std::less<>> used_;     ///< other files of the tree that commands read so far
};

}  // namespace assay::bootstrap
