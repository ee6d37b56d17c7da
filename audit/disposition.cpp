// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/disposition.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <algorithm>
#include <array>

#include "audit/opaque.h"
#include "audit/script_walk.h"
#include "core/paths.h"

namespace assay::audit {
namespace {

template <std::size_t count>
bool is_in(std::string_view word, const std::string_view (&words)[count]) {
  return std::ranges::find(words, word) != std::end(words);
}

/// What each tool makes again, for all kinds that come of it; "*": below its folder too.
struct Remaker {
  std::string_view tool;
  std::string_view kind;
  bool below = false;
};
constexpr Remaker kRemakers[] = {
    {"autoreconf", "autoconf-configure", true},
    {"autoreconf", "automake-makefile.in", true},
    {"autoreconf", "aclocal-m4", true},
    {"autoreconf", "autoheader-config.h.in", true},
    {"autoreconf", "libtool-ltmain", true},
    {"autogen.sh", "autoconf-configure", true},
    {"autogen.sh", "automake-makefile.in", true},
    {"autogen.sh", "aclocal-m4", true},
    {"autogen.sh", "autoheader-config.h.in", true},
    {"autogen.sh", "libtool-ltmain", true},
    {"bootstrap", "autoconf-configure", true},
    {"bootstrap", "automake-makefile.in", true},
    {"bootstrap", "aclocal-m4", true},
    {"bootstrap", "autoheader-config.h.in", true},
    {"autoconf", "autoconf-configure"},
    {"automake", "automake-makefile.in", true},
    {"aclocal", "aclocal-m4"},
    {"autoheader", "autoheader-config.h.in"},
    {"libtoolize", "libtool-ltmain", true},
    {"gnulib-tool", "gnulib-tool-output", true},
    {"import-gnulib.sh", "gnulib-tool-output", true},
};

constexpr std::string_view kMadeByMake[] = {"bison-parser", "flex-scanner"};
constexpr std::string_view kInert[] = {"image",       "font", "media",          "archive",
                                       "bin-package", "shar", "generated-index"};
constexpr std::string_view kConfigures[] = {"autoconf-configure", "automake-makefile.in", "aclocal-m4",
                                            "autoheader-config.h.in", "libtool-ltmain"};

bool has_part(std::string_view path, std::initializer_list<std::string_view> names) {
  const std::vector<std::string_view> parts = path_parts(parent_path(path));
  return std::ranges::any_of(
      parts, [&](std::string_view part) { return std::ranges::find(names, part) != names.end(); });
}

bool is_translation_path(std::string_view path) {
  const std::vector<std::string_view> parts = path_parts(parent_path(path));
  return std::ranges::any_of(
      parts, [](std::string_view part) { return part == "po" || part.ends_with("-po") || part == "intl"; });
}

bool is_doc_path(std::string_view path) {
  return has_part(path, {"doc", "docs", "man", "manual", "examples"});
}

class Judge {
 public:
  Judge(const BuildScript& build, Scan& scan) : build_(build), scan_(scan) {
    std::set<std::string, std::less<>> paths;
    for (const FileVerdict& file : scan.files) {
      if (file.path.find('!') == std::string::npos) paths.insert(file.path);
    }
    walk_ = walk_script(build.script, paths);
  }

  std::vector<ScriptFinding> run() {
    for (FileVerdict& file : scan_.files) {
      if (file.kind == nullptr) continue;
      // What is in an archive goes its way.
      const std::string outer = file.path.substr(0, file.path.find('!'));
      file.disposition = outer == file.path ? of(file) : inner(outer);
    }
    find_near_misses();
    return std::move(findings_);
  }

 private:
  /// 0: what happens where the script says nothing.
  [[nodiscard]] std::string at(std::uint32_t line) const {
    return line == 0 ? std::string() : fmt::format("{}:{}", build_.name, line);
  }

  Disposition inner(const std::string& outer) const {
    const auto found = std::ranges::find(scan_.files, outer, &FileVerdict::path);
    return found == scan_.files.end() ? Disposition{} : found->disposition;
  }

  /// The last run of a tool that makes the file again.
  [[nodiscard]] const ToolRun* remaker(const FileVerdict& file) const {
    const ToolRun* last = nullptr;
    for (const ToolRun& run : walk_.tools) {
      const bool below = run.directory.empty() || file.path.starts_with(run.directory + '/');
      const bool here = parent_path(file.path) == run.directory;
      for (const Remaker& row : kRemakers) {
        if (run.tool == row.tool && file.kind->id == row.kind && (row.below ? below : here)) last = &run;
      }
    }
    return last;
  }

  [[nodiscard]] const ToolRun* tool(std::string_view name, std::string_view word = {}) const {
    for (const ToolRun& run : walk_.tools) {
      if (run.tool != name) continue;
      if (word.empty() || std::ranges::any_of(run.words, [&](const std::string& one) { return one == word; }))
        return &run;
    }
    return nullptr;
  }

  Disposition of(const FileVerdict& file) {
    const auto touched = walk_.touched.find(file.path);
    const ToolRun* again = remaker(file);
    if (touched != walk_.touched.end() && touched->second.maybe)
      return {Fate::unknown, at(touched->second.line), "removed or replaced under a condition"};
    if (touched != walk_.touched.end() && touched->second.removed)
      return removed(file, touched->second, again);
    if (touched != walk_.touched.end() && touched->second.replaced)
      return {Fate::replaced, at(touched->second.line), "written anew"};
    if (again != nullptr) return made_again(file, *again);
    return shipped(file);
  }

