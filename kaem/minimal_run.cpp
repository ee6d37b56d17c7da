// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kaem/minimal_run.h"

#include <fmt/format.h>

#include "kaem/diagnostics.h"

namespace assay::kaem {
namespace {

constexpr std::size_t kSlot = kMinimalMaxWord + 1;

}  // namespace

std::optional<std::vector<std::string>> words_in_memory(const MinimalCommand& command,
                                                        const MinimalDialect& dialect) {
  std::vector<std::string> words;
  std::string spilled;  // what the last word left in the memory of this one
  for (const std::string& word : command.words) {
    if (word.size() >= dialect.crashing_word) return std::nullopt;
    std::string memory = word;
    if (spilled.size() > word.size() && !dialect.ends_words) memory += spilled.substr(word.size());
    spilled = memory.size() > kSlot ? memory.substr(kSlot) : "";
    words.push_back(std::move(memory));
  }
  for (std::size_t i = words.size(); i-- > 1;) {
    if (words[i - 1].size() >= kSlot) words[i - 1] = words[i - 1].substr(0, kSlot) + words[i];
  }
  if (words.size() > dialect.max_words + 1) words.front().clear();
  return words;
}

Finish run_minimal(ByteView script, const MinimalDialect& dialect,
                   const std::vector<std::string>& environment, Host& host, DiagnosticSink& sink) {
  NoDiagnostics quiet;
  const MinimalScript parsed = parse_minimal(script, 0, dialect, quiet);
  for (const MinimalCommand& command : parsed.commands) {
    const std::optional<std::vector<std::string>> words = words_in_memory(command, dialect);
    if (!words) {
      sink.report(kCrash, command.span, "a word is longer than the memory behind it");
      return {Ending::crashes, 0};
    }
    std::string shown = " +> ";
    for (const std::string& word : *words) shown += word + " ";
    host.write_output(shown + "\n");
    bool failed = words->size() > dialect.max_words;
    if (!failed) {
      const ChildEnd end =
          host.launch({.program = words->front(),
                       .argv = *words,
                       .env = dialect.passes_environment ? environment : std::vector<std::string>{},
                       .span = command.span});
      failed = end.status != 0 || end.signal != 0;
    }
    if (failed) {
      host.write_output(dialect.says_aborting ? "Subprocess error\nABORTING HARD\n" : "Subprocess error\n");
      return {Ending::exits, dialect.status_child_failed};
    }
  }
  return {Ending::exits, parsed.status};
}

}  // namespace assay::kaem
