// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/step_cache.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <filesystem>
#include <fstream>

#include "bootstrap/roads/cache_entries.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap {
namespace {

namespace fs = std::filesystem;
using machine::ImageRecord;
using machine::KnownRun;

constexpr std::uint64_t kPlenty = 1 << 20;

std::shared_ptr<const Bytes> bytes(std::string_view text) {
  return std::make_shared<const Bytes>(to_bytes(text));
}

/// A program that reads `in`, looks for `none`, and writes `out`.
class StepCacheTest : public testing::Test {
 protected:
  StepCacheTest() { tree.put("in", to_bytes("text")); }

  static ImageRecord image() {
    ImageRecord image;
    image.program = "tool";
    image.program_bytes = bytes("program");
    image.argv = {"tool", "in", "out", "\xff not UTF-8"};
    image.env = {"A=1"};
    return image;
  }

  void store(std::string_view output = "result") {
    PathStates before;
    KnownRun run;
    MemoryTree work = MemoryTree(std::make_shared<MemoryTree>(tree));
    {
      StepRecorder recorder(work);
      run.inputs = {{"in", work.find("in")->share(), 0644}};
      (void)work.find("none");
      (void)work.create("out", NodeKind::file, 0600);
      work.find("out")->set_bytes(bytes(output));
      run.outputs = {{"out", bytes(output), 0600}};
      run.instructions = 12;
      run.reliances = {{"system-name", 0x600000}};
      run.standard_output = to_bytes("said\n");
      before = recorder.before();
      run.changes = recorder.changes();
    }
    ImageRecord part = image();
    part.program = "part";
    part.inputs = {{"temporary", bytes("between"), 0600}};
    cache().store(image(), limits, before, {run, {part}});
  }

  StepCache& cache() {
    if (!cache_) cache_.emplace(directory, version, kPlenty);
    return *cache_;
  }
  std::optional<KnownRun> find() {
    const auto step = cache().find(image(), limits, tree);
    if (!step) return std::nullopt;
    EXPECT_EQ(step->parts.at(0).program, "part");
    EXPECT_EQ(step->parts.at(0).argv, image().argv);
    EXPECT_EQ(as_text(*step->parts.at(0).inputs.at(0).bytes), "between");
    return step->run;
  }
  [[nodiscard]] std::vector<fs::path> entries() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    return files;
  }

  test::Scratch scratch;
  std::string directory = scratch.path() / "cache";
  std::string version = "1";
  machine::Limits limits;
  MemoryTree tree;

 private:
  std::optional<StepCache> cache_;
};

TEST_F(StepCacheTest, GivesBackWhatWasKept) {
  EXPECT_FALSE(find());
  store();
  const auto run = find();
  ASSERT_TRUE(run);
  EXPECT_EQ(run->instructions, 12U);
  ASSERT_EQ(run->reliances.size(), 1U);
  EXPECT_EQ(run->reliances[0].what, "system-name");
  EXPECT_EQ(run->reliances[0].address, 0x600000U);
  EXPECT_EQ(as_text(run->standard_output), "said\n");
  ASSERT_EQ(run->outputs.size(), 1U);
  EXPECT_EQ(as_text(*run->outputs[0].bytes), "result");
  ASSERT_EQ(run->changes.size(), 1U);
  EXPECT_EQ(run->changes[0].first, "out");
  EXPECT_EQ(run->changes[0].second.mode, 0600U);
  ASSERT_EQ(run->inputs.size(), 1U);
  EXPECT_EQ(as_text(*run->inputs[0].bytes), "text");
  EXPECT_EQ(cache().hits(), 1U);
}

