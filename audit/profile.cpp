// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/profile.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <algorithm>
#include <set>

#include "audit/head.h"
#include "audit/seeds.h"
#include "core/paths.h"

namespace assay::audit {
namespace {

using Of = CountRow::Of;

constexpr auto kNowhere = std::string_view::npos;

bool fits(std::string_view glob, const std::string& path) {
  return ::fnmatch(std::string(glob).c_str(), path.c_str(), 0) == 0;
}

/// Names and addresses of compilers and systems that are fetched as binaries, whatever the distribution.
constexpr std::string_view kBinaries[] = {"static.rust-lang.org/dist/",
                                          ".linux-amd64.tar",
                                          "go.dev/dl/go",
                                          "golang.org/dl/go",
                                          "OpenJDK8U-jdk",
                                          "_linux_hotspot_",
                                          "zulu.org/zulu/bin",
                                          "cdn.azul.com/zulu",
                                          "unknown-linux-musl.tar",
                                          "-deb10-linux.tar",
                                          "ghc-bindist",
                                          "-linux-binary.tar",
                                          "uninative",
                                          "distfiles/go-bootstrap",
                                          "distfiles/openjdk",
                                          "bootstrap-tools.tar",
                                          "rust-bootstrap-",
                                          "cargo-snapshot",
                                          "rustc-snapshot",
                                          "binary-seed"};

constexpr std::size_t kMostTold = 200;  ///< bytes of a line

bool has_any(std::string_view line, const std::vector<std::string_view>& texts) {
  return std::ranges::any_of(texts, [&](auto text) { return line.find(text) != kNowhere; });
}

bool lacks(std::string_view line, std::string_view text) {
  return text.empty() || line.find(text) == kNowhere;
}

bool is_comment(std::string_view line) {
  const std::string_view text = trimmed(line);
  return text.starts_with('#') || text.starts_with("//") || text.starts_with(';');
}

template <class Row>
bool has_text(std::string_view line, const Row& row) {
  const bool has = row.at_start ? line.starts_with(row.text) : line.find(row.text) != kNowhere;
  return has && lacks(line, row.without);
}

std::string_view longest_hex(std::string_view text) {
  std::string_view best;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && (std::isdigit(static_cast<unsigned char>(text[end])) != 0 ||
                                 (text[end] >= 'a' && text[end] <= 'f')))
      ++end;
    if (end - at > best.size()) best = text.substr(at, end - at);
    at = end + 1;
  }
  return best;
}

std::string_view hash_of_length(std::size_t digits) {
  switch (digits) {
    case 32: return "md5";
    case 40: return "sha1";
    case 56: return "sha224";
    case 64: return "sha256";
    case 96: return "sha384";
    case 128: return "sha512";
    default: return {};
  }
}

/// The kind of digest that the text begins with or else has in it; empty: it has none.
std::string_view hash_of(std::string_view text, std::string_view forty) {
  const std::string_view first = text.substr(0, text.find_first_not_of("0123456789"));
  if (first.size() >= 8 && first.size() <= 10 && text.substr(first.size()).starts_with(' ')) return "cksum";
  const std::string_view hash = hash_of_length(longest_hex(text).size());
  return hash == "sha1" ? forty : hash;
}

bool is_weak(std::string_view hash) {
  return hash == "md5" || hash == "sha1" || hash == "cksum" || hash == "rmd160";
}

Place place(std::string where, std::string_view text) {
  std::string told(trimmed(text).substr(0, kMostTold));
  std::ranges::replace(told, '\t', ' ');
  return {std::move(where), std::move(told)};
}

void add(Places& places, std::string where, std::string_view text) {
  if (++places.number <= kMostPlaces) places.told.push_back(place(std::move(where), text));
}

class Profiler {
 public:
  Profiler(const FileTree& tree, const Scan& scan) : tree_(tree), scan_(scan) {}

  Profile run() {
    for (const Distribution& one : distributions()) {
      if (recognised(one)) {
        result_.distribution = &one;
        break;
      }
    }
    find_stored();
    if (result_.distribution == nullptr) return std::move(result_);
    for (const CountRow& row : own().counts) result_.counts.push_back({row.what, 0});
    for (const RoadRow& road : own().roads) found_.emplace_back(road.hops.size());
    for (const FileVerdict& file : scan_.files) look_at(file.path);
    tell_pins();
    for (std::size_t at = 0; at < found_.size(); ++at) tell_road(own().roads[at], found_[at]);
    judge();
    return std::move(result_);
  }

 private:
  struct Recipe {
    std::set<std::string_view> hashes = {};
    bool is = false;
    bool fetches = false;
  };
  /// What of the row is about a file, and what its lines said so far.
  struct Asked {
    std::vector<std::size_t> counts = {};
    std::vector<bool> counted = {};
    std::vector<const PinRow*> pins = {};
    std::vector<const NetworkRow*> network = {};
    std::vector<std::pair<const HopRow*, Place*>> hops = {};
    bool recipe = false;
    bool pinned = false;
    bool autotools = false;
    bool runs = false;
    bool again = false;
    bool off = false;
    [[nodiscard]] bool lines() const {
      return !counts.empty() || !pins.empty() || !network.empty() || !hops.empty() || recipe || pinned ||
             autotools;
    }
  };

