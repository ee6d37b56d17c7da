// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// assay diff: where two files, trees, images or reports differ, and why.
#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "bootstrap/commands/chosen_tree.h"
#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/open_cache.h"
#include "bootstrap/explain/difference.h"
#include "bootstrap/finding/finding.h"
#include "bootstrap/image/builder_hex0_check.h"
#include "bootstrap/image/extract.h"
#include "bootstrap/image/open_image.h"
#include "bootstrap/tree/program_check.h"
#include "command/host_files.h"
#include "command/print.h"
#include "core/host_read.h"
#include "core/host_tree.h"

namespace assay::bootstrap {
namespace {

namespace fs = std::filesystem;

struct Settings {
  std::string first;
  std::string second;
  std::string tree;
  std::string architecture;
  std::string chain;
  bool no_cache = false;
};

/// Trails of the trees that files come from, each made once.
class Trails {
 public:
  explicit Trails(const Settings& settings)
      : settings_(settings), cache_(open_cache("", settings.no_cache)) {}

  /// Fills in where a file with these bytes comes from: in the tree that the user names, or that it lies in.
  void find(Side& side, const std::string& path) {
    for (const auto& [root, inside] : candidates(path)) {
      Trail* const trail = of(root, inside);
      if (trail == nullptr) continue;
      Products& products = trail->products();
      FileId file = products.find(inside);
      if (file == kNoFile || *products[file].bytes != *side.bytes) {
        file = kNoFile;
        for (const FileId made : products.made()) {
          if (*products[made].bytes == *side.bytes) file = made;
        }
      }
      if (file == kNoFile) continue;
      side.trail = trail;
      side.file = file;
      return;
    }
  }

 private:
  /// Trees, and the path in them.
  std::vector<std::pair<std::string, std::string>> candidates(const std::string& path) const {
    constexpr int kMostUp = 8;
    std::vector<std::pair<std::string, std::string>> found;
    std::error_code ignored;
    const fs::path whole = fs::absolute(path, ignored).lexically_normal();
    fs::path up = whole.parent_path();
    for (int i = 0; i < kMostUp && up != up.root_path(); ++i, up = up.parent_path()) {
      if (fs::exists(up / "bootstrap-seeds", ignored))
        found.emplace_back(up.string(), whole.lexically_relative(up).string());
    }
    if (!settings_.tree.empty()) {
      // By the longest end of its path that the tree or its chain has.
      std::string inside = found.empty() ? whole.filename().string() : found.back().second;
      found.insert(found.begin(), {settings_.tree, inside});
    }
    return found;
  }
  Trail* of(const std::string& root, const std::string& inside) {
    // What the user says of a chain is about the tree that the user names.
    auto known = trees_.find(root);
    if (known == trees_.end()) {
      const std::string_view chain = root == settings_.tree ? std::string_view(settings_.chain) : "";
      known = trees_.emplace(root, chosen_tree(root, std::string(chain))).first;
    }
    const Result<Tree>& tree = known->second;
    if (!tree) return nullptr;
    const Architecture* arch = find_architecture(settings_.architecture);
    for (const Architecture* one : tree->architectures) {
      if (arch == nullptr && inside.find(one->name) != std::string::npos) arch = one;
    }
    if (arch == nullptr && tree->architectures.size() == 1) arch = tree->architectures.front();
    if (arch == nullptr) return nullptr;
    auto& trail = trails_[{root, arch}];
    if (trail == nullptr)
      trail = std::make_unique<Trail>(Products::of(*tree, *arch, cache_ ? &*cache_ : nullptr));
    return trail.get();
  }

