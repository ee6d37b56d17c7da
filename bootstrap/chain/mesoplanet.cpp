// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/mesoplanet.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <set>

#include "core/paths.h"

namespace assay::bootstrap {
namespace {

constexpr int kMostTemporaries = 9000;  // names that its C library tries
constexpr std::size_t kMostIncludes = 10000;

struct Target {
  std::string_view name;
  std::string_view base_address;
  bool wide;  ///< blood-elf --64
};
constexpr std::array<Target, 6> kTargets{{{"x86", "0x8048000", false},
                                          {"amd64", "0x00600000", true},
                                          {"armv7l", "0x10000", false},
                                          {"aarch64", "0x400000", true},
                                          {"riscv32", "0x600000", false},
                                          {"riscv64", "0x600000", true}}};

struct Settings {
  std::vector<std::string> files;
  std::string output = "a.out";
  const Target* target = nullptr;
};

/// Nothing if a word is not foreseen.
std::optional<Settings> read_words(const std::vector<std::string>& argv) {
  Settings settings;
  for (std::size_t at = 1; at < argv.size(); ++at) {
    const std::string& word = argv[at];
    const bool file = word == "-f" || word == "--file";
    const bool output = word == "-o" || word == "--output";
    const bool architecture = word == "-A" || word == "--architecture";
    const bool system = word == "--os" || word == "--operating-system";
    if ((!file && !output && !architecture && !system) || at + 1 == argv.size()) return std::nullopt;
    const std::string& value = argv[++at];
    if (file) settings.files.push_back(value);
    if (output) settings.output = value;
    if (system && value != "Linux") return std::nullopt;
    if (architecture) {
      const auto* const target = std::find_if(kTargets.begin(), kTargets.end(),
                                              [&](const Target& one) { return one.name == value; });
      if (target == kTargets.end()) return std::nullopt;
      settings.target = target;
    }
  }
  if (settings.files.empty() || settings.target == nullptr) return std::nullopt;
  return settings;
}

std::string value_of(const std::vector<std::string>& env, std::string_view name, std::string_view otherwise) {
  for (const std::string& entry : env) {
    if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name))
      return entry.substr(name.size() + 1);
  }
  return std::string(otherwise);
}

/// Looks for an include of stdio.h, which is acted on wherever it stands, inside false conditionals too.
class Includes {
 public:
  Includes(const FileTree& tree, std::string cwd, std::string library)
      : tree_(tree), cwd_(std::move(cwd)), library_(std::move(library)) {}

  bool lead_to_stdio(const std::string& file) {
    if (read_.size() >= kMostIncludes || !read_.insert(file).second) return false;
    const Result<std::string> path = resolve_path(tree_, cwd_, file);
    const Result<std::shared_ptr<const Bytes>> bytes = path ? tree_.read(*path) : fail("file-not-found", "");
    if (!bytes) return false;
    const std::string_view text = as_text(**bytes);
    for (std::size_t at = 0; at < text.size();) {
      if (text.substr(at, 2) == "/*") {
        at = std::min(text.find("*/", at + 2), text.size() - 2) + 2;
      } else if (text.substr(at, 2) == "//") {
        at = std::min(text.find('\n', at), text.size());
      } else if (text[at] == '"' || text[at] == '\'') {
        at = end_of_quote(text, at);
      } else if (text.substr(at, 8) == "#include") {
        at += 8;
        if (one(text, at, file)) return true;
      } else {
        ++at;
      }
    }
    return false;
  }

 private:
  static std::size_t end_of_quote(std::string_view text, std::size_t at) {
    const char quote = text[at];
    for (++at; at < text.size() && text[at] != quote; ++at) {
      if (text[at] == '\\') ++at;
    }
    return at + 1;
  }