  Disposition removed(const FileVerdict& file, const Touch& touch, const ToolRun* again) {
    if (const ToolRun* import = gnulib_import();
        import != nullptr && import->order > walk_.removed_at[file.path] && is_gnulib_table(file)) {
      findings_.push_back(
          {"audit-comes-back", file.path, at(import->line),
           fmt::format("removed in line {}, and gnulib-tool brings it back as gnulib ships it", touch.line)});
      return {Fate::used_as_shipped, at(import->line), "gnulib-tool brings it back"};
    }
    if (again != nullptr && !touch.emptied)
      return {Fate::removed_and_regenerated, at(touch.line), again->tool};
    if (touch.replaced) return {Fate::replaced, at(touch.line), "removed and written anew"};
    if (touch.emptied) return {Fate::removed, at(touch.line), "emptied"};
    if (is_in(file.kind->id, kMadeByMake) && file.source_is_here && !build_.own_makefile)
      return {Fate::removed_and_regenerated, at(touch.line), "make"};
    return {Fate::removed, at(touch.line), ""};
  }

  static bool is_gnulib_table(const FileVerdict& file) {
    return std::ranges::any_of(file.evidence,
                               [](const Evidence& one) { return one.rule.starts_with("gen-uni-tables"); });
  }

  [[nodiscard]] const ToolRun* gnulib_import() const {
    const ToolRun* import = tool("gnulib-tool");
    return import != nullptr ? import : tool("import-gnulib.sh");
  }

  Disposition made_again(const FileVerdict& file, const ToolRun& again) {
    // gnulib-tool writes the makefile and macros of the project's own library; what it wrote elsewhere stays.
    if (again.maybe) return {Fate::unknown, at(again.line), again.tool + " under a condition"};
    if (file.kind->id == "gnulib-tool-output" && is_translation_path(file.path)) return shipped(file);
    return {Fate::regenerated, at(again.line), again.tool};
  }

  /// Nothing in the script is about it.
  Disposition shipped(const FileVerdict& file) {
    const ToolRun* configure = tool("configure");
    const ToolRun* without_nls = tool("configure", "--disable-nls");
    if (is_translation_path(file.path) && file.kind->tier != 1 && without_nls == nullptr &&
        file.kind->id != "gmo")
      return {Fate::never_read, "", "only maintainers' targets read it"};
    if (is_translation_path(file.path) && without_nls != nullptr)
      return {Fate::never_read, at(without_nls->line), "--disable-nls"};
    if (is_test_path(file.path) || is_test_path(last_part(file.path)))
      return {Fate::never_read, "", "only make check reads it"};
    if (is_in(file.kind->id, kInert)) return {Fate::never_read, "", "no makefile of a build reads it"};
    if (file.kind->tier == 3 || file.kind->tier == 0)
      return {Fate::used_as_shipped, "", "harmless: it follows from other files"};
    if (build_.own_makefile) return {Fate::never_read, "", "the recipe's own makefile does not name it"};
    const bool example = has_part(file.path, {"examples", "example"});
    if (file.kind->tier == 2 || example) {
      const ToolRun* install = tool("make", "install");
      if (!is_doc_path(file.path) && file.kind->id == "generated-doc")
        return {Fate::never_read, "", "no rule installs it"};
      return install == nullptr ? Disposition{Fate::never_read, "", "the recipe installs by itself"}
                                : Disposition{Fate::installed_as_shipped, at(install->line), "make install"};
    }
    if (is_in(file.kind->id, kConfigures)) {
      if (configure == nullptr) return {Fate::never_read, "", "nothing runs configure"};
      return {Fate::used_as_shipped, at(configure->line), "configure runs, and nothing made it again"};
    }
    if (file.kind->id == "generated-script" && tool(last_part(file.path)) == nullptr)
      return {Fate::never_read, "", "nothing runs it"};
    if (tool("make") == nullptr && configure == nullptr) return {};
    return {Fate::used_as_shipped, "", "nothing in the script is about it"};
  }

  /// Files of the same folder and kind as those that a pattern removes, that it does not fit.
  void find_near_misses() {
    for (const Pattern& pattern : walk_.patterns) {
      const std::string_view folder = parent_path(pattern.glob);
      std::set<std::string_view> kinds;
      const auto fits = [&](const FileVerdict& file) {
        return ::fnmatch(pattern.glob.c_str(), file.path.c_str(), FNM_PATHNAME) == 0;
      };
      for (const FileVerdict& file : scan_.files) {
        if (file.kind != nullptr && file.kind->tier > 0 && fits(file)) kinds.insert(file.kind->id);
      }
      for (const FileVerdict& file : scan_.files) {
        const bool near = file.kind != nullptr && kinds.contains(file.kind->id) &&
                          parent_path(file.path) == folder && !fits(file);
        if (!near || file.path.find('!') != std::string::npos) continue;
        const Fate fate = file.disposition.fate;
        if (fate == Fate::removed || fate == Fate::removed_and_regenerated || fate == Fate::regenerated ||
            fate == Fate::replaced)
          continue;
        findings_.push_back({"audit-glob-misses", file.path, at(pattern.line),
                             fmt::format("'{}' removes others of kind {} in this folder, not this one",
                                         pattern.glob, file.kind->id)});
      }
    }
  }

  const BuildScript& build_;
  Scan& scan_;
  Walk walk_;
  std::vector<ScriptFinding> findings_;
};

}  // namespace

std::string_view name_of(Fate fate) {
  constexpr std::array<std::string_view, 8> kNames = {
      "unknown",  "removed",    "removed+regenerated", "regenerated",
      "replaced", "never-read", "used-as-shipped",     "installed-as-shipped"};
  return kNames.at(static_cast<std::size_t>(fate));
}

std::vector<ScriptFinding> judge(const BuildScript& build, Scan& scan) { return Judge(build, scan).run(); }

}  // namespace assay::audit
