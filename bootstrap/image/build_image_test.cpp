// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/build_image.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "bootstrap/check/image_check.h"
#include "bootstrap/image/builder_hex0_check.h"
#include "bootstrap/image/extract.h"
#include "bootstrap/report/image_report.h"
#include "command/host_files.h"
#include "core/digest.h"
#include "core/host_tree.h"
#include "core/memory_tree.h"
#include "tests/support/subprocess.h"

namespace assay::image {
namespace {

namespace fs = std::filesystem;
using test::Scratch;

const std::string kProgram = "7F 45 4C 46 00 00\n";

/// Paths and texts of a tree with stage texts of our own; stage2's stream begins at sector 2.
std::vector<std::pair<std::string, std::string>> files() {
  std::string stage1 = "33 C0 EB FE # nop\n";
  for (int byte = 4; byte < 440; ++byte) stage1 += "00\n";
  stage1 += "12 34 56 78 00 00 80 00 02 00 B5 FF FF FF 01 00 00 00 FF FF FF FF\n";
  for (int byte = 462; byte < 510; ++byte) stage1 += "00\n";
  stage1 += "55 AA\n";
  return {{"builder-hex0/builder-hex0-x86-stage1.hex0", stage1},
          {"builder-hex0/builder-hex0-x86-stage2.hex0", "90\nC7 05 00 00 00 01 02 00 00 00\n"},
          {"x86/hex0_x86.hex0", kProgram},
          {"x86/kaem-minimal.hex0", kProgram},
          {"kaem.x86", "text\n"},
          {"a", "1\n"},
          {"a-b", "2\n"},
          {"a.d/c", "3\n"},
          {"steps/z", "4\n"}};
}

/// Writes the files in an order of its own (a permutation number), with modes of its own.
void write_tree(const fs::path& root, unsigned order) {
  auto all = files();
  std::shuffle(all.begin(), all.end(), std::mt19937(order));
  for (const auto& [path, text] : all) {
    fs::create_directories((root / path).parent_path());
    ASSERT_TRUE(
        write_host_file((root / path).string(), as_bytes(text), {.mode = order % 2 == 0 ? 0644U : 0640U}));
  }
  fs::create_symlink("../a", root / "steps/link");
}

constexpr BuildKind kAll[] = {BuildKind::builder_hex0, BuildKind::cpio, BuildKind::disk};

/// Of the whole file; MiBs of zeros count by their place only.
std::string digest_of(const std::string& path) {
  const auto medium = open_medium(path);
  EXPECT_TRUE(medium);
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;
  const std::uint64_t size = (*medium)->size();
  std::string digests = fmt::format("{}", size);
  for (std::uint64_t at = 0; at < size;) {
    const std::optional<Extent> data = (*medium)->next_data(at);
    if (!data) break;
    at = std::max(at, data->begin / kMiB * kMiB);
    const Result<Bytes> bytes = (*medium)->read(at, std::min(kMiB, size - at));
    EXPECT_TRUE(bytes);
    if (bytes && std::any_of(bytes->begin(), bytes->end(), [](Byte byte) { return byte != 0; }))
      digests += fmt::format(" {}:{}", at, sha256(*bytes));
    at += kMiB;
  }
  return digests;
}

TEST(BuildImage, TheSameTreeOnTwoFileSystemsGivesTheSameBytes) {
  const Scratch here;
  // Another file system where there is one, other orders of directories anyway.
  const fs::path memory = "/dev/shm";
  const fs::path there = fs::is_directory(memory) ? memory / here.path().filename() : here.path() / "second";
  std::map<BuildKind, std::set<std::string>> digests;
  for (unsigned order = 0; order < 6; ++order) {
    const fs::path root = order < 3 ? here.path() : there;
    const fs::path tree = root / fmt::format("tree{}", order);
    write_tree(tree, order);
    for (const BuildKind kind : kAll) {
      const std::string image = (root / fmt::format("{}-{}.img", order, static_cast<int>(kind))).string();
      const auto built = build_image(HostTree(tree), kind, image);
      EXPECT_TRUE(built) << (built ? "" : built.error().message);
      digests[kind].insert(digest_of(image));
    }
  }
  for (const auto& [kind, different] : digests) EXPECT_EQ(different.size(), 1U) << static_cast<int>(kind);
  fs::remove_all(there);
}

TEST(BuildImage, HoldsWhatTheTreeHolds) {
  const Scratch scratch;
  write_tree(scratch.path() / "tree", 0);
  const HostTree tree(scratch.path() / "tree");
  for (const BuildKind kind : {BuildKind::cpio, BuildKind::disk}) {
    ASSERT_TRUE(build_image(tree, kind, scratch.file("image")));
    const Result<Image> image = open_image(scratch.file("image"));
    ASSERT_TRUE(image);
    const auto lines = compare(tree, *image->files);
    ASSERT_TRUE(lines);
    EXPECT_EQ(*lines, std::vector<std::string>());
    const ImageReport report = examine(Image(*image), {});
    EXPECT_TRUE(report.passed()) << report_text(report);
  }
}

TEST(BuildImage, ABuilderHex0ImagePassesLevelA) {
  const Scratch scratch;
  write_tree(scratch.path() / "tree", 0);
  const HostTree tree(scratch.path() / "tree");
  ASSERT_TRUE(build_image(tree, BuildKind::builder_hex0, scratch.file("image")));
  Result<Image> image = open_image(scratch.file("image"));
  ASSERT_TRUE(image);
  ASSERT_TRUE(image->builder_hex0);
  const auto& commands = image->builder_hex0->commands;
  ASSERT_GT(commands.size(), 2U);
  EXPECT_EQ(commands[commands.size() - 2].path, "/bootstrap-seeds/POSIX/x86/kaem-optional-seed");
  EXPECT_EQ(as_text(**image->files->read("steps/link")), "1\n");
  EXPECT_FALSE(image->files->info("builder-hex0"));
  const StageSources sources{**tree.read(files()[0].first), **tree.read(files()[1].first)};
  const ImageReport report = examine(std::move(*image), sources);
  EXPECT_TRUE(report.passed()) << report_text(report);
  EXPECT_EQ(report.accounting.bytes(Content::unknown), 0U);
  EXPECT_EQ(report.accounting.bytes(Content::seed), 512U);
}

TEST(BuildImage, AWrongSectorConstantIsRefusedAndNothingIsLeft) {
  const Scratch scratch;
  write_tree(scratch.path() / "tree", 0);
  ASSERT_TRUE(write_host_file(scratch.file("tree/builder-hex0/builder-hex0-x86-stage2.hex0"),
                              as_bytes("C7 05 00 00 00 01 03 00 00 00\n")));
  const auto built =
      build_image(HostTree(scratch.path() / "tree"), BuildKind::builder_hex0, scratch.file("image"));
  ASSERT_FALSE(built);
  EXPECT_EQ(built.error().id, "image-sector-constant");
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path()), fs::directory_iterator()), 1);
}

TEST(Medium, SixteenGibibytesOfHolesAreOpenedAtOnce) {
  const Scratch scratch;
  write_tree(scratch.path() / "tree", 0);
  ASSERT_TRUE(build_image(HostTree(scratch.path() / "tree"), BuildKind::builder_hex0, scratch.file("image")));
  fs::resize_file(scratch.file("image"), std::uint64_t{1} << 34U);
  Result<Image> image = open_image(scratch.file("image"));
  ASSERT_TRUE(image);
  const ImageReport report = examine(std::move(*image), {});
  EXPECT_TRUE(report.passed()) << report_text(report);
  EXPECT_EQ(report.accounting.size(), std::uint64_t{1} << 34U);
}

}  // namespace
}  // namespace assay::image
