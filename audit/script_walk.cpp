// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/script_walk.h"

#include <fnmatch.h>
#include <algorithm>
#include <array>

#include "core/paths.h"

namespace assay::audit {
namespace {

constexpr int kMostCalls = 16;  ///< deep
constexpr std::array<std::string_view, 4> kStages = {"src_prepare", "src_configure", "src_compile",
                                                     "src_install"};

/// "autoreconf-2.71" is autoreconf.
std::string tool_name(std::string_view word) {
  std::string name(word.substr(word.rfind('/') + 1));
  const std::size_t dash = name.rfind('-');
  if (dash != std::string::npos && dash + 1 < name.size() && name[dash + 1] >= '0' && name[dash + 1] <= '9')
    name.resize(dash);
  return name;
}

class Walker {
 public:
  Walker(const ShellScript& script, const std::set<std::string, std::less<>>& paths)
      : script_(script), paths_(paths) {}

  Walk run() {
    for (const std::string_view stage : kStages) {
      directory_ = std::string();
      const auto own = script_.functions.find(stage);
      if (own == script_.functions.end()) {
        run_default(stage, {});
      } else {
        run(own->second, stage, 0, false);
      }
    }
    return std::move(walk_);
  }

 private:
  void run_default(std::string_view stage, const ShellCommand& command) {
    if (stage == "src_compile") note("make", {"make"}, command);
    if (stage == "src_install") note("make", {"make", "install"}, command);
  }

  void run(const std::vector<ShellCommand>& commands, std::string_view stage, int depth, bool maybe) {
    for (ShellCommand command : commands) {
      ++order_;
      command.maybe = command.maybe || maybe;
      if (!command.output.empty()) write(command.output, command);
      if (command.words.empty()) continue;
      const std::string& first = command.words.front();
      const auto function = script_.functions.find(first);
      if (function != script_.functions.end() && depth < kMostCalls) {
        run(function->second, stage, depth + 1, command.maybe);
      } else if (first == "default" || first.starts_with("default_src_")) {
        run_default(first == "default" ? stage : std::string_view(first).substr(8), command);
      } else {
        one(command);
      }
    }
  }

  void one(const ShellCommand& command) {
    const std::vector<std::string>& words = command.words;
    const std::string& first = words.front();
    if (first == "(") {
      saved_.push_back(directory_);
    } else if (first == ")") {
      if (!saved_.empty()) {
        directory_ = saved_.back();
        saved_.pop_back();
      }
    } else if (first == "cd" || first == "pushd") {
      if (first == "pushd") stack_.push_back(directory_);
      if (words.size() > 1) directory_ = resolve(words[1]);
    } else if (first == "popd") {
      if (!stack_.empty()) {
        directory_ = stack_.back();
        stack_.pop_back();
      }
    } else if (first == "rm" || first == "unlink") {
      for (std::size_t at = 1; at < words.size(); ++at) {
        if (!words[at].starts_with('-')) remove(words[at], command);
      }
    } else if (first == "find") {
      find(command);
    } else if (first == "mv" || first == "cp" || first == "install" || first == "ln") {
      move(command);
    } else if (first == "touch") {
      for (std::size_t at = 1; at < words.size(); ++at) touch(words[at]);
    } else {
      tool(command);
    }
  }

  /// The path in the archive; nothing: elsewhere, or not known.
  [[nodiscard]] std::optional<std::string> resolve(std::string_view word) const {
    if (!directory_ || word.starts_with('/') || word.find('$') != std::string_view::npos) return std::nullopt;
    std::vector<std::string_view> parts = path_parts(*directory_);
    for (const std::string_view part : path_parts(word)) {
      if (part == ".") continue;
      if (part != "..") {
        parts.push_back(part);
      } else if (parts.empty()) {
        return std::nullopt;
      } else {
        parts.pop_back();
      }
    }
    std::string path;
    for (const std::string_view part : parts) path = join_path(path, part);
    return path;
  }

