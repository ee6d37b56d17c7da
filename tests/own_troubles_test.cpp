// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Troubles of the program and its host: no memory, no descriptors, streams that are closed or full, readers
// that went away. They have a word and the status 2, and are never an answer about a tree.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <filesystem>

#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

namespace fs = std::filesystem;

const std::string kAssay = ASSAY_BIN_DIR "/assay";

/// A line for the shell, in which "assay" and the other programs are the built ones.
Finished shell(const std::string& line, const fs::path& cwd = ".", std::string cache = "") {
  if (cache.empty()) cache = "/nonexistent/cache";
  return run({.argv = {"/bin/bash", "-c", line},
              .env = {"PATH=" ASSAY_BIN_DIR ":/usr/bin:/bin", "XDG_CACHE_HOME=" + cache},
              .cwd = cwd,
              .piped_input = std::nullopt,
              .seconds = 120});
}

void expect_cannot_run(const std::string& line, std::string_view word) {
  const Finished finished = shell(line);
  EXPECT_EQ(finished.status, "exit:2") << line << finished.standard_error;
  EXPECT_NE(finished.standard_error.find(word), std::string::npos) << line << finished.standard_error;
  EXPECT_EQ(finished.standard_output.find("NOT PASSED"), std::string::npos) << line;
}

TEST(OwnTroubles, StandardOutputThatIsFullOrClosed) {
  expect_cannot_run("assay preflight --arch AMD64 >/dev/full", "assay: standard output is incomplete");
  expect_cannot_run("assay preflight --arch AMD64 --json - >/dev/full",
                    "assay: standard output is incomplete");
  expect_cannot_run("assay preflight --arch AMD64 >&-", "assay: standard output is incomplete");
  expect_cannot_run("assay --version >/dev/full", "assay: standard output is incomplete");
  expect_cannot_run("assay image ls " ASSAY_SOURCE_DIR "/tests >/dev/full",
                    "assay: standard output is incomplete");
}

TEST(OwnTroubles, StandardErrorThatIsFullOrClosed) {
  // It has a note to write there; without one, nothing is lost.
  EXPECT_EQ(shell("assay preflight --arch AMD64 --cache /proc/none >/dev/null").status, "exit:0");
  expect_cannot_run("assay preflight --arch AMD64 --cache /proc/none 2>/dev/full", "");
  expect_cannot_run("assay preflight --arch AMD64 --cache /proc/none 2>&-", "");
  EXPECT_EQ(shell("assay preflight --arch AMD64 --no-cache 2>/dev/full").status, "exit:0");
  expect_cannot_run("assay preflight --arch AMD64 >&- 2>&- <&-", "");
  expect_cannot_run("assay preflight no-such-tree 2>/dev/full", "");
}

TEST(OwnTroubles, AFileDoesNotTakeTheNumberOfAClosedStream) {
  const Scratch scratch;
  shell("assay preflight --arch AMD64 --json report 2>&- >&-", scratch.path());
  const auto report = scratch.read("report");
  ASSERT_TRUE(report);
  EXPECT_TRUE(as_text(*report).starts_with("{"));
  EXPECT_TRUE(as_text(*report).ends_with("}\n"));
}

TEST(OwnTroubles, AReaderThatWentAway) {
  expect_cannot_run("assay preflight --arch AMD64 --json - | true; exit ${PIPESTATUS[0]}",
                    "assay: standard output is incomplete");
}

TEST(OwnTroubles, AFileThatMayNotGrow) {
  const Scratch scratch;
  const Finished finished =
      shell("ulimit -f 1; assay preflight --arch AMD64 --quiet --json report", scratch.path());
  EXPECT_EQ(finished.status, "exit:2");
  EXPECT_NE(finished.standard_error.find("File too large"), std::string::npos) << finished.standard_error;
  EXPECT_TRUE(fs::is_empty(scratch.path()));
}

