// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/profile_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bootstrap/finding/finding_json.h"

namespace assay::audit {
namespace {

using bootstrap::printable;
using bootstrap::utf8;
using nlohmann::json;

constexpr std::size_t kMostShown = 3;  ///< places of a kind, in the text

std::string place_text(const Place& place) {
  return place.text.empty() ? printable(place.where)
                            : fmt::format("{}: {}", printable(place.where), printable(place.text));
}

/// The first of them.
std::string some_text(const Places& places) {
  std::string text;
  for (std::size_t at = 0; at < std::min(kMostShown, places.told.size()); ++at)
    text += fmt::format("  {}\n", place_text(places.told[at]));
  if (places.number > kMostShown) text += fmt::format("  and {} more\n", places.number - kMostShown);
  return text;
}

std::string pins_text(const Pinned& pins) {
  if (pins.recipes == 0) return "";
  std::string lines;
  for (const auto& [hash, number] : pins.lines)
    lines += fmt::format("{}{} {}", lines.empty() ? "" : ", ", hash, number);
  std::string text = fmt::format(
      "pins: of {} recipes {} by SHA-2 or BLAKE2, {} by a commit alone, {} by weak digests alone, {} fetch "
      "and "
      "have none of their own, {} fetch nothing; lines: {}\n",
      pins.recipes, pins.strong, pins.commit, pins.weak.number, pins.without.number, pins.nothing,
      lines.empty() ? "none" : lines);
  if (pins.weak.number != 0) text += "weak digests alone:\n" + some_text(pins.weak);
  if (pins.without.number != 0) text += "no digest of their own:\n" + some_text(pins.without);
  return text;
}

std::string configures_text(const Profile& profile) {
  const Configures& all = profile.configures;
  const std::string_view policy = profile.distribution->autotools.policy;
  if (policy.empty()) return "";
  if (all.recipes == 0) return fmt::format("generated configure scripts: {}\n", policy);
  return fmt::format(
      "generated configure scripts: {} recipes make them again, {} likely run them as shipped; {}\n",
      all.again, all.shipped, policy);
}

std::string ground_text(const Road& road) {
  if (road.ground == Ground::unknown) return "unknown: here the tree says no more";
  if (road.ground == Ground::seed) return fmt::format("{}: {}, by digest", road.on, road.seed);
  return std::string(road.on);
}

std::string road_text(const Road& road) {
  std::string text = fmt::format("{}: rests on {}\n", road.of, ground_text(road));
  for (const Hop& hop : road.hops)
    text += fmt::format("  {}: {}\n", hop.what,
                        hop.place.where.empty() ? "not found in this tree" : place_text(hop.place));
  if (road.from_source != Answer::yes && road.ground != Ground::joins)
    text += fmt::format("  what would {}: {}\n", road.from_source == Answer::no ? "better it" : "answer",
                        road.ask);
  return text;
}

std::string criterion_text(std::string_view question, const Criterion& criterion) {
  return fmt::format("{}: {}: {}{}\n", question, name_of(criterion.answer), criterion.why,
                     criterion.where.empty() ? "" : fmt::format(" ({})", printable(criterion.where)));
}

std::string listed_text(const Listed& listed) {
  if (listed.page.empty()) return "the list of bootstrappable distros has no page of it\n";
  return fmt::format("the list of bootstrappable distros (April 2026, {}.md): {}{}\n", listed.page,
                     listed.counts == Answer::yes ? "counts" : "does not count: ", listed.why);
}

json places_json(const Places& places) {
  json told = json::array();
  for (const Place& place : places.told) {
    told.push_back({{"where", utf8(place.where)}});
    if (!place.text.empty()) told.back()["text"] = utf8(place.text);
  }
  return {{"number", places.number}, {"told", std::move(told)}};
}

json criterion_json(const Criterion& criterion) {
  json result{{"answer", name_of(criterion.answer)}, {"why", criterion.why}};
  if (!criterion.where.empty()) result["where"] = utf8(criterion.where);
  return result;
}

json road_json(const Road& road) {
  json hops = json::array();
  for (const Hop& hop : road.hops) {
    hops.push_back({{"what", hop.what}, {"where", nullptr}});
    if (!hop.place.where.empty()) hops.back()["where"] = utf8(hop.place.where);
    if (!hop.place.text.empty()) hops.back()["text"] = utf8(hop.place.text);
  }
  json result{{"of", road.of},
              {"rests_on", name_of(road.ground)},
              {"from_source", name_of(road.from_source)},
              {"path", std::move(hops)}};
  if (road.ground != Ground::unknown) result["on"] = road.on;
  if (!road.seed.empty()) result["seed"] = road.seed;
  if (road.from_source != Answer::yes) result["ask"] = road.ask;
  return result;
}

json pins_json(const Pinned& pins) {
  json lines = json::object();
  for (const auto& [hash, number] : pins.lines) lines[std::string(hash)] = number;
  return {{"recipes", pins.recipes},
          {"lines", std::move(lines)},
          {"strong", pins.strong},
          {"commit", pins.commit},
          {"nothing_fetched", pins.nothing},
          {"weak", places_json(pins.weak)},
          {"none", places_json(pins.without)}};
}

}  // namespace

std::string profile_text(const Profile& profile) {
  if (profile.distribution == nullptr)
    return "profile: no distribution that assay knows; its page lists them\n";
  const Distribution& row = *profile.distribution;
  std::string text = fmt::format("profile: {}\n", row.name);
  for (const Counted& one : profile.counts) text += fmt::format("  {:48}{:>7}\n", one.what, one.number);
  text += fmt::format("  {:48}{:>7}\n", "opaque files in the tree, seeds not counted", profile.opaque);
  if (row.recipes.empty()) return text + "recognised, not profiled\n" + listed_text(row.listed);
  text += pins_text(profile.pins) + configures_text(profile);
  if (profile.network.number != 0)
    text += fmt::format("lines that give a build the network: {}\n", profile.network.number) +
            some_text(profile.network);
  for (const StoredSeed& seed : profile.seeds)
    text += fmt::format("{}: by digest the seed {} of stage0-posix ({})\n", printable(seed.where), seed.seed,
                        seed.digest);
  for (const Place& binary : profile.binaries.told)
    text += fmt::format("{}: names a binary: {}\n", printable(binary.where), printable(binary.text));
  text += fmt::format("{} lines and recipes name binaries that compilers are built with\n",
                      profile.binaries.number);
  for (const Road& road : profile.roads) text += road_text(road);
  text += criterion_text("none of its own binaries is needed", profile.needs_no_own);
  text += listed_text(row.listed);
  text += criterion_text("every compiler is built of source, down to what people can read",
                         profile.all_from_source);
  return text + "unknown: what the archives hold that the recipes name; audit them\n";
}

json profile_json(const Profile& profile) {
  json counts = json::array();
  for (const Counted& one : profile.counts) counts.push_back({{"what", one.what}, {"number", one.number}});
  json seeds = json::array();
  for (const StoredSeed& seed : profile.seeds)
    seeds.push_back({{"where", utf8(seed.where)}, {"seed", seed.seed}, {"sha256", seed.digest}});
  json result{{"distribution", nullptr}, {"seeds", std::move(seeds)}, {"opaque", profile.opaque}};
  if (profile.distribution == nullptr) return result;
  const Distribution& row = *profile.distribution;
  json roads = json::array();
  for (const Road& road : profile.roads) roads.push_back(road_json(road));
  result["distribution"] = row.id;
  result["profiled"] = !row.recipes.empty();
  result["counts"] = std::move(counts);
  result["pins"] = pins_json(profile.pins);
  result["autotools"] = {{"policy", row.autotools.policy},
                         {"again", profile.configures.again},
                         {"as_shipped", profile.configures.shipped}};
  result["network"] = places_json(profile.network);
  result["bootstrap_binaries"] = places_json(profile.binaries);
  result["depth"] = std::move(roads);
  result["criteria"] = {
      {"none_of_its_own_binaries", criterion_json(profile.needs_no_own)},
      {"all_from_source", criterion_json(profile.all_from_source)},
      {"list", {{"counts", name_of(row.listed.counts)}, {"page", row.listed.page}, {"why", row.listed.why}}}};
  return result;
}

}  // namespace assay::audit
