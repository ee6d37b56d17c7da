// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pages of M0, catm and the tools of mescc-tools name every diagnostic and every dialect.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "M1/blood_elf.h"
#include "M1/m0_diagnostics.h"
#include "M1/m0_dialects.h"
#include "M1/m1_diagnostics.h"
#include "command/host_files.h"
#include "command/mescc_command.h"
#include "linker/catm.h"
#include "linker/diagnostics.h"

namespace assay::test {
namespace {

struct Page {
  std::string_view path;
  std::span<const DiagnosticKind> kinds;
  std::vector<std::string_view> dialects;
};

template <class Rows>
std::vector<std::string_view> names_of(const Rows& rows) {
  std::vector<std::string_view> names;
  for (const auto& row : rows) names.push_back(row.name);
  return names;
}

TEST(ToolPages, name_every_diagnostic_and_dialect) {
  const Page pages[] = {{"languages/M0.md", m0::kKinds, names_of(m0::kDialects)},
                        {"tools/catm.md", catm::kKinds, names_of(catm::kDialects)},
                        {"tools/M1.md", m1::kKinds, names_of(kMesccDialects)},
                        {"tools/M1.md", mescc_kinds(), {}},
                        {"tools/hex2.md", linker::kKinds, {}},
                        {"tools/blood-elf.md", blood_elf::kKinds, {}}};
  for (const Page& page : pages) {
    const Result<Bytes> bytes = read_host_file(fmt::format("{}/docs/{}", ASSAY_SOURCE_DIR, page.path));
    ASSERT_TRUE(bytes) << page.path;
    const std::string_view text = as_text(*bytes);
    for (const DiagnosticKind& kind : page.kinds) {
      EXPECT_NE(text.find(fmt::format("`{}`", kind.id)), std::string_view::npos) << kind.id;
    }
    for (const std::string_view dialect : page.dialects) {
      EXPECT_NE(text.find(fmt::format("`{}`", dialect)), std::string_view::npos)
          << page.path << " " << dialect;
    }
  }
}

}  // namespace
}  // namespace assay::test
