// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/hidden_text_check.h"

#include <set>

#include "bootstrap/tree/program_check.h"
#include "core/hidden_text.h"

namespace assay::bootstrap {

void check_hidden_text(const Tree& tree, ChainResult& result) {
  std::set<std::string> paths;
  for (const Command& command : result.chain.commands) {
    paths.insert(command.inputs.begin(), command.inputs.end());
  }
  // Those have their own check (kaem-hidden-text).
  for (const Command& command : result.chain.commands) paths.erase(command.script);
  for (const std::string& path : paths) {
    const auto bytes = tree.files->read(path);
    if (!bytes || is_elf(**bytes)) continue;
    for (const HiddenText& hidden : find_hidden_text(**bytes, 1)) {
      const Position position = position_of(**bytes, hidden.offset);
      result.findings.push_back(
          {"hidden-text", Severity::warning, path, position.line, position.column, hidden.what,
           "look at the file with a tool that shows bytes: people are shown another text than "
           "programs read"});
    }
  }
}

}  // namespace assay::bootstrap
