// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A checkout of live-bootstrap as rootfs.py would lay it out for chroot: nothing is copied, bytes are read
// when somebody asks.
#pragma once

#include <memory>

#include "bootstrap/image/lazy_tree.h"

namespace assay::image {

/// seed/stage0-posix and the files of seed/ at the root, steps/ with a bootstrap.cfg, distfiles in
/// external/distfiles. A checkout has no bootstrap.cfg: then it is what rootfs.py writes for `arch` in chroot
/// mode, without mirrors.
std::shared_ptr<const LazyTree> prepared_tree(std::shared_ptr<const FileTree> checkout,
                                              std::string_view arch);

}  // namespace assay::image
