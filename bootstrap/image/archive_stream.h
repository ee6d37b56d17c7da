// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an archive reader is fed with: plain bytes, decompressed with bounded memory, and no cpio header that
// makes libarchive 3.6 allocate what it announces (4 GiB from an archive of 1 KiB).
#pragma once

#include <memory>

#include "bootstrap/image/medium.h"

namespace assay::image {

/// Memory for decompressing: `xz -9` wants 65 MiB.
inline constexpr std::uint64_t kMaxDecoderBytes = 256U << 20U;
/// Of a name in a cpio archive; the header has room for 4 GiB.
inline constexpr std::uint64_t kMaxCpioNameBytes = 1U << 16U;

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Fills a part of `to` and returns how much; 0: the end. Errors: "image-unreadable", "image-limit".
  virtual Result<std::size_t> read(std::span<Byte> to) = 0;
  /// Bytes of the medium read so far.
  [[nodiscard]] virtual std::uint64_t consumed() const = 0;
};

/// Undoes xz, gzip, bzip2, lzma and zstd; other bytes come as they are.
std::unique_ptr<ByteStream> plain_stream(const Medium& medium);

/// Watches a cpio archive ("newc") go by.
class CpioGuard {
 public:
  /// Errors: "image-limit" for a name without measure, "image-unreadable" where a header should be and is
  /// not: libarchive would go and look for another one.
  Result<void> see(ByteView bytes);

 private:
  Result<bool> header();

  bool watching_ = true;
  std::uint64_t offset_ = 0;       ///< of the first byte in seen_
  std::uint64_t next_header_ = 0;  ///< offset
  Bytes seen_;
};

}  // namespace assay::image
