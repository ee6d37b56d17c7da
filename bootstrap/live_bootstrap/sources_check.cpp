// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// sources files against each other and against the distfiles.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "core/digest.h"
#include "core/paths.h"

namespace assay::image {
namespace {

struct Magic {
  std::string_view ending;
  std::string_view bytes;
};
constexpr std::array<Magic, 9> kMagics{{{".gz", "\x1f\x8b"},
                                        {".tgz", "\x1f\x8b"},
                                        {".bz2", "BZh"},
                                        {".tbz2", "BZh"},
                                        {".xz",
                                         "\xfd"
                                         "7zXZ"},
                                        {".txz",
                                         "\xfd"
                                         "7zXZ"},
                                        {".lzma", "\x5d"},
                                        {".zip", "PK"},
                                        {".zst", "\x28\xb5\x2f\xfd"}}};

void check_distfile(const std::string& path, const Bytes& bytes, const WantedFile& wanted,
                    Findings& findings) {
  const std::string digest = sha256(bytes);
  if (digest == wanted.digest) return;
  const std::string_view name = last_part(path);
  const auto* magic = std::find_if(kMagics.begin(), kMagics.end(),
                                   [&](const Magic& row) { return name.ends_with(row.ending); });
  if (magic != kMagics.end() && !as_text(bytes).starts_with(magic->bytes)) {
    findings.add("lb-distfile-magic", path, 0,
                 fmt::format("{} bytes that are no {} file", bytes.size(), magic->ending));
  } else {
    findings.add(
        "lb-distfile-digest", path, 0,
        fmt::format("sha256 {}, but {}:{} lists {}", digest, wanted.file, wanted.line, wanted.digest));
  }
}

/// Names of one file under one digest, and whether anything but https gives it.
struct Alternatives {
  std::string name;
  std::uint64_t line = 0;
  bool plain = false;
};

/// All steps of the manifest in its order.
class Collecting {
 public:
  Collecting(const FileTree& tree, std::string folder, Findings& findings)
      : tree_(tree), folder_(std::move(folder)), findings_(findings), grammar_(sources_grammar(tree)) {}

  WantedFiles run(const Manifest& manifest) {
    for (const Directive& directive : manifest.directives) {
      if (directive.kind == DirectiveKind::improve && directive.argument.find("network") != std::string::npos)
        early_ = false;
      if (directive.kind != DirectiveKind::build) continue;
      const bool first = done_.insert(directive.argument).second;
      if (first) step(directive);
      // curl is built again when there is something to link with.
      if (directive.argument.starts_with("openssl-")) openssl_ = true;
      if (directive.argument.starts_with("curl-") && openssl_) tls_ = true;
    }
    return std::move(wanted_);
  }

 private:
  void step(const Directive& directive) {
    const std::string file = fmt::format("steps/{}/sources", directive.argument);
    const auto bytes = tree_.read(file);
    if (!bytes) return;
    std::map<std::string, Alternatives> by_digest;
    for (const SourceEntry& entry : parse_sources(as_text(**bytes), file, findings_, grammar_)) {
      const auto [old, added] =
          wanted_.try_emplace(entry.name, WantedFile{entry.digest, file, entry.line, directive.line, early_});
      if (!added && old->second.digest != entry.digest)
        findings_.add(
            "lb-sources-collision", file, entry.line,
            fmt::format("'{}' has another digest at {}:{}", entry.name, old->second.file, old->second.line));
      const auto [one, fresh] = by_digest.try_emplace(entry.digest, Alternatives{entry.name, entry.line});
      if (!fresh && one->second.name != entry.name)
        findings_.add("lb-sources-alternative", file, entry.line,
                      fmt::format("'{}' has the digest of '{}' in line {}", entry.name, one->second.name,
                                  one->second.line));
      one->second.plain = one->second.plain || !entry.url.starts_with("https://");
    }
    if (early_ || tls_) return;
    for (const auto& [digest, one] : by_digest) {
      if (!one.plain && !tree_.info(join_path(folder_, one.name)))
        findings_.add("lb-sources-tls", file, one.line,
                      fmt::format("'{}' comes by https only, and {}:{} builds it before curl has TLS",
                                  one.name, "steps/manifest", directive.line));
    }
  }

