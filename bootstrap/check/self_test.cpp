// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/self_test.h"

#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "bootstrap/check/answers.h"
#include "core/memory_tree.h"

namespace assay::bootstrap {
namespace {

/// One hexadecimal digit outside comments becomes another one, or one letter in a string of C: a change that
/// reaches the product. Nothing: the text has no place for it.
std::optional<std::size_t> place_to_change(std::string_view path, std::string_view text) {
  const bool is_c = path.ends_with(".c") || path.ends_with(".h");
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  std::vector<std::size_t> places;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (is_c) {
      // A word in a string that begins with a letter and is printed as it is.
      const std::size_t quote = line.find('"');
      const bool plain = !line.starts_with('#') && line.find("//") == std::string_view::npos &&
                         line.find("/*") == std::string_view::npos && !line.starts_with(" *");
      if (plain && quote != std::string_view::npos && quote + 2 < line.size() &&
          std::isalpha(static_cast<unsigned char>(line[quote + 1])) != 0 &&
          std::isalpha(static_cast<unsigned char>(line[quote + 2])) != 0)
        places.push_back(begin + quote + 2);
    } else {
      line = line.substr(0, line.find_first_of("#;:@$&%!~<>^\"'"));
      for (std::size_t at = 0; at + 1 < line.size(); ++at) {
        const bool alone = (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') &&
                           (at + 2 == line.size() || line[at + 2] == ' ' || line[at + 2] == '\t');
        if (alone && is_digit(line[at]) && is_digit(line[at + 1])) places.push_back(begin + at + 1);
      }
    }
    begin = end + 1;
  }
  return places.empty() ? std::nullopt : std::optional(places[places.size() / 2]);
}

class SelfTest {
 public:
  SelfTest(const Tree& tree, const PreflightOptions& options, const ChainResult& healthy)
      : tree_(tree), options_(options), healthy_(healthy) {
    options_.architectures = {healthy.chain.architecture};
    options_.keep_files = false;
    options_.on_progress = {};
  }

  std::vector<PlantedFault> run() {
    for (const SeedDescription& seed : tree_.chain_of(*healthy_.chain.architecture).seeds) flip_seed(seed);
    change_source();
    bring_binary();
    drop_step();
    return std::move(faults_);
  }

 private:
  /// Checks the tree with these files in it.
  void check(std::string kind, std::string place, const std::vector<RoadFile>& planted) {
    Tree tree = tree_;
    const auto files = std::make_shared<MemoryTree>(tree_.files);
    for (const RoadFile& file : planted) files->put(file.path, *file.bytes, file.mode);
    tree.files = files;
    const ChainResult result = std::move(preflight(tree, options_).front());
    PlantedFault fault{std::move(kind), std::move(place), result.verdict == ChainVerdict::fail, {}};
    fault.found = fault.is_found ? told_by(result) : "nothing: the check would have let it through";
    faults_.push_back(std::move(fault));
  }
  /// The same file with other bytes.
  [[nodiscard]] RoadFile changed_file(const std::string& path, Bytes bytes) const {
    const Result<NodeInfo> info = tree_.files->info(path);
    return {path, std::make_shared<const Bytes>(std::move(bytes)), info ? info->mode : 0644};
  }
  void no_place(std::string kind, std::string why) {
    faults_.push_back({std::move(kind), "", false, std::move(why)});
  }

  /// What says so first.
  [[nodiscard]] std::string told_by(const ChainResult& result) const {
    for (const Finding& finding : result.findings) {
      const bool is_new = std::ranges::none_of(healthy_.findings, [&](const Finding& one) {
        return one.id == finding.id && one.message == finding.message;
      });
      if (finding.severity == Severity::error && is_new) return finding.id;
    }
    for (const StepResult& step : result.steps) {
      if (step.verdict == Verdict::differ) return "step-differs";
      if (step.verdict == Verdict::failed) return "step-fails";
    }
    return "the verdict";
  }

  void flip_seed(const SeedDescription& seed) {
    const auto bytes = tree_.files->read(seed.file);
    if (!bytes || (*bytes)->empty()) return;
    Bytes changed = **bytes;
    const std::size_t at = changed.size() - 1 - changed.size() / 4;  // in its code, behind the header
    changed[at] ^= 1;
    check("a flipped byte in a seed", fmt::format("{} at 0x{:x}", seed.file, at),
          {changed_file(seed.file, std::move(changed))});
  }

