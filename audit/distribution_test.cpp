// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/distribution.h"

#include <gtest/gtest.h>

#include "core/memory_tree.h"

namespace assay::audit {
namespace {

Profile profile_of(const MemoryTree& tree) { return profile(tree, scan(tree, {}).value()); }

std::size_t count_of(const Profile& profile, std::string_view what) {
  for (const Counted& one : profile.counts) {
    if (one.what == what) return one.number;
  }
  return 999;
}

TEST(Profile, counts_what_recipes_say) {
  MemoryTree tree;
  tree.put("packages/a/package.toml", to_bytes("[sources.a]\nhash = \"12\"\n"));
  tree.put("packages/b/package.toml", to_bytes("[package]\n"));
  tree.put("packages/a/Containerfile",
           to_bytes("FROM x\nRUN --network=none ./configure\nRUN cargo fetch\nRUN go get\n"));
  tree.put("packages/b/Containerfile", to_bytes("RUN --network=none make\n"));
  const Profile told = profile_of(tree);
  ASSERT_NE(told.distribution, nullptr);
  EXPECT_EQ(told.distribution->id, "stagex");
  EXPECT_EQ(count_of(told, "recipes (package.toml)"), 2U);
  EXPECT_EQ(count_of(told, "recipes with a digest"), 1U);
  EXPECT_EQ(count_of(told, "Containerfiles with a RUN that has the network"), 1U) << "a file counts once";
  EXPECT_EQ(count_of(told, "Containerfiles that run configure"), 1U);
  EXPECT_TRUE(told.seeds.empty());
}

TEST(Profile, points_at_lines_that_name_binaries) {
  MemoryTree tree;
  tree.put("main/rust/template.py",
           to_bytes("pkgname = \"rust\"\n# static.rust-lang.org/dist/ was used\nsource = "
                    "\"https://static.rust-lang.org/dist/rust-1.70.tar.xz\"\nsha256 = \"1\"\n"));
  tree.put("main/rust-src/template.py",
           to_bytes("source = \"https://static.rust-lang.org/dist/rustc-1.70-src.tar.xz\"\n"));
  tree.put("main/go-bootstrap/template.py", to_bytes("pkgname = \"go-bootstrap\"\n"));
  tree.put("src/cbuild/x.py", to_bytes("\n"));
  const Profile told = profile_of(tree);
  ASSERT_EQ(told.distribution->id, "chimera");
  ASSERT_EQ(told.binaries.size(), 2U);
  EXPECT_EQ(told.binaries[0].text, "recipe 'go-bootstrap'");
  EXPECT_EQ(told.binaries[1].where, "main/rust/template.py:3");
  EXPECT_EQ(count_of(told, "recipes with sha256"), 1U);
}

TEST(Profile, calls_a_seed_only_what_has_its_digest) {
  using namespace std::string_literals;
  MemoryTree tree;
  tree.put("packages/a/package.toml", {});
  tree.put("packages/a/Containerfile", {});
  tree.put("packages/hex0-seed", to_bytes("\x7f"
                                          "ELF\1\1\1\0"s));
  const Profile told = profile_of(tree);
  EXPECT_TRUE(told.seeds.empty());
  EXPECT_EQ(told.opaque, 1U);
}

TEST(Profile, of_an_unknown_tree_is_none) {
  MemoryTree tree;
  tree.put("a.c", to_bytes("int a;\n"));
  EXPECT_EQ(profile_of(tree).distribution, nullptr);
}

}  // namespace
}  // namespace assay::audit
