// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/live_bootstrap/kaem_step.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "core/diagnostic.h"
#include "core/paths.h"
#include "kaem/interpreter.h"

namespace assay::image {
namespace {

/// `word` under `cwd`, both of a tree without links, without the leading '/'.
std::string joined(std::string_view cwd, std::string_view word) {
  std::vector<std::string> parts;
  if (!word.starts_with('/')) {
    for (const std::string_view part : path_parts(cwd)) parts.emplace_back(part);
  }
  for (std::size_t at = 0; at <= word.size();) {
    const std::size_t end = std::min(word.find('/', at), word.size());
    const std::string_view part = word.substr(at, end - at);
    at = end + 1;
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.emplace_back(part);
  }
  return fmt::format("{}", fmt::join(parts, "/"));
}

class Recorder final : public kaem::Host {
 public:
  Recorder(ByteView text, std::string cwd) : text_(text), cwd_(std::move(cwd)) {}

  kaem::ChildEnd launch(const kaem::Launch& launch) override {
    commands.push_back({position_of(text_, launch.span.offset).line, launch.argv, cwd_});
    environment = launch.env;
    const std::vector<std::string>& words = launch.argv;
    const bool differs = commands.back().program() == "match" && words.size() == 3 && words[1] != words[2];
    return {.status = differs ? 1 : 0};
  }
  // Any program may have been built by then; whether it was is checked by its name.
  kaem::Found find(const std::string& /*path*/) override { return kaem::Found::file; }
  bool enter(const std::string& directory) override {
    cwd_ = joined(cwd_, directory);
    return true;
  }
  std::string current_directory() override { return "/" + cwd_; }
  void write_output(std::string_view /*text*/) override {}
  void write_error(std::string_view /*text*/) override {}

  std::vector<StepCommand> commands;
  std::vector<std::string> environment;  ///< of the last command

 private:
  ByteView text_;
  std::string cwd_;
};

Recorder run(ByteView text, const std::vector<std::string>& environment, const std::string& cwd) {
  Recorder recorder(text, cwd);
  NoDiagnostics nobody;
  (void)kaem::interpret(text, 0, {}, kaem::initial_environment(environment, "kaem", false), recorder, nobody);
  return recorder;
}

/// Words behind one of the options, and those that no option takes.
struct Sorted {
  std::vector<std::string> files;
  std::vector<std::string> outputs;
  std::vector<std::string> plain;
};

Sorted sorted(const std::vector<std::string>& words) {
  Sorted all;
  for (std::size_t at = 1; at < words.size(); ++at) {
    const std::string& word = words[at];
    const bool last = at + 1 == words.size();
    if (!last && (word == "-f" || word == "--file" || word == "-i")) {
      all.files.push_back(words[++at]);
    } else if (!last && (word == "-o" || word == "--output")) {
      all.outputs.push_back(words[++at]);
    } else if (!word.starts_with('-')) {
      all.plain.push_back(word);
    }
  }
  return all;
}

/// What the scripts of a step see.
std::vector<std::string> step_environment(const FileTree& tree, const Config& config,
                                          std::string_view package) {
  std::vector<std::string> environment;
  for (const Variable& variable : config.variables)
    environment.push_back(variable.name + "=" + variable.value);
  if (config.find("ARCH") == nullptr) environment.emplace_back("ARCH=x86");
  if (config.find("ARCH_DIR") == nullptr) environment.emplace_back("ARCH_DIR=x86");
  environment.push_back(fmt::format("pkg={}", package));
  // after.kaem puts them one behind the other; a command at the end sees what they have set.
  std::string text;
  for (const char* file : {"steps/env", "seed.kaem", "seed/seed.kaem"}) {
    if (const auto bytes = tree.read(file)) text += fmt::format("{}\n", as_text(**bytes));
  }
  text += "/end\n";
  const Recorder done = run(as_bytes(text), environment, "");
  return done.environment.empty() ? environment : done.environment;
}

bool is(std::string_view program, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), program) != names.end();
}

}  // namespace

std::string_view StepCommand::program() const { return words.empty() ? "" : last_part(words.front()); }

std::string StepCommand::path(std::string_view word) const { return joined(cwd, word); }

std::vector<std::string> StepCommand::inputs() const {
  const std::string_view name = program();
  Sorted all = sorted(words);
  std::vector<std::string> found;
  const auto take = [&](const std::vector<std::string>& some) {
    for (const std::string& word : some) found.push_back(path(word));
  };
  if (is(name, {"cp", "install", "mv"})) {
    if (!all.plain.empty()) all.plain.pop_back();
    take(all.plain);
  } else if (name == "catm") {
    if (!all.plain.empty()) all.plain.erase(all.plain.begin());
    take(all.plain);
  } else if (is(name, {"ungz", "unbz2", "unxz", "untar", "patch", "replace", "M2-Mesoplanet", "M2-Planet"})) {
    take(all.files);
  } else if (is(name, {"simple-patch", "checksum-transcriber", "gzip", "bzip2", "bunzip2", "gunzip"}) ||
             (name == "sha256sum" && std::find(words.begin(), words.end(), "-c") != words.end())) {
    take(all.plain);
  } else if (name == "tar" && all.plain.size() > 1) {
    found.push_back(path(all.plain[1]));
  }
  return found;
}

std::vector<std::string> StepCommand::outputs() const {
  const std::string_view name = program();
  const Sorted all = sorted(words);
  std::vector<std::string> made;
  for (const std::string& word : all.outputs) made.push_back(path(word));
  if (is(name, {"mkdir", "touch"})) {
    for (const std::string& word : all.plain) made.push_back(path(word));
  } else if (name == "catm" && !all.plain.empty()) {
    made.push_back(path(all.plain.front()));
  } else if (name == "checksum-transcriber" && !all.plain.empty()) {
    made.push_back(path(all.plain.front()) + ".SHA256SUM");
  } else if (is(name, {"cp", "install", "mv"}) && all.plain.size() > 1) {
    // Into a directory or to a name: which it is is not known here.
    made.push_back(path(all.plain.back()));
    for (std::size_t at = 0; at + 1 < all.plain.size(); ++at)
      made.push_back(join_path(path(all.plain.back()), last_part(all.plain[at])));
  }
  return made;
}

unsigned strip_level(const std::vector<std::string>& words) {
  for (std::size_t at = 1; at < words.size(); ++at) {
    const std::string& word = words[at];
    const std::size_t letter =
        word.starts_with('-') && !word.starts_with("--") ? word.find('p') : std::string::npos;
    if (letter == std::string::npos) continue;
    const std::string_view digit = letter + 1 < word.size() ? std::string_view(word).substr(letter + 1)
                                   : at + 1 < words.size()  ? std::string_view(words[at + 1])
                                                            : std::string_view();
    if (!digit.empty() && digit.front() >= '0' && digit.front() <= '9')
      return static_cast<unsigned>(digit.front() - '0');
  }
  return 0;
}

std::string step_script(const PlannedDirective& planned) {
  return fmt::format("steps/{}/pass{}.kaem", planned.directive->argument, planned.pass);
}

std::optional<std::vector<StepCommand>> step_commands(const FileTree& tree, const Config& config,
                                                      const PlannedDirective& planned) {
  const std::string& package = planned.directive->argument;
  const auto text = tree.read(step_script(planned));
  if (!text) return std::nullopt;
  return run(**text, step_environment(tree, config, package), "steps/" + package).commands;
}

}  // namespace assay::image
