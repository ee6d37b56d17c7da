// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A command of the host as a target: where the arguments of a case go in it.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "bootstrap/conform/host_process.h"
#include "bootstrap/conform/own_devices.h"
#include "bootstrap/conform/target.h"

namespace assay::conform {
namespace {

constexpr std::string_view kAll = "{args}";
constexpr std::string_view kIn = "{in}";
constexpr std::string_view kOut = "{out}";

/// Blanks part words; ' and " hold one together; a backslash takes the next character as it is.
Result<std::vector<std::string>> split_command(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && quote != '\'' && at + 1 < text.size()) {
      word += text[++at];
      in_word = true;
    } else if (quote != '\0') {
      if (c == quote)
        quote = '\0';
      else
        word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (quote != '\0') return fail("bad-command", fmt::format("a {} without its end in '{}'", quote, text));
  if (in_word) words.push_back(std::move(word));
  if (words.empty()) return fail("bad-command", "the command is empty");
  return words;
}

/// A word in braces that is none of the three. "${name}" is the shell's.
std::optional<std::string_view> unknown_placeholder(std::string_view word) {
  for (std::size_t at = word.find('{'); at != std::string_view::npos; at = word.find('{', at + 1)) {
    const std::size_t end = word.find_first_not_of("abcdefghijklmnopqrstuvwxyz", at + 1);
    if (end == std::string_view::npos || end == at + 1 || word[end] != '}') continue;
    const std::string_view found = word.substr(at, end + 1 - at);
    if (found != kAll && found != kIn && found != kOut && (at == 0 || word[at - 1] != '$')) return found;
  }
  return std::nullopt;
}

/// What must not be tried on the devices of the host.
bool names_device(const Situation& situation) {
  const auto has_one = [](std::string_view text) { return text.find("/dev/") != std::string_view::npos; };
  return std::any_of(situation.arguments.begin(), situation.arguments.end(), has_one) ||
         std::any_of(situation.given.begin(), situation.given.end(),
                     [&](const Given& given) { return has_one(as_text(given.bytes)); });
}

bool has(const std::vector<std::string>& words, std::string_view what) {
  return std::any_of(words.begin(), words.end(),
                     [what](const std::string& word) { return word.find(what) != std::string::npos; });
}

void put_in_place(std::string& word, std::string_view what, std::string_view value) {
  const std::size_t at = word.find(what);
  if (at != std::string::npos) word.replace(at, what.size(), value);
}

/// What a text needs besides: an emulator takes up to 50 microseconds for a byte that a seed reads.
double seconds_for(const Situation& situation) {
  constexpr double kBytesASecond = 10'000;
  constexpr double kMostSeconds = 60;
  double bytes = 0;
  for (const Given& given : situation.given) bytes += static_cast<double>(given.bytes.size());
  return std::min(bytes / kBytesASecond, kMostSeconds);
}

class HostTarget final : public Target {
 public:
  HostTarget(const ToolRow& tool, std::vector<std::string> words, double seconds)
      : tool_(tool), words_(std::move(words)), seconds_(seconds), usual_(usual_arguments(tool)) {}

  [[nodiscard]] Result<Observed> run(const Situation& situation) const override {
    const Result<std::vector<std::string>> argv = argv_for(situation.arguments);
    if (!argv) return tl::unexpected<Error>(argv.error());
    if (names_device(situation) && !devices_are_safe() && !can_have_own_devices())
      return fail("not-applicable",
                  "it names a device, which a faulty program could take away from this host: you are root, "
                  "and a /dev of its own cannot be made here");
    return run_host_process(*argv, situation, seconds_ + seconds_for(situation));
  }

 private:
  [[nodiscard]] Result<std::vector<std::string>> argv_for(const std::vector<std::string>& arguments) const {
    if (!has(words_, kIn) && !has(words_, kOut)) return with_all(arguments);
    std::vector<std::string> inputs;
    std::string output;
    if (!take_apart(arguments, inputs, output))
      return fail("not-applicable", "the command has no place for these arguments");
    std::vector<std::string> argv;
    for (const std::string& word : words_) {
      if (word == kIn) {
        argv.insert(argv.end(), inputs.begin(), inputs.end());
        continue;
      }
      std::string filled = word;
      if (inputs.size() != 1 && filled.find(kIn) != std::string::npos)
        return fail("not-applicable", "the command has a place for one input only");
      if (!inputs.empty()) put_in_place(filled, kIn, inputs[0]);
      put_in_place(filled, kOut, output);
      argv.push_back(std::move(filled));
    }
    return argv;
  }

  [[nodiscard]] std::vector<std::string> with_all(const std::vector<std::string>& arguments) const {
    std::vector<std::string> argv;
    bool placed = false;
    for (const std::string& word : words_) {
      if (word == kAll) {
        argv.insert(argv.end(), arguments.begin(), arguments.end());
        placed = true;
      } else {
        argv.push_back(word);
      }
    }
    if (!placed) argv.insert(argv.end(), arguments.begin(), arguments.end());
    return argv;
  }

  /// What the arguments of a case name, if they are like the usual ones but for the names of files.
  [[nodiscard]] bool take_apart(const std::vector<std::string>& arguments, std::vector<std::string>& inputs,
                                std::string& output) const {
    if (tool_.tool == Tool::catm) {
      if (arguments.empty()) return false;
      output = arguments[0];
      inputs.assign(arguments.begin() + 1, arguments.end());
      return true;
    }
    if (arguments.size() != usual_.size()) return false;
    for (std::size_t i = 0; i < usual_.size(); ++i) {
      if (usual_[i] == kInput)
        inputs.push_back(arguments[i]);
      else if (usual_[i] == kOutput)
        output = arguments[i];
      else if (usual_[i] != arguments[i])
        return false;
    }
    return true;
  }

  const ToolRow& tool_;
  std::vector<std::string> words_;
  double seconds_;
  std::vector<std::string> usual_;
};

}  // namespace

Result<std::unique_ptr<Target>> host_target(const ToolRow& tool, const std::string& command,
                                            const std::vector<std::string>& search, double seconds) {
  Result<std::vector<std::string>> words = split_command(command);
  if (!words) return tl::unexpected<Error>(words.error());
  for (const std::string& word : *words) {
    if (const auto unknown = unknown_placeholder(word))
      return fail("bad-command", fmt::format("nothing is put in the place of '{}': there are {}, {} and {}",
                                             *unknown, kIn, kOut, kAll));
  }
  std::error_code error;
  // It runs elsewhere: what names a file here is named in full.
  for (std::string& word : *words) {
    if (std::filesystem::is_regular_file(word, error) &&
        (&word != &words->front() || word.find('/') != std::string::npos))
      word = std::filesystem::absolute(word, error).string();
  }
  std::string& program = words->front();
  for (auto at = search.begin(); program.find('/') == std::string::npos && at != search.end(); ++at) {
    const std::filesystem::path path = std::filesystem::path(*at) / program;
    if (std::filesystem::is_regular_file(path, error)) program = path.string();
  }
  if (!std::filesystem::is_regular_file(program, error))
    return fail("bad-command", fmt::format("no such program: '{}'", program));
  return std::make_unique<HostTarget>(tool, *std::move(words), seconds);
}

}  // namespace assay::conform
