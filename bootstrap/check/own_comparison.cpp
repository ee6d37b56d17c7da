// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/own_comparison.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/digest.h"

namespace assay::bootstrap {
namespace {

/// What a file was after each step that wrote it.
using Products = std::map<std::string, std::vector<std::string>, std::less<>>;

Products products_of(const ChainResult& result) {
  Products products;
  for (const StepResult& step : result.steps) {
    for (const FileDigest& file : step.outputs) products[file.path].push_back(file.sha256);
  }
  return products;
}

/// What our texts went into, as text: that is another program's, and no comparison says anything of it.
std::set<std::string> made_of(const std::vector<std::string>& texts, const ChainResult& result) {
  const std::set<std::string> sources(texts.begin(), texts.end());
  std::set<std::string> made = sources;
  for (const StepResult& step : result.steps) {
    const std::vector<std::string>& inputs = result.chain.commands[step.command].inputs;
    if (std::ranges::any_of(inputs, [&](const std::string& path) { return made.contains(path); })) {
      for (const FileDigest& file : step.outputs) made.insert(file.path);
    }
  }
  for (const std::string& source : sources) made.erase(source);
  return made;
}

std::vector<std::string> unused_of(const OwnTree& own, const ChainResult& result) {
  const Chain& chain = result.chain;
  std::set<std::string> left;
  for (const std::string& path : own.ours) {
    if (path.starts_with(std::string(chain.architecture->name) + "/")) left.insert(path);
  }
  if (own.has_seeds) {
    left.insert(hex0_seed_path(*chain.architecture, own.tree.layout()));
    left.insert(kaem_seed_path(*chain.architecture, own.tree.layout()));
  }
  for (const Command& command : chain.commands) {
    left.erase(command.program);
    for (const std::string& path : command.inputs) left.erase(path);
  }
  return {left.begin(), left.end()};
}

/// Seeds that are the same before and after the exchange.
std::vector<std::string> same_seeds(const Tree& tree, const Architecture& arch, const OwnTree& own) {
  std::vector<std::string> same;
  if (!own.has_seeds) return same;
  for (const std::string& path : {hex0_seed_path(arch, tree.layout()), kaem_seed_path(arch, tree.layout())}) {
    const auto theirs = tree.files->read(path);
    const auto ours = own.tree.files->read(path);
    if (theirs && ours && **theirs == **ours) same.push_back(path);
  }
  return same;
}

std::size_t made_again(const Tree& tree, const Architecture& arch, const Products& products) {
  std::size_t count = 0;
  for (const std::string& path : {hex0_seed_path(arch, tree.layout()), kaem_seed_path(arch, tree.layout())}) {
    const Result<std::shared_ptr<const Bytes>> seed = tree.files->read(path);
    const std::string digest = seed ? sha256(**seed) : "";
    count +=
        std::ranges::any_of(products, [&](const auto& product) { return product.second.back() == digest; });
  }
  return count;
}

OwnChain compare(const Tree& tree, const ChainResult& plain, const OwnTree& own, const ChainResult& result) {
  OwnChain chain;
  chain.architecture = result.chain.architecture;
  chain.plain = plain.verdict;
  chain.complete = plain.verdict == ChainVerdict::pass && result.verdict == ChainVerdict::pass;
  const Products before = products_of(plain);
  const Products now = products_of(result);
  const std::set<std::string> ours = made_of(own.ours, result);
  chain.ours.assign(ours.begin(), ours.end());
  std::set<std::string> paths;
  for (const Products* products : {&before, &now}) {
    for (const auto& [path, digests] : *products) paths.insert(path);
  }
  chain.same = same_seeds(tree, *chain.architecture, own);
  for (const std::string& path : paths) {
    const auto then = before.find(path);
    const auto here = now.find(path);
    const bool same = then != before.end() && here != now.end() && then->second == here->second;
    if (ours.contains(path)) {
      if (same) chain.same.push_back(path);
      continue;
    }
    same ? (void)++chain.equal : chain.differ.push_back(path);
  }
  chain.unused = unused_of(own, result);
  chain.seeds_made_again = made_again(tree, *chain.architecture, now);
  return chain;
}

}  // namespace

std::vector<OwnChain> compare_with_own_run(const Tree& tree, std::span<const ChainResult> plain,
                                           const OwnTree& own, std::span<const ChainResult> results) {
  std::vector<OwnChain> chains;
  for (const ChainResult& result : results) {
    const auto before = std::ranges::find_if(
        plain, [&](const ChainResult& one) { return one.chain.architecture == result.chain.architecture; });
    if (before != plain.end()) chains.push_back(compare(tree, *before, own, result));
  }
  return chains;
}

}  // namespace assay::bootstrap