TEST(OwnTroubles, ReportsGoThroughDevicesAndLinks) {
  const Scratch scratch;
  scratch.write("target", to_bytes("old"));
  fs::create_symlink("target", scratch.path() / "link");
  EXPECT_EQ(shell("assay preflight --arch AMD64 --quiet --json link", scratch.path()).status, "exit:0");
  EXPECT_TRUE(fs::is_symlink(scratch.path() / "link"));
  EXPECT_TRUE(as_text(*scratch.read("target")).starts_with("{"));
  EXPECT_EQ(shell("assay preflight --arch AMD64 --quiet --json /dev/stdout | tail -c 2", scratch.path())
                .standard_output,
            "}\n");
  const Finished full = shell("assay preflight --arch AMD64 --quiet --json /dev/full", scratch.path());
  EXPECT_EQ(full.status, "exit:2");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST(OwnTroubles, TooLittleMemory) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "sanitizers want all addresses there are";
#endif
  expect_cannot_run("ulimit -v 1000000; assay preflight --arch AMD64", "[no-memory]");
  expect_cannot_run("ulimit -v 8000000; assay preflight --jobs 2", "[no-memory]");
  // The least with which the host can start the program at all.
  std::string least;
  for (int kilobytes = 60000; least.empty() && kilobytes < 200000; kilobytes += 4000) {
    const std::string limit = fmt::format("ulimit -v {}; ", kilobytes);
    if (shell(limit + "assay --version").status == "exit:0") least = limit;
  }
  expect_cannot_run(least + "assay preflight --arch AMD64", "[no-memory]");
}

TEST(OwnTroubles, ACacheThatCannotBeWrittenIsANote) {
  const Scratch scratch;
  scratch.write("file", {});
  const Finished finished = shell("assay preflight --arch AMD64", ".", scratch.file("file"));
  EXPECT_EQ(finished.status, "exit:0");
  EXPECT_NE(finished.standard_error.find("note: steps are not kept"), std::string::npos)
      << finished.standard_error;
}

TEST(OwnTroubles, CacheIsToldAboutAndCleared) {
  const Scratch scratch;
  const std::string cache = scratch.file("cache");
  ASSERT_EQ(shell("assay preflight --arch AMD64 --quiet", ".", cache).status, "exit:0");
  const Finished info = shell("assay cache info", ".", cache);
  EXPECT_TRUE(info.standard_output.starts_with(fmt::format("directory  {}/assay/steps\nentries ", cache)))
      << info.standard_output;
  EXPECT_EQ(info.standard_output.find("entries    0\n"), std::string::npos);
  scratch.write("cache/assay/steps/mine", to_bytes("mine"));
  EXPECT_EQ(shell("assay cache clear", ".", cache).status, "exit:0");
  EXPECT_NE(shell("assay cache info", ".", cache).standard_output.find("entries    0\n"), std::string::npos);
  EXPECT_TRUE(scratch.read("cache/assay/steps/mine"));
}

TEST(OwnTroubles, DropInsThatLoseTheirOutputSaySo) {
  const Scratch scratch;
  scratch.write("in", to_bytes("41 42 # text\n"));
  scratch.write("quoted", to_bytes("'4142'\n"));
  scratch.write("script", to_bytes("echo text\n"));
  scratch.write("minimal", to_bytes("/bin/true\n"));
  const auto said = [&](const std::string& line, const std::string& id) {
    const Finished finished = shell(line, scratch.path());
    EXPECT_EQ(finished.status, "exit:0") << line;  // as the real tool
    EXPECT_NE(finished.standard_error.find("[" + id + "]"), std::string::npos)
        << line << finished.standard_error;
  };
  said("hex0 in /dev/full", "hex0-lost-output");
  said("hex0 -Wnone in /dev/full", "hex0-lost-output");
  said("catm /dev/full in", "catm-lost-output");
  said("M1 --architecture amd64 --little-endian -f quoted -o /dev/full", "mescc-lost-output");
  said("sha256sum in >/dev/full", "extra-lost-output");
  said("kaem -f script >/dev/full", "kaem-lost-output");
  said("kaem-minimal minimal >/dev/full", "kaem-lost-output");
}

