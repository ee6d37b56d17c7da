// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/live_bootstrap/walk_world.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

#include "core/paths.h"

namespace assay::image {
namespace {

constexpr std::string_view kUnknown = "assay: what is in here is not known\n";

}  // namespace

std::string WalkWorld::path(std::string_view cwd, std::string_view word) {
  std::vector<std::string_view> parts;
  if (!word.starts_with('/')) parts = path_parts(cwd);
  for (const std::string_view part : path_parts(word)) {
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (part != ".") {
      parts.push_back(part);
    }
  }
  return fmt::format("{}", fmt::join(parts, "/"));
}

WalkWorld WalkWorld::copy() const {
  WalkWorld other(nullptr);
  other.files = files.copy();
  other.open_ = open_;
  other.made_of = made_of;
  other.remakes_directories = remakes_directories;
  return other;
}

bool WalkWorld::is_directory(const std::string& path) const {
  const auto info = files.info(path);
  return info && info->kind == NodeKind::directory;
}

bool WalkWorld::may_hold(const std::string& path) const {
  for (std::string_view at = path; !at.empty(); at = parent_path(at)) {
    if (open_.contains(at)) return true;
  }
  return false;
}

std::shared_ptr<const Bytes> WalkWorld::known(const std::string& path) const {
  const auto bytes = files.read(path);
  if (!bytes || as_text(**bytes) == kUnknown) return nullptr;
  return *bytes;
}

void WalkWorld::put_unknown(const std::string& path) {
  if (!path.empty() && !is_directory(path)) files.put(path, to_bytes(kUnknown), 0755);
}

void WalkWorld::open(const std::string& directory) {
  if (!directory.empty()) open_.insert(directory);
}

}  // namespace assay::image
