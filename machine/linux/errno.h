// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

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
  kEagain = 11,
  kEnomem = 12,
  kEacces = 13,
  kEfault = 14,
  kEbusy = 16,
  kEexist = 17,
  kEnodev = 19,
  kEnotdir = 20,
  kEisdir = 21,
  kEinval = 22,
  kEmfile = 24,
  kEnotty = 25,
  kEtxtbsy = 26,
  kEfbig = 27,
  kEnospc = 28,
  kEspipe = 29,
  kEpipe = 32,
  kErange = 34,
  kEnametoolong = 36,
  kEnosys = 38,
  kEnotempty = 39,
  kEloop = 40,
  kEoverflow = 75,
};

/// "ENOENT"; empty for a number that is not above.
constexpr std::string_view name_of_error(int number) {
  switch (number) {
    case kEperm: return "EPERM";
    case kEnoent: return "ENOENT";
    case kEsrch: return "ESRCH";
    case kEnxio: return "ENXIO";
    case kE2big: return "E2BIG";
    case kEnoexec: return "ENOEXEC";
    case kEbadf: return "EBADF";
    case kEchild: return "ECHILD";
    case kEagain: return "EAGAIN";
    case kEnomem: return "ENOMEM";
    case kEacces: return "EACCES";
    case kEfault: return "EFAULT";
    case kEbusy: return "EBUSY";
    case kEexist: return "EEXIST";
    case kEnodev: return "ENODEV";
    case kEnotdir: return "ENOTDIR";
    case kEisdir: return "EISDIR";
    case kEinval: return "EINVAL";
    case kEmfile: return "EMFILE";
    case kEnotty: return "ENOTTY";
    case kEtxtbsy: return "ETXTBSY";
    case kEfbig: return "EFBIG";
    case kEnospc: return "ENOSPC";
    case kEspipe: return "ESPIPE";
    case kEpipe: return "EPIPE";
    case kErange: return "ERANGE";
    case kEnametoolong: return "ENAMETOOLONG";
    case kEnosys: return "ENOSYS";
    case kEnotempty: return "ENOTEMPTY";
    case kEloop: return "ELOOP";
    case kEoverflow: return "EOVERFLOW";
    default: return "";
  }
}

}  // namespace assay::machine