  /// The archive's files that a word names; those in a folder of that name too.
  [[nodiscard]] std::vector<std::string> matches(const std::string& path, bool folders) const {
    std::vector<std::string> found;
    const bool glob = path.find_first_of("*?[") != std::string::npos;
    if (!glob && paths_.contains(path)) return {path};
    for (const std::string& candidate : paths_) {
      if (glob && ::fnmatch(path.c_str(), candidate.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) {
        found.push_back(candidate);
        continue;
      }
      if (!folders) continue;
      if (!glob
              ? candidate.starts_with(path + '/')
              : ::fnmatch(path.c_str(), candidate.c_str(), FNM_PATHNAME | FNM_PERIOD | FNM_LEADING_DIR) == 0)
        found.push_back(candidate);
    }
    return found;
  }

  void remove_path(const std::string& path, const ShellCommand& command) {
    if (away_.contains(path)) return;
    Touch& touch = walk_.touched[path];
    // What is removed for sure stays so.
    if (touch.removed && !touch.maybe) return;
    touch = Touch();
    touch.removed = true;
    touch.maybe = command.maybe;
    touch.line = command.line;
    walk_.removed_at[path] = order_;
  }

  void remove(const std::string& word, const ShellCommand& command) {
    const auto path = resolve(word);
    if (!path) return;
    const bool recursive = command.words.size() > 1 && command.words[1].starts_with('-') &&
                           command.words[1].find_first_of("rR") != std::string::npos;
    for (const std::string& one : matches(*path, recursive)) remove_path(one, command);
    if (path->find_first_of("*?[") != std::string::npos) walk_.patterns.push_back({*path, command.line});
  }

  /// find DIR... -name GLOB ... -delete | -exec rm ...
  void find(const ShellCommand& command) {
    const std::vector<std::string>& words = command.words;
    const auto has = [&](std::string_view word) { return std::ranges::find(words, word) != words.end(); };
    if (!has("-delete") && !(has("-exec") && has("rm"))) return;
    std::vector<std::string> roots;
    std::vector<std::string> names;
    std::vector<std::string> others;  ///< paths that are left alone
    bool not_next = false;
    bool unknown = false;
    for (std::size_t at = 1; at < words.size(); ++at) {
      const std::string& word = words[at];
      if (word == "-exec") break;
      if (word == "-not" || word == "!") {
        not_next = true;
        continue;
      }
      const bool takes = at + 1 < words.size();
      if ((word == "-name" || word == "-iname" || word == "-path" || word == "-wholename") && takes) {
        const std::string pattern = (word.ends_with("name") && word != "-wholename" ? "" : "/") + words[++at];
        (not_next ? others : names).push_back(pattern);
        not_next = false;
      } else if ((word == "-type" || word == "-maxdepth" || word == "-mindepth") && takes) {
        unknown = unknown || word.ends_with("depth");
        ++at;
      } else if (!word.starts_with('-') && word != "(" && word != ")" && names.empty() && others.empty()) {
        roots.push_back(word);
      } else if (word != "-delete" && word != "-o" && word != "-or" && word != "-a" && word != "-print" &&
                 word != "(" && word != ")") {
        unknown = true;
      }
    }
    if (roots.empty()) roots.emplace_back(".");
    ShellCommand told = command;
    told.maybe = told.maybe || unknown;
    for (const std::string& root : roots) {
      const auto base = resolve(root);
      if (!base) continue;
      for (const std::string& path : paths_) {
        if (!base->empty() && path != *base && !path.starts_with(*base + '/')) continue;
        const auto fits = [&](const std::string& pattern) {
          const bool whole = pattern.starts_with('/');
          const std::string from_root = (root == "." ? "./" : "") + path;
          return whole ? ::fnmatch(pattern.c_str() + 1, from_root.c_str(), 0) == 0
                       : ::fnmatch(pattern.c_str(), std::string(last_part(path)).c_str(), 0) == 0;
        };
        if ((names.empty() || std::ranges::any_of(names, fits)) && std::ranges::none_of(others, fits))
          remove_path(path, told);
      }
    }
  }

  void replace_path(const std::string& path, const ShellCommand& command) {
    if (!paths_.contains(path)) return;
    Touch& touch = walk_.touched[path];
    touch.replaced = true;
    touch.maybe = command.maybe;
    touch.line = command.line;
  }

  void write(const std::string& word, const ShellCommand& command) {
    if (const auto path = resolve(word)) replace_path(*path, command);
  }

  void move(const ShellCommand& command) {
    std::vector<std::string> operands;
    for (std::size_t at = 1; at < command.words.size(); ++at) {
      if (!command.words[at].starts_with('-')) operands.push_back(command.words[at]);
    }
    if (operands.size() < 2) return;
    const std::string to = operands.back();
    operands.pop_back();
    for (const std::string& from : operands) {
      const auto source = resolve(from);
      const auto folder = resolve(to);
      if (source && command.words.front() == "mv" && move_inside(*source, folder)) continue;
      if (!folder) continue;
      replace_path(*folder, command);
      replace_path(join_path(*folder, last_part(from)), command);
    }
  }

  /// A file of the archive gets another name: it is neither gone nor new. When it is back, nothing happened.
  bool move_inside(const std::string& source, const std::optional<std::string>& target) {
    const auto known = moved_.find(source);
    const std::string original = known == moved_.end() ? source : known->second;
    if (!paths_.contains(original)) return false;
    if (known != moved_.end()) moved_.erase(known);
    away_.insert(original);
    if (!target) return true;
    if (*target == original || join_path(*target, last_part(source)) == original) {
      away_.erase(original);
    } else {
      moved_[*target] = original;
    }
    return true;
  }

  void touch(const std::string& word) {
    const auto path = resolve(word);
    if (!path || word.starts_with('-')) return;
    const auto found = walk_.touched.find(*path);
    if (found != walk_.touched.end() && found->second.removed) found->second.emptied = true;
  }

  void note(std::string tool, std::vector<std::string> words, const ShellCommand& command) {
    if (!directory_) return;
    walk_.tools.push_back(
        {std::move(tool), *directory_, std::move(words), command.line, order_, command.maybe});
  }

  void tool(const ShellCommand& command) {
    std::vector<std::string> words = command.words;
    // ". file" and "sh file" run the file.
    if ((words.front() == "." || words.front() == "sh" || words.front() == "bash" ||
         words.front() == "source") &&
        words.size() > 1)
      words.erase(words.begin());
    note(tool_name(words.front()), words, command);
    // "-o OUTPUT", "--output=OUTPUT" of generators.
    for (std::size_t at = 1; at < words.size(); ++at) {
      std::string output;
      if (words[at] == "-o" && at + 1 < words.size()) output = words[at + 1];
      for (const std::string_view option : {"--output=", "--output-file=", "--outfile="}) {
        if (words[at].starts_with(option)) output = words[at].substr(option.size());
      }
      if (!output.empty()) write(output, command);
    }
  }

  const ShellScript& script_;
  const std::set<std::string, std::less<>>& paths_;
  Walk walk_;
  std::size_t order_ = 0;
  std::optional<std::string> directory_ = std::string();
  std::vector<std::optional<std::string>> saved_;
  std::vector<std::optional<std::string>> stack_;
  std::map<std::string, std::string> moved_;  ///< where it is now, and where it was
  std::set<std::string> away_;                ///< moved, and not back
};

}  // namespace

Walk walk_script(const ShellScript& script, const std::set<std::string, std::less<>>& paths) {
  return Walker(script, paths).run();
}

}  // namespace assay::audit
