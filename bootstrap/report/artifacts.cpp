// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/artifacts.h"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "bootstrap/check/answers.h"
#include "bootstrap/finding/finding_json.h"
#include "core/digest.h"

namespace assay::bootstrap {
namespace {

using nlohmann::json;

constexpr std::size_t kMostNameBytes = 200;  // of a part of a path; hosts take 255

/// A path of a tree as one of a host: what may trouble a terminal, a shell or another system is written %XX.
std::string host_path(std::string_view path) {
  std::string text;
  std::size_t part = 0;
  for (const char c : path) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       std::string_view("/._-+,=@~ ").find(c) != std::string_view::npos;
    part = c == '/' ? 0 : part + 1;
    if (part > kMostNameBytes) continue;
    text += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

class Collection {
 public:
  Collection(const json& report, std::span<const ReportedChain> chains, const FilesByDigest& files)
      : report_(report), chains_(chains), files_(files) {}

  std::vector<Artifact> collect() {
    for (std::size_t index = 0; index < chains_.size(); ++index) {
      chain_ = &chains_[index];
      json_ = &report_.at("chains").at(index);
      arch_ = std::string(chain_->result->chain.architecture->name);
      // The trees of an image may be for one architecture.
      folder_ = folders_.insert(arch_).second ? arch_ : fmt::format("{}-{}", arch_, index + 1);
      add_steps();
      add_wrong_answers();
      add_cited();
    }
    return std::move(artifacts_);
  }

 private:
  void add(const std::string& folder, std::string_view what, std::optional<std::size_t> step,
           const std::string& path, std::shared_ptr<const Bytes> bytes) {
    if (bytes == nullptr) return;
    const std::string under = path.empty() ? "" : "/" + host_path(path);
    const std::string of_step = step ? fmt::format("step-{:04}/", *step + 1) : "";
    std::string name = fmt::format("{}/{}{}{}", folder_, of_step, folder, under);
    if (names_.insert(name).second)
      artifacts_.push_back({std::move(name), what, arch_, step, path, std::move(bytes)});
  }

  void add_steps() {
    const json cause = json_->value("cause", json());
    for (std::size_t index = 0; index < chain_->result->steps.size(); ++index) {
      const StepResult& step = chain_->result->steps[index];
      const bool is_first = cause.is_object() && cause.at("step") == index;
      const bool is_bad = step.verdict == Verdict::differ || step.verdict == Verdict::failed;
      if (is_bad || is_first || !step.failure.empty()) add_step(index, step);
    }
  }

  void add_step(std::size_t index, const StepResult& step) {
    for (const RoadFile& file : step.seed_files) add("seed-road", "seed-road", index, file.path, file.bytes);
    for (const RoadFile& file : step.reference_files)
      add("reference-road", "reference-road", index, file.path, file.bytes);
    for (const FileDigest& file : step.inputs)
      if (const auto found = files_.find(file.sha256); found != files_.end())
        add("input", "input", index, file.path, found->second);
    const auto printed = [&](std::string_view what, const std::string& text) {
      if (!text.empty())
        add(std::string(what), what, index, "", std::make_shared<const Bytes>(to_bytes(text)));
    };
    printed("standard-output", step.standard_output);
    printed("standard-error", step.standard_error);
  }

  /// What the chain made last at a path; else what lies there in the tree.
  [[nodiscard]] std::shared_ptr<const Bytes> last_of(const std::string& path) const {
    const std::vector<StepResult>& steps = chain_->result->steps;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
      for (const auto* files : {&step->seed_files, &step->reference_files})
        for (const RoadFile& file : *files)
          if (file.path == path) return file.bytes;
    }
    const auto bytes = chain_->tree.files->read(path);
    return bytes ? *bytes : nullptr;
  }

  void add_wrong_answers() {
    const auto list = chain_->tree.files->read(answers_path(*chain_->result->chain.architecture));
    if (!list || chain_->result->answers.ok == chain_->result->answers.total) return;
    const MadeFiles made = made_files(*chain_->result);
    for (std::string_view rest = as_text(**list); !rest.empty();) {
      const AnswerLine answer = next_answer(rest);
      const auto found = made.find(answer.path);
      if (found != made.end() && found->second.sha256 != answer.digest)
        add("cited", "cited", std::nullopt, std::string(answer.path), last_of(std::string(answer.path)));
    }
  }

  void add_cited_file(const json& name) {
    if (const std::string path = name.get<std::string>(); !path.empty())
      add("cited", "cited", std::nullopt, path, last_of(path));
  }

  void add_cited() {
    for (const json& finding : report_.at("findings"))
      if (finding.at("arch") == arch_) add_cited_file(finding.at("file"));
    if (const json cause = json_->value("cause", json()); cause.is_object())
      for (const json& path : cause.at("changed")) add_cited_file(path);
    for (const json& step : json_->at("steps")) {
      for (const char* part : {"divergence", "failure"}) {
        if (!step.contains(part)) continue;
        add_cited_file(step.at("script"));
        if (step.at(part).at("source").is_object()) add_cited_file(step.at(part).at("source").at("file"));
      }
    }
  }

  const json& report_;
  std::span<const ReportedChain> chains_;
  const FilesByDigest& files_;
  const ReportedChain* chain_ = nullptr;
  const json* json_ = nullptr;
  std::string arch_;
  std::string folder_;
  std::set<std::string> folders_;
  std::set<std::string> names_;
  std::vector<Artifact> artifacts_;
};

}  // namespace

std::vector<Artifact> artifacts_of(const json& report, std::span<const ReportedChain> chains,
                                   const FilesByDigest& files) {
  return Collection(report, chains, files).collect();
}

json artifacts_json(const std::vector<Artifact>& artifacts) {
  json list = json::array();
  for (const Artifact& artifact : artifacts) {
    json entry{{"name", artifact.name},
               {"what", artifact.what},
               {"arch", artifact.arch},
               {"sha256", sha256(*artifact.bytes)},
               {"size", artifact.bytes->size()}};
    if (artifact.step) entry["step"] = *artifact.step;
    if (!artifact.path.empty()) entry["path"] = utf8(artifact.path);
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace assay::bootstrap
