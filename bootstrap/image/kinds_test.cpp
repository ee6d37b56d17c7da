// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/kinds.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <filesystem>
#include <regex>
#include <set>

#include "core/host_files.h"

namespace assay::image {
namespace {

std::string read_text(const std::filesystem::path& path) {
  const Result<Bytes> bytes = read_host_file(path.string());
  EXPECT_TRUE(bytes) << path;
  return bytes ? std::string(as_text(*bytes)) : "";
}

TEST(Kinds, EachIsExplainedOnThePage) {
  const std::string page = read_text(std::filesystem::path(ASSAY_SOURCE_DIR) / "docs/images.md");
  std::set<std::string_view> ids;
  for (const DiagnosticKind& kind : kinds()) {
    EXPECT_TRUE(ids.insert(kind.id).second) << kind.id;
    EXPECT_NE(page.find(fmt::format("| `{}` | {} |", kind.id, name_of(kind.severity))), std::string::npos)
        << kind.id;
  }
}

TEST(Kinds, EveryRowIsReported) {
  std::set<std::string> rows;
  for (const DiagnosticKind& kind : kinds()) rows.emplace(kind.id);
  std::set<std::string> used;
  const std::regex id("\"((?:image|lb)-[a-z0-9-]+)\"");
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(ASSAY_SOURCE_DIR) / "bootstrap/image")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".cpp") || name.ends_with("_test.cpp") || name == "kinds.cpp") continue;
    const std::string text = read_text(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), id), end; at != end; ++at) used.insert((*at)[1]);
  }
  for (const std::string& row : rows) {
    EXPECT_TRUE(used.contains(row) || row == "image-more-findings") << row << " is never reported";
  }
}

TEST(Findings, ManyOfAKindAreCounted) {
  Findings findings;
  for (int number = 0; number < 100; ++number) findings.add("image-name-twice", "f", 0, "again");
  const std::vector<Finding> all = std::move(findings).finish();
  ASSERT_EQ(all.size(), kMaxFindingsOfAKind + 1);
  EXPECT_EQ(all.back().id, "image-more-findings");
  EXPECT_EQ(all.back().message, "75 more findings image-name-twice");
}

}  // namespace
}  // namespace assay::image
