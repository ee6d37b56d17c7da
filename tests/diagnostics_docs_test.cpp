// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// docs/diagnostics.md names every diagnostic id of the code, and nothing else.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <vector>

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

/// All that may become a part of a program, in one text for each folder.
std::vector<std::string> sources_of(const fs::path& source) {
  std::vector<std::string> texts;
  for (const char* room : {"audit", "bootstrap", "cc", "command", "core", "disassembly", "exec", "extra",
                           "hex0", "hex1", "hex2", "kaem", "linker", "M1", "machine", "mes"}) {
    for (const auto& entry : fs::recursive_directory_iterator(source / room)) {
      const std::string name = entry.path().filename().string();
      if ((!name.ends_with(".cpp") && !name.ends_with(".h")) || name.ends_with("_test.cpp")) continue;
      texts.push_back(text_of(entry.path()));
    }
  }
  return texts;
}

/// The ways in which a source names what it reports. An id has at least two words.
const std::regex kPatterns[] = {
    std::regex("\"([A-Za-z0-9]+(?:-[a-z0-9]+)+)\",\\s*Severity::"),
    std::regex("\\b(?:fail|report|say|cannot_run)\\(\\s*\\{?\\s*\"([a-z0-9]+(?:-[a-z0-9]+)+)\""),
    std::regex("\\b(?:Error|Finding|DiagnosticKind)\\{\\s*\"([a-z0-9]+(?:-[a-z0-9]+)+)\""),
    std::regex("push_back\\(\\s*\\{\"([a-z0-9]+(?:-[a-z0-9]+)+)\""),
    std::regex("\\bcannot_run\\([^;{}]*,\\s*\"([a-z0-9]+(?:-[a-z0-9]+)+)\"\\)"),
    std::regex("\\[([a-z0-9]+(?:-[a-z0-9]+)+)\\](?:\\\\n)?\""),  // in a text
};

TEST(DiagnosticsDocs, name_every_id_of_the_code_and_no_other) {
  const fs::path source(ASSAY_SOURCE_DIR);
  std::set<std::string> in_code;
  std::string everything;
  for (const std::string& text : sources_of(source)) {
    for (const std::regex& pattern : kPatterns) collect(text, pattern, in_code);
    everything += text;
  }
  ASSERT_GT(in_code.size(), 500U);
  std::set<std::string> in_page;
  collect(text_of(source / "docs/diagnostics.md"),
          std::regex("\n\\| `([^`]+)` \\| (?:note|warning|error) \\| [^|]"), in_page);
  for (const std::string& id : in_code)
    EXPECT_TRUE(in_page.contains(id)) << "docs/diagnostics.md lacks " << id;
  for (const std::string& id : in_page) {
    EXPECT_TRUE(everything.find('"' + id + '"') != std::string::npos ||
                everything.find('[' + id + ']') != std::string::npos)
        << "no code for " << id;
  }
}

}  // namespace
}  // namespace assay::test
