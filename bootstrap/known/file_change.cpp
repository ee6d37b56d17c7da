// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/known/file_change.h"

#include <fmt/format.h>
#include <algorithm>
#include <span>

namespace assay::bootstrap {
namespace {

constexpr std::size_t kMostPlaces = 3;
constexpr std::size_t kDigits = 32;

/// A source of a state with that content.
const std::string* source_with(const KnownState& state, std::string_view digest) {
  for (const KnownChain& chain : state.chains) {
    for (const auto& [path, known] : chain.sources)
      if (is_digest_of(known, digest)) return &path;
  }
  return nullptr;
}

std::string without_carriage_returns(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r' || at + 1 == text.size() || text[at + 1] != '\n') plain += text[at];
  }
  return plain;
}

std::string lines_text(std::uint64_t count) { return count == 1 ? "a line" : fmt::format("{} lines", count); }

/// What became of the lines of a place; empty where some were changed and none more or less are there.
std::string become_of(const LineChange& place, std::uint64_t size) {
  if (place.come == 0 && place.line > size)
    return fmt::format(" (the file ends here, {} {} missing)", lines_text(place.gone),
                       place.gone == 1 ? "is" : "are");
  if (place.come == 0)
    return fmt::format(" ({} {} missing)", lines_text(place.gone), place.gone == 1 ? "is" : "are");
  if (place.gone == 0)
    return fmt::format(" ({} {} new)", lines_text(place.come), place.come == 1 ? "is" : "are");
  if (place.gone == place.come) return place.come == 1 ? "" : fmt::format(" ({} lines)", place.come);
  return fmt::format(" ({} instead of {})", lines_text(place.come), lines_text(place.gone));
}

std::string code_of_lines(std::string_view path, std::span<const std::string_view> lines) {
  std::string code;
  for (const std::string_view line : lines) {
    const std::string_view one = code_of_line(path, line);
    if (!one.empty()) code += std::string(one) + "\n";
  }
  return code;
}

/// Whether a place says the same but for comments. Of a text that is not at hand (`before` is empty): lines
/// of comment among others, and not less than there were.
bool is_of_words(const LineChange& place, std::string_view path, std::span<const std::string_view> before,
                 std::span<const std::string_view> now) {
  const std::string code = code_of_lines(path, now.subspan(place.line - 1, place.come));
  if (!before.empty()) return code == code_of_lines(path, before.subspan(place.known - 1, place.gone));
  if (!code.empty() || place.come < place.gone) return false;
  const bool after_code = place.line >= 2 && !code_of_line(path, now[place.line - 2]).empty();
  return place.gone == 0 || !after_code;
}

}  // namespace

/// A digest that a state has for a path; empty if it has none.
std::string digest_in(const KnownState& state, const std::string& path) {
  for (const KnownChain& chain : state.chains) {
    if (const auto found = chain.sources.find(path); found != chain.sources.end()) return found->second;
  }
  const auto other = state.others.find(path);
  return other == state.others.end() ? "" : other->second;
}

const std::string* codes_of(const std::vector<KnownState>& states, const std::string& digest) {
  for (const KnownState& state : states) {
    const auto found = state.line_codes.find(digest.substr(0, kDigits));
    if (found != state.line_codes.end()) return &found->second;
  }
  return nullptr;
}

FileChange change_of(const std::string& path, const std::string& digest, const FileTree& here,
                     const KnownState& state, const std::vector<KnownState>& states,
                     const FileTree* known_tree) {
  FileChange change{path, "", 0, {}, false};
  const auto bytes = here.read(path);
  if (!bytes) return change;
  if ((*bytes)->empty()) {
    change.what = "it is empty";
    return change;
  }
  if (const std::string* const other = source_with(state, digest)) {
    change.what = fmt::format("it is what {} should be", printable(*other));
    return change;
  }
  for (const KnownState& other : states) {
    if (&other == &state || !is_digest_of(digest_in(other, path), digest)) continue;
    change.what = "as in " + printable(other.name);
    return change;
  }
  const std::string_view text = as_text(**bytes);
  if (text.find('\0') != std::string_view::npos) return change;
  const auto known_text = known_tree == nullptr ? fail("file-not-found", "") : known_tree->read(path);
  const std::string* const codes = codes_of(states, digest_in(state, path));
  if (!known_text && codes == nullptr) return change;
  const auto changed = [&](std::string_view now) {
    return known_text ? changed_from_text(as_text(**known_text), now) : changed_from_codes(*codes, now);
  };
  change.size = lines_of(text).size();
  change.places = changed(text);
  if (change.places.size() == 1 && change.places.front().come == change.size &&
      text.find('\r') != text.npos && changed(without_carriage_returns(text)).empty()) {
    change.what = "its lines end with CR LF";
    change.places.clear();
  }
  const std::vector<std::string_view> now = lines_of(text);
  const std::vector<std::string_view> before =
      known_text ? lines_of(as_text(**known_text)) : std::vector<std::string_view>{};
  change.words_only =
      !change.places.empty() && std::ranges::all_of(change.places, [&](const LineChange& place) {
        return is_of_words(place, path, before, now);
      });
  return change;
}

std::string place_text(const FileChange& change) {
  std::string text = printable(change.path);
  if (!change.what.empty()) return fmt::format("{} ({})", text, change.what);
  for (std::size_t at = 0; at < std::min(change.places.size(), kMostPlaces); ++at) {
    const LineChange& place = change.places[at];
    text += fmt::format("{}{}{}", at == 0 ? ":" : ", :", place.line, become_of(place, change.size));
  }
  if (change.places.size() > kMostPlaces) {
    const std::size_t more = change.places.size() - kMostPlaces;
    text += fmt::format(" and {} more {}", more, more == 1 ? "place" : "places");
  }
  return text;
}

}  // namespace assay::bootstrap
