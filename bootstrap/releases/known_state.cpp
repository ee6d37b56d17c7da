// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/releases/known_state.h"

#include <fmt/format.h>
#include <algorithm>
#include <span>

#include "bootstrap/releases/state_files.h"

namespace assay::bootstrap {
namespace {

constexpr std::string_view kOthers{"others"};
constexpr std::string_view kOthersLike{"others like "};
constexpr std::string_view kLines{"lines"};
constexpr std::string_view kNotThere{"- "};

enum class Section { none, sources, products, others, lines };

std::string_view next_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  return line;
}

/// Indices: the vector of chains grows.
std::vector<std::size_t> chains_named(KnownState& state, std::string_view names) {
  std::vector<std::size_t> chains;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(' '));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    if (!name.empty())
      chains.push_back(static_cast<std::size_t>(&state.chain_for(name) - state.chains.data()));
  }
  return chains;
}

bool is_row(std::string_view line) {
  return line.size() > kStateDigits + 1 && line[kStateDigits] == ' ' &&
         line.substr(0, kStateDigits).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void add_row(KnownState& state, std::span<const std::size_t> chains, Section section, std::string_view line) {
  std::string digest(line.substr(0, kStateDigits));
  std::string rest(line.substr(kStateDigits + 1));
  if (section == Section::others)
    state.others[std::move(rest)] = std::move(digest);
  else if (section == Section::lines)
    state.line_codes[std::move(digest)] = std::move(rest);
  else
    for (const std::size_t chain : chains) {
      if (section == Section::sources) {
        state.chains[chain].sources[rest] = digest;
      } else {
        state.chains[chain].products[rest].push_back(digest);
      }
    }
}

std::vector<KnownState> read_built_in_states() {
  std::vector<KnownState> states;
  for (const std::string_view text : state_files()) {
    if (Result<KnownState> state = read_known_state(text)) states.push_back(std::move(*state));
  }
  std::sort(states.begin(), states.end(),
            [](const KnownState& a, const KnownState& b) { return a.name > b.name; });
  complete_others(states);
  return states;
}

}  // namespace

const KnownChain* KnownState::chain(std::string_view architecture) const {
  const auto found = std::find_if(chains.begin(), chains.end(),
                                  [&](const KnownChain& one) { return one.architecture == architecture; });
  return found == chains.end() ? nullptr : &*found;
}

KnownChain& KnownState::chain_for(std::string_view architecture) {
  for (KnownChain& chain : chains)
    if (chain.architecture == architecture) return chain;
  return chains.emplace_back(KnownChain{std::string(architecture), {}, {}});
}

bool is_digest_of(std::string_view known, std::string_view sha256) {
  return known.size() >= kStateDigits && sha256.starts_with(known);
}

Result<KnownState> read_known_state(std::string_view text) {
  KnownState state;
  std::vector<std::size_t> chains;
  Section section = Section::none;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = next_line(text);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("state ")) {
      state.name = line.substr(6);
    } else if (line.starts_with("sources ") || line.starts_with("products ")) {
      section = line.starts_with("sources ") ? Section::sources : Section::products;
      chains = chains_named(state, line.substr(line.find(' ') + 1));
      if (chains.empty()) section = Section::none;
    } else if (line == kLines) {
      section = Section::lines;
    } else if (line == kOthers || line.starts_with(kOthersLike)) {
      section = Section::others;
      if (line != kOthers) state.others_like = line.substr(kOthersLike.size());
    } else if (section == Section::others && line.starts_with(kNotThere)) {
      state.others[std::string(line.substr(kNotThere.size()))].clear();
    } else if (is_row(line) && section != Section::none) {
      add_row(state, chains, section, line);
    } else {
      return fail("known-state-malformed", fmt::format("line {} says nothing that is known", number));
    }
  }
  if (state.name.empty()) return fail("known-state-malformed", "the state has no name");
  return state;
}

void complete_others(std::vector<KnownState>& states) {
  // A state that is like one that is like a third: as many times as there are states, at most.
  for (std::size_t times = 0; times < states.size(); ++times) {
    for (KnownState& state : states) {
      const auto base = std::ranges::find(states, state.others_like, &KnownState::name);
      if (state.others_like.empty() || base == states.end() || !base->others_like.empty()) continue;
      state.others.insert(base->others.begin(), base->others.end());
      std::erase_if(state.others, [](const auto& file) { return file.second.empty(); });
      state.others_like.clear();
    }
  }
}

const std::vector<KnownState>& built_in_states() {
  static const std::vector<KnownState> kStates = read_built_in_states();
  return kStates;
}

bool is_known_file(const std::vector<KnownState>& states, const std::string& path, std::string_view sha256) {
  const auto has = [&](const Digests& files) {
    const auto found = files.find(path);
    return found != files.end() && is_digest_of(found->second, sha256);
  };
  return std::ranges::any_of(states, [&](const KnownState& state) {
    return has(state.others) ||
           std::ranges::any_of(state.chains, [&](const KnownChain& chain) { return has(chain.sources); });
  });
}

}  // namespace assay::bootstrap
