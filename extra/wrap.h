// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// wrap: runs a command with the current directory as its root directory, and little environment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/host_descriptor.h"

namespace assay::extra {

/// The environment of the command: what the bootstrap's scripts use, in their order, and WRAPPED=yes.
std::vector<std::string> wrapped_environment(const char* const* environment);

/// Device nodes, /proc, /sys, /tmp and /dev/shm, mounted into the current directory of this process.
class RootMounts {
 public:
  /// Makes what is missing to mount on, and mounts. The real wrap's words if that fails: what was mounted by
  /// then is still there.
  std::optional<std::string> mount_all();
  /// Makes the current directory the root directory. The real wrap's words if that fails.
  std::optional<std::string> enter();
  /// Unmounts all of it again, also after `enter`. The paths, in that root, that are still mounted.
  std::vector<std::string> undo();

 private:
  HostDescriptor outside_{-1};  ///< the root directory before `enter`
  HostDescriptor root_{-1};     ///< the directory that becomes the root
  std::vector<const char*> mounted_;
};

}  // namespace assay::extra
