// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/explain/source_places.h"

#include <fmt/format.h>

#include "bootstrap/explain/token_places.h"

namespace assay::bootstrap {
namespace {

/// The trail of one chain, made when it is first needed.
class Sources {
 public:
  Sources(const Tree& tree, const Architecture& arch, StepCache* cache)
      : tree_(tree), arch_(arch), cache_(cache) {}

  std::optional<SourcePlace> find(const std::string& path, std::uint64_t line, std::uint64_t column) {
    if (path.empty() || line == 0 || tree_.files->info(path)) return std::nullopt;
    if (!trail_) trail_.emplace(Products::of(tree_, arch_, cache_));
    return place_in_tree(*trail_, path, line, column);
  }

 private:
  const Tree& tree_;
  const Architecture& arch_;
  StepCache* cache_;
  std::optional<Trail> trail_;
};

void name_source(Sources& sources, Finding& finding) {
  const auto place = sources.find(finding.file, finding.line, finding.column);
  if (!place) return;
  finding.message += fmt::format(" (read as {}:{})", finding.file, finding.line);
  finding.file = place->path;
  finding.line = place->position.line;
  finding.column = place->position.column;
}

void name_source(Sources& sources, std::string& path, Position& position, std::string& line) {
  const auto place = sources.find(path, position.line, position.column);
  if (!place) return;
  path = place->path;
  position = place->position;
  line = place->line;
}

}  // namespace

std::optional<SourcePlace> place_in_tree(Trail& trail, std::string_view path, std::uint64_t line,
                                         std::uint64_t column) {
  const FileId file = trail.products().find(path);
  if (file == kNoFile || trail.products().maker(file) == nullptr) return std::nullopt;
  const std::vector<std::uint64_t> starts = line_starts(*trail.products()[file].bytes);
  if (line == 0 || line > starts.size()) return std::nullopt;
  const ByteTrail story = trail.follow(file, starts[line - 1] + (column == 0 ? 0 : column - 1));
  if (story.hops.empty()) return std::nullopt;
  const TrailHop& last = story.hops.back();
  if (trail.products().maker(last.file) != nullptr) return std::nullopt;
  return SourcePlace{.path = trail.products()[last.file].path,
                     .position = last.position,
                     .line = last.text,
                     .offset = last.offset,
                     .address = last.offset};
}

void name_sources(const Tree& tree, StepCache* cache, std::span<ChainResult> results) {
  for (ChainResult& result : results) {
    if (result.verdict == ChainVerdict::pass || result.chain.architecture == nullptr) continue;
    Sources sources(tree, *result.chain.architecture, cache);
    for (Finding& finding : result.findings) name_source(sources, finding);
    for (StepResult& step : result.steps) {
      if (step.divergence)
        name_source(sources, step.divergence->source_path, step.divergence->source_position,
                    step.divergence->source_line);
      name_source(sources, step.fault_path, step.fault_position, step.fault_line);
    }
  }
}

}  // namespace assay::bootstrap
