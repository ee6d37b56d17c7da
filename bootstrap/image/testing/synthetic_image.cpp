// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/testing/synthetic_image.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/image/medium.h"

namespace assay::image {
namespace {

constexpr std::size_t kMiB = 1U << 20U;

std::string little_endian_hex(std::uint32_t value) {
  return fmt::format("{:02X} {:02X} {:02X} {:02X}", value & 0xFFU, value >> 8U & 0xFFU, value >> 16U & 0xFFU,
                     value >> 24U);
}

}  // namespace

Bytes SyntheticImage::bytes() const {
  Bytes image(kSectorBytes);
  const Bytes entry{0x33, 0xC0, 0xEB, 0xFE};  // xor ax, ax; jump to itself
  std::copy(entry.begin(), entry.end(), image.begin());
  const Bytes table{0x12, 0x34, 0x56, 0x78, 0, 0, 0x80, 0,    2,    0,    0xB5,
                    0xFF, 0xFF, 0xFF, 1,    0, 0, 0,    0xFF, 0xFF, 0xFF, 0xFF};
  std::copy(table.begin(), table.end(), image.begin() + 440);
  image[510] = 0x55;
  image[511] = 0xAA;
  std::string text = stage2_text;
  const std::size_t place = text.find("@K@");
  // The digits of a constant take 11 characters, whatever it is.
  const std::size_t text_size = text.size() + (place == std::string::npos ? 0 : 11 - 3);
  const std::size_t right = 1 + (text_size + 1 + kSectorBytes - 1) / kSectorBytes;
  const std::size_t sector = stream_sector < 0 ? right : static_cast<std::size_t>(stream_sector);
  if (place != std::string::npos)
    text.replace(place, 3, little_endian_hex(static_cast<std::uint32_t>(sector)));
  image.insert(image.end(), text.begin(), text.end());
  image.resize(right * kSectorBytes);
  image.insert(image.end(), stream.begin(), stream.end());
  image.resize(total_bytes != 0 ? total_bytes : (image.size() / kMiB + 1) * kMiB);
  return image;
}

std::string source_command(std::string_view path, std::string_view payload) {
  return fmt::format("src {} {}\n{}", payload.size(), path, payload);
}

}  // namespace assay::image
