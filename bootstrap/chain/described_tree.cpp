// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/described_tree.h"

#include <fmt/format.h>

#include "bootstrap/chain/description_reader.h"
#include "core/memory_tree.h"
#include "core/paths.h"
#include "hex0/hex0.h"

namespace assay::bootstrap {
namespace {

constexpr std::size_t kMaxDepth = 64;  // of directories that are placed

/// What is at `from` is at `to` too.
void place(const FileTree& given, const std::string& from, const std::string& to, MemoryTree& files,
           std::size_t depth = 0) {
  const Result<NodeInfo> info = given.info(from);
  if (!info || depth > kMaxDepth) return;
  if (info->kind == NodeKind::file) {
    if (const auto bytes = given.read(from)) {
      files.put(to, {}, info->mode);
      files.find(to)->set_bytes(*bytes);
    }
  } else if (info->kind == NodeKind::link) {
    if (const auto target = given.link_target(from)) {
      if (const auto made = files.create(to, NodeKind::link, info->mode)) (*made)->target = *target;
    }
  } else {
    (void)files.create(to, NodeKind::directory, info->mode);
    const auto names = given.list(from);
    if (!names) return;
    for (const std::string& name : *names)
      place(given, join_path(from, name), join_path(to, name), files, depth + 1);
  }
}

/// Files one behind the other.
void join(const FileTree& given, const PlaceDescription& described, MemoryTree& files) {
  Bytes whole;
  for (const std::string& path : described.from) {
    if (const auto bytes = given.read(path)) whole.insert(whole.end(), (*bytes)->begin(), (*bytes)->end());
  }
  files.put(described.to, std::move(whole));
}

void make_directory(const std::string& path, MemoryTree& files) {
  if (path.empty() || files.info(path)) return;
  make_directory(std::string(parent_path(path)), files);
  (void)files.create(path, NodeKind::directory, 0755);
}

/// A seed that the tree does not have is what its first source says.
void assemble_seed(const Architecture& arch, SeedDescription& seed, MemoryTree& files) {
  if (files.info(seed.file) || seed.sources.empty()) return;
  const auto text = files.read(seed.sources.front());
  if (!text) return;
  NoDiagnostics quiet;
  const std::string_view dialect = seed.dialect.empty() ? arch.dialect : std::string_view(seed.dialect);
  Output made =
      hex0::assemble({seed.sources.front(), **text}, {.dialect = hex0::find_dialect(dialect)}, quiet);
  files.put(seed.file, std::move(made.bytes), 0755);
  seed.is_assembled = true;
}

}  // namespace

Result<Tree> described_tree(const std::string& path, std::shared_ptr<const FileTree> files,
                            const Source& description, DiagnosticSink& sink) {
  const std::shared_ptr<DescribedChain> described = read_description(description, files.get(), sink);
  if (described == nullptr)
    return fail("chain-file-wrong",
                fmt::format("'{}' does not describe a chain of '{}'", description.name, path));
  auto laid_out = std::make_shared<MemoryTree>(files);
  for (const PlaceDescription& one : described->places) {
    make_directory(std::string(parent_path(one.to)), *laid_out);
    one.from.size() == 1 ? place(*files, one.from.front(), one.to, *laid_out) : join(*files, one, *laid_out);
  }
  for (const std::string& directory : described->directories) make_directory(directory, *laid_out);
  for (SeedDescription& seed : described->chain.seeds)
    assemble_seed(described->architecture, seed, *laid_out);
  Tree tree{path, TreeKind::described, std::move(laid_out), {&described->architecture}, {}};
  tree.found.layout = &todays_layout();
  tree.starts_bare = described->is_root;
  tree.described = described;
  return tree;
}

}  // namespace assay::bootstrap
