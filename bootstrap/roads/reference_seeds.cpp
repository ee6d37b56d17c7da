// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The seeds on the reference road: what their sources assemble to, before anything runs.
#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/roads/reference_road.h"
#include "bootstrap/tree/program_check.h"
#include "core/digest.h"
#include "hex0/hex0.h"

namespace assay::bootstrap {
namespace {

Output assembled(const Source& source, const SeedDescription& seed, const Architecture& arch) {
  NoDiagnostics none;
  const std::string_view dialect = seed.dialect.empty() ? arch.dialect : std::string_view(seed.dialect);
  return hex0::assemble(source, {.dialect = hex0::find_dialect(dialect), .want_map = true}, none);
}

/// Where a seed and what its source says part.
Finding departure(const std::string& seed, ByteView lies, const Source& source, const Output& made) {
  const auto parted = std::mismatch(lies.begin(), lies.end(), made.bytes.begin(), made.bytes.end());
  const auto offset = static_cast<std::uint64_t>(parted.first - lies.begin());
  const MapEntry* const entry = made.map.find(std::min<std::uint64_t>(offset, made.bytes.size() - 1));
  const Position position = position_of(source.bytes, entry != nullptr ? entry->span.offset : 0);
  return {"seed-differs-from-source",
          Severity::error,
          std::string(source.name),
          position.line,
          position.column,
          fmt::format("the seed '{}' is not what this source assembles to: at offset 0x{:x} it has {}, the "
                      "source says {}",
                      seed, offset, byte_text(lies, offset), byte_text(made.bytes, offset)),
          "either the seed or its source was changed: compare both with where you had them from"};
}

}  // namespace

void ReferenceRoad::derive_seeds(const FileTree& tree, const ChainDescription& chain,
                                 bool is_user_described) {
  for (const SeedDescription& described : chain.seeds) {
    const std::string& seed = described.file;
    const std::vector<std::string>& paths = described.sources;
    const Result<std::shared_ptr<const Bytes>> lies = tree.read(seed);
    if (described.is_assembled) {
      seed_findings_.push_back(
          {"seed-assembled", Severity::note, paths.front(), 0, 0,
           fmt::format("the tree does not have the seed '{}': taken for what this source assembles to "
                       "(sha256 {})",
                       seed, lies ? sha256(**lies) : ""),
           "who boots it must have a seed with that digest"});
    }
    if (paths.empty() && is_user_described) accepted_.insert(seed);  // that nothing says what it is, is told
    if (!lies || paths.empty()) continue;
    std::optional<Finding> first;
    std::string source_path;
    for (const std::string& path : paths) {
      const Result<std::shared_ptr<const Bytes>> text = tree.read(path);
      if (!text) continue;
      if (is_lfs_pointer(**text)) {
        seed_findings_.push_back({"tree-lfs-pointer", Severity::error, path, 1, 0,
                                  "this is not the file itself, but a pointer to it of Git LFS",
                                  "where the tree is a clone, 'git lfs pull' brings it"});
        continue;
      }
      const Source source{path, **text};
      Output made = assembled(source, described, arch_);
      if (made.bytes == **lies) {
        source_path = path;
        break;
      }
      if (!first && !made.bytes.empty()) {
        first = departure(seed, **lies, source, made);
        source_path = path;
        // This road goes on with what the source says.
        files_.find(seed)->set_bytes(std::make_shared<const Bytes>(std::move(made.bytes)));
      }
    }
    if (first && source_path != first->file) {
      files_.find(seed)->set_bytes(*lies);
      first->id = "seed-source-other-age";
      first->severity = Severity::warning;
      first->help = fmt::format("the seed is what '{}' says", source_path);
    }
    if (first) seed_findings_.push_back(std::move(*first));
    if (source_path.empty()) continue;
    Command command;
    command.role = Role::hex0;
    command.inputs = {source_path};
    command.outputs = {seed};
    made_by_.insert_or_assign(seed, std::move(command));
  }
}

std::optional<std::string> ReferenceRoad::source_of(const std::string& program) const {
  const auto maker = made_by_.find(program);
  if (maker == made_by_.end() || !maker->second.program.empty()) return std::nullopt;
  return maker->second.inputs.front();
}

}  // namespace assay::bootstrap
