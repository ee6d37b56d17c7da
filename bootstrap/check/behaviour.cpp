// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/behaviour.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::bootstrap {
namespace {

std::string ending_text(const Behaviour& behaviour) {
  return behaviour.stop == machine::Stop::exited ? fmt::format("exits with status {}", behaviour.status)
                                                 : fmt::format("ends with {}", name_of(behaviour.stop));
}

std::optional<std::string> byte_change(std::string_view name, const Bytes& once, const Bytes& now) {
  if (once == now) return std::nullopt;
  const std::size_t common = std::min(once.size(), now.size());
  const auto at = static_cast<std::size_t>(
      std::mismatch(once.begin(), once.begin() + static_cast<std::ptrdiff_t>(common), now.begin()).first -
      once.begin());
  if (at == common) return fmt::format("{} has {} bytes instead of {}", name, now.size(), once.size());
  return fmt::format("{} has {} at byte {} instead of {}", name, to_hex({&now[at], 1}), at,
                     to_hex({&once[at], 1}));
}

std::string_view kind_text(const NodeState& state) {
  if (!state.kind) return "nothing";
  switch (*state.kind) {
    case NodeKind::file: return "a file";
    case NodeKind::directory: return "a directory";
    case NodeKind::link: return "a link";
  }
  return "something";
}

std::optional<std::string> state_change(const std::string& path, const NodeState& once,
                                        const NodeState& now) {
  if (once == now) return std::nullopt;
  if (once.kind != now.kind)
    return fmt::format("'{}' is {} instead of {}", path, kind_text(now), kind_text(once));
  if (once.kind == NodeKind::file) {
    if (auto change = byte_change(fmt::format("'{}'", path), *once.bytes, *now.bytes)) return change;
  }
  if (once.mode != now.mode)
    return fmt::format("'{}' has mode {:o} instead of {:o}", path, now.mode, once.mode);
  return fmt::format("'{}' leads to '{}' instead of '{}'", path, now.target, once.target);
}

/// Changes are sorted by path.
std::optional<std::string> tree_change(const PathStates& once, const PathStates& now) {
  auto left = once.begin();
  auto right = now.begin();
  while (left != once.end() || right != now.end()) {
    if (right == now.end() || (left != once.end() && left->first < right->first))
      return fmt::format("'{}' is not changed", left->first);
    if (left == once.end() || right->first < left->first)
      return fmt::format("'{}' is changed too", right->first);
    if (auto change = state_change(left->first, left->second, right->second)) return change;
    ++left;
    ++right;
  }
  return std::nullopt;
}

}  // namespace

machine::Request request_of(const machine::ImageRecord& image) {
  machine::Request request;
  request.program = "/" + image.program;
  request.argv = image.argv;
  request.env = image.env;
  request.cwd = image.cwd;
  return request;
}

Result<Behaviour> behave(const MemoryTree& tree, const machine::Request& request) {
  MemoryTree files = tree.copy();
  StepRecorder recorder(files);
  Result<machine::Outcome> outcome = machine::run(files, request);
  if (!outcome) {
    pass_on_no_memory(outcome.error());
    return tl::unexpected<Error>(outcome.error());
  }
  return Behaviour{outcome->stop, outcome->status, std::move(outcome->standard_output),
                   std::move(outcome->standard_error), recorder.changes()};
}

std::optional<std::string> first_change(const Behaviour& once, const Behaviour& now) {
  if (auto change = tree_change(once.changes, now.changes)) return change;
  if (auto change = byte_change("standard output", once.standard_output, now.standard_output)) return change;
  if (auto change = byte_change("standard error", once.standard_error, now.standard_error)) return change;
  if (once.stop == now.stop && (once.stop != machine::Stop::exited || once.status == now.status))
    return std::nullopt;
  return fmt::format("it {}; otherwise it {}", ending_text(now), ending_text(once));
}

}  // namespace assay::bootstrap
