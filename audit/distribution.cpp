// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/distribution.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <algorithm>
#include <set>

#include "audit/head.h"
#include "audit/seeds.h"
#include "core/paths.h"

namespace assay::audit {
namespace {

using Of = CountRow::Of;

bool fits(std::string_view glob, const std::string& path) {
  return ::fnmatch(std::string(glob).c_str(), path.c_str(), 0) == 0;
}

/// Names and addresses of compilers and systems that are fetched as binaries, whatever the distribution.
constexpr std::string_view kBinaries[] = {"static.rust-lang.org/dist/",
                                          ".linux-amd64.tar",
                                          "go.dev/dl/go",
                                          "golang.org/dl/go",
                                          "OpenJDK8U-jdk",
                                          "_linux_hotspot_",
                                          "zulu.org/zulu/bin",
                                          "cdn.azul.com/zulu",
                                          "unknown-linux-musl.tar",
                                          "-deb10-linux.tar",
                                          "ghc-bindist",
                                          "-linux-binary.tar",
                                          "uninative",
                                          "distfiles/go-bootstrap",
                                          "distfiles/openjdk",
                                          "bootstrap-tools.tar",
                                          "rust-bootstrap-",
                                          "cargo-snapshot",
                                          "rustc-snapshot",
                                          "binary-seed"};

constexpr std::size_t kMostTold = 200;  ///< bytes of a line

class Profiler {
 public:
  Profiler(const FileTree& tree, const Scan& scan) : tree_(tree), scan_(scan) {}

