// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/known/cause.h"

#include <algorithm>
#include <set>

#include "bootstrap/check/answers.h"
#include "bootstrap/check/strict_check.h"

namespace assay::bootstrap {
namespace {

constexpr std::size_t kMostLines = 6;

/// The sources of one chain against a known one's.
struct Difference {
  std::set<std::string, std::less<>> changed, missing, added;
  std::size_t alike = 0;

  [[nodiscard]] std::size_t distance() const { return changed.size() + missing.size() + added.size(); }
};

Difference difference(const Digests& here, const KnownState& state, const KnownChain& known,
                      TreeDigests& files) {
  Difference difference;
  for (const auto& [path, digest] : known.sources) {
    // A chain that stopped early has not come to all of them.
    const auto found = here.find(path);
    const std::string& current = found == here.end() ? files.of(path) : found->second;
    if (current.empty()) {
      difference.missing.insert(path);
    } else if (is_digest_of(digest, current)) {
      ++difference.alike;
    } else {
      difference.changed.insert(path);
    }
  }
  for (const auto& [path, digest] : here) {
    if (known.sources.contains(path)) continue;
    const auto other = state.others.find(path);
    if (other == state.others.end()) {
      difference.added.insert(path);
    } else if (!is_digest_of(other->second, digest)) {
      difference.changed.insert(path);
    }
  }
  return difference;
}

/// Files that are not as in a state, and that none of the chains reads; what is not there is left out.
std::vector<std::string> changed_unread(const KnownState& state, const std::vector<Digests>& read,
                                        TreeDigests& files) {
  std::set<std::string> changed;
  const auto look = [&](const std::string& path, const std::string& digest) {
    const bool is_read = std::ranges::any_of(read, [&](const Digests& one) { return one.contains(path); });
    if (is_read) return;
    if (const std::string& here = files.of(path); !here.empty() && !is_digest_of(digest, here))
      changed.insert(path);
  };
  for (const auto& [path, digest] : state.others) look(path, digest);
  for (const KnownChain& chain : state.chains)
    for (const auto& [path, digest] : chain.sources) look(path, digest);
  return {changed.begin(), changed.end()};
}

/// Follows what is wrong in a chain back to the first products and sources that are not as known.
class Trail {
 public:
  Trail(const ChainResult& result, const KnownChain& known, const Difference& difference)
      : result_(result), difference_(difference), units_(result.steps.size()) {
    std::map<std::string, std::size_t, std::less<>> times;
    for (std::size_t index = 0; index < result.steps.size(); ++index) {
      const StepResult& step = result.steps[index];
      std::size_t whole = step.command;
      while (const std::optional<std::size_t> above = result.chain.commands[whole].part_of) whole = *above;
      units_[index] = whole;
      for (const FileDigest& file : step.outputs) {
        const auto found = known.products.find(file.path);
        const std::size_t time = times[file.path]++;
        const bool as_known = found != known.products.end() && time < found->second.size() &&
                              is_digest_of(found->second[time], file.sha256);
        if (!as_known) departed_.try_emplace(index, file.path);
      }
    }
  }

  /// A step, and what it comes from.
  void follow(std::size_t index) {
    if (!seen_.insert(units_[index]).second) return;
    for (std::size_t member = 0; member < result_.steps.size(); ++member) {
      if (units_[member] != units_[index]) continue;
      if (departed_.contains(member) && (!cause_.step || member < *cause_.step)) {
        cause_.step = member;
        cause_.product = departed_.at(member);
      }
      const Command& command = result_.chain.commands[result_.steps[member].command];
      std::set<std::string> reads(command.inputs.begin(), command.inputs.end());
      for (const FileDigest& file : result_.steps[member].inputs) reads.insert(file.path);
      reads.insert(command.program);
      for (const std::string& path : reads) follow_file(path, member);
      for (const Command* at = &command;; at = &result_.chain.commands[*at->parent]) {
        add_source(at->script, member);
        if (!at->parent) break;
      }
    }
  }

  /// A file as it is before a step, or, behind them all, in the end.
  void follow_file(std::string_view path, std::size_t before) {
    std::optional<std::size_t> writer;
    for (std::size_t index = 0; index < before; ++index) {
      const std::vector<FileDigest>& files = result_.steps[index].outputs;
      if (std::any_of(files.begin(), files.end(), [&](const FileDigest& file) { return file.path == path; }))
        writer = index;
    }
    if (!writer) return add_source(path, before);
    if (departed_.contains(*writer)) follow(*writer);
  }

