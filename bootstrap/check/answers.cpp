// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/answers.h"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <utility>

#include "core/digest.h"

namespace assay::bootstrap {
namespace {

/// What follows from a wrong digest.
std::string help_for(const MadeFile* made, const ChainDescription& chain, const AnswerLine& answer) {
  const auto stale = std::ranges::find_if(chain.stale, [&](const StaleAnswer& one) {
    return one.file == answer.path && one.answer == answer.digest;
  });
  if (stale != chain.stale.end() && made != nullptr && made->verdict == Verdict::equal)
    return fmt::format("both roads make these bytes; the line of the list is an old one: {}", stale->why);
  if (made == nullptr) return "no step made it: it lies in the tree";
  if (made->verdict == Verdict::equal) {
    return "both roads make these bytes, so its sources or the list were changed; if the sources are as you "
           "want them, --write-answers makes the list anew";
  }
  return made->verdict == Verdict::one_road_only ? "one road alone makes these bytes"
                                                 : "the step that made it went wrong";
}

/// The seed that a program made from this source must be the same as; null: none.
const SeedDescription* seed_made_from(const ChainDescription& chain, const std::string& source,
                                      bool is_described) {
  const Role role = role_of({source});
  const auto found = std::ranges::find_if(chain.seeds, [&](const SeedDescription& seed) {
    if (is_described) return std::ranges::find(seed.sources, source) != seed.sources.end();
    return role == Role::kaem_minimal ? seed.interprets : role == Role::hex0 && !seed.interprets;
  });
  return found == chain.seeds.end() ? nullptr : &*found;
}

/// Whether the chain ended at a step other than the check of this list.
bool stopped_before(const ChainResult& result, const std::string& list) {
  return std::any_of(result.steps.begin(), result.steps.end(), [&](const StepResult& step) {
    if (step.verdict != Verdict::differ && step.verdict != Verdict::failed) return false;
    const std::vector<std::string>& inputs = result.chain.commands[step.command].inputs;
    return std::find(inputs.begin(), inputs.end(), list) == inputs.end();
  });
}

}  // namespace

AnswerLine next_answer(std::string_view& list) {
  const std::string_view row = list.substr(0, list.find('\n'));
  list.remove_prefix(std::min(list.size(), row.size() + 1));
  if (row.size() < kSha256Digits + 3 || !is_sha256(row.substr(0, kSha256Digits)) ||
      row.substr(kSha256Digits, 2) != "  ")
    return {};
  return {row.substr(0, kSha256Digits), row.substr(kSha256Digits + 2)};
}

MadeFiles made_files(const ChainResult& result) {
  MadeFiles made;
  for (const StepResult& step : result.steps) {
    for (const FileDigest& file : step.outputs) made[file.path] = {file.sha256, step.verdict};
  }
  return made;
}

Answers check_answers(const Tree& tree, const Architecture& arch, const FileTree& files,
                      const ChainResult* result, std::vector<Finding>& findings) {
  const std::string list = answers_path(arch);
  const Result<std::shared_ptr<const Bytes>> bytes = tree.files->read(list);
  if (!bytes) return {};
  const bool stopped = result != nullptr && stopped_before(*result, list);
  const MadeFiles made_by = result != nullptr ? made_files(*result) : MadeFiles{};
  const ChainDescription chain = tree.chain_of(arch);
  const std::vector<std::string>& left_out = chain.not_reproducible;
  const auto is_left_out = [&](std::string_view path) {
    return std::ranges::find(left_out, path) != left_out.end();
  };
  Answers answers;
  std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> seen;
  std::string_view rest = as_text(**bytes);
  for (std::uint64_t line = 1; !rest.empty(); ++line) {
    const auto report = [&](std::string_view id, std::string message, std::string help) {
      findings.push_back(
          {std::string(id), Severity::error, list, line, 1, std::move(message), std::move(help)});
    };
    const AnswerLine answer = next_answer(rest);
    const auto [first, is_new] = seen.try_emplace({answer.digest, answer.path}, line);
    if (!is_new && !answer.digest.empty()) {
      findings.push_back(
          {"answers-repeated", Severity::warning, list, line, 1,
           fmt::format("line {} says the same of '{}': counted once", first->second, answer.path),
           "does the list lack another program, in whose place this line stands?"});
      continue;
    }
    ++answers.total;
    if (answer.digest.empty()) {
      report("answers-malformed", "not a line of 64 lower-case digits, two blanks and a name",
             "the tree's own sha256sum refuses this list");
      continue;
    }
    const auto found = made_by.find(answer.path);
    const MadeFile* const maker = found == made_by.end() ? nullptr : &found->second;
    const Result<std::shared_ptr<const Bytes>> made = files.read(answer.path);
    if (!made) {
      if (!stopped) report("answers-file-missing", fmt::format("'{}' was not made", answer.path), "");
      continue;
    }
    const std::string digest = sha256(**made);
    if (digest == answer.digest || is_left_out(answer.path)) {
      ++answers.ok;
    } else if (!stopped || (maker != nullptr && maker->verdict == Verdict::equal)) {
      report("answers-mismatch",
             fmt::format("'{}' should have the digest {} and has {}", answer.path, answer.digest, digest),
             result != nullptr ? help_for(maker, chain, answer)
                               : "the sources differ from those the list was made for, or a step went wrong");
    }
  }
  return answers;
}

void check_seeds(const Tree& tree, const Architecture& arch, const Chain& chain, const FileTree& files,
                 std::vector<Finding>& findings) {
  const ChainDescription described = tree.chain_of(arch);
  for (const Command& command : chain.commands) {
    if (command.role != Role::hex0 || command.inputs.size() != 1 || command.outputs.size() != 1) continue;
    const SeedDescription* const stands_for =
        seed_made_from(described, command.inputs.front(), tree.described != nullptr);
    if (stands_for == nullptr) continue;
    const std::string& seed = stands_for->file;
    const auto expected = tree.files->read(seed);
    const auto made = files.read(command.outputs.front());
    if (!expected || !made || **expected == **made) continue;
    // Where the source beside the seed says what the seed is, this one is of another age.
    const std::string& source = command.inputs.front();
    const std::vector<std::string>& sources = stands_for->sources;
    const bool neighbour = !sources.empty() && sources.front() != source;
    findings.push_back({"seed-not-reproduced", neighbour ? Severity::note : Severity::error, command.script,
                        command.line, 1,
                        fmt::format("'{}', made from '{}', differs from the seed '{}'",
                                    command.outputs.front(), source, seed),
                        neighbour ? fmt::format("the seed was assembled from '{}'", sources.front())
                                  : "either the seed or its source was changed"});
  }
}

void check_equal_files(const Tree& tree, const Architecture& arch, const FileTree& files,
                       std::vector<Finding>& findings) {
  for (const std::vector<std::string>& equal : tree.chain_of(arch).equal) {
    const auto first = files.read(equal.front());
    for (const std::string& path : equal) {
      const auto bytes = files.read(path);
      if (!bytes) {
        findings.push_back({"fixed-point-missing", Severity::error, path, 0, 0,
                            fmt::format("nothing made '{}', which the description compares", path), ""});
      } else if (first && **bytes != **first) {
        findings.push_back(
            {"fixed-point-differs", Severity::error, path, 0, 0,
             fmt::format("'{}' and '{}' are not the same, and the description says that they must be", path,
                         equal.front()),
             "a program that was built in another way does something else"});
      }
    }
  }
}

}  // namespace assay::bootstrap
