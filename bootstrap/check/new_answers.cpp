// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/new_answers.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/check/answers.h"
#include "core/memory_tree.h"

namespace assay::bootstrap {
namespace {

/// Paths and the digests that the list gives them now.
Result<std::vector<AnswerLine>> listed(std::string_view text, const std::string& list) {
  std::vector<AnswerLine> lines;
  while (!text.empty()) {
    lines.push_back(next_answer(text));
    if (lines.back().digest.empty())
      return fail("answers-not-written",
                  fmt::format("nothing was written: {}:{} is not a line of 64 lower-case digits, two blanks "
                              "and a name",
                              list, lines.size()));
  }
  return lines;
}

}  // namespace

Result<NewAnswers> new_answers(const Tree& tree, const ChainResult& result) {
  const Architecture& arch = *result.chain.architecture;
  const MadeFiles made = made_files(result);
  NewAnswers answers;
  answers.path = answers_path(arch);
  std::vector<AnswerLine> lines;
  const Result<std::shared_ptr<const Bytes>> old = tree.files->read(answers.path);
  if (old) {
    Result<std::vector<AnswerLine>> read = listed(as_text(**old), answers.path);
    if (!read) return tl::unexpected(read.error());
    lines = std::move(*read);
  } else {
    const std::string folder = fmt::format("{}/bin/", arch.name);
    for (const auto& [path, file] : made)
      if (path.starts_with(folder)) lines.push_back({"", path});
  }
  for (const AnswerLine& line : lines) {
    const auto file = made.find(line.path);
    if (file == made.end() || file->second.verdict != Verdict::equal)
      return fail("answers-not-written", fmt::format("nothing was written: the roads did not both make '{}', "
                                                     "which is to be in {}",
                                                     line.path, answers.path));
    if (file->second.sha256 != line.digest) ++answers.changed;
    answers.text += fmt::format("{}  {}\n", file->second.sha256, line.path);
  }
  return answers;
}

Result<std::vector<NewAnswers>> renew_answers(const Tree& tree, const PreflightOptions& options,
                                              std::vector<ChainResult>& results) {
  std::vector<NewAnswers> renewed;
  Tree changed = tree;
  const auto files = std::make_shared<MemoryTree>(tree.files);
  changed.files = files;
  PreflightOptions again = options;
  again.architectures.clear();
  for (const ChainResult& result : results) {
    const bool right = result.answers.total != 0 && result.answers.ok == result.answers.total;
    if (right && result.verdict == ChainVerdict::pass) continue;
    Result<NewAnswers> answers = new_answers(tree, result);
    if (!answers) return tl::unexpected(answers.error());
    files->put(answers->path, to_bytes(answers->text), 0644);
    again.architectures.push_back(result.chain.architecture);
    renewed.push_back(std::move(*answers));
  }
  if (renewed.empty()) return renewed;
  for (ChainResult& checked : preflight(changed, again)) {
    const auto old = std::find_if(results.begin(), results.end(), [&](const ChainResult& one) {
      return one.chain.architecture == checked.chain.architecture;
    });
    *old = std::move(checked);
  }
  const auto bad = std::find_if(results.begin(), results.end(), [](const ChainResult& result) {
    return result.verdict != ChainVerdict::pass;
  });
  if (bad != results.end())
    return fail("answers-not-written",
                fmt::format("nothing was written: {} does not pass with its new list either",
                            bad->chain.architecture->name));
  return renewed;
}

}  // namespace assay::bootstrap
