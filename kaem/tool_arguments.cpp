// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kaem/tool_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/paths.h"
#include "kaem/diagnostics.h"

namespace assay::kaem {

namespace {

/// What becomes of a word that begins with '-' and is none of a tool's options.
enum class Unknown : std::uint8_t {
  stops,      ///< status 1
  is_a_file,  ///< a name like any other
};

struct Tool {
  std::string_view name;
  std::string_view flags;   ///< options without a value, between blanks
  std::string_view valued;  ///< options with one
  Unknown unknown = Unknown::stops;
  bool takes_names = true;  ///< words that are no options; without it they stop the tool
};

constexpr std::array<Tool, 11> kTools{{
    {"rm", " ", " ", Unknown::is_a_file},
    {"chmod", " -h --help -V --version -v --verbose ", " ", Unknown::is_a_file},
    {"mkdir", " -p --parents -h --help -v --version ", " -m --mode ", Unknown::is_a_file},
    {"cp", " -h --help -V --version -v --verbose ", " "},
    {"match", " ", " ", Unknown::is_a_file},
    {"sha256sum", " -c --check -h --help ", " -o --output ", Unknown::is_a_file},
    {"untar",
     " -v --verbose -h --help --chaos --fuzz-mode --fuzzing --non-strict --bad-decisions-mode --drunk-mode ",
     " -f --file ", Unknown::stops, false},
    {"ungz", " -h --help --chaos --fuzz-mode --fuzzing ", " -f --file -o --output ", Unknown::stops, false},
    {"unbz2", " -h --help --fuzzing-mode ", " -f --file -o --output ", Unknown::stops, false},
    {"unxz", " -h --help --chaos --fuzz-mode --fuzzing ", " -f --file -o --output ", Unknown::stops, false},
    {"replace", " -h --help ", " -f --file -o --output -m --match-on -r --replace-with ", Unknown::stops,
     false},
}};

bool is_in(std::string_view list, std::string_view word) {
  return word.find(' ') == std::string_view::npos &&
         list.find(fmt::format(" {} ", word)) != std::string_view::npos;
}

bool is_octal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("01234567") == std::string_view::npos;
}

bool is_compressed(std::string_view name) {
  constexpr std::string_view kEndings[] = {".gz", ".tgz", ".bz2", ".tbz", ".xz", ".txz", ".zst", ".lz"};
  return std::ranges::any_of(kEndings, [name](std::string_view ending) { return name.ends_with(ending); });
}

class ToolCheck {
 public:
  ToolCheck(const Tool& tool, const std::vector<Word>& words, DiagnosticSink& sink)
      : tool_(tool), words_(words), sink_(sink) {}

  void run() {
    for (std::size_t at = 1; at < words_.size() && !stopped_; ++at) {
      const std::string& word = words_[at].text;
      if (is_in(tool_.valued, word)) {
        if (at + 1 >= words_.size()) {
          say(words_[at], fmt::format("'{}' needs a word behind it", word));
        } else {
          check_value(words_[at], words_[at + 1]);
        }
        ++at;
      } else if (is_in(tool_.flags, word)) {
        check_flag(words_[at], at);
      } else if (word.size() > 1 && word.front() == '-') {
        check_unknown(words_[at]);
      } else {
        check_name(words_[at]);
      }
    }
    if (!stopped_) check_whole();
  }

 private:
  void say(const Word& word, const std::string& message) {
    told_ = true;
    sink_.report(kToolArgument, word.span, fmt::format("{}: {}", tool_.name, message));
  }

  void check_value(const Word& option, const Word& value) {
    const bool is_mode = tool_.name == "mkdir";
    if (is_mode && !is_octal(value.text))
      say(value, fmt::format("'{}' is no octal number: the mode is 0", value.text));
    const bool is_archive = tool_.name == "untar" && is_in(" -f --file ", option.text);
    if (is_archive && is_compressed(value.text))
      say(value, fmt::format("nothing decompresses '{}', and the status is 0 all the same", value.text));
  }

  void check_flag(const Word& flag, std::size_t at) {
    if (tool_.name == "mkdir" && flag.text == "-v")
      say(flag, "'-v' prints the version, and nothing is made from here on");
    if (tool_.name == "mkdir" && is_in(" -p --parents ", flag.text) && names_ > 0)
      say(flag, fmt::format("'{}' counts only for what stands behind it", flag.text));
    if (tool_.name == "sha256sum" && is_in(" -c --check ", flag.text)) check_ = at;
  }

  void check_unknown(const Word& word) {
    if (tool_.unknown == Unknown::is_a_file) ++names_;
    if (tool_.name == "chmod" && names_ == 1)
      return say(word, fmt::format("'{}' is taken for the mode, which is 0 then", word.text));
    stopped_ = tool_.unknown == Unknown::stops;
    if (stopped_) return say(word, fmt::format("'{}' is no option of it: it stops with status 1", word.text));
    if (tool_.name == "match") return;
    if (tool_.name == "rm")
      return say(
          word,
          fmt::format("it has no options: '{}' is a file to remove, directories stay, and the status is 0",
                      word.text));
    if (tool_.name == "mkdir")
      return say(word, fmt::format("it makes a directory of the name '{}'", word.text));
    say(word, fmt::format("'{}' is no option of it but a file name", word.text));
  }

  void check_name(const Word& word) {
    ++names_;
    stopped_ = !tool_.takes_names;
    if (stopped_) return say(word, fmt::format("it stops at '{}': files are named by -f", word.text));
    if (tool_.name == "chmod" && names_ == 1 && !is_octal(word.text))
      return say(word, fmt::format("'{}' is no octal number: the mode is 0", word.text));
    if (tool_.name == "rm" && word.text.ends_with('/') && !told_)
      return say(word, "it removes no directories, and the status is 0");
    if (tool_.name == "cp" && &word == &words_.back() && word.text == ".")
      return say(word, "it crashes: name the file that it shall make");
  }

  /// What only all of the words show.
  void check_whole() {
    const Word& first = words_.front();
    if (check_ && names_ == 0)
      say(words_[*check_], "it checks nothing without the name of a list, and the status is 0");
    if (tool_.name == "cp" && names_ > 2)
      say(first, "of several sources at most the first is copied, and it fails");
    if (tool_.name == "match" && names_ != 2) say(first, "it compares two words");
  }

  const Tool& tool_;
  const std::vector<Word>& words_;
  DiagnosticSink& sink_;
  std::size_t names_ = 0;
  bool told_ = false;
  bool stopped_ = false;  ///< it reads no further word
  std::optional<std::size_t> check_;
};

}  // namespace

void check_tool_arguments(const std::vector<Word>& words, DiagnosticSink& sink) {
  if (words.empty()) return;
  const auto tool = std::ranges::find(kTools, last_part(words.front().text), &Tool::name);
  if (tool != kTools.end()) ToolCheck(*tool, words, sink).run();
}

}  // namespace assay::kaem
