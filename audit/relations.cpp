// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/relations.h"

#include <algorithm>
#include <optional>

#include "audit/head.h"
#include "audit/makefile.h"
#include "core/paths.h"

namespace assay::audit {
namespace {

FileVerdict* file_at(std::vector<FileVerdict>& files, std::string_view path) {
  const auto found = std::ranges::lower_bound(
      files, path, {}, [](const FileVerdict& file) -> std::string_view { return file.path; });
  return found != files.end() && found->path == path ? &*found : nullptr;
}

const FileVerdict* file_at(const std::vector<FileVerdict>& files, std::string_view path) {
  return file_at(const_cast<std::vector<FileVerdict>&>(files), path);
}

/// A word of a makefile in `directory` as a path of the tree; empty: it leaves it or is none.
std::string path_of(std::string_view directory, std::string_view word) {
  std::string path;
  if (const std::size_t top = word.rfind(kTop); top != std::string_view::npos) {
    word.remove_prefix(top + 1);
  } else if (word.starts_with('/') || word.find('$') != std::string_view::npos) {
    return {};
  } else {
    path = directory;
  }
  std::vector<std::string_view> parts = path_parts(path);
  for (const std::string_view part : path_parts(word)) {
    if (part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      return {};
    } else {
      parts.pop_back();
    }
  }
  std::string result;
  for (const std::string_view part : parts) result = join_path(result, part);
  return result;
}

std::string_view extension_of(std::string_view path) {
  const std::string_view name = last_part(path);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view{} : name.substr(dot);
}

struct ExtensionKind {
  std::string_view extension;
  std::string_view kind;
};
constexpr ExtensionKind kByExtension[] = {
    {".html", "html-generated"},
    {".htm", "html-generated"},
    {".info", "info"},
    {".pdf", "pdf"},
    {".ps", "ps"},
    {".eps", "ps"},
    {".dvi", "dvi"},
    {".pot", "pot"},
    {".gmo", "gmo"},
    {".0", "text-rendered"},
    {".txt", "text-rendered"},
    {".doc", "text-rendered"},
    {".texi", "generated-doc"},
    {".help", "generated-doc"},
    {".output", "generated-doc"},
    {".tex", "generated-doc"},
    {".png", "image"},
    {".jpg", "image"},
    {".exp", "generated-test"},
};

const Kind* kind_of_made(std::string_view path) {
  const std::string_view extension = extension_of(path);
  for (const std::string_view name : {"INSTALL", "README", "NEWS", "HACKING", "FAQ"}) {
    if (last_part(path) == name) return find_kind("text-rendered");
  }
  for (const ExtensionKind& row : kByExtension) {
    if (extension == row.extension) return find_kind(row.kind);
  }
  if (extension.size() == 2 && extension[1] >= '1' && extension[1] <= '8') return find_kind("man-generated");
  return find_kind("generated-code");
}

bool has_word(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

/// Rules of this name put files elsewhere, compare them or take them away.
bool makes_nothing(const MakeRule& rule) {
  if (trimmed(rule.recipe).empty() || has_word(rule.recipe, "config.status")) return true;
  for (const std::string& target : rule.targets) {
    for (const std::string_view word :
         {"clean", "install", "check", "dist", "test", ".PHONY", "all", "depend"}) {
      const std::string_view name = target;
      if (name == word || name.starts_with(std::string(word) + '-') ||
          name.ends_with('-' + std::string(word)) || (word == "clean" && name.ends_with(word)))
        return true;
    }
  }
  return false;
}

/// Only copies, links and messages.
bool only_copies(std::string_view recipe) {
  while (!recipe.empty()) {
    const std::size_t end = std::min(recipe.find('\n'), recipe.size());
    std::string_view line = trimmed(recipe.substr(0, end));
    recipe.remove_prefix(std::min(end + 1, recipe.size()));
    while (!line.empty() && (line.front() == '@' || line.front() == '-' || line.front() == '+'))
      line = trimmed(line.substr(1));
    const bool copies = line.empty() || line.starts_with("cp ") || line.starts_with("ln ") ||
                        line.starts_with("rm ") || line.starts_with("echo ") || line.starts_with(":") ||
                        line.starts_with("chmod ") || line.starts_with("exit");
    if (!copies) return false;
  }
  return true;
}

bool only_touches(std::string_view recipe) {
  const std::string_view line = trimmed(recipe);
  return line.find('\n') == std::string_view::npos &&
         (has_word(line, "touch ") || has_word(line, "echo timestamp"));
}

constexpr std::uint64_t kMostStampBytes = 200;

class Relations {
 public:
  explicit Relations(std::vector<FileVerdict>& files) : files_(files) {}

  void add(const std::string& path, const Makefile& makefile) {
    const std::string directory(parent_path(path));
    cleaned_.clear();
    for (const std::string& word : makefile.maintainer_clean) cleaned_.insert(path_of(directory, word));
    for (const MakeRule& rule : makefile.rules) {
      if (suffix_rule(directory, rule) || makes_nothing(rule)) continue;
      one_rule(directory, rule);
      removed_directory(directory, rule);
      touched(directory, rule);
    }
    for (const std::string& path_cleaned : cleaned_) {
      FileVerdict* file = path_cleaned.empty() ? nullptr : file_at(files_, path_cleaned);
      if (file == nullptr) continue;
      const std::string_view extension = extension_of(file->path);
      const bool grammar = extension == ".y" || extension == ".l" || extension == ".yy" || extension == ".ll";
      give(*file, "make-maintainer-clean", grammar ? find_kind("extracted-source") : kind_of_made(file->path),
           0.5, path, "");
    }
  }

  /// What a tool leaves beside its input.
  void beside(FileVerdict& file, std::string_view extension, std::string_view kind) {
    std::string source =
        file.path.substr(0, file.path.size() - extension_of(file.path).size()) + std::string(extension);
    if (file_at(files_, source) == nullptr) return;
    file.evidence.push_back({.rule = "beside",
                             .kind = find_kind(kind),
                             .from = EvidenceClass::sibling,
                             .confidence = 0.8,
                             .source = std::move(source)});
  }

 private:
  /// A prerequisite that is there and is not the target itself.
  std::string source_of(std::string_view directory, const MakeRule& rule, std::string_view target) const {
    std::string first;
    for (const std::string& word : rule.prerequisites) {
      std::string path = path_of(directory, word);
      if (path.empty() || path == target || file_at(files_, path) == nullptr || is_makefile_name(path))
        continue;
      if (extension_of(path) != ".sh" && extension_of(path) != ".pl" && extension_of(path) != ".awk")
        return path;
      if (first.empty()) first = std::move(path);
    }
    return first;
  }

  FileVerdict* file_of(std::string_view directory, std::string_view word) {
    const std::string path = path_of(directory, word);
    return path.empty() ? nullptr : file_at(files_, path);
  }

  void one_rule(std::string_view directory, const MakeRule& rule) {
    for (const std::string& word : rule.targets) {
      FileVerdict* file = file_of(directory, word);
      if (file == nullptr) continue;
      std::string source = source_of(directory, rule, file->path);
      if (only_touches(rule.recipe)) {
        if (file->size < kMostStampBytes)
          give(*file, "make-stamp", find_kind("stamp"), 0.7, rule.where, std::move(source));
      } else if ((!source.empty() || cleaned_.contains(file->path)) && !only_copies(rule.recipe)) {
        give(*file, "make-rule", kind_of_made(file->path), 0.65, rule.where, std::move(source));
      }
    }
  }

  /// A stamp whose recipe begins by removing a folder: what is in there is made by it.
  void removed_directory(std::string_view directory, const MakeRule& rule) {
    const std::size_t at = rule.recipe.find("rm -");
    const bool stamps = std::ranges::any_of(
        rule.targets, [](const std::string& target) { return has_word(target, "stamp"); });
    if (!stamps || at == std::string::npos) return;
    const std::string_view rest = std::string_view(rule.recipe).substr(at + 4);
    const std::string_view line = rest.substr(0, rest.find_first_of("\n;&"));
    const std::string_view options = line.substr(0, line.find(' '));
    if (!has_word(options, "r")) return;
    std::string source = source_of(directory, rule, "");
    if (source.empty() && !rule.prerequisites.empty())
      source = path_of(directory, rule.prerequisites.front());
    if (source.empty()) return;
    const std::string_view extension = extension_of(source);
    const bool manual = extension == ".texi" || extension == ".txi" || extension == ".in";
    for (std::string_view words = trimmed(line.substr(options.size())); !words.empty();) {
      const std::size_t end = std::min(words.find(' '), words.size());
      const std::string folder = path_of(directory, words.substr(0, end)) + '/';
      words = trimmed(words.substr(end));
      if (folder.size() < 2) continue;
      for (FileVerdict& file : files_) {
        if (file.path.starts_with(folder))
          give(file, "make-folder", find_kind(manual ? "extracted-source" : "generated-code"), 0.7,
               rule.where, source);
      }
    }
  }

  /// Small files that a recipe touches.
  void touched(std::string_view directory, const MakeRule& rule) {
    constexpr std::string_view kTouch = "touch ";
    for (std::size_t at = 0; (at = rule.recipe.find(kTouch, at)) != std::string::npos;) {
      at += kTouch.size();
      const std::string_view rest = std::string_view(rule.recipe).substr(at);
      FileVerdict* file = file_of(directory, rest.substr(0, rest.find_first_of(" \t\n;&|")));
      if (file != nullptr && file->size < kMostStampBytes)
        give(*file, "make-touch", find_kind("stamp"), 0.7, rule.where, "");
    }
  }

  /// ".y.c:" and "%.c: %.y".
  bool suffix_rule(std::string_view directory, const MakeRule& rule) {
    if (rule.targets.size() != 1) return false;
    const std::string& target = rule.targets.front();
    std::string from;
    std::string to;
    if (target.starts_with("%.") && !rule.prerequisites.empty() &&
        rule.prerequisites.front().starts_with("%.")) {
      from = rule.prerequisites.front().substr(1);
      to = target.substr(1);
    } else if (const std::size_t dot = target.find('.', 1);
               target.starts_with('.') && dot != std::string::npos &&
               target.find('.', dot + 1) == std::string::npos && target.find('/') == std::string::npos) {
      from = target.substr(0, dot);
      to = target.substr(dot);
    } else {
      return false;
    }
    if (from == to || trimmed(rule.recipe).empty() || only_copies(rule.recipe)) return true;
    for (FileVerdict& file : files_) {
      if (!file.path.ends_with(to) || parent_path(file.path) != directory) continue;
      const std::string source = file.path.substr(0, file.path.size() - to.size()) + from;
      if (file_at(files_, source) != nullptr)
        give(file, "make-suffix", kind_of_made(file.path), 0.65, rule.where, source);
    }
    return true;
  }

  static void give(FileVerdict& file, std::string_view rule, const Kind* kind, double confidence,
                   std::string where, std::string source) {
    file.evidence.push_back({.rule = rule,
                             .kind = kind,
                             .from = EvidenceClass::make_rule,
                             .confidence = confidence,
                             .where = std::move(where),
                             .source = std::move(source)});
  }

  std::vector<FileVerdict>& files_;
  std::set<std::string> cleaned_;  ///< by `make maintainer-clean`, of the makefile at hand
};

}  // namespace

bool is_makefile_name(std::string_view path) {
  const std::string_view name = last_part(path);
  return name.starts_with("Makefile") || name.starts_with("makefile") || name == "GNUmakefile" ||
         name.ends_with(".mk") || name.ends_with(".mak");
}

void relate(std::vector<FileVerdict>& files, const Makefiles& makefiles) {
  Relations relations(files);
  std::set<std::string> included;
  // Those first that may include others.
  for (const bool fragments : {false, true}) {
    for (const auto& [path, text] : makefiles) {
      if (path.ends_with(".mk") == fragments && !included.contains(path))
        relations.add(path, read_makefile(path, makefiles, included));
    }
  }
  for (FileVerdict& file : files) {
    if (file.path.ends_with(".output")) relations.beside(file, ".y", "generated-doc");
  }
}

void find_source(FileVerdict& verdict, const std::vector<FileVerdict>& files) {
  const std::string directory(parent_path(verdict.path));
  const auto there = [&](const std::string& path) {
    if (path.empty() || path == verdict.path || file_at(files, path) == nullptr) return false;
    verdict.source = path;
    verdict.source_is_here = true;
    return true;
  };
  for (const Evidence& evidence : verdict.evidence) {
    if (evidence.source.empty()) continue;
    if (there(path_of(directory, evidence.source)) || there(path_of("", evidence.source)) ||
        there(path_of(directory, last_part(evidence.source))))
      return;
  }
  const std::string_view name = last_part(verdict.path);
  const std::string_view stem = name.substr(0, name.size() - extension_of(verdict.path).size());
  for (std::string_view rest = verdict.kind->sources; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    std::string candidate(rest.substr(0, end));
    rest = trimmed(rest.substr(end));
    if (candidate.starts_with('%')) candidate.replace(0, 1, stem);
    if (there(join_path(directory, candidate)) || there(candidate)) return;
  }
  for (const Evidence& evidence : verdict.evidence) {
    if (verdict.source.empty()) verdict.source = evidence.source;
  }
}

}  // namespace assay::audit
