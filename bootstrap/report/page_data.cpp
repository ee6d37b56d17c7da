// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/page_data.h"

#include <openssl/evp.h>
#include <zlib.h>

namespace assay::bootstrap {
namespace {

constexpr int kGzip = 16 + MAX_WBITS;

void add_number(Bytes& to, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7U) to.push_back(static_cast<Byte>(number | 0x80U));
  to.push_back(static_cast<Byte>(number));
}

/// Small numbers of either sign become small ones without.
void add_difference(Bytes& to, std::uint64_t now, std::uint64_t before) {
  const auto difference = static_cast<std::int64_t>(now - before);
  add_number(to,
             (static_cast<std::uint64_t>(difference) << 1U) ^ static_cast<std::uint64_t>(difference >> 63));
}

Bytes gzipped(ByteView bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, kGzip, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  Bytes result(deflateBound(&stream, bytes.size()));
  stream.next_in = const_cast<Byte*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = result.data();
  stream.avail_out = static_cast<uInt>(result.size());
  deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

}  // namespace

std::string base64(ByteView bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string encoded(ByteView bytes) { return base64(gzipped(bytes)); }

Bytes packed(const MadeFrom& made) {
  Bytes columns;
  for (const Piece& piece : made.pieces) add_number(columns, piece.end - piece.begin);
  std::uint64_t before = 0;
  for (const Piece& piece : made.pieces) {
    const std::uint64_t from = piece.from == kNoFile ? 0 : std::uint64_t{piece.from} + 1;
    add_difference(columns, from, before);
    before = from;
  }
  before = 0;
  for (const Piece& piece : made.pieces) {
    add_difference(columns, piece.offset, before);
    before = piece.offset + piece.length;
  }
  for (const Piece& piece : made.pieces) add_number(columns, piece.length);
  for (const Piece& piece : made.pieces) add_number(columns, piece.copied ? 1 : piece.unknown ? 2 : 0);
  return columns;
}

}  // namespace assay::bootstrap
