// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/scale/plan.h"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <map>

namespace assay::bootstrap {
namespace {

/// A string of the Nix language.
std::string nix_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '$') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

/// What a store path may be called: other characters than these become '-'.
std::string store_name(std::string_view label) {
  constexpr std::size_t kMost = 100;
  std::string name;
  for (const char c : label.substr(0, kMost)) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      std::string_view("+-._?=").find(c) != std::string_view::npos;
    name += good ? c : '-';
  }
  return name.empty() || name.front() == '.' ? "tree" + name : name;
}

constexpr std::string_view kHead =
    R"(# A part is the chain of one architecture of one tree: its record is what `assay preflight --backend nix` and
# `assay matrix --backend nix` report of. Everything that a part depends on goes into the store; nothing is fetched.
let
  program = builtins.path {{ name = "assay"; path = {}; }};
  treeAt = path: builtins.path {{
    name = "tree";
    inherit path;
    filter = file: kind: baseNameOf file != ".git";
  }};
  chain = name: tree: arch: round: derivation {{
    inherit name round;
    system = "x86_64-linux";
    builder = program;
    args = [ "record" tree "--arch" arch "--output" (placeholder "out") ];
  }};
)";

}  // namespace

Result<std::vector<ListedTree>> read_tree_list(std::string_view text, const std::string& directory) {
  std::vector<ListedTree> trees;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t blank = line.find_first_of(" \t");
    ListedTree tree;
    if (blank != std::string_view::npos) {
      tree.label = line.substr(0, blank);
      line.remove_prefix(std::min(line.find_first_not_of(" \t", blank), line.size()));
    }
    if (line.empty() || blank == 0)
      return fail("list-malformed", fmt::format("line {}: PATH or LABEL PATH is wanted", number));
    const std::filesystem::path path = (std::filesystem::path(directory) / line).lexically_normal();
    tree.path = path;
    if (tree.label.empty())
      tree.label = path.has_filename() ? path.filename() : path.parent_path().filename();
    trees.push_back(std::move(tree));
  }
  return trees;
}

std::string nix_expression(std::span<const Job> jobs, const std::string& program, bool twice) {
  std::string text = fmt::format(kHead, nix_string(program));
  std::map<std::string_view, std::size_t> trees;
  for (const Job& job : jobs) {
    const auto [tree, is_new] = trees.emplace(job.tree, trees.size());
    if (is_new) text += fmt::format("  tree{} = treeAt {};\n", tree->second, nix_string(job.tree));
  }
  text += "in [\n";
  for (int round = 1; round <= (twice ? 2 : 1); ++round) {
    for (const Job& job : jobs)
      text += fmt::format("  (chain {} tree{} {} \"{}\")\n",
                          nix_string(fmt::format("{}-{}.chain", store_name(job.label), job.architecture)),
                          trees.at(job.tree), nix_string(job.architecture), round);
  }
  return text + "]\n";
}

}  // namespace assay::bootstrap
