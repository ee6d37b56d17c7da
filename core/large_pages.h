// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Memory in large pages: most of the time that a fast tool takes for a large output goes into being given
// the pages one by one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace assay {

/// Asks the host to back a large piece of memory, not yet written, with large pages. Does nothing for small
/// pieces or where the host cannot.
void prefer_large_pages(const void* from, std::size_t size);

/// As operator new and operator delete; large pieces begin with a large page and consist of them, but for
/// what is left over at their end.
void* allocate_large(std::size_t size);
void free_large(void* piece, std::size_t size);

template <class T>
struct LargeAllocator {
  using value_type = T;
  LargeAllocator() = default;
  template <class U>
  LargeAllocator(const LargeAllocator<U>&) {}  // NOLINT(google-explicit-constructor): as allocators are
  T* allocate(std::size_t count) { return static_cast<T*>(allocate_large(count * sizeof(T))); }
  void deallocate(T* piece, std::size_t count) { free_large(piece, count * sizeof(T)); }
  friend bool operator==(LargeAllocator, LargeAllocator) { return true; }
};

/// For what may become large.
template <class T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

/// vector::reserve for what will be written from one end to the other.
template <class T>
void reserve_large(std::vector<T>& vector, std::size_t count) {
  vector.reserve(count);
  prefer_large_pages(vector.data(), vector.capacity() * sizeof(T));
}

/// Makes room for `count` elements more, at least doubling the room where there is too little.
template <class T>
void make_room(LargeVector<T>& vector, std::size_t count) {
  const std::size_t needed = vector.size() + count;
  if (needed > vector.capacity()) vector.reserve(std::max(needed, 2 * vector.capacity()));
}

}  // namespace assay
