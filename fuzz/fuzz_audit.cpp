// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The readers of `assay audit`: the first byte chooses a name for the file, the rest is its text; it is also
// read as a makefile, a build script, an accept file, a report of a run, a baseline and each file of a tree
// of recipes.
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "audit/accept.h"
#include "audit/disposition.h"
#include "audit/profile.h"
#include "bootstrap/report/audit_report.h"
#include "bootstrap/report/opened_files.h"
#include "core/memory_tree.h"

namespace {

/// A tree of the distribution that the row is of, every file with this text.
void profile_as(const assay::audit::Distribution& row, const assay::Bytes& text) {
  assay::MemoryTree tree;
  const auto put = [&](std::string_view glob) {
    std::string path(glob);
    std::ranges::replace(path, '*', 'x');
    std::ranges::replace(path, '?', 'x');
    tree.put(path, text);
  };
  for (const auto glob : row.recognised_by) put(glob);
  for (const auto& pin : row.pins.rows) put(pin.glob);
  for (const auto& road : row.roads) {
    for (const auto& hop : road.hops) put(hop.glob);
  }
  const auto scanned = assay::audit::scan(tree, {});
  if (!scanned || assay::audit::profile(tree, *scanned).distribution == nullptr) std::abort();
}

/// A report of a run, and an earlier one of an audit.
void read_reports(std::string_view text, const assay::audit::Scan& scanned) {
  using namespace assay;
  audit::Audit audit;
  audit.scan = scanned;
  if (const auto run = bootstrap::opened_files(nlohmann::json::parse(text, nullptr, false)))
    (void)audit::witness(*run, audit::RunOf::tree, audit.scan, audit.findings);
  (void)audit::mark_baseline(text, audit);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  constexpr const char* kNames[] = {"a.c",    "configure",      "po/a.po",    "a.html",
                                    "a.sh",   "Makefile.am",    "tests/a.js", "doc/a.1",
                                    "a.wrap", "CMakeLists.txt", "BUILD"};
  if (size == 0) return 0;
  const Bytes text(data + 1, data + size);
  MemoryTree tree;
  tree.put(kNames[data[0] % std::size(kNames)], text);
  tree.put("Makefile.am", text);
  tree.put("src/a.y", {});
  tree.put("src/a.c", {});
  const Result<audit::Scan> scanned = audit::scan(tree, {});
  if (!scanned) std::abort();
  audit::Scan scan = *scanned;
  (void)audit::judge({"p.sh", audit::read_shell(as_text(text)), false}, scan);
  for (const audit::FileVerdict& file : scan.files) {
    if (file.kind != nullptr && (file.digest.empty() || file.confidence < 0 || file.confidence > 1))
      std::abort();
  }
  read_reports(as_text(text), scan);
  profile_as(audit::distributions()[data[0] % audit::distributions().size()], text);
  if (auto lines = audit::read_accept_file(as_text(text))) audit::accept(scan, *lines);
  return 0;
}
