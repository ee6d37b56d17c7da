// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Images that want to crash, fill or escape: they end in findings or errors, and nothing is written outside.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <filesystem>
#include <random>

#include "bootstrap/image/build_image.h"
#include "bootstrap/image/extract.h"
#include "bootstrap/image/image_report.h"
#include "bootstrap/image/synthetic_image.h"
#include "core/host_files.h"
#include "core/host_tree.h"
#include "core/memory_tree.h"
#include "tests/support/subprocess.h"

namespace assay::image {
namespace {

using test::Scratch;

struct Member {
  std::string name;
  unsigned type = AE_IFREG;
  std::string content = {};  ///< or the target of a link
  bool hard = false;
};

Bytes tar_of(const std::vector<Member>& members, bool gzip = false) {
  Bytes bytes(1U << 20U);
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format_ustar(writer);
  if (gzip) archive_write_add_filter_gzip(writer);
  EXPECT_EQ(archive_write_open_memory(writer, bytes.data(), bytes.size(), &used), ARCHIVE_OK);
  for (const Member& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_filetype(entry, member.type);
    archive_entry_set_perm(entry, 0644);
    if (member.hard) {
      archive_entry_set_hardlink(entry, member.content.c_str());
    } else if (member.type == AE_IFLNK) {
      archive_entry_set_symlink(entry, member.content.c_str());
    } else {
      archive_entry_set_size(entry, static_cast<la_int64_t>(member.content.size()));
    }
    EXPECT_EQ(archive_write_header(writer, entry), ARCHIVE_OK);
    if (member.type == AE_IFREG && !member.hard)
      archive_write_data(writer, member.content.data(), member.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  bytes.resize(used);
  return bytes;
}

std::set<std::string> ids(const ImageReport& report) {
  std::set<std::string> all;
  for (const Finding& finding : report.findings) all.insert(finding.id);
  return all;
}

TEST(Hostile, EscapingNamesAreFindingsAndNothingIsWrittenOutside) {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.path() / "outside");
  const std::string outside = (scratch.path() / "outside").string();
  const Bytes tar = tar_of({{"good", AE_IFREG, "good"},
                            {"../escape", AE_IFREG, "x"},
                            {"/absolute", AE_IFREG, "x"},
                            {"a/../../escape", AE_IFREG, "x"},
                            {"link", AE_IFLNK, outside},
                            {"link/through", AE_IFREG, "x"},
                            {"hard", AE_IFREG, outside + "/none", true},
                            {"good/below", AE_IFREG, "x"},
                            {"device", AE_IFCHR, ""}});
  Result<Image> image = open_image("tar", memory_medium(tar));
  ASSERT_TRUE(image);
  EXPECT_TRUE(extract_all(*image->files, scratch.file("target")));
  EXPECT_EQ(scratch.read("target/good"), to_bytes("good"));
  EXPECT_TRUE(std::filesystem::is_symlink(scratch.path() / "target/link"));
  EXPECT_TRUE(std::filesystem::is_empty(outside));
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "escape"));
  std::size_t names = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(scratch.path())) ++names;
  EXPECT_EQ(names, 2U);
  const std::set<std::string> found = ids(examine(std::move(*image), {}));
  EXPECT_TRUE(found.contains("image-entry-unsafe"));
  EXPECT_TRUE(found.contains("image-entry-special"));
}

TEST(Hostile, AnExtractionIntoAUsedDirectoryIsRefused) {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.path() / "target");
  std::filesystem::create_symlink("/tmp", scratch.path() / "target/good");
  const Result<Image> image = open_image("tar", memory_medium(tar_of({{"good", AE_IFREG, "good"}})));
  ASSERT_TRUE(image);
  const Result<void> done = extract_all(*image->files, scratch.file("target"));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().id, "extract-target");
}

TEST(Hostile, ABombIsStopped) {
  // 96 MiB of zeros in about 100 KiB.
  const Result<Image> image =
      open_image("bomb", memory_medium(tar_of({{"a", AE_IFREG, std::string(96U << 20U, '\0')}}, true)));
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().id, "image-not-recognised");
}

TEST(Hostile, ABombBehindAFileIsAFinding) {
  Result<Image> image = open_image(
      "bomb",
      memory_medium(tar_of({{"good", AE_IFREG, "x"}, {"a", AE_IFREG, std::string(96U << 20U, '\0')}}, true)));
  ASSERT_TRUE(image);
  EXPECT_TRUE(ids(examine(std::move(*image), {})).contains("image-limit"));
}

TEST(Hostile, OverlappingAndOversizedPartitionsAreFindings) {
  Bytes disk(1U << 20U);
  disk[510] = 0x55;
  disk[511] = 0xAA;
  const auto entry = [&](std::size_t index, std::uint32_t begin, std::uint32_t count) {
    const std::size_t at = 446 + 16 * index;
    disk[at + 4] = 0x83;
    for (std::size_t byte = 0; byte < 4; ++byte) {
      disk[at + 8 + byte] = static_cast<Byte>(begin >> 8 * byte);
      disk[at + 12 + byte] = static_cast<Byte>(count >> 8 * byte);
    }
  };
  entry(0, 8, 100);
  entry(1, 50, 100);
  entry(2, 0xFFFFFFFF, 0xFFFFFFFF);
  entry(3, 0, 10);
  Result<Image> image = open_image("disk", memory_medium(disk));
  ASSERT_TRUE(image);
  const ImageReport report = examine(std::move(*image), {});
  EXPECT_EQ(std::count_if(report.findings.begin(), report.findings.end(),
                          [](const Finding& f) { return f.id == "image-partition-bounds"; }),
            3);
  EXPECT_EQ(report.accounting.size(), disk.size());
}

/// A small ext2 disk of our own writer.
Bytes small_disk(const Scratch& scratch) {
  MemoryTree tree;
  tree.put("dir/file", Bytes(20000, 'x'));
  tree.put("other", to_bytes("text\n"));
  EXPECT_TRUE(build_image(tree, BuildKind::disk, scratch.file("disk.img")));
  const auto medium = open_medium(scratch.file("disk.img"));
  EXPECT_TRUE(medium);
  // The partition alone: the first GiB is a hole.
  const auto partition = (*medium)->read(std::uint64_t{1} << 30U, 2U << 20U);
  EXPECT_TRUE(partition);
  return partition ? *partition : Bytes();
}

TEST(Hostile, DamagedFileSystemsNeverCrash) {
  const Scratch scratch;
  const Bytes good = small_disk(scratch);
  std::mt19937 numbers(20261125);
  for (int round = 0; round < 40; ++round) {
    Bytes bad = good;
    bad.resize(70U << 20U);
    for (int change = 0; change < 1 + round % 20; ++change) {
      // The superblock, the group descriptors and the first inodes are where it hurts.
      const std::size_t at = round % 2 == 0 ? 1024 + numbers() % 256 : numbers() % good.size();
      if (at != 1080 && at != 1081) bad[at] = static_cast<Byte>(numbers());
    }
    Result<Image> image = open_image("disk", memory_medium(std::move(bad)));
    ASSERT_TRUE(image) << "round " << round;
    const ImageReport report = examine(std::move(*image), {});
    EXPECT_EQ(report.accounting.size(), *report.size) << "round " << round;
  }
}

}  // namespace
}  // namespace assay::image
