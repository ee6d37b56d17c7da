// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patches, and what bash steps read from their own directory.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>

#include "bootstrap/image/lazy_tree.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "core/paths.h"

namespace assay::image {
namespace {

/// Calls `see(line, number)` for every line without its line feed.
template <typename See>
void each_line(std::string_view text, See see) {
  for (std::uint64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    see(text.substr(0, end), number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// "--- a/b\tdate" -> "a/b"
std::string_view name_of_header(std::string_view line) {
  line.remove_prefix(4);
  return line.substr(0, line.find_first_of("\t\r"));
}

/// The name without its first `strip` parts; empty: it has no more.
std::string_view stripped(std::string_view name, unsigned strip) {
  for (; strip > 0; --strip) {
    const std::size_t slash = name.find('/');
    if (slash == std::string_view::npos) return "";
    name.remove_prefix(slash + 1);
    while (name.starts_with('/')) name.remove_prefix(1);
  }
  return name;
}

/// Whether a name is absolute or climbs above where it begins.
bool leaves(std::string_view name) {
  std::size_t depth = 0;
  for (const std::string_view part : path_parts(name)) {
    if (part == ".." && depth == 0) return true;
    if (part == "..") --depth;
    if (!part.empty() && part != "." && part != "..") ++depth;
  }
  return name.starts_with('/');
}

/// "-12,3 +14,5 @@" behind "@@ ": lines of the old and of the new file.
std::optional<std::pair<std::uint64_t, std::uint64_t>> hunk_sizes(std::string_view text) {
  std::uint64_t sizes[2] = {1, 1};
  for (std::size_t side = 0; side < 2; ++side) {
    if (!text.starts_with(side == 0 ? "-" : "+")) return std::nullopt;
    const std::size_t blank = text.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    const std::string_view range = text.substr(1, blank - 1);
    const std::size_t comma = range.find(',');
    const auto number = [](std::string_view digits, std::uint64_t& value) {
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      return error == std::errc() && end == digits.data() + digits.size();
    };
    std::uint64_t begin = 0;
    if (!number(range.substr(0, comma), begin)) return std::nullopt;
    if (comma != std::string_view::npos && !number(range.substr(comma + 1), sizes[side])) return std::nullopt;
    text.remove_prefix(blank + 1);
  }
  return text.starts_with("@@") ? std::optional(std::pair(sizes[0], sizes[1])) : std::nullopt;
}

class PatchReader {
 public:
  PatchReader(const std::string& file, std::optional<unsigned> strip, const std::vector<std::string>& members,
              Findings& findings)
      : file_(file), strip_(strip), members_(members), findings_(findings) {}

  void read(std::string_view text) {
    each_line(text, [&](std::string_view line, std::uint64_t number) { see(line, number); });
    // patch puts back up to three empty lines that were cut off the end.
    if (old_ != new_ || old_ > 3) end_hunk();
    if (!any_) findings_.add("lb-patch-empty", file_, 0, "no hunk in it");
  }

 private:
  void see(std::string_view line, std::uint64_t number) {
    if (old_ + new_ > 0) {
      const char first = line.empty() ? ' ' : line.front();
      if (first == '\\') return;  // "\ No newline at end of file"
      if (first == '-' || first == ' ') take(old_, number);
      if (first == '+' || first == ' ') take(new_, number);
      if (first == '-' || first == '+' || first == ' ') return;
      end_hunk();
    }
    if (line.starts_with("@@ ")) {
      const auto sizes = hunk_sizes(line.substr(3));
      if (!sizes) return findings_.add("lb-patch-hunk", file_, number, "no hunk header");
      any_ = true;
      hunk_ = number;
      old_ = sizes->first;
      new_ = sizes->second;
    } else if (line.starts_with("--- ") || line.starts_with("+++ ")) {
      const std::string_view name = name_of_header(line);
      check_name(name, number);
      if (line.front() == '-') {
        old_name_ = name;
      } else {
        check_target(name, number);
      }
    }
  }

  // patch takes the old or the new name, whichever there is; it makes new files.
  void check_target(std::string_view new_name, std::uint64_t number) {
    if (members_.empty() || !strip_ || old_name_ == "/dev/null") return;
    const auto there = [&](std::string_view name) {
      const std::string target = "/" + std::string(stripped(name, *strip_));
      return target != "/" && std::any_of(members_.begin(), members_.end(), [&](const std::string& member) {
               return member.ends_with(target) || member == target.substr(1);
             });
    };
    if (!there(old_name_) && !there(new_name))
      findings_.add("lb-patch-target", file_, number,
                    fmt::format("no archive of the step has '{}'", stripped(new_name, *strip_)));
  }

  void take(std::uint64_t& left, std::uint64_t number) {
    if (left > 0) {
      --left;
    } else {
      findings_.add("lb-patch-hunk", file_, number, "the hunk has more lines than its header says");
      old_ = new_ = 0;
    }
  }

  void end_hunk() {
    if (old_ + new_ > 0)
      findings_.add("lb-patch-hunk", file_, hunk_,
                    fmt::format("{} old and {} new lines of the hunk are missing", old_, new_));
    old_ = new_ = 0;
  }

  void check_name(std::string_view name, std::uint64_t number) {
    if (name == "/dev/null") return;
    if (leaves(strip_ ? stripped(name, *strip_) : name))
      findings_.add("lb-patch-path", file_, number, fmt::format("'{}' leaves the source directory", name));
    if (strip_ && stripped(name, *strip_).empty())
      findings_.add("lb-patch-strip", file_, number,
                    fmt::format("-p{} leaves nothing of '{}'", *strip_, name));
  }

  const std::string& file_;
  std::optional<unsigned> strip_;
  const std::vector<std::string>& members_;
  Findings& findings_;
  std::string_view old_name_;
  bool any_ = false;
  std::uint64_t hunk_ = 0;
  std::uint64_t old_ = 0;
  std::uint64_t new_ = 0;
};

std::vector<std::string> list_or_nothing(const FileTree& tree, const std::string& directory) {
  auto names = tree.list(directory);
  return names ? std::move(*names) : std::vector<std::string>();
}

/// The variables of helpers.sh for the directories beside a pass.
struct StepDirectory {
  std::string_view variable;
  std::string_view directory;
};

/// "${files_dir}/name" in a line of a bash step: the directory, and the name as far as it is plain.
void check_names(const FileTree& tree, const std::string& folder, const std::string& script,
                 const std::string& patches, std::string_view line, std::uint64_t number,
                 Findings& findings) {
  const std::array<StepDirectory, 4> directories{
      {{"${patch_dir}", patches}, {"${files_dir}", "files"}, {"${mk_dir}", "mk"}, {"${base_dir}", ""}}};
  for (const StepDirectory& row : directories) {
    for (std::size_t at = line.find(row.variable); at != std::string_view::npos;
         at = line.find(row.variable, at + 1)) {
      std::string_view rest = line.substr(at + row.variable.size());
      if (rest.starts_with('"')) rest.remove_prefix(1);
      if (!rest.starts_with('/')) continue;
      rest.remove_prefix(1);
      constexpr std::string_view kPlain =
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-/@";
      const std::size_t end = std::min(rest.find_first_not_of(kPlain), rest.size());
      // A pattern or a variable goes on here.
      if (end == 0 ||
          (end < rest.size() && std::string_view("*?[$").find(rest[end]) != std::string_view::npos))
        continue;
      const std::string path = join_path(join_path(folder, row.directory), rest.substr(0, end));
      if (!tree.info(path.ends_with('/') ? path.substr(0, path.size() - 1) : path))
        findings.add("lb-input-missing", script, number, fmt::format("there is no '{}'", path));
    }
  }
}

}  // namespace

void check_patch_file(std::string_view text, const std::string& file, std::optional<unsigned> strip,
                      const std::vector<std::string>& members, Findings& findings) {
  PatchReader(file, strip, members, findings).read(text);
}

void check_bash_steps(const FileTree& tree, const std::vector<PlannedDirective>& plan, Findings& findings) {
  std::set<std::string, std::less<>> seen;
  for (const PlannedDirective& planned : plan) {
    if (planned.directive->kind != DirectiveKind::build || !planned.bash_era) continue;
    const std::string folder = "steps/" + planned.directive->argument;
    const std::string own = fmt::format("patches-pass{}", planned.pass);
    const std::string patches = tree.info(folder + "/" + own) ? own : "patches";
    if (seen.insert(folder + "/" + patches).second) {
      for (const std::string& name : list_or_nothing(tree, folder + "/" + patches)) {
        const std::string file = fmt::format("{}/{}/{}", folder, patches, name);
        const auto text = tree.read(file);
        if (text && name.ends_with(".patch"))
          check_patch_file(as_text(**text), file, std::nullopt, {}, findings);
      }
    }
    const std::string script = fmt::format("{}/pass{}.sh", folder, planned.pass);
    const auto text = tree.read(script);
    if (!text) continue;
    each_line(as_text(**text), [&](std::string_view line, std::uint64_t number) {
      const std::size_t first = line.find_first_not_of(" \t");
      if (first != std::string_view::npos && line[first] != '#')
        check_names(tree, folder, script, patches, line, number, findings);
    });
  }
}

}  // namespace assay::image
