// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/dot.h"

#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "bootstrap/report/bad_step.h"

namespace assay::bootstrap {
namespace {

using nlohmann::json;

/// A quoted string of the language; dot takes "\n" in it for a line's end.
std::string in_quotes(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  return result + '"';
}

std::string_view colour_of(const std::string& verdict) {
  if (verdict == "equal") return "palegreen";
  if (verdict == "one-road-only") return "khaki";
  return verdict == "not-run" ? "lightgrey" : "tomato";
}

class ChainGraph {
 public:
  ChainGraph(const json& chain, std::size_t number, std::string& text)
      : chain_(chain), prefix_(fmt::format("c{}_", number)), text_(text) {}

  void write() {
    const std::string arch = chain_.at("arch");
    text_ += fmt::format("  subgraph {} {{\n    label={};\n", in_quotes("cluster_" + prefix_ + arch),
                         in_quotes(arch + ": " + chain_.at("verdict").get<std::string>()));
    for (const json& source : chain_.at("sources"))
      if (source.at("kind") == "seed") add_seed(source.at("path"));
    for (const json& step : chain_.at("steps")) add_step(step);
    text_ += "  }\n";
  }

 private:
  void add_seed(const std::string& path) {
    makers_[path] = in_quotes(prefix_ + "seed_" + path);
    text_ += fmt::format("    {} [label={}, shape=box, style=filled, fillcolor=lightblue];\n", makers_[path],
                         in_quotes(path));
  }

  void add_step(const json& step) {
    const std::size_t index = step.at("index");
    const std::string node = fmt::format("{}s{}", prefix_, index);
    std::string label = fmt::format("{} {}", index + 1, step.at("role").get<std::string>());
    for (const json& output : step.at("outputs")) label += ": " + output.at("path").get<std::string>();
    text_ += fmt::format("    {} [label={}, tooltip={}, style=filled, fillcolor={}];\n", node,
                         in_quotes(label), in_quotes(command_line_of(step)), colour_of(step.at("verdict")));
    std::set<std::string> drawn;
    const auto draw = [&](const std::string& path, std::string_view style) {
      const auto maker = makers_.find(path);
      if (maker != makers_.end() && drawn.insert(maker->second).second)
        text_ += fmt::format("    {} -> {} [style={}];\n", maker->second, node, style);
    };
    draw(step.at("program"), "dashed");
    for (const json& input : step.at("inputs")) draw(input.at("path"), "solid");
    for (const json& output : step.at("outputs")) makers_[output.at("path")] = node;
  }

  const json& chain_;
  std::string prefix_;
  std::string& text_;
  std::map<std::string, std::string> makers_;  ///< nodes, by path
};

}  // namespace

std::string dot_of(const json& report) {
  std::string text = fmt::format(
      "digraph assay {{\n  label={};\n  rankdir=LR;\n  node [fontname=\"monospace\", fontsize=10];\n",
      in_quotes(report.at("verdict").get<std::string>() + ": " +
                report.at("tree").at("path").get<std::string>()));
  std::size_t number = 0;
  for (const json& chain : report.at("chains")) ChainGraph(chain, number++, text).write();
  return text + "}\n";
}

}  // namespace assay::bootstrap
