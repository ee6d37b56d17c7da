// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Paths inside a file tree: splitting, joining, and resolving what a program wrote (working
// directory, ".", "..", symbolic links) to the normal form that core/file_tree.h wants.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/file_tree.h"

namespace assay {

/// "a/b" -> {"a", "b"}; "" -> {}. Empty parts are dropped.
std::vector<std::string_view> path_parts(std::string_view path);
/// "a" + "b" -> "a/b"; "" + "b" -> "b".
std::string join_path(std::string_view directory, std::string_view name);
/// "a/b" -> "a"; "b" -> "".
std::string_view parent_path(std::string_view path);
/// "a/b" -> "b".
std::string_view last_part(std::string_view path);

enum class LastLink { follow, keep };

/// The normal path of `path` as seen from the directory `cwd` (normal). Links on the way are
/// followed (at most 40: "too-many-links"), ".." at the root stays there, so nothing escapes the
/// tree. The last part need not exist; every part before it must be a directory
/// ("file-not-found", "not-a-directory"). A trailing '/' demands that the result, where it exists, is a
/// directory; so does one at the end of a link that is last. An empty path is "file-not-found"; a part of
/// more than 255 bytes is "name-too-long".
Result<std::string> resolve_path(const FileTree& tree, std::string_view cwd, std::string_view path,
                                 LastLink last = LastLink::follow);

}  // namespace assay
