// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kaem/interpreter.h"

#include <fmt/format.h>
#include <algorithm>

#include "kaem/diagnostics.h"

namespace assay::kaem {
namespace {

constexpr std::string_view kAborting = "ABORTING HARD\n";
constexpr int kSegmentationFault = 11;
constexpr std::size_t kMaxWords = 511;  // and as many environment entries; one more and the child gives up
/// Ifs inside ifs; ours, so that a script cannot exhaust the stack. The real one's limit is its memory.
constexpr int kMaxOpenIfs = 250;  // each is a call of ours, large where sanitizers look on

std::string joined(const std::vector<std::string>& words, std::size_t from, std::string_view between) {
  std::string text;
  for (std::size_t index = from; index < words.size(); ++index) {
    if (index != from) text += between;
    text += words[index];
  }
  return text;
}

class Interpreter {
 public:
  Interpreter(ByteView text, std::uint32_t source, const Settings& settings, Environment environment,
              Host& host, DiagnosticSink& sink)
      : reader_(text, source, sink),
        settings_(settings),
        environment_(std::move(environment)),
        host_(host),
        sink_(sink) {
    const auto path = environment_.get("PATH");
    search_path_ = path ? std::string(*path) : default_path();
  }

  Finish run() {
    while (!finish_) {
      if (!read_command()) break;
      if (end_ == Command::End::executed && !finish_) execute_strictly();
    }
    return finish_.value_or(Finish{Ending::exits, 0});
  }

 private:
  [[nodiscard]] std::string default_path() const {
    const auto name = environment_.get("LOGNAME");
    if (!name) return "/root/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    return fmt::format("/home/{}/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games", *name);
  }

  /// Reads and expands one command into words_; false when the script is over or broken.
  bool read_command() {
    Command command = reader_.next();
    end_ = command.end;
    span_ = command.span;
    const Scope scope{&environment_, &aliases_, settings_.rest_of_command_line};
    const Expansion expansion = expand(command.words, scope, sink_);
    if (expansion.too_long) {
      crash("the command grows beyond the interpreter's memory");
      return false;
    }
    if (!expansion.error.empty()) {
      abort(expansion.error);
      return false;
    }
    if (end_ == Command::End::broken) {
      abort(fmt::format("{}\n{}", command.error, kAborting));
      return false;
    }
    words_.clear();
    for (const Word& word : expansion.words) words_.push_back(word.text);
    ended_on_ = words_.empty() ? "" : words_.front();
    if (end_ == Command::End::script) return false;
    if (settings_.verbose && !words_.empty() && !words_.front().empty()) {
      host_.write_output(fmt::format(" +> {} \n", joined(words_, 0, " ")));
    }
    return true;
  }

  void execute_strictly() {
    const int status = execute();
    if (!finish_ && settings_.strict && status != 0) {
      abort(fmt::format("Subprocess error {}\n{}", status, kAborting));
    }
  }

  /// Runs words_; returns what the interpreter takes as the command's result.
  int execute() {
    if (words_.empty()) {
      crash("every word of the command vanished");
      return 0;
    }
    const std::string first = words_.front();
    if (first.find('=') != std::string::npos) {
      assign(first);
      return 0;
    }
    using Builtin = void (Interpreter::*)();
    static constexpr std::pair<std::string_view, Builtin> kBuiltins[] = {
        {"cd", &Interpreter::change_directory}, {"set", &Interpreter::set},
        {"alias", &Interpreter::alias},         {"pwd", &Interpreter::print_directory},
        {"echo", &Interpreter::echo},           {"unset", &Interpreter::unset},
        {"if", &Interpreter::conditional},      {"then", &Interpreter::ignore},
        {"else", &Interpreter::ignore},         {"fi", &Interpreter::ignore}};
    for (const auto& [name, builtin] : kBuiltins) {
      if (first != name) continue;
      (this->*builtin)();
      return 0;
    }
    const bool replaces = first == "exec";
    if (replaces) {
      words_.erase(words_.begin());
      if (words_.empty()) {
        crash("exec without a command");
        return 0;
      }
      ended_on_ = words_.front();
    }
    return launch(replaces);
  }

  void ignore() {}

  void assign(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const std::string value = word.substr(equals + 1);
    if (words_.size() > 1) {
      sink_.report(kAssignmentWithCommand, span_, fmt::format("'{}' is never run", joined(words_, 1, " ")));
    }
    environment_.set(name, value);
    if (name == "PATH") search_path_ = value;
  }

