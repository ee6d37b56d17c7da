// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/pins.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <set>

#include "bootstrap/check/answers.h"
#include "bootstrap/live_bootstrap/chain_end.h"
#include "bootstrap/live_bootstrap/walk_world.h"
#include "core/paths.h"

namespace assay::bootstrap {
namespace {

constexpr std::string_view kPackages{"steps/SHA256SUMS.pkgs"};
constexpr std::string_view kRepository{"external/repo"};  // where live-bootstrap puts its packages

}  // namespace

PinBook::PinBook(const Tree& tree, const Architecture& arch, bool both_roads)
    : files_(tree.files), both_roads_(both_roads) {
  const FileTree& files = *tree.files;
  read(files, answers_path(arch), true);
  for (const std::string& list : image::checksum_lists(files, "", arch.library_name))
    read(files, list, false);
  const image::Manifest manifest = image::manifest_of(files);
  std::set<std::string> seen;
  for (const image::PlannedDirective& planned : image::plan_of(files, manifest)) {
    const std::string& step = planned.directive->argument;
    if (planned.directive->kind != image::DirectiveKind::build || !seen.insert(step).second) continue;
    for (const std::string& list : image::checksum_lists(files, "steps/" + step, arch.library_name))
      read(files, list, false);
  }
  read(files, std::string(kPackages), false);
}

void PinBook::read(const FileTree& files, const std::string& path, bool is_answers) {
  const Result<std::shared_ptr<const Bytes>> bytes = files.read(path);
  if (!bytes) return;
  List list;
  list.path = path;
  list.is_answers = is_answers;
  const std::string base = path == kPackages ? std::string(kRepository) : std::string(parent_path(path));
  std::string_view rest = as_text(**bytes);
  for (std::uint64_t line = 1; !rest.empty(); ++line) {
    const AnswerLine answer = next_answer(rest);
    if (answer.digest.empty()) continue;
    Pin pin;
    pin.list = path;
    pin.line = line;
    pin.path = image::WalkWorld::path(base, answer.path);
    pin.wanted = answer.digest;
    list.pins.push_back(std::move(pin));
  }
  lists_.push_back(std::move(list));
}

void PinBook::add(std::size_t index, const Command& command, Step step) {
  for (List& list : lists_) {
    const bool checks =
        std::find(command.inputs.begin(), command.inputs.end(), list.path) != command.inputs.end() &&
        command.role == Role::sha256sum;
    if (checks) judge(list, false);
  }
  const bool alone = step.alone || std::any_of(step.read.begin(), step.read.end(), [&](const auto& path) {
                       const auto found = made_.find(path);
                       return found != made_.end() && found->second.product.alone;
                     });
  const std::string directory(parent_path(command.script));
  note_given(directory, step);
  for (const std::string& path : step.gone) made_.erase(path);
  for (Product& one : step.made) {
    one.alone = alone;
    std::string path = one.path;
    made_.insert_or_assign(
        std::move(path),
        Made{std::move(one), index,
             Maker{directory, fmt::format("{}:{}, {}", command.script, command.line,
                                          command.argv.empty() ? command.program : command.argv.front())}});
  }
}

/// Patches and archives: neither scripts nor lists, which have their own findings.
void PinBook::note_given(const std::string& directory, const Step& step) {
  for (const std::string& path : step.read) {
    const bool counts = (path.starts_with("steps/") || path.starts_with("external/")) &&
                        !path.ends_with(".checksums") && !path.ends_with(".kaem") &&
                        last_part(path) != "sources" && !made_.contains(path);
    if (!counts || given_[directory].contains(path)) continue;
    const Result<NodeInfo> info = files_->info(path);
    if (info && info->kind == NodeKind::file) given_[directory].insert(path);
  }
}

std::string PinBook::given_text(const std::string& directory) const {
  constexpr std::size_t kMost = 8;
  const auto found = given_.find(directory);
  if (found == given_.end() || found->second.empty()) return "";
  std::vector<std::string> names(found->second.rbegin(), found->second.rend());  // steps/ before external/
  const std::size_t more = names.size() - std::min(names.size(), kMost);
  names.resize(names.size() - more);
  return fmt::format("; its script read {}{}", fmt::join(names, ", "),
                     more == 0 ? "" : fmt::format(" and {} more", more));
}

PinVerdict PinBook::verdict_of(const Product& made, const std::string& wanted) const {
  const bool seed = made.seed == wanted;
  const bool reference = made.reference == wanted;
  if ((!made.seed.empty() && !seed) || (!made.reference.empty() && !reference)) return PinVerdict::wrong;
  return both_roads_ && (made.alone || !(seed && reference)) ? PinVerdict::one_road : PinVerdict::ok;
}

/// `own_only`: what other scripts than the list's made is none of it: a later step's program of that name.
void PinBook::judge(List& list, bool own_only) {
  list.judged = true;
  for (Pin& pin : list.pins) {
    const auto found = made_.find(pin.path);
    if (found == made_.end() || (own_only && found->second.maker.directory != parent_path(pin.list))) {
      pin.verdict = PinVerdict::not_made;
      continue;
    }
    pin.seed = found->second.product.seed;
    pin.reference = found->second.product.reference;
    pin.step = found->second.step;
    pin.verdict = verdict_of(found->second.product, pin.wanted);
    if (pin.verdict == PinVerdict::wrong) wrong_[&pin] = found->second.maker;
  }
}

Pins PinBook::finish(std::vector<Finding>& findings) && {
  Pins pins;
  std::set<std::string_view> pinned;
  for (List& list : lists_) {
    for (const Pin& pin : list.pins) pinned.insert(pin.path);
    if (!list.judged) {
      judge(list, !list.is_answers);
      if (std::none_of(list.pins.begin(), list.pins.end(),
                       [](const Pin& pin) { return pin.step.has_value(); })) {
        pins.later += list.pins.size();
        continue;
      }
      // Nobody has looked at the list yet: what is not there may still come.
      for (Pin& pin : list.pins) {
        if (pin.verdict == PinVerdict::not_made) pin.verdict = PinVerdict::not_reached;
      }
    }
    for (const Pin& pin : list.pins) {
      if (pin.verdict == PinVerdict::wrong && !list.is_answers) {
        const bool agree = pin.seed == pin.reference;
        findings.push_back(
            {std::string(kPinMismatch), Severity::error, pin.list, pin.line, 1,
             fmt::format("'{}' should have the digest {} and has {}: {} made it", pin.path, pin.wanted,
                         pin.seed.empty() || pin.seed == pin.wanted ? pin.reference : pin.seed,
                         wrong_.at(&pin).command),
             (agree ? "both roads make these bytes, so its sources or the list were changed"
                    : "the step that made it went wrong, or one road alone made it") +
                 given_text(wrong_.at(&pin).directory)});
      }
      pins.rows.push_back(pin);
    }
  }
  for (const auto& [path, made] : made_) pins.unpinned += pinned.contains(path) ? 0 : 1;
  return pins;
}

}  // namespace assay::bootstrap
