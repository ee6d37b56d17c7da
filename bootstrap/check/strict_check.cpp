// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/strict_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace assay::bootstrap {
namespace {

/// More kinds and files than these are no help to anybody; each costs a run of its room, to find its place.
constexpr std::size_t kMostPlaces = 60;

using Key = std::pair<std::string_view, std::string>;  // kind and file

/// The first warning of a kind in a file, and how many follow.
struct Folded {
  StrictWarning first;
  std::size_t more = 0;
};

/// Everything behind an odd digit is read at the wrong place: of these the first stands for all, and none
/// stands behind another warning of its text.
bool is_consequence(const StrictWarning& warning) {
  constexpr std::string_view kEndings[] = {"-label-inside-byte", "-odd-nibble", "-split-byte"};
  return std::ranges::any_of(kEndings,
                             [&](std::string_view ending) { return warning.kind->id.ends_with(ending); });
}

/// The names of armv7l's instructions, and of the registers of a knight machine, are single digits, apart
/// from each other: that is how they are written.
bool is_idiom(const Architecture& arch, const StrictWarning& warning) {
  return (arch.name == "armv7l" || arch.bare) && warning.kind->id.ends_with("-split-byte");
}

/// One warning a kind and input, in order of the text.
std::vector<Folded> fold(std::vector<StrictWarning> warnings) {
  // What stands between the two digits of a byte comes before what becomes of the byte.
  constexpr std::uint64_t kNear = 16;
  std::ranges::stable_sort(warnings, {}, [](const StrictWarning& one) {
    return std::pair(one.path, one.offset + (is_consequence(one) ? kNear : 0));
  });
  std::vector<Folded> folded;
  std::map<Key, std::size_t> at;
  for (StrictWarning& warning : warnings) {
    const bool follows =
        !folded.empty() && folded.back().first.path == warning.path && is_consequence(warning);
    const auto [known, is_new] = at.try_emplace({warning.kind->id, warning.path}, folded.size());
    if (!is_new || follows) {
      ++folded[is_new ? folded.size() - 1 : known->second].more;
      if (is_new) known->second = folded.size() - 1;
    } else {
      folded.push_back({std::move(warning), 0});
    }
  }
  return folded;
}

class Collector {
 public:
  explicit Collector(const FileTree& tree) : tree_(tree) {}

  void add(ReferenceRoad& road, Folded warning) {
    const StrictWarning& first = warning.first;
    if (!inputs_.emplace(first.kind->id, first.path).second || ++traced_ > kMostPlaces) return;
    std::optional<SourcePlace> place = road.trace(first.path, first.offset);
    if (!place) {
      const auto text = road.files().read(first.path);
      if (!text) return;
      place.emplace();
      place->path = first.path;
      place->position = position_of(**text, first.offset);
    }
    // What one tool lets through the next ones stumble over: the first of them has told.
    if (!places_.emplace(place->path, place->position.line).second) return;
    if (!kinds_.emplace(first.kind->id, place->path).second) return;
    // A compiler's labels come twice wherever two texts have the same function; the last one counts, as
    // meant.
    const bool compiled = place->path.ends_with(".c") || !tree_.info(place->path);
    if (compiled && first.kind->id.ends_with("-duplicate-label")) return;
    const std::string more = warning.more == 0 ? "" : fmt::format(" (and {} more behind it)", warning.more);
    findings_.push_back({std::string(first.kind->id), first.kind->severity, place->path, place->position.line,
                         place->position.column, first.message + more, std::string(first.kind->help)});
  }

  [[nodiscard]] std::vector<Finding> take() { return std::move(findings_); }

 private:
  const FileTree& tree_;
  std::set<Key> inputs_;
  std::set<Key> kinds_;
  std::set<std::pair<std::string, std::uint64_t>> places_;
  std::size_t traced_ = 0;
  std::vector<Finding> findings_;
};

}  // namespace

bool is_of_room(const Finding& finding) {
  constexpr std::string_view kRooms[] = {"hex0-", "hex1-", "hex2-", "m0-", "m1-", "linker-", "cc-"};
  return std::ranges::any_of(kRooms, [&](std::string_view room) { return finding.id.starts_with(room); });
}

std::vector<Finding> strict_warnings(const Tree& tree, const Architecture& arch, StepBoard& board,
                                     const Chain& chain, std::size_t last) {
  ReferenceRoad road(tree, arch);
  Collector collector(*tree.files);
  for (const std::size_t step : chain.steps()) {
    if (step >= board.size() || step > last) break;
    const Slot& slot = board.slot(step);
    std::vector<StrictWarning> warnings = road.strict_warnings(slot.command, step == last);
    std::erase_if(warnings, [&](const StrictWarning& one) { return is_idiom(arch, one); });
    for (Folded& warning : fold(std::move(warnings))) collector.add(road, std::move(warning));
    if (step == last) break;
    if (slot.computed) {
      road.accept(slot.command, slot.computed->changes, true);
    } else {
      road.accept(slot.command, slot.run.changes, slot.result.verdict == Verdict::equal);
    }
  }
  return collector.take();
}

}  // namespace assay::bootstrap