  void change_directory() {
    if (words_.size() > 1) ended_on_ = words_[1];
    if ((words_.size() > 1 && host_.enter(words_[1])) || !settings_.strict) return;
    sink_.report(kBuiltinFailed, span_, "cannot change the directory");
    abort("cd failed!\n");
  }

  void set() {
    if (words_.size() < 2) {
      if (settings_.strict) {
        sink_.report(kBuiltinFailed, span_, "set without options");
        abort("set failed!\n");
      }
      return;
    }
    ended_on_ = words_[1];
    const std::string letters = words_[1].empty() ? "" : words_[1].substr(1);
    for (const char letter : letters) {
      if (letter == 'e') {
        settings_.strict = true;
      } else if (letter == 'x') {
        settings_.verbose = true;
        host_.write_output(fmt::format(" +> set -{}\n", letters));
      } else if (letter == 'a') {
        if (settings_.warn) host_.write_output("set -a is on by default and cannot be disabled\n");
      } else {
        sink_.report(kBuiltinFailed, span_, fmt::format("invalid set option '{}'", letter));
        abort(fmt::format("{} is an invalid set option!\n", letter));
        return;
      }
    }
  }

  void alias() {
    if (words_.size() < 2) {
      for (const Alias& one : aliases_) host_.write_output(fmt::format("{}={}\n", one.name, one.value));
      return;
    }
    ended_on_ = words_[1];
    const std::size_t equals = words_[1].find('=');
    if (equals == std::string::npos) {
      std::string text;
      for (std::size_t index = 1; index < words_.size(); ++index) text += words_[index] + " ";
      host_.write_output(text + "\n");
      return;
    }
    Alias made{words_[1].substr(0, equals), words_[1].substr(equals + 1)};
    if (made.value.empty()) {
      sink_.report(kBuiltinFailed, span_, "alias with an empty value");
      abort("add_alias received improper variable\n");
      return;
    }
    const auto known = std::find_if(aliases_.begin(), aliases_.end(),
                                    [&made](const Alias& one) { return one.name == made.name; });
    if (known == aliases_.end()) {
      aliases_.push_back(std::move(made));
    } else {
      known->value = std::move(made.value);
    }
  }

  void print_directory() { host_.write_output(host_.current_directory() + "\n"); }

  void echo() { host_.write_output(joined(words_, 1, " ") + "\n"); }

  void unset() {
    for (std::size_t index = 1; index < words_.size(); ++index) environment_.unset(words_[index]);
  }

  void conditional() {
    if (++open_ifs_ > kMaxOpenIfs) {
      sink_.report(kIfTooDeep, span_, fmt::format("more than {} ifs without an end", kMaxOpenIfs));
      finish_ = Finish{Ending::crashes, kSegmentationFault};
      return;
    }
    words_.erase(words_.begin());
    asks_ = true;
    bool holds = execute() == 0;
    asks_ = false;
    const bool verbose = settings_.verbose;
    settings_.verbose = verbose && holds;
    while (!finish_) {
      if (!read_command()) {
        if (finish_) return;
        sink_.report(kUnterminatedIf, span_, "the script ends inside an if");
        abort("Unexpected EOF, improperly terminated if statement.\n");
        return;
      }
      if (end_ == Command::End::executed) {
        if (holds) execute_strictly();
        if (finish_) return;
        if (ended_on_ == "else") holds = !holds;
      }
      if (ended_on_ == "fi") break;
    }
    --open_ifs_;
    settings_.verbose = verbose;
  }

  /// The file that a name stands for; nothing if the search finds none.
  std::optional<std::string> search(const std::string& name) {
    if (name.empty()) return std::nullopt;
    if (name.front() == '.' || name.front() == '/') return name;
    std::string_view rest = search_path_;
    while (!rest.empty()) {
      const std::size_t colon = rest.find(':');
      std::string candidate = fmt::format("{}/{}", rest.substr(0, colon), name);
      switch (host_.find(candidate)) {
        case Found::file: return candidate;
        case Found::directory:
          // Measuring its size kills the real kaem, silently.
          sink_.report(kNotFound, span_, fmt::format("'{}' is a directory", candidate));
          finish_ = Finish{Ending::exits, 1};
          return std::nullopt;
        case Found::nothing: break;
      }
      rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
    }
    return std::nullopt;
  }

