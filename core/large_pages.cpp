// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/large_pages.h"

#if defined(__linux__)
#include <sys/mman.h>

#include <memory>
#endif

namespace assay {

#if defined(__linux__)

void prefer_large_pages(const void* from, std::size_t size) {
  constexpr std::size_t kLargePage = std::size_t{2} << 20;
  constexpr std::size_t kSmallest = 2 * kLargePage;
  if (size < kSmallest) return;
  // Whole large pages inside the piece: its neighbours are not ours.
  void* start = const_cast<void*>(from);
  if (std::align(kLargePage, kLargePage, start, size) == nullptr) return;
  ::madvise(start, size / kLargePage * kLargePage, MADV_HUGEPAGE);  // a wish: it may fail
}

#else

void prefer_large_pages(const void*, std::size_t) {}

#endif

}  // namespace assay
