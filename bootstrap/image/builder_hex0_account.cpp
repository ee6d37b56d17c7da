// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "bootstrap/image/builder_hex0_check.h"
#include "bootstrap/image/kernel_path.h"
#include "core/digest.h"

namespace assay::image {
namespace {

/// Everything in the stream's sources files that looks like a SHA-256 digest.
std::set<std::string, std::less<>> listed_digests(const BuilderHex0Image& image) {
  std::set<std::string, std::less<>> digests;
  for (const StreamCommand& command : image.commands) {
    if (command.kind != CommandKind::source || !kernel_path(command.path).ends_with("/sources")) continue;
    const Result<Bytes> bytes = image.payload(command);
    if (!bytes) continue;
    constexpr std::size_t kDigits = 64;
    const std::string_view text = as_text(*bytes);
    for (std::size_t at = text.find_first_not_of(" \n"); at < text.size();) {
      const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
      if (end - at == kDigits) digests.emplace(text.substr(at, kDigits));
      at = text.find_first_not_of(" \n", end);
    }
  }
  return digests;
}

/// Splits [begin, end) into zeros and anything else, by sectors; holes are not read.
void account_rest(const Medium& medium, Extent rest, std::string_view id, const std::string& what,
                  Accounting& accounting, Findings& findings) {
  if (rest.end <= rest.begin) return;
  const Result<bool> zero = all_zero(medium, rest);
  if (!zero) {
    findings.add("image-unreadable", "", 0, zero.error().message);
    accounting.add(rest, Content::unknown, "unreadable");
  } else if (*zero) {
    accounting.add(rest, Content::zero_fill, what);
  } else {
    findings.add(id, "", 0, fmt::format("bytes {:#x} to {:#x} are not all zero", rest.begin, rest.end));
    accounting.add(rest, Content::unknown, what);
  }
}

Content content_of(const BuilderHex0Image& image, const StreamCommand& command,
                   const std::set<std::string, std::less<>>& listed, Findings& findings) {
  const Result<Bytes> bytes = image.payload(command);
  if (!bytes) return Content::unknown;  // a finding already: the medium ends, or it is too large
  if (is_readable(*bytes)) return Content::source;
  const std::string digest = sha256(*bytes);
  if (listed.contains(digest)) return Content::listed;
  findings.add("image-unknown-bytes", command.path, 0,
               fmt::format("{} bytes that are no text (sha256 {})", bytes->size(), digest));
  return Content::unknown;
}

}  // namespace

Accounting account_builder_hex0(const BuilderHex0Image& image, Findings& findings) {
  Accounting accounting;
  const std::uint64_t size = image.medium->size();
  const bool seed = !findings.has("image-boot-sector-unknown") && !findings.has("image-boot-sector-differs");
  accounting.add({0, kSectorBytes}, seed ? Content::seed : Content::unknown, "stage1");
  const std::uint64_t stream = std::min(std::max(image.stream_offset, kSectorBytes), size);
  const std::uint64_t text_end = std::min(kSectorBytes + image.stage2_text.size(), stream);
  accounting.add({kSectorBytes, text_end},
                 is_readable(image.stage2_text) ? Content::source : Content::unknown, "stage2");
  account_rest(*image.medium, {text_end, stream}, "image-gap-not-zero", "behind stage2", accounting,
               findings);
  const std::set<std::string, std::less<>> listed = listed_digests(image);
  for (const StreamCommand& command : image.commands) {
    const bool source = command.kind == CommandKind::source;
    accounting.add({command.offset, std::min(command.offset + command.header_size, size)}, Content::header,
                   "command");
    if (source && command.payload_size != 0)
      accounting.add({command.payload_offset, std::min(command.end(), size)},
                     content_of(image, command, listed, findings), command.path);
  }
  if (accounting.size() < size) {
    account_rest(*image.medium, {accounting.size(), size}, "image-bytes-after-stream", "behind the stream",
                 accounting, findings);
  }
  return accounting;
}

}  // namespace assay::image
