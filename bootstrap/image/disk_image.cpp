// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/disk_image.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <set>

#include "bootstrap/image/ext_filesystem.h"
#include "core/digest.h"

namespace assay::image {
namespace {

constexpr std::uint64_t kExtMagicOffset = 1080;
constexpr std::size_t kTableOffset = 446;
constexpr std::size_t kTableEntries = 4;

bool has_ext(const Medium& medium, std::uint64_t at) {
  std::array<Byte, 2> magic = {};
  const Result<std::size_t> got = medium.read_some(at + kExtMagicOffset, magic);
  return got && *got == magic.size() && magic[0] == 0x53 && magic[1] == 0xEF;
}

std::uint64_t sector_number(std::span<const Byte> bytes) {
  return (bytes[0] | bytes[1] << 8U | bytes[2] << 16U | static_cast<std::uint64_t>(bytes[3]) << 24U) *
         kSectorBytes;
}

/// What each block of a file system is.
class BlockAccount {
 public:
  BlockAccount(std::shared_ptr<const Medium> medium, std::shared_ptr<ExtFileSystem> system)
      : medium_(std::move(medium)),
        system_(std::move(system)),
        content_(system_->block_count(), Content::header) {
    for (std::uint64_t block = 0; block < content_.size(); ++block) {
      if (system_->is_free(block)) content_[block] = Content::zero_fill;
    }
  }

  void file(const ExtFileSystem::File& file, Findings& findings) {
    Content content = Content::unknown;
    if (const Result<Bytes> bytes = system_->read_file(file.inode)) {
      content = is_readable(*bytes) ? Content::source : Content::unknown;
    } else {
      findings.add(bytes.error().id, file.path, 0, bytes.error().message);
    }
    for (const std::uint64_t block : system_->blocks_of(file.inode)) content_[block] = content;
  }

  void add_to(Accounting& accounting, Findings& findings) const {
    const std::uint64_t bytes = system_->block_bytes();
    const std::uint64_t base = system_->where().begin;
    for (std::size_t first = 0; first < content_.size();) {
      std::size_t end = first;
      while (end < content_.size() && content_[end] == content_[first]) ++end;
      const Extent extent{base + first * bytes, base + end * bytes};
      Content content = content_[first];
      if (content == Content::zero_fill) {
        const Result<bool> zero = all_zero(*medium_, extent);
        if (!zero || !*zero) {
          content = Content::unknown;
          findings.add(
              "image-gap-not-zero", "", 0,
              fmt::format("free blocks at {:#x} to {:#x} are not all zero", extent.begin, extent.end));
        }
      }
      accounting.add(extent, content, content == Content::header ? "file system" : "blocks of files");
      first = end;
    }
  }

 private:
  std::shared_ptr<const Medium> medium_;
  std::shared_ptr<ExtFileSystem> system_;
  std::vector<Content> content_;
};

void account_gap(const Medium& medium, std::uint64_t end, Accounting& accounting, Findings& findings) {
  const Extent gap{accounting.size(), end};
  if (gap.end <= gap.begin) return;
  const Result<bool> zero = all_zero(medium, gap);
  const bool clean = zero && *zero;
  if (!clean)
    findings.add(
        "image-gap-not-zero", "", 0,
        fmt::format("bytes {:#x} to {:#x}, outside every file system, are not all zero", gap.begin, gap.end));
  accounting.add(gap, clean ? Content::zero_fill : Content::unknown, "outside file systems");
}

/// Partitions with file systems, in order; those that overlap or lie outside are findings.
std::vector<Partition> usable(const Medium& medium, Findings& findings) {
  if (has_ext(medium, 0)) return {{0, 0, false, {0, medium.size()}}};
  std::vector<Partition> all = partitions_of(medium);
  std::sort(all.begin(), all.end(),
            [](const Partition& a, const Partition& b) { return a.bytes.begin < b.bytes.begin; });
  std::vector<Partition> good;
  for (const Partition& partition : all) {
    if (partition.bytes.begin < kSectorBytes || partition.bytes.end > medium.size()) {
      findings.add("image-partition-bounds", "", 0,
                   fmt::format("partition {} lies at {:#x} to {:#x} of a medium of {:#x}", partition.number,
                               partition.bytes.begin, partition.bytes.end, medium.size()));
    } else if (!good.empty() && partition.bytes.begin < good.back().bytes.end) {
      findings.add("image-partition-bounds", "", 0,
                   fmt::format("partitions {} and {} overlap", good.back().number, partition.number));
    } else {
      good.push_back(partition);
    }
  }
  return good;
}

}  // namespace

std::vector<Partition> partitions_of(const Medium& medium) {
  std::vector<Partition> partitions;
  const Result<Bytes> sector = medium.read(0, kSectorBytes);
  if (!sector || (*sector)[510] != 0x55 || (*sector)[511] != 0xAA) return partitions;
  for (std::size_t entry = 0; entry < kTableEntries; ++entry) {
    const std::span<const Byte> row = std::span(*sector).subspan(kTableOffset + 16 * entry, 16);
    const std::uint64_t begin = sector_number(row.subspan(8));
    if (row[4] == 0) continue;
    partitions.push_back({static_cast<unsigned>(entry + 1),
                          row[4],
                          row[0] == 0x80,
                          {begin, begin + sector_number(row.subspan(12))}});
  }
  return partitions;
}

bool looks_like_disk(const Medium& medium) { return has_ext(medium, 0) || !partitions_of(medium).empty(); }

std::shared_ptr<const FileTree> open_disk(std::shared_ptr<const Medium> medium, Accounting& accounting,
                                          Findings& findings) {
  auto tree = std::make_shared<LazyTree>();
  const std::vector<Partition> partitions = usable(*medium, findings);
  if (partitions.empty() || partitions.front().number != 0)
    accounting.add({0, kSectorBytes}, Content::header, "partition table");
  for (const Partition& partition : partitions) {
    account_gap(*medium, partition.bytes.begin, accounting, findings);
    Result<std::shared_ptr<ExtFileSystem>> system = ExtFileSystem::open(medium, partition.bytes);
    if (!system) {
      findings.add(system.error().id, "", 0,
                   fmt::format("partition {}: {}", partition.number, system.error().message));
      account_gap(*medium, partition.bytes.end, accounting, findings);
      continue;
    }
    const std::string prefix = partitions.size() == 1 ? "" : fmt::format("{}/", partition.number);
    BlockAccount blocks(medium, *system);
    for (const ExtFileSystem::File& file : ExtFileSystem::list(*system, prefix, *tree, findings))
      blocks.file(file, findings);
    blocks.add_to(accounting, findings);
    account_gap(*medium, partition.bytes.end, accounting, findings);
  }
  account_gap(*medium, medium->size(), accounting, findings);
  return tree;
}

}  // namespace assay::image
