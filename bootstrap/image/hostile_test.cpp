// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Images that want to crash, fill or escape: they end in findings or errors, and nothing is written outside.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>
#include <filesystem>
#include <random>

#include "bootstrap/check/image_check.h"
#include "bootstrap/image/build_image.h"
#include "bootstrap/image/extract.h"
#include "bootstrap/image/testing/synthetic_image.h"
#include "command/host_files.h"
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

TEST(Hostile, WhatStandsBehindTheEndOfAnArchiveIsTold) {
  const auto tells = [](const Bytes& bytes) {
    const Result<Image> image = open_image("tar", memory_medium(bytes));
    return image && image->findings.has("image-behind-end");
  };
  const auto joined = [](Bytes first, const Bytes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
  };
  for (const bool gzip : {false, true}) {
    const Bytes one = tar_of({{"one", AE_IFREG, "1"}}, gzip);
    EXPECT_FALSE(tells(one)) << gzip;
    EXPECT_TRUE(tells(joined(one, tar_of({{"two", AE_IFREG, "2"}}, gzip)))) << gzip;
  }
  const Bytes padded = joined(tar_of({{"one", AE_IFREG, "1"}}), Bytes(300'000, 0));
  EXPECT_FALSE(tells(padded)) << "whatever its size";
  EXPECT_TRUE(tells(joined(padded, to_bytes("x"))));
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

/// A tree whose last file cannot be read.
class Torn final : public FileTree {
 public:
  Torn() {
    files_.put("a/one", to_bytes("one"));
    files_.put("z", to_bytes("never"));
  }
  [[nodiscard]] Result<NodeInfo> info(std::string_view path) const override { return files_.info(path); }
  [[nodiscard]] Result<std::shared_ptr<const Bytes>> read(std::string_view path) const override {
    if (path == "z") return fail("medium-too-short", "torn");
    return files_.read(path);
  }
  [[nodiscard]] Result<std::vector<std::string>> list(std::string_view path) const override {
    return files_.list(path);
  }
  [[nodiscard]] Result<std::string> link_target(std::string_view path) const override {
    return files_.link_target(path);
  }

 private:
  MemoryTree files_;
};

TEST(Hostile, AnExtractionIsWholeOrLeavesNothing) {
  const Scratch scratch;
  for (const bool made_before : {false, true}) {
    const std::string target = scratch.file("target");
    if (made_before) std::filesystem::create_directory(target);
    const Result<void> done = extract_all(Torn(), target);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().id, "medium-too-short");
    EXPECT_EQ(std::filesystem::exists(target), made_before);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch.path()), {}), made_before ? 1 : 0);
    EXPECT_TRUE(!made_before || std::filesystem::is_empty(target));
  }
  MemoryTree good;
  good.put("a/one", to_bytes("one"));
  EXPECT_TRUE(extract_all(good, scratch.file("target") + "/"));
  EXPECT_EQ(scratch.read("target/a/one"), to_bytes("one"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch.path()), {}), 1);
  // A link is no directory of the user's.
  std::filesystem::create_directory(scratch.path() / "elsewhere");
  std::filesystem::create_directory_symlink("elsewhere", scratch.path() / "link");
  EXPECT_FALSE(extract_all(good, scratch.file("link")));
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path() / "elsewhere"));
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

/// A cpio header ("newc") of a file, and its name.
std::string cpio_entry(std::string_view name, std::uint32_t name_size, std::uint32_t size) {
  std::string entry =
      fmt::format("070701{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}", 1, 0100644, 0, 0, 1, 0, size);
  entry += fmt::format("{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}", 0, 0, 0, 0, name_size, 0);
  entry += name;
  entry.resize((entry.size() + 4) / 4 * 4);
  return entry;
}

/// Opens under a limit of memory, in a process of its own: 0 if the error or a finding has this id.
int open_in_little_memory(const Bytes& bytes, std::string_view id) {
  const rlimit limit{.rlim_cur = 1U << 30U, .rlim_max = 1U << 30U};
  if (::setrlimit(RLIMIT_AS, &limit) != 0) return 2;
  Result<Image> image = open_image("hostile", memory_medium(bytes));
  if (!image) return image.error().id == id ? 0 : 1;
  return ids(examine(std::move(*image), {})).contains(std::string(id)) ? 0 : 1;
}

TEST(Hostile, AHeaderCannotAskForFourGibibytes) {
  const std::string good = cpio_entry("a", 2, 4) + "text";
  // Behind more than a window: libarchive has seen the first one by then.
  const std::string far = cpio_entry("b", 2, 1U << 17U) + std::string(1U << 17U, 'x');
  const std::string bad = cpio_entry("c", 0xFFFFFFF0, 0) + std::string(600, '\0');
  Bytes xz =
      to_bytes(std::string_view("\xFD"
                                "7zXZ\0\0\0\xFF\x12\xD9\x41",
                                12));
  // A block of LZMA2 with a dictionary of 4 GiB, and the check sum of its header.
  const Bytes block{0x02, 0x00, 0x21, 0x01, 40, 0, 0, 0, 0xE6, 0xA0, 0x11, 0xB3};
  xz.insert(xz.end(), block.begin(), block.end());
  xz.resize(600);
  // The sanitizers take more address space than any limit leaves.
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "no limit of memory under a sanitizer";
#endif
  for (const auto& [bytes, id] :
       {std::pair{to_bytes(good + bad), "image-limit"}, std::pair{to_bytes(bad), "image-limit"},
        std::pair{to_bytes(good + far + bad), "image-limit"},
        std::pair{to_bytes(good + "no header" + bad), "image-unreadable"}, std::pair{xz, "image-limit"}}) {
    EXPECT_EXIT(::_exit(open_in_little_memory(bytes, id)), testing::ExitedWithCode(0), "") << id;
  }
  // What is refused is what would hurt: the same without the bad header is read.
  const Result<Image> image =
      open_image("good", memory_medium(to_bytes(good + far + cpio_entry("TRAILER!!!", 11, 0))));
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(as_text(**image->files->read("a")), "text");
  EXPECT_EQ((*image->files->read("b"))->size(), 1U << 17U);
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
  // No blocks in a group.
  Bytes bad = good;
  std::fill_n(bad.begin() + 1024 + 32, 4, Byte{0});
  Result<Image> image = open_image("disk", memory_medium(std::move(bad)));
  ASSERT_TRUE(image);
  EXPECT_TRUE(ids(examine(std::move(*image), {})).contains("image-filesystem"));
}

// 612 bytes, compressed twice, were 5 GB of names.
TEST(HostileImage, NamesAreMemoryToo) {
  archive* writer = archive_write_new();
  Bytes bytes(1U << 22U);
  std::size_t used = 0;
  archive_write_set_format_cpio_newc(writer);
  archive_write_add_filter_gzip(writer);
  archive_write_add_filter_gzip(writer);
  ASSERT_EQ(archive_write_open_memory(writer, bytes.data(), bytes.size(), &used), ARCHIVE_OK);
  const std::string name(60'000, 'a');
  for (int count = 0; count < 4000; ++count) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, 0);
    ASSERT_EQ(archive_write_header(writer, entry), ARCHIVE_OK);
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  bytes.resize(used);
  const Result<Image> opened = open_image("names", memory_medium(std::move(bytes)));
  ASSERT_TRUE(opened);
  bool limited = false;
  for (const bootstrap::Finding& finding : Findings(opened->findings).finish())
    limited |= finding.id == "image-limit";
  EXPECT_TRUE(limited);
}

}  // namespace
}  // namespace assay::image
