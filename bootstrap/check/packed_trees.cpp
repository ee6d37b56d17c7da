// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/packed_trees.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/live_bootstrap/manifest.h"
#include "bootstrap/live_bootstrap/prepared_tree.h"
#include "bootstrap/tree/replaced_files.h"
#include "bootstrap/tree/sub_tree.h"

namespace assay::bootstrap {
namespace {

constexpr std::string_view kAfter = "after.kaem";

bool is_file(const FileTree& files, const std::string& path) {
  const auto info = files.info(path);
  return info && info->kind == NodeKind::file;
}

/// The architecture that the tree is configured for; empty if it is not configured.
std::string configured(const FileTree& files) {
  const auto text = files.read("steps/bootstrap.cfg");
  if (!text) return "";
  image::Findings nobody;
  const image::Config config = image::parse_config(as_text(**text), "", nobody);
  const image::Variable* const arch = config.find("ARCH");
  return arch == nullptr ? "" : arch->value;
}

void keep_architectures(const FileTree& files, const std::string& arch, Tree& tree) {
  std::erase_if(tree.architectures, [&](const Architecture* one) {
    if (!arch.empty()) return one->library_name != arch;
    // live-bootstrap knows those for which it has digests of its first programs.
    return !is_file(files, fmt::format("script-generator.{}.checksums", one->library_name)) &&
           one->library_name != "x86";
  });
}

/// What is laid out is a checkout or a tree of live-bootstrap.
std::shared_ptr<const FileTree> laid_out(const PackedTree& one, const std::shared_ptr<const FileTree>& files,
                                         std::string_view arch) {
  return one.found.family == Family::live_bootstrap_checkout ? image::prepared_tree(files, arch) : files;
}

PackedTree packed(const std::string& path, const std::shared_ptr<const FileTree>& all, FoundTree found) {
  PackedTree one;
  one.files = sub_tree(all, found.root);
  one.found = std::move(found);
  const std::string place = one.found.root.empty() ? path : fmt::format("{}/{}", path, one.found.root);
  std::shared_ptr<const FileTree> chain = one.files;
  std::string arch;
  if (is_live_bootstrap(one.found.family)) {
    arch = configured(*one.files);
    one.given = one.files;
    one.files = laid_out(one, one.given, arch.empty() ? "x86" : arch);
    // after.kaem does nothing: the chain ends there.
    chain = std::make_shared<const ReplacedFiles>(
        one.files, Replacements{{std::string(kAfter),
                                 std::make_shared<const Bytes>(to_bytes("# the chain ends here\n"))}});
  }
  if (one.found.family == Family::stage0_posix || is_live_bootstrap(one.found.family)) {
    Tree tree{place, TreeKind::stage0_posix, chain, {}, recognise(*chain)};
    tree.architectures = architectures_in(*chain, tree.layout());
    if (is_live_bootstrap(one.found.family)) keep_architectures(*one.files, arch, tree);
    one.tree = std::move(tree);
  }
  one.tree.path = place;
  if (one.tree.architectures.empty()) {
    one.why_not = is_live_bootstrap(one.found.family) ? fmt::format("holds no boot script with both seeds{}",
                                                                    arch.empty() ? "" : " for " + arch)
                                                      : why_no_stage0(*one.files, recognise(*one.files));
  }
  return one;
}

}  // namespace

Tree past_answers(const PackedTree& packed, const Architecture& arch) {
  Tree tree = packed.tree;
  tree.files = laid_out(packed, packed.given, arch.library_name);
  tree.architectures = {&arch};
  tree.starts_bare = true;
  return tree;
}

std::vector<PackedTree> packed_trees(const std::string& path, const std::shared_ptr<const FileTree>& files) {
  std::vector<PackedTree> trees;
  for (FoundTree& found : find_trees(*files)) trees.push_back(packed(path, files, std::move(found)));
  return trees;
}

}  // namespace assay::bootstrap