  Profile run() {
    for (const Distribution& one : distributions()) {
      if (recognised(one)) {
        result_.distribution = &one;
        break;
      }
    }
    find_stored();
    if (result_.distribution == nullptr) return std::move(result_);
    for (const CountRow& row : result_.distribution->counts) result_.counts.push_back({row.what, 0});
    for (const FileVerdict& file : scan_.files) count(file.path);
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool recognised(const Distribution& one) const {
    return std::ranges::all_of(one.recognised_by, [&](std::string_view glob) {
      return std::ranges::any_of(scan_.files, [&](const FileVerdict& file) { return fits(glob, file.path); });
    });
  }

  void find_stored() {
    for (const FileVerdict& file : scan_.files) {
      if (file.kind == nullptr || !file.kind->id.starts_with("bin-")) continue;
      const std::string_view seed = seed_name(file.digest);
      if (seed.empty()) {
        ++result_.opaque;
      } else {
        result_.seeds.push_back({file.path, seed});
      }
    }
  }

  void count(const std::string& path) {
    const Distribution& own = *result_.distribution;
    std::vector<std::size_t> rows;
    bool read = fits(own.recipes, path);
    for (std::size_t at = 0; at < own.counts.size(); ++at) {
      if (!fits(own.counts[at].glob, path)) continue;
      rows.push_back(at);
      if (own.counts[at].of == Of::files) {
        ++result_.counts[at].number;
      } else {
        read = true;
      }
    }
    if (fits_recipe(path)) find_named(path);
    if (!read) return;
    const auto bytes = tree_.read(path);
    if (!bytes) return;
    std::vector<bool> counted(own.counts.size());
    std::string_view text = as_text(**bytes);
    for (std::size_t number = 1; !text.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      for (const std::size_t at : rows) {
        const CountRow& row = own.counts[at];
        if (row.of == Of::files || (counted[at] && row.of == Of::files_with)) continue;
        const bool has =
            row.at_start ? line.starts_with(row.text) : line.find(row.text) != std::string_view::npos;
        if (!has || (!row.without.empty() && line.find(row.without) != std::string_view::npos)) continue;
        counted[at] = true;
        ++result_.counts[at].number;
      }
      if (fits_recipe(path)) find_binary(path, number, line);
    }
  }

  [[nodiscard]] bool fits_recipe(const std::string& path) const {
    return fits(result_.distribution->recipes, path);
  }

  void find_binary(const std::string& path, std::size_t number, std::string_view line) {
    const std::string_view told = trimmed(line);
    if (told.starts_with('#') || told.starts_with("//")) return;
    if (line.find("src.tar") != std::string_view::npos) return;
    if (std::ranges::none_of(kBinaries, [&](auto text) { return line.find(text) != std::string_view::npos; }))
      return;
    add_binary(fmt::format("{}:{}", path, number), std::string(told.substr(0, kMostTold)));
  }

  /// A recipe whose folder says that it brings a binary.
  void find_named(const std::string& path) {
    const std::string_view folder = parent_path(path);
    const std::string_view name = last_part(folder);
    for (const std::string_view ending : {"-bin", "_bin", "-bootstrap", "_bootstrap"}) {
      if (name.ends_with(ending) && named_.emplace(folder).second)
        add_binary(path, fmt::format("recipe '{}'", name));
    }
  }

  void add_binary(std::string where, std::string text) {
    if (++result_.all_binaries <= kMostBinaries)
      result_.binaries.push_back({std::move(where), std::move(text)});
  }

  const FileTree& tree_;
  const Scan& scan_;
  Profile result_;
  std::set<std::string, std::less<>> named_;  ///< folders
};

constexpr std::string_view kShipped = "what a recipe does not make again is used as shipped";

}  // namespace

std::span<const Distribution> distributions() {
  static const std::vector<Distribution> kRows = {
      {"live-bootstrap",
       "live-bootstrap",
       {"steps/manifest", "steps/*/sources"},
       {{"steps with sources", "steps/*/sources"},
        {"source lines", "steps/*/sources", Of::lines_with, "http"},
        {"build scripts", "steps/*/pass*.sh"},
        {"build scripts that run autoreconf", "steps/*/pass*.sh", Of::files_with, "autoreconf"}},
       "steps/*",
       "each script says what it removes and makes again: --distfiles judges them"},
      {"stagex",
       "StageX",
       {"packages/*/package.toml", "packages/*/Containerfile"},
       {{"recipes (package.toml)", "packages/*/package.toml"},
        {"recipes with a digest", "packages/*/package.toml", Of::files_with, "hash"},
        {"Containerfiles", "packages/*/Containerfile"},
        {"Containerfiles with a RUN that has the network", "packages/*/Containerfile", Of::files_with, "RUN",
         true, "--network=none"},
        {"Containerfiles that run configure", "packages/*/Containerfile", Of::files_with, "/configure"},
        {"Containerfiles that run autoreconf", "packages/*/Containerfile", Of::files_with, "autoreconf"}},
       "packages/*",
       kShipped},
      {"chimera",
       "Chimera Linux cports",
       {"main/*/template.py", "src/cbuild/*"},
       {{"recipes (template.py)", "*/template.py"},
        {"recipes with sha256", "*/template.py", Of::files_with, "sha256", true},
        {"recipes of the style gnu_configure", "*/template.py", Of::files_with,
         "build_style = \"gnu_configure\""},
        {"recipes that turn autoreconf off", "*/template.py", Of::files_with, "configure_gen = []"}},
       "*/template.py",
       "autoreconf -if runs unless a recipe turns it off"},
      {"buildroot",
       "Buildroot",
       {"Config.in", "package/*/*.mk", "support/*"},
       {{"hash files", "*.hash"},
        {"sha256 lines", "*.hash", Of::lines_with, "sha256", true},
        {"sha512 lines", "*.hash", Of::lines_with, "sha512", true},
        {"md5 lines", "*.hash", Of::lines_with, "md5", true},
        {"recipes with autotools", "*.mk", Of::files_with, "autotools-package"},
        {"recipes that run autoreconf", "*.mk", Of::files_with, "_AUTORECONF = YES"}},
       "*.mk",
       kShipped},
      {"yocto",
       "Yocto (OpenEmbedded)",
       {"bitbake/*", "meta/*.bb"},
       {{"recipes (.bb)", "*.bb"},
        {"recipes with sha256sum", "*.bb", Of::files_with, "sha256sum"},
        {"recipes with a commit (SRCREV)", "*.bb", Of::files_with, "SRCREV"},
        {"tasks that declare the network", "*.bb*", Of::lines_with, "[network] = \"1\""},
        {"recipes with LICENSE = CLOSED", "*.bb", Of::files_with, "LICENSE = \"CLOSED\""}},
       "*.inc",
       "autotools.bbclass always runs autoreconf"},
      {"sabotage",
       "Sabotage Linux",
       {"pkg/*", "build-stage0", "KEEP/*"},
       {{"recipes", "pkg/*"},
        {"recipes with sha512", "pkg/*", Of::files_with, "sha512=", true},
        {"recipes that run configure", "pkg/*", Of::files_with, "configure"},
        {"recipes that run autoreconf", "pkg/*", Of::files_with, "autoreconf"}},
       "pkg/*",
       kShipped},
      {"oasis",
       "oasis",
       {"pkg/*/gen.lua", "ninja.lua", "sets.lua"},
       {{"recipes (gen.lua)", "pkg/*/gen.lua"},
        {"submodules (SHA-1 commits)", ".gitmodules", Of::lines_with, "[submodule", true},
        {"lists of sha256", "*/sha256"},
        {"config.h kept in the tree", "*/config.h"}},
       "pkg/*",
       "configure never runs: what it would write is kept in the tree as config.h"},
      {"freedesktop-sdk",
       "freedesktop-sdk",
       {"project.conf", "elements/*.bst"},
       {{"elements (.bst)", "elements/*.bst"},
        {"elements of kind autotools", "elements/*.bst", Of::files_with, "kind: autotools", true}},
       "elements/*",
       "BuildStream runs autogen where there is no configure"},
      {"t2",
       "T2 SDE",
       {"package/*/*.desc", "t2"},
       {{"recipes (.desc)", "package/*.desc"}, {"[D] lines", "package/*.desc", Of::lines_with, "[D]", true}},
       "package/*",
       kShipped},
      {"openadk",
       "OpenADK",
       {"adk/*", "mk/package.mk"},
       {{"recipes (Makefile)", "package/*/Makefile"},
        {"recipes with PKG_HASH", "package/*/Makefile", Of::files_with, "PKG_HASH", true}},
       "package/*",
       kShipped},
      {"libreelec",
       "LibreELEC",
       {"packages/*/package.mk", "projects/*"},
       {{"recipes (package.mk)", "*/package.mk"},
        {"recipes with SHA-256", "*/package.mk", Of::files_with, "PKG_SHA256=\"", true, "PKG_SHA256=\"\""}},
       "*/package.mk",
       kShipped},
      {"haikuports",
       "HaikuPorts",
       {"*/*.recipe", "FormatVersions"},
       {{"recipes", "*.recipe"}, {"recipes with SHA-256", "*.recipe", Of::files_with, "CHECKSUM_SHA256"}},
       "*.recipe",
       kShipped},
      {"void",
       "Void Linux",
       {"srcpkgs/*/template", "xbps-src"},
       {{"recipes (template)", "srcpkgs/*/template"},
        {"recipes with a checksum", "srcpkgs/*/template", Of::files_with, "checksum=", true}},
       "srcpkgs/*",
       kShipped},
      {"alpine",
       "Alpine Linux aports",
       {"main/*/APKBUILD"},
       {{"recipes (APKBUILD)", "*/APKBUILD"},
        {"recipes with sha512sums", "*/APKBUILD", Of::files_with, "sha512sums=", true},
        {"recipes that declare the network", "*/APKBUILD", Of::files_with, "options=\"net", true}},
       "*/APKBUILD",
       kShipped},
      {"gentoo",
       "Gentoo",
       {"profiles/repo_name", "metadata/layout.conf"},
       {{"recipes (.ebuild)", "*.ebuild"},
        {"manifests", "*/Manifest"},
        {"recipes that call eautoreconf", "*.ebuild", Of::files_with, "eautoreconf"}},
       "*.ebuild",
       kShipped},
      {"nixpkgs",
       "nixpkgs",
       {"pkgs/stdenv/*", "pkgs/by-name/*"},
       {{"files of nix", "*.nix"}, {"files with autoreconfHook", "*.nix", Of::files_with, "autoreconfHook"}},
       "pkgs/stdenv/*",
       kShipped},
      {"guix",
       "GNU Guix",
       {"gnu/packages/bootstrap.scm", "gnu/packages/commencement.scm"},
       {{"modules of packages", "gnu/packages/*.scm"}},
       "gnu/packages/*",
       kShipped},
  };
  return kRows;
}

Profile profile(const FileTree& tree, const Scan& scan) { return Profiler(tree, scan).run(); }

}  // namespace assay::audit
