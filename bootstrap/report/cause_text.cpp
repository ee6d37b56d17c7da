// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/cause_text.h"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bootstrap/finding/finding_json.h"

namespace assay::bootstrap {
namespace {

constexpr std::size_t kMostPaths = 6;

std::string paths_text(const std::vector<std::string>& paths) {
  std::string text;
  for (std::size_t index = 0; index < std::min(paths.size(), kMostPaths); ++index)
    text += (index == 0 ? "" : ", ") + printable(paths[index]);
  return paths.size() <= kMostPaths ? text : fmt::format("{} and {} more", text, paths.size() - kMostPaths);
}

std::string count_text(const std::vector<std::string>& paths, std::string_view what) {
  if (paths.empty()) return "";
  return fmt::format(", {} {} {}: {}", paths.size(), paths.size() == 1 ? "file" : "files", what,
                     paths_text(paths));
}

/// Those that differ in words only come last.
std::vector<std::string> places_of(const std::vector<FileChange>& changes) {
  std::vector<std::string> places;
  for (const bool words_only : {false, true})
    for (const FileChange& change : changes)
      if (change.words_only == words_only) places.push_back(place_text(change));
  return places;
}

/// A line of a source without its indent.
std::string line_text(std::string line) {
  std::replace(line.begin(), line.end(), '\t', ' ');
  line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
  return line.empty() ? "(nothing)" : printable(line);
}

nlohmann::json paths_json(const std::vector<std::string>& paths) {
  nlohmann::json list = nlohmann::json::array();
  for (const std::string& path : paths) list.push_back(utf8(path));
  return list;
}

std::string departed_text(const Departure& departure, const Standing& standing, const ChainResult& result) {
  const Command& command = result.chain.commands[result.steps[departure.step].command];
  return fmt::format("{}: step {} is the first that makes something else than in {}: {} ({})",
                     result.chain.architecture->name, departure.step + 1, printable(standing.state),
                     printable(departure.product), result.chain.place_of(command));
}

nlohmann::json changes_json(const std::vector<FileChange>& changes) {
  nlohmann::json list = nlohmann::json::array();
  for (const FileChange& change : changes) {
    nlohmann::json places = nlohmann::json::array();
    for (const LineChange& place : change.places)
      places.push_back({{"line", place.line}, {"come", place.come}, {"gone", place.gone}});
    list.push_back({{"file", utf8(change.path)}, {"what", utf8(change.what)}, {"places", std::move(places)}});
  }
  return list;
}

nlohmann::json cause_json(const Cause& cause) {
  nlohmann::json lines = nlohmann::json::array();
  for (const Cause::Line& line : cause.lines)
    lines.push_back({{"file", utf8(line.path)},
                     {"line", line.line},
                     {"known", utf8(line.known)},
                     {"here", utf8(line.here)}});
  return {{"step", cause.step ? nlohmann::json(*cause.step) : nlohmann::json(nullptr)},
          {"product", cause.step ? nlohmann::json(utf8(cause.product)) : nlohmann::json(nullptr)},
          {"changed", paths_json(cause.changed)},
          {"lines", std::move(lines)}};
}

}  // namespace

std::string standing_text(const Standing& standing) {
  const std::string name = printable(standing.state);
  const std::size_t others =
      standing.changed.size() + standing.missing.size() + standing.added.size() + standing.unread.size();
  if (!standing.alike)
    return fmt::format("no known state: {} sources are otherwise than in {}, which is the nearest\n", others,
                       name);
  if (others == 0) return fmt::format("{}, no file changed\n", name);
  return name + (standing.by_lines ? " by most of its lines" : "") +
         count_text(places_of(standing.changes), "changed") + count_text(standing.missing, "missing") +
         count_text(standing.added, "added") +
         count_text(places_of(standing.unread), "changed that nothing here reads") + "\n";
}

std::string departure_text(const Departure& departure, const Standing& standing, const ChainResult& result) {
  return departed_text(departure, standing, result) +
         (result.answers.total == 0 ? "\n" : "; all answers are right\n");
}

std::string cause_text(const Cause& cause, const Standing& standing, const ChainResult& result) {
  const std::string_view arch = result.chain.architecture->name;
  const std::string name = printable(standing.state);
  std::string text;
  if (cause.step) {
    text = departed_text({*cause.step, cause.product}, standing, result) + "\n";
  } else {
    text = fmt::format("{}: every product that this comes from is as in {}\n", arch, name);
  }
  std::vector<std::string> changed;
  for (const std::string& path : cause.changed) {
    const FileChange* const change = standing.change(path);
    changed.push_back(change == nullptr ? path : place_text(*change));
  }
  text += changed.empty() ? "  no source that it comes from is changed\n"
                          : fmt::format("  it comes from what is changed: {}\n", paths_text(changed));
  for (const Cause::Line& line : cause.lines)
    text += fmt::format("  {}:{}\n    there: {}\n    here:  {}\n", printable(line.path), line.line,
                        line_text(line.known), line_text(line.here));
  return text;
}

nlohmann::json standing_json(const Standing& standing) {
  return {{"state", utf8(standing.state)},
          {"alike", standing.alike},
          {"by_lines", standing.by_lines},
          {"changed", paths_json(standing.changed)},
          {"missing", paths_json(standing.missing)},
          {"added", paths_json(standing.added)},
          {"changes", changes_json(standing.changes)},
          {"unread", changes_json(standing.unread)}};
}

void add_known(const std::optional<Comparison>& known, std::size_t index, nlohmann::json& chain) {
  if (!known) return;
  chain["cause"] = known->causes[index] ? cause_json(*known->causes[index]) : nlohmann::json(nullptr);
  if (const std::optional<Departure>& departure = known->departures[index])
    chain["departure"] = {{"step", departure->step}, {"product", utf8(departure->product)}};
}

}  // namespace assay::bootstrap
