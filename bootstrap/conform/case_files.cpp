// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/case_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "command/host_files.h"

namespace assay::conform {

Result<std::vector<Case>> read_cases(const ToolRow& tool, const std::string& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".case" && entry.path().stem().string().starts_with(tool.prefix))
      paths.push_back(entry.path());
  }
  if (error) return fail("file-not-found", fmt::format("cannot read the directory '{}'", directory));
  if (paths.empty())
    return fail("file-not-found", fmt::format("no case of {} in '{}'", tool.name, directory));
  std::sort(paths.begin(), paths.end());
  std::vector<Case> cases;
  for (const std::filesystem::path& path : paths) {
    const Result<Bytes> text = read_host_file(path.string());
    if (!text) return tl::unexpected<Error>(text.error());
    Result<Case> one = parse_case(path.stem().string(), as_text(*text), usual_arguments(tool));
    if (!one) return fail("bad-case", fmt::format("{}: {}", path.string(), one.error().message));
    cases.push_back(*std::move(one));
  }
  return cases;
}

}  // namespace assay::conform
