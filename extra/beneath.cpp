// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "extra/beneath.h"

#include <algorithm>
#include <deque>
#include <vector>

namespace assay::extra {
namespace {

constexpr int kMaxLinks = 40;

std::string joined(const std::vector<std::string>& parts) {
  std::string path;
  for (const std::string& part : parts) path += "/" + part;
  return path;
}

std::vector<std::string> owned_parts(std::string_view path) {
  std::vector<std::string> parts;
  for (const std::string_view part : path_parts(path)) parts.emplace_back(part);
  return parts;
}

}  // namespace

bool stays_beneath(std::string_view base, std::string_view path, LastLink last, const LinkLookup& link_at) {
  const std::vector<std::string> root = owned_parts(base);
  std::vector<std::string> at = path.starts_with('/') ? std::vector<std::string>{} : root;
  std::deque<std::string> ahead;
  for (const std::string_view part : path_parts(path)) ahead.emplace_back(part);
  int links = 0;
  while (!ahead.empty()) {
    const std::string part = std::move(ahead.front());
    ahead.pop_front();
    if (part == ".") continue;
    if (part == "..") {
      if (!at.empty()) at.pop_back();
      continue;
    }
    at.push_back(part);
    if (ahead.empty() && last == LastLink::keep) break;
    const std::optional<std::string> target = link_at(joined(at));
    if (!target) continue;
    if (++links > kMaxLinks) return false;
    at.pop_back();
    if (target->starts_with('/')) at.clear();
    const std::vector<std::string> more = owned_parts(*target);
    ahead.insert(ahead.begin(), more.begin(), more.end());
    last = LastLink::follow;
  }
  return at.size() >= root.size() && std::equal(root.begin(), root.end(), at.begin());
}

}  // namespace assay::extra
