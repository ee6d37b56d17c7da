// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the paths of system calls lead, in the order in which Linux looks and fails.
#pragma once

#include <memory>
#include <string>

#include "core/memory_tree.h"

namespace assay::machine {

/// What is done with a link that is the last part of a path.
enum class Last : std::uint8_t {
  follow,  ///< followed
  keep,    ///< followed if a '/' is behind it
  name,    ///< never followed: the name itself is to be made or removed
  create,  ///< followed, and what is not there may be made: a '/' at the end is EISDIR
};

struct WalkedPath {
  /// What the last part of the path is; only a `name` can be made or removed.
  enum class Kind : std::uint8_t { name, dot, dot_dot, root };
  Kind kind = Kind::root;
  std::string path;            ///< normal
  std::shared_ptr<Node> node;  ///< null: nothing is there
  bool slash = false;          ///< there is a '/' at the end
  bool above_root = false;     ///< a ".." of the way stands at the root: where that is a directory of another
                               ///< tree, the way leads out of it
  bool needs_privilege = false;  ///< the way leads through a directory, or changes one, whose mode forbids it
  bool too_long = false;  ///< with Last::name, where Linux looks at the name later: then nothing is there
};

/// Walks `text`, which is not empty, from the directory `start`. The result is 0 or -errno; that nothing is
/// at the last part is no error.
std::int64_t walk(const MemoryTree& tree, const std::string& start, const std::string& text, Last last,
                  WalkedPath& place);

}  // namespace assay::machine