  [[nodiscard]] const Distribution& own() const { return *result_.distribution; }

  [[nodiscard]] bool recognised(const Distribution& one) const {
    return std::ranges::all_of(one.recognised_by, [&](std::string_view glob) {
      return std::ranges::any_of(scan_.files, [&](const FileVerdict& file) { return fits(glob, file.path); });
    });
  }

  void find_stored() {
    for (const FileVerdict& file : scan_.files) {
      if (file.kind == nullptr || !file.kind->id.starts_with("bin-")) continue;
      const std::string_view seed = seed_name(file.digest);
      if (seed.empty()) {
        ++result_.opaque;
      } else {
        result_.seeds.push_back({file.path, seed, file.digest});
      }
    }
  }

  Recipe& recipe_of(const std::string& path) {
    return recipes_[own().pins.by_folder ? std::string(parent_path(path)) : path];
  }

  /// What can be told without the lines is told.
  Asked ask_about(const std::string& path) {
    Asked asked;
    const Distribution& row = own();
    asked.recipe = !row.recipes.empty() && fits(row.recipes, path);
    asked.pinned = !row.pins.recipes.empty() && fits(row.pins.recipes, path);
    asked.autotools = !row.autotools.recipes.empty() && fits(row.autotools.recipes, path);
    for (std::size_t at = 0; at < row.counts.size(); ++at) {
      if (!fits(row.counts[at].glob, path)) continue;
      if (row.counts[at].of == Of::files) {
        ++result_.counts[at].number;
      } else {
        asked.counts.push_back(at);
      }
    }
    asked.counted.resize(row.counts.size());
    for (const PinRow& pin : row.pins.rows) {
      if (!fits(pin.glob, path)) continue;
      if (pin.text.empty() && !pin.hash.empty()) {
        add_pin(path, pin.hash);
      } else {
        asked.pins.push_back(&pin);
      }
    }
    for (const NetworkRow& network : row.network) {
      if (fits(network.glob, path)) asked.network.push_back(&network);
    }
    for (std::size_t road = 0; road < row.roads.size(); ++road) {
      for (std::size_t at = 0; at < row.roads[road].hops.size(); ++at) {
        const HopRow& hop = row.roads[road].hops[at];
        Place& place = found_[road][at];
        if (!place.where.empty() || !fits(hop.glob, path)) continue;
        if (hop.text.empty()) {
          place.where = path;
        } else {
          asked.hops.emplace_back(&hop, &place);
        }
      }
    }
    return asked;
  }

