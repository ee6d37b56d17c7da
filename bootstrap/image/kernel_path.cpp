// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/kernel_path.h"

#include <algorithm>

#include "core/paths.h"

namespace assay::image {

std::string kernel_path(std::string_view path) {
  path = path.substr(0, path.find('\0'));
  std::string text;
  if (!path.starts_with('/')) text = "/";
  if (path.starts_with("./")) path.remove_prefix(2);
  char last = 0;
  for (const char character : path) {
    if (character != '/' || last != '/') text.push_back(character);
    last = character;
  }
  if (last == '/' && !text.empty()) text.pop_back();
  // Dots: look for "/." from the start again after each change.
  std::size_t parent = 0;
  for (std::size_t slash = text.find('/'); slash != std::string::npos && slash + 1 < text.size();) {
    if (text[slash + 1] != '.') {
      parent = slash;
      // The letter behind a slash is not looked at again, even if it is a slash.
      slash = text.find('/', slash + 2);
      continue;
    }
    const std::size_t dot = slash + 1;
    if (dot + 1 < text.size() && text[dot + 1] == '.') {
      text.erase(std::min(parent, slash), dot + 2 - std::min(parent, slash));
    } else if (dot + 1 == text.size()) {
      text.erase(slash);
    } else {
      text.erase(dot, 2);
    }
    // The place of the parent is kept, even where it no longer is one.
    slash = text.find('/');
  }
  return text.empty() ? "/" : text;
}

bool has_dot_name(std::string_view path) {
  for (const std::string_view part : path_parts(path)) {
    if (part.starts_with('.') && part != "." && part != "..") return true;
  }
  return false;
}

}  // namespace assay::image
