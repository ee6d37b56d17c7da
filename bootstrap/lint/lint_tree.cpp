// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/lint/lint_tree.h"

#include <algorithm>
#include <array>
#include <set>

#include "bootstrap/lint/c_text.h"
#include "bootstrap/lint/twins.h"
#include "bootstrap/lint/words.h"
#include "core/digest.h"

namespace assay::bootstrap::lint {

namespace {

constexpr std::array<std::string_view, 6> kEndings{".M1", ".c", ".h", ".hex0", ".hex1", ".hex2"};
constexpr std::array<std::string_view, 3> kHexEndings{".hex0", ".hex1", ".hex2"};

bool is_text(std::string_view name) {
  return std::ranges::any_of(kEndings, [name](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

std::string_view known_architecture(std::string_view name) { return architecture_of_path(name); }

std::string_view Linter::architecture_of(std::string_view name) const {
  return architecture_.empty() ? architecture_of_path(name) : architecture_;
}

std::string Linter::key_of(const std::string& name, ByteView bytes) const {
  const std::size_t dot = name.rfind('.');
  return std::string(architecture_of(name)) + (dot == std::string::npos ? "" : name.substr(dot)) +
         sha256(bytes);
}

void Linter::add_file(std::string name, std::shared_ptr<const Bytes> bytes) {
  files_.emplace(std::move(name), std::move(bytes));
}

void Linter::add_tree(const FileTree& tree, const std::string& root) {
  add_directory(tree, "", root.ends_with('/') ? root : root + '/');
}

void Linter::add_directory(const FileTree& tree, const std::string& path, const std::string& root) {
  const auto names = tree.list(path);
  if (!names) return;
  for (const std::string& name : *names) {
    const std::string inside = path.empty() ? name : path + '/' + name;
    const auto info = tree.info(inside);
    if (!info) continue;
    if (info->kind == NodeKind::directory && name != ".git") add_directory(tree, inside, root);
    if (info->kind != NodeKind::file || !is_text(name)) continue;
    if (auto bytes = tree.read(inside)) add_file(root + inside, *bytes);
  }
}

void Linter::finish() {
  std::map<std::string, std::vector<std::string>> same;  // content to names
  std::set<std::string, std::less<>> ones;
  for (const auto& [name, bytes] : files_) {
    if (name.ends_with(".c") || name.ends_with(".h")) collect_ones(*bytes, ones);
  }
  for (const auto& [name, bytes] : files_) same[key_of(name, *bytes)].push_back(name);
  for (const auto& [name, bytes] : files_) {
    const std::vector<std::string>& names = same[key_of(name, *bytes)];
    if (names.front() != name || name.ends_with(".h")) continue;
    DiagnosticList alarms;
    if (name.ends_with(".c")) {
      ++counts_.files;
      lint_c_text({name, *bytes}, ones, counts_, alarms);
    } else {
      lint_text({name, *bytes}, architecture_of(name), counts_, alarms);
    }
    check_twins(name, alarms.all);
    if (!alarms.all.empty())
      found_.push_back({name, bytes, std::move(alarms.all), {names.begin() + 1, names.end()}});
  }
}

/// DIRECTORY/Development/NAME.M1 says what DIRECTORY/NAME.hex0 (hex1, hex2) is made by.
void Linter::check_twins(const std::string& name, std::vector<Diagnostic>& alarms) {
  constexpr std::string_view kFolder = "/Development/";
  const auto folder = name.rfind(kFolder);
  if (folder == std::string::npos) return;
  const std::string stem = name.substr(folder + kFolder.size(), name.rfind('.') - folder - kFolder.size());
  for (const std::string_view ending : kHexEndings) {
    const std::string used_name = name.substr(0, folder + 1) + stem + std::string(ending);
    const auto used = files_.find(used_name);
    if (used == files_.end()) continue;
    // words that a text does not define itself stand in the file of its architecture
    Source definitions{"", {}};
    for (const auto& [other, bytes] : files_) {
      if (other.ends_with("_defs.M1") && other.substr(0, other.rfind('/')) == name.substr(0, folder))
        definitions = {other, *bytes};
    }
    const std::optional<TwinResult> result = compare_twins(
        {name, *files_.at(name)}, {used_name, *used->second}, definitions, architecture_of(name));
    if (!result) continue;
    ++counts_.twins;
    if (!result->alarm) continue;
    ++counts_.alarms;
    alarms.push_back(*result->alarm);
  }
}

}  // namespace assay::bootstrap::lint
