// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/live_bootstrap/distfiles.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <set>

#include "bootstrap/image/archive_image.h"
#include "bootstrap/live_bootstrap/chain_end.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "core/digest.h"
#include "core/paths.h"

namespace assay::image {
namespace {

/// Archives whose content was measured: that of the files that have the digest, or (nyacc) of the
/// repository's tag, of which all of live-bootstrap's digests behind it came out.
struct KnownContent {
  std::string_view digest;
  std::string_view content;
};
constexpr std::array<KnownContent, 4> kKnown{{
    {"183a40ea47ea49f8a1e3bd1b9d12e676374d64d63bc79e7bc1ae7d673dfdf25d",
     "29b3d02454b6be64857079b7c16c41143e94ce09b0a0637cbc1f76583f9a925a"},
    {"708c943f89c972910e9544ee077771acbd0a2c0fc6d33496fe158264ddb65327",
     "24b37949728a14a0ea67a6367c80da1c5258ad326104161b3e50b16e734a474e"},
    {"6b8cbd0a5fed0636d4f0f763a603247bc1935e206e1cc5bda6a2818bab6e819f",
     "02669399e7406f0561966a336d26ff9f9fa540235966813c41cddf9d82651acb"},
    {"de23af78fca90ce32dff2dd45b3432b2334740bb9bb7b05bf60fdbfc396ceb9c",
     "d61f57e4c64214964abbbdb96e48d9e02c36f54ac990c8f0f25284589d3e2ddf"},
}};

}  // namespace

std::vector<Distfile> wanted_distfiles(const FileTree& tree) {
  std::vector<Distfile> files;
  std::map<std::string, std::size_t, std::less<>> at;
  std::set<std::string, std::less<>> seen;
  const SourcesGrammar grammar = sources_grammar(tree);
  const Manifest manifest = manifest_of(tree);
  for (const Directive& directive : manifest.directives) {
    if (directive.kind != DirectiveKind::build || !seen.insert(directive.argument).second) continue;
    const std::string sources = fmt::format("steps/{}/sources", directive.argument);
    const auto bytes = tree.read(sources);
    if (!bytes) continue;
    Findings nobody;
    for (const SourceEntry& entry : parse_sources(as_text(**bytes), sources, nobody, grammar)) {
      const auto [place, added] = at.try_emplace(entry.name, files.size());
      if (added)
        files.push_back(
            {entry.name, entry.digest, {}, directive.argument, sources, entry.line, directive.line});
      std::vector<std::string>& urls = files[place->second].urls;
      if (entry.url != "_" && std::find(urls.begin(), urls.end(), entry.url) == urls.end())
        urls.push_back(entry.url);
    }
  }
  return files;
}

std::optional<std::string> content_digest(Bytes archive) {
  Findings nobody;
  const auto opened = open_archive(memory_medium(std::move(archive)), nobody);
  if (!opened) return std::nullopt;
  std::string text;
  const auto add = [&](auto&& again, const std::string& directory) -> bool {
    const auto names = (*opened)->list(directory);
    if (!names) return false;
    for (const std::string& name : *names) {
      const std::string path = join_path(directory, name);
      const auto info = (*opened)->info(path);
      if (!info) return false;
      if (info->kind == NodeKind::directory) {
        if (!again(again, path)) return false;
      } else if (info->kind == NodeKind::link) {
        const auto target = (*opened)->link_target(path);
        text += fmt::format("link {} {}\n", target ? *target : "", path);
      } else {
        const auto bytes = (*opened)->read(path);
        if (!bytes) return false;
        text +=
            fmt::format("{} {} {}\n", (info->mode & 0100U) != 0 ? "program" : "file", sha256(**bytes), path);
      }
    }
    return true;
  };
  if (!add(add, "") || text.empty()) return std::nullopt;
  return sha256(as_bytes(text));
}

std::optional<std::string_view> known_content(std::string_view digest) {
  const auto* const row = std::find_if(kKnown.begin(), kKnown.end(),
                                       [&](const KnownContent& one) { return one.digest == digest; });
  return row == kKnown.end() ? std::nullopt : std::optional(row->content);
}

std::vector<OtherDistfile> other_distfiles(const FileTree& tree, std::uint64_t last_line) {
  std::vector<OtherDistfile> others;
  const std::string folder = distfiles_folder(ImageKind::live_bootstrap_tree);
  for (Distfile& wanted : wanted_distfiles(tree)) {
    const std::string path = join_path(folder, wanted.name);
    if (wanted.manifest > last_line) continue;
    const auto bytes = tree.read(path);
    if (!bytes) continue;
    std::string digest = sha256(**bytes);
    if (digest == wanted.digest) continue;
    const std::optional<std::string> content = content_digest(**bytes);
    if (!content) continue;
    const bool same = content == known_content(wanted.digest);
    others.push_back({std::move(wanted), path, std::move(digest), same});
  }
  return others;
}

bootstrap::Replacements sources_for(const FileTree& tree, const std::vector<OtherDistfile>& others) {
  bootstrap::Replacements replaced;
  for (const OtherDistfile& other : others) {
    std::shared_ptr<const Bytes>& bytes = replaced[other.wanted.sources];
    if (bytes == nullptr) {
      const auto old = tree.read(other.wanted.sources);
      if (!old) continue;
      bytes = *old;
    }
    std::string text(as_text(*bytes));
    for (std::size_t at = text.find(other.wanted.digest); at != std::string::npos;
         at = text.find(other.wanted.digest, at))
      text.replace(at, other.digest.size(), other.digest);
    bytes = std::make_shared<const Bytes>(to_bytes(text));
  }
  return replaced;
}

}  // namespace assay::image
