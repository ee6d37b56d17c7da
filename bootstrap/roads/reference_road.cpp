// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/reference_road.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/roads/rooms.h"
#include "bootstrap/tree/program_check.h"
#include "core/paths.h"
#include "exec/kept.h"

namespace assay::bootstrap {
namespace {

constexpr std::uint32_t kUmask = 022;
constexpr std::uint32_t kTapeMode = 0666;  // of a tape that a bare machine writes
constexpr int kMaxTrace = 64;              // steps a byte is followed back through

/// Keeps the first errors of a room as findings; a room reads several files. Of hex0, whose sources people
/// read byte by byte, also what reads otherwise than it looks.
class ErrorSink final : public DiagnosticSink {
 public:
  ErrorSink(std::span<const Source> sources, Role role, std::vector<Finding>& findings)
      : sources_(sources), warns_(role == Role::hex0), findings_(findings) {}
  using DiagnosticSink::report;
  void report(Diagnostic diagnostic) override {
    if (diagnostic.kind->id == kForeignCommandLine) {  // it has no place in a text
      findings_.push_back(
          {std::string(kForeignCommandLine), Severity::error, "", 0, 0, diagnostic.message, ""});
      return;
    }
    if (diagnostic.span.source >= sources_.size()) return;
    if (diagnostic.severity != Severity::error && !(warns_ && diagnostic.severity == Severity::warning))
      return;
    FindingSink sink(sources_[diagnostic.span.source], findings_);
    sink.report(std::move(diagnostic));
  }

