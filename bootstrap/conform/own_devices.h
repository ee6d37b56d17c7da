// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A /dev of its own for a process of root: what is tried may rename over its output, or change its mode, and
// where cases have that be /dev/full, the host would lose it.
#pragma once

namespace assay::conform {

/// The calling process gets a mount namespace of its own, where /dev holds null, zero, full, random, urandom,
/// tty, the links to the open files, and the host's shm. For a child between fork and exec: system calls
/// only. False, with errno, where that is not possible.
bool make_own_devices();

/// This process is not root, and can do nothing to a device.
bool devices_are_safe();
/// A child of this process can have a /dev of its own. Tried once.
bool can_have_own_devices();

}  // namespace assay::conform
