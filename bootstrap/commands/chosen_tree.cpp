// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/chosen_tree.h"

#include <fmt/format.h>
#include <unistd.h>
#include <filesystem>

#include "bootstrap/chain/described_tree.h"
#include "bootstrap/chain/description_reader.h"
#include "bootstrap/chain/known_description.h"
#include "command/host_files.h"
#include "command/print.h"
#include "command/render.h"
#include "command/terminal.h"
#include "core/host_tree.h"

namespace assay::bootstrap {
namespace {

Result<Tree> by_description(const std::string& path, const Source& description,
                            std::shared_ptr<const FileTree> files) {
  DiagnosticList said;
  Result<Tree> tree = described_tree(path, std::move(files), description, said);
  for (const Diagnostic& one : said.all)
    assay::print_error("{}",
                       render(one, std::span(&description, 1), {.colour = shows_colour(STDERR_FILENO)}));
  return tree;
}

}  // namespace

void add_chain_option(CLI::App& command, std::string& chain) {
  command
      .add_option("--chain", chain,
                  "What boots the tree and what its programs are (assay-chain(5)); default: its layout, or "
                  "the assay.toml in it")
      ->type_name("FILE");
}

Result<Tree> chosen_tree(const std::string& path, const std::string& chain) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error))
    return fail("tree-not-found", fmt::format("no such directory: '{}'", path));
  if (!chain.empty()) {
    const Result<Bytes> text = read_host_file(chain == "-" ? "/dev/stdin" : chain);
    if (!text) return tl::unexpected(text.error());
    return by_description(path, {chain, *text}, std::make_shared<HostTree>(path));
  }
  Result<Tree> tree = open_tree(path);
  if (tree || tree.error().id != "tree-not-recognised") return tree;
  const auto beside = HostTree(path).read(kDescriptionFile);
  if (beside) {
    const std::string name = fmt::format("{}/{}", path, kDescriptionFile);
    return by_description(path, {name, **beside}, std::make_shared<HostTree>(path));
  }
  auto files = std::make_shared<MemoryTree>(std::make_shared<HostTree>(path));
  if (const std::optional<Source> known = known_description(*files))
    return by_description(path, *known, std::move(files));
  return fail("tree-not-recognised",
              fmt::format("{}; where it is a chain of its own, 'assay init {}' begins a description of it",
                          tree.error().message, path));
}

}  // namespace assay::bootstrap
