// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The description of a chain, and behind a NUL a text that its tree has under every name that matters: what
// is read is played on the reference road, with tools that have its parameters.
#include <algorithm>
#include <cstdlib>

#include "bootstrap/chain/described_tree.h"
#include "bootstrap/chain/first_description.h"
#include "bootstrap/check/preflight.h"
#include "core/memory_tree.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  using namespace assay::bootstrap;
  const std::string_view all = as_text({data, size});
  const std::string_view text = all.substr(0, all.find('\0'));
  const std::string_view rest = all.substr(std::min(text.size() + 1, all.size()));
  const auto files = std::make_shared<MemoryTree>();
  for (const char* name : {"a", "b", "s", "d/a"}) files->put(name, to_bytes(rest), 0755);
  DiagnosticList said;
  const Result<Tree> tree = described_tree("tree", files, {"assay.toml", as_bytes(text)}, said);
  if (tree.has_value() == !said.all.empty()) std::abort();
  for (const Diagnostic& one : said.all) {
    if (one.message.empty() || one.span.offset > text.size()) std::abort();
  }
  if (!tree || tree->described->architecture.runs) return 0;
  PreflightOptions options;
  options.instructions = 1'000'000;
  (void)preflight(*tree, options);
  // What is written of it is read back.
  const std::string again = description_text(*tree->described);
  DiagnosticList none;
  if (!described_tree("tree", files, {"again", as_bytes(again)}, none)) std::abort();
  return 0;
}
