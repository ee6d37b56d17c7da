// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/tree_lists.h"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "bootstrap/commands/commands.h"
#include "bootstrap/finding/finding.h"
#include "command/host_files.h"
#include "command/nearest_word.h"

namespace assay::bootstrap {

unsigned processors() { return std::clamp(std::thread::hardware_concurrency(), 1U, kMostJobs); }

Result<std::vector<ListedTree>> listed_trees(const std::string& path) {
  std::error_code ignored;
  if (const std::filesystem::path tree = std::filesystem::path(path).lexically_normal();
      std::filesystem::is_directory(tree, ignored))
    return std::vector<ListedTree>{
        {tree.has_filename() ? tree.filename() : tree.parent_path().filename(), tree}};
  const Result<Bytes> list = read_host_file(path == "-" ? "/dev/stdin" : path);
  if (!list) return tl::unexpected(list.error());
  return read_tree_list(as_text(*list), std::filesystem::path(path).parent_path());
}

Error unknown_architecture(const std::string& name) {
  std::vector<std::string> known;
  for (const Architecture& one : architectures()) known.emplace_back(one.name);
  return {"unknown-architecture",
          fmt::format("unknown architecture '{}': {}{}", printable(name), known_words(name, known),
                      name.find(',') == std::string::npos ? "" : "; --arch may be given several times")};
}

Result<std::vector<const Architecture*>> chosen_architectures(const Tree& tree,
                                                              const std::vector<std::string>& names) {
  if (names.empty()) return tree.architectures;
  std::vector<const Architecture*> chosen;
  for (const std::string& name : names) {
    const Architecture* const described = tree.described ? tree.architectures.front() : nullptr;
    const Architecture* const arch =
        described != nullptr && described->name == name ? described : find_architecture(name);
    if (arch == nullptr) return tl::unexpected<Error>(unknown_architecture(name));
    if (std::find(tree.architectures.begin(), tree.architectures.end(), arch) == tree.architectures.end()) {
      return fail("architecture-not-in-tree",
                  fmt::format("'{}' holds no boot script and seeds for {}", tree.path, arch->name));
    }
    chosen.push_back(arch);
  }
  return chosen;
}

std::optional<Error> trouble_of_host(const std::vector<ChainResult>& results) {
  for (const ChainResult& result : results) {
    for (const Finding& finding : result.findings) {
      if (finding.id == "no-memory") return Error{"no-memory", finding.message};
    }
  }
  return std::nullopt;
}

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace assay::bootstrap
