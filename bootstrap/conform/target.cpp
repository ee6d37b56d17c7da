// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/target.h"

namespace assay::conform {
namespace {

constexpr std::string_view kNoPrograms = "nothing";  // a directory

}  // namespace

bool Observed::same_effect(const Observed& other) const {
  return end == other.end && (end != End::exits || status == other.status) &&
         standard_output == other.standard_output && standard_error == other.standard_error &&
         files == other.files && others == other.others;
}

Result<std::vector<Observed>> Target::run_all(const ToolRow& tool, const std::vector<Bytes>& inputs) const {
  std::vector<Observed> all;
  all.reserve(inputs.size());
  for (const Bytes& input : inputs) {
    Result<Observed> one = run(usual_situation(tool, input));
    if (!one) return tl::unexpected<Error>(one.error());
    all.push_back(*std::move(one));
  }
  return all;
}

Situation usual_situation(const ToolRow& tool, Bytes input) {
  Situation situation;
  situation.arguments = usual_arguments(tool);
  situation.given.push_back({.name = std::string(kInput), .bytes = std::move(input)});
  if (tool.tool == Tool::kaem_minimal || tool.tool == Tool::kaem) {  // something to start
    situation.given.push_back({.what = Given::What::program, .name = "o", .mode = 0755, .does = Does::words});
    // Words without a slash are looked for where nothing is, and not on the host.
    situation.given.push_back(
        {.what = Given::What::directory, .name = std::string(kNoPrograms), .mode = 0755});
    situation.environment.push_back("PATH=" + std::string(kNoPrograms));
    situation.given.push_back(
        {.what = Given::What::program, .name = "w", .mode = 0755, .does = Does::fails, .status = 1});
  }
  return situation;
}

}  // namespace assay::conform
