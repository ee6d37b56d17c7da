// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/tools.h"

#include <algorithm>
#include <map>

#include "M1/m0_dialects.h"
#include "bootstrap/conform/case_names.h"
#include "bootstrap/conform/case_texts.h"
#include "command/mescc_dialects.h"
#include "hex0/dialects.h"
#include "hex1/dialects.h"
#include "hex2/dialects.h"
#include "kaem/minimal.h"
#include "linker/catm_dialects.h"

namespace assay::conform {
namespace {

template <class Rows>
std::vector<std::string_view> names_in(const Rows& rows) {
  std::vector<std::string_view> names;
  for (const auto& row : rows) {
    // Programs of Linux: the cases say what becomes of files and statuses. To Onramp '@' says something.
    constexpr std::string_view kElsewhere[] = {"knight", "UEFI-amd64", "hex0.c", "hex0.sh", "onramp"};
    const bool elsewhere =
        std::find(std::begin(kElsewhere), std::end(kElsewhere), row.name) != std::end(kElsewhere);
    if (!elsewhere && !row.name.starts_with("bh0-")) names.push_back(row.name);
  }
  return names;
}

/// The name of a case whose file this is; nothing if it is another tool's.
std::optional<std::string_view> case_name(const ToolRow& tool, std::string_view path) {
  constexpr std::string_view kFolder = "/conformance/";
  constexpr std::string_view kSuffix = ".case";
  if (!path.starts_with(tool.room) || !path.substr(tool.room.size()).starts_with(kFolder))
    return std::nullopt;
  const std::string_view name = path.substr(tool.room.size() + kFolder.size());
  if (!name.starts_with(tool.prefix)) return std::nullopt;
  return name.substr(0, name.size() - kSuffix.size());
}

}  // namespace

const ToolRow* find_tool(std::string_view name) {
  const auto row =
      std::find_if(kTools.begin(), kTools.end(), [name](const ToolRow& one) { return one.name == name; });
  return row == kTools.end() ? nullptr : &*row;
}

std::vector<std::string> tool_names() {
  std::vector<std::string> names;
  for (const ToolRow& row : kTools) names.emplace_back(row.name);
  return names;
}

std::vector<std::string> usual_arguments(const ToolRow& tool) {
  std::vector<std::string> words;
  for (std::string_view text = tool.usual; !text.empty();) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::vector<std::string_view> dialects_of(Tool tool) {
  switch (tool) {
    case Tool::hex0: return names_in(hex0::kDialects);
    case Tool::hex1: return names_in(hex1::kDialects);
    case Tool::hex2_0: return names_in(hex2::kDialects);
    case Tool::catm: return names_in(catm::kDialects);
    case Tool::m0: return names_in(m0::kDialects);
    case Tool::kaem_minimal: {
      std::vector<std::string_view> names;
      // UEFI's was read and never run: there is nothing to hold its cases against.
      for (const kaem::MinimalDialect& row : kaem::minimal_dialects())
        if (!row.keeps_backslash) names.push_back(row.arch);
      return names;
    }
    default: return names_in(kMesccDialects);
  }
}

const std::vector<Case>& cases_of(const ToolRow& tool) {
  static const std::map<std::string_view, std::vector<Case>> all = [] {
    std::map<std::string_view, std::vector<Case>> lists;
    for (const ToolRow& row : kTools) {
      std::vector<Case>& list = lists[row.name];
      for (std::size_t i = 0; i < kCasePaths.size(); ++i) {
        const std::optional<std::string_view> name = case_name(row, kCasePaths.at(i));
        if (!name) continue;
        // Those that are part of the program can be read: a test sees to it.
        if (Result<Case> one = parse_case(std::string(*name), case_texts()[i], usual_arguments(row)))
          list.push_back(*std::move(one));
      }
      std::sort(list.begin(), list.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
    }
    return lists;
  }();
  return all.at(tool.name);
}

std::string_view text_of(const ToolRow& tool, std::string_view name) {
  for (std::size_t i = 0; i < kCasePaths.size(); ++i) {
    if (case_name(tool, kCasePaths.at(i)) == name) return case_texts()[i];
  }
  return {};
}

}  // namespace assay::conform
