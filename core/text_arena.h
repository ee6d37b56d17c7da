// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace assay {

/// Memory for many small texts that live as long as the arena.
class TextArena {
 public:
  /// `size` bytes, not set.
  char* allocate(std::size_t size) {
    if (size > left_) {
      left_ = std::max(kBlock, size);
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
      at_ = blocks_.back().get();
    }
    char* const memory = at_;
    at_ += size;
    left_ -= size;
    return memory;
  }

  std::string_view store(std::string_view text) {
    char* const memory = allocate(text.size());
    std::copy(text.begin(), text.end(), memory);
    return {memory, text.size()};
  }

 private:
  static constexpr std::size_t kBlock = 65536;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace assay
