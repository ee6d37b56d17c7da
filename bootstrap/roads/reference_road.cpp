// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/reference_road.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/roads/rooms.h"
#include "core/paths.h"
#include "exec/kept.h"

namespace assay::bootstrap {
namespace {

constexpr std::uint32_t kUmask = 022;
constexpr int kMaxTrace = 64;  // steps a byte is followed back through

/// Whether a program made by this role is what its source text says, and no copy of a binary.
bool assembles(Role role) {
  return role == Role::hex0 || role == Role::hex1 || role == Role::hex2_0 || role == Role::hex2;
}

/// Keeps the first errors of a room as findings; a room reads several files.
class ErrorSink final : public DiagnosticSink {
 public:
  ErrorSink(std::span<const Source> sources, std::vector<Finding>& findings)
      : sources_(sources), findings_(findings) {}
  using DiagnosticSink::report;
  void report(Diagnostic diagnostic) override {
    if (diagnostic.severity != Severity::error || diagnostic.span.source >= sources_.size()) return;
    FindingSink sink(sources_[diagnostic.span.source], findings_);
    sink.report(std::move(diagnostic));
  }

 private:
  std::span<const Source> sources_;
  std::vector<Finding>& findings_;
};

}  // namespace

/// The sources of a command, with the bytes they view.
struct ReferenceRoad::Inputs {
  std::vector<std::shared_ptr<const Bytes>> contents;
  std::vector<Source> sources;
};

ReferenceRoad::ReferenceRoad(const Tree& tree, const Architecture& arch, exec::Engine engine,
                             StepCache* cache)
    : arch_(arch),
      engine_(engine),
      kept_(std::make_shared<exec::KeptPrograms>()),
      cache_(cache),
      files_(tree.files) {}

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

Result<Computed> ReferenceRoad::compute(const Chain& chain, std::size_t command) {
  const std::optional<std::size_t> whole = chain.commands[command].part_of;
  if (whole && !ready_.contains(command) && !ready_.contains(*whole)) {
    Result<Computed> computed = derive(chain, *whole);
    ready_.insert_or_assign(*whole, std::move(computed));
  }
  if (const auto found = ready_.find(command); found != ready_.end()) {
    Result<Computed> computed = std::move(found->second);
    ready_.erase(found);
    return computed;
  }
  if (whole) return fail("reference-not-run", "the program that is to start it does not come so far");
  return derive(chain, command);
}

Result<Computed> ReferenceRoad::derive(const Chain& chain, std::size_t index) {
  const Command& command = chain.commands[index];
  const auto compute = [&] {
    return find_room(command.role) != nullptr ? by_room(command) : by_running(chain, index);
  };
  if (cache_ == nullptr) return compute();
  if (std::optional<KnownStep> kept = cache_->find(entry_of(command), {}, files_)) {
    if (std::optional<Computed> computed = take_kept(chain, index, std::move(*kept)))
      return std::move(*computed);
  }
  StepRecorder recorder(files_);
  Result<Computed> computed = compute();
  if (computed && computed->succeeded() && computed->findings.empty())
    keep(chain, index, recorder, *computed);
  return computed;
}

Result<Computed> ReferenceRoad::by_room(const Command& command) {
  const Room& room = *find_room(command.role);
  const Result<Inputs> inputs = inputs_of(command);
  if (!inputs) return tl::unexpected<Error>(inputs.error());
  Computed computed;
  ErrorSink errors(inputs->sources, computed.findings);
  Output output = room.assemble({command, arch_, inputs->sources, files_, false}, errors);
  computed.ending = output.ending;
  computed.status = output.status;
  computed.standard_output = std::move(output.standard_output);
  computed.standard_error = std::move(output.standard_error);
  if (command.outputs.empty()) return computed;
  const std::string& path = command.outputs.front();
  const std::shared_ptr<Node> old = files_.find(path);
  const std::uint32_t created = old != nullptr ? old->mode : room.create_mode & ~kUmask;
  RoadFile file{path, std::make_shared<const Bytes>(std::move(output.bytes)),
                room.final_mode != 0 && output.succeeded() ? room.final_mode : created};
  accept(file);
  made_by_.insert_or_assign(path, command);
  computed.outputs.push_back(std::move(file));
  return computed;
}

Result<Computed> ReferenceRoad::by_running(const Chain& chain, std::size_t index) {
  const Command& command = chain.commands[index];
  const auto maker = made_by_.find(command.program);
  if (maker == made_by_.end() || !assembles(maker->second.role)) {
    return fail("reference-not-derived",
                fmt::format("'{}' was not derived from its sources on this road", command.program));
  }
  const std::shared_ptr<const Bytes> program = files_.find(command.program)->share();
  std::size_t next = 0;  // command that may be its next part
  const auto start = [&](const exec::Start& started) -> std::optional<exec::Ended> {
    while (next < chain.commands.size() && chain.commands[next].part_of != index) ++next;
    if (next == chain.commands.size()) return std::nullopt;
    const Command& part = chain.commands[next];
    if (part.program != started.program || part.argv != started.argv || part.env != started.env ||
        part.cwd != started.cwd) {
      return std::nullopt;
    }
    Result<Computed> computed = find_room(part.role) != nullptr ? by_room(part) : by_running(chain, next);
    std::optional<exec::Ended> ended;
    if (computed && computed->ending == Ending::exits) ended = exec::Ended{.status = computed->status};
    ready_.insert_or_assign(next++, std::move(computed));
    return ended;
  };
  Result<exec::Outcome> outcome = exec::run({.program = *program,
                                             .argv = command.argv,
                                             .env = command.env,
                                             .cwd = command.cwd,
                                             .running = {command.program},
                                             .files = &files_,
                                             .start = start,
                                             .engine = engine_,
                                             .kept = kept_.get()});
  if (!outcome) return tl::unexpected<Error>(outcome.error());
  if (outcome->ending == Ending::undefined)
    return fail("reference-not-run", fmt::format("'{}': {}", command.program, outcome->reason));
  Computed computed;
  computed.ending = outcome->ending;
  computed.status = outcome->status;
  computed.standard_output = std::move(outcome->standard_output);
  computed.standard_error = std::move(outcome->standard_error);
  for (const std::string& path : outcome->outputs) {
    const std::shared_ptr<Node> node = files_.find(path);
    computed.outputs.push_back({path, node->share(), node->mode});
    made_by_.insert_or_assign(path, command);
  }
  return computed;
}

ReferenceRoad ReferenceRoad::copy() const {
  ReferenceRoad copy(*this);
  copy.files_ = files_.copy();
  return copy;
}

std::optional<ReferenceRoad::Ahead> ReferenceRoad::compute_ahead(const Chain& chain,
                                                                 std::vector<std::size_t> commands) {
  StepRecorder recorder(files_);
  Ahead ahead;
  for (const std::size_t command : commands) {
    Result<Computed> computed = compute(chain, command);
    if (!computed || !computed->succeeded()) return std::nullopt;
    ahead.computed.push_back(std::move(*computed));
  }
  ahead.commands = std::move(commands);
  ahead.before = recorder.before();
  ahead.changes = recorder.changes();
  return ahead;
}

bool ReferenceRoad::take(const Chain& chain, const Ahead& ahead) {
  for (const auto& [path, state] : ahead.before) {
    if (!(files_.state(path) == state)) return false;
  }
  redo(ahead.changes, files_);
  for (std::size_t index = 0; index < ahead.commands.size(); ++index) {
    for (const RoadFile& file : ahead.computed[index].outputs)
      made_by_.insert_or_assign(file.path, chain.commands[ahead.commands[index]]);
  }
  return true;
}

machine::ImageRecord ReferenceRoad::entry_of(const Command& command) const {
  machine::ImageRecord entry;
  const bool room = find_room(command.role) != nullptr;
  entry.program = fmt::format("{} {}: {}", arch_.name, room ? name_of(command.role) : "run", command.program);
  if (const auto maker = made_by_.find(command.program); !room && maker != made_by_.end()) {
    entry.program += fmt::format(" by {}", name_of(maker->second.role));
    entry.program_bytes = files_.find(command.program)->share();
  }
  entry.argv = command.argv;
  entry.env = command.env;
  entry.cwd = command.cwd;
  return entry;
}

/// Nothing if its parts are not those of the chain.
std::optional<Computed> ReferenceRoad::take_kept(const Chain& chain, std::size_t index, KnownStep kept) {
  std::vector<std::size_t> parts;
  for (std::size_t part = index; part < chain.commands.size(); ++part) {
    if (chain.commands[part].part_of == index) parts.push_back(part);
  }
  if (parts.size() != kept.parts.size()) return std::nullopt;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const Command& command = chain.commands[parts[part]];
    const machine::ImageRecord& record = kept.parts[part];
    if (record.program != command.program || record.argv != command.argv || record.env != command.env ||
        record.cwd != command.cwd) {
      return std::nullopt;
    }
  }
  redo(kept.run.changes, files_);
  const auto computed = [this](auto& run, const Command& command) {
    Computed result;
    result.status = run.status;
    result.standard_output = as_text(run.standard_output);
    result.standard_error = as_text(run.standard_error);
    for (machine::FileUse& file : run.outputs) {
      made_by_.insert_or_assign(file.path, command);
      result.outputs.push_back({file.path, std::move(file.bytes), file.mode});
    }
    return result;
  };
  for (std::size_t part = 0; part < parts.size(); ++part)
    ready_.insert_or_assign(parts[part], computed(kept.parts[part], chain.commands[parts[part]]));
  return computed(kept.run, chain.commands[index]);
}

