// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace assay::machine {

/// errno values, the same on all architectures here.
enum Errno : int {
  kEperm = 1,
  kEnoent = 2,
  kEsrch = 3,
  kEnxio = 6,
  kE2big = 7,
  kEnoexec = 8,
  kEbadf = 9,
  kEchild = 10,
  kEnomem = 12,
  kEacces = 13,
  kEfault = 14,
  kEbusy = 16,
  kEexist = 17,
  kEnotdir = 20,
  kEisdir = 21,
  kEinval = 22,
  kEmfile = 24,
  kEnotty = 25,
  kEtxtbsy = 26,
  kEfbig = 27,
  kEnospc = 28,
  kEspipe = 29,
  kErange = 34,
  kEnametoolong = 36,
  kEnosys = 38,
  kEnotempty = 39,
  kEloop = 40,
  kEoverflow = 75,
};

}  // namespace assay::machine