 private:
  std::span<const Source> sources_;
  bool warns_;
  std::vector<Finding>& findings_;
};

/// Whether people can read it: no control characters but those of texts.
bool is_text(const Bytes& bytes) {
  return std::ranges::none_of(bytes, [](Byte one) { return one < 7 || (one > 13 && one < 32 && one != 27); });
}

/// Looks up whatever the words of a command may name, and the way there: a room reads what the chain has
/// found to be an input, but what it was not is part of its result.
void look_at_words(const Command& command, const FileTree& files) {
  for (const std::string& word : command.argv) (void)resolve_path(files, command.cwd, word);
  for (const std::string& path : command.inputs) (void)resolve_path(files, "", path);
  for (const std::string& path : command.outputs) (void)resolve_path(files, "", path);
}

}  // namespace

/// The sources of a command, with the bytes they view.
struct ReferenceRoad::Inputs {
  std::vector<std::shared_ptr<const Bytes>> contents;
  std::vector<Source> sources;
};

ReferenceRoad::ReferenceRoad(const Tree& tree, const Architecture& arch, exec::Engine engine,
                             StepCache* cache)
    : arch_(arch),
      is_root_(tree.starts_bare),
      suffix_(tree.chain_of(arch).suffix),
      engine_(engine),
      kept_(std::make_shared<exec::KeptPrograms>()),
      cache_(cache),
      files_(tree.files),
      notes_opaque_(tree.kind == TreeKind::stage0_posix && !tree.starts_bare) {
  derive_seeds(*tree.files, tree.chain_of(arch), tree.described != nullptr);
}

Result<ReferenceRoad::Inputs> ReferenceRoad::inputs_of(const Command& command) const {
  Inputs inputs;
  for (const std::string& path : command.inputs) {
    Result<std::shared_ptr<const Bytes>> bytes = files_.read(path);
    if (!bytes) {
      return fail("reference-input-missing", fmt::format("'{}' is not known on the reference road", path));
    }
    inputs.sources.push_back({path, **bytes});
    inputs.contents.push_back(std::move(*bytes));
  }
  return inputs;
}

/// What the room of a command's role makes of inputs; the file it leaves is not in the tree yet.
Computed ReferenceRoad::assemble(const Command& command, const Inputs& inputs) const {
  const Room& room = *find_room(command.role);
  Computed computed;
  ErrorSink errors(inputs.sources, command.role, computed.findings);
  Output output = room.assemble({command, arch_, inputs.sources, files_}, errors);
  computed.ending = output.ending;
  computed.status = output.status;
  computed.standard_output = std::move(output.standard_output);
  computed.standard_error = std::move(output.standard_error);
  if (command.outputs.empty()) return computed;
  const std::string& path = command.outputs.front();
  const std::shared_ptr<Node> old = files_.find(path);
  const std::uint32_t mode = arch_.bare ? kTapeMode : room.create_mode;
  const std::uint32_t created = old != nullptr ? old->mode : mode & ~kUmask;
  computed.outputs.push_back({path, std::make_shared<const Bytes>(std::move(output.bytes)),
                              room.final_mode != 0 && output.succeeded() ? room.final_mode : created});
  return computed;
}

std::optional<Computed> ReferenceRoad::by_room_alone(const Command& command) const {
  if (find_room(command.role) == nullptr || command.argv.empty()) return std::nullopt;
  const Result<Inputs> inputs = inputs_of(command);
  if (!inputs) return std::nullopt;
  Computed computed = assemble(command, *inputs);
  const bool foreign = std::any_of(computed.findings.begin(), computed.findings.end(),
                                   [](const Finding& one) { return one.id == kForeignCommandLine; });
  return foreign ? std::nullopt : std::optional(std::move(computed));
}

/// Whether a command's files are what rooms know: texts that are there, and a file to write that no program
/// runs from. What the kernel says of others, exec knows.
bool ReferenceRoad::is_plain(const Command& command) const {
  const Operands operands = operands_of(command.role, command.argv);
  if (operands.inputs.size() != command.inputs.size() || operands.outputs.size() != command.outputs.size())
    return false;
  const auto is_file = [this](const std::string& path) {
    const std::shared_ptr<Node> node = files_.find(path);
    return node != nullptr && node->kind == NodeKind::file;
  };
  const auto is_free = [&](const std::string& path) {
    const bool runs =
        path == command.program || std::find(running_.begin(), running_.end(), path) != running_.end();
    return !runs && (files_.find(path) == nullptr || is_file(path));
  };
  return std::all_of(command.inputs.begin(), command.inputs.end(), is_file) &&
         std::all_of(command.outputs.begin(), command.outputs.end(), is_free);
}

bool ReferenceRoad::uses_room(const Command& command) const {
  return command.known && find_room(command.role) != nullptr && is_plain(command);
}

bool ReferenceRoad::is_binary(const std::string& path) const {
  const std::shared_ptr<Node> node = files_.find(path);
  return is_binary(path, node != nullptr && node->kind == NodeKind::file ? node->share() : nullptr);
}

bool ReferenceRoad::is_binary(const std::string& path, const std::shared_ptr<const Bytes>& bytes) const {
  if (accepted_.contains(path)) return false;
  if (tainted_.contains(path)) return true;
  return !made_by_.contains(path) && bytes != nullptr && is_elf(*bytes);
}

std::optional<std::string> ReferenceRoad::opaque_origin(const std::string& program) const {
  const auto found = opaque_.find(program);
  return found == opaque_.end() ? std::nullopt : std::optional(found->second);
}

/// What is text again, a source from an archive say, people can read.
void ReferenceRoad::note_opaque(const std::vector<std::string>& sources,
                                const std::vector<RoadFile>& outputs) {
  if (!notes_opaque_) return;
  std::optional<std::string> origin;
  for (const std::string& path : sources) {
    if (origin) break;
    if (made_by_.contains(path)) {
      origin = opaque_origin(path);
    } else if (const auto bytes = files_.read(path); bytes && !is_elf(**bytes) && !is_text(**bytes)) {
      origin = path;
    }
  }
  for (const RoadFile& file : outputs) {
    opaque_.erase(file.path);
    if (origin && !is_text(*file.bytes)) opaque_.emplace(file.path, *origin);
  }
}

void ReferenceRoad::accept_binary(const std::string& path) { accepted_.insert(path); }

/// More than a program of its role needs for its inputs, where that is known: else one that goes round for
/// ever would take minutes.
std::uint64_t ReferenceRoad::most_jumps(const Command& command) const {
  return allowed_ ? most_jumps_ : std::min(most_jumps_, most_instructions(command, files_));
}

/// The program that computes what a command does.
Result<std::shared_ptr<const Bytes>> ReferenceRoad::to_run(const Command& command, DerivedBy& by) {
  const std::shared_ptr<const Recipe> recipe = cross_ ? recipes_.find(command.program) : nullptr;
  if (recipe != nullptr) {
    by = DerivedBy::cross;
    return cross_->program(recipe, files_);
  }
  by = DerivedBy::running;
  const std::shared_ptr<Node> program = files_.find(command.program);
  if (program == nullptr) return fail("reference-not-run", "the program is not there");
  return program->share();
}

/// A program for Linux starts others by their names, UEFI's have a suffix: while it runs they have both.
/// (What stands there is the program itself: something that can be started.) Returns the names that are new.
std::vector<std::string> ReferenceRoad::name_without_suffix(const Command& command,
                                                            const std::shared_ptr<const Bytes>& program) {
  std::vector<std::string> names;
  if (suffix_.empty() || command.role != Role::m2_mesoplanet) return names;
  const std::string directory(parent_path(command.program));
  const auto listed = files_.list(directory);
  if (!listed) return names;
  for (const std::string& name : *listed) {
    if (!name.ends_with(suffix_)) continue;
    std::string path = join_path(directory, name.substr(0, name.size() - suffix_.size()));
    if (files_.find(path) != nullptr) continue;
    files_.put(path, {}, 0755);
    files_.find(path)->set_bytes(program);
    names.push_back(std::move(path));
  }
  return names;
}

void ReferenceRoad::allow(std::uint64_t instructions) {
  constexpr std::uint64_t kInstructionsPerJump = 50;  // more than any has between two
  most_jumps_ = std::max(most_jumps_, instructions / kInstructionsPerJump);
  allowed_ = true;
}

Result<exec::Outcome> ReferenceRoad::run(const Command& command, ByteView program, const Start& start,
                                         std::uint64_t jumps, exec::Surroundings surroundings) {
  const Bytes input = standard_input_of(command, files_);
  return exec::run({.program = program,
                    .argv = command.argv,
                    .env = command.env,
                    .cwd = command.cwd,
                    .standard_input = command.standard_input.empty() ? nullptr : &input,
                    .running = running_,
                    .files = &files_,
                    .start = start,
                    .jumps = jumps,
                    .engine = engine_,
                    .surroundings = surroundings,
                    .times = &times_,
                    .kept = kept_.get()});
}

Result<Computed> ReferenceRoad::by_running(const Command& command, const Start& start) {
  if (is_binary(command.program) ||
      (!made_by_.contains(command.program) && !accepted_.contains(command.program))) {
    return fail("reference-not-derived",
                fmt::format("'{}' was not derived from its sources on this road", command.program));
  }
  if (arch_.bare) {
    return fail("reference-not-run", fmt::format("'{}': this road has no {} to run what has no role",
                                                 command.program, arch_.known_name()));
  }
  DerivedBy by{};
  const Result<std::shared_ptr<const Bytes>> program = to_run(command, by);
  if (!program) return tl::unexpected<Error>(program.error());
  running_.push_back(command.program);
  const std::vector<std::string> names = name_without_suffix(command, *program);
  const Start start_named = [&](exec::Start part) {
    if (std::find(names.begin(), names.end(), part.program) != names.end()) part.program += suffix_;
    return start(part);
  };
  Result<exec::Outcome> outcome =
      run(command, **program, names.empty() ? start : start_named, most_jumps(command), {});
  running_.pop_back();
  for (const std::string& name : names) (void)files_.remove(name);
  if (!outcome) return tl::unexpected<Error>(outcome.error());
  if (outcome->ending == Ending::undefined)
    return fail("reference-not-run", fmt::format("'{}': {}", command.program, outcome->reason));
  if (outcome->ending == Ending::hangs && (command.role == Role::unknown || command.described != nullptr))
    return fail("reference-not-run",
                fmt::format("'{}' does not end within {} jumps", command.program, most_jumps_));
  Computed computed;
  computed.by = by;
  computed.ending = outcome->ending;
  computed.status = outcome->status;
  computed.standard_output = std::move(outcome->standard_output);
  computed.standard_error = std::move(outcome->standard_error);
  computed.replaced_by = std::move(outcome->replaced_by);
  computed.reliances = std::move(outcome->reliances);
  computed.jumps = outcome->jumps;
  computed.sources.assign(outcome->opened.begin(), outcome->opened.end());
  std::ranges::copy(command.standard_input, std::back_inserter(computed.sources));
  for (const std::string& path : outcome->outputs) {
    const std::shared_ptr<Node> node = files_.find(path);
    computed.outputs.push_back({path, node->share(), node->mode});
  }
  return computed;
}

Result<Computed> ReferenceRoad::do_it(const Command& command, const Start& start) {
  if (uses_room(command)) {
    if (std::optional<Computed> computed = by_room_alone(command)) {
      for (const RoadFile& file : computed->outputs) {
        files_.put(file.path, {}, file.mode);
        files_.find(file.path)->set_bytes(file.bytes);
      }
      computed->sources = command.inputs;
      return std::move(*computed);
    }
  }
  if (command.role == Role::mes && command.known) {
    if (std::optional<Result<Computed>> computed = by_mes(command, start)) return std::move(*computed);
  }
  return by_running(command, start);
}

Result<Computed> ReferenceRoad::derive(const Command& command, const Start& start) {
  if (!replayed_.empty()) {
    Computed computed = std::move(replayed_.front());
    replayed_.pop_front();
    if (uses_room(command)) computed.by = DerivedBy::room;
    redo(computed.changes, files_);
    note_times(computed);
    for (const auto& [path, state] : computed.changes) made_by_.insert_or_assign(path, command);
    return computed;
  }
  // A part is kept with the step that starts it: what it looks at, that step's result depends on, too.
  const bool keeps = cache_ != nullptr && frames_.empty() && command.standard_input.empty();
  if (keeps) {
    if (std::optional<KnownStep> kept = cache_->find(entry_of(command), {}, files_)) {
      if (std::optional<Computed> computed = take_kept(command, std::move(*kept), start))
        return std::move(*computed);
    }
  }
  // All that an entry must list, besides what the step itself looks at.
  std::optional<StepRecorder> looked;
  if (keeps) {
    looked.emplace(files_);
    look_at_words(command, files_);
  }
  StepRecorder recorder(files_);
  const std::size_t times = times_.mark();
  frames_.emplace_back();
  Result<Computed> computed = do_it(command, start);
  const Frame frame = std::move(frames_.back());
  frames_.pop_back();
  if (!frames_.empty()) frames_.back().complete &= computed.has_value() && frame.parts.empty();
  if (!computed) {
    undo(recorder, files_);
    (void)times_.take_back(times);
    return computed;
  }
  if (computed->by == DerivedBy::running) try_elsewhere(command, frame, times, recorder, *computed);
  finish(command, frame, recorder, *computed);
  const bool tainted = std::any_of(computed->outputs.begin(), computed->outputs.end(),
                                   [this](const RoadFile& one) { return tainted_.contains(one.path); });
  if (keeps && frame.complete && !tainted && !computed->replaced_by && computed->succeeded() &&
      computed->findings.empty())
    keep(command, frame, looked->before(), *computed);
  if (!frames_.empty()) frames_.back().parts.push_back({command, *computed, recorder.before()});
  return computed;
}

void ReferenceRoad::note_times(const Computed& computed) {
  for (const RoadFile& file : computed.outputs) times_.write(file.path);
}

/// Notes what the command left and who made it.
void ReferenceRoad::finish(const Command& command, const Frame& frame, StepRecorder& recorder,
                           Computed& computed) {
  note_opaque(computed.sources, computed.outputs);
  // That a binary lay where it writes does no harm: only what it opened can have gone into what it left.
  bool tainted = frame.tainted || is_binary(command.program);
  std::set<std::string, std::less<>> binaries = frame.binaries;
  for (const auto& [path, state] : recorder.before()) {
    if (state.kind != NodeKind::file) continue;
    computed.reads.push_back(path);
    if (is_binary(path, state.bytes)) binaries.insert(path);
    if (path != command.program && std::ranges::find(computed.sources, path) != computed.sources.end())
      tainted |= binaries.contains(path);
  }
  if (!frames_.empty()) {
    frames_.back().tainted |= tainted;
    frames_.back().binaries.merge(binaries);
  }
  computed.changes = recorder.changes();
  if (computed.by != DerivedBy::running) note_times(computed);
  const auto note = [&](const std::string& path) {
    made_by_.insert_or_assign(path, command);
    tainted ? (void)tainted_.insert(path) : (void)tainted_.erase(path);
  };
  recipes_.note(command);
  for (const auto& [path, state] : computed.changes) note(path);
  for (const RoadFile& file : computed.outputs) note(file.path);
}

Result<Computed> ReferenceRoad::compute(const Chain& chain, std::size_t index) {
  const auto take_ready = [&](std::size_t command) -> std::optional<Result<Computed>> {
    const auto found = ready_.find(command);
    if (found == ready_.end()) return std::nullopt;
    Result<Computed> computed = std::move(found->second);
    ready_.erase(found);
    return computed;
  };
  if (auto ready = take_ready(index)) return std::move(*ready);
  std::size_t whole = index;
  while (chain.commands[whole].part_of) whole = *chain.commands[whole].part_of;
  if (whole != index && ready_.contains(whole))
    return fail("reference-not-run", "the program that is to start it does not come so far");
  // Parts are started in the order of the chain.
  std::function<Result<Computed>(std::size_t)> derive_one = [&](std::size_t at) {
    std::size_t next = at;
    return derive(chain.commands[at], [&, at](const exec::Start& started) -> std::optional<exec::Ended> {
      do {
        ++next;
      } while (next < chain.commands.size() && chain.commands[next].part_of != at);
      if (next >= chain.commands.size()) return std::nullopt;
      const Command& part = chain.commands[next];
      if (part.program != started.program || part.argv != started.argv || part.env != started.env ||
          part.cwd != started.cwd) {
        return std::nullopt;
      }
      Result<Computed> computed = derive_one(next);
      const bool exits = computed && computed->ending == Ending::exits;
      const exec::Ended ended(exits ? computed->status : 0);
      ready_.insert_or_assign(next, std::move(computed));
      return exits ? std::optional(ended) : std::nullopt;
    });
  };
  Result<Computed> computed = derive_one(whole);
  if (whole == index) return computed;
  ready_.insert_or_assign(whole, std::move(computed));
  if (auto ready = take_ready(index)) return std::move(*ready);
  return fail("reference-not-run", "the program that is to start it does not come so far");
}

void ReferenceRoad::accept(const Command& command, const PathStates& changes, bool confirmed) {
  for (const auto& [path, state] : changes) {
    // What a part of it made here stays that.
    if (files_.state(path) == state && made_by_.contains(path)) continue;
    (void)files_.set_state(path, state);
    confirmed ? (void)made_by_.insert_or_assign(path, command) : (void)made_by_.erase(path);
    tainted_.erase(path);
  }
}

std::vector<StrictWarning> ReferenceRoad::strict_warnings(const Command& command, bool errors) const {
  const Room* const room = find_room(command.role);
  const Result<Inputs> inputs = room != nullptr ? inputs_of(command) : fail("reference-none", "");
  if (!inputs || command.argv.empty()) return {};
  DiagnosticList said;
  (void)room->assemble({command, arch_, inputs->sources, files_, false, true}, said);
  std::vector<StrictWarning> warnings;
  for (Diagnostic& one : said.all) {
    const bool wanted = one.severity == Severity::warning || (errors && one.severity == Severity::error);
    if (!wanted || one.kind->id == kForeignCommandLine || one.span.source >= inputs->sources.size()) continue;
    warnings.push_back(
        {one.kind, inputs->sources[one.span.source].name, one.span.offset, std::move(one.message)});
  }
  return warnings;
}

std::optional<SourcePlace> ReferenceRoad::room_place(const Command& command, std::uint64_t offset) const {
  const Room* const room = find_room(command.role);
  const Result<Inputs> inputs = room != nullptr ? inputs_of(command) : fail("reference-none", "");
  if (!inputs) return std::nullopt;
  NoDiagnostics none;
  const Output output = room->assemble(
      {.command = command, .arch = arch_, .sources = inputs->sources, .files = files_, .want_map = true},
      none);
  const MapEntry* entry = output.map.find(offset);
  if (entry == nullptr || entry->span.source >= inputs->sources.size()) return std::nullopt;
  const Source& source = inputs->sources[entry->span.source];
  SourcePlace place;
  place.path = source.name;
  place.address = output.base_address + offset;
  // Inside a plain copy every byte has its own source byte; elsewhere the span's start stands for all.
  const bool copied = entry->length == entry->span.length;
  place.offset = entry->span.offset + (copied ? offset - entry->offset : 0);
  place.position = position_of(source.bytes, place.offset);
  place.line = std::string(line_of(source.bytes, place.offset));
  return place;
}

std::optional<SourcePlace> ReferenceRoad::trace(std::string_view path, std::uint64_t offset) const {
  std::optional<SourcePlace> place;
  std::string at(path);
  for (int depth = 0; depth < kMaxTrace; ++depth) {
    const auto maker = made_by_.find(at);
    if (maker == made_by_.end() || find_room(maker->second.role) == nullptr) break;
    const std::optional<SourcePlace> next = room_place(maker->second, offset);
    if (!next) return std::nullopt;
    const std::uint64_t address = place ? place->address : next->address;
    place = next;
    place->address = address;
    offset = next->offset;
    at = next->path;
  }
  if (place) return place;
  const Result<std::shared_ptr<const Bytes>> text = files_.read(at);
  if (!text || is_elf(**text)) return std::nullopt;
  return SourcePlace{at, position_of(**text, offset), std::string(line_of(**text, offset)), offset, 0};
}

}  // namespace assay::bootstrap