TEST_F(StepCacheTest, MissesWhenAnythingLookedAtHasChanged) {
  store();
  tree.put("in", to_bytes("other"));
  EXPECT_FALSE(find()) << "contents";
  tree.put("in", to_bytes("text"), 0600);
  EXPECT_FALSE(find()) << "mode";
  tree.put("in", to_bytes("text"), 0644);
  EXPECT_TRUE(find());
  tree.put("none", to_bytes(""));
  EXPECT_FALSE(find()) << "a file that was missing";
  ASSERT_TRUE(tree.remove("none"));
  tree.put("out", to_bytes(""));
  EXPECT_FALSE(find()) << "the output exists already";
  ASSERT_TRUE(tree.remove("out"));
  tree.put("unrelated", to_bytes(""));
  EXPECT_TRUE(find());
}

TEST_F(StepCacheTest, KeyHoldsProgramWordsPlaceLimitsAndVersion) {
  store();
  ImageRecord other = image();
  other.argv.back() = "else";
  EXPECT_FALSE(cache().find(other, limits, tree));
  other = image();
  other.env.push_back("B=2");
  EXPECT_FALSE(cache().find(other, limits, tree));
  other = image();
  other.cwd = "somewhere";
  EXPECT_FALSE(cache().find(other, limits, tree));
  other = image();
  other.program_bytes = bytes("another program");
  EXPECT_FALSE(cache().find(other, limits, tree));
  machine::Limits tighter;
  tighter.memory = 4096;
  EXPECT_FALSE(cache().find(image(), tighter, tree));
  EXPECT_FALSE(StepCache(directory, "2", kPlenty).find(image(), limits, tree));
  EXPECT_TRUE(StepCache(directory, "1", kPlenty).find(image(), limits, tree));
}

TEST_F(StepCacheTest, KeepsSeveralVariantsOfOneCommand) {
  for (int variant = 0; variant < StepCache::kVariants + 3; ++variant) {
    tree.put("in", to_bytes(std::to_string(variant)));
    store("of " + std::to_string(variant));
    const auto run = find();
    ASSERT_TRUE(run) << variant;
    EXPECT_EQ(as_text(*run->outputs[0].bytes), "of " + std::to_string(variant));
  }
  EXPECT_EQ(entries().size(), std::size_t{StepCache::kVariants});
}

TEST_F(StepCacheTest, DamagedEntriesCountAsNone) {
  store();
  const fs::path file = entries().at(0);
  const auto size = fs::file_size(file);
  for (std::uintmax_t at = 0; at < size; ++at) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const char old = static_cast<char>(stream.get());
    const auto put = [&](char byte) {
      stream.seekp(static_cast<std::streamoff>(at));
      stream.put(byte);
      stream.flush();
    };
    put(static_cast<char>(old ^ 1));
    // The line end after the digest is not covered by it and not looked at.
    EXPECT_EQ(find().has_value(), at == 64) << at;
    put(old);
  }
  fs::resize_file(file, size - 1);
  EXPECT_FALSE(find());
  fs::resize_file(file, 10);
  EXPECT_FALSE(find());
}

TEST_F(StepCacheTest, NamesInADirectoryThatWasListedCount) {
  tree.put("directory/one", to_bytes("1"));
  {
    MemoryTree work = MemoryTree(std::make_shared<MemoryTree>(tree));
    StepRecorder recorder(work);
    (void)work.create("directory/made", NodeKind::file, 0600);
    (void)work.list("directory");
    cache().store(image(), limits, recorder.before(), {});
  }
  EXPECT_TRUE(cache().find(image(), limits, tree));
  tree.put("directory/two", to_bytes("2"));
  EXPECT_FALSE(cache().find(image(), limits, tree)) << "another name";
  ASSERT_TRUE(tree.remove("directory/two"));
  ASSERT_TRUE(tree.remove("directory/one"));
  EXPECT_FALSE(cache().find(image(), limits, tree)) << "a name less";
}

