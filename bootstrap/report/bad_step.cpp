// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/bad_step.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace assay::bootstrap {
namespace {

using nlohmann::json;

std::string byte_text(const json& byte) {
  return byte.is_null() ? "nothing" : fmt::format("{:02x}", byte.get<unsigned>());
}

std::string divergence_message(const json& divergence) {
  const std::string path = divergence.at("path");
  if (divergence.contains("seed_mode"))
    return fmt::format("the mode of {} is {} on the seed road and {} on the reference road", path,
                       divergence.at("seed_mode").get<std::string>(), divergence.value("reference_mode", ""));
  if (divergence.contains("seed_state"))
    return fmt::format("at {} the seed road leaves {}, the reference road {}", path,
                       divergence.at("seed_state").get<std::string>(),
                       divergence.value("reference_state", ""));
  return fmt::format("at offset 0x{:x} of {} the seed road has {}, the reference road {}",
                     divergence.at("offset").get<std::uint64_t>(), path, byte_text(divergence.at("seed")),
                     byte_text(divergence.at("reference")));
}

}  // namespace

std::string bad_step_id(const json& step) {
  const std::string verdict = step.at("verdict");
  return verdict == "differ" ? "step-differs" : verdict == "failed" ? "step-fails" : "";
}

std::string command_line_of(const json& step) {
  std::string text;
  for (const json& word : step.at("argv")) text += (text.empty() ? "" : " ") + word.get<std::string>();
  return text;
}

std::string bad_step_message(const json& chain, const json& step) {
  const bool failed = step.contains("failure");
  std::string text =
      fmt::format("step {} of {} {}: '{}'", step.at("index").get<std::size_t>() + 1, chain.at("steps").size(),
                  step.at("verdict") == "differ" ? "differs" : "fails", command_line_of(step));
  if (failed) text += " " + step.at("failure").at("message").get<std::string>();
  if (step.contains("divergence")) text += "; " + divergence_message(step.at("divergence"));
  return text;
}

json bad_step_source(const json& step) {
  for (const char* part : {"divergence", "failure"})
    if (step.contains(part) && step.at(part).at("source").is_object()) return step.at(part).at("source");
  return nullptr;
}

}  // namespace assay::bootstrap
