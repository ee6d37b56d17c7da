// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Manifest, configuration and sources of live-bootstrap: texts separated by a NUL.
#include <algorithm>
#include <cstdlib>

#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "core/memory_tree.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  constexpr const char* kPaths[] = {"steps/manifest",     "steps/bootstrap.cfg",   "steps/a/sources",
                                    "steps/a/pass1.kaem", "steps/SHA256SUMS.pkgs", "external/distfiles/a"};
  MemoryTree tree;
  std::string_view text = as_text({data, size});
  for (const char* path : kPaths) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    tree.put(path, to_bytes(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  image::Findings findings;
  image::check_live_bootstrap(tree, image::ImageKind::live_bootstrap_tree, findings);
  for (const image::Finding& finding : std::move(findings).finish()) {
    if (finding.id.empty() || finding.message.empty()) std::abort();
  }
  return 0;
}
