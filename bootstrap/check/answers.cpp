// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/answers.h"

#include <fmt/format.h>
#include <algorithm>

#include "core/digest.h"

namespace assay::bootstrap {
namespace {

constexpr std::size_t kDigits = 64;

bool is_digest(std::string_view text) {
  return text.size() == kDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

Answers check_answers(const Tree& tree, const Architecture& arch, const FileTree& files,
                      std::vector<Finding>& findings) {
  const std::string list = answers_path(arch);
  const Result<std::shared_ptr<const Bytes>> bytes = tree.files->read(list);
  if (!bytes) return {};
  Answers answers;
  std::string_view rest = as_text(**bytes);
  for (std::uint64_t line = 1; !rest.empty(); ++line) {
    const std::string_view row = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), row.size() + 1));
    const auto report = [&](std::string_view id, std::string message, std::string help) {
      findings.push_back(
          {std::string(id), Severity::error, list, line, 1, std::move(message), std::move(help)});
    };
    ++answers.total;
    if (row.size() < kDigits + 3 || !is_digest(row.substr(0, kDigits)) || row.substr(kDigits, 2) != "  ") {
      report("answers-malformed", "not a line of 64 lower-case digits, two blanks and a name",
             "the tree's own sha256sum refuses this list");
      continue;
    }
    const std::string_view path = row.substr(kDigits + 2);
    const Result<std::shared_ptr<const Bytes>> made = files.read(path);
    if (!made) {
      report("answers-file-missing", fmt::format("'{}' was not made", path), "");
    } else if (const std::string digest = sha256(**made); digest != row.substr(0, kDigits)) {
      report("answers-mismatch", fmt::format("'{}' has the digest {}", path, digest),
             "the sources differ from those the list was made for, or a step went wrong");
    } else {
      ++answers.ok;
    }
  }
  return answers;
}

void check_seeds(const Tree& tree, const Architecture& arch, const Chain& chain, const FileTree& files,
                 std::vector<Finding>& findings) {
  for (const Command& command : chain.commands) {
    if (command.role != Role::hex0 || command.inputs.size() != 1 || command.outputs.size() != 1) continue;
    const Role built = role_of({command.inputs.front()});
    if (built != Role::hex0 && built != Role::kaem_minimal) continue;
    const std::string seed =
        built == Role::hex0 ? hex0_seed_path(arch, tree.layout()) : kaem_seed_path(arch, tree.layout());
    const auto expected = tree.files->read(seed);
    const auto made = files.read(command.outputs.front());
    if (!expected || !made || **expected == **made) continue;
    // Where the source beside the seed says what the seed is, this one is of another age.
    const std::string& source = command.inputs.front();
    const std::vector<std::string> sources = seed_source_paths(*tree.files, arch, tree.layout(), seed);
    const bool neighbour = !sources.empty() && sources.front() != source;
    findings.push_back({"seed-not-reproduced", neighbour ? Severity::note : Severity::error, command.script,
                        command.line, 1,
                        fmt::format("'{}', made from '{}', differs from the seed '{}'",
                                    command.outputs.front(), source, seed),
                        neighbour ? fmt::format("the seed was assembled from '{}'", sources.front())
                                  : "either the seed or its source was changed"});
  }
}

}  // namespace assay::bootstrap
