// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pages in docs/languages name every diagnostic and every dialect of their tool.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "command/host_files.h"
#include "hex0/diagnostics.h"
#include "hex1/diagnostics.h"
#include "hex2/diagnostics.h"
#include "tests/support/seed_tools.h"

namespace assay::test {
namespace {

struct Page {
  std::string_view tool;
  std::span<const DiagnosticKind> kinds;
};

TEST(LanguagePages, NameEveryDiagnosticAndDialect) {
  const Page pages[] = {{"hex0", hex0::kKinds}, {"hex1", hex1::kKinds}, {"hex2-0", hex2::kKinds}};
  for (const Page& page : pages) {
    const Result<Bytes> bytes =
        read_host_file(fmt::format("{}/docs/languages/{}.md", ASSAY_SOURCE_DIR, page.tool));
    ASSERT_TRUE(bytes) << page.tool;
    const std::string_view text = as_text(*bytes);
    for (const DiagnosticKind& kind : page.kinds) {
      EXPECT_NE(text.find(fmt::format("`{}`", kind.id)), std::string_view::npos) << kind.id;
    }
    for (const std::string_view dialect : dialects_of(page.tool)) {
      EXPECT_NE(text.find(fmt::format("`{}`", dialect)), std::string_view::npos)
          << page.tool << " " << dialect;
    }
  }
}

}  // namespace
}  // namespace assay::test
