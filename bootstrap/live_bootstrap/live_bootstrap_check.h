// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be said about a live-bootstrap tree without running it: manifest, configuration, passes, sources,
// distfiles, lists of digests. Facts: live-bootstrap 984b8322, its script-generator and rootfs.py.
#pragma once

#include <map>
#include <optional>

#include "bootstrap/image/finding_kinds.h"
#include "bootstrap/image/open_image.h"
#include "bootstrap/live_bootstrap/manifest.h"
#include "core/file_tree.h"

namespace assay::image {

/// All checks; nothing if the tree has no steps/manifest.
void check_live_bootstrap(const FileTree& tree, ImageKind kind, Findings& findings);

/// What the sources files of the manifest's steps say of a distfile.
struct WantedFile {
  std::string digest;
  std::string file;  ///< the sources file
  std::uint64_t line = 0;
  std::uint64_t directive = 0;  ///< line of the manifest that first wants it
  bool early = false;           ///< before the network is up
};
using WantedFiles = std::map<std::string, WantedFile, std::less<>>;

/// The names that the stream, the x86 chain and the kaem steps before Fiwix make, against the kernel's limit.
void check_entries(const BuilderHex0Image& image, const std::shared_ptr<const FileTree>& files,
                   Findings& findings);

// The parts, each a file of its own.
void check_config(const Config& config, ImageKind kind, Findings& findings);
void check_steps(const FileTree& tree, const Manifest& manifest, const std::vector<PlannedDirective>& plan,
                 Findings& findings);
/// Returns what the steps want, by name.
WantedFiles check_sources(const FileTree& tree, const Manifest& manifest, ImageKind kind, Findings& findings);
void check_packages(const FileTree& tree, const Manifest& manifest, const std::vector<PlannedDirective>& plan,
                    Findings& findings);
void check_kaem_steps(const FileTree& tree, ImageKind kind, const Config& config,
                      const std::vector<PlannedDirective>& plan, const WantedFiles& wanted,
                      Findings& findings);
void check_bash_steps(const FileTree& tree, const std::vector<PlannedDirective>& plan, Findings& findings);

/// Names and hunks of a patch. `strip`: what -p says, if it is known. `members`: the paths in the archives
/// that it changes, if they are known; one must end in each name.
void check_patch_file(std::string_view text, const std::string& file, std::optional<unsigned> strip,
                      const std::vector<std::string>& members, Findings& findings);

/// Where this kind of tree keeps its distfiles.
std::string distfiles_folder(ImageKind kind);

/// The names in a list of sha256sum, wrong lines left out; empty if there is no such file.
std::vector<std::string> names_in_checksums(const FileTree& tree, const std::string& path);

/// A line of a sources file.
struct SourceEntry {
  std::string url;
  std::string digest;
  std::string name;
  std::uint64_t line = 0;
};
/// Until 2025 lines did not begin with their type. A tree's own checksum-transcriber says what it reads.
enum class SourcesGrammar { typed, untyped };
SourcesGrammar sources_grammar(const FileTree& tree);
/// Lines that are wrong are findings and left out.
std::vector<SourceEntry> parse_sources(std::string_view text, const std::string& file, Findings& findings,
                                       SourcesGrammar grammar = SourcesGrammar::typed);

}  // namespace assay::image