  const FileTree& tree_;
  std::string folder_;  ///< of the distfiles
  Findings& findings_;
  SourcesGrammar grammar_;
  WantedFiles wanted_;
  std::set<std::string, std::less<>> done_;
  bool early_ = true;
  bool openssl_ = false;
  bool tls_ = false;
};

}  // namespace

SourcesGrammar sources_grammar(const FileTree& tree) {
  const auto steps = tree.list("steps");
  for (const std::string& step : steps ? *steps : std::vector<std::string>()) {
    if (!step.starts_with("checksum-transcriber-")) continue;
    const auto text = tree.read(fmt::format("steps/{}/src/checksum-transcriber.c", step));
    if (text && as_text(**text).find("\"file\"") == std::string_view::npos) return SourcesGrammar::untyped;
  }
  return SourcesGrammar::typed;
}

std::vector<SourceEntry> parse_sources(std::string_view text, const std::string& file, Findings& findings,
                                       SourcesGrammar grammar) {
  std::vector<SourceEntry> entries;
  for (std::uint64_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    std::vector<std::string_view> words;
    while (!row.empty()) {
      const std::size_t blank = std::min(row.find(' '), row.size());
      words.push_back(row.substr(0, blank));
      row.remove_prefix(std::min(blank + 1, row.size()));
    }
    if (words.empty()) continue;
    if (grammar == SourcesGrammar::untyped)
      words.insert(words.begin(), words.front().starts_with("git://") ? "g" : "f");
    const bool git = words[0] == "g" || words[0] == "git";
    if (git && words.size() > 1) words.erase(words.begin() + 1);
    const bool known = git || words[0] == "f" || words[0] == "file";
    if (!known || words.size() < 3 || words.size() > 4 ||
        std::find(words.begin(), words.end(), "") != words.end()) {
      findings.add("lb-sources-line", file, line, "no source line");
      continue;
    }
    if (!is_sha256(words[2])) {
      findings.add("lb-sources-digest", file, line, fmt::format("'{}' is no digest", words[2]));
      continue;
    }
    if (words.size() == 3 && words[1] == "_") {
      findings.add("lb-sources-name", file, line, "neither URL nor name");
      continue;
    }
    const std::string_view name = words.size() == 4 ? words[3] : words[1].substr(words[1].rfind('/') + 1);
    if (name.empty() || name.find('/') != std::string_view::npos) {
      findings.add("lb-sources-name", file, line, fmt::format("'{}' names no file", name));
      continue;
    }
    entries.push_back({std::string(words[1]), std::string(words[2]), std::string(name), line});
  }
  return entries;
}

std::string distfiles_folder(ImageKind kind) {
  return kind == ImageKind::live_bootstrap_checkout ? "distfiles" : "external/distfiles";
}

WantedFiles check_sources(const FileTree& tree, const Manifest& manifest, ImageKind kind,
                          Findings& findings) {
  const std::string folder = distfiles_folder(kind);
  WantedFiles wanted = Collecting(tree, folder, findings).run(manifest);
  const auto present = tree.list(folder);
  if (!present) {
    findings.add("lb-distfiles-absent", folder, 0, "there is no such directory");
    return wanted;
  }
  for (const auto& [name, what] : wanted) {
    // Later ones can come through the network, or lie on a second disk.
    if (what.early && !tree.info(join_path(folder, name)))
      findings.add("lb-distfile-missing", join_path(folder, name), 0,
                   fmt::format("{}:{} lists it", what.file, what.line));
  }
  for (const std::string& name : *present) {
    const std::string path = join_path(folder, name);
    const auto known = wanted.find(name);
    if (known == wanted.end()) {
      findings.add("lb-distfile-unused", path, 0, "no step of the manifest lists it");
    } else if (const auto bytes = tree.read(path)) {
      check_distfile(path, **bytes, known->second, findings);
    } else {
      // builder-hex0 makes a directory of an empty file.
      check_distfile(path, {}, known->second, findings);
    }
  }
  return wanted;
}

namespace {

/// "DIGEST  NAME" lines; wrong ones are findings.
std::vector<std::pair<std::string, std::uint64_t>> names_of_list(std::string_view text,
                                                                 const std::string& file,
                                                                 Findings& findings) {
  std::vector<std::pair<std::string, std::uint64_t>> names;
  for (std::uint64_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    constexpr std::size_t kNameAt = 66;
    if (row.size() <= kNameAt || !is_sha256(row.substr(0, 64)) || row[64] != ' ' ||
        (row[65] != ' ' && row[65] != '*')) {
      findings.add("lb-checksum-line", file, line, "no line of sha256sum");
    } else {
      names.emplace_back(row.substr(kNameAt), line);
    }
  }
  return names;
}

}  // namespace

std::vector<std::string> names_in_checksums(const FileTree& tree, const std::string& path) {
  std::vector<std::string> names;
  const auto bytes = tree.read(path);
  if (!bytes) return names;
  Findings nobody;
  for (auto& [name, line] : names_of_list(as_text(**bytes), path, nobody)) names.push_back(std::move(name));
  return names;
}

void check_packages(const FileTree& tree, const Manifest& manifest, const std::vector<PlannedDirective>& plan,
                    Findings& findings) {
  for (const std::string& folder : {std::string("steps"), std::string("seed"), std::string()}) {
    const auto steps = tree.list(folder);
    if (!steps) continue;
    for (const std::string& step : *steps) {
      const auto files =
          folder == "steps" ? tree.list("steps/" + step) : Result<std::vector<std::string>>({step});
      for (const std::string& name : files ? *files : std::vector<std::string>()) {
        if (!name.ends_with(".checksums")) continue;
        const std::string path =
            folder == "steps" ? fmt::format("steps/{}/{}", step, name) : join_path(folder, name);
        if (const auto bytes = tree.read(path)) names_of_list(as_text(**bytes), path, findings);
      }
    }
  }
  const std::string list = "steps/SHA256SUMS.pkgs";
  const auto bytes = tree.read(list);
  if (!bytes) {
    findings.add("lb-file-missing", list, 0, "the file does not exist");
    return;
  }
  const auto names = names_of_list(as_text(**bytes), list, findings);
  // The revision in a tarball's name counts the tarballs of the package that exist: bash-era builds only.
  const auto expected = [](const std::vector<PlannedDirective>& directives) {
    std::map<std::string, std::uint64_t, std::less<>> tarballs;
    std::map<std::string, unsigned, std::less<>> revisions;
    for (const PlannedDirective& planned : directives) {
      if (planned.directive->kind == DirectiveKind::build && planned.bash_era)
        tarballs[fmt::format("{}_{}.tar.bz2", planned.directive->argument,
                             revisions[planned.directive->argument]++)] = planned.directive->line;
    }
    return tarballs;
  };
  std::set<std::string, std::less<>> present;
  const auto any = expected(plan_all(manifest));
  for (const auto& [name, line] : names) {
    present.insert(name);
    if (!any.contains(name))
      findings.add("lb-packages-stale", list, line, fmt::format("nothing builds '{}'", name));
  }
  for (const auto& [name, line] : expected(plan)) {
    if (!present.contains(name))
      findings.add("lb-packages-missing", "steps/manifest", line,
                   fmt::format("{} lists no '{}'", list, name));
  }
}

}  // namespace assay::image
