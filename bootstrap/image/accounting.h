// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every byte of a medium is: the parts lie one behind the other from the first byte to the last.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "bootstrap/image/medium.h"

namespace assay::image {

enum class Content {
  seed,    ///< machine code known by its digest or made again from its source
  source,  ///< text that a person can read
  listed,  ///< opaque, but a sources file of the tree lists its digest
  header,  ///< command lines of a stream, tables of a file system or archive
  zero_fill,
  unknown,
};
inline constexpr std::array kContents{Content::seed,   Content::source,    Content::listed,
                                      Content::header, Content::zero_fill, Content::unknown};
std::string_view name_of(Content content);

struct Part {
  Extent extent;
  Content content = Content::unknown;
  std::string what;
};

class Accounting {
 public:
  /// The next part; parts of no bytes are left out. A gap since the last part becomes `unknown`.
  void add(Extent extent, Content content, std::string what);
  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  [[nodiscard]] std::uint64_t bytes(Content content) const;
  [[nodiscard]] std::size_t count(Content content) const;
  /// The end of the last part.
  [[nodiscard]] std::uint64_t size() const { return parts_.empty() ? 0 : parts_.back().extent.end; }
  /// A table: a line a kind of content, and the sum.
  [[nodiscard]] std::string table() const;

 private:
  std::vector<Part> parts_;
};

/// Text that a person can read: no control bytes but tab, line feed, vertical tab, form feed, carriage
/// return.
bool is_readable(ByteView bytes);

}  // namespace assay::image
