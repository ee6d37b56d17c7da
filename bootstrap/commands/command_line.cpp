// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/command_line.h"

#include <algorithm>
#include <filesystem>

#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/help_topics.h"
#include "bootstrap/finding/finding.h"
#include "command/host_files.h"
#include "command/nearest_word.h"
#include "command/print.h"

namespace assay::bootstrap {
namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
  const std::vector<const CLI::App*> all = commands_of(app);
  const auto found = std::find_if(all.begin(), all.end(), [&](auto one) { return one->get_name() == name; });
  return found == all.end() ? nullptr : *found;
}

/// Says that `what` `word` does not exist, and what may have been meant.
int tell_unknown(std::string_view path, std::string_view what, const std::string& word,
                 const std::vector<std::string>& known, std::string_view id) {
  std::string near = nearest_word(word, known);
  std::error_code ignored;
  if (near.empty() && what == "command" && path == "assay" && std::filesystem::exists(word, ignored))
    near = "preflight " + word;
  assay::print_error("{}: no {} '{}'{} '{} --help' tells what there is [{}]\n", path, what, printable(word),
                     near.empty() ? ":" : fmt::format(": did you mean '{}'?", printable(near)), path, id);
  return kStatusCannotRun;
}

/// The first of `words` that should name a command and does not.
std::optional<int> tell_unknown_command(const CLI::App& app, const std::vector<std::string>& words,
                                        const std::vector<std::string>& topics) {
  const CLI::App* at = &app;
  std::string path = "assay";
  for (const std::string& word : words) {
    const std::vector<const CLI::App*> all = commands_of(*at);
    if (all.empty() || word.starts_with('-')) return std::nullopt;
    const CLI::App* const next = find_command(*at, word);
    if (next == nullptr) {
      std::vector<std::string> known = topics;
      for (const CLI::App* one : all) known.push_back(one->get_name());
      return tell_unknown(path, topics.empty() ? "command" : "topic", word, known, "unknown-command");
    }
    at = next;
    path += " " + word;
  }
  return std::nullopt;
}

}  // namespace

void add_spoken_commands(CLI::App& app) {
  std::string topics;
  for (const std::string& topic : help_topics()) topics += (topics.empty() ? "" : ", ") + topic;
  app.add_subcommand("help", "Tells more about a command, or about: " + topics)->prefix_command();
  app.add_subcommand("version", "Tells the version; with --verbose, what it was built from");
}

std::optional<int> answer_words(const CLI::App& app, std::vector<std::string>& words) {
  if (words.empty()) {
    assay::print_error("{}", app.help());
    return kStatusCannotRun;
  }
  if (words.front() == "version" || words.front() == "-V") words.front() = "--version";
  if (words.front() == "--version") {
    const auto extra = std::find_if(words.begin() + 1, words.end(),
                                    [](const std::string& word) { return word != "--verbose"; });
    if (extra != words.end())
      return tell_unknown("assay version", extra->starts_with('-') ? "option" : "topic", *extra,
                          {"--verbose"}, extra->starts_with('-') ? "unknown-option" : "unknown-command");
  }
  if (words.front() != "help") return tell_unknown_command(app, words, {});
  words.erase(words.begin());
  if (words.size() == 1) {
    if (const std::string_view text = help_topic(words.front()); !text.empty()) {
      assay::print("{}", text);
      return kStatusPass;
    }
  }
  if (const std::optional<int> status = tell_unknown_command(app, words, help_topics())) return status;
  words.emplace_back("--help");
  return std::nullopt;
}

int tell_parse_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* at = &app;
  std::string path = "assay";
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    path += " " + at->get_name();
  }
  const bool lacks_command =
      dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && !commands_of(*at).empty();
  if (lacks_command || dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    std::vector<std::string> options;
    for (const CLI::Option* option : at->get_options()) {
      for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    }
    for (const std::string& word : app.remaining(true)) {
      const std::string name = word.substr(0, word.find('='));
      if (word.size() > 1 && word.front() == '-')
        return tell_unknown(path, "option", name, options, "unknown-option");
    }
  }
  if (lacks_command) {
    const std::size_t own = path.rfind(' ');
    assay::print_error("{}: a command is required\n{}", path,
                       at->help(own == std::string::npos ? "" : path.substr(0, own)));
    return kStatusCannotRun;
  }
  return app.exit(error) == 0 ? kStatusPass : kStatusCannotRun;
}

int cannot_run(const Error& error) {
  assay::print_error("assay: {} [{}]\n", printable(error.message), error.id);
  return kStatusCannotRun;
}

Result<void> write_report_text(const std::string& path, const std::string& text) {
  if (path != "-") return write_host_file(path, as_bytes(text));
  assay::print("{}", text);
  return {};
}

}  // namespace assay::bootstrap