  int launch(bool replaces) {
    const std::optional<std::string> program = search(words_.front());
    if (!program) {
      if (finish_ || !settings_.strict) return 0;
      sink_.report(kNotFound, span_, fmt::format("program '{}' is not found", words_.front()));
      abort(fmt::format("WHILE EXECUTING {} NOT FOUND!\n{}", words_.front(), kAborting));
      return 1;
    }
    if (words_.size() > kMaxWords || environment_.size() > kMaxWords) {
      sink_.report(kTooManyWords, span_, "more than 511 words or variables");
      host_.write_error(fmt::format("SCRIPT TOO LONG or TOO MANY ENVARS\n{}", kAborting));
      if (replaces) finish_ = Finish{Ending::exits, 1};
      return 1;
    }
    if (settings_.fuzz) {
      if (replaces) finish_ = Finish{Ending::exits, 1};
      return 1;
    }
    const ChildEnd end = host_.launch({*program, words_, environment_.entries(), span_, replaces, asks_});
    if (replaces) {
      finish_ = end.signal == 0 ? Finish{Ending::exits, end.status} : Finish{Ending::crashes, end.signal};
      return 0;
    }
    if (end.signal != 0) {
      host_.write_error(fmt::format("\n{} abnormal termination, signal number = {}\n", *program, end.signal));
      return end.signal;
    }
    if (settings_.show_exit_codes) {
      host_.write_error(fmt::format("\n{} normal termination, exit status = {}\n\n\n", *program, end.status));
    }
    return end.status;
  }

  void abort(std::string_view message) {
    host_.write_error(message);
    finish_ = Finish{Ending::exits, 1};
  }

  void crash(std::string_view why) {
    sink_.report(kCrash, span_, std::string(why));
    finish_ = Finish{Ending::crashes, kSegmentationFault};
  }

  Reader reader_;
  Settings settings_;
  Environment environment_;
  Host& host_;
  DiagnosticSink& sink_;
  std::vector<Alias> aliases_;
  std::string search_path_;
  // The command at hand.
  std::vector<std::string> words_;
  std::string ended_on_;  ///< the word whose token the interpreter's cursor stands on
  Command::End end_ = Command::End::executed;
  Span span_;
  std::optional<Finish> finish_;
  int open_ifs_ = 0;
  bool asks_ = false;
};

}  // namespace

std::string missing_script_text(std::string_view script) {
  return fmt::format("The file: {} can not be opened!\n", script);
}

CommandLine parse_command_line(const std::vector<std::string>& argv) {
  CommandLine line;
  std::size_t index = 1;
  for (; index < argv.size(); ++index) {
    const std::string& word = argv[index];
    if (word == "-h" || word == "--help") {
      line.status = 0;
      line.text =
          "Usage: kaem [-h | --help] [-V | --version] [--file filename | -f filename] [-i | --init-mode] "
          "[-v | --verbose] [--non-strict] [--warn] [--fuzz]\n";
      return line;
    }
    if (word == "-V" || word == "--version") {
      line.status = 0;
      line.text = "kaem version 1.7.0\n";
      return line;
    }
    if (word == "-f" || word == "--file") {
      if (index + 1 < argv.size()) line.settings.script = argv[++index];
    } else if (word == "-i" || word == "--init-mode") {
      line.settings.init_mode = true;
    } else if (word == "-v" || word == "--verbose") {
      line.settings.verbose = true;
    } else if (word == "--strict") {
      line.settings.strict = true;
    } else if (word == "--non-strict") {
      line.settings.strict = false;
    } else if (word == "--warn") {
      line.settings.warn = true;
    } else if (word == "--fuzz") {
      line.settings.fuzz = true;
    } else if (word == "--show-exit-codes") {
      line.settings.show_exit_codes = true;
    } else if (word == "--") {
      break;
    } else {
      line.status = 1;
      line.text = "UNKNOWN ARGUMENT\n";
      return line;
    }
  }
  line.settings.rest_of_command_line = joined(argv, index, " ");
  return line;
}

Environment initial_environment(std::vector<std::string> inherited, std::string_view name, bool init_mode) {
  Environment environment(init_mode ? std::vector<std::string>() : std::move(inherited));
  if (!environment.get("SHELL")) environment.put_first("SHELL", name);
  return environment;
}

Finish interpret(ByteView text, std::uint32_t source, const Settings& settings, Environment environment,
                 Host& host, DiagnosticSink& sink) {
  return Interpreter(text, source, settings, std::move(environment), host, sink).run();
}

}  // namespace assay::kaem
