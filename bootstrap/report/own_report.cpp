// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/own_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bootstrap/finding/finding_json.h"

namespace assay::bootstrap {
namespace {

constexpr std::size_t kMostPaths = 8;

std::vector<std::string_view> names_of(const OwnParts& parts) {
  std::vector<std::string_view> names;
  for (const OwnProgram* program : parts.programs) names.push_back(program->name);
  return names;
}

std::string paths_text(const std::vector<std::string>& paths) {
  const std::vector<std::string> first(
      paths.begin(), paths.begin() + static_cast<std::ptrdiff_t>(std::min(paths.size(), kMostPaths)));
  return fmt::format("{}{}", fmt::join(first, ", "), paths.size() > kMostPaths ? ", ..." : "");
}

bool proves(std::span<const OwnChain> chains) {
  return !chains.empty() && std::ranges::all_of(chains, [](const OwnChain& one) { return one.proves(); });
}

/// Only what was seen.
std::string proof(const OwnParts& parts, std::span<const OwnChain> chains) {
  std::string text;
  if (parts.seeds) {
    text +=
        "Our seeds and the tree's were written by different people and are different programs. With either\n"
        "the tree makes the same, byte by byte: its seeds bring nothing along that is not in its texts.\n";
    if (std::ranges::all_of(chains, [](const OwnChain& one) { return one.seeds_made_again == 2; }))
      text += "Its own seeds are among what our seeds made of its texts.\n";
  }
  if (!parts.programs.empty())
    text += fmt::format(
        "{} of the tree can be exchanged for ours without a change in anything that is made with them:\n"
        "nothing in them finds its way into what comes later.\n",
        fmt::join(names_of(parts), ", "));
  return text;
}

}  // namespace

void add_own(std::span<const OwnChain> chains, Overall& overall) {
  for (const OwnChain& chain : chains) {
    const std::string_view name = chain.architecture->name;
    if (!chain.differ.empty())
      overall.add(chain.complete ? OverallVerdict::fail : OverallVerdict::incomplete,
                  fmt::format("{}: not as in the tree's own run: {}", name, paths_text(chain.differ)));
    if (!chain.unused.empty())
      overall.add(OverallVerdict::incomplete,
                  fmt::format("{}: ours, and not used: {}", name, paths_text(chain.unused)));
    if (!chain.same.empty())
      overall.add(OverallVerdict::incomplete,
                  fmt::format("{}: the tree's own are ours already: nobody else's to compare with: {}", name,
                              paths_text(chain.same)));
    if (chain.plain != ChainVerdict::pass)
      overall.add(chain.plain == ChainVerdict::fail ? OverallVerdict::fail : OverallVerdict::incomplete,
                  fmt::format("{}: the tree's own run is no pass ({}): see assay preflight without ours",
                              name, name_of(chain.plain)));
  }
}

std::string own_text_report(const OwnParts& parts, const OwnTree& own, std::span<const OwnChain> chains) {
  std::string text = "Ours in this run (docs/seeds.md):\n";
  if (parts.seeds) text += "  the seeds: hex0-seed, kaem-optional-seed\n";
  if (!parts.programs.empty()) text += fmt::format("  the texts of {}\n", fmt::join(names_of(parts), ", "));
  for (const ScriptEdit& edit : own.edits)
    text +=
        fmt::format("  {}:{} reads, for that: {}\n", printable(edit.path), edit.line, printable(edit.after));
  text += fmt::format("{:<9} {:>8} {:>6} {:>5} {:>7} {:>17}\n", "arch", "products", "equal", "ours", "differ",
                      "seeds-made-again");
  for (const OwnChain& chain : chains)
    text += fmt::format("{:<9} {:>8} {:>6} {:>5} {:>7} {:>17}\n", chain.architecture->name,
                        chain.equal + chain.ours.size() + chain.differ.size(), chain.equal, chain.ours.size(),
                        chain.differ.size(), parts.seeds ? fmt::format("{}/2", chain.seeds_made_again) : "-");
  for (const OwnChain& chain : chains) {
    if (!chain.ours.empty())
      text += fmt::format("{}: made of our texts: {}\n", chain.architecture->name,
                          printable(paths_text(chain.ours)));
    if (!chain.differ.empty())
      text += fmt::format("{}: not as in the tree's own run: {}\n", chain.architecture->name,
                          printable(paths_text(chain.differ)));
  }
  return text + (proves(chains) ? proof(parts, chains) : "That proves nothing: see the verdict.\n");
}

nlohmann::json own_json(const OwnParts& parts, const OwnTree& own, std::span<const OwnChain> chains) {
  using nlohmann::json;
  const auto paths = [](const std::vector<std::string>& all) {
    json list = json::array();
    for (const std::string& path : all) list.push_back(utf8(path));
    return list;
  };
  json edits = json::array();
  for (const ScriptEdit& edit : own.edits)
    edits.push_back({{"file", utf8(edit.path)},
                     {"line", edit.line},
                     {"before", utf8(edit.before)},
                     {"after", utf8(edit.after)}});
  json rows = json::array();
  for (const OwnChain& chain : chains)
    rows.push_back({{"arch", chain.architecture->name},
                    {"own_run", name_of(chain.plain)},
                    {"complete", chain.complete},
                    {"unused", paths(chain.unused)},
                    {"same", paths(chain.same)},
                    {"equal", chain.equal},
                    {"ours", paths(chain.ours)},
                    {"differ", paths(chain.differ)},
                    {"seeds_made_again", chain.seeds_made_again}});
  return {{"seeds", parts.seeds},
          {"programs", names_of(parts)},
          {"edits", std::move(edits)},
          {"chains", std::move(rows)},
          {"proves", proves(chains)}};
}

}  // namespace assay::bootstrap
