// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words of --until, and what a tree has of its distfiles.
#include "bootstrap/live_bootstrap/chain_end.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "bootstrap/live_bootstrap/distfiles.h"
#include "core/digest.h"
#include "core/memory_tree.h"

namespace assay::image {
namespace {

const std::string kDigest(64, 'a');

/// An archive as tar writes it; `time`: when its files were changed.
Bytes tar_of(const std::vector<std::pair<std::string, std::string>>& files, unsigned time) {
  constexpr std::size_t kBlock = 512;
  std::string tar;
  for (const auto& [name, text] : files) {
    std::string head(kBlock, '\0');
    const auto put = [&head](std::size_t at, const std::string& field) {
      head.replace(at, field.size(), field);
    };
    put(0, name);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, fmt::format("{:011o}", text.size()));
    put(136, fmt::format("{:011o}", time));
    put(148, "        0");
    put(257, std::string("ustar\0"
                         "00",
                         8));
    unsigned sum = 0;
    for (const char c : head) sum += static_cast<unsigned char>(c);
    put(148, fmt::format("{:06o}", sum));
    head[154] = '\0';
    tar += head + text;
    tar.resize((tar.size() + kBlock - 1) / kBlock * kBlock, '\0');
  }
  return to_bytes(tar + std::string(2 * kBlock, '\0'));
}

MemoryTree tree() {
  MemoryTree files;
  const auto put = [&](const std::string& path, const std::string& text) { files.put(path, to_bytes(text)); };
  put("steps/manifest",
      "build: one-1\nbuild: kernel-1 ( KERNEL == True )\nbuild: two-2\nbuild: bash-2\nbuild: late-1\n");
  put("steps/bootstrap.cfg", "ARCH=amd64\nKERNEL=False\n");
  put("steps/one-1/one-1.amd64.checksums", kDigest + "  /usr/bin/one\n" + kDigest + "  made/here\n");
  put("steps/one-1/one-1.x86.checksums", kDigest + "  /usr/bin/other\n");
  put("steps/two-2/two-2.checksums", kDigest + "  /usr/bin/any\n");
  put("steps/two-2/sources", "f https://a/two.tar " + kDigest + "\nf https://b/two.tar " + kDigest +
                                 "\nf _ " + kDigest + " named.tar\n");
  put("steps/late-1/sources", "f https://a/late.tar " + kDigest + "\n");
  return files;
}

std::string error_of(const std::string& word) {
  const auto found = find_last_step(tree(), word);
  return found ? "" : fmt::format("{}: {}", found.error().id, found.error().message);
}

TEST(Until, NamesAStepOfTheManifestAsItIsConfigured) {
  const auto step = find_last_step(tree(), "two-2");
  ASSERT_TRUE(step);
  EXPECT_EQ(step->end.directory, "steps/two-2");
  EXPECT_EQ(step->end.file, "");
  EXPECT_EQ(step->line, 3U);
  EXPECT_EQ(
      error_of("kernel-1"),
      "until-no-step: the manifest builds no 'kernel-1' in this configuration, but: one-1, two-2, bash-2");
  EXPECT_EQ(error_of("late-1"),
            "until-run-by-bash: the script of 'late-1' is run by bash: only kaem's are followed");
}

TEST(Until, NamesAFileThatTheStepsListPins) {
  const auto step = find_last_step(tree(), "one-1/one");
  ASSERT_TRUE(step);
  EXPECT_EQ(step->end.file, "usr/bin/one");
  EXPECT_EQ(find_last_step(tree(), "one-1/here")->end.file, "steps/one-1/made/here");
  EXPECT_EQ(error_of("one-1/other"),
            "until-no-file: the lists of digests of 'one-1' for amd64 do not name 'other', but: one, here");
  EXPECT_EQ(error_of("two-2/x"),
            "until-no-file: the lists of digests of 'two-2' for amd64 do not name 'x', but: any");
}

TEST(Distfiles, ComeInOrderOfTheManifestWithAllTheirAddresses) {
  const std::vector<Distfile> wanted = wanted_distfiles(tree());
  ASSERT_EQ(wanted.size(), 3U);
  EXPECT_EQ(wanted[0].name, "two.tar");
  EXPECT_EQ(wanted[0].urls, (std::vector<std::string>{"https://a/two.tar", "https://b/two.tar"}));
  EXPECT_EQ(wanted[0].step, "two-2");
  EXPECT_EQ(wanted[0].manifest, 3U);
  EXPECT_EQ(wanted[1].name, "named.tar");
  EXPECT_TRUE(wanted[1].urls.empty());
  EXPECT_EQ(wanted[2].manifest, 5U);
}

TEST(Distfiles, ContentIsWhatAnArchiveHoldsHoweverItWasPacked) {
  const Bytes one = tar_of({{"p/a", "text"}, {"p/b", "more"}}, 1);
  const Bytes later = tar_of({{"p/b", "more"}, {"p/a", "text"}}, 1'000'000);
  ASSERT_NE(one, later);
  EXPECT_TRUE(content_digest(one).has_value());
  EXPECT_EQ(content_digest(one), content_digest(later));
  EXPECT_NE(content_digest(one), content_digest(tar_of({{"p/a", "text"}, {"p/b", "mora"}}, 1)));
  EXPECT_EQ(content_digest(to_bytes("no archive")), std::nullopt);
}

TEST(Distfiles, OneOfAnotherDigestIsTakenAsIfItWereListed) {
  MemoryTree files = tree();
  const Bytes packed = tar_of({{"two/a", "text"}}, 1);
  files.put("external/distfiles/two.tar", packed);
  files.put("external/distfiles/named.tar", to_bytes("an error page"));
  files.put("external/distfiles/late.tar", packed);
  const std::vector<OtherDistfile> others = other_distfiles(files, 3);
  ASSERT_EQ(others.size(), 1U) << "no archive; and of a later step";
  EXPECT_EQ(others[0].path, "external/distfiles/two.tar");
  EXPECT_EQ(others[0].digest, sha256(packed));
  EXPECT_FALSE(others[0].same_content);
  const bootstrap::Replacements replaced = sources_for(files, others);
  ASSERT_EQ(replaced.size(), 1U);
  const std::string text(as_text(*replaced.at("steps/two-2/sources")));
  EXPECT_NE(text.find(others[0].digest), std::string::npos);
}

}  // namespace
}  // namespace assay::image
