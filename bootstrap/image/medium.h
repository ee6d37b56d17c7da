// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bytes of an image, read where somebody looks: a file of the host (16 GiB of holes cost nothing),
// standard input, or memory. A medium does not change while it is open as far as we can tell; a read
// beyond what is there is an error, never a crash.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/result.h"

namespace assay::image {

inline constexpr std::uint64_t kSectorBytes = 512;

/// Bytes `begin` to `end` (excluded) of a medium.
struct Extent {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  [[nodiscard]] std::uint64_t size() const { return end - begin; }
  bool operator==(const Extent&) const = default;
};

class Medium {
 public:
  virtual ~Medium() = default;
  /// Bytes.
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// Fills `to` from `offset`; nothing beyond the end is read: returns the bytes read. Errors:
  /// "medium-unreadable".
  [[nodiscard]] virtual Result<std::size_t> read_some(std::uint64_t offset, std::span<Byte> to) const = 0;
  /// The first part at or after `offset` that may hold bytes other than zero; nothing: all the rest is a
  /// hole.
  [[nodiscard]] virtual std::optional<Extent> next_data(std::uint64_t offset) const = 0;

  /// Exactly `count` bytes. Errors: "medium-unreadable", "medium-too-short" (before anything is allocated).
  [[nodiscard]] Result<Bytes> read(std::uint64_t offset, std::uint64_t count) const;
};

/// What a pipe may bring: it is kept in memory, since it can be read once only.
inline constexpr std::uint64_t kMaxPipedBytes = std::uint64_t{1} << 31U;

/// Opens a file or block device of the host; "-" and pipes are read to their end, `kMaxPipedBytes` at most.
/// Errors: "image-not-found", "image-unreadable", "image-too-large".
Result<std::shared_ptr<const Medium>> open_medium(const std::string& path);

std::shared_ptr<const Medium> memory_medium(Bytes bytes);

/// Reads a medium byte by byte through a window; what lies beyond the end or cannot be read is nothing.
class MediumReader {
 public:
  MediumReader(const Medium& medium, std::uint64_t offset) : medium_(medium), offset_(offset) {}
  std::optional<Byte> next();
  void skip_to(std::uint64_t offset) { offset_ = offset; }
  /// Of the next byte.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }

 private:
  static constexpr std::size_t kWindowBytes = 1U << 16U;
  const Medium& medium_;
  std::uint64_t offset_;
  std::uint64_t window_begin_ = 0;
  Bytes window_;
};

/// Whether all bytes of a part are zero; holes are not read. Parts beyond the end count as zero.
Result<bool> all_zero(const Medium& medium, Extent extent);

}  // namespace assay::image
