// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace assay {

/// Asks the host to back a large piece of memory, not yet written, with large pages: most of the time that
/// a fast tool takes for a large output goes into being given the pages one by one. Does nothing for small
/// pieces or where the host cannot.
void prefer_large_pages(const void* from, std::size_t size);

/// vector::reserve for what will be written from one end to the other.
template <class T>
void reserve_large(std::vector<T>& vector, std::size_t count) {
  vector.reserve(count);
  prefer_large_pages(vector.data(), vector.capacity() * sizeof(T));
}

/// Makes room for `count` elements more, at least doubling the room where there is too little.
template <class T>
void make_large_room(std::vector<T>& vector, std::size_t count) {
  const std::size_t needed = vector.size() + count;
  if (needed > vector.capacity()) reserve_large(vector, std::max(needed, 2 * vector.capacity()));
}

}  // namespace assay
