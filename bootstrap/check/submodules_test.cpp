// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/submodules.h"

#include <gtest/gtest.h>

#include "core/host_tree.h"
#include "core/memory_tree.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap {
namespace {

Finding error(std::string message, std::string file = "") {
  return {"chain-input-missing", Severity::error, std::move(file), 0, 0, std::move(message), ""};
}

TEST(Submodules, WhatFollowsIsFoldedUnderTheCause) {
  std::vector<Finding> findings{error("input '../M2libc/a.c' does not exist"), error("other 'notM2libc/a.c'"),
                                error("", "M2libc/b.c")};
  fold_under_submodules({"M2libc"}, "t", Severity::note, findings);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].id, "tree-submodules-missing");
  EXPECT_EQ(findings[0].severity, Severity::error);
  EXPECT_EQ(findings[0].message,
            "submodules are not checked out: M2libc (2 findings follow from that and are left out)");
  EXPECT_EQ(findings[0].help, "git -C 't' submodule update --init --recursive");
}

TEST(Submodules, OneThatNobodyNeedsIsAsBadAsTheCallerSays) {
  std::vector<Finding> findings{error("input 'x'")};
  fold_under_submodules({"armv7l"}, "t", Severity::note, findings);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].severity, Severity::note);
  fold_under_submodules({}, "t", Severity::error, findings);
  EXPECT_EQ(findings.size(), 2U);
}

/// The upstream tree with one directory emptied.
Tree without(const std::filesystem::path& path, const std::string& directory) {
  auto files = std::make_shared<MemoryTree>(std::make_shared<HostTree>(path));
  const std::vector<std::string> names = files->list(directory).value();
  const std::function<void(const std::string&)> clear = [&](const std::string& folder) {
    const std::vector<std::string> inside = files->list(folder).value();
    for (const std::string& name : inside) {
      const std::string one = folder + "/" + name;
      if (files->info(one)->kind == NodeKind::directory) clear(one);
      EXPECT_TRUE(files->remove(one)) << one;
    }
  };
  clear(directory);
  return open_tree("t", files).value();
}

TEST(Submodules, UpstreamWithoutOneIsToldInOneFinding) {
  const auto path = test::find_tree("stage0-posix");
  if (!path) GTEST_SKIP() << "no tree stage0-posix below ASSAY_TREES or ~/.cache/assay";
  const Architecture& amd64 = *find_architecture("AMD64");
  for (const char* needed :
       {"M2libc", "M2-Planet", "M2-Mesoplanet", "mescc-tools", "mescc-tools-extra", "AMD64"}) {
    const std::optional<ChainResult> result = lacking_submodules(without(*path, needed), amd64);
    ASSERT_TRUE(result) << needed;
    EXPECT_EQ(result->verdict, ChainVerdict::fail);
    ASSERT_FALSE(result->findings.empty());
    EXPECT_EQ(result->findings[0].id, "tree-submodules-missing") << needed;
    for (std::size_t index = 1; index < result->findings.size(); ++index)
      EXPECT_EQ(result->findings[index].severity, Severity::note) << result->findings[index].message;
  }
  for (const char* other : {"armv7l", "riscv32"})
    EXPECT_FALSE(lacking_submodules(without(*path, other), amd64)) << other;
}

}  // namespace
}  // namespace assay::bootstrap