void ReferenceRoad::keep(const Chain& chain, std::size_t index, StepRecorder& recorder,
                         const Computed& computed) {
  const auto fill = [](auto& run, const Computed& from) {
    run.status = from.status;
    run.standard_output = to_bytes(from.standard_output);
    run.standard_error = to_bytes(from.standard_error);
    for (const RoadFile& file : from.outputs) run.outputs.push_back({file.path, file.bytes, file.mode});
  };
  KnownStep step;
  fill(step.run, computed);
  step.run.changes = recorder.changes();
  for (const auto& [part, result] : ready_) {
    const Command& command = chain.commands[part];
    if (command.part_of != index) continue;
    if (!result || !result->succeeded() || !result->findings.empty()) return;
    machine::ImageRecord record;
    record.program = command.program;
    record.argv = command.argv;
    record.env = command.env;
    record.cwd = command.cwd;
    fill(record, *result);
    step.parts.push_back(std::move(record));
  }
  cache_->store(entry_of(chain.commands[index]), {}, recorder.before(), step);
}

void ReferenceRoad::accept(const RoadFile& file) {
  files_.put(file.path, {}, file.mode);
  files_.find(file.path)->set_bytes(file.bytes);
  made_by_.erase(file.path);
}

std::optional<SourcePlace> ReferenceRoad::trace(std::string_view path, std::uint64_t offset) const {
  SourcePlace place;
  std::string at(path);
  for (int depth = 0; depth < kMaxTrace; ++depth) {
    const auto maker = made_by_.find(at);
    if (maker == made_by_.end() || find_room(maker->second.role) == nullptr) break;
    const Result<Inputs> inputs = inputs_of(maker->second);
    if (!inputs) return std::nullopt;
    NoDiagnostics none;
    const Output output =
        find_room(maker->second.role)->assemble({maker->second, arch_, inputs->sources, files_, true}, none);
    const MapEntry* entry = output.map.find(offset);
    if (entry == nullptr || entry->span.source >= inputs->sources.size()) return std::nullopt;
    if (depth == 0) place.address = output.base_address + offset;
    // Inside a plain copy every byte has its own source byte; elsewhere the span's start stands for all.
    const bool copied = entry->length == entry->span.length;
    offset = entry->span.offset + (copied ? offset - entry->offset : 0);
    at = inputs->sources[entry->span.source].name;
  }
  const Result<std::shared_ptr<const Bytes>> text = files_.read(at);
  if (!text) return std::nullopt;
  place.path = at;
  place.position = position_of(**text, offset);
  place.line = std::string(line_of(**text, offset));
  return place;
}

}  // namespace assay::bootstrap
