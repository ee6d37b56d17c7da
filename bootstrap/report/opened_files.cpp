// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/opened_files.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace assay::bootstrap {
namespace {

using nlohmann::json;

class OpenedFiles {
 public:
  explicit OpenedFiles(audit::RunFiles& run) : run_(run) {}

  void add(const json& chain) {
    arch_ = chain.at("arch");
    now_.clear();
    for (const json& file : chain.at("sources")) now_[file.at("path")] = file.at("sha256");
    run_.sources.insert(now_.begin(), now_.end());
    for (const json& step : chain.at("steps")) add_step(step);
    // What interpreters read, which are no steps.
    for (const json& file : chain.at("sources")) run_.opened.try_emplace(file.at("sha256"), arch_);
    if (chain.at("verdict") != "pass") doubt("its chain does not pass");
    if (chain.at("steps").empty()) doubt("no step of it ran");
  }

 private:
  void add_step(const json& step) {
    const std::string script = step.at("script");
    const std::string place =
        script.empty() ? arch_ : fmt::format("{} {}:{}", arch_, script, step.at("line").get<std::uint64_t>());
    for (const json& file : step.at("inputs")) run_.opened.try_emplace(file.at("sha256"), place);
    for (const std::string& path : {step.at("program").get<std::string>(), script}) {
      if (const auto found = now_.find(path); found != now_.end())
        run_.opened.try_emplace(found->second, place);
    }
    for (const json& file : step.at("outputs")) now_[file.at("path")] = file.at("sha256");
    // The reference road knows what a command line names, and not what the program opens.
    if (step.at("instructions") == 0) doubt("the seed road did not run all its steps");
  }

  void doubt(std::string_view why) {
    if (run_.unproved.empty()) run_.unproved = fmt::format("{}: {}", arch_, why);
  }

  audit::RunFiles& run_;
  std::string arch_;
  std::map<std::string, std::string, std::less<>> now_;  // SHA-256 by path
};

bool is_live_bootstrap(const json& report) {
  if (report.at("tree").at("kind").get<std::string>().starts_with("live-bootstrap")) return true;
  const json trees = report.value("image", json::object()).value("trees", json::array());
  return std::ranges::any_of(trees, [](const json& tree) { return tree.value("live_bootstrap", false); });
}

}  // namespace

Result<audit::RunFiles> opened_files(const json& report) {
  audit::RunFiles run;
  try {
    // Its scripts end with the answers where no other end was asked for.
    run.to_the_end = !is_live_bootstrap(report);
    for (const json& chain : report.at("chains")) {
      OpenedFiles(run).add(chain);
      const std::string until = chain.value("until", std::string());
      run.to_the_end = run.to_the_end && until.empty();
      if (until.find('/') != std::string::npos && run.unproved.empty())
        run.unproved = fmt::format("'{}' is within a step", until);
      run.scope += fmt::format("{}{}{}{}", run.scope.empty() ? "" : ", ", chain.at("arch").get<std::string>(),
                               until.empty() ? "" : " up to ", until);
    }
  } catch (const json::exception&) {
    return fail("audit-run", "the run is no report of assay preflight --json");
  }
  if (run.scope.empty()) return fail("audit-run", "the report of the run has no chain");
  return run;
}

}  // namespace assay::bootstrap