  [[nodiscard]] std::optional<Departure> first_departure() const {
    if (departed_.empty()) return std::nullopt;
    return Departure{departed_.begin()->first, departed_.begin()->second};
  }

  Cause take() {
    for (const auto& [path, step] : sources_) cause_.changed.push_back(path);
    std::ranges::stable_sort(cause_.changed, {}, [&](const std::string& path) { return sources_.at(path); });
    return std::move(cause_);
  }

 private:
  /// `step`: that reads it.
  void add_source(std::string_view path, std::size_t step) {
    if (!difference_.changed.contains(path) && !difference_.added.contains(path) &&
        !difference_.missing.contains(path))
      return;
    std::size_t& first = sources_.try_emplace(std::string(path), step).first->second;
    first = std::min(first, step);
  }

  const ChainResult& result_;
  const Difference& difference_;
  std::vector<std::size_t> units_;  ///< by step: the command that it is, or is a part of
  std::map<std::size_t, std::string>
      departed_;  ///< steps whose product is not the known one, and which that is
  std::set<std::size_t> seen_;
  std::map<std::string, std::size_t, std::less<>> sources_;  ///< and the first step that reads each
  Cause cause_;
};

/// Whether a line of the list of answers has another digest than what was made.
bool is_wrong(const ChainResult& result, const std::string& list, std::uint64_t line) {
  return std::any_of(result.findings.begin(), result.findings.end(), [&](const Finding& finding) {
    return finding.id == "answers-mismatch" && finding.file == list && finding.line == line;
  });
}

std::optional<Cause> cause_of(const Tree& tree, const ChainResult& result, const KnownChain& known,
                              const Difference& difference) {
  if (result.verdict != ChainVerdict::fail) return std::nullopt;
  Trail trail(result, known, difference);
  bool wrong = false;
  const std::string list = answers_path(*result.chain.architecture);
  const auto bytes = tree.files->read(list);
  std::string_view rest = bytes ? as_text(**bytes) : "";
  for (std::uint64_t line = 1; !rest.empty(); ++line) {
    const AnswerLine answer = next_answer(rest);
    if (!is_wrong(result, list, line)) continue;
    wrong = true;
    trail.follow_file(list, 0);
    trail.follow_file(answer.path, result.steps.size());
  }
  for (std::size_t index = 0; index < result.steps.size(); ++index) {
    const Verdict verdict = result.steps[index].verdict;
    if (verdict != Verdict::failed && verdict != Verdict::differ) continue;
    // Who checks a list that is wrong reads all that is right, too: no cause of its failure.
    const std::vector<std::string>& inputs = result.chain.commands[result.steps[index].command].inputs;
    if (!wrong || std::ranges::find(inputs, list) == inputs.end()) trail.follow(index);
    wrong = true;
    break;  // what follows is its consequence
  }
  if (!wrong) return std::nullopt;
  return trail.take();
}

/// What is wrong with a name shows where it is used, not where it was defined.
bool is_of_missing_name(const Finding& finding) {
  constexpr std::string_view kEndings[] = {"-undefined", "-undefined-constant", "-undefined-label",
                                           "-undefined-word"};
  return std::ranges::any_of(kEndings, [&](std::string_view end) { return finding.id.ends_with(end); });
}

/// Whether a line is one of those that were changed, or beside one that is missing.
bool is_in(const FileChange& change, std::uint64_t line) {
  return std::ranges::any_of(change.places, [line](const LineChange& place) {
    return line + 1 >= place.line && line < place.line + std::max<std::uint64_t>(place.come, 1);
  });
}

void add_lines(const FileTree& here, const FileTree& known, Cause& cause) {
  for (const std::string& path : cause.changed) {
    const auto before = known.read(path);
    const auto now = here.read(path);
    if (!before || !now || cause.lines.size() >= kMostLines) continue;
    for (Cause::Line& line :
         changed_lines(path, as_text(**before), as_text(**now), kMostLines - cause.lines.size()))
      cause.lines.push_back(std::move(line));
  }
}

}  // namespace

std::vector<Cause::Line> changed_lines(const std::string& path, std::string_view known, std::string_view here,
                                       std::size_t most) {
  const std::vector<std::string_view> before = lines_of(known);
  const std::vector<std::string_view> now = lines_of(here);
  std::vector<Cause::Line> lines;
  for (const LineChange& place : changed_from_text(known, here)) {
    for (std::uint64_t at = 0; at < std::max(place.gone, place.come) && lines.size() < most; ++at) {
      const std::string_view old = at < place.gone ? before[place.known - 1 + at] : "";
      const std::string_view current = at < place.come ? now[place.line - 1 + at] : "";
      lines.push_back({path, place.line + at, std::string(old), std::string(current)});
    }
  }
  return lines;
}

const FileChange* Standing::change(std::string_view path) const {
  const auto found = std::ranges::find(changes, path, &FileChange::path);
  return found == changes.end() ? nullptr : &*found;
}

namespace {

/// A known state, and where the chains are not as it has them.
struct Nearest {
  const KnownState* state = nullptr;
  std::vector<Difference> differences;  ///< a chain each
  Standing standing{};
};

/// The differences of all chains to a state; nothing if it knows none of the architectures.
std::vector<Difference> differences_to(const KnownState& state, std::span<const ChainResult> results,
                                       const std::vector<Digests>& sources, TreeDigests& digests) {
  std::vector<Difference> found;
  bool knows = false;
  for (std::size_t index = 0; index < results.size(); ++index) {
    const KnownChain* const chain = state.chain(results[index].chain.architecture->name);
    found.push_back(chain == nullptr ? Difference{} : difference(sources[index], state, *chain, digests));
    knows |= chain != nullptr;
  }
  if (!knows) found.clear();
  return found;
}

Nearest nearest_by_files(std::span<const ChainResult> results, const std::vector<Digests>& sources,
                         const std::vector<KnownState>& states, TreeDigests& digests) {
  Nearest nearest;
  std::size_t least = 0;
  for (const KnownState& one : states) {
    std::vector<Difference> found = differences_to(one, results, sources, digests);
    if (found.empty()) continue;
    std::size_t distance = 0;
    std::size_t alike = 0;
    for (const Difference& difference : found) {
      distance += difference.distance();
      alike += difference.alike;
    }
    if (nearest.state != nullptr && distance > least) continue;
    // Releases may have the same chains: the rest of the tree says which it is.
    if (nearest.state != nullptr && distance == least &&
        changed_unread(one, sources, digests).size() >=
            changed_unread(*nearest.state, sources, digests).size())
      continue;
    least = distance;
    nearest = {&one, std::move(found), {}};
    nearest.standing.state = one.name;
    nearest.standing.alike = alike >= distance;
  }
  return nearest;
}

/// Of the states whose texts are known by their lines, the one whose lines most of the files have.
Nearest nearest_by_lines(std::span<const ChainResult> results, const std::vector<Digests>& sources,
                         const std::vector<KnownState>& states, TreeDigests& digests) {
  std::map<std::string, std::string> codes_here;
  const auto share = [&](const std::string& path, const std::string& digest) {
    const std::string* const known = codes_of(states, digest);
    if (known == nullptr) return 0.0;
    const auto [here, is_new] = codes_here.try_emplace(path);
    if (is_new) {
      if (const auto bytes = digests.files().read(path)) here->second = line_codes(as_text(**bytes));
    }
    const std::size_t most = std::max({known->size(), here->second.size(), std::size_t{1}}) / 2;
    return static_cast<double>(common_lines(*known, here->second)) /
           static_cast<double>(std::max(most, std::size_t{1}));
  };
  Nearest nearest;
  double least = 0;
  for (const KnownState& one : states) {
    std::vector<Difference> found = differences_to(one, results, sources, digests);
    if (found.empty()) continue;
    double distance = 0;
    double alike = 0;
    for (const Difference& difference : found) {
      distance += static_cast<double>(difference.missing.size() + difference.added.size());
      alike += static_cast<double>(difference.alike);
      for (const std::string& path : difference.changed) {
        const double same = share(path, digest_in(one, path));
        alike += same;
        distance += 1 - same;
      }
    }
    if (nearest.state != nullptr && distance >= least) continue;
    least = distance;
    nearest = {&one, std::move(found), {}};
    nearest.standing.state = one.name;
    nearest.standing.alike = alike >= distance;
    nearest.standing.by_lines = nearest.standing.alike;
  }
  return nearest;
}

/// A list of answers that was changed, but in no line that is wrong, is not why.
void drop_right_list(const Standing& standing, const ChainResult& result, std::vector<std::string>& paths) {
  const FileChange* const change = standing.change(answers_path(*result.chain.architecture));
  if (change == nullptr || change->places.empty()) return;
  const auto is_changed = [&](std::uint64_t line) {
    return std::ranges::any_of(change->places, [line](const LineChange& place) {
      return line >= place.line && line < place.line + place.come;
    });
  };
  const auto is_why = [&](const Finding& finding) {
    return finding.file == change->path && (finding.id != "answers-mismatch" || is_changed(finding.line));
  };
  if (std::ranges::none_of(result.findings, is_why)) std::erase(paths, change->path);
}

/// Those that differ in words only come last.
void put_words_last(const Standing& standing, std::vector<std::string>& paths) {
  std::stable_partition(paths.begin(), paths.end(), [&](const std::string& path) {
    const FileChange* const change = standing.change(path);
    return change == nullptr || !change->words_only;
  });
}

}  // namespace

std::optional<Comparison> compare_with_known(const Tree& tree, std::span<const ChainResult> results,
                                             const std::vector<KnownState>& states,
                                             const FileTree* known_tree) {
  TreeDigests digests(*tree.files);
  std::vector<Digests> sources;
  for (const ChainResult& result : results) sources.push_back(sources_of(result, digests));
  Nearest found = nearest_by_files(results, sources, states, digests);
  if (found.state == nullptr) return std::nullopt;
  if (!found.standing.alike) {
    // Where somebody has touched most files, their lines still say where they come from.
    Nearest by_lines = nearest_by_lines(results, sources, states, digests);
    if (by_lines.standing.alike) found = std::move(by_lines);
  }
  const KnownState* const state = found.state;
  const std::vector<Difference>& differences = found.differences;
  std::optional<Comparison> nearest(std::in_place);
  nearest->standing = std::move(found.standing);
  std::set<std::string> changed, missing, added;
  for (std::size_t index = 0; index < results.size(); ++index) {
    changed.insert(differences[index].changed.begin(), differences[index].changed.end());
    missing.insert(differences[index].missing.begin(), differences[index].missing.end());
    added.insert(differences[index].added.begin(), differences[index].added.end());
    const KnownChain* const chain = state->chain(results[index].chain.architecture->name);
    std::optional<Cause> cause;
    if (chain != nullptr && nearest->standing.alike)
      cause = cause_of(tree, results[index], *chain, differences[index]);
    std::optional<Departure> departure;
    if (chain != nullptr && nearest->standing.alike && results[index].verdict == ChainVerdict::pass)
      departure = Trail(results[index], *chain, differences[index]).first_departure();
    nearest->departures.push_back(std::move(departure));
    nearest->causes.push_back(std::move(cause));
  }
  nearest->standing.changed.assign(changed.begin(), changed.end());
  nearest->standing.missing.assign(missing.begin(), missing.end());
  nearest->standing.added.assign(added.begin(), added.end());
  if (!nearest->standing.alike) return nearest;
  const auto change = [&](const std::string& path) {
    return change_of(path, digests.of(path), *tree.files, *state, states, known_tree);
  };
  for (const std::string& path : changed) nearest->standing.changes.push_back(change(path));
  for (const std::string& path : changed_unread(*state, sources, digests))
    nearest->standing.unread.push_back(change(path));
  for (std::size_t index = 0; index < results.size(); ++index) {
    std::optional<Cause>& cause = nearest->causes[index];
    if (!cause) continue;
    drop_right_list(nearest->standing, results[index], cause->changed);
    put_words_last(nearest->standing, cause->changed);
    if (known_tree != nullptr) add_lines(*tree.files, *known_tree, *cause);
  }
  return nearest;
}

void drop_known_warnings(std::span<ChainResult> results, const Standing& standing) {
  const auto is_of_c = [](const Finding& one) { return one.id.starts_with("cc-"); };
  const auto is_news = [&](const Finding& one) {
    if (!standing.alike || is_of_missing_name(one)) return true;
    if (std::ranges::binary_search(standing.added, one.file)) return true;
    if (!std::ranges::binary_search(standing.changed, one.file)) return false;
    const FileChange* const change = standing.change(one.file);
    return !is_of_c(one) || change == nullptr || change->places.empty() || is_in(*change, one.line);
  };
  for (ChainResult& result : results) {
    const bool passes = result.verdict == ChainVerdict::pass;
    std::erase_if(result.findings, [&](const Finding& one) {
      return one.severity == Severity::warning && is_of_room(one) &&
             ((passes && is_of_c(one)) || !is_news(one));
    });
  }
}

}  // namespace assay::bootstrap
