// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reference road: computes what a command does with our own rooms, from this road's own files. It never
// executes anything that it did not derive itself from sources.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bootstrap/chain/chain.h"
#include "bootstrap/chain/verdict.h"
#include "bootstrap/roads/cross_programs.h"
#include "bootstrap/roads/step_cache.h"
#include "core/memory_tree.h"
#include "core/output.h"
#include "exec/file_times.h"
#include "exec/run.h"

namespace assay::bootstrap {

/// What a command does on the reference road.
struct Computed {
  Ending ending = Ending::exits;
  int status = 0;
  DerivedBy by = DerivedBy::room;
  bool kept = false;  ///< the result is the cache's
  std::vector<RoadFile> outputs;
  std::string standard_output;
  std::string standard_error;
  /// Errors of the rooms: why the command fails.
  std::vector<Finding> findings;
  /// All that is different in the tree afterwards, by path: files, directories, links, what is gone.
  PathStates changes;
  std::vector<std::string> reads;          ///< files looked at, by path
  std::vector<std::string> sources;        ///< files whose bytes may have gone into what it left
  std::optional<exec::Start> replaced_by;  ///< the program that is to take its place
  std::vector<exec::Reliance> reliances;   ///< what it asked for that no tree determines
  std::uint64_t jumps = 0;                 ///< of a program that was run

  [[nodiscard]] bool succeeded() const { return ending == Ending::exits && status == 0; }
};

/// A strict warning of a room about an input of a command.
struct StrictWarning {
  const DiagnosticKind* kind = nullptr;
  std::string path;
  std::uint64_t offset = 0;
  std::string message;
};

/// Where a byte comes from.
struct SourcePlace {
  std::string path;  ///< a source file of the tree, or a file whose making is not known
  Position position;
  std::string line;          ///< its text
  std::uint64_t offset = 0;  ///< in that file
  /// Address of the byte in memory where the file is a program or is placed by a linker; else its offset.
  std::uint64_t address = 0;
};

class ReferenceRoad {
 public:
  /// `engine`: how derived programs are run; both ways do the same. `cache`: results are taken from and kept
  /// there; may be null.
  ReferenceRoad(const Tree& tree, const Architecture& arch, exec::Engine engine = exec::Engine::automatic,
                StepCache* cache = nullptr);
  /// From here on, programs of C are not run as they were derived, but as the same sources are for another
  /// machine. Such results are not kept.
  void go_across() {
    cross_.emplace(engine_);
    cache_ = nullptr;
  }

  /// Lets programs take about so many instructions, if that is more than they may anyway.
  void allow(std::uint64_t instructions);

  /// Starts a program for a command that does so by itself; says how it ended, or nothing: it cannot be
  /// computed.
  using Start = std::function<std::optional<exec::Ended>(const exec::Start&)>;
  /// Does on this road's files what a command does: by the room of its role, where the program was built of
  /// the sources that the room was written from; else, and where the room does not know such a command line,
  /// by running the program that this road derived (exec/run.h). Errors, which leave the files as they were:
  /// "reference-not-derived", where the program or what it was made of is a binary that lies in the tree;
  /// "reference-not-run", with the reason.
  Result<Computed> derive(const Command& command, const Start& start);
  /// What the room of the command's role would leave in its output, whatever the program was built of; no
  /// file is changed. Nothing if there is no room, or it does not know such a command line.
  [[nodiscard]] std::optional<Computed> by_room_alone(const Command& command) const;

  /// What the room of the command's role finds strange in its inputs, as they are now, and with `errors` why
  /// it stops; no file is changed.
  [[nodiscard]] std::vector<StrictWarning> strict_warnings(const Command& command, bool errors) const;

  /// The same for a chain that is known already, in the order of `chain.steps()`.
  Result<Computed> compute(const Chain& chain, std::size_t command);

  /// The source that a seed was assembled from here; nothing for other files.
  [[nodiscard]] std::optional<std::string> source_of(const std::string& program) const;
  /// What was found when the seeds of the tree were assembled from their sources, before anything ran.
  [[nodiscard]] const std::vector<Finding>& seed_findings() const { return seed_findings_; }
  /// Whether a file is a binary that lies in the tree, or was made of one.
  [[nodiscard]] bool is_binary(const std::string& path) const;
  /// The file of the tree that is no text, and no program either, of which a program was made: by unpacking,
  /// joining or decoding; nothing: there is none, or the tree comes with archives by design.
  [[nodiscard]] std::optional<std::string> opaque_origin(const std::string& program) const;
  /// Treats such a file as derived.
  void accept_binary(const std::string& path);

