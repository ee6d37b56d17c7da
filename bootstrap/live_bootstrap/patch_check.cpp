// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patches, and what bash steps read from their own directory.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "bootstrap/image/lazy_tree.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "bootstrap/live_bootstrap/patch_file.h"
#include "core/paths.h"

namespace assay::image {
namespace {

/// Calls `see(line, number)` for every line without its line feed.
template <typename See>
void each_line(std::string_view text, See see) {
  for (std::uint64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    see(text.substr(0, end), number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// Whether a name is absolute, or climbs out of the directory that the source directory stands in: steps
/// patch neighbours of their sources.
bool leaves(std::string_view name) {
  std::int64_t depth = 1;
  for (const std::string_view part : path_parts(name)) {
    if (part == "..") --depth;
    if (depth < 0) return true;
    if (!part.empty() && part != "." && part != "..") ++depth;
  }
  return name.starts_with('/');
}

/// Whether one of the paths ends in this name.
bool is_member(const std::vector<std::string>& members, std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  const std::string target = "/" + std::string(name);
  return std::any_of(members.begin(), members.end(),
                     [&](const std::string& member) { return member.ends_with(target) || member == name; });
}

/// patch takes the old or the new name, whichever there is: it can do with one good one.
void check_names_of(const PatchedFile& patched, const std::string& file, std::optional<unsigned> strip,
                    const std::vector<std::string>& members, Findings& findings) {
  std::vector<std::string_view> names;
  std::vector<std::string_view> leaving;
  std::string_view too_short;
  for (const std::string_view name : {patched.new_name, patched.old_name}) {
    if (name.empty()) continue;
    const std::string_view left = strip_name(name, strip.value_or(0));
    if (left.empty()) {
      too_short = name;
    } else {
      (leaves(left) ? leaving : names).push_back(left);
    }
  }
  if (!names.empty()) {
    const bool there = std::any_of(names.begin(), names.end(),
                                   [&](std::string_view name) { return is_member(members, name); });
    if (strip && !members.empty() && !there && !patched.creates())
      findings.add("lb-patch-target", file, patched.line,
                   fmt::format("no archive of the step has '{}'", names.front()));
  } else if (!leaving.empty()) {
    findings.add("lb-patch-path", file, patched.line,
                 fmt::format("'{}' leaves the source directory", leaving.front()));
  } else if (!too_short.empty()) {
    findings.add("lb-patch-strip", file, patched.line,
                 fmt::format("-p{} leaves nothing of '{}'", strip.value_or(0), too_short));
  }
}

std::vector<std::string> list_or_nothing(const FileTree& tree, const std::string& directory) {
  auto names = tree.list(directory);
  return names ? std::move(*names) : std::vector<std::string>();
}

/// The variables of helpers.sh for the directories beside a pass.
struct StepDirectory {
  std::string_view variable;
  std::string_view directory;
};

/// "${files_dir}/name" in a line of a bash step: the directory, and the name as far as it is plain.
void check_names(const FileTree& tree, const std::string& folder, const std::string& script,
                 const std::string& patches, std::string_view line, std::uint64_t number,
                 Findings& findings) {
  const std::array<StepDirectory, 4> directories{
      {{"${patch_dir}", patches}, {"${files_dir}", "files"}, {"${mk_dir}", "mk"}, {"${base_dir}", ""}}};
  for (const StepDirectory& row : directories) {
    for (std::size_t at = line.find(row.variable); at != std::string_view::npos;
         at = line.find(row.variable, at + 1)) {
      std::string_view rest = line.substr(at + row.variable.size());
      if (rest.starts_with('"')) rest.remove_prefix(1);
      if (!rest.starts_with('/')) continue;
      rest.remove_prefix(1);
      constexpr std::string_view kPlain =
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-/@";
      const std::size_t end = std::min(rest.find_first_not_of(kPlain), rest.size());
      // A pattern or a variable goes on here.
      if (end == 0 ||
          (end < rest.size() && std::string_view("*?[$").find(rest[end]) != std::string_view::npos))
        continue;
      const std::string path = join_path(join_path(folder, row.directory), rest.substr(0, end));
      if (!tree.info(path.ends_with('/') ? path.substr(0, path.size() - 1) : path))
        findings.add("lb-input-missing", script, number, fmt::format("there is no '{}'", path));
    }
  }
}

}  // namespace

void check_patch_file(std::string_view text, const std::string& file, std::optional<unsigned> strip,
                      const std::vector<std::string>& members, Findings& findings) {
  const Patch patch = parse_patch(text);
  for (const PatchFault& fault : patch.faults) findings.add("lb-patch-hunk", file, fault.line, fault.message);
  for (const PatchedFile& patched : patch.files) check_names_of(patched, file, strip, members, findings);
  if (patch.files.empty()) findings.add("lb-patch-empty", file, 0, "no hunk in it");
}

void check_bash_steps(const FileTree& tree, const std::vector<PlannedDirective>& plan, Findings& findings) {
  std::set<std::string, std::less<>> seen;
  for (const PlannedDirective& planned : plan) {
    if (planned.directive->kind != DirectiveKind::build || !planned.bash_era) continue;
    const std::string folder = "steps/" + planned.directive->argument;
    const std::string own = fmt::format("patches-pass{}", planned.pass);
    const std::string patches = tree.info(folder + "/" + own) ? own : "patches";
    if (seen.insert(folder + "/" + patches).second) {
      for (const std::string& name : list_or_nothing(tree, folder + "/" + patches)) {
        const std::string file = fmt::format("{}/{}/{}", folder, patches, name);
        const auto text = tree.read(file);
        if (text && name.ends_with(".patch"))
          check_patch_file(as_text(**text), file, std::nullopt, {}, findings);
      }
    }
    const std::string script = fmt::format("{}/pass{}.sh", folder, planned.pass);
    const auto text = tree.read(script);
    if (!text) continue;
    each_line(as_text(**text), [&](std::string_view line, std::uint64_t number) {
      const std::size_t first = line.find_first_not_of(" \t");
      if (first != std::string_view::npos && line[first] != '#')
        check_names(tree, folder, script, patches, line, number, findings);
    });
  }
}

}  // namespace assay::image