  void look_at(const std::string& path) {
    Asked asked = ask_about(path);
    if (asked.recipe) find_named(path);
    if (asked.pinned) {
      Recipe& recipe = recipe_of(path);
      recipe.is = true;
      recipe.fetches = recipe.fetches || own().pins.fetches.empty();
    }
    if (!asked.lines()) return;
    const auto bytes = tree_.read(path);
    if (!bytes) return;
    std::string_view text = as_text(**bytes);
    for (std::size_t number = 1; !text.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      look_at_line(asked, path, number, text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!asked.runs && !asked.again) return;
    ++result_.configures.recipes;
    const bool again = asked.again || (own().autotools.by_default && !asked.off);
    ++(again ? result_.configures.again : result_.configures.shipped);
  }

  void look_at_line(Asked& asked, const std::string& path, std::size_t number, std::string_view line) {
    const auto here = [&] { return fmt::format("{}:{}", path, number); };
    for (const std::size_t at : asked.counts) {
      const CountRow& row = own().counts[at];
      if ((asked.counted[at] && row.of == Of::files_with) || !has_text(line, row)) continue;
      asked.counted[at] = true;
      ++result_.counts[at].number;
    }
    for (const PinRow* pin : asked.pins) find_pin(*pin, path, line);
    for (const NetworkRow* network : asked.network) {
      if (has_text(line, *network)) add(result_.network, here(), line);
    }
    for (auto& [hop, found] : asked.hops) {
      if (found->where.empty() && line.find(hop->text) != kNowhere && lacks(line, hop->without) &&
          !is_comment(line))
        *found = place(here(), line);
    }
    if (asked.pinned && has_any(line, own().pins.fetches) && !is_comment(line))
      recipe_of(path).fetches = true;
    if (asked.autotools && !is_comment(line)) {
      asked.runs = asked.runs || has_any(line, own().autotools.uses);
      asked.again = asked.again || has_any(line, own().autotools.again);
      asked.off = asked.off || has_any(line, own().autotools.off);
    }
    if (asked.recipe) find_binary(here, line);
  }

  void find_pin(const PinRow& pin, const std::string& path, std::string_view line) {
    const std::size_t at = line.find(pin.text);
    if (at == kNowhere || !lacks(line, pin.without) || is_comment(line)) return;
    const std::string_view rest = trimmed(line.substr(at + pin.text.size()));
    if (pin.text.empty() && longest_hex(rest) != rest) return;
    const std::string_view hash = pin.hash.empty() ? hash_of(rest, pin.forty) : pin.hash;
    if (!hash.empty()) add_pin(pin.names_folder ? std::string(rest) : path, hash);
  }

  void add_pin(const std::string& path, std::string_view hash) {
    ++result_.pins.lines[hash];
    recipe_of(path).hashes.insert(hash);
  }

  template <class Here>
  void find_binary(const Here& here, std::string_view line) {
    if (line.size() >= 64) {
      const std::string_view digest = longest_hex(line);
      const std::string_view seed = seed_name(digest);
      if (!seed.empty()) result_.seeds.push_back({here(), seed, std::string(digest)});
    }
    if (is_comment(line) || line.find("src.tar") != kNowhere) return;
    if (std::ranges::any_of(kBinaries, [&](auto text) { return line.find(text) != kNowhere; }))
      add(result_.binaries, here(), line);
  }

  /// A recipe whose folder says that it brings a binary.
  void find_named(const std::string& path) {
    const std::string_view folder = parent_path(path);
    const std::string_view name = last_part(folder);
    for (const std::string_view ending : {"-bin", "_bin", "-bootstrap", "_bootstrap"}) {
      if (name.ends_with(ending) && named_.emplace(folder).second)
        add(result_.binaries, path, fmt::format("recipe '{}'", name));
    }
  }

  void tell_pins() {
    Pinned& pins = result_.pins;
    for (const auto& [path, recipe] : recipes_) {
      if (!recipe.is) continue;
      ++pins.recipes;
      const auto strong = [](std::string_view hash) { return hash != "commit" && !is_weak(hash); };
      if (std::ranges::any_of(recipe.hashes, strong)) {
        ++pins.strong;
      } else if (recipe.hashes.contains("commit")) {
        ++pins.commit;
      } else if (!recipe.hashes.empty()) {
        add(pins.weak, path, *recipe.hashes.begin());
      } else if (recipe.fetches) {
        add(pins.without, path, "");
      } else {
        ++pins.nothing;
      }
    }
  }

  void tell_road(const RoadRow& row, const std::vector<Place>& places) {
    const bool first = result_.roads.empty();
    if (!first && places.front().where.empty()) return;  // the tree has no such compiler
    Road road{.of = row.of, .hops = {}, .on = row.on, .ask = row.ask};
    bool whole = true;
    for (std::size_t at = 0; at < places.size() && whole; ++at) {
      road.hops.push_back({row.hops[at].what, places[at]});
      whole = !places[at].where.empty();
    }
    if (whole) road.ground = row.ground;
    if (road.ground == Ground::seed) {
      const auto found = std::ranges::find(result_.seeds, places.back().where, &StoredSeed::where);
      if (found == result_.seeds.end()) {
        road.ground = Ground::unknown;
      } else {
        road.seed = found->seed;
      }
    }
    road.from_source = from_source(road.ground);
    result_.roads.push_back(std::move(road));
  }

  [[nodiscard]] Answer from_source(Ground ground) const {
    switch (ground) {
      case Ground::seed: return Answer::yes;
      case Ground::binary:
      case Ground::own: return Answer::no;
      case Ground::joins: return result_.roads.front().from_source;
      default: return Answer::unknown;
    }
  }

  static std::string_view deepest(const Road& road) {
    std::string_view where;
    for (const Hop& hop : road.hops) {
      if (!hop.place.where.empty()) where = hop.place.where;
    }
    return where;
  }

  static std::string rests(const Road& road) {
    return road.ground == Ground::unknown ? fmt::format("{} ends where the tree says no more", road.of)
                                          : fmt::format("{} rests on {}", road.of, road.on);
  }

  void judge() {
    if (result_.roads.empty()) return;
    const Road& c = result_.roads.front();
    const bool own_binaries = c.ground == Ground::own;
    const bool without = c.ground == Ground::seed || c.ground == Ground::host;
    result_.needs_no_own = {own_binaries ? Answer::no
                            : without    ? Answer::yes
                                         : Answer::unknown,
                            rests(c), std::string(deepest(c))};
    const Road* worst = &c;
    for (const Road& road : result_.roads) {
      const auto badness = [](const Road& of) {
        return of.from_source == Answer::no ? 2 : of.from_source == Answer::unknown ? 1 : 0;
      };
      if (badness(road) > badness(*worst)) worst = &road;
    }
    result_.all_from_source = {worst->from_source, rests(*worst), std::string(deepest(*worst))};
  }

  const FileTree& tree_;
  const Scan& scan_;
  Profile result_;
  std::set<std::string, std::less<>> named_;  ///< folders
  std::map<std::string, Recipe, std::less<>> recipes_;
  std::vector<std::vector<Place>> found_;  ///< of each road, of each hop
};

}  // namespace

Profile profile(const FileTree& tree, const Scan& scan) { return Profiler(tree, scan).run(); }

}  // namespace assay::audit