  /// Takes over what a command did on the seed road: it is not known here, or only the room of its role says
  /// the same (then `confirmed`).
  void accept(const Command& command, const PathStates& changes, bool confirmed);
  [[nodiscard]] MemoryTree& files() { return files_; }
  [[nodiscard]] const MemoryTree& known_files() const { return files_; }
  /// Programs that run while commands are derived: their interpreters. They cannot be written.
  [[nodiscard]] std::vector<std::string>& running() { return running_; }

  /// What the room of the command's role makes the byte at `offset` of the output from: an input.
  [[nodiscard]] std::optional<SourcePlace> room_place(const Command& command, std::uint64_t offset) const;
  /// Follows the byte at `offset` of `path` back through the commands computed so far.
  [[nodiscard]] std::optional<SourcePlace> trace(std::string_view path, std::uint64_t offset) const;

 private:
  struct Inputs;
  /// The same, where these were its bytes; null: it was no file.
  [[nodiscard]] bool is_binary(const std::string& path, const std::shared_ptr<const Bytes>& bytes) const;
  /// The parts of the command that is being derived.
  struct Frame {
    struct Part {
      Command command;
      Computed computed;
      PathStates before;  ///< what it looked at
    };
    std::vector<Part> parts;
    bool complete = true;  ///< each part is here, and none has parts of its own
    bool tainted = false;  ///< what a part left was made of a binary of the tree
    /// Binaries of the tree that parts met: one may have left something else in their place.
    std::set<std::string, std::less<>> binaries;
  };

  void derive_seeds(const FileTree& tree, const ChainDescription& chain, bool is_user_described);
  [[nodiscard]] Result<Inputs> inputs_of(const Command& command) const;
  [[nodiscard]] Computed assemble(const Command& command, const Inputs& inputs) const;
  [[nodiscard]] std::uint64_t most_jumps(const Command& command) const;
  Result<Computed> by_running(const Command& command, const Start& start);
  /// A command of mes by our own interpreter (by_mes.cpp); nothing, with the files as before: that does not
  /// do what the command asks for.
  std::optional<Result<Computed>> by_mes(const Command& command, const Start& start);
  Result<exec::Outcome> run(const Command& command, ByteView program, const Start& start, std::uint64_t jumps,
                            exec::Surroundings surroundings);
  /// `times`: where those of files were before the command.
  void try_elsewhere(const Command& command, const Frame& frame, std::size_t times, StepRecorder& recorder,
                     Computed& computed);
  Result<std::shared_ptr<const Bytes>> to_run(const Command& command, DerivedBy& by);
  std::vector<std::string> name_without_suffix(const Command& command,
                                               const std::shared_ptr<const Bytes>& program);
  [[nodiscard]] bool is_plain(const Command& command) const;
  [[nodiscard]] bool uses_room(const Command& command) const;
  Result<Computed> do_it(const Command& command, const Start& start);
  void note_opaque(const std::vector<std::string>& sources, const std::vector<RoadFile>& outputs);
  void finish(const Command& command, const Frame& frame, StepRecorder& recorder, Computed& computed);

  /// What was left by no program that ran here has been written now.
  void note_times(const Computed& computed);

  /// A cache entry's name: role and program as this road has them.
  [[nodiscard]] machine::ImageRecord entry_of(const Command& command) const;
  std::optional<Computed> take_kept(const Command& command, KnownStep kept, const Start& start);
  void keep(const Command& command, const Frame& frame, const PathStates& before, const Computed& computed);

  const Architecture& arch_;
  const bool is_root_;  ///< the tree, when it boots: it lies in no other directory, and has PATH, HOME and
                        ///< TERM at most
  const std::string suffix_;  ///< of programs, where those that start others leave it out
  exec::Engine engine_;
  std::uint64_t most_jumps_ = exec::Request{}.jumps;
  bool allowed_ = false;  ///< by the user
  exec::FileTimes times_;
  std::shared_ptr<exec::KeptPrograms> kept_;
  StepCache* cache_;
  mutable MemoryTree files_;
  std::map<std::string, Command, std::less<>> made_by_;  ///< what this road computed, by path
  std::set<std::string, std::less<>> tainted_;           ///< made of binaries that lie in the tree
  bool notes_opaque_;                                    ///< see opaque_origin
  std::map<std::string, std::string, std::less<>>
      opaque_;  ///< products that are no text: what opaque_origin says
  std::set<std::string, std::less<>> accepted_;
  std::vector<Finding> seed_findings_;
  std::vector<Frame> frames_;
  std::vector<std::string> running_;
  std::set<Bytes> departing_;  ///< programs that do something else in other surroundings
  Recipes recipes_;
  std::optional<CrossPrograms> cross_;
  std::deque<Computed> replayed_;  ///< parts that a kept command is about to start
  /// Parts come before the whole, but are computed with it: results not asked for yet.
  std::map<std::size_t, Result<Computed>> ready_;
};

}  // namespace assay::bootstrap