  bool one(std::string_view text, std::size_t& at, const std::string& includer) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    if (at >= text.size() || (text[at] != '<' && text[at] != '"')) return false;
    const bool library = text[at] == '<';
    const std::size_t end = text.find(library ? '>' : '"', at + 1);
    if (end == std::string_view::npos) return false;
    const std::string name(text.substr(at + 1, end - at - 1));
    at = end + 1;
    if (name == "stdio.h") return true;
    if (library) return name.find("uefi") == std::string::npos && lead_to_stdio(library_ + "/" + name);
    if (name == "M2libc/bootstrappable.h") return lead_to_stdio(library_ + "/bootstrappable.h");
    if (lead_to_stdio(name)) return true;
    const std::size_t slash = includer.rfind('/');
    return slash != std::string::npos && lead_to_stdio(includer.substr(0, slash + 1) + name);
  }

  const FileTree& tree_;
  std::string cwd_;
  std::string library_;
  std::set<std::string> read_;
};

bool exists(const FileTree& tree, const std::string& cwd, const std::string& name) {
  const Result<std::string> path = resolve_path(tree, cwd, name);
  return path && tree.info(*path);
}

/// The first name of the form PREFIX-NNNNNN that is free.
std::string temporary(const FileTree& tree, const std::string& cwd, const std::string& prefix) {
  for (int number = 0; number < kMostTemporaries; ++number) {
    std::string name = fmt::format("{}-{:06}", prefix, number);
    if (!exists(tree, cwd, name)) return name;
  }
  return prefix;
}

std::string find_program(const FileTree& tree, const std::string& cwd, std::string_view path,
                         const std::string& name) {
  while (!path.empty()) {
    const std::size_t colon = path.find(':');
    std::string candidate = fmt::format("{}/{}", path.substr(0, colon), name);
    if (exists(tree, cwd, candidate)) return candidate;
    path = colon == std::string_view::npos ? std::string_view() : path.substr(colon + 1);
  }
  return name;
}

}  // namespace

std::optional<MesoplanetRun> mesoplanet_run(const FileTree& tree, const std::string& cwd,
                                            const std::vector<std::string>& argv,
                                            const std::vector<std::string>& env) {
  const std::optional<Settings> settings = read_words(argv);
  if (!settings) return std::nullopt;
  const std::string library = value_of(env, "M2LIBC_PATH", "./M2libc");
  const std::string directory = value_of(env, "TMPDIR", "/tmp");
  const std::string name(settings->target->name);
  Includes includes(tree, cwd, library);
  const bool full = std::any_of(settings->files.begin(), settings->files.end(),
                                [&](const std::string& file) { return includes.lead_to_stdio(file); });
  const auto temp = [&](std::string_view prefix) {
    return temporary(tree, cwd, fmt::format("{}/{}", directory, prefix));
  };
  const std::string text = temp("M2-Mesoplanet");
  const std::string compiled = temp("M2-Planet");
  const std::string footer = temp("blood-elf");
  const std::string assembled = temp("M1-macro");

  MesoplanetRun run;
  run.preprocessed = text;
  run.temporaries = {text, compiled, footer, assembled};
  const auto add = [&](std::vector<std::string> words) {
    run.commands.push_back(
        {find_program(tree, cwd, value_of(env, "PATH", ""), words.front()), std::move(words)});
  };
  add({"M2-Planet", "--file", text, "--output", compiled, "--architecture", name, "--debug"});
  std::vector<std::string> elf{"blood-elf", "--file", compiled, "--little-endian", "--output", footer};
  if (settings->target->wide) elf.emplace_back("--64");
  add(std::move(elf));
  const std::string here = fmt::format("{}/{}/", library, name);
  add({"M1", "--file", fmt::format("{}{}_defs.M1", here, name), "--file",
       here + (full ? "libc-full.M1" : "libc-core.M1"), "--file", compiled, "--little-endian",
       "--architecture", name, "--file", footer, "--output", assembled});
  add({"hex2", "--file", fmt::format("{}ELF-{}-debug.hex2", here, name), "--file", assembled, "--output",
       settings->output, "--architecture", name, "--base-address",
       std::string(settings->target->base_address), "--little-endian"});
  return run;
}

}  // namespace assay::bootstrap