TEST_F(StepCacheTest, ALinkInPlaceOfADirectoryIsSeen) {
  tree.put("directory/in", to_bytes("text"));
  {
    MemoryTree work = MemoryTree(std::make_shared<MemoryTree>(tree));
    StepRecorder recorder(work);
    (void)resolve_path(work, "", "directory/in");
    cache().store(image(), limits, recorder.before(), {});
  }
  EXPECT_TRUE(cache().find(image(), limits, tree));
  MemoryTree other;
  other.put("elsewhere/in", to_bytes("text"));
  (*other.create("directory", NodeKind::link, 0777))->target = "elsewhere";
  EXPECT_FALSE(cache().find(image(), limits, other));
}

TEST_F(StepCacheTest, AnEntryInAnothersPlaceIsNotUsed) {
  store("mine");
  const fs::path mine = entries().at(0);
  ImageRecord other = image();
  other.argv.back() = "else";
  cache().store(other, limits, {}, {});
  for (const fs::path& path : entries()) {
    if (path != mine) fs::copy_file(mine, path, fs::copy_options::overwrite_existing);
  }
  EXPECT_TRUE(find());
  EXPECT_FALSE(cache().find(other, limits, tree));
}

TEST_F(StepCacheTest, WhatIsNoPlainFileIsNoEntryAndGivesWay) {
  store();
  const fs::path place = entries().at(0);
  fs::remove(place);
  ASSERT_EQ(::mkfifo(place.c_str(), 0644), 0);
  EXPECT_FALSE(find()) << "a pipe, which nobody writes to";
  store();
  EXPECT_TRUE(find());
  fs::remove(place);
  fs::create_directory(place);
  EXPECT_FALSE(find()) << "a directory";
  store();
  EXPECT_TRUE(find()) << "the next place";
  ASSERT_TRUE(clear_cache(directory) == 0);
  fs::remove_all(place);
  fs::create_directories(place.parent_path());
  fs::create_symlink("/dev/zero", place);
  EXPECT_FALSE(find()) << "a link";
  fs::remove(place);
  std::ofstream(place) << "x";
  fs::resize_file(place, StepCache::kMostEntryBytes + 1);
  EXPECT_FALSE(find()) << "a hole without measure";
}

TEST_F(StepCacheTest, WhatWasUsedCanBeDropped) {
  store();
  ASSERT_TRUE(find());
  EXPECT_EQ(cache().drop_used(), 1U);
  EXPECT_FALSE(find());
  EXPECT_EQ(cache().drop_used(), 0U);
}

TEST_F(StepCacheTest, WhatIsNotItsOwnIsLeftAlone) {
  store();
  scratch.write("cache/report.json", to_bytes("mine"));
  fs::create_directories(scratch.path() / "cache/ab/deep");
  scratch.write("cache/ab/notes.txt", to_bytes("mine"));
  StepCache(directory, version, 0).trim();
  EXPECT_EQ(entries().size(), 2U);
  store();
  EXPECT_EQ(cache_entries(directory).size(), 1U);
  EXPECT_EQ(clear_cache(directory), 0U);
  EXPECT_EQ(entries().size(), 2U);
  EXPECT_TRUE(scratch.read("cache/report.json"));
  EXPECT_TRUE(scratch.read("cache/ab/notes.txt"));
}

TEST_F(StepCacheTest, ADirectoryThatCannotBeWrittenIsToldAndNoError) {
  scratch.write("cache", to_bytes("a file"));
  store();
  EXPECT_FALSE(cache().trouble().empty());
  EXPECT_FALSE(find());
}

TEST_F(StepCacheTest, TrimRemovesWhatWasUsedLongestAgo) {
  store("first");
  const fs::path first = entries().at(0);
  fs::last_write_time(first, fs::last_write_time(first) - std::chrono::hours(1));
  tree.put("in", to_bytes("two"));
  store("second");
  StepCache small(directory, version, fs::file_size(first) + 10);
  small.trim();
  EXPECT_FALSE(fs::exists(first));
  EXPECT_EQ(entries().size(), 1U);
  EXPECT_TRUE(find());
}

}  // namespace
}  // namespace assay::bootstrap
