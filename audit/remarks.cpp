// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/remarks.h"

#include <fmt/format.h>
#include <algorithm>

#include "audit/head.h"
#include "audit/text_rules.h"
#include "core/paths.h"
#include "core/source.h"

namespace assay::audit {
namespace {

/// A command that fetches. It counts where a command can begin.
struct Fetcher {
  std::string_view command;        ///< its words
  std::string_view needs = {};     ///< must stand in the line too: one of these words, '|' between them
  std::string_view not_with = {};  ///< what makes it stay at home, '|' between
};
constexpr Fetcher kFetchers[] = {
    {"curl", "://|$", "file://"},
    {"wget", "://|$", "file://"},
    {"aria2c", "://|$"},
    {"fetch", "://"},
    {"git clone", "://|git@", "file://"},
    {"git submodule update", "", "--no-fetch"},
    {"svn checkout", "://"},
    {"svn co", "://"},
    {"hg clone", "://"},
    {"pip install", "", "--no-index|--no-deps --no-build-isolation ."},
    {"pip3 install", "", "--no-index|--no-deps --no-build-isolation ."},
    {"cargo fetch", "", "--offline|--frozen"},
    {"cargo install", "", "--offline|--frozen|--path"},
    {"go get"},
    {"go mod download"},
    {"npm ci", "", "--offline"},
    {"npm install", "", "--offline"},
    {"yarn install", "", "--offline"},
    {"mvn", "package|install|compile|dependency:", "--offline| -o "},
    {"./gradlew", "", "--offline"},
    {"gem install", "", "--local"},
    {"cpan", "::"},
    {"cpanm", "::"},
    {"opam install"},
    {"cabal update"},
    {"docker pull"},
    {"apt-get install"},
    {"./contrib/download_prerequisites"},
    {"contrib/download_prerequisites"},
};

/// A call of a build description that fetches, and what in it says that a digest pins it.
struct Call {
  std::string_view files;  ///< how names of its files end, '|' between
  std::string_view begins;
  std::string_view needs;  ///< in the call: else it fetches nothing
  std::string_view pins;
  std::string_view what;  ///< for the message
};
constexpr std::string_view kCmake = "CMakeLists.txt|.cmake|.cmake.in";
constexpr std::string_view kBazel = "WORKSPACE|WORKSPACE.bazel|MODULE.bazel|.bzl|BUILD|BUILD.bazel";
constexpr Call kCalls[] = {
    {kCmake, "FetchContent_Declare(", "URL|GIT_REPOSITORY|SVN_REPOSITORY", "URL_HASH|URL_MD5|GIT_TAG #",
     "FetchContent_Declare"},
    {kCmake, "ExternalProject_Add(", "URL|GIT_REPOSITORY|SVN_REPOSITORY", "URL_HASH|URL_MD5|GIT_TAG #",
     "ExternalProject_Add"},
    {kCmake, "file(DOWNLOAD", "", "EXPECTED_HASH|EXPECTED_MD5", "file(DOWNLOAD)"},
    {".wrap", "[wrap-", "url", "source_hash|revision = #|revision=#", "the wrap file"},
    {kBazel, "http_archive(", "url", "sha256|integrity", "http_archive"},
    {kBazel, "http_file(", "url", "sha256|integrity", "http_file"},
    {kBazel, "git_repository(", "remote", "commit", "git_repository"},
};

/// Terms of licences that are not free; not those that free licences speak of.
constexpr std::string_view kTerms[] = {
    "for non-commercial use only",
    "for noncommercial use only",
    "non-commercial purposes only",
    "noncommercial purposes only",
    "not for commercial use",
    "for evaluation purposes only",
    "proprietary and confidential",
    "confidential and proprietary",
    "redistribution is prohibited",
    "may not be redistributed",
    "spdx-license-identifier: cc-by-nc",
    "licenseref-proprietary",
    "creative commons attribution-noncommercial",
};

/// Whether one of the texts in a row, with '|' between, fits.
template <class Fits>
bool any_of_row(std::string_view row, Fits&& fits) {
  while (!row.empty()) {
    const std::size_t end = std::min(row.find('|'), row.size());
    if (fits(row.substr(0, end))) return true;
    row.remove_prefix(std::min(end + 1, row.size()));
  }
  return false;
}

bool is_name(std::string_view name, std::string_view row) {
  return any_of_row(
      row, [&](std::string_view one) { return one.starts_with('.') ? name.ends_with(one) : name == one; });
}

/// "#" in a pin stands for a commit: 40 digits or letters up to f.
bool has_pin(std::string_view call, std::string_view pin) {
  const std::size_t mark = pin.find('#');
  const std::string_view words = pin.substr(0, mark);
  for (std::size_t at = call.find(words); at != std::string_view::npos; at = call.find(words, at + 1)) {
    if (mark == std::string_view::npos) return true;
    const std::string_view rest = call.substr(at + words.size());
    const std::size_t start = rest.find_first_not_of(" \t\n\"");
    if (start == std::string_view::npos) continue;
    const std::size_t digits =
        std::min(rest.find_first_not_of("0123456789abcdef", start), rest.size()) - start;
    if (digits == 40 || digits == 64) return true;
  }
  return false;
}

std::uint32_t line_of(std::string_view text, std::size_t at) {
  return static_cast<std::uint32_t>(position_of(as_bytes(text), at).line);
}

/// A call ends with its parenthesis; a section of a wrap file with the file.
std::string_view call_at(std::string_view text, std::size_t at) {
  text.remove_prefix(at);
  if (text.starts_with('[')) return text;
  int depth = 0;
  for (std::size_t end = 0; end < text.size(); ++end) {
    depth += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
    if (text[end] == ')' && depth == 0) return text.substr(0, end + 1);
  }
  return text;
}

void find_calls(std::string_view name, std::string_view text, std::vector<Remark>& found) {
  for (const Call& call : kCalls) {
    if (!is_name(name, call.files)) continue;
    for (std::size_t at = text.find(call.begins); at != std::string_view::npos && found.size() < kMostRemarks;
         at = text.find(call.begins, at + 1)) {
      const std::size_t start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
      if (!trimmed(text.substr(start, at - start)).empty()) continue;        // a comment, or a text
      const std::string_view all = call_at(text, at);
      const auto is_in = [&](std::string_view word) { return all.find(word) != std::string_view::npos; };
      if (!call.needs.empty() && !any_of_row(call.needs, is_in)) continue;
      const bool pinned = any_of_row(call.pins, [&](std::string_view pin) { return has_pin(all, pin); });
      found.push_back({.id = "audit-download",
                       .line = line_of(text, at),
                       .message = fmt::format("{} fetches, {}", call.what,
                                              pinned ? "pinned by a digest" : "and no digest pins it"),
                       .severity = pinned ? Severity::note : Severity::warning});
    }
  }
}

bool is_shell(std::string_view name, std::string_view text) {
  if (text.starts_with("#!")) return text.substr(0, text.find('\n')).find("sh") != std::string_view::npos;
  return is_name(
             name,
             ".sh|.bash|.mk|.mak|.am|Makefile|makefile|GNUmakefile|Dockerfile|Containerfile|PKGBUILD|.ebuild|"
             ".spec|APKBUILD|configure.ac") ||
         name.starts_with("Makefile.") || name.starts_with("Dockerfile.") ||
         name.starts_with("Containerfile.");
}

/// Whether a command can begin at `at`: at the start, or behind what ends or introduces another one.
bool begins_command(std::string_view line, std::size_t at) {
  std::string_view before = trimmed(line.substr(0, at));
  if (before.empty()) return true;
  if (at > 0 && std::string_view(" \t(`;&|@-").find(line[at - 1]) == std::string_view::npos) return false;
  constexpr std::string_view kEnds[] = {"&&", "||", ";", "|", "(", "`", "@", "!", "{"};
  if (before == "-" || std::ranges::any_of(kEnds, [&](auto end) { return before.ends_with(end); }))
    return true;
  const std::size_t blank = before.find_last_of(" \t");
  const std::string_view last = blank == std::string_view::npos ? before : before.substr(blank + 1);
  constexpr std::string_view kIntroduce[] = {"then", "do",   "else", "if",   "exec",   "sudo",
                                             "RUN",  "time", "env",  "elif", "$(shell"};
  return std::ranges::find(kIntroduce, last) != std::end(kIntroduce);
}

void find_commands(std::string_view text, std::vector<Remark>& found) {
  std::uint32_t number = 0;
  while (!text.empty() && found.size() < kMostRemarks) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (trimmed(line).starts_with('#')) continue;
    for (const Fetcher& fetcher : kFetchers) {
      const std::size_t at = line.find(fetcher.command);
      if (at == std::string_view::npos || !begins_command(line, at)) continue;
      const std::string_view rest = line.substr(at + fetcher.command.size());
      if (!rest.empty() && rest[0] != ' ' && rest[0] != '\t') continue;
      const auto is_in = [&](std::string_view word) { return rest.find(word) != std::string_view::npos; };
      if (!fetcher.needs.empty() && !any_of_row(fetcher.needs, is_in)) continue;
      if (any_of_row(fetcher.not_with, is_in)) continue;
      found.push_back({.id = "audit-download",
                       .line = number,
                       .message = fmt::format("{} fetches, and no digest pins it here", fetcher.command)});
      break;
    }
  }
}

void find_terms(std::string_view text, std::vector<Remark>& found) {
  const std::string_view head = text.substr(0, kHeadBytes);
  for (const std::string_view term : kTerms) {
    const std::size_t at = find_but_case(head, term);
    if (at == std::string_view::npos) continue;
    found.push_back(
        {.id = "audit-licence",
         .line = line_of(text, at),
         .message = fmt::format("\"{}\": terms that are not free, if they are this file's", term)});
    return;
  }
}

}  // namespace

std::vector<Remark> find_remarks(std::string_view path, std::string_view text) {
  std::vector<Remark> found;
  const std::string_view name = last_part(path);
  find_calls(name, text, found);
  if (is_shell(name, text)) find_commands(text, found);
  find_terms(text, found);
  return found;
}

}  // namespace assay::audit
