// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/chosen_tree.h"

#include <fmt/format.h>
#include <unistd.h>
#include <filesystem>

#include "bootstrap/chain/described_tree.h"
#include "bootstrap/chain/description_reader.h"
#include "command/host_files.h"
#include "command/print.h"
#include "command/render.h"
#include "command/terminal.h"
#include "core/host_tree.h"

namespace assay::bootstrap {
namespace {

Result<Tree> by_description(const std::string& path, const std::string& name, ByteView text) {
  const Source description{name, text};
  DiagnosticList said;
  Result<Tree> tree = described_tree(path, std::make_shared<HostTree>(path), description, said);
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
    return by_description(path, chain, *text);
  }
  Result<Tree> tree = open_tree(path);
  if (tree || tree.error().id != "tree-not-recognised") return tree;
  const auto beside = HostTree(path).read(kDescriptionFile);
  if (beside) return by_description(path, fmt::format("{}/{}", path, kDescriptionFile), **beside);
  return fail("tree-not-recognised",
              fmt::format("{}; where it is a chain of its own, 'assay init {}' begins a description of it",
                          tree.error().message, path));
}

}  // namespace assay::bootstrap
