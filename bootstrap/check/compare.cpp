// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/compare.h"

#include <algorithm>

#include "core/digest.h"

namespace assay::bootstrap {
namespace {

const RoadFile* find_file(std::span<const RoadFile> files, std::string_view path) {
  const auto file =
      std::find_if(files.begin(), files.end(), [path](const RoadFile& one) { return one.path == path; });
  return file == files.end() ? nullptr : &*file;
}

std::optional<Byte> byte_at(const RoadFile* file, std::uint64_t offset) {
  if (file == nullptr || offset >= file->bytes->size()) return std::nullopt;
  return (*file->bytes)[offset];
}

std::optional<Divergence> compare_file(const std::string& path, const RoadFile* seed,
                                       const RoadFile* reference) {
  static const Bytes kNone;
  const Bytes& left = seed == nullptr ? kNone : *seed->bytes;
  const Bytes& right = reference == nullptr ? kNone : *reference->bytes;
  Divergence divergence;
  divergence.path = path;
  const auto parted = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  divergence.offset = static_cast<std::uint64_t>(parted.first - left.begin());
  divergence.address = divergence.offset;
  if (seed != nullptr && reference != nullptr && left.size() == right.size() &&
      divergence.offset == left.size()) {
    if (seed->mode == reference->mode) return std::nullopt;
    divergence.seed_mode = seed->mode;
    divergence.reference_mode = reference->mode;
    return divergence;
  }
  divergence.seed = byte_at(seed, divergence.offset);
  divergence.reference = byte_at(reference, divergence.offset);
  return divergence;
}

}  // namespace

FileDigest digest_of(const RoadFile& file) {
  return {file.path, sha256(*file.bytes), file.bytes->size(), file.mode};
}

std::optional<Divergence> first_difference(std::span<const RoadFile> seed,
                                           std::span<const RoadFile> reference) {
  for (const RoadFile& file : reference) {
    if (auto found = compare_file(file.path, find_file(seed, file.path), &file)) return found;
  }
  for (const RoadFile& file : seed) {
    if (find_file(reference, file.path) != nullptr) continue;
    if (auto found = compare_file(file.path, &file, nullptr)) return found;
  }
  return std::nullopt;
}

void explain(Divergence& divergence, const ReferenceRoad& road) {
  // Where the seed's file goes on after the reference's end, the last byte they share is the best place to
  // look at.
  const bool past_end = !divergence.reference && divergence.offset != 0;
  const std::optional<SourcePlace> place =
      road.trace(divergence.path, divergence.offset - (past_end ? 1 : 0));
  if (!place) return;
  divergence.address = place->address + (past_end ? 1 : 0);
  divergence.source_path = place->path;
  divergence.source_position = place->position;
  divergence.source_line = place->line;
}

}  // namespace assay::bootstrap
