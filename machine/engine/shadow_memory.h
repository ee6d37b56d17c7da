// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which bits of a program's memory nobody gave, and where they come from.
#pragma once

#include <array>
#include <memory>
#include <unordered_map>

#include "machine/engine/memory.h"

namespace assay::machine {

/// A copy is cheap: pages are shared until they are written.
class ShadowMemory {
 public:
  /// Whole bytes.
  void set(std::uint64_t address, std::uint64_t size, bool unknown) {
    while (size > 0) {
      const std::uint64_t page = page_floor(address);
      const std::uint64_t count = std::min(size, page + kPage - address);
      if (unknown && count == kPage) {
        pages_[page] = all_unknown_;
      } else if (unknown || pages_.contains(page)) {
        Page& bytes = writable(page);
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(address - page), count, unknown ? 0xFF : 0);
      }
      address += count;
      size -= count;
    }
  }
  /// The unknown bits of the bytes there, lowest first.
  [[nodiscard]] std::uint64_t get(std::uint64_t address, unsigned size) const {
    std::uint64_t unknown = 0;
    for (unsigned i = 0; i < size; ++i) unknown |= std::uint64_t{byte(address + i)} << (8 * i);
    return unknown;
  }
  void put(std::uint64_t address, unsigned size, std::uint64_t unknown) {
    for (unsigned i = 0; i < size; ++i) {
      const auto bits = static_cast<std::uint8_t>(unknown >> (8 * i));
      const std::uint64_t page = page_floor(address + i);
      if (bits != 0 || pages_.contains(page)) writable(page)[address + i - page] = bits;
    }
  }
  /// The first of some bytes of which a bit is unknown.
  [[nodiscard]] std::optional<std::uint64_t> first_unknown(std::uint64_t address, std::uint64_t size) const {
    for (std::uint64_t at = address; at - address < size; ++at) {
      if (byte(at) != 0) return at;
    }
    return std::nullopt;
  }

 private:
  using Page = std::array<std::uint8_t, kPage>;

  [[nodiscard]] std::uint8_t byte(std::uint64_t address) const {
    const auto page = pages_.find(page_floor(address));
    return page == pages_.end() ? std::uint8_t{0} : (*page->second)[address % kPage];
  }
  Page& writable(std::uint64_t page) {
    std::shared_ptr<Page>& bytes = pages_[page];
    if (bytes == nullptr) {
      bytes = std::make_shared<Page>();
    } else if (bytes.use_count() > 1) {
      bytes = std::make_shared<Page>(*bytes);
    }
    return *bytes;
  }

  std::shared_ptr<Page> all_unknown_ = [] {
    auto page = std::make_shared<Page>();
    page->fill(0xFF);
    return page;
  }();
  std::unordered_map<std::uint64_t, std::shared_ptr<Page>> pages_;  ///< absent: all is known
};

}  // namespace assay::machine