TEST(OwnTroubles, DropInsDoNotCrashWithoutStandardError) {
  const Scratch scratch;
  scratch.write("in", to_bytes("41 42 # text\n"));
  for (const char* line :
       {"hex0 in /dev/full", "hex0 missing out", "M1 -f missing", "catm", "sha256sum missing"}) {
    for (const char* stream : {" 2>/dev/full", " 2>&-"}) {
      const std::string status = shell(std::string(line) + stream, scratch.path()).status;
      EXPECT_NE(status, "exit:134") << line << stream;
      EXPECT_TRUE(status.starts_with("exit:")) << line << stream << status;
    }
  }
}

/// A tree whose chain is that of a released one; nothing if there is none to copy.
class TroubledTree : public testing::Test {
 protected:
  void SetUp() override {
    const std::optional<fs::path> pristine = find_tree("stage0-posix");
    if (!pristine) GTEST_SKIP() << "no stage0-posix";
    fs::copy(*pristine, tree, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  }
  Finished preflight(const std::string& options) {
    return shell(fmt::format("assay preflight tree --arch AMD64 {}", options), scratch.path());
  }

  Scratch scratch;
  fs::path tree = scratch.path() / "tree";
};

// The reference road's entries did not list what was looked for and not there.
TEST_F(TroubledTree, AFileThatComesBackIsSeen) {
  const fs::path file = tree / "M2libc/bootstrappable.c";
  const std::string road = "--road reference --cache cache --json report";
  fs::rename(file, scratch.path() / "kept");
  EXPECT_EQ(preflight(road).status, "exit:1");
  fs::rename(scratch.path() / "kept", file);
  const Finished back = preflight(road);
  EXPECT_EQ(back.status, "exit:2") << back.standard_output;  // one road is no pass
  const auto digests = scratch.read("report");
  EXPECT_EQ(preflight("--road reference --no-cache --json fresh").status, "exit:2");
  const auto only_steps = [](const Bytes& json) {
    std::string digest;
    const std::string_view text = as_text(json);
    for (std::size_t at = 0; (at = text.find("\"sha256\"", at)) != std::string_view::npos; ++at)
      digest += text.substr(at, 80);
    return digest;
  };
  EXPECT_EQ(only_steps(*digests), only_steps(*scratch.read("fresh")));
}

TEST_F(TroubledTree, AHostThatGivesNoMore) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "sanitizers want all addresses there are";
#endif
  const std::string line = "assay preflight tree --arch AMD64 --no-cache --jobs 2";
  for (const auto& [limit, word] :
       {std::pair("ulimit -v 12000000; ", "[no-memory]"),
        std::pair("for n in 3 4 5 6 7 8 9; do eval \"exec $n>&-\"; done; ulimit -n 4; ",
                  "Too many open files")}) {
    const Finished finished = shell(limit + line, scratch.path());
    // One descriptor is enough where no two threads happen to read at the same time.
    if (finished.status == "exit:0" && word == std::string_view("Too many open files")) {
      EXPECT_NE(finished.standard_output.find("\nPASS: "), std::string::npos) << finished.standard_output;
      continue;
    }
    EXPECT_EQ(finished.status, "exit:2") << limit;
    EXPECT_NE(finished.standard_error.find(word), std::string::npos) << limit << finished.standard_error;
    EXPECT_EQ(finished.standard_output.find("NOT PASSED"), std::string::npos) << limit;
  }
}

TEST_F(TroubledTree, AHoleWithoutMeasureIsNotRead) {
  fs::resize_file(tree / "AMD64/hex1_AMD64.hex0", std::uintmax_t{3} << 30);
  const Finished finished = preflight("--no-cache");
  EXPECT_EQ(finished.status, "exit:2");
  EXPECT_NE(finished.standard_error.find("[file-too-large]"), std::string::npos) << finished.standard_error;
}

TEST_F(TroubledTree, TextThatPeopleAreNotShownIsNamed) {
  const std::string name = "tree/M2libc/bootstrappable.c";
  const std::string text(as_text(*scratch.read(name)));
  scratch.write(name, to_bytes("// \xE2\x80\xAE\n" + text));
  const Finished finished = preflight("--road reference --no-cache");
  EXPECT_NE(
      finished.standard_output.find(
          "M2libc/bootstrappable.c:1:4: warning: U+202E, which changes the order in which text is shown "
          "[hidden-text]"),
      std::string::npos)
      << finished.standard_output;
}

}  // namespace
}  // namespace assay::test