  const Settings& settings_;
  std::optional<StepCache> cache_;
  std::map<std::string, Result<Tree>> trees_;  ///< what they describe is theirs
  std::map<std::pair<std::string, const Architecture*>, std::unique_ptr<Trail>> trails_;
};

Difference compare(const Side& a, const Side& b, const std::string& architecture) {
  const bool machine_text = is_machine_text(a.name) && is_machine_text(b.name);
  const auto is_text = [](const Side& side) {
    return std::find(side.bytes->begin(), side.bytes->end(), Byte{0}) == side.bytes->end();
  };
  if (machine_text || (is_text(a) && is_text(b))) return compare_texts(a, b, machine_text);
  return compare_binaries(a, b, architecture);
}

/// Two directories or images: what differs, and the story of the first that both have.
int compare_trees(const Settings& settings, const FileTree& first, const FileTree& second, Trails* trails) {
  constexpr std::size_t kMost = 30;
  constexpr std::string_view kDiffers = "differs: ";
  const auto lines = image::compare(first, second);
  if (!lines) return cannot_run(lines.error());
  if (lines->empty()) return kStatusPass;
  for (std::size_t index = 0; index < std::min(lines->size(), kMost); ++index)
    assay::print("{}\n", printable((*lines)[index]));
  if (lines->size() > kMost) assay::print("and {} more\n", lines->size() - kMost);
  for (const std::string& line : *lines) {
    if (!line.starts_with(kDiffers)) continue;
    const std::string path = line.substr(kDiffers.size());
    const auto left = first.read(path);
    const auto right = second.read(path);
    if (!left || !right || **left == **right) continue;
    Side a{.name = fmt::format("{}/{}", settings.first, path), .bytes = *left};
    Side b{.name = fmt::format("{}/{}", settings.second, path), .bytes = *right};
    if (trails != nullptr) {
      trails->find(a, a.name);
      trails->find(b, b.name);
    }
    assay::print("\nThe first of them, {}:\n{}", printable(path),
                 difference_text(compare(a, b, settings.architecture)));
    break;
  }
  return kStatusFail;
}

/// ", changed in line 12 as against stage0-posix 1.9.1", where a report says so of a file; else nothing.
std::string changed_lines_of(const nlohmann::json& report, const std::string& path) {
  const nlohmann::json known = report.value("tree", nlohmann::json()).value("known", nlohmann::json());
  for (const nlohmann::json& change :
       known.is_null() ? nlohmann::json::array() : known.value("changes", nlohmann::json::array())) {
    const nlohmann::json places = change.value("places", nlohmann::json::array());
    if (change.value("file", "") == path && !places.empty())
      return fmt::format(", changed in line {} as against {}", places.front().value("line", 0),
                         known.value("state", ""));
  }
  return "";
}

/// Two reports of preflight: the first step whose verdict or product is another.
int compare_reports(const Settings& settings, const nlohmann::json& first, const nlohmann::json& second) {
  bool same = true;
  const auto say = [&](const std::string& text) {
    same = false;
    assay::print("{}\n", printable(text));
  };
  const auto word = [](const nlohmann::json& json, const char* name) {
    return json.value(name, std::string());
  };
  if (word(first, "verdict") != word(second, "verdict"))
    say(fmt::format("verdict: {} against {}", word(first, "verdict"), word(second, "verdict")));
  const auto chains = [](const nlohmann::json& report) {
    std::map<std::string, const nlohmann::json*> by_name;
    for (const nlohmann::json& chain : report.at("chains")) by_name.emplace(chain.value("arch", ""), &chain);
    return by_name;
  };
  const auto chains_a = chains(first);
  const auto chains_b = chains(second);
  for (const auto& [name, chain] : chains_b) {
    if (!chains_a.contains(name)) say(fmt::format("{}: only in {}", name, settings.second));
  }
  for (const auto& [name, chain] : chains_a) {
    const auto other = chains_b.find(name);
    if (other == chains_b.end()) {
      say(fmt::format("{}: only in {}", name, settings.first));
      continue;
    }
    const nlohmann::json& mine = chain->at("steps");
    const nlohmann::json& theirs = other->second->at("steps");
    std::size_t differ = 0;
    const std::size_t common = std::min(mine.size(), theirs.size());
    for (std::size_t index = 0; index < common; ++index) {
      const nlohmann::json& a = mine[index];
      const nlohmann::json& b = theirs[index];
      if (a.value("verdict", "") == b.value("verdict", "") &&
          a.value("outputs", nlohmann::json()) == b.value("outputs", nlohmann::json()) &&
          a.value("argv", nlohmann::json()) == b.value("argv", nlohmann::json()))
        continue;
      if (++differ > 1) continue;
      std::string line = fmt::format("{}: the first step that differs is number {}: ", name, index + 1);
      for (const nlohmann::json& argument : a.value("argv", nlohmann::json::array()))
        line += argument.get<std::string>() + " ";
      say(line);
      if (a.value("verdict", "") != b.value("verdict", ""))
        say(fmt::format("  verdict: {} against {}", a.value("verdict", ""), b.value("verdict", "")));
      const nlohmann::json outputs_b = b.value("outputs", nlohmann::json::array());
      for (const nlohmann::json& output : a.value("outputs", nlohmann::json::array())) {
        const bool there = std::find(outputs_b.begin(), outputs_b.end(), output) != outputs_b.end();
        if (!there) say(fmt::format("  '{}' is another file", output.value("path", "")));
      }
      const nlohmann::json inputs_b = b.value("inputs", nlohmann::json::array());
      for (const nlohmann::json& input : a.value("inputs", nlohmann::json::array())) {
        const bool there = std::find(inputs_b.begin(), inputs_b.end(), input) != inputs_b.end();
        const std::string path = input.value("path", "");
        if (!there)
          say(fmt::format("  cause: its input '{}' is another file{}", path,
                          changed_lines_of(first, path) + changed_lines_of(second, path)));
      }
    }
    if (differ > 0) say(fmt::format("{}: {} of {} steps differ", name, differ, common));
    if (mine.size() != theirs.size())
      say(fmt::format("{}: {} steps against {}", name, mine.size(), theirs.size()));
  }
  return same ? kStatusPass : kStatusFail;
}

std::optional<nlohmann::json> report_of(const Bytes& bytes) {
  if (bytes.empty() || bytes.front() != '{') return std::nullopt;
  nlohmann::json json = nlohmann::json::parse(bytes, nullptr, false);
  if (json.is_discarded() || !json.contains("chains") || !json["chains"].is_array()) return std::nullopt;
  return json;
}

/// The bytes of a part of an image.
Bytes bytes_of(const Bytes& image, const image::Part& part) {
  const std::uint64_t end = std::min<std::uint64_t>(part.extent.end, image.size());
  return {image.begin() + static_cast<std::ptrdiff_t>(std::min(part.extent.begin, end)),
          image.begin() + static_cast<std::ptrdiff_t>(end)};
}

/// Two images with the same files: the first part of them that is not the same.
int compare_rest(const Settings& settings, const image::Image& a, const Bytes& left, const Bytes& right) {
  assay::print("the files in both images are the same; other bytes differ\n");
  const std::size_t first = static_cast<std::size_t>(std::ranges::mismatch(left, right).in1 - left.begin());
  image::Findings ignored;
  const image::Accounting accounting =
      a.builder_hex0 ? image::account_builder_hex0(*a.builder_hex0, ignored) : a.accounting;
  const auto part = std::ranges::find_if(accounting.parts(), [first](const image::Part& one) {
    return one.extent.begin <= first && first < one.extent.end;
  });
  const bool known = part != accounting.parts().end();
  assay::print("the first is byte {:#x} of {} and {} bytes, in {}: {} and {}\n", first, left.size(),
               right.size(),
               known ? fmt::format("'{}' ({})", printable(part->what), image::name_of(part->content))
                     : "no part that is known",
               byte_text(left, first), byte_text(right, first));
  if (!known || part->content != image::Content::source) return kStatusFail;
  const Bytes text = bytes_of(left, *part);
  const Bytes other = bytes_of(right, *part);
  const auto side = [&](const std::string& name, const Bytes& bytes) {
    return Side{.name = fmt::format("{}!{}", name, part->what),
                .bytes = std::make_shared<const Bytes>(bytes)};
  };
  const Difference difference = compare_texts(side(settings.first, text), side(settings.second, other), true);
  if (!difference.same) assay::print("{}", difference_text(difference));
  return kStatusFail;
}

int run(const Settings& settings) {
  std::error_code ignored;
  Trails trails(settings);
  const bool first_is_tree = fs::is_directory(settings.first, ignored);
  const bool second_is_tree = fs::is_directory(settings.second, ignored);
  if (first_is_tree && second_is_tree)
    return compare_trees(settings, HostTree(settings.first, kMostHostBytes),
                         HostTree(settings.second, kMostHostBytes), &trails);
  if (first_is_tree || second_is_tree)
    return cannot_run({"diff-two-kinds", "a directory can be compared with a directory only"});
  const Result<Bytes> left = read_host_file(settings.first);
  if (!left) return cannot_run(left.error());
  const Result<Bytes> right = read_host_file(settings.second);
  if (!right) return cannot_run(right.error());
  if (*left == *right) return kStatusPass;
  const std::optional<nlohmann::json> report_a = report_of(*left);
  const std::optional<nlohmann::json> report_b = report_of(*right);
  if (report_a && report_b) {
    try {
      return compare_reports(settings, *report_a, *report_b);
    } catch (const nlohmann::json::exception&) {
      return cannot_run({"diff-bad-report", "one of them is no report of assay preflight --json"});
    }
  }
  Side a{.name = settings.first, .bytes = std::make_shared<const Bytes>(*left)};
  Side b{.name = settings.second, .bytes = std::make_shared<const Bytes>(*right)};
  if (!is_elf(*left) && !is_machine_text(a.name)) {
    const Result<image::Image> image_a = image::open_image(settings.first);
    const Result<image::Image> image_b = image_a ? image::open_image(settings.second) : image_a;
    if (image_a && image_b) {
      const int status = compare_trees(settings, *image_a->files, *image_b->files, nullptr);
      return status == kStatusPass ? compare_rest(settings, *image_a, *left, *right) : status;
    }
  }
  trails.find(a, settings.first);
  trails.find(b, settings.second);
  const Difference difference = compare(a, b, settings.architecture);
  assay::print("{}", difference_text(difference));
  return difference.same ? kStatusPass : kStatusFail;
}

}  // namespace

void add_diff_command(CLI::App& app, int& status) {
  auto settings = std::make_shared<Settings>();
  CLI::App& command =
      *app.add_subcommand("diff", "Tells where two files, trees, images or reports differ, and why");
  command
      .add_option("A", settings->first,
                  "A program, a text, a directory, an image or a report of preflight --json")
      ->required();
  command.add_option("B", settings->second, "The same kind of thing")->required();
  command
      .add_option("--tree", settings->tree,
                  "A tree whose chain makes one of them (default: the one it lies in)")
      ->type_name("TREE");
  add_chain_option(command, settings->chain);
  command.add_option("--arch", settings->architecture, "The architecture (default: as the files say)")
      ->type_name("NAME");
  command.add_flag("--no-cache", settings->no_cache, "Derive every step of the tree again");
  command.footer("Exit status: 0 the same, 1 they differ, 2 cannot run.");
  command.callback([settings, &status] { status = run(*settings); });
}

}  // namespace assay::bootstrap
