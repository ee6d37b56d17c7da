// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kaem/check.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <set>

#include "core/hidden_text.h"
#include "core/paths.h"
#include "kaem/diagnostics.h"
#include "kaem/expand.h"
#include "kaem/reader.h"
#include "kaem/tool_arguments.h"

namespace assay::kaem {
namespace {

constexpr std::string_view kBuiltins[] = {"alias", "cd",  "echo", "else", "exec", "fi",
                                          "if",    "pwd", "set",  "then", "unset"};
/// Words that mean something to other shells only.
constexpr std::string_view kShellWords[] = {"|", "||", "&", "&&", ">", ">>", "<", "2>", "2>&1", "<<"};
/// Commands of shells that are neither builtins of kaem nor, as a rule, programs.
constexpr std::string_view kShellCommands[] = {
    "export", "source", ".",        "[",     "[[",     "for",  "while", "until",    "do",    "done",   "case",
    "esac",   "elif",   "function", "local", "return", "eval", "trap",  "readonly", "shift", "unalias"};
constexpr std::size_t kMaxWords = 511;
/// Variables that the scripts of stage0-posix leave to whoever starts them.
constexpr std::array<std::string_view, 1> kParameters{"EXE_SUFFIX"};
constexpr std::array<std::string_view, 3> kGivenByKernels{"PATH", "HOME", "TERM"};
constexpr std::string_view kByteOrderMarkText = "\xEF\xBB\xBF";

bool is_one_of(std::span<const std::string_view> list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_assignment(std::string_view word) { return word.find('=') != std::string_view::npos; }

/// What is wrong whichever interpreter reads the text.
void check_bytes(ByteView text, std::uint32_t source, DiagnosticSink& sink) {
  const std::string_view all = as_text(text);
  if (all.starts_with(kByteOrderMarkText)) {
    sink.report(kByteOrderMark, {source, 0, kByteOrderMarkText.size()},
                "the script starts with a byte order mark");
  }
  const std::size_t nul = all.find('\0');
  if (nul != std::string_view::npos) sink.report(kNulByte, {source, nul, 1}, "NUL byte in a script");
}

/// At most so many; the first is what matters.
constexpr std::size_t kMostHidden = 20;

void check_hidden(ByteView text, std::uint32_t source, DiagnosticSink& sink) {
  for (HiddenText& hidden : find_hidden_text(text, kMostHidden))
    sink.report(kHiddenText, {source, hidden.offset, hidden.length}, std::move(hidden.what));
}

/// ">file", "2>/dev/null": what other shells would not pass on.
bool is_redirection(std::string_view word) {
  if (word.starts_with('2') || word.starts_with('1') || word.starts_with('&')) word.remove_prefix(1);
  return word.size() > 1 && (word.front() == '>' || word.front() == '<');
}

void check_shell_word(std::string_view word, Span place, DiagnosticSink& sink) {
  if (word.size() > 1 && word.front() == '\'') {
    sink.report(kNotAShell, place, "a single quote is an ordinary character");
  } else if (is_one_of(kShellWords, word) || is_redirection(word)) {
    sink.report(kNotAShell, place, fmt::format("'{}' is an ordinary word", word));
  }
}

/// What shells do at the start of a command and inside unquoted words.
void check_shell_habits(const std::vector<Word>& words, ByteView text, DiagnosticSink& sink) {
  const std::string& first = words.front().text;
  if (is_one_of(kShellCommands, first))
    sink.report(kNotAShell, words.front().span, fmt::format("'{}' is run as a program", first));
  for (std::size_t at = 1; at < words.size(); ++at) {
    const Word& word = words[at];
    const bool quoted = word.span.offset < text.size() && text[word.span.offset] == '"';
    if (quoted || is_one_of(kShellWords, word.text)) continue;
    if (word.text.find('`') != std::string::npos)
      sink.report(kNotAShell, word.span, "a backtick is an ordinary character");
    if (word.text == "~" || word.text.starts_with("~/"))
      sink.report(kNotAShell, word.span, "'~' is an ordinary character");
    if (word.text.find_first_of("*?") != std::string::npos)
      sink.report(kNotAShell, word.span,
                  fmt::format("no file names are put in the place of '{}'", word.text));
  }
}

/// Whether a program of this file name is a kaem-minimal: all that a script alone can tell.
bool looks_minimal(std::string_view program) {
  const std::string_view name = last_part(program);
  return name == "kaem-0" || name == "kaem-minimal" || name == "kaem-optional-seed";
}

void check_minimal(ByteView text, std::uint32_t source, const MinimalDialect& dialect, DiagnosticSink& sink) {
  const std::size_t end_byte = as_text(text).find('\xFC');
  if (end_byte != std::string_view::npos) {
    sink.report(kEndByte, {source, end_byte, 1}, "the byte 0xFC ends the script");
  }
  const std::vector<MinimalCommand> commands = parse_minimal(text, source, dialect, sink).commands;
  for (const MinimalCommand& command : commands) {
    const std::string& first = command.words.front();
    if (is_one_of(kBuiltins, first) || is_assignment(first)) {
      sink.report(kNoBuiltins, command.places.front(),
                  fmt::format("kaem-minimal runs '{}' as a program", first));
    }
    std::vector<Word> words;
    for (std::size_t index = 0; index < command.words.size(); ++index) {
      const std::string& word = command.words[index];
      const Span place = command.places[index];
      words.push_back({word, place});
      if (word.find('$') != std::string::npos) {
        sink.report(kNoVariables, place, fmt::format("'{}' is passed on as it is", word));
      } else if (word.find(';') != std::string::npos) {
        sink.report(kNoBuiltins, place, fmt::format("';' in '{}' does not end a command here", word));
      }
      check_shell_word(word, place, sink);
    }
    check_shell_habits(words, text, sink);
    check_tool_arguments(words, sink);
    if (dialect.status_child_failed == 0 && looks_minimal(first) && &command != &commands.back()) {
      sink.report(kStatusLost, command.places.front(),
                  "if a command of that script fails, this script goes on all the same");
    }
  }
}

/// Follows assignments, aliases and the nesting of `if` without running anything.
class FullCheck {
 public:
  FullCheck(ByteView text, std::uint32_t source, const Environment* inherited, bool by_kernel,
            DiagnosticSink& sink)
      : reader_(text, source, sink),
        text_(text),
        sink_(sink),
        knows_all_(inherited != nullptr),
        by_kernel_(by_kernel) {
    if (inherited != nullptr) environment_ = *inherited;
  }

  void run() {
    while (true) {
      const Command command = reader_.next();
      if (command.end == Command::End::broken) return;
      if (command.end == Command::End::script) break;
      if (!command.words.empty()) check(command);
    }
    if (open_ifs_ > 0) sink_.report(kUnterminatedIf, if_span_, "the script ends inside this if");
  }

 private:
  void check(const Command& command) {
    if (exec_seen_) {
      sink_.report(kAfterExec, command.span, "exec has replaced the interpreter by now");
      exec_seen_ = false;  // say it once
    }
    for (const Word& word : command.words) {
      check_default(word);
      check_shell_word(word.text, word.span, sink_);
    }
    const Scope scope{&environment_, &aliases_, ""};
    const Expansion expansion = expand(command.words, scope, sink_);
    check_unset(expansion.unset, command.span);
    if (!expansion.error.empty() || expansion.too_long) return;
    if (expansion.words.empty()) {
      sink_.report(kCrash, command.span, "every word of the command may vanish");
      return;
    }
    if (expansion.words.size() > kMaxWords) {
      sink_.report(kTooManyWords, command.span,
                   fmt::format("{} words; kaem holds {}", expansion.words.size(), kMaxWords));
    }
    if (expansion.words.front().text != "echo") check_shell_habits(expansion.words, text_, sink_);
    check_tool_arguments(expansion.words, sink_);
    check_first(command, expansion.words);
  }

  void check_first(const Command& command, const std::vector<Word>& words) {
    const std::string& first = words.front().text;
    if (is_assignment(first)) {
      assign(first, words.size(), command);
    } else if (first == "alias") {
      if (words.size() > 1) alias(words[1]);
    } else if (first == "set") {
      if (words.size() > 1) check_set(words[1]);
    } else if (first == "exec") {
      if (words.size() == 1) sink_.report(kCrash, command.span, "exec without a command");
      exec_seen_ = open_ifs_ == 0;
      check_arguments(words);
    } else if (first == "if") {
      if (open_ifs_++ > 0) sink_.report(kNestedIf, command.span, "an if inside an if");
      if (open_ifs_ == 1) if_span_ = command.span;
      check_arguments(words);
    } else if (first == "then" || first == "else" || first == "fi") {
      if (words.size() > 1) {
        sink_.report(kLineIgnored, words[1].span, fmt::format("what follows '{}' is never run", first));
      }
      if (first == "fi" && open_ifs_ > 0) --open_ifs_;
    } else if (first != "echo" && first != "unset") {
      check_arguments(words);
    }
  }

  /// What nobody has set, the environment of the first program may.
  void check_unset(const std::vector<std::string>& names, Span span) {
    if (!knows_all_) return;
    const auto may_be_set = [&](std::string_view name) { return !by_kernel_ || is_given_by_kernels(name); };
    for (const bool matters : {true, false}) {  // of one command only the first is heard
      for (const std::string& name : names) {
        if (may_be_set(name) != matters || is_one_of(kParameters, name) || !unset_.insert(name).second)
          continue;
        sink_.report({&kVariableUnset,
                      matters ? kVariableUnset.severity : Severity::note,
                      span,
                      fmt::format("nobody has set '{}'", name),
                      {}});
      }
    }
  }

  /// Where all variables are known, one that expands to nothing is worth a word.
  void check_arguments(const std::vector<Word>& words) {
    if (!knows_all_) return;
    for (const Word& word : words) {
      if (word.text.empty()) sink_.report(kEmptyArgument, word.span, "this becomes an empty argument");
    }
  }

  /// `${A}${B:-x}` and `${A:-${B}}` are not read as they look.
  void check_default(const Word& word) {
    for (std::size_t at = 0; (at = word.text.find("${", at)) != std::string::npos; at += 2) {
      if (word.text.find(":-", at) == std::string::npos) return;
      const std::size_t colon = word.text.find(':', at);
      const std::string_view name = std::string_view(word.text).substr(at + 2, colon - at - 2);
      const std::size_t close = word.text.find('}', colon);
      const std::string_view text = std::string_view(word.text).substr(colon, close - colon);
      if (name.find('}') != std::string_view::npos || text.find("${") != std::string_view::npos) {
        sink_.report(kDefaultMisread, word.span, fmt::format("'{}' is not read as it looks", word.text));
        return;
      }
    }
  }

  void check_set(const Word& word) {
    for (const char letter : word.text.substr(std::min<std::size_t>(1, word.text.size()))) {
      if (letter == 'e' || letter == 'x' || letter == 'a') continue;
      sink_.report(kBuiltinFailed, word.span, fmt::format("invalid set option '{}'", letter));
      return;
    }
  }

  void alias(const Word& word) {
    const std::size_t equals = word.text.find('=');
    if (equals == std::string::npos) return;
    if (equals + 1 == word.text.size()) sink_.report(kBuiltinFailed, word.span, "alias with an empty value");
    Alias made{word.text.substr(0, equals), word.text.substr(equals + 1)};
    const auto known = std::find_if(aliases_.begin(), aliases_.end(),
                                    [&made](const Alias& one) { return one.name == made.name; });
    if (known == aliases_.end()) {
      aliases_.push_back(std::move(made));
    } else {
      known->value = std::move(made.value);
    }
  }

  void assign(const std::string& first, std::size_t words, const Command& command) {
    const std::size_t equals = first.find('=');
    environment_.set(first.substr(0, equals), first.substr(equals + 1));
    if (words > 1) {
      sink_.report(kAssignmentWithCommand, command.span,
                   fmt::format("what follows '{}' is never run", first));
    }
  }

  Reader reader_;
  ByteView text_;
  DiagnosticSink& sink_;
  bool knows_all_;
  bool by_kernel_;
  Environment environment_;
  std::vector<Alias> aliases_;
  std::set<std::string> unset_;  ///< told
  int open_ifs_ = 0;
  bool exec_seen_ = false;
  Span if_span_;
};

}  // namespace

bool is_given_by_kernels(std::string_view variable) { return is_one_of(kGivenByKernels, variable); }

void check_script(ByteView text, std::uint32_t source, const MinimalDialect* minimal, DiagnosticSink& sink,
                  const Environment* inherited, bool by_kernel) {
  check_bytes(text, source, sink);
  check_hidden(text, source, sink);
  if (minimal != nullptr) {
    check_minimal(text, source, *minimal, sink);
  } else {
    FullCheck(text, source, inherited, by_kernel, sink).run();
  }
}

}  // namespace assay::kaem
