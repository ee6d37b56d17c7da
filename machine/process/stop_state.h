// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What of a machine is kept where a program stops.
#pragma once

#include <functional>
#include <span>

#include "machine/engine/engine.h"
#include "machine/machine.h"

namespace assay::machine {

/// `view`: the bytes at an address, at most so many; fewer where no more can be read. Flags are left out.
StopState state_at_stop(const Isa& isa, const Cpu& cpu, Stop stop, std::span<const MemoryWish> wishes,
                        const std::function<ByteView(std::uint64_t address, std::uint64_t size)>& view);

}  // namespace assay::machine
