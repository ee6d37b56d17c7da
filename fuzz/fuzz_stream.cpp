// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The command stream of builder-hex0: commands lie one behind the other; the checks of a whole image around
// it.
#include <cstdlib>

#include "bootstrap/check/image_check.h"
#include "bootstrap/image/testing/synthetic_image.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::image;
  SyntheticImage synthetic;
  synthetic.stream.assign(data, data + size);
  synthetic.total_bytes = 1024 + size + size % 3 * 16384;
  const auto medium = memory_medium(synthetic.bytes());
  const auto image = parse_builder_hex0_image(medium);
  if (!image) std::abort();
  std::uint64_t at = image->stream_offset;
  for (const StreamCommand& command : image->commands) {
    if (command.offset != at || command.end() < at) std::abort();
    at = command.end();
  }
  if (image->stream_end > medium->size()) std::abort();
  assay::Result<Image> opened = open_image("fuzz", medium);
  if (!opened || examine(std::move(*opened), {}).accounting.size() != medium->size()) std::abort();
  return 0;
}
