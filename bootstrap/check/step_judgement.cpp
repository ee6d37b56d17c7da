// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/step_judgement.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "bootstrap/check/compare.h"

namespace assay::bootstrap {
namespace {

using machine::ImageRecord;
using machine::KnownRun;
using machine::Stop;

/// How a program that ran ended, as far as a parent can tell.
std::string kind_of_ending(Stop stop, int status) {
  switch (stop) {
    case Stop::exited: return fmt::format("exits with status {}", status);
    case Stop::memory_fault:
    case Stop::unknown_instruction:
    case Stop::arithmetic_fault:
    case Stop::breakpoint: return "is killed by a signal";
    default: return std::string(name_of(stop));
  }
}

/// What a program leaves, its two output streams and the way it ends taken for files.
std::vector<RoadFile> with_streams(std::vector<RoadFile> files, ByteView out, ByteView err,
                                   std::string_view ending) {
  if (!out.empty())
    files.push_back({"(standard output)", std::make_shared<Bytes>(out.begin(), out.end()), 0});
  if (!err.empty()) files.push_back({"(standard error)", std::make_shared<Bytes>(err.begin(), err.end()), 0});
  files.push_back({"(ending)", std::make_shared<Bytes>(to_bytes(ending)), 0});
  return files;
}

/// What is at a path, in words.
std::string text_of(const NodeState* state) {
  if (state == nullptr) return "as before";
  if (!state->kind) return "nothing";
  switch (*state->kind) {
    case NodeKind::directory: return fmt::format("a directory, mode {:04o}", state->mode);
    case NodeKind::link: return fmt::format("a link to '{}'", state->target);
    case NodeKind::file: break;
  }
  return fmt::format("a file of {} bytes, mode {:04o}", state->bytes->size(), state->mode);
}

/// Changes of the tree that are no outputs: what is removed, made a directory or link, or has another mode.
std::optional<Divergence> other_difference(const KnownRun& run, const Computed& computed) {
  std::map<std::string_view, std::pair<const NodeState*, const NodeState*>> all;
  for (const auto& [path, state] : run.changes) all[path].first = &state;
  for (const auto& [path, state] : computed.changes) all[path].second = &state;
  for (const machine::FileUse& use : run.outputs) all.erase(use.path);
  for (const RoadFile& file : computed.outputs) all.erase(file.path);
  for (const auto& [path, states] : all) {
    const auto& [seed, reference] = states;
    if (seed != nullptr && reference != nullptr && *seed == *reference) continue;
    Divergence divergence;
    divergence.path = path;
    divergence.seed_state = text_of(seed);
    divergence.reference_state = text_of(reference);
    return divergence;
  }
  return std::nullopt;
}

}  // namespace

std::vector<RoadFile> road_files(const std::vector<machine::FileUse>& uses) {
  std::vector<RoadFile> files;
  files.reserve(uses.size());
  for (const machine::FileUse& use : uses) files.push_back({use.path, use.bytes, use.mode});
  return files;
}

RunEnd end_of(const ImageRecord& image) {
  if (image.stop == Stop::exited) return {};
  std::string fault =
      image.stop == Stop::limit_instructions
          ? fmt::format("does not end: it was stopped at 0x{:x} after {} instructions", image.address,
                        image.instructions)
          : fmt::format("is stopped at 0x{:x} after {} instructions: {}", image.address, image.instructions,
                        image.message.empty() ? name_of(image.stop) : image.message);
  return {image.stop, std::move(fault), image.program, image.program_bytes, image.address};
}

std::string ending_of(const RunEnd& end, int status) {
  return end.stop == Stop::exited ? fmt::format("exits with status {}", status) : end.fault;
}

bool is_own_limit(Stop stop, const Command& command) {
  if (stop == Stop::limit_instructions) return command.role == Role::unknown || command.described != nullptr;
  return stop == Stop::limit_memory || stop == Stop::limit_output || stop == Stop::limit_processes ||
         stop == Stop::limit_open_files;
}

std::string ending_of(const Computed& computed) {
  switch (computed.ending) {
    case Ending::exits: return fmt::format("exits with status {}", computed.status);
    case Ending::hangs: return "hangs";
    case Ending::crashes: return "is killed by a signal";
    case Ending::undefined: break;
  }
  return "ends in a way that is not defined";
}

bool asked_what_varies(const machine::KnownRun& run) {
  static constexpr std::array<std::string_view, 5> kVarying{"process-number", "system-name", "time",
                                                            "standard-input", "unwaited-child"};
  return std::any_of(run.reliances.begin(), run.reliances.end(), [](const machine::Reliance& one) {
    return one.what.starts_with("system-call ") ||
           std::find(kVarying.begin(), kVarying.end(), one.what) != kVarying.end();
  });
}

bool ended_badly(const RunEnd& end, int status) { return end.stop != Stop::exited || status != 0; }

std::optional<Divergence> difference(const KnownRun& run, const RunEnd& end, const Computed& computed) {
  std::optional<Divergence> found =
      first_difference(with_streams(road_files(run.outputs), run.standard_output, run.standard_error,
                                    kind_of_ending(end.stop, run.status)),
                       with_streams(computed.outputs, as_bytes(computed.standard_output),
                                    as_bytes(computed.standard_error), ending_of(computed)));
  return found ? found : other_difference(run, computed);
}

namespace {

/// `Done`: what a road did.
template <class Done>
Done without_files(Done done, const std::vector<std::string>& paths) {
  const auto is_among = [&](const std::string& path) {
    return std::ranges::find(paths, path) != paths.end();
  };
  std::erase_if(done.outputs, [&](const auto& file) { return is_among(file.path); });
  std::erase_if(done.changes, [&](const auto& change) { return is_among(change.first); });
  return done;
}

}  // namespace

KnownRun without(KnownRun run, const std::vector<std::string>& paths) {
  return without_files(std::move(run), paths);
}

Computed without(Computed computed, const std::vector<std::string>& paths) {
  return without_files(std::move(computed), paths);
}

KnownRun run_of(const Computed& computed) {
  KnownRun run;
  run.status = computed.status;
  run.standard_output = to_bytes(computed.standard_output);
  run.standard_error = to_bytes(computed.standard_error);
  for (const RoadFile& file : computed.outputs) run.outputs.push_back({file.path, file.bytes, file.mode});
  run.changes = computed.changes;
  return run;
}

KnownRun run_of(const ImageRecord& image, PathStates changes) {
  return {image.status,          image.inputs,         image.outputs,      image.missing,
          image.standard_output, image.standard_error, image.instructions, image.system_calls,
          image.peak_memory,     std::move(changes),   image.reliances};
}

void keep_once(KnownRun& run, const Computed& computed) {
  const auto share = [&](const std::string& path, std::shared_ptr<const Bytes>& bytes) {
    for (const RoadFile& file : computed.outputs) {
      if (file.path == path && file.bytes && bytes && *file.bytes == *bytes) bytes = file.bytes;
    }
  };
  for (machine::FileUse& use : run.outputs) share(use.path, use.bytes);
  for (auto& [path, state] : run.changes) share(path, state.bytes);
}

void add_once(std::vector<Finding>& findings, Finding finding) {
  const auto same = [&finding](const Finding& one) {
    return std::tie(one.id, one.file, one.line, one.column, one.message) ==
           std::tie(finding.id, finding.file, finding.line, finding.column, finding.message);
  };
  if (std::none_of(findings.begin(), findings.end(), same)) findings.push_back(std::move(finding));
}

}  // namespace assay::bootstrap
