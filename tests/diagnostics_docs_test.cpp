// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// docs/diagnostics.md names every diagnostic id of the code, and nothing else.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "command/host_files.h"

namespace assay::test {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  return std::string(as_text(read_host_file(path.string()).value()));
}

void collect(const std::string& text, const std::regex& pattern, std::set<std::string>& ids) {
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) ids.insert((*at)[1]);
}

TEST(DiagnosticsDocs, name_every_id_of_the_code_and_no_other) {
  const fs::path source(ASSAY_SOURCE_DIR);
  const std::regex kind("\"([A-Za-z0-9]+(?:-[a-z0-9]+)+)\",\\s*Severity::");
  const std::regex finding("(?:report|say)\\(\"([a-z0-9]+(?:-[a-z0-9]+)+)\"");
  const std::regex pushed("push_back\\(\\s*\\{\"([a-z0-9]+(?:-[a-z0-9]+)+)\"");
  std::set<std::string> in_code;
  std::string everything;
  for (const auto& entry : fs::recursive_directory_iterator(source / "bootstrap")) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
    const std::string text = text_of(entry.path());
    if (entry.path().filename().string().ends_with("_test.cpp")) continue;
    collect(text, finding, in_code);
    collect(text, pushed, in_code);
    everything += text;
  }
  collect(everything, std::regex("DiagnosticKind\\{\\s*\"([a-z0-9]+(?:-[a-z0-9]+)+)\",\\s*k"), in_code);
  // Its errors become findings of the reference road.
  for (const auto& entry : fs::recursive_directory_iterator(source / "exec")) {
    if (entry.path().extension() == ".cpp") everything += text_of(entry.path());
  }
  for (const char* room : {"hex0", "hex1", "hex2", "M1", "linker", "cc", "kaem", "extra", "command"}) {
    for (const auto& entry : fs::directory_iterator(source / room)) {
      if (!entry.path().filename().string().ends_with("diagnostics.h")) continue;
      const std::string text = text_of(entry.path());
      collect(text, kind, in_code);
      everything += text;
    }
  }
  ASSERT_GT(in_code.size(), 200U);
  std::set<std::string> in_page;
  collect(text_of(source / "docs/diagnostics.md"),
          std::regex("\n\\| `([^`]+)` \\| (?:note|warning|error) \\| [^|]"), in_page);
  for (const std::string& id : in_code)
    EXPECT_TRUE(in_page.contains(id)) << "docs/diagnostics.md lacks " << id;
  for (const std::string& id : in_page) {
    EXPECT_NE(everything.find('"' + id + '"'), std::string::npos) << "no code for " << id;
  }
}

}  // namespace
}  // namespace assay::test
