// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/finding_kinds.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <filesystem>
#include <regex>
#include <set>

#include "command/host_files.h"

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

/// Adds `prefix` and what the pattern finds in the sources below a directory.
void collect(const std::string& directory, const std::string& pattern, const std::string& prefix,
             std::set<std::string>& found) {
  const std::regex wanted(pattern);
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::filesystem::path(ASSAY_SOURCE_DIR) / directory)) {
    const std::string file = entry.path().filename().string();
    if (!file.ends_with(".cpp") || file.ends_with("_test.cpp") || file == "finding_kinds.cpp") continue;
    const std::string text = read_text(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), wanted), end; at != end; ++at)
      found.insert(prefix + (*at)[1].str());
  }
}

TEST(Kinds, EveryRowIsReportedAndNothingElse) {
  std::set<std::string> used;
  for (const char* room :
       {"bootstrap/image", "bootstrap/live_bootstrap", "bootstrap/check", "bootstrap/replay"})
    collect(room, "\"((?:image|lb|boot)-[a-z0-9-]+)\"", "", used);
  // How a boot ends, and what programs rely on: the replay puts "boot-" in front.
  std::set<std::string> machine;
  collect("machine/builder_hex0", R"(Hex0Stop::\w+: return "([a-z0-9-]+)\")", "boot-", machine);
  EXPECT_EQ(machine.erase("boot-finished"), 1U);
  const std::size_t stops = machine.size();
  collect("machine/builder_hex0", R"(lean\(\s*"([a-z0-9-]+)\")", "boot-", machine);
  ASSERT_GT(stops, 20U);
  ASSERT_GT(machine.size(), stops + 10);
  used.insert(machine.begin(), machine.end());
  // Errors of the writer, and the note that counts.
  for (const char* other :
       {"image-no-stage-sources", "image-name", "image-not-recognised", "image-not-found", "image-too-large"})
    used.erase(other);
  used.insert("image-more-findings");
  std::set<std::string> rows;
  for (const DiagnosticKind& kind : kinds()) rows.emplace(kind.id);
  EXPECT_EQ(rows, used);
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
