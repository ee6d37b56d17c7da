// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/reference_walk.h"

#include <fmt/format.h>
#include <algorithm>

#include "core/digest.h"

namespace assay::bootstrap {
namespace {

CommandEnd end_of(const Computed& computed) {
  CommandEnd end{.status = computed.status, .reads = computed.reads};
  if (computed.ending == Ending::crashes) end.signal = kCrashSignal;
  for (const auto& [path, state] : computed.changes) end.writes.push_back(path);
  // What was written as it had been is the command's product all the same.
  for (const RoadFile& file : computed.outputs) {
    if (std::find(end.writes.begin(), end.writes.end(), file.path) == end.writes.end())
      end.writes.push_back(file.path);
  }
  return end;
}

}  // namespace

Chain ReferenceWalk::walk(const Tree& tree, const Architecture& arch, const ChainEnd* end) {
  Chain chain;
  for (const Finding& finding : road_.seed_findings()) {
    chain.findings.push_back(finding);
    chain.findings_at.push_back(0);
  }
  walk_chain(tree, arch, *this, chain, end);
  for (auto& [at, finding] : departures_) {
    chain.findings.push_back(std::move(finding));
    chain.findings_at.push_back(at);
  }
  return chain;
}

bool ReferenceWalk::accepts(ByteView program) const {
  return !accepted_.empty() &&
         std::find(accepted_.begin(), accepted_.end(), sha256(program)) != accepted_.end();
}

void ReferenceWalk::begin(const Chain& chain, std::size_t interpreter) {
  begun_ = chain.commands.size();
  road_.running().push_back(chain.commands[interpreter].program);
  observer_.on_begin(chain.commands[interpreter]);
}

void ReferenceWalk::end(const Chain& /*chain*/, std::size_t interpreter, const Interpretation& done) {
  road_.running().pop_back();
  observer_.on_interpreted(interpreter, done);
}

CommandEnd ReferenceWalk::perform(const Chain& chain, std::size_t index, const Start& start) {
  const Command command = chain.commands[index];  // the list grows
  begun_ = chain.commands.size();
  observer_.on_begin(command);
  if (observer_.is_over()) return {.known = false, .status = 1};
  if (road_.is_binary(command.program)) check_binary(command);
  if (const std::optional<std::string> origin = road_.opaque_origin(command.program))
    check_opaque(command, *origin);
  std::optional<Computed> room;
  if (!command.known) room = road_.by_room_alone(command);
  bool over = false;  // a part ended the walk
  Result<Computed> computed =
      road_.derive(command, [&](const exec::Start& part) -> std::optional<exec::Ended> {
        const CommandEnd end = start({"/" + part.program, part.argv, part.env, part.cwd, false});
        over |= !end.known;
        return end.known ? std::optional(exec::Ended(end.status, end.signal)) : std::nullopt;
      });
  if (over) return {.known = false, .status = 1};
  if (computed) {
    if (room) compare_with_room(command, *room, *computed);
    CommandEnd end = end_of(*computed);
    end.known = computed->ending != Ending::hangs;
    const std::optional<exec::Start> next = computed->replaced_by;
    observer_.on_derived(index, std::move(*computed));
    if (!next) return end;
    const CommandEnd last = start({"/" + next->program, next->argv, next->env, next->cwd, true});
    end.known = last.known;
    end.status = last.status;
    end.signal = last.signal;
    return end;
  }
  const auto part = [&](const PartStart& started, const PathStates& so_far) {
    road_.accept(command, so_far, false);
    return start(started).known;
  };
  const std::optional<TakenOver> taken = observer_.on_unknown(index, computed.error(), std::move(room), part);
  if (!taken) return {.known = false, .status = 1};
  road_.accept(command, taken->changes, taken->confirmed);
  return taken->end();
}

CommandEnd TakenOver::end() const {
  CommandEnd end{.status = status, .signal = signal, .reads = reads};
  for (const auto& [path, state] : changes) end.writes.push_back(path);
  return end;
}

/// A program that is no text's, but a binary that lies in the tree or was made of one.
void ReferenceWalk::check_binary(const Command& command) {
  const Result<std::shared_ptr<const Bytes>> program = files().read(command.program);
  if (!program) return;
  if (accepts(**program)) return road_.accept_binary(command.program);
  // One that lies there is told where it is started.
  if (!command.built_by || !departed_.insert(command.program).second) return;
  departures_.emplace_back(
      begun_,
      Finding{"binary-not-derived", Severity::error, command.script, command.line, 0,
              fmt::format("program '{}' (sha256 {}) is run: it is a copy of a binary that lies in the "
                          "tree, or was made of one",
                          command.program, sha256(**program)),
              "build it from sources, or take responsibility for it: --accept SHA256"});
}

/// One that was unpacked, joined or decoded from what nobody can read.
void ReferenceWalk::check_opaque(const Command& command, const std::string& origin) {
  const Result<std::shared_ptr<const Bytes>> program = files().read(command.program);
  if (!program || accepts(**program) || !departed_.insert(command.program).second) return;
  departures_.emplace_back(
      begun_, Finding{"program-of-opaque-file", Severity::warning, command.script, command.line, 0,
                      fmt::format("program '{}' (sha256 {}) is run: it was made of '{}', which is no text",
                                  command.program, sha256(**program), origin),
                      "build it from sources, or take responsibility for it: --accept SHA256"});
}

/// A program whose sources are unknown is run; where it does something else than its name says, that is told
/// once.
void ReferenceWalk::compare_with_room(const Command& command, const Computed& room,
                                      const Computed& computed) {
  if (room.outputs.empty() || departed_.contains(command.program)) return;
  const RoadFile& expected = room.outputs.front();
  const auto made = std::find_if(computed.outputs.begin(), computed.outputs.end(),
                                 [&](const RoadFile& one) { return one.path == expected.path; });
  const Bytes none;
  const Bytes& bytes = made == computed.outputs.end() ? none : *made->bytes;
  const auto parted =
      std::mismatch(bytes.begin(), bytes.end(), expected.bytes->begin(), expected.bytes->end());
  if (parted.first == bytes.end() && parted.second == expected.bytes->end()) return;
  departed_.insert(command.program);
  const auto offset = static_cast<std::uint64_t>(parted.first - bytes.begin());
  std::string message = fmt::format(
      "'{}' was built of sources that assay does not know, and is another {} than those it knows: '{}' "
      "differs at offset 0x{:x}: it writes {}, they write {}",
      command.program, name_of(command.role), expected.path, offset, byte_text(bytes, offset),
      byte_text(*expected.bytes, offset));
  std::string help = "its steps were derived by running it, as built on the reference road";
  if (const std::optional<SourcePlace> place = road_.room_place(command, offset))
    help += fmt::format("; the byte is about {}:{}: {}", place->path, place->position.line, place->line);
  departures_.emplace_back(begun_, Finding{"role-departs", Severity::note, command.script, command.line, 0,
                                           std::move(message), std::move(help)});
}

}  // namespace assay::bootstrap
