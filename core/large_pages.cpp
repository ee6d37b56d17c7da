// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/large_pages.h"

#include <new>

// Where every byte is watched, operator new must see the sizes.
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
#define ASSAY_LARGE_PAGES
#include <sys/mman.h>

#include <cstdint>
#include <memory>
#endif

namespace assay {

#if defined(ASSAY_LARGE_PAGES)

namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20;

std::size_t rounded_up(std::size_t size) {
  constexpr std::size_t kPage = 4096;
  return (size + kPage - 1) / kPage * kPage;
}

}  // namespace

void prefer_large_pages(const void* from, std::size_t size) {
  // Whole large pages inside the piece: its neighbours are not ours.
  void* start = const_cast<void*>(from);
  if (size < kLargePage || std::align(kLargePage, kLargePage, start, size) == nullptr) return;
  ::madvise(start, size / kLargePage * kLargePage, MADV_HUGEPAGE);  // a wish: it may fail
}

void* allocate_large(std::size_t size) {
  if (size < kLargePage) return ::operator new(size);
  const std::size_t rounded = rounded_up(size);
  void* const mapping = ::mmap(nullptr, rounded + kLargePage, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  // What is before the first large page, and what is too much behind, goes back.
  auto* const start = static_cast<std::byte*>(mapping);
  const std::size_t before = -reinterpret_cast<std::uintptr_t>(mapping) % kLargePage;
  if (before > 0) ::munmap(start, before);
  if (before < kLargePage) ::munmap(start + before + rounded, kLargePage - before);
  prefer_large_pages(start + before, size);
  return start + before;
}

void free_large(void* piece, std::size_t size) {
  if (size < kLargePage) {
    ::operator delete(piece);
  } else {
    ::munmap(piece, rounded_up(size));
  }
}

#else

void prefer_large_pages(const void*, std::size_t) {}
void* allocate_large(std::size_t size) { return ::operator new(size); }
void free_large(void* piece, std::size_t) { ::operator delete(piece); }

#endif

}  // namespace assay