  /// A text of the tree that went into a file of the list of answers.
  void change_source() {
    constexpr std::string_view kKind{"a change in a source"};
    const auto list = tree_.files->read(answers_path(*healthy_.chain.architecture));
    if (!list || healthy_.answers.total == 0)
      return no_place(std::string(kKind), "no list of answers: nothing says what the products must be");
    std::set<std::string, std::less<>> wanted;
    for (std::string_view rest = as_text(**list); !rest.empty();) wanted.emplace(next_answer(rest).path);
    for (auto step = healthy_.steps.rbegin(); step != healthy_.steps.rend(); ++step) {
      const bool is_answer = std::ranges::any_of(
          step->outputs, [&](const FileDigest& file) { return wanted.contains(file.path); });
      if (!is_answer) continue;
      std::vector<std::string> inputs = healthy_.chain.commands[step->command].inputs;
      for (const FileDigest& file : step->inputs) inputs.push_back(file.path);
      for (const std::string& path : inputs) {
        const auto bytes = tree_.files->read(path);
        const auto at = bytes ? place_to_change(path, as_text(**bytes)) : std::nullopt;
        if (!at) continue;
        Bytes changed = **bytes;
        changed[*at] ^= 1;
        const Position position = position_of(**bytes, *at);
        return check(std::string(kKind), fmt::format("{}:{}:{}", path, position.line, position.column),
                     {changed_file(path, std::move(changed))});
      }
    }
    no_place(std::string(kKind), "no step that makes an answer reads a text with a place for it");
  }

  /// The first step whose product is run later, by its line in a script of the tree.
  [[nodiscard]] const StepResult* first_maker() const {
    for (const StepResult& step : healthy_.steps) {
      const Command& command = healthy_.chain.commands[step.command];
      if (command.part_of || command.line == 0 || !tree_.files->read(command.script)) continue;
      for (const Command& later : healthy_.chain.commands) {
        if (later.built_by == step.command) return &step;
      }
    }
    return nullptr;
  }

  /// The script without a command; it may go on over several lines.
  [[nodiscard]] RoadFile without(const Command& command) const {
    const auto bytes = tree_.files->read(command.script);
    std::string_view rest = as_text(**bytes);
    std::string text;
    bool is_dropped = false;
    bool goes_on = false;
    for (std::uint64_t line = 1; !rest.empty(); ++line) {
      const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
      const std::string_view one = rest.substr(0, end);
      is_dropped = line == command.line || (is_dropped && goes_on);
      goes_on = one.ends_with("\\\n");
      if (!is_dropped) text += one;
      rest.remove_prefix(end);
    }
    return changed_file(command.script, to_bytes(text));
  }

  /// The same for a kind of fault, which has no place where there is none.
  const StepResult* maker_for(std::string_view kind) {
    const StepResult* const maker = first_maker();
    if (maker == nullptr) no_place(std::string(kind), "no line of a script makes a program that is run");
    return maker;
  }

  void bring_binary() {
    constexpr std::string_view kKind{"a binary brought along"};
    const StepResult* const maker = maker_for(kKind);
    if (maker == nullptr) return;
    const Command& command = healthy_.chain.commands[maker->command];
    std::vector<RoadFile> planted{without(command)};
    const auto& files = maker->seed_files.empty() ? maker->reference_files : maker->seed_files;
    planted.insert(planted.end(), files.begin(), files.end());
    check(std::string(kKind),
          fmt::format("{} in place of {}:{}", files.empty() ? "nothing" : files.front().path, command.script,
                      command.line),
          planted);
  }

  void drop_step() {
    constexpr std::string_view kKind{"a dropped step"};
    const StepResult* const maker = maker_for(kKind);
    if (maker == nullptr) return;
    const Command& command = healthy_.chain.commands[maker->command];
    check(std::string(kKind), fmt::format("{}:{}", command.script, command.line), {without(command)});
  }

  const Tree& tree_;
  PreflightOptions options_;
  const ChainResult& healthy_;
  std::vector<PlantedFault> faults_;
};

}  // namespace

std::vector<PlantedFault> self_test(const Tree& tree, const PreflightOptions& options,
                                    const ChainResult& healthy) {
  return SelfTest(tree, options, healthy).run();
}

}  // namespace assay::bootstrap
