// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace assay {

/// Calls `work` on `threads` threads at the same time, the caller's being one of them, and waits until every
/// call has returned. `work` shares its turns itself, by a counter, say: where the host gives fewer threads,
/// fewer calls do the same. The first exception that a call throws is thrown again here, after the last call.
void run_on_threads(unsigned threads, const std::function<void()>& work);

}  // namespace assay
