// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/stage_check.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/image/kernel_revision.h"
#include "core/digest.h"
#include "hex0/hex0.h"

namespace assay::image {
namespace {

std::uint32_t word_at(const Bytes& bytes, std::size_t at) {
  return bytes[at] | bytes[at + 1] << 8U | bytes[at + 2] << 16U |
         static_cast<std::uint32_t>(bytes[at + 3]) << 24U;
}

std::string first_difference(ByteView ours, ByteView theirs) {
  const auto at = std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
  return fmt::format("byte {:#x}", at.first - ours.begin());
}

void check_boot_sector(const BuilderHex0Image& image, const StageSources& sources, Findings& findings) {
  const Bytes& sector = image.boot_sector;
  if (sector[510] != 0x55 || sector[511] != 0xAA)
    findings.add("image-boot-signature", "", 0,
                 fmt::format("the boot sector ends in {:02X} {:02X}, not 55 AA", sector[510], sector[511]));
  if (sector[0] != 0x33 || sector[1] != 0xC0)
    findings.add("image-boot-entry", "", 0,
                 fmt::format("the boot sector begins with {:02X} {:02X}, not 33 C0", sector[0], sector[1]));
  if (word_at(sector, 440) == 0) findings.add("image-boot-disk-id", "", 0, "the disk id at byte 440 is zero");
  std::size_t active = 0;
  for (std::size_t entry = 0; entry < 4; ++entry) {
    const std::size_t at = 446 + 16 * entry;
    active += sector[at] == 0x80 && sector[at + 4] != 0 && word_at(sector, at + 12) != 0 ? 1 : 0;
  }
  if (active != 1)
    findings.add("image-boot-partition", "", 0,
                 fmt::format("the boot sector has {} active partition entries, not one", active));
  const std::string digest = sha256(sector);
  if (!sources.stage1.empty()) {
    NoDiagnostics nobody;
    const Output made = hex0::assemble(Source{"stage1", sources.stage1},
                                       {.dialect = hex0::find_dialect("bh0-stage1-master")}, nobody);
    if (made.bytes != sector) {
      findings.add(
          "image-boot-sector-differs", "", 0,
          fmt::format("the boot sector differs from its source at {}", first_difference(made.bytes, sector)));
    }
  } else if (!is_known_stage1(digest)) {
    findings.add("image-boot-sector-unknown", "", 0,
                 fmt::format("the boot sector is of no known release (sha256 {})", digest));
  }
}

void check_sector_constant(const BuilderHex0Image& image, Findings& findings) {
  const std::uint64_t behind = image.stage2_end();
  if (!image.sector_constant) {
    findings.add("image-sector-constant-missing", "stage2", 0,
                 "stage2 sets no sector to read the stream from");
    return;
  }
  if (image.stream_offset == behind) return;
  if (image.stream_offset > behind) {
    const Result<bool> zero = all_zero(*image.medium, {behind, image.stream_offset});
    // Zeros between text and stream are nobody's loss, if a command stands where the kernel looks.
    if (zero && *zero && image.commands.size() > 1) return;
  }
  findings.add(
      "image-sector-constant", "stage2", 0,
      fmt::format(
          "stage2 reads its commands from sector {} (byte {:#x} of its binary), but they begin at sector {}",
          image.sector_constant->value, image.sector_constant->offset, behind / kSectorBytes));
}

void check_stage2(const BuilderHex0Image& image, const StageSources& sources, Findings& findings) {
  const std::uint64_t text_end = kSectorBytes + image.stage2_text.size();
  // A text that fills its sectors leaves no NUL: what follows it, up to the first NUL, was compiled as well.
  const bool swallowed =
      image.sector_constant && text_end >= image.stream_offset && image.stream_offset > kSectorBytes;
  const bool nul_in_comment =
      std::find(image.stage2_text.begin(), image.stage2_text.end(), Byte{0}) != image.stage2_text.end();
  if (nul_in_comment) {
    findings.add("image-stage2-open-comment", "stage2", 0,
                 "a NUL byte inside a comment of the stage2 text does not end it");
  } else if (swallowed && image.stream_offset < image.medium->size()) {
    findings.add("image-stage2-no-padding", "stage2", 0,
                 fmt::format("no NUL byte between the stage2 text and sector {}, where the stream begins",
                             image.stream_offset / kSectorBytes));
  } else if (!image.stage2_ends) {
    findings.add("image-stage2-unterminated", "stage2", 0,
                 fmt::format("no NUL byte ends the {} bytes of stage2 text", image.stage2_text.size()));
  }
  if (image.stage2.ending != Ending::exits && !nul_in_comment)
    findings.add("image-stage2-open-comment", "stage2", 0, "the last comment of the stage2 text has no end");
  if (image.stage2.bytes.size() > kMaxStage2Bytes)
    findings.add("image-stage2-too-large", "stage2", 0,
                 fmt::format("stage2's binary has {} bytes, {} are possible", image.stage2.bytes.size(),
                             kMaxStage2Bytes));
  if (!swallowed) check_sector_constant(image, findings);
  if (!sources.stage2.empty()) {
    if (image.stage2_text != sources.stage2)
      findings.add(
          "image-stage2-differs", "stage2",
          position_of(image.stage2_text, static_cast<std::uint64_t>(
                                             std::mismatch(image.stage2_text.begin(), image.stage2_text.end(),
                                                           sources.stage2.begin(), sources.stage2.end())
                                                 .first -
                                             image.stage2_text.begin()))
              .line,
          "the stage2 text differs from its source");
  } else if (const std::string binary = sha256(image.stage2.bytes); kernel_revision(binary) == nullptr) {
    findings.add("image-stage2-unknown", "stage2", 0,
                 fmt::format("the stage2 text is of no known release (sha256 {}; its binary {})",
                             sha256(image.stage2_text), binary));
  }
}

}  // namespace

void check_stages(const BuilderHex0Image& image, const StageSources& sources, Findings& findings) {
  check_boot_sector(image, sources, findings);
  check_stage2(image, sources, findings);
}

}  // namespace assay::image
