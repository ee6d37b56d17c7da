// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paths.h"

#include <fmt/format.h>
#include <deque>

namespace assay {
namespace {

// As Linux.
constexpr int kMaxLinks = 40;
constexpr std::size_t kMostName = 255;

}  // namespace

std::vector<std::string_view> path_parts(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (!part.empty()) parts.push_back(part);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return parts;
}

std::string join_path(std::string_view directory, std::string_view name) {
  if (directory.empty()) return std::string(name);
  return fmt::format("{}/{}", directory, name);
}

std::string_view parent_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view last_part(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

Result<std::string> resolve_path(const FileTree& tree, std::string_view cwd, std::string_view path,
                                 LastLink last) {
  if (path.empty()) return fail("file-not-found", "no such file or directory: ''");
  bool wants_directory = path.back() == '/';
  std::string at(path.front() == '/' ? std::string_view() : cwd);
  std::deque<std::string> rest;
  for (const std::string_view part : path_parts(path)) rest.emplace_back(part);
  int links = 0;
  while (!rest.empty()) {
    const std::string part = std::move(rest.front());
    rest.pop_front();
    if (part == ".") continue;
    if (part == "..") {
      at = std::string(parent_path(at));
      continue;
    }
    if (part.size() > kMostName) return fail("name-too-long", fmt::format("a name is too long: '{}'", part));
    const std::string next = join_path(at, part);
    const Result<NodeInfo> info = tree.info(next);
    const bool is_last = rest.empty();
    if (!info) {
      if (is_last) return next;
      return fail("file-not-found", fmt::format("no such file or directory: '{}'", next));
    }
    if (info->kind == NodeKind::link && (!is_last || wants_directory || last == LastLink::follow)) {
      if (++links > kMaxLinks) return fail("too-many-links", fmt::format("too many links: '{}'", path));
      const Result<std::string> target = tree.link_target(next);
      if (!target) return tl::unexpected<Error>(target.error());
      if (target->empty()) return fail("file-not-found", fmt::format("empty link: '{}'", next));
      const std::vector<std::string_view> parts = path_parts(*target);
      if (target->front() == '/') at.clear();
      wants_directory = wants_directory || (is_last && target->back() == '/');
      rest.insert(rest.begin(), parts.begin(), parts.end());
      continue;
    }
    if (info->kind != NodeKind::directory && (!is_last || wants_directory)) {
      return fail("not-a-directory", fmt::format("not a directory: '{}'", next));
    }
    at = next;
  }
  return at;
}

}  // namespace assay
